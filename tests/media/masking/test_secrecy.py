"""Marks of secrecy, marks for the house, and the same words in prose."""

import pytest

from media.masking.secrecy import internal_marks_in, marks_in

SECRET = [
    "机密★10年\n关于开展扶贫协作的通知",
    "秘密 ★ 长期",
    "绝密★",
    "机密☆6个月",
    "秘密10年",
    "机 密 ★ 1 0 年".replace("1 0", "10"),
    "机密\n闽政〔1996〕1号",
    "绝 密\n",
    "密级：秘密",
    "密级 机密",
    "【机密】会议纪要",
    "密码电报\n急件",
    "中办发电〔1998〕3号",
    "内部文件 严禁外传",
    "（不得公开）",
    "机密★１０年",
]

PLAIN = [
    "保守商业秘密，维护企业权益",
    "他战斗在秘密战线上",
    "国家秘密的密级分为绝密、机密、秘密三级",
    "机密级事项不超过20年",
    "涉及国家秘密10年来的管理",
    "光伏发电1998年投产",
    "水力发电量增长",
    "个人信息不得公开，违者追究责任，并通报批评。",
    "工作人员应当保守工作秘密",
    "关于秘密文件管理的说明要点",
    "秘密交通线",
    "秘密10年来首次披露",
    "技术秘密★五星推荐",
]


@pytest.mark.parametrize("text", SECRET)
def test_marks_of_secrecy_are_seen(text: str) -> None:
    assert marks_in(text)


@pytest.mark.parametrize("text", PLAIN)
def test_prose_is_no_mark(text: str) -> None:
    assert marks_in(text) == []


def test_a_mark_is_told_as_it_stands_and_once() -> None:
    assert marks_in("机密★10年\n正文\n机密★10年") == ["机密★10年"]


@pytest.mark.parametrize(
    "text", ["内部资料 注意保存", "内部文件\n", "【内部资料】", "（内部）", "注意保存", "密级：内部"]
)
def test_marks_for_the_house_are_seen_and_are_no_secret(text: str) -> None:
    assert internal_marks_in(text)
    assert marks_in(text) == []


@pytest.mark.parametrize("text", ["加强内部管理", "内部控制制度", "会议在宾馆内部举行，注意保存体力"])
def test_prose_with_the_same_words_is_not_for_the_house(text: str) -> None:
    assert internal_marks_in(text) == []

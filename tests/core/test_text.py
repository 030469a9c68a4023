import random
import unicodedata

import opencc
import pytest

from core import text
from core.variants import VARIANTS


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("閩寧協作", "闽宁协作"),
        ("ＡＢＣ１９９６年", "abc1996年"),
        ("眞竝爲啓羣峯裏裡鷄", "真并为启群峰里里鸡"),
        ("寗夏塩池", "宁夏盐池"),
        ("面积10㎡", "面积10m2"),
        ("㈱", "(株)"),
        ("e\u0301cole", "école"),
        ("ｶﾞ", "ガ"),
        ("闽\u200b宁\u00ad协\ufeff作\ufe00", "闽宁协作"),
        ("⻔⻓⻢", "门长马"),
        ("〇𠀀", "〇𠀀"),
        ("", ""),
    ],
)
def test_folding_leaves_one_spelling(original: str, folded: str) -> None:
    assert text.fold(original).text == folded


def test_offsets_lead_from_each_folded_character_to_its_origin() -> None:
    original = "\ufeff寧㎡e\u0301x\u200b夏"

    folded = text.fold(original)

    assert folded.text == "宁m2éx夏"
    assert folded.offsets == (1, 2, 2, 3, 5, 7, 8)


def test_a_span_takes_clusters_whole() -> None:
    original = "面积10㎡，約"
    folded = text.fold(original)

    half = folded.span(folded.text.index("m"), folded.text.index("m") + 1)
    tail = folded.span(len(folded.text) - 1, len(folded.text))

    assert original[slice(*half)] == "㎡"
    assert original[slice(*tail)] == "約"
    assert folded.span(2, 2) == (2, 2)


def test_offsets_are_sound_and_folding_twice_changes_nothing() -> None:
    chance = random.Random(1996)
    pool = "e\u0301\u0300a閩寧\u200b\ufe0f㎡ｶﾞカ\u3099각\u1100\u1161\u11a8İſﬁＡ\u00ad\ufeff½\uffff薴眞"

    for _ in range(2000):
        original = "".join(chance.choice(pool) for _ in range(chance.randint(0, 12)))
        folded = text.fold(original)

        assert len(folded.offsets) == len(folded.text) + 1
        assert folded.offsets[-1] == len(original)
        assert list(folded.offsets) == sorted(folded.offsets)
        assert text.fold(folded.text).text == folded.text
        assert text.fold(unicodedata.normalize("NFD", original)).text == folded.text


def test_a_character_folds_alike_alone_and_in_company() -> None:
    characters = [chr(code) for code in range(0x4E00, 0xA000, 7)]

    alone = "".join(text.fold(character).text for character in characters)

    assert text.fold("".join(characters)).text == alone


def test_simplifying_keeps_length_and_only_uses_the_table() -> None:
    converter = opencc.OpenCC("t2s")
    original = "乾隆年間，閩寧協作發展歷史檔案幹部後來裏面１㎡"

    simple = text.simplify(original)

    assert len(simple) == len(original)
    assert simple == "".join(converter.convert(character) for character in original)


def test_variants_are_not_in_the_table_and_lead_to_standard_forms() -> None:
    for variant, standard in VARIANTS.items():
        assert text.simplify(variant) == variant
        assert text.simplify(standard) == standard
        assert standard not in VARIANTS


@pytest.mark.parametrize("character", ["闽", "〇", "々", "𠀀", "㐀", "\U00030000", "豈"])
def test_han_includes_the_extensions(character: str) -> None:
    assert text.is_han(character)


@pytest.mark.parametrize("character", ["a", "1", "，", "ガ", " ", "각"])
def test_other_characters_are_not_han(character: str) -> None:
    assert not text.is_han(character)


@pytest.mark.parametrize(
    ("name", "syllables"),
    [
        ("重庆", "chong qing"),
        ("厦门", "xia men"),
        ("长乐", "chang le"),
        ("闽宁镇", "min ning zhen"),
        ("永宁县", "yong ning xian"),
        ("莆田", "pu tian"),
        ("隆德", "long de"),
        ("海原", "hai yuan"),
        ("泾源", "jing yuan"),
        ("彭阳", "peng yang"),
        ("盐池", "yan chi"),
        ("同心", "tong xin"),
        ("西吉", "xi ji"),
        ("原州", "yuan zhou"),
        ("红寺堡区", "hong si bu qu"),
        ("马尾区", "ma wei qu"),
        ("长泰", "chang tai"),
        ("单家集", "shan jia ji"),
        ("閩寧協作", "min ning xie zuo"),
        ("第20次会议（ABC）", "di 20 ci hui yi abc"),
        ("绿化", "lv hua"),
    ],
)
def test_pinyin_of_names(name: str, syllables: str) -> None:
    assert text.pinyin_syllables(name) == syllables.split()


def test_initials_keep_numbers_whole() -> None:
    assert text.pinyin_initials("闽宁协作") == "mnxz"
    assert text.pinyin_initials("闽宁协作30年") == "mnxz30n"
    assert text.pinyin_initials("——") == ""


def test_sort_keys_follow_pinyin_then_tone_and_count_numbers() -> None:
    names = ["银川", "福州", "第10次会议", "第9次会议", "妈妈", "马", "麻", "安溪"]

    ordered = sorted(names, key=text.pinyin_sort_key)

    assert ordered == ["安溪", "第9次会议", "第10次会议", "福州", "妈妈", "麻", "马", "银川"]


def test_sort_keys_stay_short() -> None:
    assert len(text.pinyin_sort_key("庄1" * 500)) <= text.SORT_KEY_LENGTH


def test_file_names_keep_everything_but_control_characters() -> None:
    received = "cafe\u0301 闽宁\x00协作\n（1997）\u202egpj.\udcff #1.jpg"

    assert text.clean_name(received) == "café 闽宁协作（1997）gpj. #1.jpg"

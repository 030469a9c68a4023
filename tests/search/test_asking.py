"""The query language from what is typed to what is found, on every engine; other forms of names; what is offered."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from archive.models import Dimension, Evidence, Funding, Kind, Location, Participation, Record
from search import finding, indexing
from search.finding import Request
from tests.makers import (
    make_agent,
    make_fact,
    make_funding,
    make_item,
    make_page,
    make_place,
    make_policy,
    make_source,
    make_unit,
    make_user,
)
from tests.search.conftest import Find

Titles = Callable[..., set[str]]


@pytest.fixture
def titles(find: Find) -> Titles:
    """The titles of everything that a query finds exactly."""

    def ask(q: str, **options: object) -> set[str]:
        result = find(q, **options)
        assert not result.count or "没有完全一致" not in result.explanation, result.explanation
        return {hit.record.title_zh for hit in result.hits}

    return ask


def _about(title: str, agent: Record | None = None, place: Record | None = None, **fields: object) -> Record:
    record = make_fact(title, **fields)
    if agent is not None:
        Participation.objects.create(record=record, agent=agent, role=Participation.Role.PARTICIPANT)
    if place is not None:
        Location.objects.create(record=record, place=place)
    return record


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("水渠 AND 道路", {"修水渠和道路"}),
        ("水渠 与 道路", {"修水渠和道路"}),
        ("水渠 OR 学校", {"修水渠和道路", "修水渠", "建学校"}),
        ("水渠 或 学校", {"修水渠和道路", "修水渠", "建学校"}),
        ("水渠 NOT 道路", {"修水渠"}),
        ("水渠 非 道路", {"修水渠"}),
        ("水渠 -道路", {"修水渠"}),
        ("(水渠 或 学校) 非 道路", {"修水渠", "建学校"}),
        ("修 NOT (道路 OR 学校)", {"修水渠"}),
        ("NOT 水渠", {"建学校", "GDP of Minning 1998"}),
        ("minn*", {"GDP of Minning 1998"}),
        ("199*", {"GDP of Minning 1998"}),
        ("标题:水渠 标题:道路", {"修水渠和道路"}),
        ("title:学校", {"建学校"}),
    ],
)
def test_words_are_joined_as_the_language_says(titles: Titles, q: str, expected: set[str]) -> None:
    for title in ("修水渠和道路", "修水渠", "建学校", "GDP of Minning 1998"):
        make_fact(title)

    assert titles(q) == expected


def test_a_field_is_searched_and_no_other(titles: Titles) -> None:
    agent, place = make_agent("福建省教育厅"), make_place("西吉县")
    _about("支教的开始", agent, place, summary_zh="教师到校")
    _about("谈福建省教育厅与西吉县")
    item = make_item("一份材料")
    make_page(item, "页上写着西吉县")

    assert titles("责任者:教育厅 kind:event") == {"支教的开始"}
    assert titles("地点:西吉县 类型:event") == {"支教的开始"}
    assert titles("正文:西吉县") == {"一份材料"}
    assert titles("摘要:教师") == {"支教的开始"}
    assert titles("标题:西吉县 非 类型:地点") == {"谈福建省教育厅与西吉县"}


def test_a_place_holds_what_lies_in_it(titles: Titles) -> None:
    region = make_place("宁夏回族自治区", names=["宁夏"])
    town = make_place("闽宁镇", part_of=region)
    _about("建镇", place=town)
    _about("别处的事", place=make_place("福州市"))

    assert titles("地点:宁夏 kind:event") == {"建镇"}


def test_numbers_and_codes_are_found_in_every_spelling(titles: Titles) -> None:
    make_policy("关于协作的通知", document_number="闽宁发〔2016〕3号")
    make_unit("一个全宗", code="T701")

    for q in ("文号:闽宁发[2016]3号", "文号:闽宁发（二〇一六）三号", "number:2016", "闽宁发〔二〇一六〕三号"):
        assert titles(q) == {"关于协作的通知"}, q
    for q in ("档号:T701", "code:T70*", "档号:Ｔ７０１"):
        assert titles(q) == {"一个全宗"}, q


def test_years_in_chinese_numerals_and_in_digits_are_the_same(titles: Titles) -> None:
    make_fact("二〇一六年的会议")
    make_fact("2016年的座谈")

    for q in ("2016年", "二〇一六年", "二○一六", "２０１６"):
        assert titles(q) == {"二〇一六年的会议", "2016年的座谈"}, q


def test_dates_overlap_and_amounts_lie_in_ranges(titles: Titles) -> None:
    make_fact("建镇", date="2001-12")
    make_fact("会议", date="1996-09-23")
    make_fact("长久的事", date="1997/..")
    make_funding("大钱", detail=Funding(amount=264_000_000, amount_as_stated="2.64亿元"), date="2020")
    make_funding("小钱", detail=Funding(amount=50_000, amount_as_stated="5万元"), date="2020")

    assert titles("年:1996..2001") == {"建镇", "会议", "长久的事"}
    assert titles("年:1996") == {"会议"}
    assert titles("日期:2001年12月 类型:event") == {"建镇", "长久的事"}
    assert titles("year:<1996") == set()
    assert titles("金额:>1亿元") == {"大钱"}
    assert titles("amount:1万元..1亿元") == {"小钱"}
    assert titles("", amount=["under-1m"]) == {"小钱"}


def test_dimensions_and_kinds_by_their_chinese_names(titles: Titles) -> None:
    make_fact("产业的事", dimensions=[Dimension.INDUSTRY])
    make_fact("民生的事", dimensions=[Dimension.LIVELIHOOD])
    make_policy("一项政策", dimensions=[Dimension.INDUSTRY])

    assert titles("维度:产业协作") == {"产业的事", "一项政策"}
    assert titles("维度:产业协作 类型:政策") == {"一项政策"}
    assert titles("dimension:industry -kind:policy") == {"产业的事"}


def test_other_forms_of_names_and_terms_are_searched_and_said(find: Find, titles: Titles) -> None:
    make_place("闽宁镇", names=["闽宁村"])
    make_fact("闽宁村奠基")
    make_fact("结对帮扶的办法")
    make_fact("Min-Ning cooperation")

    assert titles("闽宁镇") == {"闽宁镇", "闽宁村奠基"}
    assert titles("闽宁镇奠基") == {"闽宁村奠基"}
    assert titles("“闽宁镇”") == {"闽宁镇"}
    assert titles("对口帮扶") == {"结对帮扶的办法"}
    assert titles("Minning") == {"Min-Ning cooperation"}
    assert "闽宁村" in find("闽宁镇").explanation
    assert dict(find("对口帮扶").hits[0].highlights)["title"] == [(("结对帮扶", True), ("的办法", False))]


def test_the_name_of_what_is_not_public_widens_nothing(find: Find) -> None:
    make_place("石嘴山", names=["煤城"], public=False)
    make_fact("煤城旧事")

    assert find("石嘴山").count == 0
    assert "煤城" not in find("石嘴山").explanation
    assert find("石嘴山", reader=make_user(role="archivist")).count == 2


def test_titles_come_before_summaries_before_agents_before_pages(find: Find) -> None:
    item = make_item("一份材料")
    make_page(item, "页上写井窖工程")
    agent = make_agent("井窖工程办公室")
    make_fact("打井的事", summary_zh="这是井窖工程")
    _about("由它做的事", agent)
    make_fact("井窖工程的开始")
    make_fact("井窖工程")

    order = [hit.record.title_zh for hit in find("井窖工程").hits]

    assert order == ["井窖工程", "井窖工程办公室", "井窖工程的开始", "打井的事", "由它做的事", "一份材料"] or order == [
        "井窖工程",
        "井窖工程的开始",
        "井窖工程办公室",
        "打井的事",
        "由它做的事",
        "一份材料",
    ]


def test_words_near_to_each_other_come_first(find: Find) -> None:
    make_fact("甲", summary_zh="教师" + "说了许多别的话，走了许多的路，" * 4 + "支教")
    make_fact("乙", summary_zh="教师来支教" + "说了许多别的话，走了许多的路，" * 4)

    assert [hit.record.title_zh for hit in find("教师 支教").hits] == ["乙", "甲"]


def test_a_fact_with_evidence_comes_before_one_without(find: Find) -> None:
    make_fact("移民搬迁 甲")
    supported = make_fact("移民搬迁 乙")
    Evidence.objects.create(record=supported, source=make_source().source, claim_zh="如此")

    assert [hit.record.title_zh for hit in find("移民搬迁").hits][:2] == ["移民搬迁 乙", "移民搬迁 甲"]


def test_most_of_a_long_query_is_enough_where_nothing_holds_it_whole(find: Find) -> None:
    make_fact("福建教师在西吉支教")
    make_fact("福建的茶")

    result = find("福建教师西吉县支教")

    assert [hit.record.title_zh for hit in result.hits] == ["福建教师在西吉支教"]
    assert "一部分" in result.explanation
    assert ("福建教师", True) in result.hits[0].highlights["title"][0]


@pytest.mark.parametrize(
    ("typed", "meant"), [("民宁镇", "闽宁镇"), ("闽宇镇", "闽宁镇"), ("minningzhen", "闽宁镇"), ("mnz", "闽宁镇")]
)
def test_what_was_meant_is_offered(find: Find, typed: str, meant: str) -> None:
    make_place("闽宁镇")
    make_fact("无关的事")

    assert find(typed).suggestion == meant


def test_what_was_meant_is_offered_for_latin_words_and_in_a_longer_query(find: Find) -> None:
    make_fact("会议", title_en="Conference in Yinchuan")

    assert find("Confrence").suggestion == "conference"
    assert find("conference Yinchaun").suggestion == "conference yinchuan"
    assert find("conference").suggestion == ""
    assert find("完全没有的话").suggestion == ""


def test_nothing_hidden_is_offered(find: Find) -> None:
    make_place("石嘴山", public=False)

    assert find("石咀山").suggestion == ""
    assert find("shizuishan").suggestion == ""
    assert find("石咀山", reader=make_user(role="archivist")).suggestion == "石嘴山"


def test_records_like_another_one(find: Find, public: AnonymousUser) -> None:
    record = make_fact("福建教师到西吉县支教")
    near = make_fact("福建教师在西吉县支教二十年")
    make_fact("葡萄酒产业的发展")
    make_fact("福建教师到西吉县支教的秘密", public=False)
    indexing.drain()

    assert finding.like(record, public) == [near]
    assert len(finding.like(record, make_user(role="archivist"))) == 2


def test_the_newest_matches_come_first(find: Find, public: AnonymousUser) -> None:
    first, second = make_fact("协作一"), make_fact("协作二")
    make_fact("别的")
    Record.objects.filter(pk=first.pk).update(first_published_at="2026-01-02T00:00Z")
    Record.objects.filter(pk=second.pk).update(first_published_at="2026-01-01T00:00Z")
    indexing.drain()

    assert finding.newest(Request("协作"), public) == [first, second]
    assert finding.newest(Request("协作", size=1), public) == [first]
    assert finding.newest(Request("没有这样的话"), public) == []


def test_a_list_is_walked_to_its_end_without_what_is_hidden(find: Find, public: AnonymousUser) -> None:
    shown = {make_fact(f"协作{number}").pk for number in range(7)}
    hidden = make_fact("协作的秘密")
    indexing.drain()
    Record.objects.filter(pk=hidden.pk).update(public_scope=0)

    assert {record.pk for record in finding.walk(Request("协作"), public)} == shown
    assert {record.pk for record in finding.walk(Request(), public)} == shown
    assert list(finding.walk(Request("协作", {"kind": [Kind.POLICY]}), public)) == []


@pytest.mark.parametrize(
    "q",
    [
        "闽宁" * 5_000,
        "。，；",
        '"闽宁',
        "((((闽宁",
        "）闽宁",
        "\x00\x01",
        "\ue000\uf8ff",
        "😀",
        "*",
        "**",
        " OR ".join(f"词{number}" for number in range(1_000)),
        "NOT",
        "与 或 非",
        "AND AND",
        "标题:",
        "年:下午",
        "金额:很多",
        "维度:不存在",
        "(" * 5_000,
        "未知:值",
        "-",
        "NOT NOT NOT 闽宁",
        "\ud800",
    ],
)
def test_nothing_that_is_typed_is_an_error(find: Find, q: str) -> None:
    make_fact("闽宁协作")

    result = find(q)

    assert result.count == len(result.hits) <= 1
    assert (
        result.count == 1 or result.explanation or q in {*("NOT", "与 或 非", "AND AND", "未知:值", "NOT NOT NOT 闽宁")}
    )

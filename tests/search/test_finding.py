"""What a search gives: hits in their order, facets, highlights, pages with boxes, and the list's next part."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from archive.models import Dimension, Evidence, Kind, Location, Mechanism, Participation, Policy
from core.errors import InvalidInput
from media.lines import Box
from search import facets, finding, hits, run
from search.backends import base
from search.finding import Request, Result
from tests.makers import (
    make_agent,
    make_fact,
    make_funding,
    make_item,
    make_lines,
    make_page,
    make_place,
    make_policy,
    make_source,
)
from tests.search.conftest import Find


def _titles(result: Result) -> list[str]:
    return [hit.record.title_zh for hit in result.hits]


def _facet(result: Result, name: str) -> dict[str, int]:
    return {value.label: value.count for value in result.facets[name]}


def test_every_place_of_a_record_is_searched(find: Find) -> None:
    source = make_source("闽宁协作二十年")
    record = make_fact(
        "移民开发区奠基",
        local_id="EVE-007",
        summary_zh="戈壁滩上开工",
        summary_en="Ground broken in the Gobi",
        note="据口述",
        evidence=[Evidence(source=source.source, claim_zh="当年搬迁八千户")],
    )
    make_fact("别的事情")

    for q in ("奠基", "戈壁滩", "gobi", "口述", "八千户", "EVE-007", "开"):
        assert _titles(find(q)) == [record.title_zh], q


def test_numbers_are_found_however_they_are_punctuated(find: Find) -> None:
    policy = make_policy("关于扶贫协作的通知", document_number="闽宁发〔2016〕3号")

    assert [hit.record for hit in find("闽宁发[2016]3号").hits] == [policy]
    assert "没有完全一致" in find("闽宁发２０１６").explanation


def test_words_may_stand_in_different_places_of_a_record(find: Find) -> None:
    make_fact("修建水渠", summary_zh="由福建援建")
    make_fact("修建道路", summary_zh="由宁夏自建")

    assert _titles(find("水渠 福建")) == ["修建水渠"]
    assert "没有完全一致" in find("水渠 宁夏").explanation


def test_the_title_comes_first_then_titles_then_names_then_texts(find: Find) -> None:
    item = make_item("一份材料")
    make_page(item, "闽宁镇闽宁镇闽宁镇")
    make_fact("一次会议", summary_zh="在闽宁镇召开")
    make_fact("闽宁镇第一批移民搬迁到新的家园")
    make_place("闽宁镇")

    assert _titles(find("闽宁镇")) == ["闽宁镇", "闽宁镇第一批移民搬迁到新的家园", "一次会议", "一份材料"]


def test_highlights_mark_the_hit_in_the_original_characters(find: Find) -> None:
    make_fact("閩寧協作座談會", summary_zh="开头" * 40 + "关于闽宁协作的内容" + "结尾" * 80)

    hit = find("闽宁协作").hits[0]

    assert hit.highlights["title"] == [(("閩寧協作", True), ("座談會", False))]
    (summary,) = hit.highlights["summary"]
    assert ("闽宁协作", True) in summary
    assert summary[0] == summary[-1] == ("…", False)
    assert len("".join(text for text, _is_hit in summary)) < 130


def test_a_phrase_across_a_printed_line_gives_one_box_a_line(find: Find) -> None:
    item = make_item()
    make_page(item, "第一行写闽宁", "协作在第二行")

    (hit,) = find("闽宁协作").hits

    (page,) = hit.pages
    assert page.boxes == [Box(300, 100, 100, 50), Box(100, 180, 100, 50)]
    assert ("闽宁协作", True) in page.snippet
    assert (page.number, hit.page_count) == (1, 1)


def test_a_phrase_does_not_cross_from_one_block_to_the_next(find: Find) -> None:
    item = make_item("一份材料")
    make_page(item, lines=[*make_lines("甲栏末写闽宁", block=1), *make_lines("协作在乙栏", block=2)])

    assert "没有完全一致" in find("闽宁协作").explanation
    assert not find("闽宁 协作").explanation


def test_pages_that_hold_the_whole_query_are_preferred(find: Find, public: AnonymousUser) -> None:
    item = make_item()
    make_page(item, "只有水渠")
    make_page(item, "水渠和道路")
    make_page(item, "只有道路")

    (hit,) = find("水渠 道路").hits
    (other,) = find("只有 和").hits

    assert [page.number for page in hit.pages] == [2]
    assert [page.number for page in other.pages] == [1, 2, 3]
    assert [page.number for page in finding.find_in_record(item.record, "水渠 道路", public)] == [2]


def test_all_pages_of_a_record_with_hits_are_found_in_order(find: Find, public: AnonymousUser) -> None:
    item = make_item()
    for number in range(1, 7):
        make_page(item, f"第{number}页写闽宁" if number != 4 else "空白")

    (hit,) = find("闽宁").hits

    assert (len(hit.pages), hit.page_count) == (hits.PAGES_SHOWN, 5)
    found = finding.find_in_record(item.record, "闽宁", public)
    assert [page.number for page in found] == [1, 2, 3, 5, 6]


def test_a_single_character_is_found_on_pages(find: Find) -> None:
    item = make_item()
    make_page(item, "戈壁滩")

    (hit,) = find("壁").hits

    assert hit.pages[0].boxes == [Box(150, 100, 50, 50)]


def test_facets_count_all_hits_and_filters_narrow_them(find: Find) -> None:
    ningxia = make_place("宁夏")
    yinchuan = make_place("银川", part_of=ningxia)
    office = make_agent("福建省扶贫办")
    policies, funds = Dimension.POLICY, Dimension.FUNDING
    meetings = Mechanism.JOINT_MEETINGS
    make_policy(
        "协作意见",
        date="1996年",
        dimensions=(policies, funds),
        mechanisms=(meetings,),
        locations=[Location(place=yinchuan, role=Location.Role.SITE)],
        participations=[Participation(agent=office, role=Participation.Role.ISSUER)],
    )
    make_funding("协作资金", date="1996年至1998年", dimensions=(funds,))

    result = find("协作")
    narrowed = find("协作", kind=[Kind.POLICY], year=["1996"])

    assert {value.value: value.count for value in result.facets["kind"]} == {"policy": 1, "funding": 1}
    assert {value.value: value.count for value in result.facets["dimension"]} == {"funding": 2, "policy": 1}
    assert {value.value: value.count for value in result.facets["mechanism"]} == {"joint_meetings": 1}
    assert _facet(result, "place") == {"宁夏": 1, "银川": 1}
    assert _facet(result, "agent") == {"福建省扶贫办": 1}
    assert _facet(result, "year") == {"1996": 2, "1997": 1, "1998": 1}
    assert (_titles(narrowed), narrowed.count) == (["协作意见"], 1)
    assert {value.value: (value.count, value.selected) for value in narrowed.facets["kind"]} == {
        "policy": (1, True),
        "funding": (1, False),
    }
    assert find("协作", place=[ningxia.ark]).count == 1
    assert find("协作", agent=[office.ark], kind=["funding"]).count == 0
    assert find("协作", kind=["funding", "policy"]).count == 2


def test_a_chosen_value_without_hits_stays_in_sight(find: Find) -> None:
    make_policy("协作意见")

    result = find("协作", kind=["event"])

    assert result.count == 0
    assert ("event", 0, True) in [(value.value, value.count, value.selected) for value in result.facets["kind"]]


def test_no_query_gives_everything(find: Find) -> None:
    for number in range(5):
        make_fact(f"事件{number}")

    result = find("")

    assert result.count == 5
    assert result.facets["kind"][0].count == 5


def test_the_list_goes_on_until_everything_was_given_once(find: Find) -> None:
    for number in range(12):
        make_fact(f"闽宁协作事件{number}")

    for q in ("", "协作"):
        seen, cursor = [], ""
        while True:
            result = find(q, size=5, cursor=cursor)
            seen += [hit.record.pk for hit in result.hits]
            cursor = result.next_cursor
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == result.count == 12


def test_beyond_the_last_rank_the_list_goes_on_by_key(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = run.RANKED
    monkeypatch.setattr(run, "RANKED", 7)
    for number in range(20):
        make_fact(f"闽宁协作事件{number}")
    seen, cursor = [], ""

    while True:
        result = find("协作", size=3, cursor=cursor)
        seen += [hit.record.pk for hit in result.hits]
        cursor = result.next_cursor
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 20
    assert genuine <= base.OFFSET_LIMIT


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "bnVsbA", "WzEsMiwzLDRd", "闽宁", "e30="])
def test_what_is_no_cursor_is_refused(find: Find, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        find("协作", cursor=cursor)


def test_a_cursor_is_good_for_its_own_query_only(find: Find, archivist: object) -> None:
    for number in range(3):
        make_fact(f"闽宁协作事件{number}")
    cursor = find("协作", size=1).next_cursor

    assert find("协作", size=1, cursor=cursor).hits
    for q, filters, reader in (("事件", {}, None), ("协作", {"kind": ["event"]}, None), ("协作", {}, archivist)):
        options = {"reader": reader} if reader else {}
        with pytest.raises(InvalidInput):
            find(q, size=1, cursor=cursor, **options, **filters)


@pytest.mark.parametrize("filters", [{"colour": ["red"]}, {"year": ["abc"]}, {"year": ["１９９６"]}, {"year": ["-1"]}])
def test_unknown_filters_are_refused(find: Find, filters: dict[str, list[str]]) -> None:
    with pytest.raises(InvalidInput):
        find("", **filters)


def test_values_that_do_not_exist_find_nothing(find: Find) -> None:
    make_fact("闽宁协作")

    with pytest.raises(InvalidInput, match="spaceship"):
        find("", kind=["spaceship"])
    assert find("", place=["x1nothing"]).count == 0


@pytest.mark.parametrize(
    "q", ["。", "*", "\x00", "😀", '"', "“", "a" * 10_000, "协" * 10_000, "( OR )", "u:协作", "\\"]
)
def test_bad_queries_are_answered(find: Find, q: str) -> None:
    make_fact("闽宁协作")

    result = find(q)

    assert result.count in {0, 1}
    assert q.strip("\x00") == "" or result.explanation or result.count == 0


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_size_out_of_range_is_refused(public: AnonymousUser, size: int) -> None:
    with pytest.raises(InvalidInput):
        finding.find(Request(size=size), public)


def test_words_typed_with_punctuation_between_are_tried_apart(find: Find) -> None:
    make_fact("宁夏与福建结对")

    result = find("福建、宁夏")

    assert _titles(result) == ["宁夏与福建结对"]
    assert result.explanation


def test_pinyin_is_tried_where_letters_find_nothing(find: Find) -> None:
    make_place("闽宁镇", names=["玉泉营"])
    make_fact("Minning cooperation", summary_zh="英文题名")

    assert _titles(find("minningzhen")) == ["闽宁镇"]
    assert _titles(find("yuquanying")) == ["闽宁镇"]
    assert _titles(find("mnz")) == ["闽宁镇"]
    assert _titles(find("min ning zhen")) == ["闽宁镇"]
    assert find("mnz").explanation
    assert _titles(find("minning")) == ["Minning cooperation"]


def test_a_misread_page_is_found_approximately_and_it_is_said(find: Find, public: AnonymousUser) -> None:
    item = make_item("一份材料")
    make_page(item, "东西部扶贫协怍和对口支援")
    make_page(item, "扶贫办公室支援对口工作")

    result = find("扶贫协作和对口支援")

    (hit,) = result.hits
    assert [page.number for page in hit.pages] == [1]
    assert ("扶贫协怍和对口支援", True) in hit.pages[0].snippet
    assert hit.pages[0].boxes == [Box(250, 100, 450, 50)]
    assert result.explanation
    assert result.facets["kind"][0].count == 1
    assert len(finding.find_in_record(item.record, "扶贫协作和对口支援", public)) == 1


def test_an_index_that_is_not_built_yet_is_said_not_raised(public: AnonymousUser, db: None) -> None:
    make_fact("闽宁协作")

    result = finding.find(Request(q="闽宁"), public)

    assert (result.count, result.is_behind) == (0, True)
    assert result.explanation
    assert finding.suggest("闽", public) == []
    assert finding.status().records == 0


def test_the_number_of_queries_does_not_grow_with_the_hits(
    find: Find, public: AnonymousUser, django_assert_max_num_queries: object
) -> None:
    source = make_source("来源")
    for number in range(30):
        make_fact(f"事件{number}", evidence=[Evidence(source=source.source, claim_zh="据闽宁协作所载")], date="1996年")
    make_policy("闽宁协作意见")
    find("闽宁协作")

    with django_assert_max_num_queries(20):  # type: ignore[operator]  # pytest-django gives no type for it
        result = finding.find(Request(q="闽宁协作", size=100), public)

    assert len(result.hits) == 31


def test_an_open_stretch_of_time_reaches_to_this_year(find: Find) -> None:
    record = make_fact("长期协作", date="1996年")
    record.date_latest = None
    record.save()

    years = [value.value for value in find("协作").facets["year"]]

    assert years[0] == "1996"
    assert years[-1] == str(dt.date.today().year)
    assert Policy.objects.count() == 0


def test_a_chosen_value_that_is_rare_is_counted_all_the_same(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MOST", 1)
    make_policy("协作意见")
    make_policy("协作规划")
    make_funding("协作资金")

    result = find("协作", kind=["funding"])

    assert [(value.value, value.count) for value in result.facets["kind"]] == [("policy", 2), ("funding", 1)]

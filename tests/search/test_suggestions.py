"""Titles and names as one types."""

from django.contrib.auth.models import AnonymousUser

from archive.models import Record
from search import finding, indexing
from search.backends.base import Engine
from tests.makers import make_agent, make_fact, make_place


def _texts(q: str, limit: int = 10) -> list[str]:
    indexing.drain()
    return [one.text for one in finding.suggest(q, AnonymousUser(), limit)]


def test_names_begin_as_typed_in_characters_pinyin_or_initials(engine: Engine) -> None:
    make_place("闽宁镇")

    for q in ("闽", "闽宁", "閩寧", "闽宁镇", "min", "minn", "minning zhen", "MN", "mnz", "ｍｎｚ"):
        assert _texts(q) == ["闽宁镇"], q
    for q in ("宁", "镇", "ning", "nz", "闽宁县", "x", "", "。", "*"):
        assert _texts(q) == [], q


def test_other_names_lead_to_the_record_and_are_said(engine: Engine) -> None:
    place = make_place("闽宁镇", names=["玉泉营"], title_en="Minning Town")
    indexing.drain()

    (found,) = finding.suggest("yqy", AnonymousUser())

    assert (found.text, found.kind, found.ark, found.matched) == ("闽宁镇", "place", place.ark, "玉泉营")
    assert finding.suggest("minning t", AnonymousUser())[0].matched == "Minning Town"


def test_places_come_before_agents_before_the_rest_and_short_before_long(engine: Engine) -> None:
    make_fact("福建")
    make_agent("福建省援宁工作队")
    make_agent("福建省")
    make_place("福建沿海地区")

    assert _texts("福建") == ["福建沿海地区", "福建省", "福建省援宁工作队", "福建"]
    assert _texts("福建", limit=2) == ["福建沿海地区", "福建省"]


def test_the_same_title_is_suggested_once(engine: Engine) -> None:
    for _number in range(5):
        make_fact("年度报告")

    assert _texts("年度") == ["年度报告"]


def test_a_long_beginning_is_compared_to_its_end(engine: Engine) -> None:
    make_fact("关于进一步做好闽宁对口扶贫协作工作的意见")

    assert _texts("关于进一步做好闽宁对口扶贫协作工作")
    assert not _texts("关于进一步做好闽宁对口扶贫劳务")
    assert _texts("guanyujinyibuzuohaominningduikou")
    assert not _texts("guanyujinyibuzuohaominninx")


def test_a_title_that_changed_since_is_not_suggested(engine: Engine) -> None:
    record = make_fact("闽宁协作")
    indexing.drain()
    Record.objects.filter(pk=record.pk).update(title_zh="改了")

    assert finding.suggest("闽宁", AnonymousUser()) == []

"""Nothing that the public may not see is found, counted, suggested or guessed, not even through a stale index."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Role, User
from archive import opening, workflow
from archive.models import Evidence, Level, Location, Opening, Participation, Record, Scope, Status
from search import finding, indexing
from search.finding import Request, Result
from tests.makers import (
    make_agent,
    make_fact,
    make_item,
    make_page,
    make_place,
    make_source,
    make_unit,
    make_user,
)
from tests.search.conftest import Find

TOMORROW = dt.timedelta(days=1)


def _close(record: Record, until: dt.date) -> None:
    opening.close(record, until=until, reason="个人信息", by=None)


def _ask(q: str, reader: AnonymousUser, **filters: list[str]) -> Result:
    """Search without letting the index catch up."""
    return finding.find(Request(q=q, filters=filters), reader)


def _no_trace(result: Result) -> bool:
    return not (result.count or result.hits or any(value.count for row in result.facets.values() for value in row))


def _make_hidden(way: str) -> Record:
    record = make_fact("闽宁协作秘闻", public=way != "draft")
    if way == "closed":
        _close(record, timezone.localdate() + TOMORROW)
    elif way == "withdrawn":
        record = workflow.withdraw(record, reason="有误", by=None)
    elif way == "controlled":
        record.opening, record.public_scope = Opening.CONTROLLED, Scope.NOTHING
        record.save()
        opening.refresh([record])
    return record


@pytest.mark.parametrize("way", ["draft", "closed", "withdrawn", "controlled"])
def test_what_is_not_public_leaves_no_trace(find: Find, public: AnonymousUser, archivist: User, way: str) -> None:
    record = _make_hidden(way)

    assert _no_trace(find("秘闻"))
    assert _no_trace(find(""))
    assert _no_trace(find("minningxiezuomiwen"))
    assert _no_trace(find("闽宁协昨秘闻"))
    assert finding.suggest("闽宁", public) == []
    assert finding.suggest("mnxz", public) == []
    assert [hit.record for hit in find("秘闻", reader=archivist).hits] == [record]
    assert [one.ark for one in finding.suggest("闽宁", archivist)] == [record.ark]


@pytest.mark.parametrize("role", ["", Role.AUDITOR, Role.SECURITY_OFFICER, Role.SYSTEM_ADMINISTRATOR])
def test_only_the_desk_sees_what_is_not_public(find: Find, role: str) -> None:
    make_fact("闽宁协作秘闻", public=False)

    assert _no_trace(find("秘闻", reader=make_user(role)))


def test_a_closure_that_ended_today_is_over(find: Find) -> None:
    record = make_fact("闽宁协作旧事")
    _close(record, timezone.localdate())

    assert find("旧事").count == 1


def test_a_unit_below_a_closed_one_leaves_no_trace(find: Find) -> None:
    fonds = make_unit("一个全宗")
    item = make_unit("秘闻一件", level=Level.ITEM, parent=fonds)
    make_page(item, "页上的秘事")
    assert find("秘闻").count == 1

    _close(fonds.record, timezone.localdate() + TOMORROW)

    assert _no_trace(find("秘闻"))
    assert _no_trace(find("秘事"))


@pytest.mark.parametrize(("scope", "count"), [(Scope.CATALOGUE, 0), (Scope.TEXT, 1), (Scope.IMAGE, 1)])
def test_text_is_searched_only_where_its_publication_was_authorised(
    find: Find, public: AnonymousUser, archivist: User, scope: Scope, count: int
) -> None:
    item = make_item("一份名册", scope=scope)
    make_page(item, "某某某家贫如洗")

    assert find("名册").count == 1
    assert find("家贫如洗").count == count
    assert find("贫").count == count
    assert find("家贪如洗").count == count
    assert find("“名册” 家贫 非 类型:地点").count == 1
    assert bool(find("名册 家贫").explanation) == (count == 0)
    assert len(finding.find_in_record(item.record, "家贫", public)) == count
    assert find("家贫如洗", reader=archivist).count == 1
    assert len(find("家贫如洗", reader=archivist).hits[0].pages) == 1


def test_claims_of_documents_that_are_not_public_are_not_searched(find: Find, archivist: User) -> None:
    hidden, shown = make_source("内部材料", public=False), make_source("公开材料")
    record = make_fact(
        "移民搬迁",
        evidence=[
            Evidence(source=hidden.source, claim_zh="内部所载数字"),
            Evidence(source=shown.source, claim_zh="公开所载数字"),
        ],
    )

    assert find("内部").count == find("“内部所载” 或 内部").count == 0
    assert [hit.record for hit in find("公开所载").hits] == [record]
    assert list(find("移民 数字").hits[0].highlights["claims"]) == [(("公开所载", False), ("数字", True))]
    assert [hit.record for hit in find("内部所载", reader=archivist).hits] == [record]


def test_names_of_agents_and_places_that_are_not_public_are_not_searched(find: Find, archivist: User) -> None:
    agent, place = make_agent("某甲", public=False), make_place("某地", public=False)
    record = make_fact(
        "移民搬迁",
        participations=[Participation(agent=agent, role="participant", name_as_written="甲某")],
        locations=[Location(place=place)],
    )

    for q in ("某甲", "甲某", "某地"):
        assert _no_trace(find(q)), q
    assert find("", place=[place.ark]).count == find("", agent=[agent.ark]).count == 0
    facets = find("移民").facets
    assert (facets["agent"], facets["place"]) == ([], [])
    assert find("甲某", reader=archivist).hits[0].record == record


def test_a_claim_is_searched_once_its_document_is_published(find: Find) -> None:
    source = make_source("内部材料", public=False)
    make_fact("移民搬迁", evidence=[Evidence(source=source.source, claim_zh="所载数字")])
    assert find("所载数字").count == 0

    source.status, source.opening, source.authorised_scope = Status.PUBLISHED, Opening.OPEN, Scope.TEXT
    source.save()
    opening.refresh([source])

    assert find("所载数字").count == 1


def test_a_stale_index_leaks_nothing_of_a_withdrawn_record(find: Find, public: AnonymousUser) -> None:
    item = make_item("秘闻一件")
    make_page(item, "页上的秘事")
    assert find("秘事").count == 1

    workflow.withdraw(item.record, reason="有误", by=None)

    for q in ("秘事", "秘闻", "miwenyijian", "页上的密事"):
        assert _no_trace(_ask(q, public)), q
    assert [hit.record.title_zh for hit in _ask("", public, kind=["unit"]).hits] == ["一个全宗"]
    assert finding.suggest("秘闻", public) == []


def test_a_stale_index_leaks_no_text_whose_publication_was_narrowed(find: Find, public: AnonymousUser) -> None:
    item = make_item("一份名册")
    make_page(item, "某某某家贫如洗")
    assert find("家贫").count == 1

    opening.open_(item.record, scope=Scope.CATALOGUE, by=None)

    assert _no_trace(_ask("家贫", public))
    assert finding.find_in_record(Record.objects.get(pk=item.record.pk), "家贫", public) == []
    assert find("名册").count == 1


def test_a_stale_index_leaks_no_claim_of_a_document_that_was_withdrawn(find: Find, public: AnonymousUser) -> None:
    source = make_source("一份材料")
    make_fact("移民搬迁", evidence=[Evidence(source=source.source, claim_zh="所载数字")])
    assert find("所载数字").count == 1

    workflow.withdraw(source, reason="有误", by=None)

    assert _no_trace(_ask("所载数字", public))


def test_a_row_that_changed_without_any_news_is_not_shown(find: Find, public: AnonymousUser) -> None:
    record = make_fact("闽宁协作秘闻")
    assert find("秘闻").count == 1

    Record.objects.filter(pk=record.pk).update(public_scope=Scope.NOTHING)

    assert _ask("秘闻", public).hits == []


def test_a_stale_index_leaks_nothing_of_a_deleted_record(find: Find, public: AnonymousUser) -> None:
    record = make_fact("闽宁协作秘闻")
    assert find("秘闻").count == 1

    record.delete()

    assert _no_trace(_ask("秘闻", public))
    assert _no_trace(find("秘闻"))
    assert indexing.drain() == 0

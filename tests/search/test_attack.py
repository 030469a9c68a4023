"""What an attacker or a careless address tries: it tells nothing, loses nothing and breaks nothing."""

import base64
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from archive import opening
from archive.models import Evidence, Location, Record, Scope
from archive.signals import records_changed
from media.models import PageText
from search import finding, indexing, run
from search.backends.base import Engine
from search.finding import Request
from tests.makers import make_agent, make_fact, make_item, make_page, make_place, make_source
from tests.search.conftest import Find


def _ask(q: str, reader: AnonymousUser, size: int = 20, cursor: str = "") -> finding.Result:
    """Search without letting the index catch up."""
    return finding.find(Request(q=q, size=size, cursor=cursor), reader)


def _no_trace(result: finding.Result) -> bool:
    return not (result.count or result.hits or any(value.count for row in result.facets.values() for value in row))


@pytest.mark.parametrize("kind", ["source", "unit"])
def test_a_stale_index_leaks_no_claim_of_a_document_that_was_narrowed(
    find: Find, public: AnonymousUser, kind: str
) -> None:
    source, item = make_source("一份材料"), make_item("某件")
    claim = Evidence(source=source.source) if kind == "source" else Evidence(unit=item)
    claim.claim_zh = "所载数字"
    make_fact("移民搬迁", evidence=[claim])
    assert find("所载数字").count == 1

    opening.open_(source if kind == "source" else item.record, scope=Scope.CATALOGUE, by=None)

    assert _no_trace(_ask("所载数字", public))


def test_a_stale_index_does_not_count_by_words_that_were_taken_out(find: Find, public: AnonymousUser) -> None:
    record = make_fact("移民搬迁", summary_zh="某某某患病")
    item = make_item("一份名册")
    page = make_page(item, "某某某家贫如洗")
    assert find("患病").count == find("家贫如洗").count == 1

    Record.objects.filter(pk=record.pk).update(summary_zh="")
    records_changed.send(None, record_ids=[record.pk])
    PageText.objects.filter(page=page).delete()
    page.delete()

    assert _no_trace(_ask("患病", public))
    assert _no_trace(_ask("家贫如洗", public))


def test_a_place_that_is_not_public_does_not_lead_to_the_place_around_it(find: Find) -> None:
    outer = make_place("宁夏回族自治区")
    inner = make_place("某村", part_of=outer, public=False)
    make_fact("移民搬迁", locations=[Location(place=inner)])

    assert find("移民", place=[outer.ark]).count == 0
    assert find("移民").facets["place"] == []


def test_claims_that_are_not_public_do_not_lift_an_agent(find: Find) -> None:
    secret = make_source("内部材料", public=False)
    make_agent("扶贫协作甲办公室")
    second = make_agent("扶贫协作乙办公室")
    Evidence.objects.create(record=second, source=secret.source, claim_zh="内部所载")
    records_changed.send(None, record_ids=[second.pk])

    assert [hit.record.title_zh for hit in find("扶贫协作").hits] == ["扶贫协作甲办公室", "扶贫协作乙办公室"]


def test_a_phrase_with_punctuation_does_not_cross_from_one_text_into_the_next(find: Find) -> None:
    item = make_item("某件", summary_zh="摘要甲")
    make_page(item, "前文脱贫")
    make_page(item, "攻坚后文")

    for q in ("“脱贫，攻坚”", "“某件，摘要甲”"):
        result = find(q)
        assert (result.count, len(result.hits)) in {(0, 0), (1, 1)}, q


def test_nothing_is_lost_from_a_list_that_somebody_walked_before_a_change(
    engine: Engine, public: AnonymousUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RANKED", 5)

    def walked() -> list[int]:
        found: list[int] = []
        cursor, is_open = "", True
        while is_open:
            result = _ask("闽宁", public, 3, cursor)
            found += [hit.record.pk for hit in result.hits]
            cursor = result.next_cursor
            is_open = bool(cursor)
        return found

    for number in range(12):
        make_fact(f"闽宁协作甲乙{number}")
    indexing.drain()
    walked()
    make_fact("闽宁")
    indexing.drain()

    found = walked()
    assert len(found) == len(set(found)) == 13


@pytest.mark.parametrize("address", ["/search/", "/api/v1/search/"])
def test_a_cursor_with_an_endless_number_is_refused(engine: Engine, client: Client, address: str) -> None:
    make_fact("闽宁协作")
    indexing.drain()
    content = json.dumps(["x", "exact", "rank", float("inf"), 1])

    answer = client.get(address, {"cursor": base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")})

    assert answer.status_code == 400


def test_an_amount_that_is_no_range_is_no_fault_of_the_server(engine: Engine, client: Client) -> None:
    make_fact("闽宁协作")
    indexing.drain()

    assert client.get("/search/", {"amount": "x"}).status_code in {200, 400}


def test_many_values_of_one_facet_are_refused_or_cut(engine: Engine, client: Client) -> None:
    make_fact("闽宁协作", date=str(timezone.localdate().year))
    indexing.drain()

    answer = client.get("/api/v1/search/", {"year": [str(year) for year in range(1000, 1900)]})

    assert answer.status_code == 400 or len(answer.json()["facets"]["year"]) <= 60

"""Questions to a generation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _
from elasticsearch import Elasticsearch

from core.errors import Unavailable
from search import schema
from search.backends.base import Entry, Found, Order, Pages
from search.backends.elastic.connection import Connection, Gone, refused
from search.backends.elastic.translation import translate
from search.criteria import AllOf, Anything, Between, Criteria, OneOf
from search.schema import Index

Body = dict[str, Any]  # Any: the engine's own shape

_HITS: Final = ["hits.total.value", "hits.hits.sort"]
"""Nothing else of an answer is sent: the last value a hit is sorted by is its key."""

_ENTRIES: Final = ["hits.hits.fields"]
_COUNT: Final = ["hits.total.value"]
_FACETS: Final = ["aggregations.*.buckets.key", "aggregations.*.buckets.doc_count"]
_SEVERAL: Final = [f"responses.{path}" for path in (*_HITS, "status", "error.type")]

_NOTHING_STORED: Final[Body] = {"_source": False, "stored_fields": "_none_"}

T = TypeVar("T")


class ClusterReader:
    """The current generation, or one by its name, with all that had been committed when the reader was asked for.

    A commit that comes later shows, too, from the next question on.
    """

    def __init__(
        self,
        connection: Connection,
        names: Mapping[Index, str],
        *,
        patience: float = 0.0,
        gone: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection = connection
        self._names = names
        self._patience = patience
        self._gone = gone

    def search(
        self, index: Index, criteria: Criteria, *, size: int, skip: int = 0, order: Order | None = None
    ) -> Found:
        """The documents that match, by score or in an order; those that are equal in it by their keys."""
        body = {**_asked(index, criteria, size, order), "from": skip}
        return Found(*_keys(self._answer(index, body, _HITS)))

    def count(self, index: Index, criteria: Criteria | None = None) -> int:
        """How many documents match; all of them without criteria."""
        body = {"query": translate(criteria or Anything()), "size": 0, "track_total_hits": True}
        return int(self._answer(index, body, _COUNT)["hits"]["total"]["value"])

    def facets(self, criteria: Criteria, fields: Sequence[str], *, size: int) -> dict[str, list[tuple[str, int]]]:
        """For each field its most frequent values among the records that match."""
        if not fields:
            return {}
        asked = {name: {"terms": {"field": name, "size": size}} for name in fields}
        body = {"query": translate(criteria), "size": 0, "track_total_hits": False, "aggregations": asked}
        answer = self._answer(Index.RECORDS, body, _FACETS).get("aggregations", {})
        return {
            name: [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in answer.get(name, {}).get("buckets", ())]
            for name in fields
        }

    def pages_by_record(self, criteria: Criteria, records: Sequence[int], *, size: int) -> dict[int, Pages]:
        """For each of these records with matching pages, their number and the first ``size``."""
        if not records:
            return {}
        searches: list[Body] = []
        for record in records:
            one = AllOf(filters=[criteria, OneOf("record", (record,))])
            searches += [{}, _asked(Index.PAGES, one, size, Order("number"))]
        answers = self._ask(
            lambda client: client.msearch(index=self._names[Index.PAGES], searches=searches, filter_path=_SEVERAL).body[
                "responses"
            ]
        )
        found = {}
        for record, answer in zip(records, answers, strict=True):
            if "error" in answer:
                raise refused(f"{answer['status']} {answer['error'].get('type', '')}")
            pages = Pages(*_keys(answer))
            if pages.count:
                found[record] = pages
        return found

    def entries(self, index: Index, *, after: int, size: int) -> list[Entry]:
        """The next documents by key."""
        key = schema.KEY[index]
        body = {
            **_asked(index, Between(key, least=after + 1), size, Order(key)),
            "docvalue_fields": [key, "digest"],
            "track_total_hits": False,
        }
        hits = self._answer(index, body, _ENTRIES).get("hits", {}).get("hits", ())
        return [Entry(hit["fields"][key][0], hit["fields"]["digest"][0]) for hit in hits]

    def _answer(self, index: Index, body: Body, paths: Sequence[str]) -> Body:
        return self._ask(
            lambda client: dict(
                client.search(
                    index=self._names[index], body=body, filter_path=paths, allow_partial_search_results=False
                ).body
            )
        )

    def _ask(self, question: Callable[[Elasticsearch], T]) -> T:
        try:
            if self._patience:
                return self._connection.work(question, patience=self._patience)
            try:
                return self._connection.ask(question)
            except Gone:  # a switch removed it between the look at the alias and the search
                return self._connection.ask(question)
        except Gone as fault:
            self._gone()
            raise Unavailable(_("The search index is being built; please try again soon.")) from fault


def _asked(index: Index, criteria: Criteria, size: int, order: Order | None) -> Body:
    """A search for keys. The last value it sorts by is the key, so that hits of the same rank keep their order."""
    key = schema.KEY[index]
    first = [{order.field: "desc" if order.descending else "asc"}] if order else ["_score"]
    sort: list[str | dict[str, str]] = [*first, *([] if order and order.field == key else [{key: "asc"}])]
    return {"query": translate(criteria), "size": size, "sort": sort, "track_total_hits": True, **_NOTHING_STORED}


def _keys(answer: Body) -> tuple[int, tuple[int, ...]]:
    """How many match, and the keys of those that were sent."""
    hits = answer["hits"]
    return int(hits["total"]["value"]), tuple(int(hit["sort"][-1]) for hit in hits.get("hits", ()))

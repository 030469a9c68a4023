"""Search keeps above a floor on the relevance set, whichever engine runs.

The pages have the text that is printed on them. `bin/bench relevance` measures the same with recognised text, beside
other systems; the floors here lie a little below its figures, so that a change that harms the ranking is seen at once.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from bench.apparatus import metrics
from sample import loading
from search import finding, indexing
from search.backends.base import Engine
from search.finding import Request
from tests.search.relevance import judgements, printed
from tests.search.relevance.judgements import Query

DEEPEST = 10

LEAST_SUCCESS = 0.97
"""Known items that stand first."""

FLOORS = {"known_items": 0.93, "topics": 0.76, "fielded": 0.93, "forgiving": 0.88}
"""The least mean nDCG@10 of each class."""

Measure = Callable[[list[str], Query], float]


def test_search_meets_the_floor_of_every_class(engine: Engine, public: AnonymousUser) -> None:
    loading.load()
    printed.write()
    indexing.drain()

    found = {query.id: _ranked(query.q, public) for query in judgements.read()}

    assert _mean("known_items", found, lambda ranked, query: metrics.success(ranked, query.grades)) >= LEAST_SUCCESS
    for class_, floor in FLOORS.items():
        assert _mean(class_, found, lambda ranked, query: metrics.ndcg(ranked, query.grades)) >= floor, class_


def _ranked(q: str, reader: AnonymousUser) -> list[str]:
    """What stands on the first page: the exact hits, and the near ones behind them."""
    result = finding.find(Request(q=q, size=DEEPEST, with_facets=False), reader)
    return [judgements.name_of(hit.record) for hit in (*result.hits, *result.related)]


def _mean(class_: str, found: dict[str, list[str]], measure: Measure) -> float:
    queries = [query for query in judgements.read() if query.class_ == class_]
    return sum(measure(found[query.id], query) for query in queries) / len(queries)

"""How well search ranks: both engines and three other ways, on the judged queries of ``tests/search/relevance``.

    python -m bench.relevance [--printed] [--only tantivy] [--worst 20]

The sample archive is loaded into a home of its own and its scans are recognised (``--printed`` takes the text that is
printed on them instead, which saves a minute). Elasticsearch is the node that TEST_SEARCH_URL or SEARCH_BENCH_URL
names; both our engine and the stock analyzers get indices of their own in it, which are removed at the end.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import fmean
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import translation
from elasticsearch import Elasticsearch

from bench.apparatus import baselines, metrics, report, workers
from bench.apparatus.baselines import StockAnalyzer, Trigram
from bench.apparatus.report import Claim
from bench.apparatus.workers import Workers
from sample import loading
from search import addresses, finding, rebuilding
from search.finding import Request
from tests.search.relevance import judgements, printed
from tests.search.relevance.judgements import CLASSES, Query

DEPTH = 50
"""Places looked at; recall is counted over them."""

LEAST_SUCCESS = 0.95
LEAST_MARGIN = 0.05
OURS = ("tantivy", "Elasticsearch")

Find = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Scores:
    """One query's figures in one system, and what stood first."""

    ndcg: float
    recall: float
    success: float
    first: str


Measured = dict[str, Scores]
"""The scores by the query's id."""


def main() -> None:
    """Load, recognise, ask, report."""
    arguments = _arguments()
    address = _address() if arguments.only != "tantivy" else ""
    translation.activate("zh-hans")
    start = time.perf_counter()
    call_command("migrate", verbosity=0)
    loading.load()
    _give_texts(is_printed=arguments.printed)
    queries = judgements.read()
    print(f"  the sample, its pages read, in {time.perf_counter() - start:.0f} s; {len(queries)} queries", flush=True)
    systems = {"tantivy": _ours(f"tantivy://{HOME / 'search'}", queries)}
    if address:
        with _cluster(address) as (client, prefix):
            systems["Elasticsearch"] = _ours(f"{address}/{prefix}", queries)
            systems |= _stock(client, prefix, queries)
    systems["SQLite FTS5 trigram"] = measure(Trigram(baselines.records()).find, queries, is_ours=False)
    _print(systems, queries)
    _print_worst(systems, queries, arguments.worst)
    print(f"  everything in {time.perf_counter() - start:.0f} s")
    report.conclude(*_claims(systems, queries))


def measure(find: Callable[[str, int], list[str]], queries: Sequence[Query], *, is_ours: bool) -> Measured:
    """Ask every query; the others are asked those of our language without what they cannot know."""
    found: Measured = {}
    for query in queries:
        q = query.q if is_ours or query.class_ != "fielded" else baselines.plain(query.q)
        ranked = find(q, DEPTH)
        found[query.id] = Scores(
            metrics.ndcg(ranked, query.grades),
            metrics.recall(ranked, query.grades, DEPTH),
            metrics.success(ranked, query.grades),
            ranked[0] if ranked else "",
        )
    return found


def _ours(address: str, queries: Sequence[Query]) -> Measured:
    settings.ARCHIVE_SEARCH = address
    rebuilding.rebuild()
    reader = AnonymousUser()

    def find(q: str, size: int) -> list[str]:
        found = finding.find(Request(q=q, size=size, with_facets=False), reader)
        return [judgements.name_of(hit.record) for hit in (*found.hits, *found.related)]

    return measure(find, queries, is_ours=True)


def _stock(client: Elasticsearch, prefix: str, queries: Sequence[Query]) -> dict[str, Measured]:
    """Both stock analyzers, with all fields alike and with the title weighted."""
    found, systems = baselines.records(), dict[str, Measured]()
    for analyzer in ("standard", "cjk"):
        stock = StockAnalyzer(client, f"{prefix}-{analyzer}", found, analyzer=analyzer)
        systems[f"{analyzer} analyzer"] = measure(stock.find, queries, is_ours=False)
        stock.title_weight = baselines.TITLE_WEIGHT
        systems[f"{analyzer} analyzer, title^3"] = measure(stock.find, queries, is_ours=False)
    return systems


def _give_texts(*, is_printed: bool) -> None:
    if is_printed:
        printed.write()
        return
    with Workers():
        workers.wait_until_finished(timeout=1800)


def _address() -> str:
    """The node to use, without a prefix.

    Raises:
        SystemExit: none is named.
    """
    named = os.environ.get("SEARCH_BENCH_URL") or os.environ.get("TEST_SEARCH_URL")
    if not named:
        sys.exit(
            "No Elasticsearch is named. Start one and name it, then ask again:\n"
            "  bin/services up elasticsearch\n"
            "  eval \"$(bin/services variables elasticsearch | sed 's/^/export TEST_/')\"\n"
            "or measure the embedded engine alone: python -m bench.relevance --only tantivy"
        )
    parts = urlsplit(named)
    return urlunsplit((parts.scheme, parts.netloc, "", "", ""))


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Elasticsearch, str]]:
    """A client and a prefix of this run's own; every index with that prefix is removed in the end."""
    cluster, prefix = addresses.cluster(address), f"relevance-{os.getpid()}"
    sign_in = (cluster.user, cluster.password) if cluster.user else None
    client = Elasticsearch(list(cluster.hosts), basic_auth=sign_in, request_timeout=60)
    try:
        yield client, prefix
    finally:
        for index in list(client.indices.get(index=f"{prefix}*")):
            client.indices.delete(index=index)
        client.close()


def _mean(measured: Measured, queries: Sequence[Query], figure: str, *classes: str) -> float:
    return fmean(getattr(measured[query.id], figure) for query in queries if not classes or query.class_ in classes)


def _print(systems: Mapping[str, Measured], queries: Sequence[Query]) -> None:
    for classes in ((), *((class_,) for class_ in CLASSES)):
        count = sum(not classes or query.class_ in classes for query in queries)
        rows = [
            (name, *(f"{_mean(measured, queries, figure, *classes):.3f}" for figure in ("ndcg", "recall", "success")))
            for name, measured in systems.items()
        ]
        print()
        head = f"{' '.join(classes) or 'all'} ({count} queries)"
        report.table((head, "nDCG@10", f"recall@{DEPTH}", "success@1"), rows)


def _print_worst(systems: Mapping[str, Measured], queries: Sequence[Query], count: int) -> None:
    """The queries in which our first engine is worst, beside the best of the others."""
    ours = systems[OURS[0]]
    others = {query.id: max(_others(systems), key=lambda name: systems[name][query.id].ndcg) for query in queries}
    worst = sorted(queries, key=lambda query: ours[query.id].ndcg)[:count]
    rows = [
        (
            f"{query.id} {query.q}",
            f"{ours[query.id].ndcg:.2f}",
            ours[query.id].first or "–",
            f"{systems[others[query.id]][query.id].ndcg:.2f}",
            others[query.id],
        )
        for query in worst
    ]
    if rows:
        print()
        report.table(("where ours is worst", "nDCG", "first", "best other", ""), rows)


def _others(systems: Mapping[str, Measured]) -> list[str]:
    return [name for name in systems if name not in OURS]


def _claims(systems: Mapping[str, Measured], queries: Sequence[Query]) -> list[Claim]:
    claims = []
    for name in filter(systems.__contains__, OURS):
        success = _mean(systems[name], queries, "success", "known_items")
        claims.append(Claim(f"success@1 on known items, {name}", success, LEAST_SUCCESS, "", is_floor=True))
        if OURS[1] not in systems:
            continue  # the margin is one above all others, and most of them were left out
        for what, classes in (("all queries", ()), ("plain words (known items, topics)", ("known_items", "topics"))):
            best = max(_mean(systems[other], queries, "ndcg", *classes) for other in _others(systems))
            margin = _mean(systems[name], queries, "ndcg", *classes) - best
            claims.append(
                Claim(f"nDCG@10 above the best other, {what}, {name}", margin, LEAST_MARGIN, "", is_floor=True)
            )
    if all(name in systems for name in OURS):
        known = [query.id for query in queries if query.class_ == "known_items"]
        same = fmean(systems[OURS[0]][name].first == systems[OURS[1]][name].first for name in known)
        claims.append(Claim("known items with the same first hit in both", same, LEAST_SUCCESS, "", is_floor=True))
    return claims


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--printed", action="store_true", help="take the printed text of the sheets, recognise nothing")
    parser.add_argument("--only", choices=("tantivy",), help="without Elasticsearch: no margin is claimed")
    parser.add_argument("--worst", type=int, default=0, help="list so many queries in which ours is worst")
    return parser.parse_args()


if __name__ == "__main__":
    main()

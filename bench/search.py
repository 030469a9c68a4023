"""Search over the REST interface beside the same compiled queries sent raw to the engine; rebuilds; what they cost.

    python -m bench.search [--sizes 100000] [--engines tantivy,elasticsearch] [--rounds 15] [--forget]

For every size, records and as many pages come from the seeded generator; every engine then builds its index from them
with ``manage.py index rebuild``, a real web server answers on loopback, and each question goes to the server and its
calls go raw to the engine, in turn, so that whatever else the machine does falls on both. Claims are judged at the
largest size.
"""

from bench.apparatus.home import PROJECT  # isort: skip  (sets Django up for all that follows)

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from elasticsearch import Elasticsearch, helpers

from archive.models import Dimension, Kind, Record
from bench.apparatus import corpus, engines, report, site
from bench.apparatus.engines import Call, Memory, Node
from bench.apparatus.report import Claim
from bench.apparatus.site import Client
from search import applying, backends, finding
from search.backends.elastic import mapping
from search.schema import Index

WARM_UP: Final = 3
DEEP_PAGE: Final = 2_000
PAGE: Final = 20
STEP: Final = 100
"""Records a page on the way to the deep one."""

BULK_DOCUMENTS: Final = 400_000
"""Documents made beforehand for the plain bulk at most, taken evenly from all of the archive; about 10 kB each."""

QUESTIONS: Final[dict[str, dict[str, str]]] = {
    "everything": {},
    "a kind": {"kind": Kind.POLICY},
    "four characters, in 20 %": {"q": "闽宁协作"},
    "the same, one dimension": {"q": "闽宁协作", "dimension": Dimension.INDUSTRY},
    "the same, Traditional": {"q": "閩寧協作"},
    "two characters": {"q": "移民"},
    "a single character": {"q": "宁"},
    "three characters, in 2 %": {"q": "葡萄酒"},
    "two words": {"q": "闽宁协作 移民搬迁"},
    "either of two": {"q": "葡萄酒 或 菌草技术"},
    "one without the other": {"q": "闽宁协作 NOT 移民搬迁"},
    "a field": {"q": "文号:宁政发"},
    "years": {"q": "移民搬迁 年:1997..2001"},
    "a beginning": {"q": "199*"},
    "a phrase in quotation marks": {"q": "“菌草技术”"},
    "a year and a word": {"q": "1997年 协作"},
    "three characters, in 0.02 %": {"q": "白内障"},
}
"""What is asked, by a name for the table: parameters of the search interface."""

DEEP: Final = {"q": "闽宁协作", "size": str(PAGE)}


@dataclass(slots=True)
class Timing:
    """One question: the records it finds, its calls to the engine, and the seconds of each round."""

    count: int
    calls: list[Call]
    engine: list[float]
    rest: list[float]


@dataclass(frozen=True, slots=True)
class Cost:
    """What an engine took at one size: seconds, documents a second, bytes."""

    node: str
    size: int
    timings: dict[str, Timing]
    shallow: list[float]
    deep: list[float]
    page: int
    rebuilt: float
    bulk: float
    memory: dict[str, int]
    disk: int

    def p(self, side: str, share: float) -> float:
        """Of all questions and rounds, in seconds."""
        return report.percentile([s for timing in self.timings.values() for s in getattr(timing, side)], share)

    @property
    def depth_ratio(self) -> float:
        """What a deep page takes beside the first."""
        return report.percentile(self.deep, 0.95) / report.percentile(self.shallow, 0.95)


def main() -> None:
    """Measure every engine at every size and report."""
    arguments = _arguments()
    costs = []
    for size in arguments.sizes:
        start = time.perf_counter()
        corpus.take(size, size)
        print(f"  {size} records and {size} pages at hand after {time.perf_counter() - start:.0f} s", flush=True)
        for name in arguments.engines:
            with engines.running(name) as node:
                node.use()
                costs.append(measure(node, size, arguments.rounds))
        if arguments.forget:
            corpus.forget(size, size)
    print("\n  Cost against size")
    report.table(_HEADS, [_row(cost) for cost in costs])
    report.conclude(*chain.from_iterable(_claims(cost) for cost in costs if cost.size == max(arguments.sizes)))


def measure(node: Node, size: int, rounds: int) -> Cost:
    """Build the index, ask, go deep; print the questions one by one."""
    print(f"\n  {node.name}, {size} records", flush=True)
    bulk = _bulk_rate(node, size) if node.name == "elasticsearch" else 0.0
    rebuilt, memory = _rebuild_rate(node, size)
    disk = node.bytes_on_disk()
    with site.running() as client, Memory(web=client.process, node=node.process) as watched:
        timings = {name: _compiled(node, parameters) for name, parameters in QUESTIONS.items()}
        _ask(client, timings, rounds)
        _check(client, timings)
        page, shallow, deep = _depth(client, rounds)
    heads = ("milliseconds", "records", "engine p50", "p95", "REST p50", "p95", "ratio of p95")
    report.table(heads, [_question_row(name, timing) for name, timing in timings.items()])
    memory = {name: max(memory.get(name, 0), watched.peaks.get(name, 0)) for name in ("web", "indexer", "node")}
    return Cost(node.name, size, timings, shallow, deep, page, rebuilt, bulk, memory, disk)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=[100_000])
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(engines.NAMES))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--forget", action="store_true", help="do not keep the generated archives for the next run")
    return parser.parse_args()


def _rebuild_rate(node: Node, size: int) -> tuple[float, dict[str, int]]:
    """Documents a second of a whole rebuild as a command, start, checks and switch included; memory at its peak."""
    start = time.perf_counter()
    command = [sys.executable, "manage.py", "index", "rebuild"]
    with (
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL) as process,
        Memory(indexer=process.pid, node=node.process) as watched,
    ):
        status = process.wait()
    seconds = time.perf_counter() - start
    state = finding.status()
    if status or (state.records, state.pages) != (size, size):
        raise RuntimeError(f"The rebuild ended with {status}; the index holds {state}.")
    print(f"  rebuilt in {seconds:.1f} s, {2 * size / seconds:.0f} documents/s", flush=True)
    return 2 * size / seconds, watched.peaks


def _bulk_rate(node: Node, size: int) -> float:
    """Documents a second of the client's own parallel bulk, the documents made beforehand, the same mapping.

    As many as the rebuild writes, for an engine merges more the more it holds; those made are sent under new keys
    again and again.
    """
    engine = backends.engine()
    generation = engine.create()
    aliases = {index: mapping.writing_alias(engines.PREFIX, generation, index) for index in Index}
    actions = [
        {"_index": aliases[made.index], "_id": str(made.key), "_source": made.fields}
        for made in islice(_spread(), BULK_DOCUMENTS)
    ]
    count = 2 * size
    rounds = (
        {**action, "_id": f"{action['_id']}-{turn}"} for turn in range(count // len(actions) + 1) for action in actions
    )
    with Elasticsearch(node.root, request_timeout=120) as client:
        start = time.perf_counter()
        for is_taken, answer in helpers.parallel_bulk(client, islice(rounds, count)):
            if not is_taken:
                raise RuntimeError(f"The engine refused a document: {answer}")
        client.indices.refresh(index=list(aliases.values()))
        seconds = time.perf_counter() - start
    engine.discard(generation)
    print(f"  plain parallel_bulk: {count} documents, {count / seconds:.0f} documents/s", flush=True)
    return count / seconds


def _spread() -> Iterator[Any]:
    """Documents of records and pages, of stretches that lie evenly in the archive."""
    keys = list(Record.objects.order_by("pk").values_list("pk", flat=True))
    per = 250
    stretches = -(-len(keys) // per)
    step = max(1, 2 * len(keys) // BULK_DOCUMENTS)
    for start in range(0, stretches, step):
        yield from applying.documents(keys[start * per : (start + 1) * per])


def _compiled(node: Node, parameters: dict[str, str]) -> Timing:
    """Find once in this process and keep what was asked of the engine."""
    filters = {name: [value] for name, value in parameters.items() if name != "q"}
    request = finding.Request(q=parameters.get("q", ""), filters=filters)
    counts: list[int] = []
    calls = engines.asked(node, lambda: counts.append(finding.find(request, AnonymousUser()).count))
    return Timing(counts[0], calls, [], [])


def _ask(client: Client, timings: dict[str, Timing], rounds: int) -> None:
    """Ask every question ``rounds`` times of the site and of the engine, in turn."""
    for round_ in range(-WARM_UP, rounds):
        for name, timing in timings.items():
            start = time.perf_counter()
            client.get("/api/v1/search/", **QUESTIONS[name])
            answered = time.perf_counter()
            for call in timing.calls:
                call()
            end = time.perf_counter()
            if round_ >= 0:
                timing.rest.append(answered - start)
                timing.engine.append(end - answered)


def _check(client: Client, timings: dict[str, Timing]) -> None:
    """See that the site answers what the engine found: a quick wrong answer is no measurement.

    Raises:
        RuntimeError: naming the question.
    """
    for name, timing in timings.items():
        count = client.json("/api/v1/search/", **QUESTIONS[name])["count"]
        if count != timing.count or not timing.calls:
            raise RuntimeError(f"{name}: the site finds {count} records, here {timing.count} are found.")


def _depth(client: Client, rounds: int) -> tuple[int, list[float], list[float]]:
    """The number of a deep page, and the seconds of the first page and of that one, asked for in turn."""
    count = client.json("/api/v1/search/", **DEEP)["count"]
    page = min(DEEP_PAGE, count // PAGE)
    passed, cursor = 0, ""
    while passed < (page - 1) * PAGE:
        size = min(STEP, (page - 1) * PAGE - passed)
        asked = {**DEEP, "size": str(size), "facets": "0", **({"cursor": cursor} if cursor else {})}
        passed += size
        cursor = site.cursor_of(client.json("/api/v1/search/", **asked))
    times: tuple[list[float], list[float]] = ([], [])
    for round_ in range(-WARM_UP, 4 * rounds):
        for further, seconds in zip(({}, {"cursor": cursor}), times, strict=True):
            start = time.perf_counter()
            client.get("/api/v1/search/", **DEEP, **further)
            if round_ >= 0:
                seconds.append(time.perf_counter() - start)
    return page, *times


_HEADS: Final = (
    *("engine", "records", "docs/s", "of bulk", "engine p50 ms", "p95", "REST p50", "p95", "ratio p95"),
    *("deep page", "its ratio", "web MB", "indexer MB", "node MB", "disk MB"),
)


def _row(cost: Cost) -> tuple[str, ...]:
    times = [f"{1000 * cost.p(side, share):.1f}" for side in ("engine", "rest") for share in (0.5, 0.95)]
    sizes = [cost.memory[name] for name in ("web", "indexer", "node")] + [cost.disk]
    return (
        *(cost.node, str(cost.size), f"{cost.rebuilt:.0f}"),
        f"{cost.rebuilt / cost.bulk:.2f}" if cost.bulk else "–",
        *times,
        f"{cost.p('rest', 0.95) / cost.p('engine', 0.95):.2f}",
        *(str(cost.page), f"{cost.depth_ratio:.2f}"),
        *(f"{size / 1e6:.0f}" if size else "–" for size in sizes),
    )


def _question_row(name: str, timing: Timing) -> tuple[str, ...]:
    figures = [report.percentile(side, share) for side in (timing.engine, timing.rest) for share in (0.5, 0.95)]
    return (name, str(timing.count), *(f"{1000 * one:.1f}" for one in figures), f"{figures[3] / figures[1]:.1f}")


def _claims(cost: Cost) -> Sequence[Claim]:
    ratio = cost.p("rest", 0.95) / cost.p("engine", 0.95)
    found = [
        Claim(f"{cost.node}: REST to raw, p95 of all questions", ratio, 1.5, "×", is_floor=False),
        Claim(f"{cost.node}: page {cost.page} to page 1, p95", cost.depth_ratio, 1.5, "×", is_floor=False),
        Claim(f"{cost.node}: rebuild", cost.rebuilt, 2_000, "documents/s", is_floor=True),
    ]
    if cost.bulk:
        of_bulk = cost.rebuilt / cost.bulk
        found.append(Claim(f"{cost.node}: rebuild to plain parallel_bulk", of_bulk, 0.8, "×", is_floor=True))
    return found


if __name__ == "__main__":
    main()

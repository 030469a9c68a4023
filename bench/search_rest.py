"""Search over the REST interface on 100,000 records, beside the engine's own time for the same compiled queries.

    python -m bench.search_rest [--records 100000] [--items 2000] [--rounds 15]

A real web server answers on loopback. What each question asks of the engine is written down once, by finding it in
this process; then the question goes to the server and its calls go straight to the engine, in turn, so that whatever
else the machine does falls on both.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command

from archive.models import Dimension, Kind
from bench.apparatus import corpus, report, site
from bench.apparatus.report import Claim
from bench.apparatus.site import Client
from search import backends, finding, rebuilding
from search.backends.base import Engine, Reader

MOST_RATIO = 3.0
WARM_UP = 3

QUESTIONS: dict[str, dict[str, str]] = {
    "everything": {},
    "a kind": {"kind": Kind.POLICY},
    "four characters, in 20 %": {"q": "闽宁协作"},
    "the same, one dimension": {"q": "闽宁协作", "dimension": Dimension.INDUSTRY},
    "the same, Traditional": {"q": "閩寧協作"},
    "two characters": {"q": "移民"},
    "a single character": {"q": "宁"},
    "three characters, in 2 %": {"q": "葡萄酒"},
    "two words": {"q": "闽宁协作 移民搬迁"},
    "a phrase in quotation marks": {"q": "“菌草技术”"},
    "a year and a word": {"q": "1997年 协作"},
    "three characters, in 0.02 %": {"q": "白内障"},
}
"""What is asked, by a name for the table: parameters of the search interface."""

Call = Callable[[], object]


class Recorder:
    """An engine that answers with another's reader and writes down what is asked of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.calls: list[Call] = []

    def __getattr__(self, name: str) -> Any:  # Any: whatever the engine has under this name
        return getattr(self._engine, name)

    def reader(self) -> "Recording | None":
        """The current generation, recorded."""
        reader = self._engine.reader()
        return None if reader is None else Recording(reader, self.calls)


class Recording:
    """A reader whose questions are written down as calls that can be made again."""

    def __init__(self, reader: Reader, calls: list[Call]) -> None:
        self._reader = reader
        self._calls = calls

    def __getattr__(self, name: str) -> Any:  # Any: whatever the reader has under this name
        method = getattr(self._reader, name)

        def recorded(*arguments: Any, **named: Any) -> Any:  # Any: handed on as they are
            self._calls.append(partial(method, *arguments, **named))
            return method(*arguments, **named)

        return recorded


@dataclass(slots=True)
class Timing:
    """One question: the records it finds, the calls it makes to the engine, and the seconds of each round."""

    count: int
    calls: list[Call]
    engine: list[float] = field(default_factory=list)
    rest: list[float] = field(default_factory=list)


def compiled(parameters: dict[str, str]) -> Timing:
    """Find once in this process and keep what was asked of the engine."""
    recorder = Recorder(backends.engine())
    filters = {name: [value] for name, value in parameters.items() if name != "q"}
    genuine = backends.engine
    backends.engine = lambda: cast(Engine, recorder)
    try:
        found = finding.find(finding.Request(q=parameters.get("q", ""), filters=filters), AnonymousUser())
    finally:
        backends.engine = genuine
    return Timing(found.count, recorder.calls)


def measure(client: Client, rounds: int) -> dict[str, Timing]:
    """Ask every question ``rounds`` times of the site and of the engine, in turn."""
    timings = {name: compiled(parameters) for name, parameters in QUESTIONS.items()}
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
    return timings


def check(client: Client, timings: dict[str, Timing]) -> None:
    """See that the site answers what the engine found: a quick wrong answer is no measurement.

    Raises:
        RuntimeError: naming the question.
    """
    for name, timing in timings.items():
        count = client.json("/api/v1/search/", **QUESTIONS[name])["count"]
        if count != timing.count or not timing.calls:
            raise RuntimeError(f"{name}: the site finds {count} records, here {timing.count} are found.")


def main() -> None:
    """Build, ask, report."""
    arguments = _arguments()
    call_command("migrate", verbosity=0)
    _timed("generated", lambda: corpus.build(arguments.records, arguments.items))
    _timed("indexed", rebuilding.rebuild)
    status = finding.status()
    print(f"  {status.records} records and {status.pages} pages in the index, in {HOME.parent}")
    with site.running() as client:
        timings = measure(client, arguments.rounds)
        check(client, timings)
    report.table(
        ("milliseconds", "records", "engine p50", "p95", "REST p50", "p95", "ratio"),
        [_row(name, timing) for name, timing in timings.items()],
    )
    rest, engine = (
        sum(report.percentile(getattr(timing, side), 0.5) for timing in timings.values()) for side in ("rest", "engine")
    )
    report.conclude(Claim("REST to engine, medians of all questions", rest / engine, MOST_RATIO, "×", is_floor=False))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=corpus.RECORDS)
    parser.add_argument("--items", type=int, default=corpus.ITEMS)
    parser.add_argument("--rounds", type=int, default=15)
    return parser.parse_args()


def _timed(done: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    print(f"  {done} in {time.perf_counter() - start:.0f} s", flush=True)


def _row(name: str, timing: Timing) -> tuple[str, ...]:
    halves = [report.percentile(side, 0.5) for side in (timing.engine, timing.rest)]
    figures = [report.percentile(side, share) * 1000 for side in (timing.engine, timing.rest) for share in (0.5, 0.95)]
    return (name, str(timing.count), *(f"{figure:.1f}" for figure in figures), f"{halves[1] / halves[0]:.1f}")


if __name__ == "__main__":
    main()

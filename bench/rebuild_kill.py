"""Kill the rebuild, the indexer and the engine while the index is built anew and the archive goes on: nothing is lost.

    python -m bench.rebuild_kill [--records 10000] [--engines tantivy,elasticsearch] [--kills 3] [--seed N]

A site answers on loopback, an indexer runs, and a writer creates, changes and withdraws records all the time. The
rebuild is killed (SIGKILL) at random moments, then the indexer during a rebuild, then, with Elasticsearch, the node
during a rebuild; it is started again after some seconds, and that rebuild must come to its end. A question is asked
every tenth of a second throughout. In the end index and database must agree to the digest.
"""

from bench.apparatus.home import HOME, PROJECT  # isort: skip  (sets Django up for all that follows)

import argparse
import multiprocessing
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from django.contrib.auth.models import AnonymousUser

from archive.models import Record
from bench.apparatus import corpus, engines, report, site, unrest
from bench.apparatus.engines import Node
from bench.apparatus.report import Claim
from bench.apparatus.site import Client
from bench.apparatus.unrest import Asker
from search import outbox

AWAY_SECONDS: Final = 6.0
"""How long the node stays dead."""

LATEST: Final = 2.5
"""Seconds within which the site must say that the engine is away."""

TIMEOUT: Final = 900
STEP: Final = 100

Row = tuple[str, ...]


def main() -> None:
    """Go through it with every engine and report."""
    arguments = _arguments()
    claims: list[Claim] = []
    for name in arguments.engines:
        corpus.take(arguments.records, arguments.records)
        own = HOME.parent / "node" if name == "elasticsearch" else None
        with engines.running(name, own) as node:
            node.use()
            print(f"\n  {name}, {arguments.records} records and pages, seed {arguments.seed}", flush=True)
            claims += endure(node, arguments.kills, random.Random(arguments.seed))
    report.conclude(*claims)


def endure(node: Node, kills: int, chance: random.Random) -> list[Claim]:
    """Kill and go on; what is claimed of the outcome."""
    start = time.monotonic()
    if _manage("rebuild").wait():
        raise RuntimeError("The first rebuild failed; its words are above.")
    length = time.monotonic() - start
    context = multiprocessing.get_context("spawn")
    stop, written = context.Event(), context.Array("q", 3)
    writer = context.Process(target=unrest.write, args=(chance.random(), stop, written), daemon=True)
    with site.running() as client, Asker(client.port) as asker:
        indexer = _manage("run")
        writer.start()
        rows = [_kill_rebuild(number, length, chance, asker) for number in range(1, kills + 1)]
        indexer.kill()
        indexer.wait()
        indexer = _manage("run")
        ended, row = _kill_indexer(length, chance, asker, indexer)
        rows.append(row)
        indexer = _manage("run")
        endings = [ended]
        if node.services is not None:
            ended, row = _kill_node(node.services, length, chance, asker)
            rows.append(row)
            endings.append(ended)
        stop.set()
        writer.join(60)
        _wait_until_caught_up()
        indexer.terminate()
        indexer.wait()
        report.table(("", "after s", "answers so far"), rows)
        differing = _differing(client)
    print(f"  written meanwhile: {written[0]} created, {written[1]} changed, {written[2]} withdrawn")
    verified = _manage("verify", "--no-repair").wait()
    return _claims(node.name, asker, verified, differing, sum(row[1] != "–" for row in rows), len(rows), endings)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--engines", type=lambda text: text.split(","), default=list(engines.NAMES))
    parser.add_argument("--kills", type=int, default=3, help="kills of the rebuild")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    return parser.parse_args()


def _manage(verb: str, *options: str) -> "subprocess.Popen[bytes]":
    """A process of ``manage.py index``; what it says goes to a log, for `verify` to the screen."""
    command = [sys.executable, "manage.py", "index", verb, *options]
    if verb == "verify":
        return subprocess.Popen(command, cwd=PROJECT)
    with (HOME / f"{verb}.log").open("ab") as log:
        return subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)


def _at_random(process: "subprocess.Popen[bytes]", length: float, chance: random.Random) -> float | None:
    """Wait for a random moment of a rebuild; the seconds, or nothing where it had ended by then."""
    seconds = chance.uniform(0.1, 0.8) * length
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return seconds
    return None


def _kill_rebuild(number: int, length: float, chance: random.Random, asker: Asker) -> Row:
    rebuild = _manage("rebuild")
    moment = _at_random(rebuild, length, chance)
    rebuild.kill()
    rebuild.wait()
    return _row(f"rebuild killed, {number}", moment, asker)


def _kill_indexer(
    length: float, chance: random.Random, asker: Asker, indexer: "subprocess.Popen[bytes]"
) -> tuple[int, Row]:
    rebuild = _manage("rebuild")
    moment = _at_random(rebuild, length, chance)
    indexer.kill()
    indexer.wait()
    return _end(rebuild), _row("indexer killed during a rebuild", moment, asker)


def _kill_node(services: Path, length: float, chance: random.Random, asker: Asker) -> tuple[int, Row]:
    rebuild = _manage("rebuild")
    moment = _at_random(rebuild, length, chance)
    engines.kill(services)
    time.sleep(AWAY_SECONDS)
    engines.start(services)
    return _end(rebuild), _row("node killed during a rebuild", moment, asker)


def _end(rebuild: "subprocess.Popen[bytes]") -> int:
    """Wait for a rebuild to end by itself; of one that failed, say its last words."""
    status = rebuild.wait(TIMEOUT)
    if status:
        said = (HOME / "rebuild.log").read_text(errors="replace").splitlines()
        print(f"  a rebuild ended with {status}: {' / '.join(said[-3:])}")
    return status


def _row(what: str, moment: float | None, asker: Asker) -> Row:
    return what, "–" if moment is None else f"{moment:.1f}", str(len(asker.answers))


def _wait_until_caught_up() -> None:
    end = time.monotonic() + TIMEOUT
    while outbox.is_waiting():
        if time.monotonic() > end:
            raise TimeoutError(f"{outbox.pending()} operations still wait; see {HOME / 'run.log'}")
        time.sleep(0.2)


def _differing(client: Client) -> int:
    """How many public records a query does not find, or others it finds: of all, and of what was written."""
    public = Record.objects.visible_to(AnonymousUser())
    wanted = {
        "": set(public.values_list("ark", flat=True)),
        unrest.MARK: set(public.filter(title_zh__contains=unrest.MARK).values_list("ark", flat=True)),
    }
    return sum(len(_found(client, q) ^ arks) for q, arks in wanted.items())


def _found(client: Client, q: str) -> set[str]:
    """The ARK names of everything that a query finds, page after page."""
    found: set[str] = set()
    asked = {"size": str(STEP), "facets": "0", **({"q": q} if q else {})}
    cursor = ""
    while True:
        answer = client.json("/api/v1/search/", **asked, **({"cursor": cursor} if cursor else {}))
        found.update(site.ark_of(hit) for hit in answer["results"])
        cursor = site.cursor_of(answer)
        if not cursor:
            return found


def _claims(
    name: str, asker: Asker, verified: int, differing: int, hit: int, kills: int, endings: list[int]
) -> list[Claim]:
    good = [answer for answer in asker.answers if answer.status == 200]
    away = [answer for answer in asker.answers if answer.is_problem and answer.seconds <= LATEST]
    slowest = max((answer.seconds for answer in good), default=0.0)
    print(f"  {len(asker.answers)} questions: {len(good)} answered, the slowest in {slowest:.2f} s;", end=" ")
    print(f"{len(away)} told that the engine is away")
    for answer in asker.answers:
        if answer not in good and answer not in away:
            print(f"  ! after {answer.seconds:.2f} s: {answer.status} {answer.words}")
    bad = len(asker.answers) - len(good) - len(away)
    return [
        Claim(f"{name}: kills that found work under way", hit, kills, "", is_floor=True),
        Claim(f"{name}: rebuilds that went on to their end", endings.count(0), len(endings), "", is_floor=True),
        Claim(f"{name}: questions without an answer", bad, 0, "", is_floor=False),
        Claim(f"{name}: records that differ by key or digest (status of verify)", verified, 0, "", is_floor=False),
        Claim(f"{name}: records found or missing wrongly", differing, 0, "", is_floor=False),
    ]


if __name__ == "__main__":
    main()

"""Loading the sample: records per second with evidence, audit and index, beside a plain write of as many bare rows.

The image files that the loader hands to the digitisation afterwards are timed apart: they are files, not records.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import transaction

from archive.models import AuditEvent, Evidence, Kind, Record
from archive.signals import records_changed
from bench.apparatus import report
from bench.apparatus.report import Claim
from media.models import DigitalObject
from sample import loading
from search import finding, indexing

RECORDS_PER_SECOND = 300


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def load() -> tuple[float, float]:
    """Load the sample: the seconds until all rows were committed, and those for the image files after that."""
    commits: list[float] = []

    def note(**_signal: Any) -> None:  # Any: what Django adds to every signal
        transaction.on_commit(lambda: commits.append(time.perf_counter()))

    records_changed.connect(note)
    start = time.perf_counter()
    loading.load()
    end = time.perf_counter()
    return commits[0] - start, end - commits[0]


def bare_rows(count: int) -> float:
    """Seconds for as many records with a title and nothing else, in one transaction that is undone."""

    def write() -> None:
        Record.objects.bulk_create(
            [Record(kind=Kind.EVENT, ark=f"bare{number}", title_zh=f"记录{number}") for number in range(count)],
            batch_size=500,
        )

    with transaction.atomic():
        seconds = timed(write)
        transaction.set_rollback(True)
    return seconds


def main() -> None:
    """Load, index, compare, report."""
    call_command("migrate", verbosity=0)
    loaded, images = load()
    indexed = timed(indexing.drain)
    records = Record.objects.count()
    bare = bare_rows(records)
    status = finding.status()
    print(f"  A fresh SQLite file in {HOME.parent}")
    for name, model in (("evidence", Evidence), ("audit events", AuditEvent), ("image files", DigitalObject)):
        print(f"  {name}: {model._default_manager.count()}")
    print(f"  records: {records}, in the index: {status.records}, waiting: {status.pending}")
    stages = {
        "records, evidence, audit": loaded,
        "index": indexed,
        "both": loaded + indexed,
        "bare rows, one bulk_create": bare,
    }
    report.table(("", "seconds", "records/s"), [(n, f"{s:.2f}", f"{records / s:.0f}") for n, s in stages.items()])
    print(f"  ratio to bare rows: {(loaded + indexed) / bare:.1f}")
    print(f"  besides, image files checked and kept: {images:.2f} s")
    report.conclude(
        Claim("loading the sample", records / (loaded + indexed), RECORDS_PER_SECOND, "records/s", is_floor=True),
        Claim("records without a document in the index", records - status.records, 0, "", is_floor=False),
    )


if __name__ == "__main__":
    main()

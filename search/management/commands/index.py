"""Keep, build, compare and describe the search index."""

import signal
import threading
import time
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import ArchiveError
from search import backends, indexing, outbox, rebuilding, state
from search.schema import Index

REPORT_SECONDS: Final = 1.0


class Command(BaseCommand):
    """The verbs of the index: run, drain, rebuild, verify, status."""

    help = "Search index: run the indexer, drain the outbox once, rebuild, verify against the database, show the state."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument("verb", choices=("run", "drain", "rebuild", "verify", "status"))
        parser.add_argument(
            "--no-repair", action="store_true", help="verify: only say what differs, do not have it indexed again"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Do it, and say what was done."""
        verbs = {
            "run": self._run,
            "drain": self._drain,
            "rebuild": self._rebuild,
            "verify": lambda: self._verify(repair=not options["no_repair"]),
            "status": self._status,
        }
        try:
            verbs[options["verb"]]()
        except ArchiveError as fault:
            raise CommandError(fault.message) from fault

    def _run(self) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: stop.set())
        self._say(_("The indexer is running."))
        indexing.run(stop)
        self._say(_("The indexer has stopped."))

    def _drain(self) -> None:
        self._say(_("%(number)d operations applied.") % {"number": indexing.drain()})

    def _rebuild(self) -> None:
        begun, told = time.monotonic(), 0.0

        def report(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told >= REPORT_SECONDS or done == total:
                told = time.monotonic()
                self._say(_("%(done)d of %(total)d records") % {"done": done, "total": total})

        rebuilding.rebuild(report)
        index = state.status()
        self._say(
            _("The index was rebuilt in %(seconds).1f seconds: %(records)d records, %(pages)d pages.")
            % {"seconds": time.monotonic() - begun, "records": index.records, "pages": index.pages}
        )

    def _verify(self, *, repair: bool) -> None:
        if not backends.engine().current():
            raise CommandError(_("There is no index yet. Build it: manage.py index rebuild."))
        faults = 0
        for index in Index:
            found = rebuilding.compare(index)
            faults += found.faults
            self._say(
                _("%(index)s: %(compared)d compared, %(missing)d missing, %(extra)d too many, %(different)d different")
                % {
                    "index": index.value,
                    "compared": found.compared,
                    "missing": len(found.missing),
                    "extra": len(found.extra),
                    "different": len(found.different),
                }
            )
            if repair and found.faults:
                rebuilding.repair(index, found)
        if faults and repair:
            self._say(_("Noted for the indexer: %(number)d operations wait.") % {"number": outbox.pending()})
        elif faults:
            raise CommandError(_("The index and the database differ."))

    def _status(self) -> None:
        index = state.status()
        self._say(
            _(
                "%(records)d records and %(pages)d pages indexed; %(pending)d operations wait, "
                "the oldest for %(seconds)d seconds."
            )
            % {
                "records": index.records,
                "pages": index.pages,
                "pending": index.pending,
                "seconds": round(index.behind_seconds),
            }
        )
        self._say(_("An indexer is alive.") if index.indexer_alive else _("No indexer is alive: manage.py index run."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

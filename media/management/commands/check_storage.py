"""Say whether what is stored and what is written of it agree."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from media import stocktaking


class Command(BaseCommand):
    """Prints a report as JSON; the exit status is 1 where anything is wrong."""

    help = (
        "Compare the file storage with the database, both ways: files that no row knows, rows whose file is missing, "
        "sizes that differ. Prints JSON; exits 1 if anything is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How thoroughly, and whether to tidy up."""
        parser.add_argument("--digests", action="store_true", help="read every original and compute its SHA-512 anew")
        parser.add_argument(
            "--remove-orphans",
            action="store_true",
            help="remove derived files and staged bytes that nobody knows; originals are never removed",
        )
        parser.add_argument(
            "--settled",
            type=float,
            default=stocktaking.SETTLED_SECONDS,
            metavar="SECONDS",
            help="leave younger files that no row knows out of the count (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Take stock, tidy up if asked to, report."""
        stock = stocktaking.take(with_digests=options["digests"], settled=options["settled"])
        removed = stocktaking.remove(stock) if options["remove_orphans"] else 0
        faults = stock.faults
        if removed:
            faults = tuple(fault for fault in faults if fault.kind not in stocktaking.REMOVABLE)
        report = {
            "originals": stock.originals,
            "bytes": stock.original_bytes,
            "derived": stock.derived,
            "digests_computed": stock.digests,
            "removed": removed,
            "faults": [asdict(fault) for fault in faults],
        }
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        if faults:
            sys.exit(1)

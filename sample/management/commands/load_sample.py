"""Load the sample archive."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from media.ingest import Result
from sample import loading


class Command(BaseCommand):
    """Load facts, evidence and catalogue, and hand the sheets to the digitisation."""

    help = "Load the sample archive (公开资料摘编样例); what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Load and say what was new."""
        start = time.monotonic()
        loaded = loading.load()
        seconds = time.monotonic() - start
        if not loaded.records and not loaded.sheets:
            self.stdout.write("The sample archive is loaded already.")
            return
        received = sum(outcome.result == Result.RECEIVED for outcome in loaded.sheets)
        self.stdout.write(
            f"Loaded {loaded.records} records, {loaded.units} of them units, and {received} image files "
            f"in {seconds:.1f} s."
        )
        faults = [outcome.message for outcome in loaded.sheets if outcome.result == Result.REFUSED]
        if faults:
            raise CommandError("\n".join(faults))

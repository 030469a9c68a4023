"""Take scans in from the command line, and show how their digitisation goes on."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive import lookup
from archive.models import Batch, Unit
from core.errors import ArchiveError
from media import ingest, jobs
from media.ingest import Outcome, Result
from media.jobs import Progress
from media.models import Job, JobStep, State

LOOK_SECONDS = 0.5


class Command(BaseCommand):
    """Each file gets its sentence; one that is refused never stops the others."""

    help = "Take files and folders into a unit; --wait stays until they are digitised. Exits 1 if any file failed."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to take in, and where to."""
        parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="files, or folders with all in them")
        parser.add_argument("--unit", required=True, metavar="档号", help="reference code of the unit")
        parser.add_argument("--wait", action="store_true", help="stay until the files are digitised")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Take in, report, and wait if asked to."""
        try:
            unit = lookup.unit_by_code(options["unit"])
            files = ingest.files_in(options["paths"])
        except ArchiveError as fault:
            raise CommandError(fault.message) from fault
        if not files:
            raise CommandError(_("There are no files in what was named. Name files, or a folder that holds some."))
        outcomes = self._take_in(files, unit)
        refused = sum(outcome.result == Result.REFUSED for outcome in outcomes)
        failed = self._wait(outcomes) if options["wait"] else 0
        if refused or failed:
            raise CommandError(
                _("Files refused: %(refused)d. Files that could not be digitised: %(failed)d.")
                % {"refused": refused, "failed": failed}
            )

    def _take_in(self, files: Sequence[Path], unit: Unit) -> list[Outcome]:
        label = f"{files[0].parent.name}/{files[0].name}"[:200]
        batch = Batch.objects.create(type=Batch.Type.INGEST, label=label)
        outcomes = []
        arrivals = (ingest.from_path(path) for path in files)
        for number, outcome in enumerate(ingest.ingest_many(arrivals, unit=unit, by=None, batch=batch), start=1):
            style = self.style.ERROR if outcome.result == Result.REFUSED else str
            self.stdout.write(style(f"[{number}/{len(files)}] {outcome.message}"))
            outcomes.append(outcome)
        if not any(outcome.result == Result.RECEIVED for outcome in outcomes):
            batch.delete()
        return outcomes

    def _wait(self, outcomes: Sequence[Outcome]) -> int:
        """Show the progress until nothing is left to do; the number of files that failed."""
        ours = list(Job.objects.filter(digital_object__in=[o.digital_object for o in outcomes if o.digital_object]))
        told = ""
        while ours:
            progress = jobs.overview(ours)
            line = _line(progress)
            if line != told:
                self._show(line, is_last=progress.is_finished)
                told = line
            if progress.is_finished:
                break
            time.sleep(LOOK_SECONDS)
        failed = JobStep.objects.filter(job__in=ours, state=State.FAILED).select_related("job__digital_object", "page")
        for step in failed:
            place = _("page %(number)d") % {"number": step.page.number} if step.page else _("the whole file")
            name = step.job.digital_object.original_name
            self.stderr.write(f"“{name}”, {place}, {step.get_name_display()}: {step.error}")
        return len({step.job_id for step in failed})

    def _show(self, line: str, *, is_last: bool) -> None:
        """On a terminal one line that changes; elsewhere a line for every change."""
        if sys.stdout.isatty():
            self.stdout.write(f"\r\033[K{line}", ending="\n" if is_last else "")
        else:
            self.stdout.write(line)
        self.stdout.flush()


def _line(progress: Progress) -> str:
    line = _("Pages with images %(images)d/%(total)d, with text %(texts)d/%(total)d") % {
        "images": progress.pages_with_image,
        "texts": progress.pages_done,
        "total": progress.pages_total,
    }
    if progress.steps_failed:
        line += _("; failed: %(failed)d") % {"failed": progress.steps_failed}
    if progress.needs_worker:
        line += _("; no worker is running: start one with “manage.py serve”")
    elif progress.minutes_left is not None:
        minutes = progress.minutes_left
        line += ngettext("; about %(minutes)d minute left", "; about %(minutes)d minutes left", minutes) % {
            "minutes": minutes
        }
    return line

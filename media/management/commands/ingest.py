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
from archive.models import Batch
from core.errors import ArchiveError
from media import jobs
from media.ingest import Outcome, Result
from media.intake import plan, reporting, take
from media.intake.delivery import Plan
from media.intake.findings import Code, Finding
from media.jobs import Progress
from media.models import Job, JobStep, State

LOOK_SECONDS = 0.5


class Command(BaseCommand):
    """Each file gets its sentence; one that is refused never stops the others."""

    help = (
        "Take files and folders into a unit, or with --by-names into the units that their folders and names say. "
        "--dry-run writes nothing; --report FILE writes what was found as CSV or JSON; --wait stays until the files "
        "are digitised. Exits 1 if any file was refused or failed. After an interruption simply run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to take in, and where to."""
        parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="files, or folders with all in them")
        parser.add_argument(
            "--unit",
            metavar="档号",
            help="reference code of the unit; with --by-names of the unit above all that must have their files",
        )
        parser.add_argument(
            "--by-names",
            action="store_true",
            help="match folders and names (<reference code>-<page>) with the catalogue",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be taken in, and write nothing")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the findings to a .csv or .json file")
        parser.add_argument("--wait", action="store_true", help="stay until the files are digitised")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Match, report, take in, and wait if asked to."""
        try:
            outline = self._plan(options["paths"], options["unit"], by_names=options["by_names"])
            if options["report"] is not None:
                _write_report(outline, options["report"])
            if options["dry_run"]:
                self._tell_plan(outline)
                return
            label = f"{options['paths'][0].resolve().name}"
            batch = take.open_batch(outline, label=label, by=None)
        except ArchiveError as fault:
            raise CommandError(fault.message) from fault
        outcomes, refused = self._take_in(outline, batch)
        ours = [*outline.there, *(outcome.digital_object.pk for outcome in outcomes if outcome.digital_object)]
        failed = self._wait(ours) if options["wait"] else 0
        if refused or failed:
            raise CommandError(
                _("Files refused: %(refused)d. Files that could not be digitised: %(failed)d.")
                % {"refused": refused, "failed": failed}
            )

    def _plan(self, paths: Sequence[Path], code: str | None, *, by_names: bool) -> Plan:
        if not code and not by_names:
            raise CommandError(_("Say where the files belong: --unit with a reference code, or --by-names."))
        unit = lookup.unit_by_code(code) if code else None
        entries = plan.entries_in(paths)
        if not entries:
            raise CommandError(_("There are no files in what was named. Name files, or a folder that holds some."))
        return plan.draw_up(entries, scope=unit) if by_names else plan.draw_up(entries, unit=unit)

    def _tell_plan(self, outline: Plan) -> None:
        """What would be taken in, and every finding."""
        for finding in outline.findings:
            self._tell(finding)
        self.stdout.write(
            _("Files: %(total)d. To be taken in: %(taken)d, into units: %(units)d. Left out: %(left)d.")
            % {
                "total": outline.total,
                "taken": len(outline.files),
                "units": outline.unit_count,
                "left": outline.left_out,
            }
        )

    def _tell(self, finding: Finding) -> None:
        style = self.style.ERROR if finding.stops_file else self.style.WARNING
        what = finding.file or finding.unit
        self.stdout.write(style(f"“{what}”: {finding.message} {finding.remedy}"))

    def _take_in(self, outline: Plan, batch: Batch) -> tuple[list[Outcome], int]:
        """Take the plan in, a sentence for each file; the outcomes, and how many files were refused."""
        outcomes: list[Outcome] = []
        refused = 0
        for finding in outline.findings:
            self._tell(finding)
            refused += finding.stops_file and finding.code != Code.ALREADY_THERE
        for number, outcome in enumerate(take.take(outline, batch=batch, by=None), start=1):
            style = self.style.ERROR if outcome.result == Result.REFUSED else str
            self.stdout.write(style(f"[{number}/{len(outline.files)}] {outcome.message}"))
            refused += outcome.result == Result.REFUSED
            outcomes.append(outcome)
        if not batch.digital_objects.exists():
            batch.delete()
        return outcomes, refused

    def _wait(self, keys: Sequence[int]) -> int:
        """Show the progress until nothing is left to do; the number of files that failed."""
        ours = list(Job.objects.filter(digital_object__in=keys))
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


def _write_report(outline: Plan, path: Path) -> None:
    text = reporting.as_json(outline) if path.suffix.lower() == ".json" else reporting.as_csv(outline)
    try:
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
    except OSError as fault:
        raise CommandError(
            _("The report %(path)s cannot be written (%(reason)s).") % {"path": path, "reason": fault.strerror}
        ) from fault


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

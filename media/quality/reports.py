"""The report of a lot as a table: what was checked, what was found, what people said; as CSV, and for the PDF."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.text import inert
from media.models import Finding, Lot
from media.quality import lots
from media.quality.limits import LIMITS, PROJECT, limit_of


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the report: its heading, the names of its columns with their shares of the width, its rows."""

    heading: str
    columns: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]


def tables(lot: Lot) -> list[Table]:
    """The whole report of a lot."""
    return [_summary(lot), _by_measure(lot), _sample(lot), _errors(lot)]


def as_csv(lot: Lot) -> str:
    """The report for a spreadsheet: the tables one below the other, with a byte order mark; no cell is a formula."""
    stream = io.StringIO()
    stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n")
    for table in tables(lot):
        writer.writerow([safe(table.heading)])
        if any(table.columns):
            writer.writerow([safe(cell) for cell in table.columns])
        writer.writerows([[safe(cell) for cell in row] for row in table.rows])
        writer.writerow([])
    return stream.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; negative numbers stay numbers."""
    return cell if cell.removeprefix("-").replace(".", "", 1).isdecimal() else inert(cell)


def measure_text(finding: Finding) -> str:
    """The measure with its unit, as it is written beside its limit."""
    if finding.measure is None:
        return ""
    number = f"{finding.measure:.2f}".rstrip("0").rstrip(".") if finding.measure % 1 else f"{finding.measure:.0f}"
    unit = "" if finding.measured_in in {"n", "JPEG"} else finding.measured_in
    return f"{number}{'' if unit in {'%', '°', ''} else ' '}{unit}"


def limit_text(finding: Finding) -> str:
    """The limit that was passed, with what it is: at least, or at most."""
    if finding.limit is None:
        return ""
    known = limit_of(finding.code)
    sign = "≥" if known is not None and known.is_least else "≤"
    return f"{sign} {finding.limit:g}"


def title_of(finding: Finding) -> str:
    """What was found, in words; the code itself where another part gave it."""
    known = limit_of(finding.code)
    return str(known.title) if known is not None else finding.code


def _summary(lot: Lot) -> Table:
    found = lots.standing(lot)
    verdict = {None: _("Not signed yet"), True: _("Passed"), False: _("Not passed")}[lot.is_passed]
    rows = [
        (_("Batch"), str(lot.batch)),
        (_("Received"), _moment(lot.batch.created_at)),
        (_("Pages in the batch"), str(lot.pages_in_batch)),
        (_("Seed of the sample"), str(lot.seed)),
        (_("Drawn"), _moment(lot.drawn_at)),
        (_("Drawn by"), lot.drawn_by.get_username() if lot.drawn_by else ""),
        (_("Pages drawn"), f"{found.drawn} ({100 * found.drawn / max(lot.pages_in_batch, 1):.1f} %)"),
        (_("Judged"), str(found.judged)),
        (_("Good"), f"{found.good} ({found.percent_good:.1f} %)"),
        (_("At least good"), f"{100 * lots.LEAST_GOOD:.0f} %"),
        (_("Errors that are not decided"), str(found.open_errors)),
        (_("Errors that were confirmed"), str(found.confirmed)),
        (_("Result"), verdict),
        (_("Signed by"), lot.signed_by.get_username() if lot.signed_by else ""),
        (_("Signed"), _moment(lot.signed_at) if lot.signed_at else ""),
        (_("Note"), lot.note),
    ]
    return Table(_("Acceptance of a batch of scans"), ("", ""), (30, 70), rows)


def _by_measure(lot: Lot) -> Table:
    counted: dict[tuple[str, str], int] = {}
    for row in lots.findings_of(lot.batch).order_by().values("code", "decision").annotate(count=Count("pk")):
        counted[row["code"], row["decision"]] = row["count"]
    rows = []
    for code, limit in LIMITS.items():
        unit = {"n": "", "JPEG": _("JPEG quality")}.get(limit.measured_in, limit.measured_in)
        value = f"{'≥' if limit.is_least else '≤'} {limit.value:g} {unit}" if limit.value is not None else ""
        source = limit.source.replace(PROJECT, _("house rule"))
        counts = [str(counted.get((code, decision), 0)) for decision in Finding.Decision.values]
        rows.append((limit.rule, str(limit.title), value.strip(), str(limit.severity.label), source, *counts))
    columns = (
        _("Rule"),
        _("What was measured"),
        _("Limit"),
        _("Severity"),
        _("Source"),
        *(str(label) for label in Finding.Decision.labels),
    )
    return Table(_("Measured on every page"), columns, (8, 30, 13, 13, 15, 7, 7, 7), rows)


def _sample(lot: Lot) -> Table:
    verdicts = {None: _("Not judged"), True: _("Good"), False: _("To be scanned again")}
    drawn = lot.drawn.select_related("page__unit", "page__digital_object", "page__judged_by")
    rows = [
        (
            row.page.unit.reference_code,
            str(row.page.number),
            row.page.digital_object.original_name,
            verdicts[row.is_good],
            row.page.judged_by.get_username() if row.page.judged_by and row.is_good is not None else "",
            row.note,
        )
        for row in drawn
    ]
    columns = (_("Reference code"), _("Page"), _("File name"), _("Verdict"), _("Judged by"), _("Note"))
    return Table(_("The sample"), columns, (24, 7, 30, 15, 12, 12), rows)


def _errors(lot: Lot) -> Table:
    rows = list(_error_rows(lot))
    columns = (
        _("Reference code"),
        _("Page"),
        _("Rule"),
        _("Error"),
        _("Measure"),
        _("Limit"),
        _("Decision"),
        _("Decided by"),
    )
    return Table(_("Errors found by machine"), columns, (20, 6, 7, 28, 10, 9, 10, 10), rows)


def _error_rows(lot: Lot) -> Iterator[Sequence[str]]:
    errors = lots.findings_of(lot.batch).filter(severity=Finding.Severity.ERROR)
    for finding in errors.select_related("digital_object__unit", "page__unit", "decided_by"):
        unit = finding.page.unit if finding.page else finding.digital_object.unit
        yield (
            unit.reference_code,
            str(finding.page.number) if finding.page else "",
            finding.rule,
            title_of(finding),
            measure_text(finding),
            limit_text(finding),
            str(finding.get_decision_display()),
            finding.decided_by.get_username() if finding.decided_by else "",
        )


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")

"""Records as rows of a table, for spreadsheets: CSV and XLSX.

What a cell shows passes the same gate as the record's page: agents and places that the reader may not see are left out.
"""

import csv
import io
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Final

from django.conf import settings
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from archive.models import Kind, Location, Participation, Reader, Record, in_english
from archive.models.records import visible
from core.text import inert

Cell = str | Decimal | None
"""Text, a sum in yuan, or nothing."""

BYTE_ORDER_MARK: Final = "\ufeff"
"""By it Excel knows that a CSV file is UTF-8."""

BLOCK: Final = 64 * 1024
"""Bytes of a finished file that are handed on at a time."""

MOST_ROWS: Final = 1_048_576 - 1
"""Rows of a worksheet of Excel below the headings."""

_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0, and with it XLSX, cannot hold."""

_WIDTHS: Final = (22, 12, 50, 50, 18, 18, 20, 20, 24, 20, 18, 24, 36, 80, 48)
_DETAILS: Final = (Kind.UNIT, Kind.POLICY, Kind.FUNDING, Kind.PROJECT)
_SEPARATOR: Final = "; "

Links = QuerySet[Location] | QuerySet[Participation]


def headings() -> list[str]:
    """The names of the columns in the language of the interface."""
    return [
        _("ARK"),
        _("Kind"),
        _("Title"),
        _("Title in English"),
        _("Date as written"),
        _("Date (EDTF)"),
        _("Dimension"),
        _("Mechanism"),
        _("Reference code"),
        _("Document number"),
        _("Amount in yuan"),
        _("Place"),
        _("Agent"),
        _("Summary"),
        _("Address"),
    ]


def rows(records: Sequence[Record], reader: Reader) -> list[list[Cell]]:
    """One row for each record, under the headings; at most nine queries, however many records."""
    prefetch_related_objects(records, "classifications")
    for kind in _DETAILS:
        prefetch_related_objects([record for record in records if record.kind == kind], kind.value)
    keys = [record.pk for record in records]
    places = _titles(Location.objects.filter(visible(reader, through="place__"), record__in=keys), "place")
    agents = _titles(Participation.objects.filter(visible(reader, through="agent__"), record__in=keys), "agent")
    return [_row(record, places[record.pk], agents[record.pk]) for record in records]


def csv_text(found: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV (RFC 4180); text that a spreadsheet would run as a formula is kept from it by an apostrophe."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in found)
    return text.getvalue()


def xlsx(chunks: Iterable[Sequence[Record]], reader: Reader) -> Iterator[bytes]:
    """A workbook with one sheet, piece by piece; the rows are written to a temporary file as they come."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("Records"))
    sheet.freeze_panes = "A2"
    for number, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings()])
    for chunk in chunks:
        for row in rows(chunk, reader):
            sheet.append([_cell(sheet, cell) for cell in row])
    with tempfile.TemporaryFile() as file:
        workbook.save(file)
        file.seek(0)
        yield from _blocks(file)


def _row(record: Record, places: Sequence[str], agents: Sequence[str]) -> list[Cell]:
    code, document_number, amount = _particulars(record)
    return [
        record.ark_text,
        str(record.get_kind_display()),
        _clean(record.title_zh),
        _clean(record.title_en),
        _clean(record.date_expression),
        record.date_edtf,
        _SEPARATOR.join(str(dimension.label) for dimension in record.dimensions),
        _SEPARATOR.join(str(mechanism.label) for mechanism in record.mechanisms),
        _clean(code),
        _clean(document_number),
        amount,
        _clean(_SEPARATOR.join(places)),
        _clean(_SEPARATOR.join(agents)),
        _clean(record.summary),
        f"{settings.ARCHIVE_PUBLIC_URL}{record.get_absolute_url()}",
    ]


def _particulars(record: Record) -> tuple[str, str, Decimal | None]:
    """Reference code, document number and sum in yuan, of the kinds that have them."""
    match record.kind:
        case Kind.UNIT:
            return record.unit.reference_code, record.unit.document_number, None
        case Kind.POLICY:
            return "", record.policy.document_number, None
        case Kind.FUNDING:
            return "", "", record.funding.amount
        case Kind.PROJECT:
            return "", "", record.project.investment
        case _:
            return "", "", None


def _titles(found: Links, end: str) -> dict[int, list[str]]:
    """The names of the authorities at the other end of such rows, each once, by record."""
    english = in_english()
    named: dict[int, list[str]] = defaultdict(list)
    columns = found.order_by("pk").values_list("record", f"{end}__title_zh", f"{end}__title_en")
    for key, title_zh, title_en in columns:
        title = title_en if english and title_en else title_zh
        if title not in named[key]:
            named[key].append(title)
    return named


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _harmless(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else f"{cell:f}"
    return inert(cell)


def _cell(sheet: WriteOnlyWorksheet, content: Cell, *, bold: bool = False) -> SheetCell:
    """A cell whose text stays text, whatever it begins with; a number is a double, as everywhere in Excel."""
    cell = WriteOnlyCell(sheet, float(content) if isinstance(content, Decimal) else content)
    if isinstance(content, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block

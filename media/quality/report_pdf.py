"""The report of a lot as a PDF that can be printed, signed by hand and filed.

Chinese is set in STSong-Light, one of the typefaces that readers of PDF provide themselves (PDF 32000-1, 9.7.5.2:
character collection Adobe-GB1, predefined CMap GBK-EUC-H, in which Latin letters and digits are half as wide as Han).
Nothing has to be installed or embedded; a table for ToUnicode makes the text searchable everywhere.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from media.models import Lot
from media.quality.reports import Table, tables

_WIDTH, _HEIGHT = 842.0, 595.0  # points: A4 lying
_MARGIN: Final = 42.0
_SIZE, _LEADING = 8.5, 12.0
_HEADING: Final = 12.0
_PADDING: Final = 3.0
_MISSING: Final = "〓"
"""Stands for a character that the collection does not hold, as in print."""

_CODEC: Final = "gbk"
_MOST_PER_BLOCK: Final = 100


@dataclass(slots=True)
class _Sheets:
    """The content streams of the pages as they fill, and the characters that were set."""

    streams: list[list[str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    y: float = 0.0

    def room_for(self, height: float) -> bool:
        """Whether that much is left above the lower margin."""
        return bool(self.streams) and self.y - height >= _MARGIN

    def begin(self) -> None:
        """A new page."""
        self.streams.append([])
        self.y = _HEIGHT - _MARGIN

    def text(self, x: float, y: float, words: str, size: float) -> None:
        """Set a line from its left end."""
        self.used.update(words)
        self.streams[-1].append(f"BT /F {size:g} Tf {x:.2f} {y:.2f} Td <{words.encode(_CODEC).hex()}> Tj ET")

    def rule(self, y: float, weight: float) -> None:
        """A line across the page."""
        self.streams[-1].append(f"{weight:g} w {_MARGIN:g} {y:.2f} m {_WIDTH - _MARGIN:g} {y:.2f} l S")


def make(lot: Lot) -> bytes:
    """The report of a lot, A4 lying."""
    parts = tables(lot)
    sheets = _Sheets()
    for table in parts:
        _lay(sheets, table)
    _number(sheets)
    return _document(sheets, parts[0].heading)


def wrapped(words: str, width: float, size: float) -> list[str]:
    """Lines that are no wider than ``width`` points; broken anywhere in Chinese, elsewhere between words."""
    most = max(2, int(width / size * 2))
    lines: list[str] = []
    for paragraph in words.splitlines() or [""]:
        line, used = "", 0
        for piece in _pieces(paragraph, most):
            breadth = _breadth(piece)
            if used + breadth > most and line:
                lines.append(line.rstrip())
                line, used = "", 0
                piece = piece.lstrip()
                breadth = _breadth(piece)
            line, used = line + piece, used + breadth
        lines.append(line.rstrip())
    return lines


def _pieces(words: str, most: int) -> Iterator[str]:
    """What is not divided: single Han characters, and words that fit on a line."""
    word = ""
    for character in words:
        if character.isascii() and not character.isspace() and _breadth(word) < most - 1:
            word += character
            continue
        if word:
            yield word
            word = ""
        if character.isascii() and not character.isspace():
            word = character
        else:
            yield character
    if word:
        yield word


def _breadth(words: str) -> int:
    """In halves of a Han character."""
    return sum(1 if character.isascii() else 2 for character in words)


def _settable(words: str) -> str:
    """The words in characters that the collection holds."""
    return "".join(c if c == "\n" or (c.isprintable() and _is_known(c)) else _MISSING for c in words)


def _is_known(character: str) -> bool:
    try:
        character.encode(_CODEC)
    except UnicodeEncodeError:
        return False
    return True


def _lay(sheets: _Sheets, table: Table) -> None:
    """Lay a table out, its heading and the names of its columns again on every page."""
    head = 2 * _LEADING + _HEADING
    if not sheets.room_for(head + 3 * _LEADING):
        sheets.begin()
    _begin_table(sheets, table)
    if not table.rows:
        sheets.text(_MARGIN + _PADDING, sheets.y - _LEADING + _PADDING, "—", _SIZE)
        sheets.y -= _LEADING
    for row in table.rows:
        cells = _cells(table, row)
        height = max(len(cell) for cell in cells) * _LEADING
        if not sheets.room_for(height):
            sheets.begin()
            _begin_table(sheets, table)
        _set_row(sheets, table, cells)
        sheets.rule(sheets.y, 0.25)
    sheets.y -= 2 * _LEADING


def _begin_table(sheets: _Sheets, table: Table) -> None:
    sheets.text(_MARGIN, sheets.y - _HEADING, _settable(table.heading), _HEADING)
    sheets.y -= _HEADING + _LEADING
    if any(table.columns):
        _set_row(sheets, table, _cells(table, table.columns))
    sheets.rule(sheets.y, 0.75)


def _cells(table: Table, row: Sequence[str]) -> list[list[str]]:
    return [
        wrapped(_settable(cell), width - 2 * _PADDING, _SIZE) for cell, width in zip(row, _widths(table), strict=True)
    ]


def _widths(table: Table) -> list[float]:
    whole = _WIDTH - 2 * _MARGIN
    return [whole * share / sum(table.widths) for share in table.widths]


def _set_row(sheets: _Sheets, table: Table, cells: Sequence[Sequence[str]]) -> None:
    x = _MARGIN
    for lines, width in zip(cells, _widths(table), strict=True):
        for number, line in enumerate(lines):
            if line:
                sheets.text(x + _PADDING, sheets.y - (number + 1) * _LEADING + _PADDING, line, _SIZE)
        x += width
    sheets.y -= max(len(lines) for lines in cells) * _LEADING


def _number(sheets: _Sheets) -> None:
    total = len(sheets.streams)
    for number, stream in enumerate(sheets.streams, start=1):
        words = f"{number} / {total}"
        sheets.used.update(words)
        x = _WIDTH - _MARGIN - _breadth(words) * _SIZE / 2
        stream.append(f"BT /F {_SIZE:g} Tf {x:.2f} {_MARGIN / 2:g} Td <{words.encode(_CODEC).hex()}> Tj ET")


def _document(sheets: _Sheets, title: str) -> bytes:
    document = pikepdf.new()
    font = document.make_indirect(_font(document, sheets.used))
    for stream in sheets.streams:
        page = document.add_blank_page(page_size=(_WIDTH, _HEIGHT))
        page.obj.Resources = Dictionary(Font=Dictionary(F=font))
        page.obj.Contents = document.make_stream("\n".join(stream).encode("ascii"))
    document.Root.Lang = pikepdf.String("zh-Hans")
    with document.open_metadata() as metadata:
        metadata["dc:title"] = title
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _font(document: pikepdf.Pdf, used: set[str]) -> Dictionary:
    """The typeface: codes of one byte (CIDs from 814) are half as wide as the others."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/STSong-Light"),
        Flags=6,  # serif, symbolic
        FontBBox=Array([-25, -254, 1000, 880]),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=880,
        StemV=93,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("GB1"), Supplement=2),
        FontDescriptor=document.make_indirect(descriptor),
        DW=1000,
        W=Array([814, 939, 500]),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light-GBK-EUC-H"),
        Encoding=Name("/GBK-EUC-H"),
        DescendantFonts=Array([document.make_indirect(descendant)]),
        ToUnicode=document.make_stream(_to_unicode(used)),
    )


def _to_unicode(used: set[str]) -> bytes:
    """Which characters the codes mean (PDF 32000-1, 9.10.3)."""
    pairs = sorted((character.encode(_CODEC).hex(), character.encode("utf-16-be").hex()) for character in used)
    parts = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CMapName /Report def /CMapType 2 def",
        "2 begincodespacerange <00> <80> <8140> <fefe> endcodespacerange",
    ]
    for start in range(0, len(pairs), _MOST_PER_BLOCK):
        some = pairs[start : start + _MOST_PER_BLOCK]
        parts += [f"{len(some)} beginbfchar", *(f"<{code}> <{character}>" for code, character in some), "endbfchar"]
    parts.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(parts).encode("ascii")

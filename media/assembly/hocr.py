"""The text of a page as hOCR 1.2: a web page in which every line and word knows its box."""

from collections.abc import Iterator
from html import escape

from media.assembly import layout
from media.assembly.layout import Block, Table
from media.assembly.sheets import Sheet
from media.lines import Box, TextLine


def write(sheet: Sheet) -> bytes:
    """One page; boxes are in pixels of the upright page image, confidences whole percents."""
    return "".join(_parts(sheet)).encode()


def _parts(sheet: Sheet) -> Iterator[str]:
    page, reading = sheet.page, sheet.reading
    system = f"{reading.engine} {reading.engine_version}" if reading else "none"
    state = reading.get_quality_display() if reading else ""
    yield f'<!DOCTYPE html>\n<html lang="{escape(page.unit.language)}">\n<head>\n<meta charset="utf-8">\n'
    yield f"<title>{escape(page.unit.record.title_zh)} · {page.number}</title>\n"
    yield f'<meta name="ocr-system" content="{escape(system)}">\n'
    yield '<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_table ocr_line ocrx_word ocrx_cinfo">\n'
    yield f'<meta name="description" content="{escape(state)}">\n</head>\n<body>\n'
    title = f"image {_quoted(sheet.file_name)}; {_box(Box(0, 0, page.width, page.height))}; ppageno {page.number - 1}"
    yield f'<div class="ocr_page" id="page_{page.number}" title="{escape(title)}">\n'
    for number, part in enumerate(layout.arrange(sheet.lines), start=1):
        yield from _table(part, number) if isinstance(part, Table) else _area(part, f"block_{number}")
    yield "</div>\n</body>\n</html>\n"


def _table(table: Table, number: int) -> Iterator[str]:
    yield f'<table class="ocr_table" id="table_{number}" title="{_box(table.box)}">\n'
    for row, cells in enumerate(table.rows, start=1):
        yield "<tr>"
        for column, cell in enumerate(cells, start=1):
            yield "<td>"
            yield from _area(cell, f"block_{number}_{row}_{column}")
            yield "</td>"
        yield "</tr>\n"
    yield "</table>\n"


def _area(block: Block, identifier: str) -> Iterator[str]:
    yield f'<div class="ocr_carea" id="{identifier}" title="{_box(block.box)}">\n'
    for number, line in enumerate(block.lines, start=1):
        kind = "ocr_line vertical" if line.direction == "v" else "ocr_line"
        yield f'<span class="{kind}" id="{identifier}_{number}" title="{_box(line.box)}">'
        yield " ".join(_word(line, start, end) for start, end in layout.words(line))
        yield "</span><br>\n"
    yield "</div>\n"


def _word(line: TextLine, start: int, end: int) -> str:
    sure = line.confidences[start:end]
    title = _box(Box.around(line.characters[start:end]))
    title += f"; x_wconf {round(100 * (sum(sure) / len(sure) if sure else line.confidence))}"
    title += "; x_bboxes " + " ".join(_corners(box) for box in line.characters[start:end])
    if sure:
        title += "; x_confs " + " ".join(str(round(100 * share)) for share in sure)
    return f'<span class="ocrx_word" title="{title}">{escape(line.text[start:end])}</span>'


def _box(box: Box) -> str:
    return f"bbox {_corners(box)}"


def _corners(box: Box) -> str:
    return f"{box.x} {box.y} {box.right} {box.bottom}"


def _quoted(name: str) -> str:
    """A file name between quotation marks, as hOCR 1.2 (§ 3.1.3) writes strings."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'

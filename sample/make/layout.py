"""Lay the text of a sheet out on pages: plain, red-headed, in columns, as a table, vertical."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sample.make.page import HEIGHT, RED, WIDTH, Page
from sample.make.texts import Block, SheetText
from sample.make.type import Line, font, set_lines, tokens_of

BANNER = {"zh-Hans": "公开资料摘编样例", "zh-Hant": "公開資料摘編樣例"}
FOOT = {
    "zh-Hans": "本页为公开资料摘编样例，不是原始档案；句末编号是来源号。",
    "zh-Hant": "本頁為公開資料摘編樣例，不是原始檔案；句末編號是來源號。",
}


class SheetOverflow(ValueError):
    """The text of a sheet does not fit its page; shorten it or add a page break (``%%``)."""


@dataclass(frozen=True, slots=True)
class Style:
    """Faces and measures of one sheet."""

    face: str
    bold: str
    size: int
    pitch: float
    script: str


def style_of(sheet: SheetText) -> Style:
    """The faces and measures the head of the sheet asks for."""
    face = sheet.word("face", "song")
    return Style(
        face, f"{face}-bold", int(sheet.word("size", "56")), float(sheet.word("pitch", "1.74")), sheet.word("script")
    )


def compose(sheet: SheetText) -> list[Page]:
    """All pages of a sheet, unaged.

    Raises:
        SheetOverflow: the text is longer than its page.
    """
    style = style_of(sheet)
    lay = LAYOUTS[sheet.word("layout")]
    pages = []
    for number, blocks in enumerate(sheet.pages, start=1):
        page = Page()
        end = lay(page, blocks, sheet, style, number)
        if end > HEIGHT - 265:
            raise SheetOverflow(f"{sheet.name}, page {number}: ends at {end:.0f} px; shorten it or break the page.")
        _foot(page, style, number, len(sheet.pages))
        pages.append(page)
    return pages


def _foot(page: Page, style: Style, number: int, total: int) -> None:
    page.words(FOOT[style.script], WIDTH / 2, HEIGHT - 205, face=style.face, size=38, kind="note", centre=True)
    folio = f"第{number}页" if style.script == "zh-Hans" else f"第{number}頁"
    if total > 1:
        folio += f"共{total}页" if style.script == "zh-Hans" else f"共{total}頁"
    page.words(folio, WIDTH / 2, HEIGHT - 135, face=style.face, size=38, kind="folio", centre=True)


def _banner(page: Page, sheet: SheetText, style: Style, number: int) -> float:
    """The line at the top that says what the sheet is; then the title on page one. Returns the next free height."""
    page.words(
        f"{BANNER[style.script]}第{sheet.name[:2]}号".replace("号", "號" if style.script == "zh-Hant" else "号"),
        WIDTH - 900,
        240,
        face=style.face,
        size=42,
        kind="banner",
    )
    return 300.0 if number > 1 else 290.0


def _head(page: Page, block: Block, style: Style, y: float, *, x: float = WIDTH / 2, size: int | None = None) -> float:
    size = size or round(style.size * 1.55)
    y += size * 1.25
    page.words(
        block.sentences[0].text, x, y, face=style.bold, size=size, kind="title", centre=True, spacing=size * 0.08
    )
    return y + size * 0.55


def _flow(page: Page, blocks: tuple[Block, ...], style: Style, x: float, y: float, measure: float) -> float:
    """Run blocks down one column; returns the height at which it ends."""
    step = style.size * style.pitch
    for block in blocks:
        if block.kind == "title":
            y = _head(page, block, style, y)
        elif block.kind == "heading":
            y += step * 1.05
            page.words(block.sentences[0].text, x, y, face=style.bold, size=style.size, kind="heading")
        elif block.kind == "note":
            y += step
            page.words(block.sentences[0].text, x, y, face=style.face, size=round(style.size * 0.86), kind="note")
        else:
            number = page.next_block()
            tokens = tokens_of(block, style.size, style="plain", mark_scale=0.8)
            for line in set_lines(tokens, style.face, measure, indent=style.size * 2):
                y += step
                page.horizontal(line, x, y, face=style.face, kind="text", block=number, of=block)
    return y


def plain(page: Page, blocks: tuple[Block, ...], sheet: SheetText, style: Style, number: int) -> float:
    """A typed page."""
    y = _banner(page, sheet, style, number)
    return _flow(page, blocks, style, 285, y, WIDTH - 2 * 275)


def red_head(page: Page, blocks: tuple[Block, ...], sheet: SheetText, style: Style, number: int) -> float:
    """A page with a red head and a red rule, after GB/T 9704; the head says that it is a compilation."""
    page.words(
        "公开资料摘编", WIDTH / 2, 520, face="song-black", size=190, kind="banner", centre=True, colour=RED, spacing=34
    )
    page.words(f"样例第{sheet.name[:2]}号", WIDTH / 2, 690, face=style.face, size=62, kind="banner", centre=True)
    page.rule(250, 745, WIDTH - 250, 752, weight=11, colour=RED)
    return _flow(page, blocks, style, 285, 770, WIDTH - 2 * 275)


def columns(page: Page, blocks: tuple[Block, ...], sheet: SheetText, style: Style, number: int) -> float:
    """A newspaper page: a head and a headline across, three columns with rules between them."""
    page.words("公开资料摘编样刊", 180, 330, face="song-black", size=120, kind="banner", spacing=16)
    page.words(f"样例第{sheet.name[:2]}号", WIDTH - 520, 250, face=style.face, size=46, kind="banner")
    page.words("不是正式报纸", WIDTH - 520, 325, face=style.face, size=46, kind="banner")
    page.rule(170, 375, WIDTH - 170, 375, weight=8)
    page.rule(170, 389, WIDTH - 170, 389, weight=3)
    y = _head(page, blocks[0], style, 400, size=132)
    under = [block for block in blocks if block.kind == "note"]
    for block in under:
        y += 70
        page.words(block.sentences[0].text, WIDTH / 2, y, face="kai", size=54, kind="note", centre=True)
    return _three_columns(page, [b for b in blocks[1:] if b.kind != "note"], style, y + 50)


def _three_columns(page: Page, blocks: list[Block], style: Style, top: float) -> float:
    gutter, left = 84, 180
    measure = (WIDTH - 2 * left - 2 * gutter) / 3
    step = style.size * style.pitch
    rows: list[tuple[Block, Line | None, int]] = []
    for block in blocks:
        number = page.next_block()
        if block.kind == "heading":
            rows.append((block, None, number))
            continue
        tokens = tokens_of(block, style.size, style="plain", mark_scale=0.8)
        rows.extend((block, line, number) for line in set_lines(tokens, style.face, measure, indent=style.size * 2))
    share = -(-len(rows) // 3)
    for column in range(3):
        x = left + column * (measure + gutter)
        for place, (block, line, number) in enumerate(rows[column * share : (column + 1) * share]):
            y = top + (place + 1) * step
            if line is None:
                page.words(
                    block.sentences[0].text,
                    x + measure / 2,
                    y,
                    face="hei-bold",
                    size=style.size,
                    kind="heading",
                    centre=True,
                )
            else:
                page.horizontal(line, x, y, face=style.face, kind="text", block=number, of=block)
        if column:
            page.rule(x - gutter / 2, top + 20, x - gutter / 2, top + share * step + 20, weight=3)
    return top + share * step


def table(page: Page, blocks: tuple[Block, ...], sheet: SheetText, style: Style, number: int) -> float:
    """A ruled table, one text line to a cell; a row is one line of the true text."""
    y = _banner(page, sheet, style, number)
    rows = [block for block in blocks if block.kind in {"row", "table_head"}]
    y = _flow(page, tuple(block for block in blocks if block not in rows), style, 230, y, WIDTH - 460) + 36
    top, height = y, style.size * style.pitch
    edges = _edges(rows, style)
    for row in rows:
        page.rule(edges[0], y, edges[-1], y, weight=5 if y == top else 3)
        _row(page, row, style, edges, y + height * 0.5 + style.size * 0.36)
        y += height
    page.rule(edges[0], y, edges[-1], y, weight=5)
    for edge in edges:
        page.rule(edge, top, edge, y, weight=5 if edge in (edges[0], edges[-1]) else 3)
    return y


def _edges(rows: list[Block], style: Style) -> list[float]:
    letters = font(style.face, style.size)
    head = rows[0].cells if rows[0].kind == "table_head" else ()
    count = max(len(row.cells) for row in rows)
    needed = [0.0] * count
    for row in rows:
        cells = (*row.cells, "来源") if row.kind == "table_head" and len(head) < count else row.cells
        for place, cell in enumerate(cells):
            needed[place] = max(needed[place], letters.getlength(cell))
    pad = (WIDTH - 2 * 200 - sum(needed)) / count
    if pad < 24:
        raise SheetOverflow(
            f"A table row is {24 - pad:.0f} px a cell too wide: shorten its cells or take smaller type."
        )
    edges = [200.0]
    for advance in needed:
        edges.append(edges[-1] + advance + pad)
    return edges


def _row(page: Page, row: Block, style: Style, edges: list[float], baseline: float) -> None:
    cells = (*row.cells, "来源") if row.kind == "table_head" else row.cells
    face = style.bold if row.kind == "table_head" else style.face
    letters = font(face, style.size)
    for place, cell in enumerate(cells):
        middle = (edges[place] + edges[place + 1]) / 2
        page.pen.text((middle, baseline), cell, font=letters, fill=(34, 32, 36), anchor="ms")
    text = " ".join(cell for cell in cells if cell)
    box = (edges[0] + 8, baseline - style.size * 0.9, edges[-1] - edges[0] - 16, style.size * 1.06)
    page.keep_row(text, box, row)


def vertical(page: Page, blocks: tuple[Block, ...], sheet: SheetText, style: Style, number: int) -> float:
    """A page set from top to bottom, its columns from right to left, in a thin frame."""
    page.words(f"{BANNER[style.script]}第{sheet.name[:2]}号", WIDTH - 900, 240, face=style.face, size=42, kind="banner")
    top, bottom, left, right = 330.0, HEIGHT - 330.0, 240.0, WIDTH - 240.0
    page.pen.rectangle([left, top - 40, right, bottom + 40], outline=(60, 56, 58), width=4)
    step = style.size * style.pitch
    x = right - step * 0.85
    for block in blocks:
        if block.kind == "title":
            big = Style(style.bold, style.bold, round(style.size * 1.45), style.pitch, style.script)
            x = _vertical_block(page, block, big, x - 10, top + 60, bottom - top, "title") - 30
        elif block.kind == "heading":
            bold = Style(style.bold, style.bold, style.size, style.pitch, style.script)
            x = _vertical_block(page, block, bold, x, top, bottom - top, "heading")
        else:
            x = _vertical_block(page, block, style, x, top, bottom - top, "text")
    if x + step * 0.4 < left:  # the last column stands one step to the right of x
        raise SheetOverflow(f"{sheet.name}: the columns end at {x:.0f} px; shorten the text.")
    return 0.0


def _vertical_block(page: Page, block: Block, style: Style, x: float, top: float, measure: float, kind: str) -> float:
    tokens = tokens_of(block, style.size, style="vertical", mark_scale=0.95)
    number = page.next_block()
    indent = style.size * 2 if kind == "text" else 0
    for line in set_lines(tokens, style.face, measure, indent=indent, vertical=True):
        page.vertical(line, x, top, face=style.face, kind=kind, block=number, of=block)
        x -= style.size * style.pitch
    return x


Layout = Callable[[Page, tuple[Block, ...], SheetText, Style, int], float]
LAYOUTS: dict[str, Layout] = {
    "plain": plain,
    "red_head": red_head,
    "columns": columns,
    "table": table,
    "vertical": vertical,
}

"""The order in which a page is read: columns, titles across them, tables, vertical writing, skewed scans.

The engine hands lines over as it finds them, from top to bottom across all columns. Here they are straightened
(`geometry`), ruled tables are taken out (`rulings`), the rest is divided into regions by ruling lines and white space
(`cuts`), tables without rulings are read row by row (`tables`), and the result is grouped into blocks: runs of lines
whose text flows on (`flow`). Only places and sizes are used, never the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from media.lines import Cell, TextLine
from media.reading_order import cuts, flow, geometry
from media.reading_order import rulings as drawn
from media.reading_order.geometry import Direction, Piece
from media.reading_order.rulings import Grid, Ruling

__all__ = ["Ruling", "arrange"]

_TOLERANCE = 0.006
"""How far rulings that meet may miss each other, as a share of the page's longer side."""

_IN_TYPE = 0.6
"""A ruling that lies inside lines of text for more than this share of its length is a stroke of large type."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines whose text flows on; in a table, the cell that they fill."""

    pieces: list[Piece]
    cell: Cell | None = None


def arrange(lines: Sequence[TextLine], width: int, height: int, rulings: Sequence[Ruling] = ()) -> list[TextLine]:
    """The lines in reading order, each with the number of its block (from 0) and, in a table, its cell.

    Width and height are those of the page image in pixels; ``rulings`` are the straight printed lines on it. Every line
    given comes back exactly once, with its text and its boxes unchanged; the order in which they are given does not
    matter. A page is read by the direction in which most of its characters run; a passage in the other direction is
    kept together. Pieces of one printed line stand in one block, left to right; each cell of a table, each title and
    each article is a block of its own.
    """
    known = sorted(lines, key=lambda line: (line.box.y, line.box.x, line.text))
    pieces = geometry.straighten(known, width, height)
    if not pieces:
        return []
    real = [ruling for ruling in rulings if not _is_stroke(ruling, pieces)]
    grids = drawn.grids(real, _TOLERANCE * max(width, height))
    blocks = _page(pieces, geometry.main_direction(pieces), real, grids)
    tables: dict[int, int] = {}
    arranged = []
    for number, block in enumerate(blocks):
        cell = block.cell
        if cell is not None:
            cell = replace(cell, table=tables.setdefault(cell.table, len(tables)))
        arranged += [replace(piece.line, block=number, cell=cell) for piece in block.pieces]
    return arranged


def _page(
    pieces: Sequence[Piece], direction: Direction, rulings: Sequence[Ruling], grids: Sequence[Grid]
) -> list[_Block]:
    """The blocks of a page; what stands in a ruled table is one unit among the others until it is the table's turn."""
    rest = list(pieces)
    tables: dict[int, list[_Block]] = {}
    units = []
    for grid in grids:
        cells = grid.fill(piece for piece in rest if grid.holds(piece))
        if not drawn.is_table(cells):
            continue
        inside = [piece for _cell, members in cells for piece in members]
        kept = set(map(id, inside))
        rest = [piece for piece in rest if id(piece) not in kept]
        unit = geometry.table_unit(inside, direction, (grid.columns[0], grid.rows[0], grid.columns[-1], grid.rows[-1]))
        tables[id(unit)] = [_cell(replace(cell, table=id(unit)), members) for cell, members in cells]
        units.append(unit)
    framed = [ruling.in_frame(direction) for ruling in rulings]
    return _blocks([*geometry.units(rest, direction), *units], direction, framed, tables)


def _blocks(
    units: Sequence[geometry.Unit],
    direction: Direction,
    rulings: Sequence[Ruling] = (),
    tables: dict[int, list[_Block]] | None = None,
) -> list[_Block]:
    """Units read in one direction; a cluster of the other direction is read by its own and put in place."""
    blocks: list[_Block] = []
    for run in flow.runs(cuts.order(units, rulings)):
        first = run[0].unit
        if first.is_table:
            blocks.extend((tables or {})[id(first)])
        elif first.is_foreign:
            across = geometry.other(direction)
            blocks.extend(_blocks(geometry.units(first.pieces, across), across))
        else:
            blocks.append(_Block([piece for step in run for piece in step.unit.pieces], run[0].cell))
    return blocks


def _cell(cell: Cell, pieces: Sequence[Piece]) -> _Block:
    """What stands in one cell, in its own order."""
    direction = geometry.main_direction(pieces)
    blocks = _blocks(geometry.units(pieces, direction), direction)
    return _Block([piece for block in blocks for piece in block.pieces], cell)


def _is_stroke(ruling: Ruling, pieces: Sequence[Piece]) -> bool:
    """Whether a ruling is a stroke of a large character, found by its place inside a line of text."""
    inside = 0.0
    for piece in pieces:
        margin = 0.1 * piece.em
        across = (piece.y0, piece.y1) if ruling.is_level else (piece.x0, piece.x1)
        along = (piece.x0, piece.x1) if ruling.is_level else (piece.y0, piece.y1)
        if across[0] + margin < ruling.at < across[1] - margin:
            inside += max(min(ruling.end, along[1]) - max(ruling.start, along[0]), 0.0)
    return inside > _IN_TYPE * ruling.length

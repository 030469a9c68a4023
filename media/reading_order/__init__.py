"""The order in which a page is read: columns, titles across them, tables, vertical writing, skewed scans.

The engine hands lines over as it finds them, from top to bottom across all columns. Here they are straightened
(`geometry`), divided into regions by white space (`cuts`), tables are read row by row (`tables`), and the result is
grouped into blocks: runs of lines whose text flows on (`flow`). Only places and sizes are used, never the words.
"""

from collections.abc import Sequence
from dataclasses import replace

from media.lines import TextLine
from media.reading_order import cuts, flow, geometry

__all__ = ["arrange"]


def arrange(lines: Sequence[TextLine], width: int, height: int) -> list[TextLine]:
    """The lines in reading order, each with the number of its block (from 0).

    Width and height are those of the page image in pixels. Every line given comes back exactly once, with its text
    and its boxes unchanged; the order in which they are given does not matter. A page is read by the direction in which
    most of its characters run; a passage in the other direction is kept together. Pieces of one printed line stand in
    one block, left to right; each cell of a table, each title and each article is a block of its own.
    """
    known = sorted(lines, key=lambda line: (line.box.y, line.box.x, line.text))
    pieces = geometry.straighten(known, width, height)
    if not pieces:
        return []
    blocks = _blocks(pieces, geometry.main_direction(pieces))
    return [replace(piece.line, block=number) for number, block in enumerate(blocks) for piece in block]


def _blocks(pieces: Sequence[geometry.Piece], direction: geometry.Direction) -> list[list[geometry.Piece]]:
    """Blocks of pieces, read in one direction; a cluster of the other direction is read by its own and put in place."""
    units = geometry.units(pieces, direction)
    blocks: list[list[geometry.Piece]] = []
    for run in flow.runs(cuts.order(units)):
        if run[0].is_foreign:
            blocks.extend(_blocks(run[0].pieces, geometry.other(direction)))
        else:
            blocks.append([piece for unit in run for piece in unit.pieces])
    return blocks

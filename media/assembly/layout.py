"""How the lines of a page stand together: blocks of lines that flow on, and tables made of such blocks.

The lines come in reading order with the numbers of their blocks. A table shows itself by its cells: blocks of a few
lines that follow each other, side by side in at least two rows with as many columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from media.lines import Box, Direction, TextLine

_MOST_LINES = 4  # of one cell; more side by side are columns of prose
_FEWEST_ROWS = 2
_FEWEST_COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that flow on into each other, in reading order."""

    lines: tuple[TextLine, ...]
    box: Box
    direction: Direction


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells from top to bottom, each row from left to right."""

    rows: tuple[tuple[Block, ...], ...]
    box: Box


def arrange(lines: Sequence[TextLine]) -> list[Block | Table]:
    """The blocks and tables of a page, in reading order; lines without any character that can be seen are left out."""
    seen = [line for line in lines if line.text.strip()]
    blocks = [_block(tuple(group)) for _, group in groupby(seen, key=lambda line: line.block)]
    return list(_tables(_rows(blocks)))


def words(line: TextLine) -> Iterator[tuple[int, int]]:
    """The runs of a line between its blanks, as first and after-last character: Han characters are never divided."""
    start = None
    for index, character in enumerate(line.text):
        if character.isspace():
            if start is not None:
                yield start, index
            start = None
        elif start is None:
            start = index
    if start is not None:
        yield start, len(line.text)


def _block(lines: tuple[TextLine, ...]) -> Block:
    vertical = sum(len(line.text) if line.direction == "v" else -len(line.text) for line in lines) > 0
    return Block(lines, Box.around(line.box for line in lines), "v" if vertical else "h")


def _rows(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks that follow each other from left to right on one height."""
    rows: list[list[Block]] = []
    for block in blocks:
        if rows and _is_beside(rows[-1][-1], block):
            rows[-1].append(block)
        else:
            rows.append([block])
    return rows


def _is_beside(left: Block, right: Block) -> bool:
    if "v" in {left.direction, right.direction} or len(left.lines) > _MOST_LINES or len(right.lines) > _MOST_LINES:
        return False
    shared = min(left.box.bottom, right.box.bottom) - max(left.box.y, right.box.y)
    return right.box.x >= left.box.right - left.box.h // 2 and 2 * shared >= min(left.box.h, right.box.h)


def _tables(rows: Sequence[Sequence[Block]]) -> Iterator[Block | Table]:
    """Runs of rows with several cells as tables, everything else as it is."""
    for is_full, group in groupby(rows, key=lambda row: len(row) >= _FEWEST_COLUMNS):
        run = [tuple(row) for row in group]
        if is_full and len(run) >= _FEWEST_ROWS:
            yield Table(tuple(run), Box.around(cell.box for row in run for cell in row))
        else:
            for row in run:
                yield from row

"""Tables: rows of cells that stand on common baselines with much white between them, read row by row."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from media.lines import Cell
from media.reading_order.geometry import Unit

_LOW_COVERAGE = 0.7
_NARROW_CELL = 8.0
_LOOSE_ROWS = 0.6
_MOST = 0.6
_CONTINUATION = 0.7


def rows(units: Sequence[Unit]) -> list[list[Unit]]:
    """Units on common baselines, from top to bottom, each row from left to right."""
    found: list[list[Unit]] = []
    for unit in sorted(units, key=lambda unit: unit.middle):
        if found and unit.middle - median(other.middle for other in found[-1]) < 0.4 * min(unit.em, found[-1][-1].em):
            found[-1].append(unit)
        else:
            found.append([unit])
    return [sorted(row, key=lambda unit: unit.x0) for row in found]


def is_table(units: Sequence[Unit]) -> bool:
    """Whether most rows of the region are rows of a table.

    Newspaper columns set on one grid also have common baselines; what tells a table is that its cells are short, or its
    rows far apart, and that they leave at least a third of the width white.
    """
    if any(unit.is_table for unit in units):
        # What stands around a ruled table is a heading or a signature.
        return False
    lines = rows(units)
    full = [row for row in lines if len(row) > 1]
    if not full or len(full) * 2 < len(lines) or (len(full) == 1 and len(lines) > 1):
        return False
    return sum(_is_cellular(row, units) for row in full) >= _MOST * len(full)


def _is_cellular(row: Sequence[Unit], units: Sequence[Unit]) -> bool:
    if len(row) < 2 or any(unit.is_group for unit in row):
        return False
    em = median(unit.em for unit in row)
    top, bottom = _height(row) - em / 2, _height(row) + em / 2
    near = [unit for unit in units if unit.y1 > top and unit.y0 < bottom]
    left, right = row[0].x0, max(unit.x1 for unit in row)
    if _covered(near, left, right) > _LOW_COVERAGE * (right - left):
        return False
    if median(unit.width for unit in row) < _NARROW_CELL * em:
        return True
    below = min((unit.middle for unit in units if unit.middle > bottom), default=bottom)
    return below - bottom > (0.5 + _LOOSE_ROWS) * em


def _covered(units: Sequence[Unit], left: float, right: float) -> float:
    """How much of the way from ``left`` to ``right`` lies over some unit."""
    total, reached = 0.0, left
    for unit in sorted(units, key=lambda unit: unit.x0):
        start, end = max(unit.x0, reached), min(unit.x1, right)
        if end > start:
            total += end - start
            reached = end
    return total


def cells(units: Sequence[Unit]) -> list[tuple[Cell, list[Unit]]]:
    """The cells, row by row, each with its lines from top to bottom.

    A row of few units that stands nearer to a full row than full rows stand to each other continues cells of that row.
    A cell belongs to the column that it stands nearest to; the columns are those of the rows that have most.
    """
    lines = rows(units)
    usual = median(len(row) for row in lines)
    full = [row for row in lines if len(row) * 2 >= usual]
    heights = [_height(row) for row in full]
    steps = [below - above for above, below in pairwise(heights)]
    reach = _CONTINUATION * median(steps) if steps else 0.0
    groups = [list(row) for row in full]
    alone = []
    for row in lines:
        nearest = min(range(len(full)), key=lambda number: abs(heights[number] - _height(row)))
        if row in full:
            continue
        if abs(heights[nearest] - _height(row)) < reach:
            groups[nearest] += row
        else:
            alone.append(row)
    ordered = sorted([*groups, *alone], key=lambda group: _height(group))
    bands = [[sorted(cell, key=lambda unit: (unit.middle, unit.x0)) for cell in _bands(group)] for group in ordered]
    columns = _columns(bands)
    return [
        (Cell(0, number, column), cell)
        for number, row in enumerate(bands)
        for column, cell in zip(_placed(row, columns), row, strict=True)
    ]


def _columns(bands: Sequence[Sequence[Sequence[Unit]]]) -> list[float]:
    """The middles of the columns, from left to right."""
    most = max(len(row) for row in bands)
    full = [row for row in bands if len(row) == most]
    return [median(_middle(row[column]) for row in full) for column in range(most)]


def _placed(row: Sequence[Sequence[Unit]], columns: Sequence[float]) -> list[int]:
    """The number of the column of each cell of a row; no two share one."""
    found: list[int] = []
    for place, cell in enumerate(row):
        first = found[-1] + 1 if found else 0
        last = len(columns) - len(row) + place
        found.append(min(range(first, last + 1), key=lambda number: abs(columns[number] - _middle(cell))))
    return found


def _middle(cell: Sequence[Unit]) -> float:
    return (min(unit.x0 for unit in cell) + max(unit.x1 for unit in cell)) / 2


def _height(row: Sequence[Unit]) -> float:
    return median(unit.middle for unit in row)


def _bands(units: Sequence[Unit]) -> list[list[Unit]]:
    """Units that overlap along the line, from left to right: cells side by side."""
    bands: list[list[Unit]] = []
    reached = float("-inf")
    for unit in sorted(units, key=lambda unit: unit.x0):
        if unit.x0 > reached:
            bands.append([])
        bands[-1].append(unit)
        reached = max(reached, unit.x1)
    return bands

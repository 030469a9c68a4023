"""Dividing a page by its white space into regions that are read one after the other.

A region is a table, or is cut along a ruling line, or is cut upright into columns, or is cut level where that frees
columns; what cannot be cut is sorted by the rules of precedence that T. M. Breuel gave for layouts (2003): above comes
before below where both overlap along the line, left comes before right unless something between them spans both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from media.lines import Cell
from media.reading_order import tables
from media.reading_order.geometry import Unit
from media.reading_order.rulings import Ruling

_GUTTER = 0.35
_COLUMN_WIDTH = 4.0
_WIDE_GAP = 3.0
_TITLE = 1.25
_TOLERANCE = 0.15
_SPANNING = 0.8
_BRIDGING = 0.7


@dataclass(frozen=True, slots=True)
class Step:
    """A unit in its turn, with the sides of the column it stands in.

    In a table, ``cell`` is its cell, the table numbered by any number of its own. ``is_fresh`` says that a ruling line
    stands before it.
    """

    unit: Unit
    left: float
    right: float
    cell: Cell | None = None
    is_fresh: bool = False


def order(units: Sequence[Unit], rulings: Sequence[Ruling] = ()) -> list[Step]:
    """The units in reading order; rulings and units are in the same frame."""
    if len(units) < 2:
        return _in_column(units)
    first, rest, last = _margins(units)
    if first or last:
        return _in_column(first) + order(rest, rulings) + _in_column(last)
    if tables.is_table(units):
        return _in_table(units)
    ruled = _cut_by_ruling(units, rulings)
    if ruled is not None:
        above, below = (order(part, rulings) for part in ruled)
        return [*above, replace(below[0], is_fresh=True), *below[1:]]
    columns = _columns(units)
    if columns is None:
        parts = _free_stretch(units)
    else:
        parts = _bridged(columns, rulings) or _cut_level(units, columns) or columns
    if parts is not None:
        return [step for part in parts for step in order(part, rulings)]
    return _in_column(units)


def _in_table(units: Sequence[Unit]) -> list[Step]:
    number = id(units[0])
    return [
        Step(unit, unit.x0, unit.x1, cell=replace(cell, table=number))
        for cell, members in tables.cells(units)
        for unit in members
    ]


def _cut_by_ruling(units: Sequence[Unit], rulings: Sequence[Ruling]) -> tuple[list[Unit], list[Unit]] | None:
    """What stands above and below the first level ruling that runs through the region from side to side."""
    left, right = min(unit.x0 for unit in units), max(unit.x1 for unit in units)
    for ruling in sorted(rulings, key=lambda ruling: ruling.at):
        shared = min(ruling.end, right) - max(ruling.start, left)
        if not ruling.is_level or shared < _SPANNING * (right - left):
            continue
        above = [unit for unit in units if unit.middle < ruling.at]
        below = [unit for unit in units if unit.middle >= ruling.at]
        is_free = not any(unit.y0 + unit.em / 3 < ruling.at < unit.y1 - unit.em / 3 for unit in units)
        if above and below and is_free:
            return above, below
    return None


def _bridged(columns: Sequence[list[Unit]], rulings: Sequence[Ruling]) -> list[list[Unit]] | None:
    """Neighbouring columns put together where one level ruling divides them; None where there is nothing to gain."""
    sides = [(min(unit.x0 for unit in column), max(unit.x1 for unit in column)) for column in columns]
    groups = [list(columns[0])]
    for number in range(1, len(columns)):
        pair = columns[number - 1] + columns[number]
        top, bottom = min(unit.y1 for unit in pair), max(unit.y0 for unit in pair)
        is_bridged = any(
            ruling.is_level
            and top < ruling.at < bottom
            and all(_reach(ruling, *side) >= _BRIDGING * (side[1] - side[0]) for side in sides[number - 1 : number + 1])
            for ruling in rulings
        )
        if is_bridged:
            groups[-1] += columns[number]
        else:
            groups.append(list(columns[number]))
    return groups if 1 < len(groups) < len(columns) else None


def _reach(ruling: Ruling, left: float, right: float) -> float:
    """How much of the way from ``left`` to ``right`` the ruling runs along."""
    return min(ruling.end, right) - max(ruling.start, left)


def _margins(units: Sequence[Unit]) -> tuple[list[Unit], list[Unit], list[Unit]]:
    """What runs in the other direction before all lines begin, the rest, and what does so after all lines end.

    On a vertical page these are the running head and the page number. A headline in larger type is none of them.
    """
    own = [unit for unit in units if not unit.is_foreign]
    if not own or len(own) == len(units):
        return [], list(units), []
    left, right = min(unit.x0 for unit in own), max(unit.x1 for unit in own)
    largest = _TITLE * median(unit.em for unit in own)
    small = [unit for unit in units if unit.is_foreign and unit.em <= largest]
    first = [unit for unit in small if unit.x1 - _TOLERANCE * unit.em <= left]
    last = [unit for unit in small if unit.x0 + _TOLERANCE * unit.em >= right]
    aside = {id(unit) for unit in first + last}
    return first, [unit for unit in units if id(unit) not in aside], last


def _in_column(units: Sequence[Unit]) -> list[Step]:
    """What cannot be cut further, slab by slab."""
    if not units:
        return []
    left, right = min(unit.x0 for unit in units), max(unit.x1 for unit in units)
    return [Step(unit, left, right) for slab in _slabs(units) for unit in _by_precedence(slab)]


def _columns(units: Sequence[Unit]) -> list[list[Unit]] | None:
    """The region cut at every gutter that runs through it; None where none does, or the sides are no columns."""
    gutter = _GUTTER * median(unit.em for unit in units)
    columns: list[list[Unit]] = []
    reached = float("-inf")
    for unit in sorted(units, key=lambda unit: unit.x0):
        if unit.x0 - reached > gutter:
            columns.append([])
        columns[-1].append(unit)
        reached = max(reached, unit.x1)
    kept = columns[:1]
    for column in columns[1:]:
        if _are_side_by_side(kept[-1], column):
            kept.append(column)
        else:
            kept[-1] = kept[-1] + column
    return kept if len(kept) > 1 else None


def _are_side_by_side(left: Sequence[Unit], right: Sequence[Unit]) -> bool:
    """Whether both are columns of text, and stand beside rather than above each other."""
    for side in (left, right):
        wide = max(unit.x1 for unit in side) - min(unit.x0 for unit in side)
        is_text = len(side) > 1 and wide >= _COLUMN_WIDTH * median(unit.em for unit in side)
        if not is_text and not all(unit.is_group for unit in side):
            return False
    top = max(min(unit.y0 for unit in side) for side in (left, right))
    bottom = min(max(unit.y1 for unit in side) for side in (left, right))
    shortest = min(max(unit.y1 for unit in side) - min(unit.y0 for unit in side) for side in (left, right))
    return bottom - top > 0.3 * shortest


def _cut_level(units: Sequence[Unit], columns: list[list[Unit]]) -> list[list[Unit]] | None:
    """Columns cut once from side to side; None where they are best kept whole.

    They are cut below a title in larger type, at a gap much wider than a line, and where a title in one of them hides a
    gutter, so that the cut goes through this one only and there are more columns beside it.
    """
    slabs = _slabs(units)
    gaps = [min(u.y0 for u in below) - max(u.y1 for u in above) for above, below in pairwise(slabs)]
    if not gaps:
        return None
    em = median(unit.em for unit in units)
    if len(slabs[0]) == 1 and slabs[0][0].em > _TITLE * em:
        return _split(slabs, 0)
    widest = max(range(len(gaps)), key=gaps.__getitem__)
    if gaps[widest] >= _WIDE_GAP * em:
        return _split(slabs, widest)
    best, most = None, (len(columns), 0.0)
    for number, gap in enumerate(gaps):
        for part in _split(slabs, number):
            holds_all = _touched(columns, part) == len(columns) and _severed(columns, part) <= 1
            found = (len(_columns(part) or ()), gap) if holds_all else (0, 0.0)
            if found[0] > len(columns) and found > most:
                best, most = number, found
    return None if best is None else _split(slabs, best)


def _free_stretch(units: Sequence[Unit]) -> list[list[Unit]] | None:
    """What lies above the best stretch of columns or cells, the stretch, and what lies below; None without one.

    A stretch ends where something, a title or a line of text, bars every gutter. Best is the one that puts most units
    into most columns, and of these one whose ends do not cut through other columns.
    """
    slabs = _slabs(units)
    best, most = None, (False, 0)
    for start, end in _stretches(slabs, _GUTTER * median(unit.em for unit in units)):
        stretch = [unit for slab in slabs[start:end] for unit in slab]
        columns = len(_columns(stretch) or ()) or (2 if tables.is_table(stretch) else 0)
        is_clean = all(len(slab) == 1 for slab in (*slabs[max(start - 1, 0) : start], *slabs[end : end + 1]))
        if len(stretch) > 3 and columns and (is_clean, len(stretch) * columns) > most:
            best, most = (start, end), (is_clean, len(stretch) * columns)
    if best is None:
        return None
    parts = (slabs[: best[0]], slabs[best[0] : best[1]], slabs[best[1] :])
    return [[unit for slab in part for unit in slab] for part in parts if part]


def _stretches(slabs: Sequence[list[Unit]], gutter: float) -> Iterator[tuple[int, int]]:
    """From each slab on, how far one gutter at least is kept open; first and last slab, the last excluded."""
    units = [unit for slab in slabs for unit in slab]
    sides = min(unit.x0 for unit in units), max(unit.x1 for unit in units)
    gaps = [_white(slab, *sides) for slab in slabs]
    for start in range(len(slabs)):
        white, end = gaps[start], start
        for number in range(start, len(slabs)):
            white = _shared(white, gaps[number], gutter)
            if not white:
                break
            # White at the margin alone frees nothing, but a gutter may still come out of it.
            if any(left > sides[0] and right < sides[1] for left, right in white):
                end = number + 1
        if end > start:
            yield start, end


def _white(slab: Sequence[Unit], left: float, right: float) -> list[tuple[float, float]]:
    """The stretches between ``left`` and ``right`` that no unit of the slab covers."""
    found: list[tuple[float, float]] = []
    reached = left
    for unit in sorted(slab, key=lambda unit: unit.x0):
        found.append((reached, unit.x0))
        reached = max(reached, unit.x1)
    return [*found, (reached, right)]


def _shared(
    one: Sequence[tuple[float, float]], two: Sequence[tuple[float, float]], least: float
) -> list[tuple[float, float]]:
    """The common parts of two lists of stretches that are longer than ``least``."""
    common = [(max(a, c), min(b, d)) for a, b in one for c, d in two]
    return [(start, end) for start, end in common if end - start > least]


def _split(slabs: Sequence[list[Unit]], number: int) -> list[list[Unit]]:
    """The slabs up to ``number``, and the rest."""
    return [[unit for slab in part for unit in slab] for part in (slabs[: number + 1], slabs[number + 1 :])]


def _touched(columns: Sequence[list[Unit]], part: Sequence[Unit]) -> int:
    """How many columns lie in ``part``, wholly or partly."""
    kept = {id(unit) for unit in part}
    return sum(any(id(unit) in kept for unit in column) for column in columns)


def _severed(columns: Sequence[list[Unit]], part: Sequence[Unit]) -> int:
    """How many columns lie partly in ``part``, partly not."""
    kept = {id(unit) for unit in part}
    return sum(0 < sum(id(unit) in kept for unit in column) < len(column) for column in columns)


def _slabs(units: Sequence[Unit]) -> list[list[Unit]]:
    """The region cut at every gap that runs from side to side, from top to bottom."""
    slabs: list[list[Unit]] = []
    reached = float("-inf")
    for unit in sorted(units, key=lambda unit: unit.y0):
        if unit.y0 + _TOLERANCE * unit.em > reached:
            slabs.append([])
        slabs[-1].append(unit)
        reached = max(reached, unit.y1 - _TOLERANCE * unit.em)
    return slabs


def _by_precedence(units: Sequence[Unit]) -> list[Unit]:
    """Units so that none stands before one that precedes it; among the free ones the upper left comes first."""
    waiting = sorted(units, key=lambda unit: (unit.middle, unit.x0))
    before = {
        id(unit): {id(other) for other in waiting if other is not unit and _precedes(other, unit, waiting)}
        for unit in waiting
    }
    ordered: list[Unit] = []
    while waiting:
        left = {id(unit) for unit in waiting}
        following = next((unit for unit in waiting if not before[id(unit)] & left), waiting[0])
        waiting.remove(following)
        ordered.append(following)
    return ordered


def _precedes(a: Unit, b: Unit, units: Sequence[Unit]) -> bool:
    if _overlap(a, b) > 0:
        return a.middle < b.middle and abs(a.middle - b.middle) > 0.3 * min(a.em, b.em)
    if a.x0 > b.x0:
        return False
    top, bottom = min(a.middle, b.middle), max(a.middle, b.middle)
    return not any(
        top < unit.middle < bottom and _overlap(unit, a) > 0 and _overlap(unit, b) > 0
        for unit in units
        if unit is not a and unit is not b
    )


def _overlap(a: Unit, b: Unit) -> float:
    """How far two units lie over each other along the line, less what a loose outline may add."""
    return min(a.x1, b.x1) - max(a.x0, b.x0) - 2 * _TOLERANCE * min(a.em, b.em)

"""Ruling lines of a page, and the grids that they form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from media.lines import Cell
from media.reading_order.geometry import Piece

_LEAST_EDGES = 3
"""A grid has at least two rows and two columns, so three edges in each direction."""

_MOST_EDGES = 120
_LEAST_CELLS = 4
_FEW_LINES = 4


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight printed line, level or upright: ``at`` is its y or x, ``start`` and ``end`` how far it reaches."""

    is_level: bool
    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        """Pixels from end to end."""
        return self.end - self.start

    def in_frame(self, direction: Literal["h", "v"]) -> "Ruling":
        """The ruling in the frame of a direction (`geometry`): for vertical writing the page is turned."""
        if direction == "h":
            return self
        if self.is_level:
            return Ruling(False, self.at, -self.end, -self.start)
        return Ruling(True, -self.at, self.start, self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A ruled table: the edges of its rows (y) and columns (x), and the rulings that draw them."""

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    rulings: tuple[Ruling, ...]
    tolerance: float

    def holds(self, piece: Piece) -> bool:
        """Whether the middle of a line lies inside."""
        x, y = _middle(piece)
        return self.columns[0] < x < self.columns[-1] and self.rows[0] < y < self.rows[-1]

    def fill(self, pieces: Iterable[Piece]) -> list[tuple[Cell, list[Piece]]]:
        """The cells that hold something, row by row, each with its lines; cells without a ruling between are one."""
        merged = self._merged()
        found: dict[Cell, list[Piece]] = {}
        for piece in pieces:
            x, y = _middle(piece)
            place = _interval(self.rows, y), _interval(self.columns, x)
            found.setdefault(merged[place], []).append(piece)
        return sorted(found.items(), key=lambda entry: (entry[0].row, entry[0].column))

    def _merged(self) -> dict[tuple[int, int], Cell]:
        """For each smallest cell the cell that it belongs to."""
        high, wide = len(self.rows) - 1, len(self.columns) - 1
        level = [self._along(True, at) for at in self.rows]
        upright = [self._along(False, at) for at in self.columns]
        group = {(row, column): (row, column) for row in range(high) for column in range(wide)}

        def root(place: tuple[int, int]) -> tuple[int, int]:
            while group[place] != place:
                place = group[place]
            return place

        for row, column in list(group):
            if column + 1 < wide and not _is_drawn(upright[column + 1], self.rows[row : row + 2]):
                group[root((row, column + 1))] = root((row, column))
            if row + 1 < high and not _is_drawn(level[row + 1], self.columns[column : column + 2]):
                group[root((row + 1, column))] = root((row, column))
        members: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for place in group:
            members.setdefault(root(place), []).append(place)
        return {place: _hull(places) for places in members.values() for place in places}

    def _along(self, is_level: bool, at: float) -> list[Ruling]:
        """The rulings that draw one edge."""
        return [r for r in self.rulings if r.is_level == is_level and abs(r.at - at) <= self.tolerance]


def grids(rulings: Sequence[Ruling], tolerance: float) -> list[Grid]:
    """The grids among the rulings, from top to bottom; ``tolerance`` in pixels is how far lines that meet may miss."""
    found = []
    for group in _crossing(rulings, tolerance):
        rows = _edges([ruling.at for ruling in group if ruling.is_level], tolerance)
        columns = _edges([ruling.at for ruling in group if not ruling.is_level], tolerance)
        if all(_LEAST_EDGES <= len(edges) <= _MOST_EDGES for edges in (rows, columns)):
            found.append(Grid(rows, columns, tuple(group), tolerance))
    return sorted(found, key=lambda grid: (grid.rows[0], grid.columns[0]))


def is_table(cells: Sequence[tuple[Cell, list[Piece]]]) -> bool:
    """Whether what stands in a grid is a table: several cells, most of them short; a framed page is none."""
    counts = sorted(len(pieces) for _cell, pieces in cells)
    is_spread = len({cell.row for cell, _ in cells}) > 1 and len({cell.column for cell, _ in cells}) > 1
    return len(counts) >= _LEAST_CELLS and is_spread and counts[len(counts) // 2] <= _FEW_LINES


def _is_drawn(edge: Sequence[Ruling], sides: Sequence[float]) -> bool:
    """Whether a ruling runs through the middle of the edge between two cells."""
    middle = (sides[0] + sides[1]) / 2
    return any(ruling.start <= middle <= ruling.end for ruling in edge)


def _crossing(rulings: Sequence[Ruling], tolerance: float) -> list[list[Ruling]]:
    """Rulings in groups that hang together by meeting each other."""
    waiting = list(rulings)
    groups: list[list[Ruling]] = []
    while waiting:
        group, fresh = [], [waiting.pop()]
        while fresh:
            ruling = fresh.pop()
            group.append(ruling)
            rest: list[Ruling] = []
            for other in waiting:
                (fresh if _meet(ruling, other, tolerance) else rest).append(other)
            waiting = rest
        groups.append(group)
    return groups


def _meet(a: Ruling, b: Ruling, tolerance: float) -> bool:
    return (
        a.is_level != b.is_level
        and b.start - tolerance <= a.at <= b.end + tolerance
        and a.start - tolerance <= b.at <= a.end + tolerance
    )


def _edges(places: Iterable[float], tolerance: float) -> tuple[float, ...]:
    """Places that lie within the tolerance of each other are one edge, half way between the outermost."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] <= tolerance:
            groups[-1].append(place)
        else:
            groups.append([place])
    return tuple((group[0] + group[-1]) / 2 for group in groups)


def _interval(edges: Sequence[float], place: float) -> int:
    return next(number for number, (start, end) in enumerate(pairwise(edges)) if start <= place <= end)


def _hull(places: Sequence[tuple[int, int]]) -> Cell:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    top, left = min(rows), min(columns)
    return Cell(0, top, left, max(rows) - top + 1, max(columns) - left + 1)


def _middle(piece: Piece) -> tuple[float, float]:
    return (piece.x0 + piece.x1) / 2, (piece.y0 + piece.y1) / 2

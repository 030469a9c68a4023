"""Straight rectangles out of skewed lines, and one frame of reference for both directions of writing.

In the frame of a direction, reading runs along x and the next line lies further down y. For horizontal writing that is
the page itself; for vertical writing the page is turned, so that down becomes along and leftwards becomes down. All
that follows (columns, rows, cells) is then written once.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from media.lines import Box, Direction, TextLine

__all__ = ["Direction", "Piece", "Unit", "main_direction", "other", "skew", "straighten", "table_unit", "units"]

_SKEW_CHARACTERS = 4
_MAX_SKEW = math.radians(20)
_CLUSTER_GAP = 2.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A line on the straightened page: its sides, the size of its type, the step from character to character.

    ``pitch`` is None for lines too short to tell. The outline of the engine is looser than the type; where the step is
    known and smaller, it is the size.
    """

    line: TextLine
    x0: float
    y0: float
    x1: float
    y1: float
    em: float
    pitch: float | None


@dataclass(slots=True, eq=False)
class Unit:
    """What is put in order: one line in the frame of the page's direction, or a group that is read by its own.

    Such a group is a cluster of lines of the other direction (``is_foreign``) or all that stands in a ruled table
    (``is_table``).
    """

    x0: float
    y0: float
    x1: float
    y1: float
    em: float
    pieces: list[Piece] = field(default_factory=list)
    is_foreign: bool = False
    is_table: bool = False

    @property
    def is_group(self) -> bool:
        """Whether it is read by its own."""
        return self.is_foreign or self.is_table

    @property
    def middle(self) -> float:
        """Half way between upper and lower side."""
        return (self.y0 + self.y1) / 2

    @property
    def width(self) -> float:
        """The length along the reading."""
        return self.x1 - self.x0


def other(direction: Direction) -> Direction:
    """The direction across."""
    return "h" if direction == "v" else "v"


def main_direction(pieces: Iterable[Piece]) -> Direction:
    """The direction in which most characters run; a single character has none."""
    lines = [piece.line for piece in pieces if len(piece.line.text) > 1]
    level = sum(len(line.text) for line in lines if line.direction == "h")
    return "h" if level * 2 >= sum(len(line.text) for line in lines) else "v"


def skew(lines: Iterable[TextLine]) -> float:
    """The angle of the page in radians, clockwise: the median over its lines, long ones counting more."""
    angles = []
    for line in lines:
        if len(line.text) < _SKEW_CHARACTERS:
            continue
        (x0, y0), (x1, y1) = _centre(line.characters[0]), _centre(line.characters[-1])
        angle = math.atan2(y1 - y0, x1 - x0) if line.direction == "h" else math.atan2(x0 - x1, y1 - y0)
        if abs(angle) < _MAX_SKEW:
            angles.append((angle, (x1 - x0) ** 2 + (y1 - y0) ** 2))
    angles.sort()
    half = sum(weight for _angle, weight in angles) / 2
    for angle, weight in angles:
        half -= weight
        if half <= 0:
            return angle
    return 0.0


def straighten(lines: Sequence[TextLine], width: int, height: int) -> list[Piece]:
    """The lines turned back about the middle of the page by its skew; lines without text are laid as they are."""
    angle = skew(lines)
    cosine, sine = math.cos(-angle), math.sin(-angle)

    def turned(box: Box) -> tuple[float, float]:
        x, y = _centre(box)
        x, y = x - width / 2, y - height / 2
        return x * cosine - y * sine + width / 2, x * sine + y * cosine + height / 2

    return [_piece(line, turned) for line in lines]


def units(pieces: Iterable[Piece], direction: Direction) -> list[Unit]:
    """The pieces in the frame of ``direction``; those of the other direction clustered, each cluster one unit."""
    own: list[Unit] = []
    foreign: list[Unit] = []
    for piece in pieces:
        if direction == "h":
            unit = Unit(piece.x0, piece.y0, piece.x1, piece.y1, piece.em, [piece])
        else:
            unit = Unit(piece.y0, -piece.x1, piece.y1, -piece.x0, piece.em, [piece])
        (own if piece.line.direction == direction or len(piece.line.text) == 1 else foreign).append(unit)
    return own + _clusters(foreign)


def table_unit(pieces: Sequence[Piece], direction: Direction, sides: tuple[float, float, float, float]) -> Unit:
    """All that stands in a ruled table, as one unit in the frame of ``direction``; ``sides`` as those of a piece."""
    x0, y0, x1, y1 = sides
    em = median(piece.em for piece in pieces)
    if direction == "h":
        return Unit(x0, y0, x1, y1, em, list(pieces), is_table=True)
    return Unit(y0, -x1, y1, -x0, em, list(pieces), is_table=True)


def _clusters(foreign: list[Unit]) -> list[Unit]:
    """Lines of the other direction that stand side by side, grown together until nothing changes."""
    clusters: list[Unit] = []
    for unit in sorted(foreign, key=lambda unit: unit.x0):
        grown = Unit(unit.x0, unit.y0, unit.x1, unit.y1, unit.em, list(unit.pieces), is_foreign=True)
        neighbour = next((cluster for cluster in clusters if _beside(cluster, grown)), None)
        while neighbour is not None:
            clusters.remove(neighbour)
            grown.x0, grown.x1 = min(grown.x0, neighbour.x0), max(grown.x1, neighbour.x1)
            grown.y0, grown.y1 = min(grown.y0, neighbour.y0), max(grown.y1, neighbour.y1)
            grown.pieces += neighbour.pieces
            grown.em = median(piece.em for piece in grown.pieces)
            neighbour = next((cluster for cluster in clusters if _beside(cluster, grown)), None)
        clusters.append(grown)
    return clusters


def _beside(a: Unit, b: Unit) -> bool:
    shared = min(a.y1, b.y1) - max(a.y0, b.y0)
    gap = max(a.x0, b.x0) - min(a.x1, b.x1)
    return shared > 0.5 * min(a.y1 - a.y0, b.y1 - b.y0) and gap < _CLUSTER_GAP * max(a.em, b.em)


def _piece(line: TextLine, turned: Callable[[Box], tuple[float, float]]) -> Piece:
    boxes = line.characters or (line.box,)
    (first_x, first_y), (last_x, last_y) = turned(boxes[0]), turned(boxes[-1])
    if line.direction == "h":
        thick = median(box.h for box in boxes)
        middle = (first_y + last_y) / 2
        sides = (first_x - boxes[0].w / 2, middle - thick / 2, last_x + boxes[-1].w / 2, middle + thick / 2)
    else:
        thick = median(box.w for box in boxes)
        middle = (first_x + last_x) / 2
        sides = (middle - thick / 2, first_y - boxes[0].h / 2, middle + thick / 2, last_y + boxes[-1].h / 2)
    pitch = _pitch(line)
    return Piece(line, *sides, em=max(min(thick, pitch or thick), 1.0), pitch=pitch)


def _pitch(line: TextLine) -> float | None:
    """The median step between neighbouring Han characters."""
    steps = []
    for (before, a), (after, b) in zip(
        zip(line.text, line.characters, strict=True), zip(line.text[1:], line.characters[1:], strict=True), strict=False
    ):
        if _is_han(before) and _is_han(after):
            steps.append(math.dist(_centre(a), _centre(b)))
    return median(steps) if len(steps) >= 2 else None


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf"


def _centre(box: Box) -> tuple[float, float]:
    return box.x + box.w / 2, box.y + box.h / 2

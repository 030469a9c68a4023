"""Recognised or extracted lines of a page: their text, their place on the image, and the way from one to the other.

Every box is in pixels of the full, upright page image, origin at the top left. A line owns one box per character, so
that a hit can be drawn on the image exactly. The text of a page is made in one place, `join`, and every offset that
search or citation keeps counts characters of that text; `locate` leads back from such a range to the boxes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Literal, NotRequired, TypedDict, cast

Direction = Literal["h", "v"]
"""Horizontal, left to right; or vertical, top to bottom."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, width and height, in whole pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first pixel column to the right of the box."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first pixel row below the box."""
        return self.y + self.h

    @staticmethod
    def around(boxes: Iterable["Box"]) -> "Box":
        """The smallest box that holds all ``boxes``.

        Raises:
            ValueError: there is no box.
        """
        kept = list(boxes)
        left, top = min(box.x for box in kept), min(box.y for box in kept)
        return Box(left, top, max(box.right for box in kept) - left, max(box.bottom for box in kept) - top)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table on the page: tables, rows and columns count from 0 in the order of reading.

    ``rows`` and ``columns`` are how many it spans.
    """

    table: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line.

    ``characters`` holds exactly one box per character of ``text``; ``confidence`` lies between 0 and 1, and so does
    each of ``confidences``, one per character, or none where the source does not tell; lines of the same ``block``
    flow on into each other (a block is numbered once the reading order is known); ``cell`` is the cell of the table
    that the line stands in.
    """

    text: str
    box: Box
    direction: Direction
    confidence: float
    characters: tuple[Box, ...]
    block: int = 0
    confidences: tuple[float, ...] = ()
    cell: Cell | None = None

    def __post_init__(self) -> None:
        if len(self.characters) != len(self.text):
            raise ValueError(f"A line of {len(self.text)} characters came with {len(self.characters)} boxes.")
        if self.confidences and len(self.confidences) != len(self.text):
            raise ValueError(f"A line of {len(self.text)} characters came with {len(self.confidences)} confidences.")


class LineJson(TypedDict):
    """A line as it is stored; ``confidences`` are whole percents, ``cell`` is table, row, column, rows, columns."""

    text: str
    box: list[int]
    direction: str
    confidence: float
    characters: list[list[int]]
    block: NotRequired[int]
    confidences: NotRequired[list[int]]
    cell: NotRequired[list[int]]


def to_json(lines: Iterable[TextLine]) -> list[LineJson]:
    """The lines as plain lists and dictionaries, boxes as ``[x, y, w, h]``, in the order given."""
    return [_line_to_json(line) for line in lines]


def from_json(stored: Iterable[LineJson]) -> list[TextLine]:
    """The lines that `to_json` wrote, in the same order.

    Raises:
        ValueError: a line has not one box per character.
    """
    return [
        TextLine(
            text=line["text"],
            box=_to_box(line["box"]),
            direction=cast(Direction, line["direction"]),
            confidence=line["confidence"],
            characters=tuple(_to_box(box) for box in line["characters"]),
            block=line.get("block", 0),
            confidences=tuple(percent / 100 for percent in line.get("confidences", ())),
            cell=Cell(*line["cell"]) if "cell" in line else None,
        )
        for line in stored
    ]


def doubtful(line: TextLine, below: float = 0.8) -> list[int]:
    """The places of the characters whose confidence lies below ``below``; white space is never doubtful.

    Where only the confidence of the whole line is known, all of its characters share it.
    """
    confidences = line.confidences or (line.confidence,) * len(line.text)
    return [
        place
        for place, (character, confidence) in enumerate(zip(line.text, confidences, strict=True))
        if confidence < below and not character.isspace()
    ]


def join(lines: Sequence[TextLine]) -> str:
    """The text of a page: a line break after each printed line, an empty line where the text does not flow on."""
    return "".join(separator + line.text for line, separator, _ in _placed(lines))


def locate(lines: Sequence[TextLine], start: int, end: int) -> list[Box]:
    """Where the characters ``start`` up to, not including, ``end`` of ``join(lines)`` stand on the image.

    One box for each line that the range touches, in the order of the text; line breaks have no place and give none.
    """
    found = []
    for line, _, offset in _placed(lines):
        first, last = max(start - offset, 0), min(end - offset, len(line.text))
        if first < last:
            found.append(Box.around(line.characters[first:last]))
    return found


def _placed(lines: Sequence[TextLine]) -> Iterator[tuple[TextLine, str, int]]:
    """Each line with the separator before it and the offset of its first character."""
    offset = 0
    before: TextLine | None = None
    for line in lines:
        separator = "" if before is None else "\n" if before.block == line.block else "\n\n"
        offset += len(separator)
        yield line, separator, offset
        offset += len(line.text)
        before = line


def _line_to_json(line: TextLine) -> LineJson:
    stored: LineJson = {
        "text": line.text,
        "box": _to_list(line.box),
        "direction": line.direction,
        "confidence": round(line.confidence, 4),
        "characters": [_to_list(box) for box in line.characters],
        "block": line.block,
    }
    if line.confidences:
        stored["confidences"] = [round(100 * confidence) for confidence in line.confidences]
    if line.cell is not None:
        stored["cell"] = list(astuple(line.cell))
    return stored


def _to_list(box: Box) -> list[int]:
    return [box.x, box.y, box.w, box.h]


def _to_box(numbers: Sequence[int]) -> Box:
    x, y, w, h = numbers
    return Box(x, y, w, h)

"""What the public gets of a page with masks: every hidden stretch as a single █, and the boxes that are burned in.

What is drawn and what is deleted from the text agree: a character is hidden if it belongs to a mask, or if the box of
a mask lies over a good part of it (L-24).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from media.lines import Box, TextLine, locate
from media.models import Mask

COVER: Final = "█"

_COVERED_PART: Final = 0.3
"""A character is under a box when so much of its area is."""


def cover(lines: Sequence[TextLine], ranges: Iterable[tuple[int, int]], boxes: Sequence[Box]) -> list[TextLine]:
    """The lines without what stands in ``ranges`` of their text or under ``boxes``."""
    hidden = {offset for start, end in ranges for offset in range(start, end)}
    covered, offset, before = [], 0, None
    for line in lines:
        offset += 0 if before is None else 1 if before.block == line.block else 2
        covered.append(_cover_line(line, offset, hidden, boxes))
        offset += len(line.text)
        before = line
    return covered


def ranges_of(masks: Iterable[Mask]) -> list[tuple[int, int]]:
    """The stretches of text that masks hide; a box drawn where no text is has none."""
    return [(mask.start, mask.end) for mask in masks if mask.start is not None and mask.end is not None]


def boxes_of(masks: Iterable[Mask], width: int, height: int) -> list[Box]:
    """The boxes that are burned in, in a fixed order, none outside the page of this size.

    Those of text are made larger: recognition tells the place of a character only nearly, and no stroke may stand out.
    """
    found = set()
    for mask in masks:
        for numbers in mask.boxes:
            box = Box(*numbers)
            found.add(clipped(box if mask.rule == Mask.Rule.BY_HAND else _widened(box), width, height))
    return sorted((box for box in found if box.w and box.h), key=lambda box: (box.y, box.x, box.w, box.h))


def places_of(masks: Iterable[Mask]) -> list[Box]:
    """The boxes of masks as they were found or drawn: what stands under them is hidden in the text as well."""
    return [Box(*numbers) for mask in masks for numbers in mask.boxes]


def place_of(lines: Sequence[TextLine], start: int, end: int) -> list[list[int]]:
    """The boxes of a stretch of text, as they are stored."""
    return [[box.x, box.y, box.w, box.h] for box in locate(lines, start, end)]


def range_under(lines: Sequence[TextLine], box: Box) -> tuple[int, int] | None:
    """From the first to after the last character under a box, if all between them are; None where there is no text."""
    under, offset, before = [], 0, None
    for line in lines:
        offset += 0 if before is None else 1 if before.block == line.block else 2
        under += [offset + place for place, each in enumerate(line.characters) if is_under(each, box)]
        offset += len(line.text)
        before = line
    if not under or under[-1] - under[0] >= len(under):
        return None
    return under[0], under[-1] + 1


def is_under(character: Box, box: Box) -> bool:
    """Whether a good part of a character lies under a box."""
    across = min(character.right, box.right) - max(character.x, box.x)
    down = min(character.bottom, box.bottom) - max(character.y, box.y)
    return across > 0 and down > 0 and across * down >= _COVERED_PART * character.w * character.h


def clipped(box: Box, width: int, height: int) -> Box:
    """The part of a box that lies on the page."""
    left, top = min(max(box.x, 0), width), min(max(box.y, 0), height)
    right, bottom = max(min(box.right, width), left), max(min(box.bottom, height), top)
    return Box(left, top, right - left, bottom - top)


def _cover_line(line: TextLine, offset: int, hidden: set[int], boxes: Sequence[Box]) -> TextLine:
    near = [box for box in boxes if is_touching(box, line.box)]
    flags = [
        offset + place in hidden or any(is_under(character, box) for box in near)
        for place, character in enumerate(line.characters)
    ]
    if not any(flags):
        return line
    text, characters, confidences = "", [], []
    for is_hidden, group in groupby(range(len(flags)), key=flags.__getitem__):
        places = list(group)
        if is_hidden:
            text += COVER
            characters.append(Box.around(line.characters[place] for place in places))
            confidences.append(1.0)
        else:
            text += "".join(line.text[place] for place in places)
            characters += [line.characters[place] for place in places]
            confidences += [line.confidences[place] for place in places] if line.confidences else []
    return replace(
        line,
        text=text,
        characters=tuple(characters),
        confidences=tuple(confidences) if line.confidences else (),
    )


def is_touching(one: Box, other: Box) -> bool:
    """Whether two boxes have a pixel in common."""
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def _widened(box: Box) -> Box:
    """A quarter of the height of the letters along the line, a tenth across, a few pixels at least."""
    side = min(box.w, box.h)
    along, across = max(round(side / 4), 4), max(round(side / 10), 3)
    x, y = (along, across) if box.w >= box.h else (across, along)
    return Box(box.x - x, box.y - y, box.w + 2 * x, box.h + 2 * y)

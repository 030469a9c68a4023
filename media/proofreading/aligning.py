"""Where the characters of a corrected line stand: what was kept keeps its box, what is new gets a share of the place.

The line runs along one axis, left to right or top to bottom; a place along it is a number of pixels.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from media.lines import Box, Direction

CERTAIN = 1.0
"""The confidence of a character that a person wrote."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, its box, and how sure the reading was."""

    character: str
    box: Box
    confidence: float


def realign(old: Sequence[Glyph], text: str, direction: Direction, frame: Box) -> list[Glyph]:
    """The glyphs of ``text``, which a person made of ``old``; ``frame`` is the box of the line.

    Characters that are the same keep box and confidence. As many as were replaced take the boxes of those one by one;
    more or fewer share their place by width. Inserted ones stand in the gap, or across the border, between neighbours.
    """
    glyphs: list[Glyph] = []
    for (first, last), words in _runs("".join(glyph.character for glyph in old), text):
        if words is None:
            glyphs.extend(old[first:last])
        elif last - first == len(words):
            pairs = zip(words, old[first:last], strict=True)
            glyphs.extend(Glyph(character, glyph.box, CERTAIN) for character, glyph in pairs)
        elif words:
            place = _place(old, first, last, direction, frame)
            boxes = divide(place, words, direction)
            glyphs.extend(Glyph(character, box, CERTAIN) for character, box in zip(words, boxes, strict=True))
    return glyphs


def divide(place: Box, words: str, direction: Direction) -> list[Box]:
    """A box for each character, side by side over the whole place, wide ones (UAX #11) twice as wide as others."""
    weights = [2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in words]
    length = place.w if direction == "h" else place.h
    boxes, passed, total = [], 0, sum(weights)
    for weight in weights:
        start = passed * length // total
        passed += weight
        extent = max(passed * length // total - start, 1)
        if direction == "h":
            boxes.append(Box(place.x + start, place.y, extent, place.h))
        else:
            boxes.append(Box(place.x, place.y + start, place.w, extent))
    return boxes


def _runs(old: str, new: str) -> Iterator[tuple[tuple[int, int], str | None]]:
    """The old text in runs: where each lies, and what it became; None for a run that is kept.

    Neighbouring changes are one run: of “replace one, insert one” neither alone would tell where the two stand.
    """
    first_old = first_new = 0
    for step in Levenshtein.opcodes(old, new):
        if step.tag != "equal":
            continue
        if (first_old, first_new) != (step.src_start, step.dest_start):
            yield (first_old, step.src_start), new[first_new : step.dest_start]
        if step.src_start < step.src_end:
            yield (step.src_start, step.src_end), None
        first_old, first_new = step.src_end, step.dest_end
    if (first_old, first_new) != (len(old), len(new)):
        yield (first_old, len(old)), new[first_new:]


def _place(old: Sequence[Glyph], first: int, last: int, direction: Direction, frame: Box) -> Box:
    """The place of the glyphs ``first`` up to ``last``, or between two where there are none."""
    if first < last:
        return Box.around(glyph.box for glyph in old[first:last])
    if not old:
        return frame
    before, after = (old[first - 1].box if first else None), (old[first].box if first < len(old) else None)
    neighbour = before or after
    assert neighbour is not None, "there are glyphs, so one of the two is one"
    if direction == "h":
        start, extent = _gap(
            before.right if before else frame.x, after.x if after else frame.right, neighbour.w, frame.x, frame.right
        )
        return Box(start, neighbour.y, extent, neighbour.h)
    start, extent = _gap(
        before.bottom if before else frame.y, after.y if after else frame.bottom, neighbour.h, frame.y, frame.bottom
    )
    return Box(neighbour.x, start, neighbour.w, extent)


def _gap(start: int, end: int, usual: int, least: int, most: int) -> tuple[int, int]:
    """The gap between two places, widened across them to half a usual character, within the line."""
    extent = max(end - start, usual // 2, 1)
    middle = (start + end) // 2
    left = max(min(middle - extent // 2, most - extent), least)
    return left, max(min(extent, most - left), 1)

"""The lines of a page as a person wants them: changed, joined, divided, put in another order, left out or added."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean
from typing import Final

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from core.errors import InvalidInput
from media.lines import Box, Direction, TextLine
from media.proofreading.aligning import CERTAIN, Glyph, divide, realign

DIVIDER: Final = "↵"
"""A sign that no printed page holds: whoever types it into a line divides the line there."""

LONGEST: Final = 2000
MOST_LINES: Final = 3000


@dataclass(frozen=True, slots=True)
class Edit:
    """A line as it should be: its text, and the numbers, from 0, of the lines that it was made of.

    Several for lines that were joined, none for a line that recognition missed; a line that two edits name was divided.
    A line that no edit names, or whose text is empty, is left out.
    """

    text: str
    origins: tuple[int, ...] = ()


def arrange(lines: Sequence[TextLine], edits: Sequence[Edit], width: int, height: int) -> list[TextLine]:
    """The new lines, in the order of the edits; ``width`` and ``height`` are those of the page image.

    Raises:
        InvalidInput: an edit names a line that is not there, or there is more text than a page can hold.
    """
    wanted = list(_checked(edits, len(lines)))
    made: dict[int, TextLine] = {}
    for group in _groups(wanted):
        own = _in_order(lines, wanted, group)
        if own:
            parts = _divided(own, [wanted[each].text for each in group])
            made |= zip(group, parts, strict=True)
    arranged: list[TextLine] = []
    for number, edit in enumerate(wanted):
        following = next((made[later] for later in range(number + 1, len(wanted)) if later in made), None)
        before = arranged[-1] if arranged else None
        line = made.get(number) or _added(edit.text, before, following, width, height)
        arranged.append(line)
    return arranged


def clean(text: str) -> str:
    """The text in one line as it can be stored: composed (NFC), without control characters, surrogates, line ends."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return composed.strip()
    return "".join(c for c in composed if unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"}).strip()


def _checked(edits: Sequence[Edit], count: int) -> Iterator[Edit]:
    """The edits that leave a text, divided where the person said so."""
    if len(edits) > MOST_LINES:
        raise InvalidInput(_("A page holds at most %(most)d lines.") % {"most": MOST_LINES})
    for edit in edits:
        if not all(0 <= origin < count for origin in edit.origins):
            raise InvalidInput(_("The form does not fit the text of this page. Reload the page and try again."))
        for part in edit.text.split(DIVIDER):
            text = clean(part)
            if len(text) > LONGEST:
                raise InvalidInput(_("A line holds at most %(most)d characters.") % {"most": LONGEST})
            if text:
                yield Edit(text, tuple(dict.fromkeys(edit.origins)))


def _groups(edits: Sequence[Edit]) -> list[list[int]]:
    """The numbers of edits that share origins, for these must be looked at together; in the order of the edits."""
    groups: list[tuple[set[int], list[int]]] = []
    for number, edit in enumerate(edits):
        origins, members = set(edit.origins), [number]
        touching = [group for group in groups if group[0] & origins]
        for group in touching:
            groups.remove(group)
            origins |= group[0]
            members = [*group[1], *members]
        groups.append((origins, sorted(members)))
    return [members for _origins, members in groups]


def _in_order(lines: Sequence[TextLine], edits: Sequence[Edit], group: list[int]) -> list[TextLine]:
    """The old lines that a group was made of, in the order that fits the edits.

    Lines that were joined stand as the person put them. Where a line was divided and its parts moved, the group is
    brought into the order in which the parts stood, for only so can they be found again.
    """
    if len(group) == 1:
        return [lines[origin] for origin in edits[group[0]].origins]
    old = [lines[origin] for origin in sorted({origin for number in group for origin in edits[number].origins})]
    whole = "".join(line.text for line in old)
    group.sort(key=lambda number: (_where(edits[number].text, whole), number))
    return old


def _where(part: str, whole: str) -> int:
    """Where a part, perhaps with corrections, begins in a text."""
    found = whole.find(part)
    if found >= 0 or not whole:
        return max(found, 0)
    alignment = fuzz.partial_ratio_alignment(part, whole)
    return alignment.dest_start if alignment is not None else 0


def _divided(old: Sequence[TextLine], texts: Sequence[str]) -> list[TextLine]:
    """What the old lines became: their characters in one row, changed, and cut into the new lines."""
    first = old[0]
    if len(old) == 1 and list(texts) == [first.text]:
        return [first]
    frame = Box.around(line.box for line in old)
    glyphs = realign([glyph for line in old for glyph in _glyphs(line)], "".join(texts), first.direction, frame)
    lines, start = [], 0
    for text in texts:
        own = glyphs[start : start + len(text)]
        start += len(text)
        around = Box.around(glyph.box for glyph in own)
        box = frame if len(texts) == 1 else _across(around, frame, first.direction)
        lines.append(
            replace(
                first,
                text=text,
                box=box,
                confidence=fmean(glyph.confidence for glyph in own),
                characters=tuple(glyph.box for glyph in own),
                confidences=tuple(glyph.confidence for glyph in own),
            )
        )
    return lines


def _glyphs(line: TextLine) -> Iterator[Glyph]:
    confidences = line.confidences or (line.confidence,) * len(line.text)
    return (Glyph(*parts) for parts in zip(line.text, line.characters, confidences, strict=True))


def _across(part: Box, frame: Box, direction: Direction) -> Box:
    """A part of a line, as high (or, written downwards, as wide) as its characters and no more."""
    if direction == "h":
        return Box(part.x, max(part.y, frame.y), part.w, min(part.h, frame.h))
    return Box(max(part.x, frame.x), part.y, min(part.w, frame.w), part.h)


def _added(text: str, before: TextLine | None, after: TextLine | None, width: int, height: int) -> TextLine:
    """A line that recognition missed: it takes the free place beside its neighbours, or what would be its place."""
    model = before or after
    direction: Direction = model.direction if model else "h"
    box = _beside(before, after, width, height)
    return TextLine(
        text=text,
        box=box,
        direction=direction,
        confidence=CERTAIN,
        characters=tuple(divide(box, text, direction)),
        block=model.block if model else 0,
        confidences=(CERTAIN,) * len(text),
    )


def _beside(before: TextLine | None, after: TextLine | None, width: int, height: int) -> Box:
    """Below ``before`` (left of it where the page is written downwards), as far as ``after`` leaves room."""
    model = before or after
    if model is None:
        return Box(width // 10, height // 10, max(width * 8 // 10, 1), max(height // 40, 1))
    box = model.box
    if model.direction == "h":
        extent = box.h
        start = box.bottom if before else box.y - extent
        if before and after and 0 < after.box.y - start < extent:
            extent = after.box.y - start
        return _within(Box(box.x, start, box.w, extent), width, height)
    extent = box.w
    start = box.x - extent if before else box.right
    if before and after and 0 < start + extent - after.box.right < extent:
        extent = box.x - after.box.right
        start = after.box.right
    return _within(Box(start, box.y, extent, box.h), width, height)


def _within(box: Box, width: int, height: int) -> Box:
    """The box moved onto the page."""
    w, h = min(box.w, max(width, 1)), min(box.h, max(height, 1))
    return Box(max(min(box.x, width - w), 0), max(min(box.y, height - h), 0), w, h)


def same(one: Sequence[TextLine], other: Sequence[TextLine]) -> bool:
    """Whether two arrangements read the same: the same lines in the same order and the same paragraphs."""
    if [line.text for line in one] != [line.text for line in other]:
        return False
    return [a.block == b.block for a, b in pairwise(one)] == [a.block == b.block for a, b in pairwise(other)]

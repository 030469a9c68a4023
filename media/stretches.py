"""From boxes on a page back to the characters that they hold: hits put together, and quoted in their surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from media.lines import Box, TextLine, join

AROUND: Final = 20
"""Characters quoted before and after a hit."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of one line, ``first`` up to, not including, ``last``, and the box around them."""

    box: Box
    line: int
    first: int
    last: int

    def of(self, lines: Sequence[TextLine]) -> str:
        """The characters."""
        return lines[self.line].text[self.first : self.last]


@dataclass(frozen=True, slots=True)
class Quote:
    """What stands in a place of a text, with a little of what comes before and after it."""

    prefix: str
    exact: str
    suffix: str


def grouped(boxes: Sequence[Box], lines: Sequence[TextLine], longest: int) -> list[list[Box]]:
    """Boxes put together to hits, in their order.

    Boxes are one hit, cut by line breaks, where each ends its line, the next begins the following one, and together
    they hold no more than ``longest`` characters.
    """
    found: list[list[Box]] = []
    before: Stretch | None = None
    length = 0
    for box in boxes:
        here = stretch(box, lines)
        size = here.last - here.first if here else 0
        goes_on = here is not None and before is not None and _follows(here, before, lines)
        if goes_on and length + size <= longest:
            found[-1].append(box)
            length += size
        else:
            found.append([box])
            length = size
        before = here
    return found


def stretch(box: Box, lines: Sequence[TextLine]) -> Stretch | None:
    """The characters that a box holds, of the first line in which it holds any."""
    for number, line in enumerate(lines):
        if _overlap(box, line.box):
            held = [place for place, character in enumerate(line.characters) if _holds_middle(box, character)]
            if held:
                return Stretch(box, number, held[0], held[-1] + 1)
    return None


def quote(stretches: Sequence[Stretch], lines: Sequence[TextLine], around: int = AROUND) -> Quote:
    """A hit as the text has it, line breaks left out; in the order of the text."""
    first, last = stretches[0], stretches[-1]
    head = [*lines[: first.line]]
    before = join(head) + ("\n" if head else "") + lines[first.line].text[: first.first]
    after = lines[last.line].text[last.last :] + "\n" + join(lines[last.line + 1 :])
    exact = "".join(each.of(lines) for each in stretches)
    return Quote(flat(before)[-around:], exact, flat(after)[:around])


def _follows(here: Stretch, before: Stretch, lines: Sequence[TextLine]) -> bool:
    is_to_the_end = before.last == len(lines[before.line].text)
    return here.line == before.line + 1 and here.first == 0 and is_to_the_end


def flat(text: str) -> str:
    """The text of a page in one line: line breaks vanish beside Han characters and become blanks between Latin ones."""
    rows = [row for row in text.split("\n") if row]
    if not rows:
        return ""
    glue = ["" if not (a[-1].isascii() and b[0].isascii()) else " " for a, b in pairwise(rows)]
    return rows[0] + "".join(between + row for between, row in zip(glue, rows[1:], strict=True))


def _overlap(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def _holds_middle(outer: Box, inner: Box) -> bool:
    x, y = inner.x + inner.w / 2, inner.y + inner.h / 2
    return outer.x <= x < outer.right and outer.y <= y < outer.bottom

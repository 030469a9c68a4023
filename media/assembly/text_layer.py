"""The unseen text of a page as PDF operators: each character over its picture, in reading order.

A line is one run of text. Its scale (Tz) is chosen so that it ends where the printed line ends; where characters of a
line stand wider or closer than the rest, it changes on the way. There is never a gap within a line, for readers would
take it for a blank.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from media.assembly import glyphless
from media.assembly.glyphless import Codes
from media.lines import TextLine

_TOLERANCE = 0.25
"""How far, in heights of the line, a character may lie beside its picture before the scale is changed."""

_LEAST = 0.5  # pixels that a character takes at least
_LEAST_BLANK = 0.25  # of the height: readers overlook a narrower blank


def operators(lines: Sequence[TextLine], height: int, scale: float, codes: Codes) -> bytes:
    """The content stream; ``height`` is that of the page in pixels, ``scale`` the points of a pixel."""
    shown = [line for line in lines if line.text]
    if not shown:
        return b""
    parts = [f"q {scale:.6f} 0 0 {scale:.6f} 0 0 cm BT 3 Tr"]
    for line in shown:
        parts.extend(_run(line, height, codes))
    parts.append("ET Q")
    return "\n".join(parts).encode("ascii")


def _run(line: TextLine, height: int, codes: Codes) -> Iterator[str]:
    """One line; a vertical one runs down the page as if it were turned by a quarter, which every reader follows."""
    if line.direction == "v":
        size = max(line.box.w, 1)
        starts = _starts(line.text, [box.y for box in line.characters], line.characters[-1].bottom, size)
        place = f"0 -1 1 0 {line.box.x} {height - starts[0]:g} Tm"
    else:
        size = max(line.box.h, 1)
        starts = _starts(line.text, [box.x for box in line.characters], line.characters[-1].right, size)
        place = f"1 0 0 1 {starts[0]:g} {height - line.box.bottom} Tm"
    widths = [glyphless.width(character) * size / glyphless.EM for character in line.text]
    yield f"{glyphless.FONT} {size} Tf {place}"
    for first, last in _stretches(line, starts, widths, size):
        stretch = 100 * (starts[last] - starts[first]) / sum(widths[first:last])
        yield f"{stretch:.4g} Tz {codes.encode(line.text[first:last])} Tj"


def _stretches(
    line: TextLine, starts: Sequence[float], widths: Sequence[float], size: int
) -> Iterator[tuple[int, int]]:
    """The pieces of a line that are scaled alike.

    PDFium sorts pieces that begin at the same height from left to right, which would turn the columns of a page round.
    It compares neighbours only, so the first character of a column is a piece of its own.
    """
    for first, last in _even(starts, widths, _TOLERANCE * size):
        if line.direction == "v" and first == 0 and last > 2:
            yield 0, 1
            yield 1, last
        else:
            yield first, last


def _starts(text: str, places: Sequence[int], end: int, size: int) -> list[float]:
    """Where each character begins, and where the last one ends: never backwards, never on the same spot."""
    starts, reached = [], float("-inf")
    for character, place in zip(text, places, strict=True):
        starts.append(max(float(place), reached))
        reached = starts[-1] + (_LEAST_BLANK * size if character.isspace() else _LEAST)
    return [*starts, max(float(end), reached)]


def _even(starts: Sequence[float], widths: Sequence[float], tolerance: float) -> Iterator[tuple[int, int]]:
    """Stretches in which characters of these widths, all scaled alike, lie within ``tolerance`` of where they begin."""
    waiting = [(0, len(widths))]
    while waiting:
        first, last = waiting.pop()
        run = list(accumulate(widths[first:last], initial=0.0))
        stretch = (starts[last] - starts[first]) / run[-1]
        strays = [abs(starts[first] + stretch * run[k] - starts[first + k]) for k in range(last - first)]
        worst = max(range(last - first), key=strays.__getitem__)
        if strays[worst] <= tolerance:
            yield first, last
        else:
            waiting += [(first + worst, last), (first, first + worst)]

"""Pages that are read in a smaller copy, and the way of their lines back to the full size.

A page of A3 at 600 dpi has 70 million pixels: read whole it takes 1.8 GiB of memory and the engine, which reduces it
anyway to find the lines, sees nothing more on it than on one of 300 dpi.
"""

from collections.abc import Iterable
from dataclasses import replace

from media.lines import Box, TextLine

MOST_PIXELS = 25_000_000
"""A page with more is read from a copy with so many: A3 at 355 dpi, A4 at 500."""


def enlarged(lines: Iterable[TextLine], across: float, down: float, width: int, height: int) -> list[TextLine]:
    """Lines of a copy as lines of the page, so many times larger, of ``width`` × ``height`` pixels."""

    def full(box: Box) -> Box:
        left, top = min(round(box.x * across), width - 1), min(round(box.y * down), height - 1)
        right, bottom = min(round(box.right * across), width), min(round(box.bottom * down), height)
        return Box(left, top, max(right - left, 1), max(bottom - top, 1))

    return [
        replace(line, box=full(line.box), characters=tuple(full(each) for each in line.characters)) for line in lines
    ]

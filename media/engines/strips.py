"""Strips: lines cut out of a page and laid level, as a recognition engine reads them, and the way back to the page.

A strip runs from left to right in the order of reading; a column of vertical writing is turned by a quarter against the
clock, so that its characters lie on their backs. Along the strip means x, across means y.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from media.engines.vips import Pixels

Quad = npt.NDArray[np.float32]
"""Four corners of a line on the page, 4 × (x, y): upper left, upper right, lower right, lower left."""

Matrix = npt.NDArray[np.float64]

_COLUMN_RATIO = 1.5
"""A line this much taller than wide is read as a column."""

_ONE_CHARACTER = 1.5
"""What is not taller than this many line heights is one character, however slim."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A line, level: its pixels (blue, green, red), and the matrix from its pixels to those of the page."""

    pixels: Pixels
    to_page: Matrix
    is_column: bool

    @property
    def length(self) -> int:
        """Pixels along the reading."""
        return int(self.pixels.shape[1])

    @property
    def thickness(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[0])

    def around(self, left: float, right: float) -> Quad:
        """The corners, on the page, of the part from ``left`` to ``right``."""
        corners = [(left, 0), (right, 0), (right, self.thickness), (left, self.thickness)]
        placed = np.array([(*corner, 1) for corner in corners], np.float64) @ self.to_page.T
        return np.asarray(placed[:, :2] / placed[:, 2:], np.float32)

    def cut(self, page: Pixels, left: float, right: float) -> Pixels:
        """The part from ``left`` to ``right``, which may lie beyond either end, taken from the page anew."""
        size = (max(round(right - left), 1), self.thickness)
        shift = np.array([[1, 0, left], [0, 1, 0], [0, 0, 1]], np.float64)
        return _warped(page, self.to_page @ shift, size)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read on a strip: the characters, the middle of each along the strip, and how sure the engine is.

    White space has no place of its own: it lies half way between its neighbours.
    """

    text: str
    centres: tuple[float, ...]
    confidences: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """The mean over all characters; 0 where nothing was read."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else 0.0

    @property
    def pitch(self) -> float | None:
        """The median step between neighbours that are as wide as high; None where no two stand side by side."""
        neighbours = zip(pairwise(self.centres), pairwise(self.text), strict=True)
        steps = [b - a for (a, b), characters in neighbours if is_square(*characters)]
        return median(steps) if steps else None


def is_square(*characters: str) -> bool:
    """Whether all are Han characters or full-width marks, which fill a square."""
    return all("\u2e80" <= character <= "\uffee" for character in characters)


def cut_out(page: Pixels, quads: Sequence[Quad]) -> list[Strip]:
    """The lines of a page (blue, green, red) as strips, in the order given."""
    thickness = median(min(_sides(quad)) for quad in quads) if quads else 0.0
    return [_strip(page, quad, thickness) for quad in quads]


def extents(strip: Strip, reading: Reading) -> list[tuple[float, float]]:
    """From where to where each character reaches along the strip; neighbours do not overlap."""
    centres = reading.centres
    pitch = reading.pitch or strip.length / max(len(centres), 1)
    found: list[tuple[float, float]] = []
    for place, centre in enumerate(centres):
        left, right = centre - pitch / 2, centre + pitch / 2
        if place:
            left = max(left, (centres[place - 1] + centre) / 2)
        if place + 1 < len(centres):
            right = min(right, (centre + centres[place + 1]) / 2)
        if reading.text[place].isspace():
            left, right = _between(found, centres, place, pitch)
        found.append((max(left, 0.0), min(right, float(strip.length))))
    return found


def _between(
    before: Sequence[tuple[float, float]], centres: Sequence[float], place: int, pitch: float
) -> tuple[float, float]:
    """The gap that a blank fills."""
    left = before[-1][1] if before else 0.0
    right = centres[place + 1] - pitch / 2 if place + 1 < len(centres) else centres[place]
    return left, max(right, left + 1)


def _strip(page: Pixels, quad: Quad, thickness: float) -> Strip:
    wide, high = _sides(quad)
    is_column = high >= _COLUMN_RATIO * wide and high > _ONE_CHARACTER * thickness
    along, across = (high, wide) if is_column else (wide, high)
    size = max(round(along), 1), max(round(across), 1)
    # A column begins at its upper end, and its right side becomes the upper one.
    corners = quad[[1, 2, 3, 0]] if is_column else quad
    level = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    to_page = np.asarray(cv2.getPerspectiveTransform(level, np.ascontiguousarray(corners, np.float32)), np.float64)
    return Strip(_warped(page, to_page, size), to_page, is_column)


def _sides(quad: Quad) -> tuple[float, float]:
    """Width and height of a line on the page."""
    a, b, c, d = quad
    return (
        max(float(np.linalg.norm(a - b)), float(np.linalg.norm(c - d))),
        max(float(np.linalg.norm(a - d)), float(np.linalg.norm(b - c))),
    )


def _warped(page: Pixels, to_page: Matrix, size: tuple[int, int]) -> Pixels:
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    cut = cv2.warpPerspective(page, to_page, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)

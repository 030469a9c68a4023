"""A straightened copy of a page for the engine to read, and the way back from it (O-01: only ever a copy)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

from media.engines.vips import Pixels
from media.lines import Box, TextLine

LEAST_SKEW = 0.3
"""Below this lean, in degrees, an engine reads just as well, and a copy would only cost time and sharpness."""

MOST_SKEW = 15.0
"""A lean beyond this, in degrees, is a mistake of the measurement."""


@dataclass(frozen=True, slots=True, eq=False)
class Deskewing:
    """A rotation about the middle of a page, onto a canvas that holds all of it.

    ``matrix`` (2 × 3) leads from pixels of the page to pixels of the copy.
    """

    matrix: npt.NDArray[np.float64]
    page: tuple[int, int]
    copy: tuple[int, int]

    @classmethod
    def of(cls, width: int, height: int, skew: float) -> Self | None:
        """What straightens a page whose lines lean by ``skew`` degrees, clockwise positive; None if nothing need be."""
        if not LEAST_SKEW < abs(skew) <= MOST_SKEW:
            return None
        sine, cosine = abs(math.sin(math.radians(skew))), math.cos(math.radians(skew))
        wide, high = math.ceil(width * cosine + height * sine), math.ceil(width * sine + height * cosine)
        # OpenCV turns against the clock by a positive angle, which takes the lean away.
        matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0), np.float64)
        matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
        return cls(matrix, (width, height), (wide, high))

    def image(self, pixels: Pixels) -> Pixels:
        """The straightened copy; its corners have the colour of the paper."""
        paper = tuple(np.median(pixels[::16, ::16].reshape(-1, 3), axis=0))
        copy = cv2.warpAffine(pixels, self.matrix, self.copy, flags=cv2.INTER_CUBIC, borderValue=paper)
        return np.asarray(copy, np.uint8)

    def back(self, lines: Iterable[TextLine]) -> list[TextLine]:
        """Lines of the copy with their boxes on the page."""
        inverse = np.asarray(cv2.invertAffineTransform(self.matrix), np.float64)
        return [self._line_back(line, inverse) for line in lines]

    def _line_back(self, line: TextLine, inverse: npt.NDArray[np.float64]) -> TextLine:
        characters = tuple(self._box_back(box, inverse) for box in line.characters)
        # The box of a slanted line holds its characters: turned as a whole, it would reach far beyond them.
        box = Box.around(characters) if characters else self._box_back(line.box, inverse)
        return replace(line, box=box, characters=characters)

    def _box_back(self, box: Box, inverse: npt.NDArray[np.float64]) -> Box:
        """A box of the same size about the same middle, inside the page."""
        middle = inverse @ np.array([box.x + box.w / 2, box.y + box.h / 2, 1.0])
        width, height = self.page
        x = min(max(round(float(middle[0]) - box.w / 2), 0), width - 1)
        y = min(max(round(float(middle[1]) - box.h / 2), 0), height - 1)
        return Box(x, y, max(min(box.w, width - x), 1), max(min(box.h, height - y), 1))

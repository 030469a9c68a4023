"""Ruling lines on a page image, by OpenCV: long, thin, straight strokes, found on a reduced copy."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from media.engines.vips import Pixels
from media.reading_order import Ruling

_SIDE = 1600
"""The longer side of the copy, in pixels."""

_LEAST_LENGTH = 1 / 28
"""The shortest ruling, as a share of the longer side: longer than the strokes of running text."""

_PIECE = 0.4
"""A slightly leaning ruling is found in straight pieces of this share of the shortest ruling."""

_MOST_THICKNESS = 9
_DARKER = 22
_NEIGHBOURHOOD = 31
_SAME_LINE = 4
_BREAK = 14
_WHOLE = 0.85
"""The least share of a ruling that is ink: strokes of characters that stand in line leave more white between them."""


def find(pixels: Pixels) -> list[Ruling]:
    """The level and upright rulings of a page (rows × columns × (red, green, blue)), in its own pixels."""
    height, width = pixels.shape[:2]
    scale = min(_SIDE / max(height, width), 1.0)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(
        grey, (max(round(width * scale), 1), max(round(height * scale), 1)), interpolation=cv2.INTER_AREA
    )
    paper = cv2.blur(small, (_NEIGHBOURHOOD, _NEIGHBOURHOOD))
    # A ruling of one pixel on the scan is faint on the copy: compared with what surrounds it, it still stands out.
    dark = (small.astype(np.int16) < paper.astype(np.int16) - _DARKER).astype(np.uint8)
    least = round(max(small.shape) * _LEAST_LENGTH)
    level = [Ruling(True, at / scale, start / scale, end / scale) for at, start, end in _level(dark, least)]
    turned = np.ascontiguousarray(dark.T)
    upright = [Ruling(False, at / scale, start / scale, end / scale) for at, start, end in _level(turned, least)]
    return level + upright


def _level(dark: npt.NDArray[np.uint8], least: int) -> Iterator[tuple[float, float, float]]:
    """Level strokes at least so long: their height on the page, where they begin and where they end."""
    kernel = np.ones((1, max(round(least * _PIECE), 3)), np.uint8)
    pieces = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
    # A ruling that leans goes down by a step now and then; broken print has gaps.
    joined = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, np.ones((3, 5), np.uint8))
    count, _labels, stats, centres = cv2.connectedComponentsWithStats(joined)
    found = [
        (float(centres[number][1]), float(x), float(x + w))
        for number, (x, _y, w, h, area) in enumerate(stats[:count])
        if number and h <= _MOST_THICKNESS and w >= least * _PIECE and area <= w * max(h / 1.5, 4)
    ]
    return (
        (at, start, end)
        for at, start, end, ink in _joined(found)
        if end - start >= least and ink >= _WHOLE * (end - start)
    )


def _joined(pieces: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float, float]]:
    """Pieces of one line put together, and how much of it they cover."""
    lines: list[tuple[float, float, float, float]] = []
    for at, start, end in sorted(pieces, key=lambda piece: piece[1]):
        for number, (other_at, other_start, other_end, ink) in enumerate(lines):
            if abs(at - other_at) <= _SAME_LINE and start - other_end <= _BREAK:
                middle = (other_at * ink + at * (end - start)) / (ink + end - start)
                lines[number] = (middle, other_start, max(end, other_end), ink + max(end - max(start, other_end), 0))
                break
        else:
            lines.append((at, start, end, end - start))
    return lines

"""Lines that an engine drew across a gutter: cut in two where the lines above and below leave a column of white.

Neighbouring columns set closely, or cells without a ruling between them, are now and then taken for one line. White
inside a line alone says nothing, for a full stop leaves as much; that the neighbours stand back there as well does.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from media.engines.strips import Quad
from media.engines.vips import Pixels

_Boxes = npt.NDArray[np.float64]

_LONG = 6.0
_NEAR = 5.0
_MARGIN = 1.5
_GUTTER = 0.3
_WHITE = 0.3
_OTHER_TYPE = 1.3
_EACH_SIDE = 2
_PASSES = 3


def split(page: Pixels, quads: Sequence[Quad]) -> list[Quad]:
    """The level lines of a page (blue, green, red), each that crosses a gutter cut in its parts; others as they are.

    A line beside another that crosses the gutter is found once the other has been cut, so it is looked at again.
    """
    found = list(quads)
    for _pass in range(_PASSES):
        before = len(found)
        found = _split_once(page, found)
        if len(found) == before:
            break
    return found


def _split_once(page: Pixels, quads: Sequence[Quad]) -> list[Quad]:
    if len(quads) < 2 * _EACH_SIDE + 1:
        return list(quads)
    boxes = np.array([[*quad.min(axis=0), *quad.max(axis=0)] for quad in quads], np.float64)
    thick = median(min(x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes)
    found: list[Quad] = []
    for number, quad in enumerate(quads):
        sides = [0.0, *_cuts(page, boxes, number, thick), 1.0]
        found += [_part(quad, start, end) for start, end in pairwise(sides)] if len(sides) > 2 else [quad]
    return found


def _cuts(page: Pixels, boxes: _Boxes, number: int, thick: float) -> list[float]:
    """Where a line is to be cut, as shares of its length."""
    x0, y0, x1, y1 = boxes[number]
    if x1 - x0 < _LONG * thick or y1 - y0 > _OTHER_TYPE * thick:
        return []
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    near = np.abs(middles - (y0 + y1) / 2) < _NEAR * thick
    near &= np.minimum(boxes[:, 2], x1) > np.maximum(boxes[:, 0], x0)
    near &= boxes[:, 3] - boxes[:, 1] < _OTHER_TYPE * thick
    near[number] = False
    # Only one side may tell: above the last lines of columns, below the first ones, a title often runs across.
    sides = (boxes[near & (middles < middles[number])], boxes[near & (middles > middles[number])])
    left, right = x0 + _MARGIN * thick, x1 - _MARGIN * thick
    whites = {
        white
        for side in sides
        for start, end in _free(side, left, right)
        if end - start >= _GUTTER * thick and (white := _white(page, (start, y0, end, y1), _WHITE * thick)) is not None
    }
    found: list[float] = []
    for white in sorted(whites):
        if not found or white - found[-1] > _MARGIN * thick:
            found.append(white)
    return [(white - x0) / (x1 - x0) for white in found]


def _free(near: _Boxes, left: float, right: float) -> list[tuple[float, float]]:
    """Stretches between ``left`` and ``right`` over which no neighbour reaches, with neighbours on both sides."""
    stretches = []
    reached = left
    for x0, x1 in sorted((float(box[0]), float(box[2])) for box in near):
        if x0 > reached:
            stretches.append((reached, min(x0, right)))
        reached = max(reached, x1)
    return [
        (start, end)
        for start, end in stretches
        if end > start
        and np.count_nonzero(near[:, 2] <= start + 1) >= _EACH_SIDE
        and np.count_nonzero(near[:, 0] >= end - 1) >= _EACH_SIDE
    ]


def _white(page: Pixels, box: tuple[float, float, float, float], least: float) -> float | None:
    """The middle of the widest white stretch of a gutter, if it is at least so wide."""
    left, top, right, bottom = (max(round(side), 0) for side in box)
    around = page[top:bottom, max(left - 2 * (bottom - top), 0) : right + 2 * (bottom - top)]
    if not around.size:
        return None
    grey = cv2.cvtColor(np.ascontiguousarray(around), cv2.COLOR_BGR2GRAY)
    threshold, _binary = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    gutter = cv2.cvtColor(np.ascontiguousarray(page[top:bottom, left:right]), cv2.COLOR_BGR2GRAY)
    # Specks do not fill a column of pixels; strokes of characters do, at least in part.
    inked = np.count_nonzero(gutter <= threshold, axis=0) > 0.06 * (bottom - top)
    best, start = (0, 0), 0
    for place in range(len(inked) + 1):
        if place == len(inked) or inked[place]:
            best = max(best, (place - start, start))
            start = place + 1
    return left + best[1] + best[0] / 2 if best[0] >= least else None


def _part(quad: Quad, start: float, end: float) -> Quad:
    """A part of a line, from one share of its length to another."""
    a, b, c, d = quad
    return np.array([a + (b - a) * start, a + (b - a) * end, d + (c - d) * end, d + (c - d) * start], np.float32)

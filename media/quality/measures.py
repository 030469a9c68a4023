"""What is measured on the picture of a page: ink, lean, sharpness, tones, edges, and a fingerprint.

All measures are taken on one grey copy of `scans.MEASURED_DPI`: about 65 ms of one core for A4, whatever it was
scanned with. To read and reduce the scan takes 20 ms (JPEG) to 110 ms (TIFF with LZW) for A4 with 300 dpi.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from media.engines.scans import Grey

_NEIGHBOURHOOD: Final = 41
"""Pixels: the paper around a character, against which it is dark."""

_CONTRAST: Final = 20
"""Grey levels by which ink is darker than its neighbourhood."""

_SPECK: Final = 8
"""Pixels of ink that hang together and are fewer than this are dust or noise."""

_CHARACTER: Final = (6, 80)
"""Pixels: sides of what can be a character, of 3 to 38 points."""

_MOST_LEAN: Final = 12.0
_COARSE, _FINE = 0.5, 0.05
_POINTS_COARSE, _POINTS_FINE = 8_000, 40_000
_STRIP_COARSE, _STRIP_FINE = 4, 2
"""Pixels: the ink is counted in strips of this breadth; broad ones find the angle, narrow ones measure it."""

_CLEAR_PEAK: Final = 2.0
"""How much sharper the rows must be at the best angle than at a middling one for the angle to mean something."""

_LEAST_INK_FOR_LEAN: Final = 1_500
_LEAST_INK_FOR_BLUR: Final = 400
_DARKEST, _LIGHTEST = 2, 253
_HASH_SIDE: Final = 8
_Points = npt.NDArray[np.float32]
_Stats = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one page.

    ``ink`` is the share of the page that is print, in percent; ``skew`` how far the lines lean, in degrees, clockwise
    positive, None where there are no lines; ``sharpness`` the variance of the Laplacian about the print, in percent
    of its squared contrast, None without print; ``shadows`` and ``highlights`` the shares of cut-off tones, in
    percent; ``touching`` the characters that touch the worst edge; ``fingerprint`` 16 hexadecimal digits.
    """

    ink: float
    skew: float | None
    sharpness: float | None
    shadows: float
    highlights: float
    touching: int
    fingerprint: str


def measure(grey: Grey) -> Measures:
    """Measure a page."""
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _NEIGHBOURHOOD, _CONTRAST
    )
    _count, labels, found, _centres = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    stats: _Stats = np.asarray(found, np.int32)
    is_print = (stats[:, cv2.CC_STAT_AREA] >= _SPECK) & ~_is_frame(stats, *grey.shape)
    is_print[0] = False
    ink = is_print[labels]
    shadows, highlights = _cut_tones(grey)
    return Measures(
        ink=round(100 * float(np.count_nonzero(ink)) / grey.size, 4),
        skew=_lean(ink),
        sharpness=_sharpness(grey, ink),
        shadows=shadows,
        highlights=highlights,
        touching=_touching(stats[is_print], *grey.shape),
        fingerprint=fingerprint(grey),
    )


def fingerprint(grey: Grey) -> str:
    """A perceptual hash of 64 bits: the lowest frequencies of the picture, each above or below their median.

    Scans of the same sheet differ in a few bits, different sheets in about half of them.
    """
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    lowest = cv2.dct(small)[:_HASH_SIDE, :_HASH_SIDE].ravel()
    bits = lowest > np.median(lowest)
    return np.packbits(bits).tobytes().hex()


def distance(one: str, other: str) -> int:
    """By how many bits two fingerprints differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _is_frame(stats: _Stats, height: int, width: int) -> npt.NDArray[np.bool_]:
    """Dark stripes along an edge, as a scanner leaves them beside the sheet: long, and at the edge."""
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    at_edge = (left == 0) | (top == 0) | (left + wide == width) | (top + high == height)
    is_frame: npt.NDArray[np.bool_] = at_edge & ((wide > width // 3) | (high > height // 3))
    return is_frame


def _touching(stats: _Stats, height: int, width: int) -> int:
    """How many things of the size of characters touch the edge where most do."""
    least, most = _CHARACTER
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    is_solid = stats[:, cv2.CC_STAT_AREA] >= wide * high // 8
    upright = is_solid & (high >= least) & (high <= most) & (wide <= most)
    lying = is_solid & (wide >= least) & (wide <= most) & (high <= most)
    sides = (
        upright & (left <= 0),
        upright & (left + wide >= width),
        lying & (top <= 0),
        lying & (top + high >= height),
    )
    return max(int(np.count_nonzero(side)) for side in sides)


def _lean(ink: npt.NDArray[np.bool_]) -> float | None:
    """The angle at which rows (or, in vertical print, columns) of ink and of paper alternate most sharply.

    A row that leans clockwise by an angle a runs along y = x·tan a, a column along x = -y·tan a (y points down).
    """
    rows, columns = np.nonzero(ink)
    if rows.size < _LEAST_INK_FOR_LEAN:
        return None
    y, x = rows.astype(np.float32), columns.astype(np.float32)
    coarse = np.arange(-_MOST_LEAN, _MOST_LEAN + _COARSE, _COARSE)
    found = []
    for along, across in ((y, -x), (x, y)):
        scores = _scores(_thinned(along, _POINTS_COARSE), _thinned(across, _POINTS_COARSE), coarse, _STRIP_COARSE)
        best = int(scores.argmax())
        found.append((float(scores[best] / np.median(scores)), float(coarse[best]), along, across))
    clearness, angle, along, across = max(found, key=lambda each: each[0])
    if clearness < _CLEAR_PEAK or abs(angle) >= _MOST_LEAN:
        return None
    fine = np.arange(angle - _COARSE, angle + _COARSE + _FINE, _FINE)
    scores = _scores(_thinned(along, _POINTS_FINE), _thinned(across, _POINTS_FINE), fine, _STRIP_FINE)
    return round(float(fine[int(scores.argmax())]), 2) + 0.0


def _thinned(points: _Points, most: int) -> _Points:
    """Every n-th point, so that about ``most`` are left, spread evenly."""
    return points[:: max(1, points.size // most)]


def _scores(along: _Points, across: _Points, angles: npt.NDArray[np.float64], strip: int) -> npt.NDArray[np.float64]:
    """For each angle, how sharply the profile of the ink rises and falls from strip to strip."""
    scores = np.empty(angles.size)
    for number, angle in enumerate(np.deg2rad(angles)):
        place = along * np.float32(np.cos(angle)) + across * np.float32(np.sin(angle))
        profile = np.bincount(((place - place.min()) / np.float32(strip)).astype(np.int32))
        scores[number] = np.square(np.diff(profile)).sum(dtype=np.float64)
    return scores


def _sharpness(grey: Grey, ink: npt.NDArray[np.bool_]) -> float | None:
    count = int(np.count_nonzero(ink))
    if count < _LEAST_INK_FOR_BLUR:
        return None
    about = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    edges = cv2.Laplacian(grey, cv2.CV_16S, ksize=1)[about]
    paper, print_ = np.percentile(grey[about], (90, 10))
    contrast = max(float(paper - print_), 1.0)
    return round(100 * float(edges.var()) / contrast**2, 2)


def _cut_tones(grey: Grey) -> tuple[float, float]:
    """Shares of pixels, in percent, that are as dark or as light as can be."""
    counts = np.bincount(grey.ravel(), minlength=256)
    dark, light = counts[: _DARKEST + 1].sum(), counts[_LIGHTEST:].sum()
    return round(100 * float(dark) / grey.size, 3), round(100 * float(light) / grey.size, 3)

"""Pages that were scanned twice: near in their fingerprints, and alike in their small pictures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from media import storage
from media.engines.scans import Grey
from media.models import Page
from media.quality.limits import LIMITS, Code
from media.quality.measures import distance

_ALIKE: Final = 0.55
"""Correlation of two small pictures, laid over each other as well as can be, from which they show the same sheet."""

_SIDE: Final = 320
_MARGIN: Final = 0.08
_AT_ONCE: Final = 512


@dataclass(frozen=True, slots=True)
class Twins:
    """Two pages of the same sheet, the one that came first before the other, and the bits by which they differ."""

    first: Page
    second: Page
    bits: int


def find(pages: Sequence[Page], among: Sequence[Page]) -> Iterator[Twins]:
    """The pairs between ``pages`` and ``among``, each once; pages without a fingerprint have none."""
    ours = [page for page in pages if page.fingerprint]
    theirs = [page for page in among if page.fingerprint]
    if not ours or not theirs:
        return
    others = np.array([int(page.fingerprint, 16) for page in theirs], dtype=np.uint64)
    most = LIMITS[Code.DUPLICATE].value or 0
    seen: set[tuple[int, int]] = set()
    for start in range(0, len(ours), _AT_ONCE):
        some = ours[start : start + _AT_ONCE]
        keys = np.array([int(page.fingerprint, 16) for page in some], dtype=np.uint64)
        near = np.bitwise_count(keys[:, None] ^ others[None, :]) <= most
        for row, column in zip(*np.nonzero(near), strict=True):
            first, second = sorted((some[int(row)], theirs[int(column)]), key=lambda page: page.pk)
            pair = (first.pk, second.pk)
            if first.pk != second.pk and pair not in seen and _look_alike(first, second):
                seen.add(pair)
                yield Twins(first, second, distance(first.fingerprint, second.fingerprint))


def _look_alike(one: Page, other: Page) -> bool:
    """Whether the small pictures show the same; where one has not been made yet, the fingerprints alone decide."""
    whole, piece = _small_picture(one), _small_picture(other)
    if whole is None or piece is None:
        return True
    height, width = (min(a, b) for a, b in zip(whole.shape, piece.shape, strict=True))
    down, across = int(height * _MARGIN), int(width * _MARGIN)
    inner = piece[down : height - down, across : width - across]
    if inner.std() < 1 or whole.std() < 1:
        return True
    found = cv2.matchTemplate(whole, inner, cv2.TM_CCOEFF_NORMED)
    return float(found.max()) >= _ALIKE


def _small_picture(page: Page) -> Grey | None:
    """The thumbnail in grey, smoothed and brought to one size; None while there is none."""
    picture = cv2.imread(str(storage.thumbnail_image(page)), cv2.IMREAD_GRAYSCALE) if page.has_image else None
    if picture is None:
        return None
    factor = _SIDE / max(picture.shape)
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (3, 3), 0), np.uint8)

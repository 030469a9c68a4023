"""Age a composed page like a scan of a typed sheet: ink, skew, paper, stains, light, holes, noise.

Everything is drawn from one seeded generator, so that the same text gives the same image.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ageing:
    """How a sheet has aged."""

    skew: float  # degrees, counter-clockwise
    paper: tuple[int, int, int]
    grey: bool = False
    noise: float = 2.2
    blur: float = 0.75
    stains: int = 2
    ring: bool = False
    holes: bool = False
    staple: bool = False
    fold: bool = False
    edge: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """The rotation about the middle of the page, as a 2 × 3 matrix from composed to scanned pixels."""

    matrix: NDArray[np.float64]
    size: tuple[int, int]

    def box(self, box: tuple[float, float, float, float]) -> list[int]:
        """The axis-aligned bounds [x, y, width, height] of a box after the rotation, inside the image."""
        x, y, width, height = box
        corners = np.array([[x, y, 1], [x + width, y, 1], [x, y + height, 1], [x + width, y + height, 1]])
        turned = corners @ self.matrix.T
        limit = np.array(self.size)
        low = np.clip(np.floor(turned.min(axis=0)), 0, limit - 1).astype(int)
        high = np.clip(np.ceil(turned.max(axis=0)), low + 1, limit).astype(int)
        return [int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])]


def age(image: Image.Image, ageing: Ageing, seed: int) -> tuple[Image.Image, Turn]:
    """The aged scan of a page and the rotation that carries boxes from the page to the scan."""
    chance = np.random.default_rng(seed)
    width, height = image.size
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), ageing.skew, 1.0), dtype=np.float64)
    turn = Turn(matrix, (width, height))
    ink = np.asarray(image, dtype=np.float32) / 255.0
    ink = 1.0 - (1.0 - ink) * _cloud(chance, height, width, cell=9, low=0.80, high=1.0)[..., None]
    turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(1.0, 1.0, 1.0))
    ink = np.asarray(cv2.GaussianBlur(np.clip(turned, 0, 1), (0, 0), ageing.blur), dtype=np.float32)
    paper = _paper(chance, height, width, ageing)
    scan = paper * ink
    scan *= _light(chance, height, width)[..., None]
    _damage(scan, chance, ageing)
    grain = cv2.GaussianBlur(chance.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 0.9)
    scan += (grain * ageing.noise / 255.0)[..., None]
    pixels = (np.clip(scan, 0, 1) * 255).astype(np.uint8)
    aged = Image.fromarray(pixels)
    return (aged.convert("L") if ageing.grey else aged), turn


def _cloud(chance: np.random.Generator, height: int, width: int, *, cell: int, low: float, high: float) -> Pixels:
    """Soft random clouds between ``low`` and ``high``; ``cell`` is their size in pixels."""
    small = chance.random((max(2, height // cell), max(2, width // cell))).astype(np.float32)
    return low + (high - low) * cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _paper(chance: np.random.Generator, height: int, width: int, ageing: Ageing) -> Pixels:
    base = np.ones((height, width, 3), np.float32) * (np.array(ageing.paper, np.float32) / 255.0)
    base *= _cloud(chance, height, width, cell=420, low=0.955, high=1.0)[..., None]
    base *= _cloud(chance, height, width, cell=6, low=0.985, high=1.0)[..., None]
    for _ in range(ageing.stains):
        _stain(base, chance)
    if ageing.ring:
        _ring(base, chance)
    for _ in range(int(chance.integers(12, 34))):
        _speck(base, chance)
    return base


def _tint(base: Pixels, mask: Pixels, colour: tuple[float, float, float]) -> None:
    base *= 1.0 - mask[..., None] * (1.0 - np.array(colour, np.float32))


def _stain(base: Pixels, chance: np.random.Generator) -> None:
    height, width, _ = base.shape
    mask = np.zeros((height // 8, width // 8), np.float32)
    centre = (int(chance.integers(0, width // 8)), int(chance.integers(0, height // 8)))
    for _ in range(7):
        radius = int(chance.integers(12, 55))
        at = (centre[0] + int(chance.integers(-30, 30)), centre[1] + int(chance.integers(-30, 30)))
        cv2.circle(mask, at, radius, float(chance.uniform(0.3, 0.7)), -1)
    soft = cv2.resize(cv2.GaussianBlur(mask, (0, 0), 5), (width, height)).astype(np.float32)
    _tint(base, soft, (0.93, 0.885, 0.79))


def _ring(base: Pixels, chance: np.random.Generator) -> None:
    height, width, _ = base.shape
    mask = np.zeros((height // 4, width // 4), np.float32)
    at = (int(chance.integers(80, width // 4 - 80)), int(chance.integers(120, height // 4 - 120)))
    cv2.ellipse(mask, at, (74, 71), 0, float(chance.integers(0, 360)), float(chance.integers(500, 700)), 1.0, 5)
    cv2.circle(mask, at, 70, 0.18, -1)
    soft = cv2.resize(cv2.GaussianBlur(mask, (0, 0), 1.6), (width, height)).astype(np.float32)
    _tint(base, soft, (0.86, 0.78, 0.64))


def _speck(base: Pixels, chance: np.random.Generator) -> None:
    height, width, _ = base.shape
    at = (int(chance.integers(20, width - 20)), int(chance.integers(20, height - 20)))
    shade = float(chance.uniform(0.62, 0.88))
    patch = base[at[1] - 12 : at[1] + 12, at[0] - 12 : at[0] + 12]
    mask = np.zeros(patch.shape[:2], np.float32)
    cv2.circle(mask, (12, 12), int(chance.integers(1, 5)), 1.0, -1)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.1).astype(np.float32)
    patch *= 1.0 - soft[..., None] * (1.0 - np.array((shade, shade * 0.97, shade * 0.9), np.float32))


def _light(chance: np.random.Generator, height: int, width: int) -> Pixels:
    """Uneven light: a slope over the page and a darker rim."""
    slope = float(chance.uniform(0.02, 0.07))
    direction = float(chance.uniform(0, 2 * math.pi))
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    plane = 1.0 - slope * (0.5 + 0.5 * (x * math.cos(direction) + y * math.sin(direction)))
    rim = 1.0 - 0.05 * np.maximum(np.abs(x), np.abs(y)) ** 8
    return np.asarray(plane * rim, dtype=np.float32)


def _damage(scan: Pixels, chance: np.random.Generator, ageing: Ageing) -> None:
    height, width, _ = scan.shape
    if ageing.holes:
        for y in (height * 0.36, height * 0.64):
            _hole(scan, (104 + int(chance.integers(-6, 6)), int(y)), 40)
    if ageing.staple:
        for shift in (0, 118):
            _hole(scan, (150 + shift, 150 - shift // 3), 7)
        cv2.line(scan, (150, 158), (268, 119), (0.80, 0.78, 0.74), 5, cv2.LINE_AA)
    if ageing.fold:
        y = int(height * 0.5) + int(chance.integers(-30, 30))
        band = np.abs(np.arange(height, dtype=np.float32) - y)
        scan *= (1.0 - 0.10 * np.exp(-((band / 7.0) ** 2)) + 0.03 * np.exp(-(((band - 16) / 9.0) ** 2)))[:, None, None]
    if ageing.edge:
        x = np.arange(width, dtype=np.float32)
        far = x if chance.random() < 0.5 else width - 1 - x
        scan *= (1.0 - 0.55 * np.exp(-far / 13.0))[None, :, None]


def _hole(scan: Pixels, at: tuple[int, int], radius: int) -> None:
    size = radius * 2 + 10
    patch = scan[at[1] - size : at[1] + size, at[0] - size : at[0] + size]
    shadow = np.zeros(patch.shape[:2], np.float32)
    cv2.circle(shadow, (size + radius // 6, size + radius // 6), radius + radius // 8, 1.0, -1)
    patch *= 1.0 - 0.35 * cv2.GaussianBlur(shadow, (0, 0), max(1.0, radius / 7)).astype(np.float32)[..., None]
    hole = np.zeros(patch.shape[:2], np.float32)
    cv2.circle(hole, (size, size), radius, 1.0, -1)
    hole = cv2.GaussianBlur(hole, (0, 0), 1.2).astype(np.float32)
    patch *= 1.0 - hole[..., None]
    patch += hole[..., None] * 0.33

"""Sizes of paper, as catalogues declare them and as pixels show them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MILLIMETRES_PER_INCH: Final = 25.4

SIZES: Final[dict[str, tuple[float, float]]] = {
    "A2": (420, 594),
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "B4": (250, 353),
    "B5": (176, 250),
    "8开": (260, 368),
    "16开": (184, 260),
    "32开": (130, 184),
}
"""Width and height in millimetres: ISO 216, and the 开 of older Chinese offices (the usual trimmed size)."""

_DECLARED: Final = re.compile(r"(?<![0-9A-Za-z])(A[2-5]|B[45]|(?:8|16|32)\s*(?:开|K))(?![0-9A-Za-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A size of paper: its name, and its sides in millimetres, the shorter first."""

    name: str
    short: float
    long: float


def declared(extent: str) -> Paper | None:
    """The size that a statement of extent names, such as "12页，A4" or "3页 16开"; None for none or for several."""
    text = unicodedata.normalize("NFKC", extent)
    names = {
        re.sub(r"\s|K", lambda hit: "开" if hit[0] == "K" else "", each.upper()) for each in _DECLARED.findall(text)
    }
    if len(names) != 1:
        return None
    name = names.pop()
    return Paper(name, *SIZES[name])


def nearest(width: float, height: float) -> tuple[Paper, float]:
    """The paper nearest to these sides in millimetres, and how far the worse side is off, in percent."""
    papers = (Paper(name, *sides) for name, sides in SIZES.items())
    return min(((paper, deviation(paper, width, height)) for paper in papers), key=lambda each: each[1])


def deviation(paper: Paper, width: float, height: float) -> float:
    """How far sides in millimetres are off those of a paper, lying or standing: the worse of both, in percent."""
    short, long = sorted((width, height))
    return round(100 * max(abs(short / paper.short - 1), abs(long / paper.long - 1)), 1)


def dpi_on(paper: Paper, width: int, height: int) -> int:
    """The resolution at which a paper gives an image of so many pixels, by its longer side."""
    return round(max(width, height) / paper.long * MILLIMETRES_PER_INCH)

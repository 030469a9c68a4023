"""What a recognition engine is to the archive: pixels go in, lines with a box for every character come out.

An engine is a module of this package that keeps to `Recogniser`. Which of them reads is decided by `media.recognition`.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from media.engines.vips import Pixels
from media.lines import TextLine

Settings = dict[str, str | int | float | bool]

Turn = Literal[0, 90, 180, 270]
"""How far an image must be turned clockwise, in degrees, to stand upright."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """What an engine read on one page image, and how. The lines are in no particular order.

    ``confidence`` is the mean over all characters, 0 where nothing was read; width and height are the image's pixels.
    Where ``turn`` is not 0 the image does not stand upright, and nothing else was read of it.
    """

    lines: list[TextLine]
    engine: str
    version: str
    settings: Settings
    confidence: float
    width: int
    height: int
    turn: Turn = 0


class Recogniser(Protocol):
    """A recognition engine."""

    def version(self) -> str:
        """The versions of the engine and of its models, in one phrase."""

    def available(self) -> bool:
        """Whether everything that it needs is installed."""

    def recognise(self, pixels: Pixels, *, is_upright: bool = False) -> Recognition:
        """Read a page: rows × columns × (red, green, blue).

        Unless ``is_upright``, the engine first looks whether the page lies on its side or on its head, and if so only
        tells how it must be turned. A page without text gives no lines.

        Raises:
            Unavailable: the engine does not work in this process.
        """


def mean_confidence(lines: list[TextLine]) -> float:
    """The mean over all characters; 0 where there are none."""
    weight = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / weight if weight else 0.0

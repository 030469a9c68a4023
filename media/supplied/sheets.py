"""What a supplied file says of one page, in units of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from media.lines import TextLine


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle in the file's own unit: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing."""
        return self.right <= self.left or self.bottom <= self.top


@dataclass(slots=True)
class Run:
    """Characters with the place of each, as far as told, and how sure their reader was (0 to 1; None: not told)."""

    text: str
    places: list[Place]
    confidences: list[float | None]


@dataclass(slots=True)
class GivenLine:
    """A line of the file: its runs in order, and the number of its block."""

    block: int
    place: Place | None
    runs: list[Run] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """One page of the file. Width, height, and ``per_inch`` (units to an inch) are None where it does not tell."""

    width: float | None = None
    height: float | None = None
    per_inch: float | None = None
    lines: list[GivenLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """A supplied file, understood: its format and maker, and its pages (``sheets``), or plain ``texts`` of pages."""

    format: str
    maker: str = ""
    sheets: Sequence[Sheet] = ()
    texts: Sequence[str] = ()

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return max(len(self.sheets), len(self.texts))


@dataclass(frozen=True, slots=True)
class Supplied:
    """What was supplied for one page: lines with their places on the page, or a text that has none."""

    format: str
    maker: str
    name: str
    lines: Sequence[TextLine] = ()
    text: str = ""

    @property
    def has_places(self) -> bool:
        """Whether it tells where its lines stand."""
        return not self.text

"""Text as the detectors read it: folded one character for one, so that every offset stays, and what they find in it."""

from dataclasses import dataclass
from typing import Final

from media.models import Mask

_DASHES: Final = "‐‑‒–—―−－﹣"
_BLANKS: Final = "\u00a0\u2002\u2003\u2009\u3000\t"

_FOLDED: Final = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_BLANKS, " "),
        "×": "X",
        "╳": "X",
    }
)

SLIPS: Final = str.maketrans("OoQDlI|iZzSsB", "0000111122558")
"""Letters that recognition writes for digits."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something private, characters ``start`` up to, not including, ``end``; certainty between 0 and 1."""

    start: int
    end: int
    rule: Mask.Rule
    certainty: float = 1.0


def fold(text: str) -> str:
    """Full-width forms as ASCII, every dash as a hyphen, every blank but the line break as a space."""
    return text.translate(_FOLDED)


def bare(text: str) -> str:
    """What two ways of writing the same thing have in common: folded, without blanks, breaks and hyphens."""
    return "".join(character for character in fold(text).upper() if not character.isspace() and character != "-")

"""How well a page was read: character error rate against a true text (O-05)."""

import unicodedata
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Edit distance in characters over the length of the true text; both without blanks, widths folded."""

    errors: int
    characters: int

    @property
    def error_rate(self) -> float:
        """Character error rate, 0 for a perfect reading."""
        return self.errors / self.characters if self.characters else 0.0

    def __add__(self, other: "Accuracy") -> "Accuracy":
        return Accuracy(self.errors + other.errors, self.characters + other.characters)


def compare(found: str, truth: str) -> Accuracy:
    """Compare a reading with the true text, in reading order.

    Blanks and line ends do not count; full-width and half-width forms of a character are the same character (NFKC).
    """
    return Accuracy(Levenshtein.distance(_counted(found), _counted(truth)), len(_counted(truth)))


def _counted(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())

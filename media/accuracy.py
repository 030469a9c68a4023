"""How well a page was read: character error rate against a true text (O-05).

`compare` takes the text in sequence, so that lines in a wrong order count as errors, as they are for whoever searches a
phrase or cites. `order_free` takes the same lines in whatever order fits best. What the first counts more than the
second is the fault of the reading order alone.
"""

import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz
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


def order_free(found: str, truth: str) -> Accuracy:
    """Compare a reading with the true text, whatever order its lines stand in.

    Each true line, long ones first, is looked up in what was found and its best match taken out: a line, a part of a
    longer line, or several lines whose order is kept. What is left over of either counts as errors. Lines may be
    divided differently on both sides. Never more errors than `compare` finds.
    """
    wanted = [line for line in (_counted(line) for line in truth.splitlines()) if line]
    left = [line for line in (_counted(line) for line in found.splitlines()) if line]
    errors = 0
    for line in sorted(wanted, key=len, reverse=True):
        errors += _take_out(line, left)
    errors += sum(map(len, left))
    in_sequence = compare(found, truth)
    return Accuracy(min(errors, in_sequence.errors), in_sequence.characters)


def _take_out(line: str, left: list[str]) -> int:
    """Remove from ``left`` what fits the line best; the errors that remain."""
    best: tuple[int, int, int, int] | None = None
    for number, other in enumerate(left):
        start, end, distance = _best_part(line, other)
        if best is None or distance < best[0]:
            best = (distance, number, start, end)
        if best[0] == 0:
            break
    if best is None or best[0] >= len(line):
        return len(line)
    distance, number, start, end = best
    other = left.pop(number)
    left[number:number] = [rest for rest in (other[:start], other[end:]) if rest]
    return distance


def _best_part(line: str, other: str) -> tuple[int, int, int]:
    """Where in ``other`` the line stands, and at what distance."""
    if len(other) <= len(line):
        return 0, len(other), Levenshtein.distance(line, other)
    start = other.find(line)
    if start >= 0:
        return start, start + len(line), 0
    part = fuzz.partial_ratio_alignment(line, other)
    if part is None:
        return 0, 0, len(line)
    return part.dest_start, part.dest_end, Levenshtein.distance(line, other[part.dest_start : part.dest_end])


def _counted(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())

"""Print what was measured beside what is claimed, and say whether the claim holds."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NoReturn


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure and its bound; ``is_floor`` says that the figure must not lie below it, otherwise not above."""

    name: str
    measured: float
    bound: float
    unit: str
    is_floor: bool

    @property
    def holds(self) -> bool:
        """Whether the figure keeps to its bound."""
        return self.measured >= self.bound if self.is_floor else self.measured <= self.bound


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all values (0 to 1) do not exceed, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads: the first column to the left, all others to the right."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    for row in (heads, ["-" * width for width in widths], *rows):
        first, *others = (text.rjust(width) for text, width in zip(row, widths, strict=True))
        print("  " + "  ".join((first.strip().ljust(widths[0]), *others)).rstrip())


def conclude(*claims: Claim) -> NoReturn:
    """Print every claim with its figure; the exit status is 0 only if all hold."""
    print()
    for claim in claims:
        bound = f"{'at least' if claim.is_floor else 'at most'} {claim.bound:g} {claim.unit}".rstrip()
        outcome = "reached" if claim.holds else "NOT REACHED"
        print(f"  {claim.name}: {claim.measured:.2f} {claim.unit} (claimed: {bound}) – {outcome}")
    sys.exit(0 if all(claim.holds for claim in claims) else 1)

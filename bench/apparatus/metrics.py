"""Measures of a ranked list against graded judgements: nDCG, recall, success at the first place."""

from collections.abc import Mapping, Sequence
from math import log2

BEST = 3
"""The grade of a record that is what was wanted."""


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 10) -> float:
    """Discounted gain of the first ``depth`` places, as a share of the best order's; the gain is 2 ** grade - 1."""
    ideal = sorted(grades.values(), reverse=True)
    best = _discounted(ideal[:depth])
    return _discounted([grades.get(name, 0) for name in ranked[:depth]]) / best if best else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], depth: int = 50) -> float:
    """The share of all records with a grade that stand on the first ``depth`` places."""
    relevant = {name for name, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant) if relevant else 0.0


def success(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 if what stands first is what was wanted, else 0."""
    return float(bool(ranked) and grades.get(ranked[0], 0) == BEST)


def _discounted(grades: Sequence[int]) -> float:
    return sum((pow(2.0, grade) - 1) / log2(place + 1) for place, grade in enumerate(grades, start=1))

"""What an engine is asked, in terms that every engine has: frozen values that each backend translates.

They say no more than: a token occurs, tokens stand in a row, a value lies in a set or a range, all of these, some of
these, and how much a match counts. Because the application does all analysis, the same criteria give the same
documents in every engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anything:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens that stand one after the other in a text field; a single token simply occurs. Ranked by BM25.

    With ``slop`` they may stand so many places apart in all. What exactly that counts differs between engines, so it
    may only lift documents, never choose them.
    """

    field: str
    tokens: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Prefix:
    """A token or keyword of the field begins like this; all alike in rank."""

    field: str
    start: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A keyword or number field has one of the values; with no values nothing matches."""

    field: str
    values: tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """A number field lies between two numbers, both included; ``None`` is no bound."""

    field: str
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part matches; what is in ``but_not`` does not; what is in ``better`` only lifts the document.

    ``filters`` must match and do not count for the ranking.
    """

    parts: Sequence["Criteria"] = ()
    filters: Sequence["Criteria"] = ()
    but_not: Sequence["Criteria"] = ()
    better: Sequence["Criteria"] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least so many of the parts match."""

    parts: Sequence["Criteria"]
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Worth:
    """The part, counted with this score whatever the engine thinks of it."""

    part: "Criteria"
    score: float


Criteria = Anything | Nothing | Row | Prefix | OneOf | Between | AllOf | AnyOf | Worth

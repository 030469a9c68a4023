"""The fields of the two indices, declared once for every engine.

One document per record and one per page with text. The record's document carries the text of its pages too, in a field
of their own, so that one query over one index answers with exact counts, facets and ranking; the index of pages then
says where in the records that are shown the hits lie.

What the public may read and what only the desk may read stand in different fields of the same document: a query for
the public never touches the fields of the desk, so nothing can be found, counted or guessed through them (O-08).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

VERSION: Final = 4
"""Raised with every change of a field or of the analysis; an index of another version is built anew."""


class Index(StrEnum):
    """The two indices."""

    RECORDS = "records"
    PAGES = "pages"


class Type(StrEnum):
    """How a field is kept."""

    TEXT = "text"
    """Tokens kept apart by blanks, with positions; analysed by the application; not stored."""

    TOKENS = "tokens"
    """Tokens kept apart by blanks, without positions."""

    KEYWORD = "keyword"
    """Values taken whole; filters and facets."""

    NUMBER = "number"
    """Whole numbers from 0 to 2**63 - 1; filters, facets and order."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an index. Every field may hold several values, except ``digest`` and the key."""

    name: str
    type: Type


UNIGRAMS: Final = "u"
"""The last part of the names of fields that hold single characters and runs."""

BIGRAMS: Final = "b"
"""The same for pairs of Han characters."""

AREAS: Final = ("", "text_", "title_", "lead_", "agents_", "places_", "numbers_")
"""The first part of the names of text fields: what a text stands in. Every text of a record stands in one of them.

The first, without a name of its own, holds what stands in no other: claims and details.
"""

DESK: Final = "desk_"
"""Before the name of an area: what only the desk may read of it."""

DESK_AREAS: Final = ("", "text_", "agents_", "places_")
"""The areas that may hold something that only the desk may read."""

KEY: Final = {Index.RECORDS: "record", Index.PAGES: "page"}
"""The number that names a document: the primary key of its row."""

FACETS: Final = ("kind", "dimension", "mechanism", "place", "agent", "year", "amount")
"""What the hits can be counted and filtered by; places and agents by ARK name, amounts by range."""

AMOUNT_RANGES: Final[dict[str, tuple[int, int | None]]] = {
    "under-1m": (0, 10**6),
    "1m-10m": (10**6, 10**7),
    "10m-100m": (10**7, 10**8),
    "100m-1b": (10**8, 10**9),
    "over-1b": (10**9, None),
}
"""Ranges of amounts in yuan: the first, and the one that belongs to the next range."""

_VISIBILITY: Final = (
    Field("public_scope", Type.NUMBER),
    Field("closed_until", Type.NUMBER),
)
"""``closed_until`` as the ordinal of the day."""


def _texts(*areas: str) -> tuple[Field, ...]:
    return tuple(Field(f"{area}{tokens}", Type.TEXT) for area in areas for tokens in (UNIGRAMS, BIGRAMS))


FIELDS: Final[dict[Index, tuple[Field, ...]]] = {
    Index.RECORDS: (
        Field("record", Type.NUMBER),
        Field("digest", Type.NUMBER),
        *_VISIBILITY,
        *_texts(*AREAS),
        *_texts(*(f"{DESK}{area}" for area in DESK_AREAS)),
        Field("title_key", Type.KEYWORD),
        Field("py", Type.TEXT),
        Field("beginning", Type.TOKENS),
        Field("weight", Type.NUMBER),
        Field("standing", Type.NUMBER),
        Field("evidence", Type.NUMBER),
        Field("published", Type.NUMBER),
        Field("earliest", Type.NUMBER),
        Field("latest", Type.NUMBER),
        Field("fen", Type.NUMBER),
        Field("reference", Type.KEYWORD),
        Field("kind", Type.KEYWORD),
        Field("dimension", Type.KEYWORD),
        Field("mechanism", Type.KEYWORD),
        Field("place", Type.KEYWORD),
        Field("agent", Type.KEYWORD),
        Field("year", Type.NUMBER),
        Field("amount", Type.KEYWORD),
    ),
    Index.PAGES: (
        Field("page", Type.NUMBER),
        Field("record", Type.NUMBER),
        Field("number", Type.NUMBER),
        Field("digest", Type.NUMBER),
        *_VISIBILITY,
        *_texts(""),
    ),
}
"""``published`` in seconds since 1970, ``earliest`` and ``latest`` as ordinals of days, ``fen`` in hundredths of a
yuan; ``evidence`` counts the public claims that a fact rests on, ``standing`` tells what a record is worth by its kind.
"""

STANDINGS: Final = 3
"""``standing``: 3 facts and items, 2 files and series, and agents and places of which something is told, 1 the other
agents and places, 0 published sources."""

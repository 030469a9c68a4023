"""The fields of the two indices, declared once for every engine.

One document per record and one per page with text. The record's document carries the text of its pages too, so that
one query over one index answers with exact counts, facets and ranking; the index of pages then says where in the
records that are shown the hits lie.

What the public may read and what only the desk may read stand in different fields of the same document: a query for
the public never touches the fields of the desk, so nothing can be found, counted or guessed through them (O-08).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

VERSION: Final = 1
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
"""Everything the public may read, by single characters and runs."""

BIGRAMS: Final = "b"
"""The same by pairs of Han characters."""

DESK_UNIGRAMS: Final = "desk_u"
DESK_BIGRAMS: Final = "desk_b"

KEY: Final = {Index.RECORDS: "record", Index.PAGES: "page"}
"""The number that names a document: the primary key of its row."""

FACETS: Final = ("kind", "dimension", "mechanism", "place", "agent", "year")
"""What the hits can be counted and filtered by; places and agents by ARK name."""

_VISIBILITY: Final = (
    Field("public_scope", Type.NUMBER),
    Field("closed_until", Type.NUMBER),
)
"""``closed_until`` as the ordinal of the day."""

_TEXTS: Final = (Field(UNIGRAMS, Type.TEXT), Field(BIGRAMS, Type.TEXT))

FIELDS: Final[dict[Index, tuple[Field, ...]]] = {
    Index.RECORDS: (
        Field("record", Type.NUMBER),
        Field("digest", Type.NUMBER),
        *_VISIBILITY,
        *_TEXTS,
        Field(DESK_UNIGRAMS, Type.TEXT),
        Field(DESK_BIGRAMS, Type.TEXT),
        Field("title_u", Type.TEXT),
        Field("title_b", Type.TEXT),
        Field("lead_u", Type.TEXT),
        Field("lead_b", Type.TEXT),
        Field("title_key", Type.KEYWORD),
        Field("py", Type.TEXT),
        Field("beginning", Type.TOKENS),
        Field("weight", Type.NUMBER),
        Field("kind", Type.KEYWORD),
        Field("dimension", Type.KEYWORD),
        Field("mechanism", Type.KEYWORD),
        Field("place", Type.KEYWORD),
        Field("agent", Type.KEYWORD),
        Field("year", Type.NUMBER),
    ),
    Index.PAGES: (
        Field("page", Type.NUMBER),
        Field("record", Type.NUMBER),
        Field("number", Type.NUMBER),
        Field("digest", Type.NUMBER),
        *_VISIBILITY,
        *_TEXTS,
    ),
}

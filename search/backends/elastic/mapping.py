"""Names, settings and mappings of the indices, made from the schema alone."""

import re
from typing import Any, Final

from elasticsearch.dsl import Keyword, Long, Mapping, Text
from elasticsearch.dsl.field import Field

from search import schema
from search.backends.base import OFFSET_LIMIT
from search.schema import Index, Type

LONGEST_KEYWORD: Final = 8_000
"""Characters; the engine refuses a whole document for a keyword of more than 32,766 bytes."""

SETTINGS: Final = {
    "number_of_shards": 1,  # counts and ranking are exact only within a shard; one holds millions of documents
    "auto_expand_replicas": "0-1",  # a copy as soon as there is a second machine
    "refresh_interval": "-1",  # what is written shows with a commit
    "max_result_window": 2 * OFFSET_LIMIT,  # as much to skip as is allowed, and then as much to take
}


def version() -> str:
    """What the names of all generations of this schema version begin with."""
    return f"v{schema.VERSION}"


def index_name(prefix: str, generation: str, index: Index) -> str:
    """The name of an index of a generation."""
    return f"{prefix}-{generation}-{index}"


def reading_alias(prefix: str, index: Index) -> str:
    """The name under which the current generation of this schema version is searched."""
    return f"{prefix}-{version()}-{index}"


def writing_alias(prefix: str, generation: str, index: Index) -> str:
    """The name under which a generation is written.

    Writes insist that their target is an alias: one that comes late can never bring a removed index back.
    """
    return f"{index_name(prefix, generation, index)}-write"


def generation_of(prefix: str, name: str) -> str:
    """The generation that an index belongs to; empty for indices that are none of this prefix."""
    read = re.fullmatch(rf"{re.escape(prefix)}-(v\d+-[0-9a-f]{{12}})-(?:{'|'.join(Index)})", name)
    return read[1] if read else ""


def mappings(index: Index) -> dict[str, Any]:  # Any: the engine's own shape
    """The fields of an index as the engine declares them; a field that the schema does not know is refused."""
    made = Mapping()
    made.meta("dynamic", "strict")
    made.meta("_source", enabled=False)
    for field in schema.FIELDS[index]:
        made.field(field.name, _declared(field.type))
    return dict(made.to_dict())


def _declared(type_: Type) -> Field:
    if type_ is Type.NUMBER:
        return Long()
    if type_ is Type.KEYWORD:
        return Keyword(ignore_above=LONGEST_KEYWORD)
    if type_ is Type.TOKENS:
        return Text(analyzer="whitespace", index_options="docs", norms=False)
    return Text(analyzer="whitespace")

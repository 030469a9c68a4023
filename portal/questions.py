"""What the address of a search asks: the words, the filters, the place in the list; and the addresses that ask it.

One reading for everything that speaks of a search: the page of results, its feed, its export, a saved search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from search import finding, language, schema

QUERY_LIMIT: Final = language.LONGEST + 1
"""Characters of a query that are carried on: one more than are read, so that the reading says that it is too long."""

VALUES_LIMIT: Final = 50
"""Chosen values of one facet that are taken: each is shown with an address that names all the others."""

VALUE_LIMIT: Final = 60

KNOWN: Final = frozenset({"q", "cursor", "year_from", "year_to", *schema.FACETS})

_FOREIGN: Final = frozenset({"from", "isappinstalled", "scene", "clicktime", "enterid", "sessionid", "spm", "wxfrom"})
"""What messengers and portals add to an address that somebody passes on; it asks nothing of the archive."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its filters: several values of one facet are alternatives, several facets must all hold."""

    query: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cursor: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked: the list of everything."""
        return not self.query and not self.filters

    @property
    def text(self) -> str:
        """The question as it stands in an address, in one way of writing; without the place in the list."""
        pairs = [("q", self.query)] if self.query else []
        pairs += [(name, value) for name, values in self.filters.items() for value in values]
        return urlencode(pairs, errors="replace")

    def address(self, name: str = "portal:search", *args: str, cursor: str = "") -> str:
        """An address that asks this: of the page of results, or of another page that takes the same question."""
        path = reverse(name, args=args)
        parts = [part for part in (self.text, urlencode({"cursor": cursor}) if cursor else "") if part]
        return f"{path}?{'&'.join(parts)}" if parts else path

    def narrowed(self, facet: str, values: Sequence[str]) -> "Question":
        """The same question with just these values of a facet, from the first page on."""
        chosen = {**self.filters, facet: values}
        filters = {name: chosen[name] for name in schema.FACETS if chosen.get(name)}
        return replace(self, filters=filters, cursor="")

    def asking(self, query: str) -> "Question":
        """The same filters with another query."""
        return replace(self, query=query, cursor="")

    def request(self, *, size: int = 20, with_facets: bool = True) -> finding.Request:
        """The question as the search takes it."""
        return finding.Request(
            q=self.query, filters=self.filters, size=size, cursor=self.cursor, with_facets=with_facets
        )


def read(asked: QueryDict, *, beside: frozenset[str] = frozenset()) -> Question:
    """The question of an address; ``beside`` are further parameters of the page that is called.

    Raises:
        InvalidInput: a parameter that does not exist; what messengers add to addresses is passed over.
    """
    for name in asked:
        if name not in KNOWN and name not in beside and not is_foreign(name):
            raise InvalidInput(
                _("There is no filter “%(name)s”. Known filters: %(known)s.")
                % {"name": name[:40], "known": ", ".join(schema.FACETS)}
            )
    return Question(
        query=asked.get("q", "").strip()[:QUERY_LIMIT],
        filters={name: values for name in schema.FACETS if (values := _chosen(asked, name))},
        cursor=asked.get("cursor", ""),
    )


def read_text(text: str) -> Question:
    """The question that was written with ``Question.text``."""
    return read(QueryDict(text))


def is_foreign(name: str) -> bool:
    """Whether a parameter comes from whoever passed the address on."""
    return name in _FOREIGN or name.startswith("utm_") or name.endswith("clid")


def _chosen(asked: QueryDict, name: str) -> list[str]:
    """The values asked for in one facet, each once; what no value can hold is left out, for no database takes a NUL."""
    values = (value.replace("\x00", "")[:VALUE_LIMIT] for value in asked.getlist(name))
    return list(dict.fromkeys(value for value in values if value))[:VALUES_LIMIT]

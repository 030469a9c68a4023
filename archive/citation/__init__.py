"""Records as citations: CSL-JSON is the one structured form, and every other form is written from it.

BibTeX, RIS and the text of GB/T 7714-2025 never look at a record; what a citation may say about a record to whom is
decided once, where its CSL-JSON item is made.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from archive.citation import bibtex, gbt7714, items, ris
from archive.citation.csl_json import Item
from archive.models import Reader, Record, Source

__all__ = ["FORMATS", "Item", "cite", "csl", "csl_of", "reference"]


def _as_json(item: Item) -> str:
    return json.dumps(item, ensure_ascii=False)


FORMATS: Final[Mapping[str, Callable[[Item], str]]] = {
    "csl-json": _as_json,
    "bibtex": bibtex.entry,
    "ris": ris.entry,
    "gbt7714": gbt7714.line,
}
"""The forms of a citation by name, each with the function that writes an item in it."""


def csl(record: Record, reader: Reader, *, accessed: dt.date | None = None) -> Item:
    """The CSL-JSON item of a record that ``reader`` may see; ``accessed`` is today unless given."""
    return csl_of([record], reader, accessed=accessed)[0]


def csl_of(records: Iterable[Record], reader: Reader, *, accessed: dt.date | None = None) -> list[Item]:
    """The CSL-JSON items of records that ``reader`` may see, in their order: three queries, however many records."""
    return items.of(list(records), reader, accessed=accessed)


def cite(record: Record, reader: Reader, form: str = "gbt7714", *, accessed: dt.date | None = None) -> str:
    """A record that ``reader`` may see, cited in one of the FORMATS."""
    return FORMATS[form](csl(record, reader, accessed=accessed))


def reference(source: Source) -> str:
    """The reference for a source as GB/T 7714-2025 writes it, without its address, which pages show as a link."""
    return gbt7714.line(items.of_source(source), with_address=False)

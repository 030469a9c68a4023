"""The embedded engine: tantivy, in a folder.

The folder holds one sub-folder a generation and the file ``CURRENT`` with the name of the one that answers, replaced
in one step. Facts of tantivy 0.27 that shape this module: a folder has one writer across all processes, a second one
fails at once; numbers must be added with ``add_unsigned``, or a signed field appears and the writer dies; deleting an
unsigned number by term deletes nothing and says nothing, so deletions are queries; fields for facets and order are
``fast``; a reader sees a commit after ``reload``, which costs some 20 µs and so is done for every reader.
"""

import os
import re
import secrets
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import tantivy
from django.utils.translation import gettext as _
from tantivy import Occur, Query

from core.errors import Unavailable
from search import schema
from search.backends.base import Document, Entry, Found, Order, Pages
from search.criteria import AllOf, AnyOf, Anything, Between, Criteria, Nothing, OneOf, Prefix, Row, Worth
from search.schema import Index, Type

HEAP_BYTES: Final = 64_000_000
"""Memory of one writer before it writes a segment."""

POINTER: Final = "CURRENT"

MOST_PAGES: Final = 2_000
"""Pages that are taken at once to be told apart by their records."""


class FolderEngine:
    """tantivy in a folder; safe to use from several threads."""

    several_writers = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._opened: tuple[str, dict[Index, tantivy.Index]] | None = None

    def current(self) -> str:
        """The name of the current generation, empty while there is none of this schema version."""
        try:
            name = (self.folder / POINTER).read_text().strip()
        except FileNotFoundError:
            return ""
        return name if name.startswith(_prefix()) else ""

    def reader(self) -> "FolderReader | None":
        """The current generation with its latest commit, ``None`` while there is none.

        Raises:
            Unavailable: its files cannot be read.
        """
        name = self.current()
        while name:
            try:
                return self._latest(name)
            except ValueError as fault:
                again = self.current()
                if again == name:
                    raise Unavailable(
                        _("The search index cannot be read (%(fault)s). Rebuild it: manage.py index rebuild.")
                        % {"fault": fault}
                    ) from fault
                name = again
        return None

    def create(self) -> str:
        """Begin a new, empty generation and give its name; one that was begun and never finished is removed."""
        self._discard_all_but(self.current())
        name = f"{_prefix()}{secrets.token_hex(6)}"
        for index in Index:
            path = self.folder / name / index
            path.mkdir(parents=True)
            tantivy.Index(_SCHEMAS[index], path=str(path))
        return name

    def writer(self, generation: str, *, is_new: bool = False) -> "FolderWriter":
        """The writer of a generation, whether new or not.

        Raises:
            Unavailable: another process writes it, or it is gone.
        """
        try:
            return FolderWriter(_open(self.folder / generation))
        except ValueError as fault:
            raise Unavailable(
                _("The search index is being written by another process, which will apply all changes (%(fault)s).")
                % {"fault": str(fault).split(".")[0]}
            ) from fault

    def reader_of(self, generation: str) -> "FolderReader":
        """A reader of a generation that need not be current."""
        return FolderReader(_open(self.folder / generation))

    def switch(self, generation: str) -> None:
        """Make a generation the current one and remove all others; their readers finish on their open files."""
        staged = self.folder / f"{POINTER}.{secrets.token_hex(4)}"
        with staged.open("w") as stream:
            stream.write(generation)
            stream.flush()
            os.fsync(stream.fileno())
        staged.replace(self.folder / POINTER)
        self._discard_all_but(generation)

    def discard(self, generation: str) -> None:
        """Remove a generation."""
        shutil.rmtree(self.folder / generation, ignore_errors=True)

    def _discard_all_but(self, generation: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for other in self.folder.iterdir():
            if other.is_dir() and other.name != generation:
                self.discard(other.name)

    def _latest(self, name: str) -> "FolderReader":
        with self._lock:
            if self._opened is None or self._opened[0] != name:
                self._opened = name, _open(self.folder / name)
            indices = self._opened[1]
            for index in indices.values():
                index.reload()
            return FolderReader(indices)


class FolderReader:
    """One generation as it stood when the reader was made."""

    def __init__(self, indices: dict[Index, tantivy.Index]) -> None:
        self._searchers = {name: index.searcher() for name, index in indices.items()}

    def search(
        self, index: Index, criteria: Criteria, *, size: int, skip: int = 0, order: Order | None = None
    ) -> Found:
        """The documents that match, by score or in an order."""
        found = self._search(index, criteria, size=size, skip=skip, order=order)
        return Found(_counted(found), self._numbers(index, schema.KEY[index], found))

    def count(self, index: Index, criteria: Criteria | None = None) -> int:
        """How many documents match; all of them without criteria."""
        searcher = self._searchers[index]
        if criteria is None:
            return int(searcher.num_docs)
        return _counted(searcher.search(_translate(criteria, _SCHEMAS[index]), limit=1, count=True))

    def facets(self, criteria: Criteria, fields: Sequence[str], *, size: int) -> dict[str, list[tuple[str, int]]]:
        """For each field its most frequent values among the records that match."""
        if not fields:
            return {}
        asked = {name: {"terms": {"field": name, "size": size}} for name in fields}
        answer = self._searchers[Index.RECORDS].aggregate(_translate(criteria, _SCHEMAS[Index.RECORDS]), asked)
        return {
            name: [(_plain(bucket["key"]), int(bucket["doc_count"])) for bucket in answer[name]["buckets"]]
            for name in fields
        }

    def pages_by_record(self, criteria: Criteria, records: Sequence[int], *, size: int) -> dict[int, Pages]:
        """For each of these records with matching pages, their number and the first ``size``.

        One search for all of them, as long as they have no more pages than can be taken at once.
        """
        some = AllOf(parts=[criteria], filters=[OneOf("record", tuple(records))])
        found = self._search(Index.PAGES, some, size=MOST_PAGES, order=Order("number"))
        if _counted(found) > MOST_PAGES and len(records) > 1:
            half = len(records) // 2
            rest = self.pages_by_record(criteria, records[half:], size=size)
            return self.pages_by_record(criteria, records[:half], size=size) | rest
        if _counted(found) > MOST_PAGES:
            return {records[0]: Pages(_counted(found), self._numbers(Index.PAGES, "page", found)[:size])}
        keys: dict[int, list[int]] = defaultdict(list)
        owners, pages = self._numbers(Index.PAGES, "record", found), self._numbers(Index.PAGES, "page", found)
        for record, page in zip(owners, pages, strict=True):
            keys[record].append(page)
        return {record: Pages(len(own), tuple(own[:size])) for record, own in keys.items()}

    def entries(self, index: Index, *, after: int, size: int) -> list[Entry]:
        """The next documents by key."""
        key = schema.KEY[index]
        found = self._searchers[index].search(
            _translate(Between(key, least=after + 1), _SCHEMAS[index]),
            limit=size,
            count=False,
            order_by_field=key,
            order=tantivy.Order.Asc,
        )
        keys, digests = self._numbers(index, key, found), self._numbers(index, "digest", found)
        return [Entry(*pair) for pair in zip(keys, digests, strict=True)]

    def _search(
        self, index: Index, criteria: Criteria, *, size: int, skip: int = 0, order: Order | None = None
    ) -> tantivy.SearchResult:
        return self._searchers[index].search(
            _translate(criteria, _SCHEMAS[index]),
            limit=size,
            offset=skip,
            count=True,
            order_by_field=order.field if order else None,
            order=tantivy.Order.Asc if order and not order.descending else tantivy.Order.Desc,
        )

    def _numbers(self, index: Index, field: str, found: tantivy.SearchResult) -> tuple[int, ...]:
        addresses = [address for _score, address in found.hits]
        values = self._searchers[index].fast_field_values(field, addresses) if addresses else []
        return tuple(int(value) for value in values if value is not None)


class FolderWriter:
    """The one writer of a generation."""

    def __init__(self, indices: dict[Index, tantivy.Index]) -> None:
        self._writers: dict[Index, tantivy.IndexWriter] = {}
        for name, index in indices.items():
            self._writers[name] = index.writer(heap_size=HEAP_BYTES, num_threads=1)

    def put(self, documents: Iterable[Document], *, fresh: bool = False) -> None:
        """Add documents, in the place of those with the same keys, or ``fresh`` where there are none."""
        given: dict[Index, list[Document]] = {index: [] for index in Index}
        for document in documents:
            given[document.index].append(document)
        for index, group in given.items():
            if not fresh:
                self.remove(index, schema.KEY[index], [document.key for document in group])
            for document in group:
                self._writers[index].add_document(_filled(document))

    def remove(self, index: Index, field: str, values: Sequence[int]) -> None:
        """Take out the documents whose number field has one of these values."""
        if values:
            self._writers[index].delete_documents_by_query(Query.term_set_query(_SCHEMAS[index], field, list(values)))

    def commit(self) -> None:
        """Make everything since the last commit durable and visible."""
        for writer in self._writers.values():
            writer.commit()
            writer.garbage_collect_files()

    def close(self) -> None:
        """Let go of the generation; what was not committed is lost."""
        for writer in self._writers.values():
            writer.wait_merging_threads()
        self._writers = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _prefix() -> str:
    return f"v{schema.VERSION}-"


def _open(folder: Path) -> dict[Index, tantivy.Index]:
    """Open both indices of a generation; readers are reloaded by hand.

    Raises:
        ValueError: a folder is not there or cannot be read.
    """
    opened = {index: tantivy.Index.open(str(folder / index)) for index in Index}
    for index in opened.values():
        index.config_reader("manual")
    return opened


def _counted(found: tantivy.SearchResult) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # the stub of tantivy leaves it out


def _plain(key: str | float) -> str:
    return key if isinstance(key, str) else str(int(key))


def _filled(document: Document) -> tantivy.Document:
    filled = tantivy.Document()
    for field in schema.FIELDS[document.index]:
        for value in document.fields.get(field.name, ()):
            if isinstance(value, int):
                filled.add_unsigned(field.name, value)
            else:
                filled.add_text(field.name, value)
    return filled


def _built(index: Index) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in schema.FIELDS[index]:
        if field.type is Type.NUMBER:
            builder.add_unsigned_field(field.name, indexed=True, fast=True)
        elif field.type is Type.KEYWORD:
            builder.add_text_field(field.name, tokenizer_name="raw", index_option="basic", fast=True)
        else:
            option = "position" if field.type is Type.TEXT else "basic"
            builder.add_text_field(field.name, tokenizer_name="whitespace", index_option=option)
    return builder.build()


_SCHEMAS: Final = {index: _built(index) for index in Index}


def _translate(criteria: Criteria, fields: tantivy.Schema) -> Query:
    """The criteria in tantivy's own terms."""
    return _TRANSLATIONS[type(criteria)](criteria, fields)


def _row(row: Row, fields: tantivy.Schema) -> Query:
    if len(row.tokens) == 1:
        return Query.term_query(fields, row.field, row.tokens[0])
    return Query.phrase_query(fields, row.field, list(row.tokens), slop=row.slop)


def _prefix_of(prefix: Prefix, fields: tantivy.Schema) -> Query:
    return Query.regex_query(fields, prefix.field, f"{re.escape(prefix.start)}.*")


def _one_of(one: OneOf, fields: tantivy.Schema) -> Query:
    return Query.term_set_query(fields, one.field, list(one.values)) if one.values else Query.empty_query()


def _between(between: Between, fields: tantivy.Schema) -> Query:
    return Query.range_query(
        fields, between.field, tantivy.FieldType.Unsigned, lower_bound=between.least, upper_bound=between.most
    )


def _all_of(every: AllOf, fields: tantivy.Schema) -> Query:
    clauses = [(Occur.Must, _translate(part, fields)) for part in every.parts]
    clauses += [(Occur.Must, Query.const_score_query(_translate(part, fields), 0.0)) for part in every.filters]
    if not clauses:
        clauses.append((Occur.Must, Query.const_score_query(Query.all_query(), 0.0)))
    clauses += [(Occur.MustNot, _translate(part, fields)) for part in every.but_not]
    clauses += [(Occur.Should, _translate(part, fields)) for part in every.better]
    return Query.boolean_query(clauses)


def _any_of(some: AnyOf, fields: tantivy.Schema) -> Query:
    clauses = [(Occur.Should, _translate(part, fields)) for part in some.parts]
    return Query.boolean_query(clauses, minimum_number_should_match=some.at_least)


def _worth(worth: Worth, fields: tantivy.Schema) -> Query:
    return Query.const_score_query(_translate(worth.part, fields), worth.score)


# Any: each entry takes the one kind of criteria it is listed under, which a dictionary cannot say.
_TRANSLATIONS: Final[dict[type, Callable[..., Query]]] = {
    Anything: lambda _criteria, _fields: Query.all_query(),
    Nothing: lambda _criteria, _fields: Query.empty_query(),
    Row: _row,
    Prefix: _prefix_of,
    OneOf: _one_of,
    Between: _between,
    AllOf: _all_of,
    AnyOf: _any_of,
    Worth: _worth,
}

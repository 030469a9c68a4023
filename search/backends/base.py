"""The port that every search engine fulfils.

An engine keeps *generations*: each holds the two indices whole. One is current and answers; a rebuild fills another
beside it and then switches. Only an indexer writes; any number of processes read and see each commit at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from search.criteria import Criteria
from search.schema import Index

OFFSET_LIMIT = 10_000
"""No engine is asked to step over more hits than this."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is kept of a row: its key and the values of its fields, texts already analysed."""

    index: Index
    key: int
    fields: Mapping[str, Sequence[str] | Sequence[int]]


@dataclass(frozen=True, slots=True)
class Found:
    """How many documents match, and the keys of the asked-for stretch of them, best first."""

    count: int
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages of one record that match: how many, and the keys of the first in page order."""

    count: int
    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """By a number field instead of by score; ascending unless told otherwise."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it stands in an index: its key and the digest of its content."""

    key: int
    digest: int


class Reader(Protocol):
    """One generation with all that was committed when the reader was asked for; whether later commits show is open."""

    def search(
        self, index: Index, criteria: Criteria, *, size: int, skip: int = 0, order: Order | None = None
    ) -> Found:
        """The documents that match, by score or in an order; ``skip`` is at most `OFFSET_LIMIT`."""
        ...

    def count(self, index: Index, criteria: Criteria | None = None) -> int:
        """How many documents match; all of them without criteria."""
        ...

    def facets(self, criteria: Criteria, fields: Sequence[str], *, size: int) -> dict[str, list[tuple[str, int]]]:
        """For each field of the records its most frequent values among what matches, with their counts."""
        ...

    def pages_by_record(self, criteria: Criteria, records: Sequence[int], *, size: int) -> dict[int, Pages]:
        """For each of these records with matching pages, their number and the first ``size``."""
        ...

    def entries(self, index: Index, *, after: int, size: int) -> list[Entry]:
        """The next documents by key, for comparing the index with the database."""
        ...


class Writer(Protocol):
    """The one writer of a generation.

    What was not committed may be lost, and need not show before the next commit.
    """

    def put(self, documents: Iterable[Document], *, fresh: bool = False) -> None:
        """Add documents, in the place of those with the same keys, or ``fresh`` where there are none."""
        ...

    def remove(self, index: Index, field: str, values: Sequence[int]) -> None:
        """Take out the documents whose number field has one of these values."""
        ...

    def commit(self) -> None:
        """Make everything since the last commit durable and visible."""
        ...

    def close(self) -> None:
        """Let go of the generation; what was not committed may be lost."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Engine(Protocol):
    """A search engine at an address."""

    several_writers: bool
    """Whether several processes may write a generation at the same time."""

    def reader(self) -> Reader | None:
        """The current generation with its latest commit; ``None`` while there is none of this schema version.

        Raises:
            Unavailable: the engine does not answer or its files cannot be read.
        """
        ...

    def current(self) -> str:
        """The name of the current generation, empty while there is none of this schema version."""
        ...

    def create(self) -> str:
        """Begin a new, empty generation beside the current one and give its name; unfinished ones are removed."""
        ...

    def writer(self, generation: str, *, is_new: bool = False) -> Writer:
        """The writer of a generation; that of a new one waits longer for an engine that is away.

        Raises:
            Unavailable: another process writes it.
        """
        ...

    def reader_of(self, generation: str) -> Reader:
        """A reader of a generation that need not be current."""
        ...

    def switch(self, generation: str) -> None:
        """Make a generation the current one, at once and for all processes, and remove those before it."""
        ...

    def discard(self, generation: str) -> None:
        """Remove a generation that was not finished."""
        ...

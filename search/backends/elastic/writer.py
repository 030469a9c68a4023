"""The writer of a generation: collects, sends in bulk from the background, tries again what can be tried again.

Every operation names its document by the key, so doing one twice does no harm. Within what is under way each document
occurs once, so the order in which bulks arrive does not matter; what comes later for the same document waits.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Final, Self, cast

import msgspec
from django.utils.translation import gettext as _
from elasticsearch import Elasticsearch

from core.errors import Unavailable
from search import schema
from search.backends.base import OFFSET_LIMIT, Document, Order
from search.backends.elastic.connection import Busy, Connection, Gone, is_busy, refused
from search.backends.elastic.reader import ClusterReader
from search.criteria import AllOf, Between, OneOf
from search.schema import Index

SENDERS: Final = 2
"""Bulks under way at the same time."""

MOST_DOCUMENTS: Final = 1_000
MOST_BYTES: Final = 5_000_000
"""Of one bulk."""

_NAMES: Final = {index: tuple(field.name for field in fields) for index, fields in schema.FIELDS.items()}

_ANSWERED: Final = ("items.*.status", "items.*.error.type")
"""What of the answer is looked at."""

Target = tuple[Index, int]


class ClusterWriter:
    """The one writer of a generation; closing it forgets what was not sent."""

    def __init__(
        self, connection: Connection, names: Mapping[Index, str], aliases: Mapping[Index, str], *, patience: float
    ) -> None:
        self._connection = connection
        self._names = names
        self._aliases = aliases
        self._patience = patience
        self._held: dict[Target, bytes | None] = {}
        self._bytes = 0
        self._given_up = threading.Event()
        self._senders = ThreadPoolExecutor(max_workers=SENDERS, thread_name_prefix="bulk")
        self._under_way: dict[Future[None], frozenset[Target]] = {}
        self._unseen: set[Index] = set()

    def put(self, documents: Iterable[Document], *, fresh: bool = False) -> None:
        """Add documents, in the place of those with the same keys; the engine does not gain from ``fresh`` ones."""
        for document in documents:
            body = {name: document.fields[name] for name in _NAMES[document.index] if name in document.fields}
            self._hold((document.index, document.key), msgspec.json.encode(body))

    def remove(self, index: Index, field: str, values: Sequence[int]) -> None:
        """Take out the documents whose number field has one of these values.

        By another field than the key, what was written before must be searched, and so shows already.
        """
        keys = values if field == schema.KEY[index] else self._keys(index, field, values)
        for key in keys:
            self._hold((index, key), None)

    def commit(self) -> None:
        """Make everything since the last commit visible; what the engine has taken is durable already.

        Raises:
            Unavailable: the engine stayed away for longer than this writer has patience, or the generation is gone.
        """
        self._flush()
        for index in sorted(self._unseen):
            self._refresh(index)

    def close(self) -> None:
        """Let go of the generation; what was not committed may be lost."""
        self._given_up.set()
        self._senders.shutdown(cancel_futures=True)
        self._held.clear()
        self._under_way.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _hold(self, target: Target, body: bytes | None) -> None:
        """Keep the fields of a document as JSON, or None to remove it, for the next bulk."""
        if any(target in targets for targets in self._under_way.values()):
            self._settle(all_of_it=True)
        self._held[target] = body
        self._bytes += len(body or b"")
        if len(self._held) >= MOST_DOCUMENTS or self._bytes >= MOST_BYTES:
            self._dispatch()

    def _dispatch(self) -> None:
        if not self._held:
            return
        while len(self._under_way) >= SENDERS:
            self._settle()
        held, self._held, self._bytes = self._held, {}, 0
        self._unseen |= {index for index, _key in held}
        self._under_way[self._senders.submit(self._send, held)] = frozenset(held)

    def _flush(self) -> None:
        self._dispatch()
        self._settle(all_of_it=True)

    def _settle(self, *, all_of_it: bool = False) -> None:
        """Wait for a bulk that is under way, or for all, and raise what became of it."""
        while self._under_way:
            ended, _rest = wait(self._under_way, return_when=FIRST_COMPLETED)
            for future in ended:
                del self._under_way[future]
                future.result()
            if not all_of_it:
                return

    def _send(self, held: Mapping[Target, bytes | None]) -> None:
        """Send a bulk until all of it is taken; runs in the background."""
        left = dict(held)

        def send(client: Elasticsearch) -> None:
            for target, answer in self._outcomes(client, dict(left)):
                status, fault = int(answer["status"]), answer.get("error")
                if fault is None:
                    del left[target]  # taken, or, where it was to be removed, not there
                elif fault["type"] == "index_not_found_exception":
                    raise Gone(fault["type"])
                elif not is_busy(status):
                    raise refused(f"{status} {fault['type']}")
            if left:
                raise Busy("bulk")

        self._work(send)

    def _outcomes(self, client: Elasticsearch, sent: Mapping[Target, bytes | None]) -> Iterator[tuple[Target, Any]]:
        """What the engine answers for each document, in the order in which they are sent.

        The documents are JSON already, so the request goes without the client's helper, which reads them again.
        """
        lines: list[bytes] = []
        for (index, key), body in sent.items():
            place = {"_index": self._aliases[index], "_id": str(key)}
            lines.append(msgspec.json.encode({"delete" if body is None else "index": place}))
            if body is not None:
                lines.append(body)
        operations = cast("Sequence[Mapping[str, Any]]", lines)  # what is bytes goes as it is
        answer = client.bulk(operations=operations, require_alias=True, filter_path=_ANSWERED)
        for target, item in zip(sent, answer["items"], strict=True):
            yield target, next(iter(item.values()))

    def _keys(self, index: Index, field: str, values: Sequence[int]) -> Iterator[int]:
        """The keys of the documents with one of these values, of those just written, too."""
        if not values:
            return
        self._flush()
        if index in self._unseen:
            self._refresh(index)
        reader = ClusterReader(self._connection, self._names, patience=self._patience)
        some, key, last = OneOf(field, tuple(values)), schema.KEY[index], -1
        while True:
            rest = AllOf(filters=[some, Between(key, least=last + 1)])
            found = reader.search(index, rest, size=OFFSET_LIMIT, order=Order(key))
            yield from found.keys
            if found.count == len(found.keys):
                return
            last = found.keys[-1]

    def _refresh(self, index: Index) -> None:
        """Have what was written searched.

        An engine that is just starting finds no shard to do it, and says so in its answer only.
        """

        def refresh(client: Elasticsearch) -> None:
            shards = client.indices.refresh(index=self._names[index])["_shards"]
            if not shards["successful"] or shards["failed"]:
                raise Busy("refresh")

        self._work(refresh)
        self._unseen.discard(index)

    def _work(self, task: Callable[[Elasticsearch], None]) -> None:
        try:
            self._connection.work(task, patience=self._patience, given_up=self._given_up)
        except Gone as fault:
            raise Unavailable(
                _("The index that was being written has been removed; another has taken its place.")
            ) from fault

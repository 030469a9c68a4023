"""Generations of indices in a cluster.

A generation is two indices, named after the prefix, the schema version and a mark of its own. The current one has the
two reading aliases; a switch moves them in one request, which the cluster does as one step. Each index has a writing
alias besides, and writes insist on it, so that no write can bring back an index that was removed.
"""

import logging
import secrets
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from elasticsearch import BadRequestError, Elasticsearch

from core.errors import Unavailable
from search.addresses import Cluster
from search.backends.elastic import mapping
from search.backends.elastic.connection import Gone, connection
from search.backends.elastic.reader import ClusterReader
from search.backends.elastic.writer import ClusterWriter
from search.schema import Index

logger = logging.getLogger(__name__)

KNOWN_SECONDS: Final = 30.0
"""For how long it is remembered that there is a current generation, so that a search is one request."""

INDEXER_SECONDS: Final = 10.0
"""How long the writer of the current generation waits for a cluster that is away: its indexer tries again anyway."""

REBUILD_SECONDS: Final = 300.0
"""How long work on a new generation waits: much would have to be done again."""

Actions = list[Mapping[str, Mapping[str, Any]]]  # Any: the engine's own shape


class ClusterEngine:
    """Elasticsearch at an address; safe to use from several threads. Nothing is asked before it is used."""

    several_writers = True

    def __init__(self, cluster: Cluster) -> None:
        self._prefix = cluster.prefix
        self._connection = connection(cluster)
        self._lock = threading.Lock()
        self._known_until: dict[str, float] = {}

    def current(self) -> str:
        """The name of the current generation, empty while there is none of this schema version.

        Raises:
            Unavailable: the cluster does not answer.
        """
        alias = mapping.reading_alias(self._prefix, Index.RECORDS)
        try:
            held = self._connection.ask(lambda client: list(client.indices.get_alias(name=alias)))
        except Gone:
            return ""
        return next(filter(None, (mapping.generation_of(self._prefix, name) for name in held)), "")

    def reader(self) -> ClusterReader | None:
        """The current generation, ``None`` while there is none of this schema version.

        Raises:
            Unavailable: the cluster does not answer.
        """
        version = mapping.version()
        with self._lock:
            is_known = time.monotonic() < self._known_until.get(version, 0.0)
        if not is_known:
            if not self.current():
                return None
            with self._lock:
                self._known_until[version] = time.monotonic() + KNOWN_SECONDS
        names = {index: mapping.reading_alias(self._prefix, index) for index in Index}
        return ClusterReader(self._connection, names, gone=self._forget)

    def create(self) -> str:
        """Begin a new, empty generation and give its name; those that were begun and never finished are removed.

        Raises:
            Unavailable: the cluster does not answer, or refuses.
        """
        self._remove(self._unread())
        generation = f"{mapping.version()}-{secrets.token_hex(6)}"
        for index in Index:
            self._create(generation, index)
        return generation

    def writer(self, generation: str, *, is_new: bool = False) -> ClusterWriter:
        """The writer of a generation. Several do no harm, but the locks of `search.locks` admit one at a time.

        Nothing is asked of the cluster yet, so that a rebuild can begin its processes while it is away.

        Raises:
            Unavailable: there is no generation.
        """
        if not generation:
            raise Unavailable(_("There is no index yet. Build it: manage.py index rebuild."))
        return ClusterWriter(
            self._connection,
            self._names(generation),
            {index: mapping.writing_alias(self._prefix, generation, index) for index in Index},
            patience=REBUILD_SECONDS if is_new else INDEXER_SECONDS,
        )

    def reader_of(self, generation: str) -> ClusterReader:
        """A reader of a generation that need not be current; it waits for a cluster that is away."""
        return ClusterReader(self._connection, self._names(generation), patience=REBUILD_SECONDS)

    def switch(self, generation: str) -> None:
        """Make a generation the current one, at once and for all processes, and remove all others of this prefix.

        Raises:
            Unavailable: the cluster stayed away for long, or the generation is gone; nothing was switched.
        """
        try:
            others = self._connection.work(lambda client: self._move(client, generation), patience=REBUILD_SECONDS)
        except Gone as fault:
            raise Unavailable(
                _("The index that was being written has been removed; another has taken its place.")
            ) from fault
        try:
            self._remove(others)
        except Unavailable as fault:
            logger.warning("Old indices could not be removed (%s); the next rebuild does it", fault)

    def discard(self, generation: str) -> None:
        """Remove a generation that was not finished; where the cluster is away, the next `create` does it.

        A generation that became the current one, though the answer to the switch was lost, stays.
        """
        try:
            self._remove(self._unread(generation))
        except Unavailable as fault:
            logger.warning("What was begun of an index could not be removed (%s); the next rebuild does it", fault)

    def _names(self, generation: str) -> dict[Index, str]:
        return {index: mapping.index_name(self._prefix, generation, index) for index in Index}

    def _create(self, generation: str, index: Index) -> None:
        def create(client: Elasticsearch) -> None:
            try:
                client.indices.create(
                    index=mapping.index_name(self._prefix, generation, index),
                    settings=mapping.SETTINGS,
                    mappings=mapping.mappings(index),
                    aliases={mapping.writing_alias(self._prefix, generation, index): {}},
                )
            except BadRequestError as fault:
                if fault.error != "resource_already_exists_exception":  # by a first try whose answer was lost
                    raise

        self._connection.work(create)

    def _move(self, client: Elasticsearch, generation: str) -> list[str]:
        """Give the reading aliases to a generation, take all aliases from the others, and give the others' names."""
        held = _indices(client, self._prefix)
        chosen = self._names(generation)
        actions: Actions = [
            {"add": {"index": name, "alias": mapping.reading_alias(self._prefix, index)}}
            for index, name in chosen.items()
        ]
        others = [name for name in held if name not in chosen.values()]
        for name in others:
            actions += [{"remove": {"index": name, "alias": alias, "must_exist": False}} for alias in held[name]]
        client.indices.update_aliases(actions=actions)
        return others

    def _unread(self, generation: str = "") -> list[str]:
        """The indices, of one generation or of all, that have no reading alias."""
        held = self._connection.work(lambda client: _indices(client, self._prefix))
        return [
            name
            for name, aliases in held.items()
            if all(alias.endswith("-write") for alias in aliases)
            and generation in {"", mapping.generation_of(self._prefix, name)}
        ]

    def _remove(self, names: list[str]) -> None:
        if names:
            self._connection.work(lambda client: client.indices.delete(index=names, ignore_unavailable=True))

    def _forget(self) -> None:
        with self._lock:
            self._known_until.clear()


def _indices(client: Elasticsearch, prefix: str) -> dict[str, list[str]]:
    """The indices of all generations of a prefix, each with its aliases."""
    found = client.indices.get_alias(index=f"{prefix}-v*", expand_wildcards="open,closed,hidden")
    return {name: list(told["aliases"]) for name, told in found.items() if mapping.generation_of(prefix, name)}

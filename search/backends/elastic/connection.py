"""The connection with a cluster: how long it is waited for, and its faults as those of the archive."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, TypeVar

import msgspec
from django.utils.translation import gettext as _
from elastic_transport import TlsError
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError, UnsupportedProductError
from elasticsearch.serializer import JsonSerializer, NdjsonSerializer

from core.errors import Unavailable
from search.addresses import Cluster

logger = logging.getLogger(__name__)

SEARCH_SECONDS: Final = 2.5
"""What a search may take. A connection that broke is tried once more at once, an answer that is late is not."""

WORK_SECONDS: Final = 60.0
"""What one request of the indexer may take."""

FIRST_REST: Final = 0.25
LONGEST_REST: Final = 5.0
"""Seconds between tries of work that has patience; doubled each time, with some chance in it."""

VERSIONS: Final = (8, 9)

_BUSY: Final = frozenset({408, 429, 502, 503, 504})
"""Too many requests at the moment, or shards that are not there yet or not any more: trying again helps."""

_OTHER_LANGUAGE: Final = frozenset({400, 406})
"""What a server older than 8 answers to the first question of this client."""

T = TypeVar("T")


class Gone(Exception):
    """An index or alias is not there: removed, or not yet made."""


class Busy(Exception):
    """A part of a request was not taken for now; trying again helps."""


Fault = TransportError | ApiError | Busy


class Quick(JsonSerializer):
    """JSON by msgspec, several times quicker than by the standard library; the documents of a rebuild are long."""

    def json_dumps(self, data: object) -> bytes:
        """Texts and numbers as JSON."""
        return msgspec.json.encode(data)

    def json_loads(self, data: bytes) -> object:
        """JSON as texts, numbers, lists and dictionaries."""
        return msgspec.json.decode(data)


class QuickLines(Quick, NdjsonSerializer):
    """The same for a row of them, one a line."""


class Connection:
    """The clients of a cluster: one that is quick to give up, for searches, and one for the work of the indexer."""

    def __init__(self, cluster: Cluster) -> None:
        client = Elasticsearch(
            list(cluster.hosts),
            basic_auth=(cluster.user, cluster.password) if cluster.user else None,
            connections_per_node=16,
            serializers={Quick.mimetype: Quick(), QuickLines.mimetype: QuickLines()},
            ca_certs=cluster.certificate or DEFAULT,
        )
        has_spare = len(cluster.hosts) > 1
        self._cluster = cluster
        self._search = client.options(
            request_timeout=SEARCH_SECONDS, max_retries=1, retry_on_status=(502, 503, 504), retry_on_timeout=has_spare
        )
        self._work = client.options(request_timeout=WORK_SECONDS, max_retries=0, retry_on_status=())
        self._is_known = False

    def ask(self, question: Callable[[Elasticsearch], T]) -> T:
        """The answer to a question for which somebody waits.

        Raises:
            Gone: there is no such index.
            Unavailable: the cluster does not answer, or refuses.
        """
        with self._own_faults():
            self._get_to_know(self._search)
            return question(self._search)

    def work(
        self, task: Callable[[Elasticsearch], T], *, patience: float = 0.0, given_up: threading.Event | None = None
    ) -> T:
        """The outcome of a task that may be done twice; for ``patience`` seconds a cluster that is away is waited for.

        Raises:
            Gone: there is no such index.
            Unavailable: the cluster does not answer, or refuses, or the work was given up.
        """
        ends, rest = time.monotonic() + patience, FIRST_REST
        given_up = given_up or threading.Event()
        while True:
            with self._own_faults():
                try:
                    self._get_to_know(self._work)
                    return task(self._work)
                except (TransportError, ApiError, Busy) as fault:
                    if not _may_pass(fault) or time.monotonic() + rest > ends:
                        raise
                    logger.warning("The search engine does not answer (%s); tried again soon", _in_short(fault))
                    if given_up.wait(rest * random.uniform(0.75, 1.25)):  # noqa: S311 (spreads tries, keeps no secret)
                        raise
            rest = min(2 * rest, LONGEST_REST)

    def _get_to_know(self, client: Elasticsearch) -> None:
        """Look once whether this is a server that can be talked to."""
        if self._is_known:
            return
        try:
            version = str(client.info()["version"]["number"])
        except UnsupportedProductError as fault:
            raise Unavailable(_not_elasticsearch()) from fault
        except ApiError as fault:
            if fault.status_code in _OTHER_LANGUAGE:
                raise Unavailable(_wrong_version(_in_short(fault))) from fault
            raise
        if int(version.split(".")[0]) not in VERSIONS:
            raise Unavailable(_wrong_version(version))
        self._is_known = True

    @contextmanager
    def _own_faults(self) -> Iterator[None]:
        try:
            yield
        except NotFoundError as fault:
            raise Gone(_in_short(fault)) from fault
        except (TransportError, ApiError, Busy) as fault:
            raise self._as_own(fault) from fault

    def _as_own(self, fault: Fault) -> Unavailable:
        if isinstance(fault, ApiError) and fault.status_code in {401, 403}:
            return Unavailable(
                _(
                    "The search engine at %(host)s refuses the user or the password of SEARCH_URL, or the user may not "
                    "manage the indices %(prefix)s-*."
                )
                % {"host": self._hosts(), "prefix": self._cluster.prefix}
            )
        if isinstance(fault, TlsError):
            return Unavailable(
                _(
                    "The certificate of the search engine at %(host)s cannot be trusted (%(fault)s). Name the "
                    "certificate of its authority: SEARCH_URL=https://…?ca=/path/to/ca.crt."
                )
                % {"host": self._hosts(), "fault": _in_short(fault)}
            )
        if _may_pass(fault):
            return Unavailable(
                _(
                    "The search engine at %(host)s does not answer (%(fault)s). Try again soon; if it stays away, "
                    "start it or correct SEARCH_URL."
                )
                % {"host": self._hosts(), "fault": _in_short(fault)}
            )
        return refused(_in_short(fault))

    def _hosts(self) -> str:
        return ", ".join(self._cluster.hosts)


@lru_cache(maxsize=4)
def connection(cluster: Cluster) -> Connection:
    """The connection of this process with a cluster; nothing is asked yet."""
    return Connection(cluster)


def refused(fault: str) -> Unavailable:
    """A request that the engine did not take and never will: somebody must look into it."""
    logger.error("The search engine refused a request: %s", fault)
    return Unavailable(_("The search engine refused a request (%(fault)s).") % {"fault": fault})


def is_busy(status: int) -> bool:
    """Whether an answer with this status says that trying again helps."""
    return status in _BUSY


def _may_pass(fault: Fault) -> bool:
    if isinstance(fault, ApiError):
        return is_busy(fault.status_code)
    return not isinstance(fault, TlsError)


def _in_short(fault: Fault) -> str:
    """The kind of a fault, without the server's reason, which may repeat titles and texts that were sent."""
    if isinstance(fault, ApiError):
        return f"{fault.status_code} {fault.error}"
    return str(fault)[:200]


def _wrong_version(found: str) -> str:
    return _("SEARCH_URL leads to a server that cannot be used (%(found)s). Elasticsearch 8 or 9 is needed.") % {
        "found": found
    }


def _not_elasticsearch() -> str:
    return _("SEARCH_URL leads to a server that is not Elasticsearch. Elasticsearch 8 or 9 is needed.")

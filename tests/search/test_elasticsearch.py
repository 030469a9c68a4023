"""What only Elasticsearch can get wrong: mappings, aliases, late writes, addresses, and going away and coming back."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import LazySettings
from elasticsearch import Elasticsearch

from config import env
from core.errors import Unavailable
from search import addresses, backends, indexing, outbox, rebuilding, schema
from search.backends.base import Document, Engine
from search.backends.elastic import ClusterEngine, mapping, translation
from search.criteria import Anything, OneOf, Row
from search.schema import Index
from tests.makers import make_fact

PROJECT = Path(__file__).resolve().parents[2]


def _engine(settings: LazySettings) -> ClusterEngine:
    return ClusterEngine(addresses.cluster(settings.ARCHIVE_SEARCH))


def _prefix(settings: LazySettings) -> str:
    return addresses.cluster(settings.ARCHIVE_SEARCH).prefix


def _names(cluster: Elasticsearch, settings: LazySettings) -> dict[str, set[str]]:
    """The indices of this test, each with its aliases."""
    found = cluster.indices.get_alias(index=f"{_prefix(settings)}-*")
    return {name: set(told["aliases"]) for name, told in found.items()}


def _page(key: int) -> Document:
    return Document(Index.PAGES, key, {"page": [key], "record": [1], "digest": [0], "number": [key], "u": ["闽 宁"]})


def _made(engine: Engine, *keys: int) -> str:
    generation = engine.create()
    with engine.writer(generation) as writer:
        writer.put(map(_page, keys))
        writer.commit()
    engine.switch(generation)
    return generation


def test_the_mapping_holds_the_fields_of_the_schema_and_nothing_else(
    cluster: Elasticsearch, settings: LazySettings
) -> None:
    generation = _made(_engine(settings), 1)

    for index in Index:
        name = mapping.index_name(_prefix(settings), generation, index)
        kept = cluster.indices.get(index=name)[name]

        assert kept["mappings"]["dynamic"] == "strict"
        assert kept["mappings"]["_source"] == {"enabled": False}
        assert set(kept["mappings"]["properties"]) == {field.name for field in schema.FIELDS[index]}
        assert kept["settings"]["index"]["refresh_interval"] == "-1"
        assert kept["settings"]["index"]["auto_expand_replicas"] == "0-1"


def test_a_switch_moves_the_aliases_and_removes_what_was_before(cluster: Elasticsearch, settings: LazySettings) -> None:
    engine = _engine(settings)
    _made(engine, 1)
    generation = engine.create()
    with engine.writer(generation) as writer:
        writer.put([_page(2), _page(3)])
        writer.commit()
    reader = engine.reader()
    assert reader is not None
    before = reader.count(Index.PAGES)

    engine.switch(generation)

    prefix = _prefix(settings)
    assert (before, reader.count(Index.PAGES)) == (1, 2)  # a reader that was there before goes on
    assert engine.current() == generation
    assert _names(cluster, settings) == {
        mapping.index_name(prefix, generation, index): {
            mapping.reading_alias(prefix, index),
            mapping.writing_alias(prefix, generation, index),
        }
        for index in Index
    }


def test_what_was_begun_and_not_finished_is_removed_and_nothing_of_others(
    cluster: Elasticsearch, settings: LazySettings
) -> None:
    engine, prefix = _engine(settings), _prefix(settings)
    current = _made(engine, 1)
    cluster.indices.create(index=f"{prefix}-very-own")
    left = engine.create()

    begun = engine.create()

    assert set(_names(cluster, settings)) == {
        f"{prefix}-very-own",
        *(mapping.index_name(prefix, one, index) for one in (current, begun) for index in Index),
    }
    engine.discard(begun)
    engine.discard(current)  # asked to by mistake: it answers, and so it stays
    assert left not in str(_names(cluster, settings))
    assert engine.current() == current


def test_a_late_write_fails_and_brings_nothing_back(cluster: Elasticsearch, settings: LazySettings) -> None:
    engine = _engine(settings)
    _made(engine, 1)
    generation = engine.create()
    with engine.writer(generation) as late:
        late.put([_page(2)])
        engine.discard(generation)

        with pytest.raises(Unavailable):
            late.commit()

    assert generation not in str(_names(cluster, settings))


def test_a_field_that_the_schema_does_not_know_is_refused_by_the_engine(
    cluster: Elasticsearch, settings: LazySettings
) -> None:
    engine = _engine(settings)
    generation = engine.create()
    alias = mapping.writing_alias(_prefix(settings), generation, Index.PAGES)

    answer = cluster.bulk(operations=[{"index": {"_index": alias, "_id": "1"}}, {"page": 1, "title": "闽宁"}])

    assert answer["items"][0]["index"]["error"]["type"] == "strict_dynamic_mapping_exception"


def test_many_documents_arrive_whole_however_they_are_cut_into_bulks(
    cluster: Elasticsearch, settings: LazySettings
) -> None:
    engine = _engine(settings)
    generation = engine.create()

    with engine.writer(generation) as writer:
        writer.put(map(_page, range(1, 2_001)))
        writer.put(map(_page, range(1, 2_001)))
        writer.remove(Index.PAGES, "page", range(1, 2_001, 2))
        writer.put([_page(1)])
        writer.remove(Index.PAGES, "number", [2, 4])
        writer.commit()

    keys = [entry.key for entry in engine.reader_of(generation).entries(Index.PAGES, after=0, size=5_000)]
    assert keys == [1, *range(6, 2_001, 2)]


def test_a_reader_whose_index_was_removed_says_so_and_the_next_is_none(
    cluster: Elasticsearch, settings: LazySettings
) -> None:
    engine = _engine(settings)
    _made(engine, 1)
    reader = engine.reader()
    assert reader is not None
    cluster.indices.delete(index=list(_names(cluster, settings)))

    with pytest.raises(Unavailable):
        reader.count(Index.PAGES)

    assert engine.reader() is None


def test_more_values_than_the_engine_takes_in_one_set_are_cut() -> None:
    asked = translation.translate(OneOf("record", tuple(range(150_000))))

    sets = asked["constant_score"]["filter"]["bool"]["should"]
    assert [len(one["terms"]["record"]) for one in sets] == [65_536, 65_536, 18_928]


@pytest.mark.parametrize(
    ("address", "due"),
    [
        ("http://127.0.0.1:9200", addresses.Cluster(("http://127.0.0.1:9200",))),
        ("http://localhost/", addresses.Cluster(("http://localhost:9200",))),
        ("https://a:1,b/minning-2", addresses.Cluster(("https://a:1", "https://b:9200"), prefix="minning-2")),
        ("https://u:p%40%3A@[::1]:99/x", addresses.Cluster(("https://[::1]:99",), "u", "p@:", "x")),
    ],
)
def test_an_address_is_read(address: str, due: addresses.Cluster) -> None:
    assert addresses.cluster(address) == due


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "http://host:99999",
        "http://host:0",
        "http://user@host:9200",
        "http://host:9200/Archive",
        "http://host:9200/_all",
        "http://host:9200/a/b",
        "http://host:9200/a*",
        "https://host:9200?ca=/nowhere/ca.crt",
        "https://host:9200?verify=no",
        "https://user:secret@host:9200/bad prefix",
    ],
)
def test_an_address_that_cannot_be_used_stops_the_start_without_telling_the_password(address: str) -> None:
    with pytest.raises(env.BadEnvironment) as stopped:
        env.read({"SEARCH_URL": address})

    assert "https://user:password@host:9200/prefix" in str(stopped.value)
    assert "secret" not in str(stopped.value)


def test_an_engine_without_an_address_of_its_kind_says_what_to_write(settings: LazySettings) -> None:
    settings.ARCHIVE_SEARCH = "solr://host:8983"

    with pytest.raises(Unavailable, match="SEARCH_URL=https://"):
        backends.engine()


class _Doorkeeper(BaseHTTPRequestHandler):
    """A server that knows the right password and lets nobody in who does not, as a secured node does."""

    status = 200
    version = "8.19.0"

    def do_GET(self) -> None:
        body: dict[str, Any] = {"version": {"number": self.version}}  # Any: the engine's own shape
        if self.status != 200:
            body = {"error": {"type": "security_exception"}, "status": self.status}
        self.send_response(self.status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def doorkeeper() -> Iterator[str]:
    """The address of a server that answers as `_Doorkeeper` is told to."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Doorkeeper) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://user:secret@127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_password_is_said_and_not_told(doorkeeper: str, status: int) -> None:
    with mock.patch.object(_Doorkeeper, "status", status), pytest.raises(Unavailable) as refused:
        ClusterEngine(addresses.cluster(f"{doorkeeper}/p{status}")).reader()

    assert "SEARCH_URL" in refused.value.message
    assert "secret" not in refused.value.message


def test_a_server_of_another_version_is_named(doorkeeper: str) -> None:
    with mock.patch.object(_Doorkeeper, "version", "7.17.9"), pytest.raises(Unavailable, match=r"7\.17\.9"):
        ClusterEngine(addresses.cluster(f"{doorkeeper}/old")).current()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nobody_there_is_said_at_once(db: None, settings: LazySettings) -> None:
    settings.ARCHIVE_SEARCH = f"http://127.0.0.1:{_free_port()}"
    make_fact("闽宁协作")

    for ask in (indexing.drain, rebuilding.rebuild, backends.engine().reader):
        with pytest.raises(Unavailable, match="127\\.0\\.0\\.1"):
            ask()

    assert outbox.pending() == 1


class _Node:
    """An Elasticsearch of this test's own, to be killed."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.port = _free_port()

    def start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [PROJECT / "services/elasticsearch/up", self._home, str(self.port)], stdout=subprocess.DEVNULL
        )

    def kill(self) -> None:
        node = int((self._home / "node.pid").read_text())
        os.kill(node, signal.SIGKILL)
        while _lives(node):
            pass


def _lives(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def node(tmp_path: Path, settings: LazySettings) -> Iterator[_Node]:
    """A node of one's own, which the settings name; killed at the end."""
    one = _Node(tmp_path / "node")
    assert one.start().wait() == 0
    settings.ARCHIVE_SEARCH = f"http://127.0.0.1:{one.port}/killed"
    yield one
    one.kill()


@pytest.mark.skipif(
    not (shutil.which("javac") and shutil.which("mvn") and Path("/proc/self/stat").exists()),
    reason="A node to kill needs Linux, a JDK and Maven: bin/services install, then bin/test",
)
def test_a_killed_engine_loses_nothing(node: _Node, db: None) -> None:
    make_fact("闽宁协作一")
    indexing.drain()
    starting: list[subprocess.Popen[bytes]] = []

    def kill_once(_done: int, _total: int) -> None:
        if not starting:
            node.kill()
            starting.append(node.start())

    make_fact("闽宁协作二")
    rebuilding.rebuild(kill_once)
    assert starting[0].wait() == 0
    rebuilt = _found()
    node.kill()
    make_fact("闽宁协作三")
    with indexing.Indexer(backends.engine()) as indexer:
        for _again in range(2):
            with pytest.raises(Unavailable):
                indexer.step()
        waiting = outbox.pending()
        reader = backends.engine().reader()
        assert reader is not None
        with pytest.raises(Unavailable):
            reader.search(Index.RECORDS, Anything(), size=1)
        assert node.start().wait() == 0
        _caught_up(indexer)

    assert rebuilt == 2
    assert waiting == 1
    assert _found() == 3
    assert outbox.pending() == 0
    assert rebuilding.compare(Index.RECORDS).faults == 0


def _found() -> int:
    reader = backends.engine().reader()
    assert reader is not None
    return reader.count(Index.RECORDS, Row("title_b", ("闽宁", "宁协", "协作")))


def _caught_up(indexer: indexing.Indexer) -> None:
    """As the indexer process does: again and again, while a node that answers already still looks for its shards."""
    while outbox.is_waiting():
        try:
            indexer.step()
        except Unavailable:
            continue

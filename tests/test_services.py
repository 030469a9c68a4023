"""The services that bin/services starts do what the platform asks of them."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk


def address(variable: str, service: str) -> str:
    """Where the service is; without it the test is skipped, which bin/test names at its end."""
    found = os.environ.get(variable)
    if not found:
        pytest.skip(f"{service} does not run here: bin/services up {service}, then bin/test")
    return found


@pytest.fixture
def index() -> Iterator[tuple[Elasticsearch, str]]:
    """A client, and an index of its own with text that only splits on spaces."""
    client = Elasticsearch(address("TEST_SEARCH_URL", "elasticsearch"))
    name = f"trial-{uuid4().hex}"
    fields = {"bigrams": {"type": "text", "analyzer": "whitespace"}, "kind": {"type": "keyword"}}
    client.indices.create(index=name, mappings={"properties": fields})
    yield client, name
    client.indices.delete(index=name)
    client.close()


def test_elasticsearch_is_a_version_that_the_client_accepts(index: tuple[Elasticsearch, str]) -> None:
    client, _ = index

    version = client.info()["version"]["number"]

    assert version.startswith("8.")


def test_elasticsearch_finds_a_phrase_of_bigrams_and_counts_facets(index: tuple[Elasticsearch, str]) -> None:
    client, name = index
    texts = [("闽宁 宁协 协作", "policy"), ("协作 闽宁", "policy"), ("宁协 协作", "event")]
    bulk(client, [{"_index": name, "bigrams": text, "kind": kind} for text, kind in texts], refresh=True)

    answer = client.search(
        index=name,
        query={"match_phrase": {"bigrams": "宁协 协作"}},
        aggregations={"kinds": {"terms": {"field": "kind", "order": {"_key": "asc"}}}},
    )

    assert answer["hits"]["total"]["value"] == 2
    assert [(bucket["key"], bucket["doc_count"]) for bucket in answer["aggregations"]["kinds"]["buckets"]] == [
        ("event", 1),
        ("policy", 1),
    ]


def test_elasticsearch_switches_an_alias_in_one_step(index: tuple[Elasticsearch, str]) -> None:
    client, name = index
    alias = f"{name}-current"

    client.indices.update_aliases(actions=[{"add": {"index": name, "alias": alias}}])

    assert list(client.indices.get_alias(name=alias)) == [name]


def test_redis_keeps_what_it_was_given_and_refuses_strangers() -> None:
    url = address("TEST_BROKER_URL", "redis")
    stranger = redis.Redis.from_url(url.replace("://:", "://:not-"))

    with redis.Redis.from_url(url) as client:
        client.set("trial", "闽宁", ex=60)
        assert client.get("trial") == "闽宁".encode()
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()

"""The engines on which every test of search runs."""

import os
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from elasticsearch import Elasticsearch

from archive.models import Reader
from search import backends, finding, indexing
from search.backends.base import Engine
from search.finding import Request, Result

ENGINES = ("tantivy", "elasticsearch")

Find = Callable[..., Result]


def cluster_address() -> str:
    """Where the Elasticsearch of the tests is; without it the test is skipped, which bin/test names at its end."""
    found = os.environ.get("TEST_SEARCH_URL", "")
    if not found and os.environ.get("CI") == "true":
        pytest.fail("Elasticsearch does not run here: bin/services up elasticsearch, then bin/test")
    if not found:
        pytest.skip("Elasticsearch does not run here: bin/services up elasticsearch, then bin/test")
    return found.rstrip("/")


@pytest.fixture
def cluster(settings: LazySettings) -> Iterator[Elasticsearch]:
    """A client of a cluster in which the platform's indices have a prefix of this test's own; removed afterwards."""
    address = cluster_address()
    prefix = f"test-{uuid4().hex}"
    settings.ARCHIVE_SEARCH = f"{address}/{prefix}"
    with Elasticsearch(address) as client:
        yield client
        left = list(client.indices.get(index=f"{prefix}-*", features="aliases"))
        if left:
            client.indices.delete(index=left)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, db: None) -> Engine:
    """An engine with an empty place to write to: a folder of this test's own, or a prefix of its own in a cluster."""
    if request.param == "elasticsearch":
        request.getfixturevalue("cluster")
    return backends.engine()


@pytest.fixture
def public() -> AnonymousUser:
    """A reader without an account."""
    return AnonymousUser()


@pytest.fixture
def find(engine: Engine, public: AnonymousUser) -> Find:
    """Index what waits, then search: ``find("闽宁", reader=…, kind=["policy"], …)``."""

    def ask(q: str = "", reader: Reader = public, size: int = 20, cursor: str = "", **filters: list[str]) -> Result:
        indexing.drain()
        return finding.find(Request(q=q, filters=filters, size=size, cursor=cursor), reader)

    return ask

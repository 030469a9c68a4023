"""The engines on which every test of search runs."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import AnonymousUser

from archive.models import Reader
from search import backends, finding, indexing
from search.backends.base import Engine
from search.finding import Request, Result

ENGINES = ("tantivy",)
"""A second engine is added here, with what its address needs in `engine`."""

Find = Callable[..., Result]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, db: None) -> Iterator[Engine]:
    """An engine with an empty place to write to (the settings of each test name one of its own)."""
    assert request.param == "tantivy"
    yield backends.engine()


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

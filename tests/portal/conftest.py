"""What the tests of the public site share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def fresh_platform_state() -> Iterator[None]:
    """The state of the platform is kept for seconds; no test sees that of another."""
    cache.clear()
    yield
    cache.clear()

"""What every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import translation

from accounts.models import Role, User
from tests.makers import make_user


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: LazySettings) -> Path:
    """Every test writes into a home folder of its own."""
    settings.ARCHIVE_HOME = tmp_path
    settings.ARCHIVE_STORAGE = f"file://{tmp_path / 'objects'}"
    settings.ARCHIVE_SEARCH = f"tantivy://{tmp_path / 'search'}"
    return tmp_path


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """The interface speaks Chinese unless a test says otherwise; nothing of it leaks into the next test."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def archivist(db: None) -> User:
    """Somebody who describes and digitises."""
    return make_user(Role.ARCHIVIST)


@pytest.fixture
def reviewer(db: None) -> User:
    """Somebody who opens and publishes."""
    return make_user(Role.REVIEWER)

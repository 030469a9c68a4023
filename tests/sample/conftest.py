from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from sample import loading


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The sample archive, loaded once for a module; each test sees it and leaves it as it was."""
    home = tmp_path_factory.mktemp("sample")
    with django_db_blocker.unblock(), override_settings(ARCHIVE_STORAGE=f"file://{home}"), transaction.atomic():
        loading.load()
        yield
        transaction.set_rollback(True)

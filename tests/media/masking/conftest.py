"""What the tests of masking share."""

import pytest

from accounts.models import Role, User
from archive.models import Unit
from tests.makers import make_item, make_user
from tests.media.masking.making import identity
from tests.search.conftest import cluster, engine  # noqa: F401  # fixtures: the engines that search runs on

PERSON = identity("64010219870305123")
MOBILE = "13812345678"


@pytest.fixture
def officer(db: None) -> User:
    """Who decides on marks of secrecy."""
    return make_user(Role.SECURITY_OFFICER)


@pytest.fixture
def item(db: None) -> Unit:
    """A published item."""
    return make_item("闽宁村搬迁户登记")

"""The search engines, behind one port; the address in the settings chooses."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Unavailable
from search import addresses
from search.backends.base import Engine
from search.backends.elastic import ClusterEngine
from search.backends.tantivy import FolderEngine


def engine() -> Engine:
    """The engine of this platform; the same object for the same address.

    Raises:
        Unavailable: there is no engine for this kind of address.
    """
    return _engine(settings.ARCHIVE_SEARCH)


@lru_cache(maxsize=4)
def _engine(address: str) -> Engine:
    scheme, _separator, path = address.partition("://")
    if scheme == "tantivy":
        return FolderEngine(Path(path))
    try:
        return ClusterEngine(addresses.cluster(address))
    except ValueError as fault:
        raise Unavailable(
            _(
                "There is no search engine for %(address)s. Write SEARCH_URL=tantivy:///path/to/folder or "
                "SEARCH_URL=https://user:password@host:9200/prefix."
            )
            % {"address": addresses.without_password(address)}
        ) from fault

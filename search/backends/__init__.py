"""The search engines, behind one port; the address in the settings chooses."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Unavailable
from search.backends.base import Engine
from search.backends.tantivy import FolderEngine


def engine() -> Engine:
    """The engine of this platform; the same object for the same address.

    Raises:
        Unavailable: no engine answers under this kind of address.
    """
    return _engine(settings.ARCHIVE_SEARCH)


@lru_cache(maxsize=4)
def _engine(address: str) -> Engine:
    scheme, _separator, path = address.partition("://")
    if scheme == "tantivy":
        return FolderEngine(Path(path))
    raise Unavailable(
        _("There is no search engine for %(address)s. Write SEARCH_URL=tantivy:///path/to/folder.")
        % {"address": f"{scheme}://…"}
    )

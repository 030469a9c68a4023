"""What a page needs on which files are handed over: the formats to choose from, and whether uploads can go on."""

from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from media.engines.formats import ACCEPTED

LIBRARY = "vendor/tus/tus.min.js"


@lru_cache(maxsize=1)
def formats() -> str:
    """Endings and media types for the attribute ``accept`` of a choice of files."""
    return ",".join(sorted({*ACCEPTED, *(ending for form in ACCEPTED.values() for ending in form.endings)}))


@lru_cache(maxsize=1)
def can_resume() -> bool:
    """Whether the library for uploads that go on was installed; without it files are sent by the plain form."""
    return finders.find(LIBRARY) is not None or (bool(settings.STATIC_ROOT) and staticfiles_storage.exists(LIBRARY))


def context() -> dict[str, object]:
    """Both, for a template."""
    return {"formats": formats(), "can_resume": can_resume()}

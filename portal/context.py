"""What every page of the site knows: its parts, its languages, the state of the platform."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import platform_state


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One part of the site in the main navigation."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """A language the page can be read in; its name is written in itself."""

    code: str
    tag: str
    name: str


OWN_NAMES = {"zh-hans": ("zh-Hans", "中文"), "en": ("en", "English")}


class Site:
    """The frame's facts, each worked out only where a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path

    @cached_property
    def navigation(self) -> list[NavigationEntry]:
        """The main parts of the site, the current one marked."""
        parts = (
            (_("Search"), reverse("portal:search")),
            (_("Catalogue"), reverse("portal:catalogue")),
            (_("Browse"), reverse("portal:browse")),
            (_("Progress"), reverse("portal:progress")),
            (_("About"), reverse("portal:about")),
        )
        return [NavigationEntry(label, href, self._path.startswith(href)) for label, href in parts]

    @cached_property
    def languages(self) -> list[OtherLanguage]:
        """The languages of the interface other than the reader's."""
        here = get_language()
        return [OtherLanguage(code, *OWN_NAMES[code]) for code, _name in settings.LANGUAGES if code != here]

    @cached_property
    def _state(self) -> platform_state.PlatformState:
        return platform_state.current()

    @property
    def needs_worker(self) -> bool:
        """Whether pages wait to be digitised and no worker is alive."""
        return self._state.needs_worker

    @property
    def is_behind(self) -> bool:
        """Whether the search index lags noticeably behind the database."""
        return self._state.is_behind

    @property
    def has_sample(self) -> bool:
        """Whether what is shown is, or contains, the sample archive."""
        return self._state.has_sample

    @property
    def has_htmx(self) -> bool:
        """Whether the library for exchanging fragments was installed; pages work without it."""
        return _is_installed("vendor/htmx/htmx.min.js")

    @property
    def has_deep_zoom(self) -> bool:
        """Whether the deep zoom library was installed; the reader works without it."""
        return _is_installed("vendor/openseadragon/openseadragon.min.js")


def site(request: HttpRequest) -> dict[str, object]:
    """Names and states shown in the frame of every page."""
    return {"site": Site(request)}


@lru_cache(maxsize=8)
def _is_installed(path: str) -> bool:
    """Whether a browser library is among the static files, collected or in its package."""
    return finders.find(path) is not None or (bool(settings.STATIC_ROOT) and staticfiles_storage.exists(path))

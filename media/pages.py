"""Find pages, and the text that is kept of them, by what a person can write down: an ARK or a digest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from archive import identifiers
from archive.models import Record
from core.errors import InvalidInput, NotFound
from media.models import DigitalObject, Page, PageText

SHORTEST_DIGEST = 8

_DIGEST = re.compile(rf"[0-9a-f]{{{SHORTEST_DIGEST},128}}")


@dataclass(frozen=True, slots=True)
class StoredText:
    """A page and its current text; None while nobody has read it."""

    page: Page
    text: PageText | None


def named(name: str) -> list[Page]:
    """The pages of a unit, by its ARK, or of a file, by its SHA-512 digest or the beginning of it (8 digits or more).

    Pages come in their order. For the operator of the platform: nothing is hidden.

    Raises:
        NotFound: nothing has this name, or it has no pages.
        InvalidInput: the beginning of the digest fits several files.
    """
    written = name.strip()
    if _DIGEST.fullmatch(written.lower()):
        return _of_file(written.lower())
    ark = identifiers.parse(written).name if ":" in written else written
    record = Record.objects.filter(ark=ark).first()
    if record is None:
        raise NotFound(_("Nothing has the identifier “%(name)s”. Write an ARK or a SHA-512 digest.") % {"name": name})
    pages = list(Page.objects.filter(unit__record=record).select_related("digital_object"))
    if not pages:
        raise NotFound(_("“%(title)s” has no pages.") % {"title": record.title})
    return pages


def stored_texts(pages: list[Page]) -> Iterator[StoredText]:
    """Each page with its current text."""
    texts = {text.page_id: text for text in PageText.objects.filter(page__in=pages, is_current=True)}
    for page in pages:
        yield StoredText(page=page, text=texts.get(page.pk))


def _of_file(digest: str) -> list[Page]:
    files = list(DigitalObject.objects.filter(sha512__startswith=digest)[:2])
    if not files:
        raise NotFound(_("No file has the digest %(digest)s.") % {"digest": digest})
    if len(files) > 1:
        raise InvalidInput(_("Several digests begin with %(digest)s. Write more of it.") % {"digest": digest})
    pages = list(files[0].pages.select_related("digital_object").order_by("frame"))
    if not pages:
        raise NotFound(_("The pages of “%(name)s” have not been found yet.") % {"name": files[0].original_name})
    return pages

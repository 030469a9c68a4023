"""The document of a unit: made once for each state of its pages, found again by that state, replaced by the next.

The name of the stored file is a digest of everything that shows in it: pages, images, turns, texts as the public gets
them, their states, the description. A document that is not of the present state is therefore never found, whatever
happened to the message that should have made it anew: what was masked a moment ago is not handed out (L-24).
"""

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from archive.citation.items import ARCHIVE
from archive.models import Unit
from core.errors import NotFound
from media import storage
from media.assembly import pdf, plain, sheets
from media.assembly.pdf import About
from media.models import DigitalObject, PageText

logger = logging.getLogger(__name__)

MAKING = "1"
"""Goes up when the way in which documents are made changes, so that all are made anew."""


def state_of(unit: Unit) -> str:
    """A digest of all that a public document or text of a unit shows, 64 hexadecimal digits."""
    record = unit.record
    digest = hashlib.sha256()
    for part in (MAKING, record.title_zh, unit.reference_code, unit.creator_as_written, unit.rights_statement):
        digest.update(part.encode() + b"\0")
    texts = _public_texts(unit)
    for row in sheets.shown(unit).values_list(
        "pk", "number", "width", "height", "dpi", "turn", "derived_at", "is_masked", "redrawn_at"
    ):
        digest.update(repr((*row, texts.get(row[0]))).encode())
    return digest.hexdigest()


def current(unit: Unit) -> Path | None:
    """The document of a unit in its present state, if it has been made."""
    place = storage.document_path(unit, _name(state_of(unit)))
    return place if place.is_file() else None


def make(unit: Unit) -> Path:
    """The document of a unit in its present state, made if it has not been; documents of earlier states are removed.

    Raises:
        NotFound: the unit has no page with an image, or a masked page has not been redrawn yet.
        InvalidInput: the image of a page cannot be read.
        Unavailable: the storage cannot take the document.
    """
    state = state_of(unit)
    place = storage.document_path(unit, _name(state))
    if not place.is_file():
        if not sheets.shown(unit).filter(derived_at__isnull=False).exists():
            raise NotFound(_("No page of this unit has an image yet. Try again in a minute."))
        with translation.override(settings.LANGUAGE_CODE), storage.document(unit, _name(state)) as target:
            pages = (sheet for sheet in sheets.of_unit(unit) if sheet.page.has_image)
            pdf.write(pages, about(unit), target)
    _remove_others(place)
    return place


def assemble(digital_object: DigitalObject) -> Callable[[], None]:
    """Make the documents of all units that hold pages of a file; the second half removes what they replace.

    Mostly it is one; more where a file has been divided between units. Where a page is still to be redrawn nothing is
    made: the redrawing brings a new state, and with it a new document.

    Raises:
        InvalidInput, Unavailable: as `make`.
    """
    places = []
    further = Unit.objects.filter(pages__digital_object=digital_object).exclude(pk=digital_object.unit_id)
    for unit in [digital_object.unit, *further.select_related("record").distinct()]:
        try:
            places.append(make(unit))
        except NotFound:
            logger.info("Unit %d has no page that can be put into a document yet", unit.pk)

    def record() -> None:
        for place in places:
            _remove_others(place)

    return record


def about(unit: Unit) -> About:
    """What a document of the unit says of itself."""
    record = unit.record
    worst = plain.worst(unit)
    return About(
        title=record.title_zh,
        identifiers=(unit.reference_code, record.ark_text),
        creator=unit.creator_as_written,
        source=ARCHIVE,
        rights=unit.rights_statement,
        state=str(worst.label) if worst else "",
        language=unit.language,
    )


def _name(state: str) -> str:
    return f"document-{state[:32]}.pdf"


def _remove_others(place: Path) -> None:
    for other in place.parent.glob("document-*.pdf"):
        if other != place:
            other.unlink(missing_ok=True)


def _public_texts(unit: Unit) -> dict[int, tuple[int, str, str]]:
    """For each page the text that is public, as a digest."""
    rows = PageText.objects.filter(page__in=sheets.shown(unit), is_current=True)
    return {
        page: (pk, quality, hashlib.sha256((text if public is None else public).encode()).hexdigest())
        for page, pk, quality, text, public in rows.values_list("page", "pk", "quality", "text", "public_text")
    }

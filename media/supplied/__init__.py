"""Texts that come with the scans: ALTO, hOCR or plain text in place of recognition.

`keep` takes a file that lies beside a scan at intake; the text is laid on the page when its turn comes to be read.
`attach` gives a page that has its images a text at once.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from archive import audit
from core.errors import Conflict, InvalidInput
from media import masking, signals
from media.lines import TextLine, join, to_json
from media.models import DigitalObject, Page, PageText, SuppliedText
from media.supplied import files, placing
from media.supplied.files import SUFFIXES
from media.supplied.sheets import Given, Supplied

__all__ = ["SUFFIXES", "Supplied", "attach", "keep", "laid_on", "of"]


def keep(source: DigitalObject, content: bytes, *, name: str, by: User | None) -> SuppliedText:
    """Keep the text that came with a file, in the caller's transaction; one that came earlier is replaced.

    Raises:
        InvalidInput: it cannot be read, or has another number of pages than the file (if that is known already).
    """
    given = files.understand(content, name=name)
    if source.page_count:
        _check_pages(given, source.page_count, name)
    kept, _is_new = SuppliedText.objects.update_or_create(
        digital_object=source, defaults={"name": name, "content": content, "supplied_by": by}
    )
    audit.append("supply text", source, by=by, after={"name": name, "format": given.format, "pages": given.pages})
    return kept


def of(page: Page) -> Supplied | None:
    """What was supplied for a page that has its images; None if nothing was.

    Raises:
        InvalidInput: it does not fit the page.
    """
    kept = SuppliedText.objects.filter(digital_object=page.digital_object_id).first()
    if kept is None:
        return None
    given = files.understand(bytes(kept.content), name=kept.name)
    _check_pages(given, page.digital_object.page_count, kept.name)
    return _on_page(given, page, page.frame - 1, kept.name)


def laid_on(text: str, machine: list[TextLine], width: int, height: int) -> list[TextLine]:
    """A supplied text without places, on the places that the machine found."""
    return placing.aligned(text, machine, width, height)


def attach(page: Page, content: bytes, *, name: str, by: User | None) -> PageText:
    """Give a page a supplied text at once; it becomes current, earlier ones stay.

    Raises:
        InvalidInput: the file cannot be read, or does not fit the page.
        Conflict: the page has no images yet.
    """
    if not page.has_image:
        raise Conflict(_("Page %(page)d has no image yet. Supply the text when it does.") % {"page": page.number})
    given = files.understand(content, name=name)
    if given.pages != 1:
        _check_pages(given, page.digital_object.page_count, name)
    supplied = _on_page(given, page, page.frame - 1 if given.pages > 1 else 0, name)
    current = page.texts.filter(is_current=True).first()
    lines = list(supplied.lines)
    if not supplied.has_places:
        machine = current.text_lines() if current is not None else []
        lines = laid_on(supplied.text, machine, page.width, page.height)
    with transaction.atomic():
        page.texts.filter(is_current=True).update(is_current=False)
        text = PageText.objects.create(
            page=page,
            origin=PageText.Origin.SUPPLIED,
            text=join(lines),
            lines=to_json(lines),
            engine=supplied.maker[:60] or supplied.format,
            engine_version=supplied.format,
            settings={"file": name, "format": supplied.format},
            made_by=by,
        )
        masking.carry_over(current, text)
        audit.append("supply text", page, by=by, after={"name": name, "format": supplied.format})
        signals.pages_changed.send(sender=Page, page_ids=[page.pk])
    return text


def _on_page(given: Given, page: Page, number: int, name: str) -> Supplied:
    if given.texts:
        return Supplied(given.format, given.maker, name, text=given.texts[number])
    lines = placing.lines_of(given.sheets[number], page.width, page.height, dpi=page.dpi, name=name)
    return Supplied(given.format, given.maker, name, lines=lines)


def _check_pages(given: Given, pages: int, name: str) -> None:
    if given.pages != pages:
        raise InvalidInput(
            _("“%(name)s” has %(given)d pages, the file has %(pages)d.")
            % {"name": name, "given": given.pages, "pages": pages}
        )

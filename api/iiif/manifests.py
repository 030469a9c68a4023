"""Manifests, canvases and annotations: a unit with images that may be seen, page by page.

Pages whose text may be read carry their lines as annotations, without what is masked.
"""

from collections.abc import Sequence

import iiif_prezi3
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from api.iiif import answers, describing, documents, finding, wording
from api.iiif.addresses import Addresses
from api.iiif.describing import Json
from archive.models import Reader, Record, Scope, Unit
from core.errors import NotFound
from media.lines import TextLine
from media.models import Page, PageText


@answers.readable_from_anywhere
def manifest(request: HttpRequest, ark: str) -> HttpResponse:
    """The manifest of a unit with images."""
    unit = finding.unit(ark, request.user)
    pages = list(finding.pages(request.user).filter(unit=unit).order_by("number"))
    if not pages:
        raise NotFound(_("This unit has no images that can be shown."))
    body = _manifest(unit, pages, request.user, Addresses(request))
    return documents.answer(request, iiif_prezi3.Manifest, body, [answers.SEARCH_2])


@answers.readable_from_anywhere
def annotations(request: HttpRequest, page: int) -> HttpResponse:
    """The lines of a page, each with its place on the canvas; the label says how far the text can be trusted (O-04)."""
    row = finding.text_page(page, request.user)
    text = PageText.objects.filter(page=row, is_current=True).first()
    if text is None:
        raise NotFound(_("The text of this page has not been read yet."))
    addresses = Addresses(request)
    body = {
        "id": addresses.annotations(row),
        "type": "AnnotationPage",
        "label": wording.both(text.get_quality_display),
        "items": [
            _annotation(number, line, row, addresses) for number, line in enumerate(text.open_lines(), 1) if line.text
        ],
    }
    return documents.answer(request, iiif_prezi3.AnnotationPage, body)


@answers.readable_from_anywhere
def canvas(request: HttpRequest, page: int) -> HttpResponse:
    """A canvas is described in its manifest: the way there."""
    row = finding.page(page, request.user)
    record = Record.objects.get(unit__pages=row)
    return HttpResponse(status=303, headers={"Location": Addresses(request).manifest(record)})


def _manifest(unit: Unit, pages: Sequence[Page], reader: Reader, addresses: Addresses) -> Json:
    record = unit.record
    texts = _texts(pages) if record.is_visible_to(reader, Scope.TEXT) else {}
    is_vertical = sum(direction == "v" for _quality, direction in texts.values()) * 2 > len(pages)
    body: Json = {
        **describing.of(unit, addresses),
        "id": addresses.manifest(record),
        "type": "Manifest",
        "items": [_canvas(page, page.pk in texts, addresses) for page in pages],
        "thumbnail": addresses.thumbnail(pages[0]),
        "viewingDirection": "right-to-left" if is_vertical else "left-to-right",
        "behavior": ["paged" if len(pages) > 1 else "individuals"],
        "partOf": [describing.reference(describing.parent(unit), addresses)],
    }
    if record.date_earliest and record.date_earliest == record.date_latest:
        body["navDate"] = f"{record.date_earliest.isoformat()}T00:00:00Z"
    if texts:
        body["service"] = _search_service(record, addresses)
        body["rendering"] = _renderings(record, reader, addresses)
    return body


def _texts(pages: Sequence[Page]) -> dict[int, tuple[str, str]]:
    """Of every page with text: how far it was checked, and the direction of its first line."""
    direction = KeyTextTransform("direction", KeyTransform("0", "lines"))
    rows = PageText.objects.filter(is_current=True, page__in=[page.pk for page in pages])
    return {page: (quality, first) for page, quality, first in rows.values_list("page", "quality", direction)}


def _search_service(record: Record, addresses: Addresses) -> list[Json]:
    complete = {"id": addresses.autocomplete(record), "type": "AutoCompleteService2"}
    return [{"id": addresses.search(record), "type": "SearchService2", "service": [complete]}]


def _renderings(record: Record, reader: Reader, addresses: Addresses) -> list[Json]:
    """The whole unit in other forms; as PDF where it may be taken away."""
    found = [(addresses.text(record), "text/plain", wording.both(lambda: _("Text")))]
    if record.is_visible_to(reader, Scope.DOWNLOAD):
        found.insert(0, (addresses.document(record), "application/pdf", wording.plain("PDF")))
    return [{"id": address, "type": "Text", "format": form, "label": label} for address, form, label in found]


def _canvas(page: Page, has_text: bool, addresses: Addresses) -> Json:
    address = addresses.canvas(page)
    image = {
        "id": f"{addresses.image(page)}/full/max/0/default.jpg",
        "type": "Image",
        "format": "image/jpeg",
        "width": page.width,
        "height": page.height,
        "service": addresses.service(page),
    }
    painting = {
        "id": f"{address}/image",
        "type": "Annotation",
        "motivation": "painting",
        "body": image,
        "target": address,
    }
    body: Json = {
        "id": address,
        "type": "Canvas",
        "label": wording.both(lambda: _("Page %(number)d") % {"number": page.number}),
        "width": page.width,
        "height": page.height,
        "items": [{"id": f"{address}/images", "type": "AnnotationPage", "items": [painting]}],
        "thumbnail": addresses.thumbnail(page),
    }
    if has_text:
        body["annotations"] = [
            {"id": addresses.annotations(page), "type": "AnnotationPage", "label": wording.both(lambda: _("Text"))}
        ]
        body["seeAlso"] = [
            {
                "id": addresses.alto(page),
                "type": "Dataset",
                "label": wording.plain("ALTO"),
                "format": "application/xml",
                "profile": "http://www.loc.gov/standards/alto/ns-v4#",
            }
        ]
    return body


def _annotation(number: int, line: TextLine, page: Page, addresses: Addresses) -> Json:
    body = {"type": "TextualBody", "value": line.text, "format": "text/plain", "language": page.unit.language}
    return {
        "id": f"{addresses.annotations(page)}/{number}",
        "type": "Annotation",
        "motivation": "supplementing",
        "body": body,
        "target": addresses.canvas(page, line.box),
    }

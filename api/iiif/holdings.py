"""Collections along the hierarchy: the fonds at the root, below each unit what lies directly below it."""

from collections.abc import Mapping
from typing import Any, Final

import iiif_prezi3
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from api.iiif import answers, describing, documents, finding, wording
from api.iiif.addresses import Addresses
from api.iiif.describing import Json
from archive.models import Level, Reader, Record, Unit
from core.errors import NotFound
from media.models import Page

PART: Final = 1000
"""Items in one collection; a longer one is made of collections of its parts."""


@answers.readable_from_anywhere
def collection(request: HttpRequest, ark: str) -> HttpResponse:
    """What lies directly below a unit."""
    unit = finding.unit(ark, request.user)
    if unit.level == Level.ITEM:
        raise NotFound(_("An item has a manifest, and nothing below it."))
    addresses = Addresses(request)
    body = {
        **describing.of(unit, addresses),
        **_members(unit, request, addresses),
        "partOf": [describing.reference(describing.parent(unit), addresses)],
    }
    return documents.answer(request, iiif_prezi3.Collection, body)


@answers.readable_from_anywhere
def collections(request: HttpRequest) -> HttpResponse:
    """The fonds."""
    addresses = Addresses(request)
    body = {
        **_members(None, request, addresses),
        "label": wording.both(lambda: _("Min-Ning Digital Archive")),
        "provider": describing.provider(addresses),
        "homepage": describing.homepage(addresses.home(), wording.both(lambda: _("Min-Ning Digital Archive"))),
    }
    return documents.answer(request, iiif_prezi3.Collection, body)


def _members(unit: Unit | None, request: HttpRequest, addresses: Addresses) -> Json:
    """The items of a collection: as they are, or in parts where they are many (three queries)."""
    record = unit.record if unit else None
    part = request.GET.get("part", "")
    number = int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0
    children = _children(unit, request.user)
    total = children.count()
    if total > PART and not number:
        parts = range(1, -(-total // PART) + 1)
        items = [_part(record, each, total, addresses) for each in parts]
        return {"id": addresses.collection(record), "type": "Collection", "items": items}
    if number and (number - 1) * PART >= total:
        raise NotFound(_("This collection has no such part."))
    first = max(number - 1, 0) * PART
    rows = list(children[first : first + PART])
    pages = Page.objects.in_bulk([row.first_image for row in rows if row.first_image])
    items = [item for row in rows for item in _items(row, pages, addresses)]
    return {"id": addresses.collection(record, number), "type": "Collection", "items": items}


def _children(unit: Unit | None, reader: Reader) -> Any:  # Any: treebeard's query sets are published without types
    """The visible units directly below one, or the fonds, that have images or can have something below them."""
    units = Unit.objects.get_children(unit) if unit is not None else Unit.objects.get_root_nodes()
    images = finding.pages(reader).filter(unit=OuterRef("pk"))
    visible = Record.objects.visible_to(reader).filter(pk=OuterRef("record"))
    return (
        units.filter(Exists(visible))
        .annotate(first_image=Subquery(images.order_by("number").values("pk")[:1]))
        .exclude(level=Level.ITEM, first_image__isnull=True)
        .select_related("record")
        .order_by("reference_sort", "path")
    )


def _items(
    unit: Any, pages: Mapping[int, Page], addresses: Addresses
) -> list[Json]:  # Any: a Unit with its first image
    label, found = wording.title(unit.record), []
    if unit.first_image:
        found.append(
            {
                "id": addresses.manifest(unit.record),
                "type": "Manifest",
                "label": label,
                "thumbnail": addresses.thumbnail(pages[unit.first_image]),
            }
        )
    if unit.level != Level.ITEM:
        found.append({"id": addresses.collection(unit.record), "type": "Collection", "label": label})
    return found


def _part(record: Record | None, number: int, total: int, addresses: Addresses) -> Json:
    first, last = (number - 1) * PART + 1, min(number * PART, total)
    return {
        "id": addresses.collection(record, number),
        "type": "Collection",
        "label": wording.plain(f"{first}–{last}"),
    }

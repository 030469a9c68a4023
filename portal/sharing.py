"""What a reader takes along from a page: the address of a place, of its image, a citation of it, the IIIF manifest."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from archive import citation
from archive.citation import gbt7714
from archive.models import Reader, Record
from media.lines import Box
from media.models import Page
from portal import images

PLACE = "{place}"
"""Where a script puts the address of the place that was chosen."""

Absolute = Callable[[str], str]
"""Makes a path of this site an address that can be sent to anybody."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whole addresses, and the citation by GB/T 7714 with the page and, at the end, the address of the place.

    ``image`` is empty where the image may not be seen. ``citation_form`` has `PLACE` for the address.
    """

    place: str
    image: str
    citation: str
    citation_form: str
    page_place: str
    image_service: str
    manifest: str


def of(
    record: Record, page: Page, region: Box | None, reader: Reader, absolute: Absolute, *, shows_image: bool
) -> Sharing:
    """What can be taken along of a page, or of a region of it."""
    page_place = absolute(reverse("portal:reader", args=[settings.ARCHIVE_NAAN, record.ark, page.number]))
    place = f"{page_place}?region={images.region_text(region)}" if region else page_place
    line = gbt7714.line(citation.csl(record, reader), with_address=False).removesuffix(".")
    form = f"{line}：{page.number}. {PLACE}."
    service = absolute(reverse("api:iiif_base", args=[page.pk])) if shows_image else ""
    part = images.region_text(region) if region else "full"
    return Sharing(
        place=place,
        image=f"{service}/{part}/max/0/default.jpg" if service else "",
        citation=form.replace(PLACE, place),
        citation_form=form,
        page_place=page_place,
        image_service=service,
        manifest=absolute(reverse("api:iiif_manifest", args=[record.ark])) if shows_image else "",
    )

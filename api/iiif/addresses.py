"""Addresses in the IIIF documents: whole, as clients follow them."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from archive.models import Record
from media.lines import Box
from media.models import Page

THUMBNAIL_WIDTH = 240
IMAGE_LEVEL = "level2"


class Addresses:
    """The addresses of everything that IIIF documents name, as the host of a request has them."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def absolute(self, path: str) -> str:
        """The whole address of a path of this site."""
        return self._request.build_absolute_uri(path)

    def manifest(self, record: Record) -> str:
        """The manifest of a unit with images."""
        return self.absolute(reverse("api:iiif_manifest", args=[record.ark]))

    def collection(self, record: Record | None, part: int = 0) -> str:
        """The collection of what lies below a unit, or of the fonds."""
        path = reverse("api:iiif_collection", args=[record.ark]) if record else reverse("api:iiif_collections")
        return self.absolute(f"{path}?part={part}" if part else path)

    def image(self, page: Page | int) -> str:
        """The image service of a page."""
        return self.absolute(reverse("api:iiif_base", args=[page if isinstance(page, int) else page.pk]))

    def canvas(self, page: Page | int, box: Box | None = None) -> str:
        """The canvas of a page, or a rectangle on it."""
        part = f"#xywh={box.x},{box.y},{box.w},{box.h}" if box else ""
        return f"{self.image(page)}/canvas{part}"

    def annotations(self, page: Page | int) -> str:
        """The lines of a page as annotations."""
        key = page if isinstance(page, int) else page.pk
        return self.absolute(reverse("api:iiif_annotations", args=[key]))

    def search(self, record: Record) -> str:
        """The search inside a unit."""
        return self.absolute(reverse("api:iiif_search", args=[record.ark]))

    def autocomplete(self, record: Record) -> str:
        """The beginnings of words inside a unit."""
        return self.absolute(reverse("api:iiif_autocomplete", args=[record.ark]))

    def changes(self, page: int = 0) -> str:
        """The list of changes, or a page of it."""
        path = reverse("api:iiif_changes_page", args=[page]) if page else reverse("api:iiif_changes")
        return self.absolute(path)

    def alto(self, page: Page) -> str:
        """The text of a page as ALTO."""
        return self.absolute(reverse("api:page_alto", args=[page.pk]))

    def text(self, record: Record) -> str:
        """The text of a whole unit."""
        return self.absolute(reverse("api:record_text", args=[record.ark]))

    def document(self, record: Record) -> str:
        """A whole unit as a PDF."""
        return self.absolute(reverse("api:record_document", args=[record.ark]))

    def entry(self, record: Record) -> str:
        """The record as the REST interface gives it."""
        return self.absolute(reverse("api:record-detail", args=[record.ark]))

    def home(self) -> str:
        """The site."""
        return self.absolute(reverse("portal:home"))

    def record(self, record: Record) -> str:
        """The record's page for people: its ARK."""
        return self.absolute(reverse("portal:record", args=[settings.ARCHIVE_NAAN, record.ark]))

    def service(self, page: Page) -> list[dict[str, object]]:
        """The image service of a page, as what uses it names it."""
        return [{"id": self.image(page), "type": "ImageService3", "profile": IMAGE_LEVEL}]

    def thumbnail(self, page: Page) -> list[dict[str, object]]:
        """A small picture of a page, with the service that makes others."""
        width = min(THUMBNAIL_WIDTH, page.width)
        height = max(1, round(page.height * width / page.width))
        return [
            {
                "id": f"{self.image(page)}/full/{width},{height}/0/default.jpg",
                "type": "Image",
                "format": "image/jpeg",
                "width": width,
                "height": height,
                "service": self.service(page),
            }
        ]

"""Addresses of page images: always the IIIF image service, so that one place decides who may see what."""

from django.urls import reverse

from media.lines import Box
from media.models import Page

THUMBNAIL_WIDTH = 240
STRIP_WIDTH = 120
READER_WIDTH = 1200
SHARP_WIDTH = 2000
CROP_WIDTH = 900


def is_shown(page: Page) -> bool:
    """Whether there is an image that may leave the house: made, and redrawn where something on it is masked (L-24)."""
    return page.has_image and (page.redrawn_at is not None or not page.is_masked)


def address(page: Page, width: int, region: Box | None = None) -> str:
    """The address of a page, or of a region of it, ``width`` pixels wide; never wider than the original."""
    part = f"{region.x},{region.y},{region.w},{region.h}" if region else "full"
    available = region.w if region else page.width
    return reverse("api:iiif_image", args=[page.pk, part, f"{min(width, available)},", "0", "default", "jpg"])


def full(page: Page) -> str:
    """The address of a page as large as it is given out."""
    return reverse("api:iiif_image", args=[page.pk, "full", "max", "0", "default", "jpg"])


def description(page: Page) -> str:
    """The address of the page's ``info.json``, from which a viewer builds the deep zoom."""
    return reverse("api:iiif_info", args=[page.pk])


def with_margin(page: Page, region: Box) -> Box:
    """The region with some paper around it, cut to the page: a line is easier to judge in its surroundings."""
    margin = max(region.h // 2, 24) if region.w >= region.h else max(region.w // 2, 24)
    left, top = max(region.x - margin, 0), max(region.y - margin, 0)
    right, bottom = min(region.right + margin, page.width), min(region.bottom + margin, page.height)
    return Box(left, top, right - left, bottom - top)


def region_text(region: Box) -> str:
    """A region as it stands in an address: ``x,y,w,h`` in pixels of the full image."""
    return f"{region.x},{region.y},{region.w},{region.h}"


def parse_region(text: str) -> Box | None:
    """The region that an address names; None if it names none."""
    parts = text.split(",")
    if len(parts) != 4 or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        return None
    x, y, w, h = map(int, parts)
    return Box(x, y, w, h) if w and h else None

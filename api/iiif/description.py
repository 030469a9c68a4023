"""What the image service says of a page: ``info.json`` of the Image API 3.0 (§5) and 2.1 (§5)."""

from collections.abc import Sequence
from typing import Final

from api.iiif import answers
from api.iiif.asking import FORMATS, MOST_PIXELS, MOST_SIDE, QUALITIES, Version
from media.engines.pyramids import Level
from media.models import Page

PROTOCOL: Final = "http://iiif.io/api/image"
PROFILES: Final[dict[Version, str]] = {
    2: "http://iiif.io/api/image/2/level2.json",
    3: "http://iiif.io/api/image/3/level2.json",
}
CONTEXTS: Final[dict[Version, str]] = {2: answers.IMAGE_2, 3: answers.IMAGE_3}

SMALLEST: Final = 64
"""Shortest width in pixels that is listed among the sizes."""

_EXTRAS: Final = ["canonicalLinkHeader", "mirroring", "profileLinkHeader", "sizeUpscaling"]
_SUPPORTS_2: Final = ["canonicalLinkHeader", "mirroring", "profileLinkHeader", "regionSquare"]


def of(page: Page, levels: Sequence[Level], address: str, version: Version) -> dict[str, object]:
    """The description of a page image whose service has this address."""
    return _by_3(page, levels, address) if version == 3 else _by_2(page, levels, address)


def _by_3(page: Page, levels: Sequence[Level], address: str) -> dict[str, object]:
    return {
        "@context": answers.IMAGE_3,
        "id": address,
        "type": "ImageService3",
        "protocol": PROTOCOL,
        "profile": "level2",
        "width": page.width,
        "height": page.height,
        "maxWidth": MOST_SIDE,
        "maxArea": MOST_PIXELS,
        "sizes": _sizes(levels),
        "tiles": _tiles(levels),
        "preferredFormats": ["jpg"],
        "extraQualities": sorted(QUALITIES - {"default"}),
        "extraFeatures": _EXTRAS,
    }


def _by_2(page: Page, levels: Sequence[Level], address: str) -> dict[str, object]:
    own = {
        "formats": sorted(FORMATS),
        "qualities": sorted(QUALITIES),
        "supports": _SUPPORTS_2,
        "maxWidth": MOST_SIDE,
        "maxArea": MOST_PIXELS,
    }
    return {
        "@context": answers.IMAGE_2,
        "@id": address,
        "protocol": PROTOCOL,
        "width": page.width,
        "height": page.height,
        "sizes": _sizes(levels),
        "tiles": _tiles(levels),
        "profile": [PROFILES[2], own],
    }


def _sizes(levels: Sequence[Level]) -> list[dict[str, int]]:
    """The sizes that lie in the pyramid, the smallest first, as far as one answer may hold them."""
    return [
        {"width": level.width, "height": level.height}
        for level in reversed(levels)
        if level.width >= SMALLEST
        and level.width * level.height <= MOST_PIXELS
        and max(level.width, level.height) <= MOST_SIDE
    ]


def _tiles(levels: Sequence[Level]) -> list[dict[str, object]]:
    full = levels[0]
    tile: dict[str, object] = {"width": full.tile_width}
    if full.tile_height != full.tile_width:
        tile["height"] = full.tile_height
    return [{**tile, "scaleFactors": [1 << number for number in range(len(levels))]}]

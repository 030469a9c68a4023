"""What an image request asks for: its five parameters read into pixels, by the Image API 3.0 or 2.1, §4.

Both versions have the same regions, rotations and qualities; they differ in the words for sizes. Version 3 enlarges
only behind ``^``, version 2 never does here. The limits of one answer hold for both.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from django.utils.translation import gettext as _

from api.iiif.errors import NotImplementedHere
from core.errors import InvalidInput
from media.engines.vips import ImageFormat, Quality

Version = Literal[2, 3]

MOST_PIXELS: Final = 20_000_000
"""Largest image given out in one answer (maxArea), in pixels."""

MOST_SIDE: Final = 12_000
"""Longest side of it (maxWidth, which holds for the height too), in pixels."""

FORMATS: Final = frozenset({"jpg", "png"})
QUALITIES: Final = frozenset({"default", "color", "gray", "bitonal"})

_OTHER_FORMATS: Final = frozenset({"tif", "gif", "jp2", "pdf", "webp"})
_REGION: Final = re.compile(r"(\d{1,7}),(\d{1,7}),(\d{1,7}),(\d{1,7})", re.ASCII)
_NUMBER: Final = r"(\d{1,3}(?:\.\d{1,12})?|\.\d{1,12})"
_PERCENT: Final = re.compile(rf"pct:{_NUMBER},{_NUMBER},{_NUMBER},{_NUMBER}", re.ASCII)
_SIZE: Final = re.compile(r"(!?)(\d{0,7}),(\d{0,7})", re.ASCII)
_SCALE: Final = re.compile(rf"pct:{_NUMBER}", re.ASCII)
_ROTATION: Final = re.compile(r"(!?)(\d{1,3}(?:\.\d{1,12})?)", re.ASCII)

Rectangle = tuple[int, int, int, int]
Extent = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """One image request in the order of its address, as received."""

    region: str
    size: str
    rotation: str
    quality: str
    image_format: str


@dataclass(frozen=True, slots=True)
class View:
    """What is to be made: a rectangle of the page, its size in pixels, then mirrored, then turned clockwise."""

    rectangle: Rectangle
    size: Extent
    rotation: int
    is_mirrored: bool
    quality: Quality
    image_format: ImageFormat

    @property
    def is_plain(self) -> bool:
        """Whether it is the image as it is stored: neither turned nor mirrored nor in another quality or format."""
        as_stored = self.quality in {"default", "color"} and self.image_format == "jpg"
        return as_stored and not self.rotation and not self.is_mirrored


def view(ask: Ask, version: Version, width: int, height: int) -> View:
    """What a request asks for of a page of ``width`` × ``height`` pixels.

    Raises:
        InvalidInput: a parameter cannot be read, names nothing of the image, or asks for too large an answer.
        NotImplementedHere: the standard knows it, this service does not.
    """
    quality, image_format = _quality(ask.quality), _format(ask.image_format)
    is_mirrored, rotation = _turn(ask.rotation)
    rectangle = cut(ask.region, width, height)
    size = scaled(ask.size, rectangle[2], rectangle[3], version=version)
    return View(rectangle, size, rotation, is_mirrored, quality, image_format)


def canonical(view: View, version: Version, width: int, height: int) -> str:
    """The one address of a view that the standard prefers, from the region on (§4.7)."""
    x, y, w, h = view.rectangle
    region = "full" if view.rectangle == (0, 0, width, height) else f"{x},{y},{w},{h}"
    turn = f"{'!' if view.is_mirrored else ''}{view.rotation}"
    quality = "default" if view.quality == "color" else view.quality
    return f"{region}/{_canonical_size(view, version)}/{turn}/{quality}.{view.image_format}"


def _canonical_size(view: View, version: Version) -> str:
    (_x, _y, w, h), (out_w, out_h) = view.rectangle, view.size
    if (out_w, out_h) == limited(w, h):
        return "max" if version == 3 else "full" if (out_w, out_h) == (w, h) else f"{out_w},"
    if version == 3:
        return f"{'^' if out_w > w or out_h > h else ''}{out_w},{out_h}"
    return f"{out_w}," if out_h == max(1, round(h * out_w / w)) else f"{out_w},{out_h}"


def cut(region: str, width: int, height: int) -> Rectangle:
    """The rectangle that a region parameter names, within the image (§4.1).

    Raises:
        InvalidInput: it cannot be read, is empty, or lies outside the image.
    """
    if region == "full":
        return 0, 0, width, height
    if region == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    if found := _REGION.fullmatch(region):
        x, y, w, h = (int(number) for number in found.groups())
    elif found := _PERCENT.fullmatch(region):
        left, top, wide, high = (float(number) for number in found.groups())
        x, y = round(width * left / 100), round(height * top / 100)
        w, h = round(width * wide / 100), round(height * high / 100)
    else:
        raise InvalidInput(_("Regions are full, square, x,y,w,h and pct:x,y,w,h."))
    if w < 1 or h < 1 or x >= width or y >= height:
        raise InvalidInput(_("This region is empty or outside the image."))
    return x, y, min(w, width - x), min(h, height - y)


def scaled(size: str, width: int, height: int, *, version: Version = 3) -> Extent:
    """The pixel size that a size parameter names for a region of ``width`` × ``height`` (§4.2).

    Raises:
        InvalidInput: it cannot be read, enlarges where it may not, or exceeds the largest answer.
    """
    enlarges = version == 3 and size.startswith("^")
    wanted = size[1:] if enlarges else size
    if wanted == "max" or (version == 2 and wanted == "full"):
        found = _largest(width, height) if enlarges else limited(width, height)
    else:
        found = _wanted(wanted, width, height, may_shrink=version == 2)
    out_w, out_h = max(1, found[0]), max(1, found[1])
    if not enlarges and (out_w > width or out_h > height):
        message = _("This size is larger than the region; put ^ before it to enlarge.")
        raise InvalidInput(message if version == 3 else _("This size is larger than the region."))
    if out_w * out_h > MOST_PIXELS or max(out_w, out_h) > MOST_SIDE:
        raise InvalidInput(
            _("An answer holds at most %(most)d pixels, and %(side)d on a side; ask for less.")
            % {"most": MOST_PIXELS, "side": MOST_SIDE}
        )
    return out_w, out_h


def limited(width: int, height: int) -> Extent:
    """A region as large as it may be given out, never enlarged (``max``)."""
    return _within_limits(width, height, 1.0)


def _largest(width: int, height: int) -> Extent:
    return _within_limits(width, height, float("inf"))


def _within_limits(width: int, height: int, most: float) -> Extent:
    factor = min(most, (MOST_PIXELS / (width * height)) ** 0.5, MOST_SIDE / max(width, height))
    if factor == 1.0:
        return width, height
    return max(1, int(width * factor)), max(1, int(height * factor))


def _wanted(size: str, width: int, height: int, *, may_shrink: bool) -> Extent:
    if found := _SCALE.fullmatch(size):
        factor = float(found[1]) / 100
        if factor == 0:
            raise InvalidInput(_("This size is empty."))
        return round(width * factor), round(height * factor)
    found = _SIZE.fullmatch(size)
    if found is None or not (found[2] or found[3]):
        raise InvalidInput(_("Sizes are max, w, ,h w,h !w,h and pct:n."))
    asked_w, asked_h = (int(number) if number else None for number in (found[2], found[3]))
    if asked_w == 0 or asked_h == 0:
        raise InvalidInput(_("This size is empty."))
    if found[1]:
        if asked_w is None or asked_h is None:
            raise InvalidInput(_("Sizes are max, w, ,h w,h !w,h and pct:n."))
        factor = min(asked_w / width, asked_h / height, 1.0 if may_shrink else float("inf"))
        return min(asked_w, round(width * factor)), min(asked_h, round(height * factor))
    if asked_w is None:
        assert asked_h is not None
        return round(width * asked_h / height), asked_h
    return asked_w, round(height * asked_w / width) if asked_h is None else asked_h


def _turn(rotation: str) -> tuple[bool, int]:
    """Whether the image is mirrored, and by how many degrees it is turned after that (§4.3)."""
    found = _ROTATION.fullmatch(rotation)
    degrees = float(found[2]) if found else -1.0
    if found is None or not 0 <= degrees <= 360:
        raise InvalidInput(_("Rotations are 0, 90, 180 and 270, with ! before them for a mirrored image."))
    if degrees % 90:
        raise NotImplementedHere(_("Rotations are 0, 90, 180 and 270, with ! before them for a mirrored image."))
    return bool(found[1]), int(degrees) % 360


def _quality(quality: str) -> Quality:
    if quality not in QUALITIES:
        raise InvalidInput(_("Qualities are default, color, gray and bitonal."))
    return cast(Quality, quality)


def _format(image_format: str) -> ImageFormat:
    if image_format in _OTHER_FORMATS:
        raise NotImplementedHere(_("Formats are jpg and png."))
    if image_format not in FORMATS:
        raise InvalidInput(_("Formats are jpg and png."))
    return cast(ImageFormat, image_format)

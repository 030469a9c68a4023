"""Images, by libvips: what a file says of itself, the pyramid of a page, thumbnails, regions, pixels.

Only JPEG, PNG and TIFF are ever decoded; every other loader of the library is closed (JPEG 2000 comes decoded from a
module of its own). One process uses one thread and keeps no operations in memory: the platform runs one process per
core, and files are immutable but can be replaced by a retry. A process that has decoded an image must not be forked
afterwards: the child would wait for ever for threads that do not live on in it.
"""

import logging
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyvips
from django.utils.translation import gettext as _

from core.errors import ArchiveError, InvalidInput, Unavailable
from media.engines import jpeg2000

Quality = Literal["default", "color", "gray", "bitonal"]
ImageFormat = Literal["jpg", "png"]
Pixels = npt.NDArray[np.uint8]

MAX_PIXELS = 400_000_000
"""The largest page that is decoded: A0 at 600 dpi holds 558 million pixels, A1 at 600 dpi 279 million."""

TILE = 512
_PYRAMID_QUALITY = 82
_FORMATS = {"jpegload": "JPEG", "pngload": "PNG", "tiffload": "TIFF"}

_DISK_FAULT = re.compile(r"(?:write error|unable to open for write)\s+system error: (.+)")
"""How the library tells that a file could not be written, with the reason of the system."""

# pyvips is published without types: an image is Any inside this module and never leaves it.
_Image = Any

# It tells every step of every operation.
logging.getLogger("pyvips").setLevel(logging.WARNING)
pyvips.concurrency_set(1)
pyvips.cache_set_max(0)
pyvips.operation_block_set("VipsForeignLoad", True)
for _loader in ("VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadTiff"):
    pyvips.operation_block_set(_loader, False)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What an image file says of itself.

    Width and height are those of the first page as it is seen upright; ``dpi`` is None where the file does not tell.
    """

    width: int
    height: int
    bands: int
    format: str
    dpi: float | None
    pages: int


def version() -> str:
    """The version of libvips."""
    return ".".join(str(pyvips.version(part)) for part in range(3))


def probe(path: Path, *, name: str = "") -> ImageFacts:
    """Read the header only; ``name`` is the file's own name, for messages.

    Raises:
        InvalidInput: not a JPEG, PNG or TIFF, a broken header, or more pixels than `MAX_PIXELS`.
    """
    if jpeg2000.is_one(path):
        width, height = jpeg2000.size(path, name=name)
        return ImageFacts(width, height, bands=3, format="JPEG 2000", dpi=None, pages=1)
    image = _open(path, 0, name)
    width, height = image.width, image.height
    if _is_sideways(image):
        width, height = height, width
    dpi = round(float(image.xres) * 25.4, 1)
    # Where the file says nothing the library assumes one pixel per millimetre, or 72 dpi.
    is_stated = image.get_typeof("resolution-unit") != 0 or dpi not in {25.4, 72.0}
    return ImageFacts(
        width=width,
        height=height,
        bands=image.bands,
        format=_FORMATS[image.get("vips-loader")],
        dpi=dpi if is_stated else None,
        pages=1 if _is_pyramid(path, image) else image.get_n_pages(),
    )


def pyramid(source: Path, page: int, target: Path, *, name: str = "", turn: int = 0) -> tuple[int, int]:
    """Write page ``page`` (from 0) as a tiled pyramidal TIFF of JPEG tiles; answer its width and height.

    The image is turned upright by its EXIF mark, then clockwise by ``turn`` (0, 90, 180 or 270 degrees), brought to
    sRGB, laid on white, freed of metadata, and decoded to its last row: a file that is cut short does not pass. After a
    failure nothing is left at ``target``.

    Raises:
        InvalidInput: as `probe`, or the pixels cannot be decoded whole.
        Unavailable: the disk cannot take it.
    """
    image = _upright(path=source, page=page, name=name, turn=turn)
    try:
        image.tiffsave(
            str(target),
            compression="jpeg",
            Q=_PYRAMID_QUALITY,
            tile=True,
            tile_width=_tile_side(image.width),
            tile_height=_tile_side(image.height),
            pyramid=True,
            keep="none",
            bigtiff=image.width * image.height > MAX_PIXELS // 2,
        )
    except pyvips.Error as error:
        target.unlink(missing_ok=True)
        raise _not_written(error, source, name) from error
    return image.width, image.height


def check(path: Path, page: int, *, name: str = "") -> None:
    """Decode page ``page`` (from 0) to its last row and keep nothing of it.

    Raises:
        InvalidInput: as `probe`, or the pixels cannot be decoded whole.
    """
    try:
        _open(path, page, name, access="sequential").avg()
    except pyvips.Error as error:
        raise _damaged(path, name) from error


def thumbnail(source: Path, target: Path, size: int) -> tuple[int, int]:
    """Write a JPEG of the first page that fits into ``size`` × ``size`` pixels; answer its width and height.

    Raises:
        InvalidInput: the image cannot be read.
        Unavailable: the disk cannot take it.
    """
    _open(source, 0, "")
    try:
        image = _to_srgb(pyvips.Image.thumbnail(str(source), size, height=size, size="down", fail_on="error"))
        image.jpegsave(str(target), Q=82, optimize_coding=True, keep="none")
    except pyvips.Error as error:
        target.unlink(missing_ok=True)
        raise _not_written(error, source, "") from error
    return image.width, image.height


def region(
    path: Path,
    x: int,
    y: int,
    w: int,
    h: int,
    out_w: int,
    out_h: int,
    *,
    image_format: ImageFormat = "jpg",
    rotation: int = 0,
    mirrored: bool = False,
    quality: Quality = "default",
) -> bytes:
    """Cut a rectangle, given in pixels of the full page, out of a pyramid and encode it.

    It is scaled to ``out_w`` × ``out_h``, then mirrored, then turned clockwise by ``rotation`` (0, 90, 180 or 270),
    in the order of the IIIF Image API 3.0, §4. The smallest level that is still large enough is read.

    Raises:
        InvalidInput: the rectangle lies outside the page, the size is empty, or the pyramid cannot be read.
    """
    full = _open(path, 0, "")
    inside = 0 <= x < full.width and 0 <= y < full.height and w > 0 and h > 0
    if not inside or out_w < 1 or out_h < 1 or rotation not in {0, 90, 180, 270}:
        raise InvalidInput(
            _("The page is %(width)d × %(height)d pixels: ask for a region inside it, and a size of at least 1 × 1.")
            % {"width": full.width, "height": full.height}
        )
    w, h = min(w, full.width - x), min(h, full.height - y)
    try:
        piece = _cut(path, full, (x, y, w, h), min(w / out_w, h / out_h))
        if (piece.width, piece.height) != (out_w, out_h):
            piece = piece.thumbnail_image(out_w, height=out_h, size="force")
        return _encode(_dress(piece, rotation, mirrored, quality), image_format)
    except pyvips.Error as error:
        raise _damaged(path, "") from error


def corner(content: bytes, width: int, height: int) -> bytes:
    """The upper left corner of a JPEG, encoded anew.

    Raises:
        InvalidInput: it cannot be decoded.
    """
    try:
        image = pyvips.Image.new_from_buffer(content, "", access="sequential", fail_on="error")
        return _encode(image.crop(0, 0, width, height), "jpg")
    except pyvips.Error as error:
        raise InvalidInput(_("A tile of the page is damaged; make its images again.")) from error


def rgb_array(path: Path, page: int = 0, *, name: str = "", turn: int = 0, most_pixels: int = MAX_PIXELS) -> Pixels:
    """The upright page, turned as in `pyramid`, as rows × columns × (red, green, blue).

    It has its full size, or, where that is more than ``most_pixels``, is reduced to so many.

    Raises:
        InvalidInput: as `pyramid`.
    """
    try:
        image = _upright(path=path, page=page, name=name, turn=turn)
        if image.width * image.height > most_pixels:
            image = image.resize(math.sqrt(most_pixels / (image.width * image.height)))
        pixels: Pixels = image.numpy()
    except pyvips.Error as error:
        raise _damaged(path, name) from error
    return pixels


def save_rgb(pixels: Pixels, target: Path, *, dpi: float) -> None:
    """Write rows × columns × (red, green, blue) as a JPEG of high quality that states its resolution."""
    image = pyvips.Image.new_from_array(pixels, interpretation="srgb").copy(xres=dpi / 25.4, yres=dpi / 25.4)
    image.set_type(pyvips.GValue.gstr_type, "resolution-unit", "in")
    image.jpegsave(str(target), Q=92, subsample_mode="off")


def _open(path: Path, page: int, name: str, *, access: str = "random") -> _Image:
    """A page's header, checked: format known, page there, size within the limit."""
    shown = name or path.name
    if jpeg2000.is_one(path):
        return pyvips.Image.new_from_array(jpeg2000.pixels(path, name=shown), interpretation="srgb")
    try:
        image = pyvips.Image.new_from_file(str(path), access=access, fail_on="error")
        if page:
            image = pyvips.Image.new_from_file(str(path), access=access, fail_on="error", page=page)
    except pyvips.Error as error:
        raise InvalidInput(
            _("“%(name)s” cannot be opened as a JPEG, PNG or TIFF image. Check the file, or scan the page again.")
            % {"name": shown}
        ) from error
    if image.width * image.height > MAX_PIXELS:
        raise InvalidInput(
            _(
                "“%(name)s” claims %(width)d × %(height)d pixels; at most %(limit)d million pixels are accepted. "
                "Save the page with a lower resolution, or cut it into parts."
            )
            % {"name": shown, "width": image.width, "height": image.height, "limit": MAX_PIXELS // 1_000_000}
        )
    return image


def _upright(path: Path, page: int, name: str, turn: int) -> _Image:
    """A page as sRGB, 8 bits, three channels, upright by its EXIF mark, then turned clockwise."""
    header = _open(path, page, name)
    is_turned = header.get_typeof("orientation") != 0 and header.get("orientation") != 1
    try:
        if not is_turned and not turn:
            is_decoded = header.get_typeof("vips-loader") == 0
            return _to_srgb(header if is_decoded else _open(path, page, name, access="sequential"))
        # A turned page is read in another order than it is stored, so it has to be held whole.
        image = header.autorot()
        return _to_srgb(image.rot(f"d{turn}") if turn else image)
    except pyvips.Error as error:
        raise _damaged(path, name) from error


def _to_srgb(image: _Image) -> _Image:
    """Three 8-bit channels in sRGB on white, from grey, bitonal, CMYK, 16-bit or transparent pixels."""
    profile = image.get("icc-profile-data") if image.get_typeof("icc-profile-data") != 0 else b""
    if profile and b"sRGB" not in profile and b"s\x00R\x00G\x00B" not in profile:
        image = image.icc_transform("srgb", embedded=True, depth=8)
    elif image.interpretation != "srgb":
        image = image.colourspace("srgb")
    if image.hasalpha():
        image = image.flatten(background=255)
    if image.bands == 1:
        image = image.bandjoin([image, image])
    if image.format != "uchar":
        image = image.cast("uchar")
    return image.copy(interpretation="srgb")


def _tile_side(length: int) -> int:
    """A small image has smaller tiles, in multiples of 16: the reader refuses tiles far beyond the image's edge."""
    return min(TILE, (length + 15) // 16 * 16)


def _is_sideways(image: _Image) -> bool:
    """Whether the EXIF mark turns the image by a quarter (values 5 to 8)."""
    return image.get_typeof("orientation") != 0 and image.get("orientation") in {5, 6, 7, 8}


def _is_pyramid(path: Path, image: _Image) -> bool:
    """Whether each page of the file is half as large as the one before: one image, not a bundle."""
    width, height = image.width, image.height
    for page in range(1, image.get_n_pages()):
        level = pyvips.Image.new_from_file(str(path), page=page)
        width, height = width / 2, height / 2
        if abs(level.width - width) > 1 or abs(level.height - height) > 1:
            return False
    return int(image.get_n_pages()) > 1


def _cut(path: Path, full: _Image, rectangle: tuple[int, int, int, int], shrink: float) -> _Image:
    """The rectangle from the level whose scale is nearest above the one wanted; level n is halved n times."""
    level = min(max(int(math.log2(shrink)), 0) if shrink > 1 else 0, full.get_n_pages() - 1)
    image = pyvips.Image.new_from_file(str(path), page=level, fail_on="error") if level else full
    across, down = image.width / full.width, image.height / full.height
    x, y, w, h = rectangle
    left, top = min(int(x * across), image.width - 1), min(int(y * down), image.height - 1)
    right = min(max(math.ceil((x + w) * across), left + 1), image.width)
    bottom = min(max(math.ceil((y + h) * down), top + 1), image.height)
    return image.crop(left, top, right - left, bottom - top)


def _dress(image: _Image, rotation: int, mirrored: bool, quality: Quality) -> _Image:
    if mirrored:
        image = image.fliphor()
    if rotation:
        image = image.copy_memory().rot(f"d{rotation}")
    if quality in {"gray", "bitonal"}:
        image = image.colourspace("b-w")
    if quality == "bitonal":
        image = image > 127
    return image


def _encode(image: _Image, image_format: ImageFormat) -> bytes:
    encoded = image.pngsave_buffer(keep="none") if image_format == "png" else image.jpegsave_buffer(Q=85, keep="none")
    return bytes(encoded)


def _not_written(error: Exception, source: Path, name: str) -> ArchiveError:
    """Why an image could not be written: the disk is at fault, or the image that it is made of."""
    reason = _DISK_FAULT.search(str(error))
    if reason is None:
        return _damaged(source, name)
    return Unavailable(
        _("The file storage does not work (%(reason)s). Check its disk and rights, then try again.")
        % {"reason": reason[1]}
    )


def _damaged(path: Path, name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(name)s” is damaged or cut short: only a part of the image can be read. Copy or scan it again.")
        % {"name": name or path.name}
    )

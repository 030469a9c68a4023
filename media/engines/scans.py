"""What a scan says of its making in its header, and a small grey copy of it to measure on.

The header is read by Pillow, which tells both axes of the resolution, the compression and the tables of quantisation;
the pixels come through libvips, reduced while they are decoded: a page of A4 with 300 dpi needs a few hundredths of a
second.
"""

import struct
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
import pyvips
from django.utils.translation import gettext as _
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile

from core.errors import InvalidInput
from media.engines import jpeg2000, vips

Grey = npt.NDArray[np.uint8]

MEASURED_DPI: Final = 150
"""The resolution of the copy that is measured on; every limit that depends on pixels is meant for it."""

ASSUMED_LONG_SIDE: Final = 1754
"""Of the copy, in pixels, where the resolution is not known: A4 at `MEASURED_DPI`."""

MOST_LONG_SIDE: Final = 2600

_NEAR_ENOUGH: Final = 0.95

_LUMINANCE_SUM: Final = 3688
"""Sum of the table for luminance in the JPEG standard (ITU-T T.81, table K.1), the one of quality 50."""

_NAMES: Final = {
    1: "none",
    2: "CCITT RLE",
    3: "CCITT G3",
    4: "CCITT G4",
    5: "LZW",
    6: "JPEG",
    7: "JPEG",
    8: "ZIP",
    32773: "PackBits",
    32946: "ZIP",
}
_PHOTOMETRIC, _PALETTE = 262, 3
_COMPRESSION, _BITS, _X, _Y, _UNIT, _SAMPLES, _TABLES = 259, 258, 282, 283, 296, 277, 347
_INCH, _CENTIMETRE = 2, 3
_UNREADABLE = (OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError, ZeroDivisionError, struct.error)
_BITS_OF_MODE: Final = {"1": 1, "I;16": 16, "I;16B": 16, "I": 32, "F": 32}


@dataclass(frozen=True, slots=True)
class Header:
    """What an image file says of one of its pages.

    ``across`` and ``down`` are dots per inch, None where the file does not tell; ``bits`` are those of one channel;
    ``quality`` is that of a JPEG encoder of the usual scale of 1 to 100, None where nothing was lost.
    """

    across: float | None
    down: float | None
    bits: int
    bands: int
    compression: str
    quality: int | None

    @property
    def dpi(self) -> float | None:
        """The smaller of the two resolutions."""
        return min(self.across, self.down) if self.across and self.down else None

    @property
    def is_colour(self) -> bool:
        """Whether the image can show colour at all."""
        return self.bands >= 3


def header(path: Path, frame: int, media_type: str) -> Header | None:
    """Read the header of page ``frame`` (from 0); None where the file has none that can be read, as a PDF."""
    reader = {"image/tiff": _tiff, "image/jpeg": _jpeg, "image/png": _png, "image/jp2": _jp2}.get(media_type)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tags that are not understood; what is needed is there or is not
            return reader(path, frame) if reader else None
    except _UNREADABLE:
        return None


def size(path: Path, frame: int, *, name: str = "") -> tuple[int, int]:
    """Width and height in pixels of page ``frame`` (from 0), as it is stored.

    Raises:
        InvalidInput: it cannot be opened, or has more pixels than are ever decoded.
    """
    if jpeg2000.is_one(path):
        return jpeg2000.size(path, name=name)
    try:
        image = pyvips.Image.new_from_file(str(path), access="sequential")
        if frame and image.get("vips-loader") == "tiffload":
            image = pyvips.Image.new_from_file(str(path), access="sequential", page=frame)
    except pyvips.Error as error:
        raise _damaged(path, name) from error
    if image.width * image.height > vips.MAX_PIXELS:
        raise InvalidInput(_("The image has too many pixels to be measured. Save it with a lower resolution."))
    return int(image.width), int(image.height)


def grey_copy(path: Path, frame: int, *, dpi: float | None = None, turn: int = 0, name: str = "") -> Grey:
    """Page ``frame`` (from 0), upright, in grey, reduced to `MEASURED_DPI`; never enlarged.

    Raises:
        InvalidInput: the image cannot be decoded to its end.
    """
    try:
        long_side = max(size(path, frame, name=name))
        wanted = _scale(long_side, dpi)
        pixels: Grey = _decoded(path, frame, int(1 / wanted), name)
    except pyvips.Error as error:
        raise _damaged(path, name) from error
    if pixels.ndim == 3:
        pixels = _grey(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)) if pixels.shape[2] == 3 else pixels[:, :, 0]
    rest = wanted * long_side / max(pixels.shape)
    if rest < _NEAR_ENOUGH:
        pixels = _grey(cv2.resize(pixels, None, fx=rest, fy=rest, interpolation=cv2.INTER_AREA))
    return np.ascontiguousarray(np.rot90(pixels, -turn // 90)) if turn else pixels


def _tiff(path: Path, frame: int) -> Header:
    with TiffImageFile(path) as image:
        image.seek(frame)
        tags = image.tag_v2
        factor = {_INCH: 1.0, _CENTIMETRE: 2.54}.get(int(tags.get(_UNIT, _INCH)))
        bits, compression = tags.get(_BITS, (1,)), int(tags.get(_COMPRESSION, 1))
        is_lossy = _NAMES.get(compression) == "JPEG"
        return Header(
            across=float(tags[_X]) * factor if factor and tags.get(_X) else None,
            down=float(tags[_Y]) * factor if factor and tags.get(_Y) else None,
            bits=int(bits[0] if isinstance(bits, tuple) else bits),
            bands=3 if tags.get(_PHOTOMETRIC) == _PALETTE else int(tags.get(_SAMPLES, 1)),
            compression=_NAMES.get(compression, str(compression)),
            quality=_quality_of_tables(bytes(tags.get(_TABLES, b""))) if is_lossy else None,
        )


def _jpeg(path: Path, _frame: int) -> Header:
    with JpegImageFile(path) as image:
        stated = image.info.get("dpi")
        # Where the file has an EXIF block without a resolution, Pillow says 72.
        if stated == (72, 72) and image.info.get("jfif_unit") not in {1, 2}:
            stated = None
        table = image.quantization.get(0)
        return Header(
            across=float(stated[0]) if stated and stated[0] > 1 else None,
            down=float(stated[1]) if stated and stated[1] > 1 else None,
            bits=8,
            bands=len(image.getbands()),
            compression="JPEG",
            quality=_quality(sum(table)) if table else None,
        )


def _png(path: Path, _frame: int) -> Header:
    with PngImageFile(path) as image:
        stated = image.info.get("dpi")
        return Header(
            across=float(stated[0]) if stated else None,
            down=float(stated[1]) if stated else None,
            bits=_BITS_OF_MODE.get(image.mode, 8),
            bands=3 if image.mode == "P" else len(image.getbands()),
            compression="ZIP",
            quality=None,
        )


def _jp2(path: Path, _frame: int) -> Header:
    """JPEG 2000 files rarely tell how much was lost: that is left open."""
    with Jpeg2KImageFile(path) as image:
        stated = image.info.get("dpi")
        return Header(
            across=float(stated[0]) if stated else None,
            down=float(stated[1]) if stated else None,
            bits=_BITS_OF_MODE.get(image.mode, 8),
            bands=len(image.getbands()),
            compression="JPEG 2000",
            quality=None,
        )


def _quality_of_tables(stream: bytes) -> int | None:
    """From the first table of eight bits in an abbreviated JPEG stream (ITU-T T.81, B.2.4.1)."""
    at = stream.find(b"\xff\xdb")
    table = stream[at + 5 : at + 69]
    return _quality(sum(table)) if at >= 0 and len(table) == 64 and stream[at + 4] == 0 else None


def _quality(total: int) -> int:
    """The quality whose table has this sum: the tables of the standard are scaled from one (as libjpeg does)."""
    scale = 100 * total / _LUMINANCE_SUM
    quality = (200 - scale) / 2 if scale <= 100 else 5000 / scale
    return max(1, min(100, round(quality)))


def _decoded(path: Path, frame: int, factor: int, name: str) -> Grey:
    """The image reduced by about ``factor``, in grey or colour; JPEG 2000 whole, for another library reads it."""
    if jpeg2000.is_one(path):
        return jpeg2000.pixels(path, name=name)
    image = _reduced(path, frame, factor)
    return np.ascontiguousarray(image.numpy()).reshape(image.height, image.width, image.bands)


def _reduced(path: Path, frame: int, factor: int) -> Any:  # Any: pyvips is published without types
    """The image, reduced by a whole factor while it is decoded, on white, upright by its EXIF mark."""
    loader = str(pyvips.Image.new_from_file(str(path), access="sequential").get("vips-loader"))
    if loader == "jpegload":
        shrink = max(step for step in (1, 2, 4, 8) if step <= factor)
        image = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error", shrink=shrink)
        factor //= shrink
    elif loader == "tiffload":
        image = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error", page=frame)
    else:
        image = pyvips.Image.new_from_file(str(path), access="sequential", fail_on="error")
    if image.hasalpha():
        image = image.flatten(background=255)
    if factor > 1:
        image = image.shrink(factor, factor)
    if image.interpretation not in {"b-w", "srgb"}:
        image = image.colourspace("srgb" if image.bands >= 3 else "b-w")
    if image.format != "uchar":
        image = image.cast("uchar")
    return image.copy_memory().autorot()


def _grey(pixels: npt.NDArray[Any]) -> Grey:
    """What OpenCV returns, which does not say of its type what it is."""
    return np.asarray(pixels, np.uint8)


def _scale(long_side: int, dpi: float | None) -> float:
    """By how much an image becomes smaller; at most 1."""
    wanted = MEASURED_DPI / dpi if dpi and dpi > 50 else ASSUMED_LONG_SIDE / long_side
    return min(1.0, wanted, MOST_LONG_SIDE / long_side)


def _damaged(path: Path, name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(name)s” is damaged or cut short: only a part of the image can be read. Copy or scan it again.")
        % {"name": name or path.name}
    )

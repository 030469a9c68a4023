"""JPEG 2000 masters (D-05), by OpenJPEG inside Pillow: the library that draws everything else is built without it.

A whole image is held in memory while it is decoded, about sixteen bytes for each pixel, so they may not be as large as
others.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from PIL import Image, features

from core.errors import InvalidInput

Pixels = npt.NDArray[np.uint8]

MOST_PIXELS = 75_000_000
"""A3 at 600 dpi holds 70 million."""

_SIGNATURES = (b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
_WHITE = (255, 255, 255, 255)


def version() -> str:
    """The version of OpenJPEG."""
    return str(features.version("jpg_2000") or "")


def is_one(path: Path) -> bool:
    """Whether a file begins as JPEG 2000 does, in its box or as a bare codestream; False where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(12).startswith(_SIGNATURES)
    except OSError:
        return False


def size(path: Path, *, name: str = "") -> tuple[int, int]:
    """Width and height, from the head alone.

    Raises:
        InvalidInput: the head is broken, or tells of more than `MOST_PIXELS`.
    """
    with _opened(path, name) as image:
        return image.width, image.height


def pixels(path: Path, *, name: str = "") -> Pixels:
    """The image as rows × columns × (red, green, blue), decoded whole, on white.

    Raises:
        InvalidInput: as `size`, or the image cannot be decoded to its end.
    """
    with _opened(path, name) as image:
        try:
            image.load()
            return np.asarray(_on_white(image), dtype=np.uint8)
        except (OSError, SyntaxError, ValueError, MemoryError) as fault:
            raise InvalidInput(
                _("“%(name)s” is damaged or cut short: only a part of the image can be read. Copy or scan it again.")
                % {"name": name or path.name}
            ) from fault


def _opened(path: Path, name: str) -> Image.Image:
    shown = name or path.name
    try:
        image = Image.open(path, formats=["JPEG2000"])
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise InvalidInput(
            _("“%(name)s” is no JPEG 2000 image that can be opened, or claims to be huge. Check it, or scan it again.")
            % {"name": shown}
        ) from fault
    if image.width * image.height > MOST_PIXELS:
        width, height = image.size
        image.close()
        raise InvalidInput(
            _(
                "“%(name)s” claims %(width)d × %(height)d pixels; at most %(limit)d million pixels are accepted. "
                "Save the page with a lower resolution, or cut it into parts."
            )
            % {"name": shown, "width": width, "height": height, "limit": MOST_PIXELS // 1_000_000}
        )
    return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8)).convert("RGB")
    if image.mode in {"RGBA", "LA"}:
        ground = Image.new("RGBA", image.size, _WHITE)
        return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")

"""Black rectangles burned into the pixels of a pyramid, by libvips: what is under them is in no byte of the result."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyvips
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media.engines import vips
from media.lines import Box

_QUALITY = 85


def burn(source: Path, boxes: Sequence[Box], target: Path) -> tuple[int, int]:
    """Write the full image of a pyramid with boxes filled black as a new pyramid; answer its width and height.

    The picture is decoded, painted over and encoded anew on every level, row by row; metadata of any kind is left out.

    Raises:
        InvalidInput: the pyramid cannot be read. Nothing is left at ``target``.
    """
    facts = vips.probe(source)
    try:
        # Any: pyvips is published without types.
        image: Any = pyvips.Image.new_from_file(str(source), access="sequential", fail_on="error")
        for box in boxes:
            black = pyvips.Image.black(box.w, box.h, bands=image.bands).copy(interpretation=image.interpretation)
            image = image.insert(black, box.x, box.y)
        image.tiffsave(
            str(target),
            compression="jpeg",
            Q=_QUALITY,
            tile=True,
            tile_width=_tile_side(facts.width),
            tile_height=_tile_side(facts.height),
            pyramid=True,
            keep="none",
            bigtiff=facts.width * facts.height > vips.MAX_PIXELS // 2,
        )
    except pyvips.Error as error:
        target.unlink(missing_ok=True)
        raise InvalidInput(
            _("The image “%(name)s” cannot be redrawn; make the images of the page again.") % {"name": source.name}
        ) from error
    return facts.width, facts.height


def _tile_side(length: int) -> int:
    return min(vips.TILE, (length + 15) // 16 * 16)

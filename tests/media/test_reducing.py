"""Lines that were read in a smaller copy lie on the full page."""

from pathlib import Path

import pyvips

from media import reducing
from media.engines import vips
from media.lines import Box, TextLine


def test_boxes_grow_with_the_page_and_stay_inside_it() -> None:
    line = TextLine("闽宁", Box(10, 20, 40, 20), "h", 0.9, (Box(10, 20, 20, 20), Box(30, 20, 20, 20)))

    (full,) = reducing.enlarged([line], 2.0, 2.0, 100, 80)

    assert full.box == Box(20, 40, 80, 40)
    assert full.characters == (Box(20, 40, 40, 40), Box(60, 40, 40, 40))
    assert (full.text, full.confidence) == (line.text, line.confidence)


def test_an_image_is_reduced_to_so_many_pixels_and_no_further(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    pyvips.Image.black(400, 300, bands=3).pngsave(str(path))

    whole, reduced = vips.rgb_array(path), vips.rgb_array(path, most_pixels=30_000)

    assert whole.shape == (300, 400, 3)
    assert reduced.shape == (150, 200, 3)

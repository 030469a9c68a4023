import io
from pathlib import Path

import pytest
from PIL import Image

from core.errors import InvalidInput
from media.engines import pyramids, vips

Asked = tuple[int, int, int, int, int, int]


def make_pyramid(folder: Path, size: tuple[int, int]) -> Path:
    """A pyramid of noise, so that a tile in the wrong place shows."""
    picture = Image.effect_noise((size[0] // 8, size[1] // 8), 90).resize(size).convert("RGB")
    picture.save(folder / "page.png")
    vips.pyramid(folder / "page.png", 0, folder / "page.tif")
    return folder / "page.tif"


def difference(one: bytes, other: bytes) -> float:
    """Mean difference of the pixels of two images."""
    pixels = [list(Image.open(io.BytesIO(each)).convert("L").tobytes()) for each in (one, other)]
    return float(sum(abs(a - b) for a, b in zip(*pixels, strict=True)) / len(pixels[0]))


def test_the_levels_are_read_from_the_file(tmp_path: Path) -> None:
    levels = pyramids.levels(make_pyramid(tmp_path, (1500, 1100)))

    assert [(level.width, level.height) for level in levels] == [(1500, 1100), (750, 550), (375, 275)]
    assert {(level.tile_width, level.tile_height) for level in levels} == {(512, 512)}
    assert [len(level.offsets) for level in levels] == [9, 4, 1]


@pytest.mark.parametrize(
    "asked",
    [
        (0, 0, 512, 512, 512, 512),
        (512, 0, 512, 512, 512, 512),
        (512, 512, 512, 512, 512, 512),
        (0, 0, 1024, 1024, 512, 512),
    ],
)
def test_a_stored_tile_shows_what_is_cut_there(tmp_path: Path, asked: Asked) -> None:
    path = make_pyramid(tmp_path, (1500, 1100))

    tile = pyramids.tile(path, *asked)

    assert tile is not None
    assert difference(tile, vips.region(path, *asked)) < 4


@pytest.mark.parametrize(
    "asked",
    [
        (100, 0, 512, 512, 512, 512),
        (0, 0, 512, 512, 256, 256),
        (0, 0, 1500, 1100, 1500, 1100),
        (0, 0, 2048, 2048, 512, 512),
        (512, 512, 1024, 1024, 512, 512),
        (1024, 1024, 512, 512, 512, 512),
    ],
)
def test_what_no_single_tile_shows_is_left_to_be_cut(tmp_path: Path, asked: Asked) -> None:
    assert pyramids.tile(make_pyramid(tmp_path, (1500, 1100)), *asked) is None


@pytest.mark.parametrize("asked", [(1024, 0, 476, 512, 476, 512), (0, 1024, 512, 76, 512, 76)])
def test_a_tile_at_the_edge_has_what_is_asked_for_in_its_corner(tmp_path: Path, asked: Asked) -> None:
    path = make_pyramid(tmp_path, (1500, 1100))

    tile = pyramids.tile(path, *asked)

    assert tile is not None
    assert difference(vips.corner(tile, *asked[4:]), vips.region(path, *asked)) < 4


def test_a_replaced_file_is_read_anew(tmp_path: Path) -> None:
    path = make_pyramid(tmp_path, (1500, 1100))
    pyramids.levels(path)

    make_pyramid(tmp_path, (600, 600))

    assert pyramids.levels(path)[0].width == 600


@pytest.mark.parametrize("content", [b"", b"II*\x00", b"II*\x00\x08\x00\x00\x00\xff\xff", b"GIF89a" * 20])
def test_what_is_no_pyramid_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "page.tif").write_bytes(content)

    with pytest.raises(InvalidInput):
        pyramids.levels(tmp_path / "page.tif")

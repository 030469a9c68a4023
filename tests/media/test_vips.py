"""Images: facts, pyramids, regions, and every way in which a file can be bad."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image

from core.errors import InvalidInput
from media.engines import vips
from media.engines.vips import Quality


def photograph(width: int = 900, height: int = 700) -> Image.Image:
    """Smooth colours with the upper left quarter red."""
    across = np.linspace(0, 255, width, dtype=np.uint8)[None, :].repeat(height, axis=0)
    down = np.linspace(0, 255, height, dtype=np.uint8)[:, None].repeat(width, axis=1)
    pixels = np.stack([across, down, 255 - across], axis=2)
    pixels[: height // 2, : width // 2] = (220, 20, 20)
    return Image.fromarray(pixels)


def claim(width: int, height: int) -> bytes:
    """A PNG whose header claims so many pixels, with almost nothing behind it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.fixture
def pyramid(tmp_path: Path) -> Path:
    source, target = tmp_path / "page.png", tmp_path / "page.tif"
    photograph(2300, 1700).save(source)
    vips.pyramid(source, 0, target)
    return target


def test_the_header_tells_size_format_and_resolution(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    photograph().save(path, format="JPEG", dpi=(300, 300))

    facts = vips.probe(path)

    assert facts == vips.ImageFacts(width=900, height=700, bands=3, format="JPEG", dpi=300.0, pages=1)


def test_pages_are_counted_but_levels_of_a_pyramid_are_not(tmp_path: Path, pyramid: Path) -> None:
    bundle = tmp_path / "bundle.tif"
    pages = [photograph(), photograph(300, 400), photograph(200, 100)]
    pages[0].save(bundle, save_all=True, append_images=pages[1:])

    assert vips.probe(bundle).pages == 3
    assert vips.probe(pyramid).pages == 1


def test_each_page_of_a_bundle_has_its_own_pyramid(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.tif"
    photograph().save(bundle, save_all=True, append_images=[photograph(300, 400)])

    sizes = [vips.pyramid(bundle, page, tmp_path / f"{page}.tif") for page in range(2)]

    assert sizes == [(900, 700), (300, 400)]


def test_a_pyramid_has_tiles_and_halved_levels(pyramid: Path) -> None:
    level = pyvips.Image.new_from_file(str(pyramid), page=1)

    assert (level.width, level.height) == (1150, 850)
    assert level.get("vips-loader") == "tiffload"
    assert vips.probe(pyramid).width == 2300


def test_an_image_lying_on_its_side_is_turned_by_its_mark(tmp_path: Path) -> None:
    source, target = tmp_path / "side.jpg", tmp_path / "side.tif"
    mark = Image.Exif()
    mark[0x0112] = 6
    photograph().save(source, exif=mark, quality=95)

    facts, size = vips.probe(source), vips.pyramid(source, 0, target)

    assert (facts.width, facts.height) == size == (700, 900)
    # Turned clockwise by a quarter, the red quarter stands at the upper right.
    assert vips.rgb_array(target)[50, 650, 1] < 60 < vips.rgb_array(target)[50, 50, 2]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_becomes_srgb(tmp_path: Path, mode: str) -> None:
    source, target = tmp_path / "kind.tif", tmp_path / "kind_pyramid.tif"
    image = (
        photograph().convert("L").convert(mode) if mode != "I;16" else Image.fromarray(np.full((70, 90), 40_000, "u2"))
    )
    image.save(source)

    vips.pyramid(source, 0, target)

    pixels = vips.rgb_array(target)
    assert pixels.dtype == np.uint8
    assert pixels.shape == (image.height, image.width, 3)
    assert 90 < pixels.mean() < 170


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    source, target = tmp_path / "clear.png", tmp_path / "clear.tif"
    Image.new("RGBA", (80, 60), (0, 0, 0, 0)).save(source)

    vips.pyramid(source, 0, target)

    assert vips.rgb_array(target).min() > 250


def test_a_thumbnail_fits_into_its_square(tmp_path: Path, pyramid: Path) -> None:
    target = tmp_path / "thumbnail.jpg"

    size = vips.thumbnail(pyramid, target, 320)

    with Image.open(target) as thumbnail:
        assert thumbnail.size == size == (320, 237)
        assert thumbnail.format == "JPEG"


@pytest.mark.parametrize(
    ("rectangle", "size"),
    [
        ((0, 0, 2300, 1700), (575, 425)),
        ((512, 512, 512, 512), (512, 512)),
        ((2048, 1536, 512, 512), (63, 41)),
        ((100, 100, 50, 40), (400, 320)),
        ((0, 0, 2300, 1700), (1, 1)),
    ],
)
def test_a_region_has_exactly_the_size_that_was_asked_for(
    pyramid: Path, rectangle: tuple[int, int, int, int], size: tuple[int, int]
) -> None:
    encoded = vips.region(pyramid, *rectangle, *size)

    with Image.open(io.BytesIO(encoded)) as image:
        assert image.size == size


def test_a_region_shows_what_stands_there_at_every_scale(pyramid: Path) -> None:
    whole = np.asarray(Image.open(io.BytesIO(vips.region(pyramid, 0, 0, 2300, 1700, 2300, 1700, image_format="png"))))

    for shrink in (1, 2, 3, 4, 8):
        encoded = vips.region(pyramid, 400, 300, 1600, 1200, 1600 // shrink, 1200 // shrink, image_format="png")
        seen = np.asarray(Image.open(io.BytesIO(encoded)), dtype=int)
        expected = np.asarray(
            Image.fromarray(whole[300:1500, 400:2000]).resize((1600 // shrink, 1200 // shrink), Image.Resampling.BOX),
            dtype=int,
        )
        assert abs(seen - expected).mean() < 4


def test_a_region_is_mirrored_first_and_then_turned(pyramid: Path) -> None:
    encoded = vips.region(pyramid, 0, 0, 2300, 1700, 230, 170, image_format="png", rotation=90, mirrored=True)

    pixels = np.asarray(Image.open(io.BytesIO(encoded)))
    # The red quarter: upper left, mirrored to the upper right, turned clockwise to the lower right.
    assert pixels.shape == (230, 170, 3)
    assert tuple(pixels[200, 150] > 128) == (True, False, False)


@pytest.mark.parametrize(("quality", "values"), [("gray", 200), ("bitonal", 2)])
def test_a_region_can_lose_its_colours(pyramid: Path, quality: Quality, values: int) -> None:
    encoded = vips.region(pyramid, 0, 0, 2300, 1700, 460, 340, image_format="png", quality=quality)

    pixels = np.asarray(Image.open(io.BytesIO(encoded)))
    assert pixels.ndim == 2
    assert 2 <= len(np.unique(pixels)) <= values + 56


def test_a_region_outside_the_page_is_refused(pyramid: Path) -> None:
    with pytest.raises(InvalidInput, match="2300"):
        vips.region(pyramid, 2300, 0, 10, 10, 10, 10)


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.99])
def test_a_truncated_jpeg_is_refused_by_name_and_leaves_nothing(tmp_path: Path, kept: float) -> None:
    source, target = tmp_path / "0a1b2c", tmp_path / "page.tif"
    photograph().save(source, format="JPEG")
    content = source.read_bytes()
    source.write_bytes(content[: int(len(content) * kept)])

    with pytest.raises(InvalidInput, match=r"简报\.jpg"):
        vips.pyramid(source, 0, target, name="简报.jpg")

    assert not target.exists()


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_a_truncated_png_or_tiff_is_found_by_checking_it(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"page.{suffix}"
    photograph().save(source)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])

    with pytest.raises(InvalidInput, match="缺页"):
        vips.check(source, 0, name="缺页")


def test_a_sound_image_passes_the_check(tmp_path: Path) -> None:
    source = tmp_path / "page.jpg"
    photograph().save(source)

    vips.check(source, 0)


def test_a_claim_of_ten_thousand_million_pixels_is_refused_before_anything_is_decoded(tmp_path: Path) -> None:
    bomb = tmp_path / "地图.png"
    bomb.write_bytes(claim(100_000, 100_000))

    with pytest.raises(InvalidInput) as refusal:
        vips.probe(bomb)

    assert "地图.png" in refusal.value.message
    assert "100000 × 100000" in refusal.value.message


@pytest.mark.parametrize(
    "content", [b"", b"no image", b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"]
)
def test_other_content_is_never_decoded(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "页.tif"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=r"页\.tif"):
        vips.probe(path)


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "one.tif"
    photograph().save(source)

    with pytest.raises(InvalidInput, match=r"one\.tif"):
        vips.pyramid(source, 3, tmp_path / "page.tif")


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_a_file_that_states_no_resolution_has_none(tmp_path: Path, suffix: str) -> None:
    silent, stated = tmp_path / f"silent.{suffix}", tmp_path / f"stated.{suffix}"
    photograph().save(silent)
    photograph().save(stated, dpi=(200, 200))

    assert (vips.probe(silent).dpi, vips.probe(stated).dpi) == (None, 200.0)


@pytest.mark.parametrize(("turn", "size", "red"), [(90, (700, 900), (600, 100)), (180, (900, 700), (800, 600))])
def test_a_page_is_turned_clockwise(tmp_path: Path, turn: int, size: tuple[int, int], red: tuple[int, int]) -> None:
    source, target = tmp_path / "page.png", tmp_path / "page.tif"
    photograph().save(source)

    found = vips.pyramid(source, 0, target, turn=turn)

    pixels = vips.rgb_array(source, turn=turn)
    assert found == size == (pixels.shape[1], pixels.shape[0])
    assert tuple(pixels[red[1], red[0]]) == (220, 20, 20)
    facts = vips.probe(target)
    assert (facts.width, facts.height) == size

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import InvalidInput
from media.engines import identify, jpeg2000, vips


def master(path: Path, mode: str = "RGB", **options: object) -> Path:
    """The left half red or dark, the right half white."""
    picture = Image.new("RGB", (400, 300), "white")
    picture.paste(Image.new("RGB", (200, 300), "red"), (0, 0))
    picture.convert(mode).save(path, "JPEG2000", **options)
    return path


def test_a_master_is_identified_measured_and_drawn(tmp_path: Path) -> None:
    path = master(tmp_path / "a.jp2")

    facts = vips.probe(path)
    size = vips.pyramid(path, 0, tmp_path / "access.tif")
    vips.thumbnail(tmp_path / "access.tif", tmp_path / "small.jpg", 100)

    assert identify.identify(path, "a.jp2").media_type == "image/jp2"
    assert (facts.width, facts.height, facts.format, facts.pages) == (400, 300, "JPEG 2000", 1)
    assert size == (400, 300)
    with Image.open(tmp_path / "small.jpg") as small:
        assert small.size == (100, 75)


def test_it_is_turned_as_any_other(tmp_path: Path) -> None:
    assert vips.pyramid(master(tmp_path / "a.jp2"), 0, tmp_path / "access.tif", turn=90) == (300, 400)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "LA"])
def test_every_mode_comes_as_three_colours(tmp_path: Path, mode: str) -> None:
    pixels = jpeg2000.pixels(master(tmp_path / "a.jp2", mode, irreversible=False))

    assert pixels.shape == (300, 400, 3)
    assert pixels[150, 300].tolist() == [255, 255, 255]
    assert int(pixels[150, 100, 1]) < 120


def test_sixteen_bits_keep_their_tones(tmp_path: Path) -> None:
    tones = np.tile(np.linspace(0, 65_535, 256).astype(np.uint16), (64, 1))
    Image.fromarray(tones).save(tmp_path / "a.jp2")

    pixels = jpeg2000.pixels(tmp_path / "a.jp2")

    assert abs(pixels[:, :, 0].astype(int) - np.arange(256)).max() <= 2


def test_one_that_is_cut_short_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jp2"
    Image.effect_noise((400, 300), 80).save(path, "JPEG2000")
    path.write_bytes(path.read_bytes()[:200])

    with pytest.raises(InvalidInput, match=r"坏\.jp2"):
        vips.check(path, 0, name="坏.jp2")


def test_one_that_claims_to_be_huge_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg2000, "MOST_PIXELS", 100_000)

    with pytest.raises(InvalidInput, match="400 × 300"):
        vips.probe(master(tmp_path / "a.jp2"), name="大.jp2")

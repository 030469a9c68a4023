"""Formats are recognised by content."""

from pathlib import Path

import pytest
import pyvips
from PIL import Image

from core.errors import InvalidInput
from media.engines import identify


@pytest.mark.parametrize(
    ("suffix", "media_type", "format_name"),
    [
        (".jpg", "image/jpeg", "JPEG"),
        (".png", "image/png", "PNG"),
        (".tif", "image/tiff", "TIFF"),
        (".pdf", "application/pdf", "PDF"),
    ],
)
def test_accepted_formats_are_recognised_without_their_suffix(
    tmp_path: Path, suffix: str, media_type: str, format_name: str
) -> None:
    made = tmp_path / f"made{suffix}"
    Image.new("RGB", (40, 30), "white").save(made)
    stored = made.rename(tmp_path / "0a1b2c")

    identified = identify.identify(stored, "扫描件")

    assert (identified.media_type, identified.format_name) == (media_type, format_name)
    assert (identified.tool, identified.version) == ("puremagic", identify.version())


def test_a_bitonal_fax_and_a_pyramid_are_tiff(tmp_path: Path) -> None:
    fax, pyramid = tmp_path / "fax", tmp_path / "pyramid"
    Image.new("1", (40, 30)).save(fax, format="TIFF", compression="group4")
    pyvips.Image.black(600, 600).tiffsave(str(pyramid), tile=True, pyramid=True)

    found = [identify.identify(path, path.name).media_type for path in (fax, pyramid)]

    assert found == ["image/tiff", "image/tiff"]


def test_an_empty_file_is_refused_by_name(tmp_path: Path) -> None:
    empty = tmp_path / "0a1b2c"
    empty.touch()

    with pytest.raises(InvalidInput) as refusal:
        identify.identify(empty, "会议纪要第1页.jpg")

    assert "会议纪要第1页.jpg" in refusal.value.message


@pytest.mark.parametrize(
    "content",
    [
        "这不是图像，只是一行字。\n".encode(),
        b"II*this only begins like one",
        b"I",
        b"GIF89a" + bytes(40),
        b"PK\x03\x04" * 20,
    ],
    ids=["text", "almost TIFF", "one byte", "GIF", "archive"],
)
def test_anything_else_named_tif_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "名单.tif"
    path.write_bytes(content)

    with pytest.raises(InvalidInput) as refusal:
        identify.identify(path, "名单.tif")

    assert "名单.tif" in refusal.value.message

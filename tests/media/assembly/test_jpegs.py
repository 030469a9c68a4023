import io
import struct

import pytest
from PIL import Image

from media.assembly import jpegs


def jpeg(mode: str = "RGB", **options: object) -> bytes:
    image = Image.effect_noise((64, 48), 60).convert(mode)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80, **options)
    return stream.getvalue()


def exif(**tags: object) -> bytes:
    block = Image.Exif()
    block[271] = "A camera that knows where it was"
    block[274] = tags.get("orientation", 1)
    return block.tobytes()


def test_the_picture_is_the_same_and_nothing_else_is_left() -> None:
    content = jpeg(exif=exif(), comment=b"by somebody")

    bare = jpegs.bare(content)

    assert bare is not None
    assert (bare.width, bare.height, bare.colours) == (64, 48, 3)
    assert b"camera" not in bare.content
    assert b"somebody" not in bare.content
    before, after = (Image.open(io.BytesIO(each)) for each in (content, bare.content))
    assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize("options", [{"progressive": True}, {"mode": "L"}, {"restart_marker_rows": 1}])
def test_every_plain_kind_passes(options: dict[str, object]) -> None:
    content = jpeg(**options)  # type: ignore[arg-type]  # names of the encoder's own options

    bare = jpegs.bare(content)

    assert bare is not None
    assert Image.open(io.BytesIO(bare.content)).tobytes() == Image.open(io.BytesIO(content)).tobytes()


def test_what_hangs_on_behind_the_picture_is_cut_off() -> None:
    bare = jpegs.bare(jpeg() + b"a film of the same moment" + jpeg())

    assert bare is not None
    assert b"film" not in bare.content
    assert bare.content.count(b"\xff\xd8") == 1


@pytest.mark.parametrize(
    "content",
    [
        jpeg(exif=exif(orientation=6)),
        jpeg(mode="CMYK"),
        jpeg(icc_profile=b"a profile of some wide gamut"),
        jpeg()[:-200],
        b"\x89PNG",
        b"",
        b"\xff\xd8\xff\xe1" + struct.pack(">H", 9) + b"Exif\0\0I",
    ],
)
def test_what_must_be_decoded_or_is_broken_is_not_taken(content: bytes) -> None:
    assert jpegs.bare(content) is None

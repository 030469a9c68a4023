import struct
from pathlib import Path

import pytest
from PIL import Image

from media.conversion import describing
from media.engines import captions

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" photoshop:City="闽宁镇">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">吊庄移民搬迁</rdf:li></rdf:Alt></dc:description>
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>某人</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def iptc(*sets: tuple[int, str]) -> bytes:
    """An APP13 segment with these data sets of record 2."""
    iim = b""
    for tag, words in sets:
        content = words.encode()
        iim += struct.pack(">BBBH", 0x1C, 2, tag, len(content)) + content
    iim += bytes(len(iim) % 2)
    body = b"Photoshop 3.0\0" + b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(iim)) + iim
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def photograph(path: Path, *, segment: bytes = b"", xmp: str = "", **tags: object) -> Path:
    exif = Image.Exif()
    exif[271], exif[272] = "NIKON", "E950"
    exif.get_ifd(0x8769)[36867] = "1999:07:15 10:30:00"
    for tag, value in tags.items():
        exif[int(tag.removeprefix("t"))] = value
    Image.new("RGB", (64, 48), "grey").save(path, "JPEG", exif=exif, **({"xmp": xmp.encode()} if xmp else {}))
    content = path.read_bytes()
    path.write_bytes(content[:2] + segment + content[2:])
    return path


def test_the_camera_and_its_moment_are_read(tmp_path: Path) -> None:
    found = captions.read(photograph(tmp_path / "a.jpg"))

    assert found.camera == {"make": "NIKON", "model": "E950", "taken": "1999:07:15 10:30:00"}
    assert found.words == {}
    assert not found.has_coordinates


def test_captions_of_all_three_kinds_are_kept_apart(tmp_path: Path) -> None:
    segment = iptc((120, "闽宁村奠基"), (25, "奠基"), (25, "移民"), (80, "摄影者"))
    path = photograph(tmp_path / "a.jpg", segment=segment, xmp=XMP, t315="作者".encode().decode("latin-1"))

    found = captions.read(path)

    assert found.words["iptc"] == {"description": ["闽宁村奠基"], "keywords": ["奠基", "移民"], "creator": ["摄影者"]}
    assert found.words["xmp"] == {"city": ["闽宁镇"], "description": ["吊庄移民搬迁"], "people": ["某人"]}


def test_captions_are_suggestions_beside_the_file(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", segment=iptc((120, "闽宁村奠基")), t305="Adobe Photoshop 7.0")

    technical = describing.describe(path, "image/jpeg", name="a.jpg").technical

    assert technical["captions"] == {"iptc": {"description": ["闽宁村奠基"]}}
    assert technical["edited_with"] == "Adobe Photoshop 7.0"


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_images_without_captions_say_nothing(tmp_path: Path, form: str) -> None:
    Image.new("RGB", (64, 48), "grey").save(tmp_path / "a", form)

    assert describing.describe(tmp_path / "a", f"image/{form.lower()}", name="a").technical == {}


def test_an_entity_in_xmp_is_not_followed(tmp_path: Path) -> None:
    hostile = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + XMP.replace("吊庄移民搬迁", "&e;")

    found = captions.read(photograph(tmp_path / "a.jpg", xmp=hostile))

    assert "root" not in str(found.words)


def test_broken_blocks_are_left_out(tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", segment=iptc((120, "闽宁村奠基")), xmp="<x:xmpmeta")
    content = bytearray(path.read_bytes())
    place = content.index(b"Exif\0\0") + 10
    content[place : place + 4] = b"\xff\xff\xff\x7f"
    path.write_bytes(bytes(content))

    found = captions.read(path)

    assert found.camera == {}
    assert found.words == {"iptc": {"description": ["闽宁村奠基"]}}

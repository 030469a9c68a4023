"""What a photograph carries in words and settings: EXIF by the camera, IPTC and XMP by people (D-15, D-20).

The blocks are cut out of the file by libvips, which decodes no pixel for it, and read here.
"""

import struct
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyvips
from lxml import etree
from PIL import Image, TiffImagePlugin

from media.engines import jpeg2000, vips

LONGEST = 2_000
"""Characters of one value that are kept."""

_CAMERA = {
    271: "make",
    272: "model",
    305: "software",
    306: "changed",
    36867: "taken",
    36880: "time_zone",
    33434: "exposure_seconds",
    33437: "aperture",
    34855: "sensitivity",
    37386: "focal_length_mm",
    42036: "lens",
    40961: "colour_space",
}
_EXIF_CAPTIONS = {270: "description", 315: "creator", 33432: "copyright"}
_EXIF_DETAILS, _EXIF_PLACE = 0x8769, 0x8825

_IPTC = {
    5: "title",
    25: "keywords",
    40: "instructions",
    55: "date",
    80: "creator",
    90: "city",
    92: "place",
    95: "province",
    101: "country",
    105: "headline",
    110: "credit",
    115: "source",
    116: "copyright",
    120: "description",
    122: "written_by",
}
_XMP = {
    "{http://purl.org/dc/elements/1.1/}title": "title",
    "{http://purl.org/dc/elements/1.1/}description": "description",
    "{http://purl.org/dc/elements/1.1/}creator": "creator",
    "{http://purl.org/dc/elements/1.1/}subject": "keywords",
    "{http://purl.org/dc/elements/1.1/}rights": "copyright",
    "{http://ns.adobe.com/photoshop/1.0/}Headline": "headline",
    "{http://ns.adobe.com/photoshop/1.0/}City": "city",
    "{http://ns.adobe.com/photoshop/1.0/}State": "province",
    "{http://ns.adobe.com/photoshop/1.0/}Country": "country",
    "{http://ns.adobe.com/photoshop/1.0/}DateCreated": "date",
    "{http://ns.adobe.com/photoshop/1.0/}Credit": "credit",
    "{http://ns.adobe.com/photoshop/1.0/}Source": "source",
    "{http://ns.adobe.com/photoshop/1.0/}CaptionWriter": "written_by",
    "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}PersonInImage": "people",
    "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}Event": "event",
    "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}Location": "place",
}
_ALTERNATIVES = ("utf-8", "gb18030")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@dataclass(frozen=True, slots=True)
class Captions:
    """Settings of the camera, words by source (``exif``, ``iptc``, ``xmp``), and whether a place is noted."""

    camera: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, list[str]]] = field(default_factory=dict)
    has_coordinates: bool = False


def read(path: Path, *, name: str = "") -> Captions:
    """What the file carries; blocks that cannot be read are left out.

    Raises:
        InvalidInput: the file is no image, or claims more pixels than an image may have.
    """
    vips.probe(path, name=name)
    if jpeg2000.is_one(path):
        return Captions()
    image = pyvips.Image.new_from_file(str(path))
    exif = Image.Exif()
    _load(exif, _block(image, "exif-data"))
    words = {
        "exif": _exif_words(exif),
        "iptc": _iptc_words(_block(image, "iptc-data")),
        "xmp": _xmp_words(_block(image, "xmp-data")),
    }
    return Captions(
        camera=_camera(exif),
        words={source: found for source, found in words.items() if found},
        has_coordinates=_EXIF_PLACE in exif,
    )


def _block(image: "pyvips.Image", name: str) -> bytes:
    return bytes(image.get(name)) if image.get_typeof(name) != 0 else b""


def _load(exif: Image.Exif, block: bytes) -> None:
    if not block:
        return
    with warnings.catch_warnings():
        # A broken block is told by a warning at some places and by an error at others.
        warnings.simplefilter("ignore", UserWarning)
        try:
            exif.load(block)
        except (SyntaxError, ValueError, struct.error, OSError, KeyError):
            exif.clear()


def _camera(exif: Image.Exif) -> dict[str, str]:
    values = {**dict(exif), **_details(exif)}
    found = {name: _plain(values[tag]) for tag, name in _CAMERA.items() if tag in values}
    return {name: value for name, value in found.items() if value}


def _details(exif: Image.Exif) -> dict[int, object]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return dict(exif.get_ifd(_EXIF_DETAILS))
    except (SyntaxError, ValueError, struct.error, KeyError, TypeError):
        return {}


def _exif_words(exif: Image.Exif) -> dict[str, list[str]]:
    found = {name: _plain(exif[tag]) for tag, name in _EXIF_CAPTIONS.items() if tag in exif}
    return {name: [value] for name, value in found.items() if value}


def _plain(value: object) -> str:
    """A value as text: what cameras write as bytes is UTF-8 or GB 18030, whatever the standard says."""
    if isinstance(value, TiffImagePlugin.IFDRational | float):
        return f"{float(value):.6g}"
    if isinstance(value, str):
        # Pillow reads texts as Latin-1; their bytes may be of a larger set.
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return _clean(str(value))
    return _clean(_decoded(value) if isinstance(value, bytes) else str(value))


def _decoded(content: bytes) -> str:
    for charset in _ALTERNATIVES:
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _clean(text: str) -> str:
    return "".join(each if each.isprintable() or each == "\n" else " " for each in text).strip()[:LONGEST]


def _iptc_words(block: bytes) -> dict[str, list[str]]:
    """The captions of IPTC-IIM 4.2 (record 2), as they lie in the block of Photoshop resources."""
    found: dict[str, list[str]] = {}
    for record, tag, content in _iim(_resource(block, 0x0404)):
        if record == 2 and tag in _IPTC and (text := _clean(_decoded(content))):
            found.setdefault(_IPTC[tag], []).append(text)
    return found


def _resource(block: bytes, wanted: int) -> bytes:
    """The content of one Photoshop resource: sign, number, name with its length, length, content, padded to two."""
    place = block.find(b"8BIM")
    while place >= 0 and place + 12 <= len(block) and block[place : place + 4] == b"8BIM":
        (number,) = struct.unpack(">H", block[place + 4 : place + 6])
        named = 1 + block[place + 6]
        start = place + 6 + named + named % 2
        if start + 4 > len(block):
            break
        (length,) = struct.unpack(">I", block[start : start + 4])
        if number == wanted:
            return block[start + 4 : start + 4 + length]
        place = start + 4 + length + length % 2
    return b""


def _iim(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Data sets: 1C, record, number, length, content. Extended lengths end the reading: no caption has one."""
    place = 0
    while place + 5 <= len(content) and content[place] == 0x1C:
        record, tag, length = struct.unpack(">BBH", content[place + 1 : place + 5])
        if length & 0x8000:
            return
        yield record, tag, content[place + 5 : place + 5 + length]
        place += 5 + length


def _xmp_words(block: bytes) -> dict[str, list[str]]:
    if not block:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(block.strip(b"\0 \r\n\t"), parser)
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, list[str]] = {}
    for described in root.iter(f"{_RDF}Description"):
        for tag, value in described.attrib.items():
            _take(found, tag, [value])
        for element in described:
            if isinstance(element.tag, str):
                items = [each.text or "" for each in element.iter(f"{_RDF}li")]
                _take(found, element.tag, items or [element.text or ""])
    return found


def _take(found: dict[str, list[str]], tag: str, values: list[str]) -> None:
    if tag in _XMP:
        kept = [text for text in map(_clean, values) if text]
        if kept:
            found.setdefault(_XMP[tag], []).extend(kept[:100])

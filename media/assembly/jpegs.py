"""JPEG files that can go into a PDF as they are: the same picture, without anything else that the file says."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

_END, _SCAN = 0xD9, 0xDA
_FRAMES = {0xC0, 0xC1, 0xC2}  # sequential and progressive, Huffman: what a PDF reader must know
_OTHER_FRAMES = {0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0)}
_JFIF, _EXIF, _PROFILE, _ADOBE = 0xE0, 0xE1, 0xE2, 0xEE
_APPLICATION = range(0xE0, 0xF0)
_COMMENT = 0xFE
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # within the data of a scan, FF stands before 00 or a restart


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture: its bytes, its size in pixels, and how many colours (1 or 3)."""

    content: bytes
    width: int
    height: int
    colours: int


def bare(content: bytes) -> Jpeg | None:
    """The same compressed picture without device, place, names, captions, thumbnails, and what hangs on behind.

    None where it must be decoded instead: turned by a mark, four colours, colours of its own, or not whole.
    """
    kept, frame = [b"\xff\xd8"], None
    if not content.startswith(kept[0]):
        return None
    for marker, start, end in _segments(content):
        body = content[start + 4 : end]
        if _needs_decoding(marker, body):
            return None
        if marker in _FRAMES and len(body) > 5:
            frame = struct.unpack(">HHB", body[1:6])
        if marker in {_JFIF, _ADOBE} or (marker not in _APPLICATION and marker != _COMMENT):
            kept.append(content[start:end])
        if marker == _END:
            return _picture(b"".join(kept), frame)
    return None


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, first byte and byte after the last of each segment; that of a scan reaches to the next marker."""
    place = 2
    while place + 2 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == _END:
            yield marker, place, place + 2
            return
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == _SCAN:
            following = _MARKER.search(content, end)
            end = following.start() if following else len(content)
        yield marker, place, end
        place = end


def _needs_decoding(marker: int, body: bytes) -> bool:
    if marker == _EXIF and body.startswith(b"Exif\0\0"):
        return _orientation(body[6:]) != 1
    if marker == _PROFILE and body.startswith(b"ICC_PROFILE\0"):
        return b"sRGB" not in body and b"s\0R\0G\0B" not in body
    if marker == _ADOBE and body.startswith(b"Adobe"):
        return body[11:12] == b"\0"  # three colours without conversion: rare, and read differently by readers
    return marker in _OTHER_FRAMES


def _orientation(tiff: bytes) -> int:
    """How the camera was held (EXIF 2.32, tag 0x0112); 1 where nothing is said, 0 where it cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 0
    place = struct.unpack(order + "I", tiff[4:8])[0]
    if place + 2 > len(tiff):
        return 0
    (count,) = struct.unpack(order + "H", tiff[place : place + 2])
    for entry in range(place + 2, min(place + 2 + 12 * count, len(tiff) - 11), 12):
        tag, _kind, _length, value = struct.unpack(order + "HHIH", tiff[entry : entry + 10])
        if tag == 0x0112:
            return int(value)
    return 1


def _picture(content: bytes, frame: tuple[int, int, int] | None) -> Jpeg | None:
    if frame is None or frame[2] not in {1, 3}:
        return None
    return Jpeg(content, width=frame[1], height=frame[0], colours=frame[2])

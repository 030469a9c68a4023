"""What is inside: formats that share their first bytes with others, told apart by what they hold.

Office documents are ZIP or OLE 2 containers, recordings RIFF, ISO or EBML ones; an e-mail has no signature at all, but
a head. Nothing is unpacked: names and a few bytes are read.
"""

import struct
import zipfile
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from pathlib import Path

VERSION = "1"

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EBML = b"\x1a\x45\xdf\xa3"
_MXF = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02"

_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_PARTS = {
    "word/document.xml": f"{_OPEN_XML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OPEN_XML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPEN_XML}.presentationml.presentation",
}
_STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
_SIGNATURES = (
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x00\x00\x01\xba", "video/mpeg"),
    (0, b"\x00\x00\x01\xb3", "video/mpeg"),
)
_BRANDS = {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4"}

_MAIL_FIELDS = {"from", "to", "date", "subject", "message-id", "received", "mime-version", "return-path"}
_MAIL_HEAD = 64 * 1024

_LONGEST_MEDIA_TYPE = 200
_ENTRY, _END_OF_CHAIN = 128, 0xFFFFFFFA
_SECTOR_SHIFTS = (9, 12)
_MOST_SECTORS = 4096
"""So many sectors of a directory are read: 16,384 names and more."""


def media_type(path: Path) -> str:
    """The media type of the file, empty where it is none of those that are known here."""
    with path.open("rb") as stream:
        head = stream.read(_MAIL_HEAD)
    if head.startswith(_ZIP):
        return _in_zip(path)
    if head.startswith(_OLE):
        return next((_STREAMS[name] for name in _ole_names(path) if name in _STREAMS), "")
    for offset, signature, found in _SIGNATURES:
        if head.startswith(signature, offset):
            return found
    return _recording(head) or ("message/rfc822" if _is_mail(head) else "")


def _recording(head: bytes) -> str:
    """Recordings whose kind stands a few bytes on."""
    if head[:4] == b"RIFF":
        return {b"WAVE": "audio/vnd.wave", b"AVI ": "video/vnd.avi"}.get(head[8:12], "")
    if head[:4] == b"RF64" and head[8:12] == b"WAVE":
        return "audio/vnd.wave"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(_EBML):
        return "video/webm" if b"webm" in head[:64] else "video/matroska"
    if _MXF in head:
        return "application/mxf"
    return ""


def _in_zip(path: Path) -> str:
    """An Office document by the part that holds its content, an OpenDocument file by what it says of itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            for part, found in _PARTS.items():
                if part in names and "[Content_Types].xml" in names:
                    return found
            if "mimetype" not in names or archive.getinfo("mimetype").file_size > _LONGEST_MEDIA_TYPE:
                return ""
            return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError):
        return ""


def _ole_names(path: Path) -> Iterator[str]:
    """The names in the directory of an OLE 2 file ([MS-CFB] 2.6), as far as it can be followed."""
    with path.open("rb") as stream:
        header = stream.read(512)
        if len(header) < 512:
            return
        shift = struct.unpack_from("<H", header, 30)[0]
        if shift not in _SECTOR_SHIFTS:
            return
        size = 1 << shift
        table = [sector for sector in struct.unpack_from("<109I", header, 76) if sector < _END_OF_CHAIN]
        sector = struct.unpack_from("<I", header, 48)[0]
        for _count in range(_MOST_SECTORS):
            if sector >= _END_OF_CHAIN:
                return
            stream.seek((sector + 1) * size)
            content = stream.read(size)
            for start in range(0, len(content) - _ENTRY + 1, _ENTRY):
                length = struct.unpack_from("<H", content, start + 64)[0]
                if 2 <= length <= 64:
                    yield content[start : start + length - 2].decode("utf-16-le", "replace")
            place, within = divmod(sector, size // 4)
            if place >= len(table):
                return
            stream.seek((table[place] + 1) * size + 4 * within)
            after = stream.read(4)
            sector = struct.unpack("<I", after)[0] if len(after) == 4 else _END_OF_CHAIN


def _is_mail(head: bytes) -> bool:
    """Whether the file begins with the head of a message: fields from the first line on, a sender and a moment."""
    if b"\0" in head:
        return False
    first, separator, _rest = head.partition(b":")
    if not separator or not first.isascii() or not first.decode().replace("-", "").isalnum():
        return False
    fields = {name.lower() for name in BytesHeaderParser().parsebytes(head)}
    has_moment = bool(fields & {"date", "received", "message-id"})
    return "from" in fields and has_moment and len(fields & _MAIL_FIELDS) >= 3

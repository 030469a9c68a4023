"""A first look at a file that lies on this machine: can it be read, is it something that is taken in, how many pages.

It is quick enough for a folder of 20,000 scans, so it goes by the first bytes; what a file really is, is found out by
`media.examining` when it is taken in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import ArchiveError
from media.engines import pdfium, vips
from media.engines.formats import ACCEPTED, Category

_HEAD = 1024

_STARTS: Final[tuple[tuple[bytes, int, Category], ...]] = (
    (b"\xff\xd8\xff", 0, Category.IMAGE),
    (b"\x89PNG\r\n\x1a\n", 0, Category.IMAGE),
    (b"II*\0", 0, Category.IMAGE),
    (b"MM\0*", 0, Category.IMAGE),
    (b"II+\0", 0, Category.IMAGE),
    (b"MM\0+", 0, Category.IMAGE),
    (b"\0\0\0\x0cjP  \r\n", 0, Category.IMAGE),
    (b"\xff\x4f\xff\x51", 0, Category.IMAGE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, Category.OFFICE),
    (b"PK\x03\x04", 0, Category.OFFICE),
    (b"{\\rtf", 0, Category.OFFICE),
    (b"RIFF", 0, Category.AUDIO),
    (b"RF64", 0, Category.AUDIO),
    (b"fLaC", 0, Category.AUDIO),
    (b"OggS", 0, Category.AUDIO),
    (b"ID3", 0, Category.AUDIO),
    (b"ftyp", 4, Category.VIDEO),
    (b"moov", 4, Category.VIDEO),
    (b"\x1aE\xdf\xa3", 0, Category.VIDEO),
    (b"\x06\x0e\x2b\x34", 0, Category.VIDEO),
    (b"\0\0\x01\xba", 0, Category.VIDEO),
    (b"\0\0\x01\xb3", 0, Category.VIDEO),
)
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

ENDINGS: Final[Mapping[str, Category]] = {
    ending: form.category for form in ACCEPTED.values() for ending in form.endings
}
"""What usual endings promise."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look gives: the kind (None: nothing that is taken in), pages where known, why it is unreadable."""

    category: Category | None
    pages: int | None = None
    fault: str = ""


def look(path: Path) -> Look:
    """Look at a file; nothing is raised, for a file that cannot be read is what the report is for."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as fault:
        return Look(None, fault=fault.strerror or type(fault).__name__)
    category = _kind(head, path.suffix.lower())
    try:
        return Look(category, _pages(path, head, category))
    except ArchiveError as fault:
        return Look(category, fault=fault.message)


def promised(name: str) -> Look:
    """What the name alone lets expect, while the bytes are still with the sender."""
    ending = Path(name).suffix.lower()
    category = ENDINGS.get(ending)
    return Look(category, 1 if category == Category.IMAGE and ending not in {".tif", ".tiff"} else None)


def digest(path: Path) -> str:
    """The SHA-512 of a file, hexadecimal; empty where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha512").hexdigest()
    except OSError:
        return ""


def _kind(head: bytes, ending: str) -> Category | None:
    for start, offset, category in _STARTS:
        if head.startswith(start, offset):
            return category
    if b"%PDF-" in head:
        return Category.PDF
    # Letters, and MPEG without a tag, have no first bytes of their own; they are looked at when they are taken in.
    promise = ENDINGS.get(ending)
    return promise if promise == Category.EMAIL or (ending == ".mp3" and head[:1] == b"\xff") else None


def _pages(path: Path, head: bytes, category: Category | None) -> int | None:
    """How many pages a file gives; None where that is known only after it has been taken in."""
    if category == Category.PDF:
        return pdfium.count(path, name=path.name)
    if category != Category.IMAGE:
        return None
    return vips.probe(path, name=path.name).pages if head.startswith(_TIFF) else 1

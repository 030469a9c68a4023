"""The tiles of a pyramid as they lie in its file: JPEG streams that are handed on without being decoded.

A pyramid is a TIFF (6.0, or BigTIFF) with one directory per level, each half as large as the one before. Its tiles are
JPEG streams (Technical Note 2) that leave their tables to the directory; put together they are whole JPEG files.
"""

import os
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from core.errors import InvalidInput

_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC = 256, 257, 259, 262
_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_SIZES, _JPEG_TABLES = 322, 323, 324, 325, 347
_NEEDED: Final = {
    _WIDTH,
    _HEIGHT,
    _COMPRESSION,
    _PHOTOMETRIC,
    _TILE_WIDTH,
    _TILE_HEIGHT,
    _TILE_OFFSETS,
    _TILE_SIZES,
    _JPEG_TABLES,
}
_JPEG, _YCBCR = 7, 6
_TYPES: Final = {1: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}
"""Types of values in a directory: byte, short, long, undefined, and the long one of BigTIFF."""

_MOST_LEVELS: Final = 24
_MOST_VALUES: Final = 4_000_000
_START, _END = b"\xff\xd8", b"\xff\xd9"
_JFIF: Final = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
"""It says that three components are luminance and two of colour, as they are here."""


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the page and where its tiles lie: offsets and sizes in bytes, row by row."""

    width: int
    height: int
    tile_width: int
    tile_height: int
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]
    tables: bytes
    is_plain: bool


def levels(path: Path) -> tuple[Level, ...]:
    """The levels of a pyramid, the full size first; read once and kept until the file changes.

    Raises:
        InvalidInput: the file is no tiled TIFF.
        FileNotFoundError: there is no such file.
    """
    state = path.stat()
    return _levels(path, state.st_mtime_ns, state.st_size)


def tile(path: Path, x: int, y: int, w: int, h: int, out_w: int, out_h: int) -> bytes | None:
    """The stored tile that shows a rectangle of the full page at a size, as a JPEG file; None where none does.

    It is exactly that, but for tiles at the right and the lower edge: these go on beyond the page with padding, and
    what was asked for is their upper left corner.
    """
    stored = levels(path)
    full = stored[0]
    for number, level in enumerate(stored):
        across, down = level.tile_width << number, level.tile_height << number
        if x % across or y % down or not level.is_plain:
            continue
        column, row = x // across, y // down
        is_whole = w == min(across, full.width - x) and h == min(down, full.height - y)
        wide = min(level.tile_width, level.width - column * level.tile_width)
        high = min(level.tile_height, level.height - row * level.tile_height)
        if is_whole and (out_w, out_h) == (wide, high):
            return _read(path, level, row * -(-level.width // level.tile_width) + column)
    return None


def _read(path: Path, level: Level, place: int) -> bytes | None:
    with path.open("rb", buffering=0) as stream:
        content = os.pread(stream.fileno(), level.sizes[place], level.offsets[place])
    if len(content) != level.sizes[place] or not content.startswith(_START):
        return None
    return b"".join((_START, _JFIF, level.tables, content[len(_START) :]))


@lru_cache(maxsize=512)
def _levels(path: Path, _changed: int, _size: int) -> tuple[Level, ...]:
    with path.open("rb") as stream:
        descriptor = stream.fileno()
        try:
            return tuple(_level(entries) for entries in _directories(descriptor))
        except (struct.error, KeyError, IndexError) as fault:
            raise InvalidInput(
                _("“%(name)s” is no tiled TIFF; make the images of the page again.") % {"name": path.name}
            ) from fault


def _level(entries: dict[int, tuple[int, ...]]) -> Level:
    tables = bytes(entries.get(_JPEG_TABLES, ()))
    return Level(
        width=entries[_WIDTH][0],
        height=entries[_HEIGHT][0],
        tile_width=entries[_TILE_WIDTH][0],
        tile_height=entries[_TILE_HEIGHT][0],
        offsets=entries[_TILE_OFFSETS],
        sizes=entries[_TILE_SIZES],
        tables=tables.removeprefix(_START).removesuffix(_END),
        is_plain=entries[_COMPRESSION][0] == _JPEG and entries[_PHOTOMETRIC][0] == _YCBCR,
    )


def _directories(descriptor: int) -> list[dict[int, tuple[int, ...]]]:
    """The entries that are needed of every directory, in the order of the file."""
    head = os.pread(descriptor, 16, 0)
    order = {b"II": "<", b"MM": ">"}[head[:2]]
    is_big = struct.unpack(f"{order}H", head[2:4])[0] == 43
    (place,) = struct.unpack(f"{order}Q", head[8:16]) if is_big else struct.unpack(f"{order}I", head[4:8])
    found: list[dict[int, tuple[int, ...]]] = []
    while place and len(found) < _MOST_LEVELS:
        entries, place = _directory(descriptor, order, is_big, place)
        found.append(entries)
    return found


def _directory(descriptor: int, order: str, is_big: bool, place: int) -> tuple[dict[int, tuple[int, ...]], int]:
    """The entries of one directory, and where the next one lies (0: nowhere)."""
    counted, entry, link = ("Q", "HHQ8s", "Q") if is_big else ("H", "HHI4s", "I")
    (count,) = struct.unpack(f"{order}{counted}", os.pread(descriptor, struct.calcsize(f"{order}{counted}"), place))
    place += struct.calcsize(f"{order}{counted}")
    size = struct.calcsize(f"{order}{entry}")
    rows = os.pread(descriptor, min(count, 512) * size, place)
    entries = {}
    for tag, type_, number, value in struct.iter_unpack(f"{order}{entry}", rows):
        if tag in _NEEDED and type_ in _TYPES and number <= _MOST_VALUES:
            entries[tag] = _values(descriptor, order, type_, number, value)
    (following,) = struct.unpack(
        f"{order}{link}", os.pread(descriptor, struct.calcsize(f"{order}{link}"), place + count * size)
    )
    return entries, following


def _values(descriptor: int, order: str, type_: int, number: int, value: bytes) -> tuple[int, ...]:
    """The values of an entry: in the entry itself, or where it points to if they do not fit."""
    form = f"{order}{number}{_TYPES[type_]}"
    size = struct.calcsize(form)
    if size > len(value):
        (place,) = struct.unpack(f"{order}{'Q' if len(value) == 8 else 'I'}", value)
        value = os.pread(descriptor, size, place)
    return struct.unpack(form, value[:size])

"""Images that were made once, kept on the disk: bounded, shared by all processes, forgotten when a page changes.

The folder has 256 shelves, chosen by the digest of the key, and every shelf has the same share of the room: whoever
puts something on a full shelf takes away what was used longest ago. So no process needs to know of the others, and
no list of everything is ever kept or read. Native tiles are not kept here: they are copied from the pyramid, which
is as quick (see the measurements).
"""

import hashlib
import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.conf import settings

SHELVES: Final = 256

ROOM: Final = 512 * 1024 * 1024
"""Bytes that may be kept in all."""

LARGEST: Final = ROOM // SHELVES // 2
"""What is larger is made again each time."""


def kept(page: int, key: str) -> bytes | None:
    """What was kept of a page under this key, or None."""
    path = _path(page, key)
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return content


def keep(page: int, key: str, content: bytes) -> None:
    """Keep an image; where the disk does not take it, it is not kept."""
    if len(content) > LARGEST:
        return
    path = _path(page, key)
    unfinished = path.with_name(f".{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _make_room(path.parent, len(content))
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def forget(pages: Iterable[int]) -> None:
    """Remove everything that was kept of these pages (L-08, L-24)."""
    gone = {str(page) for page in pages}
    for shelf in _root().glob("??"):
        for path in shelf.iterdir():
            if path.name.split("-", 1)[0] in gone:
                path.unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.ARCHIVE_HOME) / "tiles"


def _path(page: int, key: str) -> Path:
    digest = hashlib.sha256(f"{page} {key}".encode()).hexdigest()
    return _root() / digest[:2] / f"{page}-{digest[2:34]}"


def _make_room(shelf: Path, size: int) -> None:
    """Take away what was used longest ago until ``size`` more bytes fit."""
    with os.scandir(shelf) as entries:
        held = [(state.st_mtime, state.st_size, entry.path) for entry in entries if (state := _state(entry))]
    total = sum(bytes_ for _used, bytes_, _path in held) + size
    for _used, bytes_, path in sorted(held):
        if total <= ROOM // SHELVES:
            break
        with suppress(OSError):
            Path(path).unlink()
        total -= bytes_


def _state(entry: "os.DirEntry[str]") -> os.stat_result | None:
    """None where another process has taken it away in the meantime."""
    try:
        return entry.stat()
    except OSError:
        return None

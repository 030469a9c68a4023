"""Compare what is stored with what is written of it, both ways (DA/T 70: 1-10, 1-11, 2-7).

What no row knows may be removed if it can be made again, or never arrived whole: an original never is removed.
The storage is walked in 256 parts, so that the memory needed does not grow with the archive.
"""

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.db.models import QuerySet

from archive.models import Unit
from media import storage
from media.models import DigitalObject, Page, Upload

SETTLED_SECONDS = 3600
"""Younger files are left out of the count of what nobody knows: their rows may be on the way."""

_HEX = "0123456789abcdef"


class Kind(StrEnum):
    """What is wrong."""

    UNKNOWN_ORIGINAL = "original without row"
    MISSING_ORIGINAL = "row without original"
    SIZE = "size differs"
    DIGEST = "digest differs"
    UNKNOWN_DERIVED = "derived file without row"
    MISSING_DERIVED = "row without derived file"
    UNFINISHED = "unfinished file"
    STRAY = "left in staging"


REMOVABLE = frozenset({Kind.UNKNOWN_DERIVED, Kind.UNFINISHED, Kind.STRAY})
"""What `remove` removes."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one file; ``path`` is relative to the storage."""

    kind: Kind
    path: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Stock:
    """What was counted and what is wrong."""

    originals: int
    original_bytes: int
    derived: int
    digests: int
    faults: tuple[Fault, ...]

    @property
    def is_sound(self) -> bool:
        """Whether rows and files agree."""
        return not self.faults


@dataclass(slots=True)
class _Count:
    originals: int = 0
    original_bytes: int = 0
    derived: int = 0
    digests: int = 0


def take(*, with_digests: bool = False, settled: float = SETTLED_SECONDS) -> Stock:
    """Look at every file and every row; ``with_digests`` reads all originals and computes their SHA-512 anew."""
    count, faults = _Count(), list[Fault]()
    for part in (first + second for first in _HEX for second in _HEX):
        faults += _originals(part, count, with_digests, settled)
        faults += _derived(part, count, settled)
    faults += _documents(count, settled)
    faults += _staging(settled)
    return Stock(count.originals, count.original_bytes, count.derived, count.digests, tuple(faults))


def remove(stock: Stock) -> int:
    """Remove the files that nobody knows and that can be made again, or never came whole; how many those were."""
    removed = 0
    for fault in stock.faults:
        if fault.kind in REMOVABLE:
            path = storage.root() / fault.path
            path.unlink(missing_ok=True)
            removed += 1
            _remove_empty(path.parent)
    return removed


def _originals(part: str, count: _Count, with_digests: bool, settled: float) -> Iterator[Fault]:
    rows = dict(_in_part(part).values_list("sha512", "size"))
    for path in _files(storage.root() / "originals" / part):
        if path.name not in rows or path != storage.original_path(path.name):
            if _is_settled(path, settled):
                yield _fault(Kind.UNKNOWN_ORIGINAL, path)
            continue
        count.originals += 1
        size = path.stat().st_size
        count.original_bytes += size
        expected = rows.pop(path.name)
        if size != expected:
            yield _fault(Kind.SIZE, path, f"{size} bytes, {expected} expected")
        elif with_digests:
            count.digests += 1
            found = _digest(path)
            if found != path.name:
                yield _fault(Kind.DIGEST, path, f"now {found}")
    for sha512 in rows:
        yield _fault(Kind.MISSING_ORIGINAL, storage.original_path(sha512))


def _derived(part: str, count: _Count, settled: float) -> Iterator[Fault]:
    """The folders of one part: a folder for each file, in it one for each page."""
    known = set(_in_part(part).values_list("sha512", flat=True))
    frames = defaultdict[str, set[str]](set)
    pages = Page.objects.filter(digital_object__in=_in_part(part)).select_related("digital_object")
    for page in pages.iterator(chunk_size=1000):
        frames[page.digital_object.sha512].add(str(page.frame))
        yield from _missing(page)

    def is_known(path: Path) -> bool:
        within = path.relative_to(storage.root() / "derived" / part).parts
        if within[0] not in known:
            return False
        if len(within) == 2:
            return within[1] in storage.RENDITIONS
        return len(within) == 3 and within[1] in frames[within[0]] and within[2] in storage.PAGE_FILES

    yield from _unknown(storage.root() / "derived" / part, is_known, count, settled)


def _documents(count: _Count, settled: float) -> Iterator[Fault]:
    folder = storage.root() / "documents"
    names = {path.name for path in folder.glob("*") if path.name.isdecimal()}
    known = {str(pk) for pk in Unit.objects.filter(pk__in=[int(name) for name in names]).values_list("pk", flat=True)}
    yield from _unknown(folder, lambda path: path.relative_to(folder).parts[0] in known, count, settled)


def _staging(settled: float) -> Iterator[Fault]:
    """Files that are neither arriving nor an upload that may go on."""
    uploads = {part for key in Upload.objects.values_list("pk", flat=True) for part in (str(key), key.hex)}
    for path in _files(storage.root() / "staging"):
        if path.name.split(".")[0] not in uploads and _is_settled(path, settled):
            yield _fault(Kind.STRAY, path)


def _unknown(folder: Path, is_known: Callable[[Path], bool], count: _Count, settled: float) -> Iterator[Fault]:
    """The files below a folder that belong to no row, or were never finished."""
    for path in _files(folder):
        if path.name.startswith("."):
            if _is_settled(path, settled):
                yield _fault(Kind.UNFINISHED, path)
        elif is_known(path):
            count.derived += 1
        elif _is_settled(path, settled):
            yield _fault(Kind.UNKNOWN_DERIVED, path)


def _missing(page: Page) -> Iterator[Fault]:
    """Files that a row says were made."""
    wanted = [storage.ACCESS, storage.THUMBNAIL] if page.has_image else []
    if page.is_masked and page.redrawn_at is not None:
        wanted += [storage.PUBLIC, storage.PUBLIC_THUMBNAIL]
    for name in wanted:
        path = storage.derived_path(page, name)
        if not path.is_file():
            yield _fault(Kind.MISSING_DERIVED, path, f"page {page.pk}")


def _in_part(part: str) -> QuerySet[DigitalObject]:
    """Digital objects whose digest begins with these two characters; a range, so that the index serves."""
    return DigitalObject.objects.filter(sha512__gte=part, sha512__lt=part + "g").order_by()


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder, in no particular order; one that vanishes meanwhile is passed over."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path


def _is_settled(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime >= seconds
    except FileNotFoundError:
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha512").hexdigest()


def _fault(kind: Kind, path: Path, detail: str = "") -> Fault:
    return Fault(kind, str(path.relative_to(storage.root())), detail)


def _remove_empty(folder: Path) -> None:
    """Remove a folder that has become empty, and those above it, up to the parts."""
    while folder.parent.parent != storage.root() and folder.parent != storage.root():
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent

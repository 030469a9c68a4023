"""The one door to stored bytes: originals under their digest, what is made of them beside it, arrivals in staging.

Below the folder of the setting ``ARCHIVE_STORAGE``::

    staging/<random>                       bytes that are just arriving
    originals/ab/cd/<sha512>               what was received, unaltered and read-only
    derived/ab/<sha512>/<name>             what was made of a whole file, and can be made again
    derived/ab/<sha512>/<frame>/<name>     what was made of one page, likewise
    derived/ab/<sha512>/<name>             what was made of a whole file, and can be made again
    documents/<unit>/<name>                what was put together of a whole unit, and can be made again

A file appears under its final name only when it is whole and on the disk (written under another name, flushed,
renamed), so whoever finds it may trust it. Nothing here ever removes an original.
"""

import hashlib
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from archive.models import Unit
from core.errors import NotFound, Unavailable
from media.models import DigitalObject, Page

ACCESS = "access.tif"
THUMBNAIL = "thumbnail.jpg"
PUBLIC = "public.tif"
PUBLIC_THUMBNAIL = "public-thumbnail.jpg"
AS_PDF = "as.pdf"
POSTER = "poster.jpg"

PAGE_FILES = frozenset({ACCESS, THUMBNAIL, PUBLIC, PUBLIC_THUMBNAIL})
"""What may lie in the folder of a page."""

RENDITIONS = frozenset({AS_PDF, POSTER})
"""What may lie beside the folders of the pages."""

READ_ONLY = 0o444
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes that have arrived whole: where they wait, their digest (SHA-512, hexadecimal) and their number."""

    path: Path
    sha512: str
    size: int


def root() -> Path:
    """The folder that holds everything."""
    return Path(str(settings.ARCHIVE_STORAGE).removeprefix("file://"))


def check() -> str:
    """Write and remove one small file; what the storage is, for the health page.

    Raises:
        Unavailable: nothing can be written.
    """
    discard(stage([b"ok"]))
    return "folder"


def stage(chunks: Iterable[bytes]) -> Staged:
    """Write arriving bytes to staging, hashing them on the way; they are on the disk when this returns.

    Raises:
        Unavailable: the storage cannot take them; nothing of them is left.
    """
    path = root() / "staging" / uuid.uuid4().hex
    digest, size = hashlib.sha512(), 0
    with _as_unavailable(), _removed_on_failure(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
    return Staged(path=path, sha512=digest.hexdigest(), size=size)


def staged_already(path: Path) -> Staged:
    """Bytes that came piece by piece and lie in staging whole: flushed to the disk, with their digest.

    Raises:
        Unavailable: the storage does not give them back.
    """
    with _as_unavailable():
        _flush(path)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha512").hexdigest()
        return Staged(path=path, sha512=digest, size=path.stat().st_size)


def sm3(path: Path) -> str:
    """The SM3 digest of a file (GB/T 32905), hexadecimal; empty where OpenSSL does not offer it.

    Raises:
        Unavailable: the storage does not give the file.
    """
    if "sm3" not in hashlib.algorithms_available:
        return ""
    with _as_unavailable(), path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.new("sm3")).hexdigest()


def keep(staged: Staged) -> Path:
    """Move staged bytes to their place among the originals; bytes that are there already are kept as they are.

    Raises:
        Unavailable: the storage did not allow the move; the staged file is still there.
    """
    place = original_path(staged.sha512)
    with _as_unavailable():
        if place.exists() and place.stat().st_size == staged.size:
            discard(staged)
            return place
        place.parent.mkdir(parents=True, exist_ok=True)
        staged.path.chmod(READ_ONLY)
        staged.path.replace(place)
        _flush(place.parent)
    return place


def discard(staged: Staged) -> None:
    """Remove staged bytes, if they are still there."""
    staged.path.unlink(missing_ok=True)


def original_path(sha512: str) -> Path:
    """Where the original with this digest lies."""
    return root() / "originals" / sha512[:2] / sha512[2:4] / sha512


def derived_path(page: Page, name: str) -> Path:
    """Where a file made of a page lies: `ACCESS` (the pyramid), `THUMBNAIL`, or these two as the public gets them."""
    return rendition_path(page.digital_object, str(page.frame)) / name


def access_image(page: Page) -> Path:
    """The pyramid of a page, from which every view of it is cut."""
    return derived_path(page, ACCESS)


def thumbnail_image(page: Page) -> Path:
    """The small picture of a page."""
    return derived_path(page, THUMBNAIL)


def public_image(page: Page) -> Path:
    """The pyramid that may leave the house: redrawn where something on the page is masked (L-24).

    Raises:
        NotFound: the page has masks and has not been redrawn yet.
    """
    return derived_path(page, PUBLIC) if _is_redrawn(page) else access_image(page)


def public_thumbnail(page: Page) -> Path:
    """The small picture that may leave the house.

    Raises:
        NotFound: as `public_image`.
    """
    return derived_path(page, PUBLIC_THUMBNAIL) if _is_redrawn(page) else thumbnail_image(page)


def rendition_path(digital_object: DigitalObject, name: str) -> Path:
    """Where a file made of a whole original lies: `AS_PDF` (of an Office file, a letter), `POSTER` (of a film)."""
    digest = digital_object.sha512
    return root() / "derived" / digest[:2] / digest / name


def source_of_pages(digital_object: DigitalObject) -> tuple[Path, str]:
    """The file that pages are drawn from, and its media type: what was received, or the PDF that was made of it.

    Raises:
        Unavailable: it is not there, which is no fault of the file.
    """
    converted, original = rendition_path(digital_object, AS_PDF), original_path(digital_object.sha512)
    if converted.is_file():
        return converted, "application/pdf"
    if not original.is_file():
        raise Unavailable(
            _("The stored file of “%(name)s” is not there. Check that the storage is mounted, then try again.")
            % {"name": digital_object.original_name}
        )
    return original, digital_object.media_type


def document_path(unit: Unit, name: str) -> Path:
    """Where a file that was put together of all pages of a unit lies."""
    return root() / "documents" / str(unit.pk) / name


@contextmanager
def derived(page: Page, name: str) -> Iterator[Path]:
    """A path to write a derived file to; at the end of the block it is flushed and takes its final name.

    What an earlier attempt left half-written is removed first. After a failure nothing of this attempt is left, and a
    whole file of an earlier one stays.

    Raises:
        Unavailable: the storage cannot take the file.
    """
    with _made(derived_path(page, name)) as unfinished:
        yield unfinished


@contextmanager
def rendition(digital_object: DigitalObject, name: str) -> Iterator[Path]:
    """A path to write a file made of a whole original to; otherwise as `derived`.

    Raises:
        Unavailable: the storage cannot take the file.
    """
    with _made(rendition_path(digital_object, name)) as unfinished:
        yield unfinished


@contextmanager
def document(unit: Unit, name: str) -> Iterator[Path]:
    """A path to write a file of a whole unit to; otherwise as `derived`.

    Raises:
        Unavailable: the storage cannot take the file.
    """
    with _made(document_path(unit, name)) as unfinished:
        yield unfinished


def clear_staging(older_than: float) -> int:
    """Remove what killed processes left in staging more than ``older_than`` seconds ago; how many files that were."""
    removed = 0
    for path in (root() / "staging").glob("*"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > older_than:
                path.unlink()
                removed += 1
    return removed


def read_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


@contextmanager
def _made(place: Path) -> Iterator[Path]:
    with _as_unavailable():
        place.parent.mkdir(parents=True, exist_ok=True)
        for stray in place.parent.glob(f".*.{place.stem}.*"):
            stray.unlink(missing_ok=True)
    unfinished = place.with_name(f".{uuid.uuid4().hex}.{place.name}")
    with _removed_on_failure(unfinished):
        yield unfinished
        with _as_unavailable():
            _flush(unfinished)
            unfinished.replace(place)
            _flush(place.parent)


def _is_redrawn(page: Page) -> bool:
    if page.is_masked and page.redrawn_at is None:
        raise NotFound(_("The image of this page is being prepared. Try again in a minute."))
    return page.is_masked


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _as_unavailable() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise Unavailable(
            _("The file storage does not work (%(reason)s). Check its disk and rights, then try again.")
            % {"reason": fault.strerror or type(fault).__name__}
        ) from fault


def _flush(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

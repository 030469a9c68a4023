"""Uploads that may be interrupted and go on: what tus 1.0 asks of a server, without its headers.

The bytes of an upload lie in staging under its key. What counts as received is what the row says, and that is written
only after the bytes are on the disk; whatever a killed process wrote beyond is cut off before the next piece. When all
bytes are there the file is taken in like any other, and if that is interrupted it is simply done again.
"""

import fcntl
import logging
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access
from archive.models import Batch, Unit
from core.errors import ArchiveError, Conflict, InvalidInput, NotFound, Unavailable
from media import ingest, storage
from media.ingest import AlreadyThere
from media.intake import names
from media.intake.delivery import Plan
from media.models import Upload
from media.storage import Staged

logger = logging.getLogger(__name__)

MOST_BYTES = 16 * 1024**3
"""No file may be larger than this."""

MOST_OPEN = 5000
"""So many unfinished uploads may one person have."""

LIFETIME = timedelta(hours=24)
"""An upload that gets no piece for so long is dropped; staging is tidied by the same rule."""

RESERVE = 256 * 1024**2
"""Bytes of the disk that uploads leave free."""

PIECE = 1024 * 1024

NOTED = 32 * PIECE
"""After so many bytes it is written down how far an upload is, so that a killed process loses no more than these."""


class TooLarge(InvalidInput):
    """The file is larger than what is taken in."""

    code = "too-large"
    status = 413


class Locked(Conflict):
    """Another request writes to this upload at the moment."""

    code = "locked"
    status = 423


class NoRoom(Unavailable):
    """The disk has no room for it."""

    code = "no-room"


def begin(*, by: User, unit: Unit, name: str, size: int, batch: Batch | None = None) -> Upload:
    """Open an upload of ``size`` bytes; nothing of it has been received yet.

    Raises:
        NotPermitted: this person may not digitise.
        InvalidInput: the name cannot be kept or carries a mark of secrecy, the file is empty or too large.
        Conflict: this person has too many unfinished uploads.
        NoRoom, Unavailable: the storage cannot take it.
    """
    access.require(by, "ingest", unit.record)
    kept = ingest.checked_name(name)
    names.require_no_secrets([name])
    _check_size(size, kept)
    _check_room(size)
    drop_expired()
    if Upload.objects.unfinished(by).count() >= MOST_OPEN:
        raise Conflict(_("You have too many unfinished uploads. Finish or remove some of them first."))
    upload = Upload.objects.create(unit=unit, batch=batch, name=kept, size=size, created_by=by)
    with _unavailable_on_failure():
        path_of(upload).parent.mkdir(parents=True, exist_ok=True)
        path_of(upload).touch()
    return upload


def begin_all(plan: Plan, *, batch: Batch, by: User) -> list[Upload]:
    """Open the uploads of a plan, in its order; those that an earlier attempt has opened are given back as they are.

    Raises:
        NotPermitted, InvalidInput, Conflict, Unavailable: as `begin`; then none is opened.
    """
    access.require(by, "ingest")
    names.require_no_secrets(file.entry.name for file in plan.files)
    for file in plan.files:
        _check_size(file.entry.size, file.name)
    _check_room(plan.size)
    drop_expired()
    open_now: dict[tuple[int, str, int], list[Upload]] = {}
    for upload in Upload.objects.filter(batch=batch, refusal="").order_by("created_at"):
        open_now.setdefault((upload.unit_id, upload.name, upload.size), []).append(upload)
    waiting = Upload.objects.unfinished(by).exclude(batch=batch).count()
    if waiting + len(plan.files) > MOST_OPEN:
        raise Conflict(_("Up to %(most)d files can be uploaded at once. Divide them.") % {"most": MOST_OPEN})
    uploads, fresh, now = [], [], timezone.now()
    for number, file in enumerate(plan.files):
        there = open_now.get((file.unit_id, file.name, file.entry.size))
        if there:
            uploads.append(there.pop(0))
            continue
        moment = now + timedelta(microseconds=number)
        upload = Upload(unit_id=file.unit_id, batch=batch, name=file.name, size=file.entry.size, created_by=by)
        upload.created_at = upload.changed_at = moment
        fresh.append(upload)
        uploads.append(upload)
    Upload.objects.bulk_create(fresh, batch_size=500)
    return uploads


def of(key: uuid.UUID, *, by: User) -> Upload:
    """One's own upload.

    Raises:
        NotFound: there is none with this key that belongs to this person, or it has expired.
    """
    upload = Upload.objects.select_related("unit__record", "digital_object").filter(pk=key, created_by=by).first()
    if upload is None:
        raise NotFound(_("There is no such upload any more. Begin anew."))
    return upload


def received(upload: Upload) -> int:
    """How many bytes are safely there: what the row says, less if the disk has lost them."""
    if upload.is_settled:
        return upload.size
    try:
        return min(upload.received, path_of(upload).stat().st_size)
    except FileNotFoundError:
        return 0
    except OSError as fault:
        raise _unavailable(fault) from fault


def append(upload: Upload, offset: int, read: Callable[[int], bytes]) -> Upload:
    """Write a piece at ``offset``: what ``read(count)`` gives until it gives nothing; then take the file in if whole.

    Where the connection breaks off, what has arrived until then is kept.

    Raises:
        Conflict: the offset is not where the upload stands.
        Locked: another request is writing.
        TooLarge: more came than was announced; what was announced is kept.
        NoRoom, Unavailable: the storage cannot take it; what was received before is kept.
    """
    if upload.is_settled:
        if offset != upload.size:
            raise Conflict(_("The upload stands at byte %(there)d. Go on from there.") % {"there": upload.size})
        return upload
    with _held(upload) as stream:
        _refresh(upload)
        there = min(upload.received, os.fstat(stream).st_size)
        if offset != there:
            raise Conflict(_("The upload stands at byte %(there)d. Go on from there.") % {"there": there})
        # Each upload was measured against the disk alone when it began; together they may be more than it holds.
        _check_room(0)
        try:
            there = _write(upload, stream, there, read)
        finally:
            _note(upload, stream)
        if there == upload.size and not upload.is_settled:
            _refresh(upload)
            finish(upload)
    return upload


def finish(upload: Upload) -> Upload:
    """Take in an upload whose bytes are all there, or say why it is refused; done again it changes nothing.

    Raises:
        Conflict: bytes are still missing.
        Unavailable: the storage or the database cannot take it at the moment; the bytes stay.
    """
    if upload.is_settled:
        return upload
    if received(upload) < upload.size:
        raise Conflict(_("“%(name)s” is not here whole yet. Go on with its upload.") % {"name": upload.name})
    staged = _linked(path_of(upload))
    try:
        upload.digital_object = ingest.receive_staged(
            staged, name=upload.name, unit=upload.unit, by=upload.created_by, batch=upload.batch
        )
    except AlreadyThere as known:
        upload.digital_object = known.digital_object
    except Unavailable:
        raise
    except ArchiveError as fault:
        upload.refusal = fault.message
    finally:
        storage.discard(staged)
    upload.received, upload.changed_at = upload.size, timezone.now()
    Upload.objects.filter(pk=upload.pk).update(
        digital_object=upload.digital_object,
        refusal=upload.refusal,
        received=upload.received,
        changed_at=upload.changed_at,
    )
    path_of(upload).unlink(missing_ok=True)
    return upload


def remove(upload: Upload) -> None:
    """End an upload: its row and its bytes go; a file that has been taken in stays."""
    batch = upload.batch
    with _unavailable_on_failure():
        path_of(upload).unlink(missing_ok=True)
    upload.delete()
    if batch is not None and not batch.uploads.exists() and not batch.digital_objects.exists():
        _drop_batch(batch)


def drop_expired(now: datetime | None = None) -> int:
    """Remove the uploads that nobody has gone on with, and the rows of those that ended long ago; how many."""
    old = Upload.objects.filter(changed_at__lt=(now or timezone.now()) - LIFETIME)
    removed = 0
    for upload in old.select_related("batch")[:MOST_OPEN]:
        remove(upload)
        removed += 1
    return removed


def expires(upload: Upload) -> datetime:
    """When the upload is dropped if no further piece comes."""
    return upload.changed_at + LIFETIME


def path_of(upload: Upload) -> Path:
    """Where the bytes of an upload wait."""
    return storage.root() / "staging" / upload.pk.hex


def _write(upload: Upload, stream: int, there: int, read: Callable[[int], bytes]) -> int:
    with _unavailable_on_failure():
        os.ftruncate(stream, there)
        os.lseek(stream, there, os.SEEK_SET)
    noted = there
    while piece := read(PIECE):
        if there + len(piece) > upload.size:
            raise TooLarge(
                _("“%(name)s” is larger than was announced (%(size)d bytes). Begin its upload anew.")
                % {"name": upload.name, "size": upload.size}
            )
        with _unavailable_on_failure():
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(stream, rest) :]
        there += len(piece)
        if there - noted >= NOTED:
            _check_room(0)
            _note(upload, stream)
            noted = there
    return there


def _note(upload: Upload, stream: int) -> None:
    """Write down what is safely on the disk, after a failure, too."""
    with _unavailable_on_failure():
        os.fsync(stream)
        upload.received = min(os.fstat(stream).st_size, upload.size)
    upload.changed_at = timezone.now()
    # Not `save`: one that was removed meanwhile has no row any more, which is no fault of the piece.
    Upload.objects.filter(pk=upload.pk).update(received=upload.received, changed_at=upload.changed_at)


def _refresh(upload: Upload) -> None:
    """What the row says now that nobody else writes.

    Raises:
        NotFound: the upload was removed in the meantime.
    """
    try:
        upload.refresh_from_db(fields=["received", "digital_object", "refusal"])
    except Upload.DoesNotExist as fault:
        path_of(upload).unlink(missing_ok=True)
        raise NotFound(_("There is no such upload any more. Begin anew.")) from fault


@contextmanager
def _held(upload: Upload) -> Iterator[int]:
    """The open file of an upload, which nobody else writes to meanwhile."""
    with _unavailable_on_failure():
        path_of(upload).parent.mkdir(parents=True, exist_ok=True)
        stream = os.open(path_of(upload), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Locked(_("Another request writes to this upload. Try again in a moment.")) from fault
        yield stream
    finally:
        os.close(stream)


def _linked(path: Path) -> Staged:
    """The bytes under a second name, so that they are still there if taking them in is interrupted."""
    link = path.with_name(uuid.uuid4().hex)
    try:
        os.link(path, link)
    except OSError:
        # A file system without hard links: a copy does as well.
        return storage.stage(storage.read_chunks(path))
    return storage.staged_already(link)


def _check_size(size: int, name: str) -> None:
    if size < 1:
        raise InvalidInput(_("“%(name)s” is empty. Copy the file again from where it came.") % {"name": name})
    if size > MOST_BYTES:
        raise TooLarge(
            _(
                "“%(name)s” is larger than %(most)d GiB. Divide it, or have it taken in on the server "
                "(manage.py ingest)."
            )
            % {"name": name, "most": MOST_BYTES // 1024**3}
        )


def _check_room(size: int) -> None:
    with _unavailable_on_failure():
        storage.root().mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(storage.root()).free
    if size + RESERVE > free:
        raise NoRoom(_("The file storage has no room for this. Have space made there, then try again."))


def _drop_batch(batch: Batch) -> None:
    """A batch that has come to nothing goes; one that the audit trail names stays."""
    if not batch.events.exists():
        batch.delete()


@contextmanager
def _unavailable_on_failure() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise _unavailable(fault) from fault


def _unavailable(fault: OSError) -> Unavailable:
    logger.error("An upload could not be written: %s", fault.strerror or type(fault).__name__)
    return Unavailable(
        _("The file storage does not work (%(reason)s). Check its disk and rights, then try again.")
        % {"reason": fault.strerror or type(fault).__name__}
    )

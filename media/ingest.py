"""Take files in: staged, hashed, identified by content, checked to the last pixel, moved to their place; then the row.

The order is the point. A file that cannot be accepted is refused before anything is written about it, and its staged
bytes are removed; the row is committed only when the bytes lie safely at their final place, and a worker hears of it
only after the commit. The file that was given is never moved or removed.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit
from archive.models import Batch, Unit
from core import text
from core.errors import ArchiveError, Conflict, InvalidInput
from media import examining, jobs, storage
from media.examining import Examined
from media.models import DigitalObject
from media.storage import Staged

LONGEST_NAME = 500


class AlreadyThere(Conflict):
    """The unit holds this very file already; nothing needs to be done."""

    code = "already-there"

    def __init__(self, message: str, digital_object: DigitalObject) -> None:
        super().__init__(message)
        self.digital_object = digital_object


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that wants to come in: the name it had, and its bytes, piece by piece."""

    name: str
    chunks: Callable[[], Iterable[bytes]]


class Result(StrEnum):
    """What became of an arrival."""

    RECEIVED = "received"
    ALREADY_THERE = "already_there"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; ``message`` names it and, where it was refused, the remedy."""

    name: str
    result: Result
    message: str
    digital_object: DigitalObject | None = None


def from_path(path: Path, name: str | None = None) -> Arrival:
    """A file on this machine; ``name`` is its own name where the path has another one."""
    shown = name or path.name

    def chunks() -> Iterator[bytes]:
        try:
            yield from storage.read_chunks(path)
        except OSError as fault:
            raise InvalidInput(
                _("“%(name)s” cannot be read (%(reason)s). Check the path and the rights of the file.")
                % {"name": shown, "reason": fault.strerror or type(fault).__name__}
            ) from fault

    return Arrival(name=shown, chunks=chunks)


def ingest(
    path: Path, *, unit: Unit, original_name: str | None = None, by: User | None, batch: Batch | None = None
) -> DigitalObject:
    """Take one file of this machine into a unit and have it digitised; the file itself is left where it is.

    Raises:
        NotPermitted: this person may not digitise.
        InvalidInput: the file is not acceptable; the message names it and the remedy.
        AlreadyThere: the unit holds this file already.
        Conflict: another unit holds this file already.
        Unavailable: the storage cannot take it.
    """
    return receive(from_path(path, original_name), unit=unit, by=by, batch=batch)


def ingest_many(
    arrivals: Iterable[Arrival], *, unit: Unit, by: User | None, batch: Batch | None = None
) -> Iterator[Outcome]:
    """Take files in one after the other, each as `receive` does; one that is refused never stops the others."""
    for arrival in arrivals:
        name = text.clean_name(arrival.name)
        try:
            kept = receive(arrival, unit=unit, by=by, batch=batch)
        except AlreadyThere as known:
            yield Outcome(name, Result.ALREADY_THERE, known.message, known.digital_object)
        except ArchiveError as fault:
            yield Outcome(name, Result.REFUSED, fault.message)
        else:
            yield Outcome(name, Result.RECEIVED, said_of(kept), kept)


def said_of(kept: DigitalObject) -> str:
    """The sentence for a file that was received."""
    return _("“%(name)s” was received (pages: %(pages)d).") % {"name": kept.original_name, "pages": kept.page_count}


def receive(arrival: Arrival, *, unit: Unit, by: User | None, batch: Batch | None = None) -> DigitalObject:
    """Take one file into a unit, whatever it comes from.

    Raises:
        NotPermitted, InvalidInput, AlreadyThere, Conflict, Unavailable: as `ingest`.
    """
    access.require(by, "ingest", unit.record)
    name = checked_name(arrival.name)
    staged = storage.stage(arrival.chunks())
    try:
        return receive_staged(staged, name=name, unit=unit, by=by, batch=batch)
    finally:
        storage.discard(staged)


def receive_staged(
    staged: Staged, *, name: str, unit: Unit, by: User | None, batch: Batch | None = None
) -> DigitalObject:
    """Take bytes into a unit that lie in staging whole; where they are refused they still lie there.

    Raises:
        NotPermitted, InvalidInput, AlreadyThere, Conflict, Unavailable: as `ingest`.
    """
    access.require(by, "ingest", unit.record)
    name = checked_name(name)
    _refuse_known(staged.sha512, unit, name)
    examined = examining.examine(staged.path, name)
    storage.keep(staged)
    return _commit(staged, unit, name, examined, by, batch)


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named, in natural order (page 2 before page 10); hidden ones are left.

    Raises:
        InvalidInput: a path is neither a file nor a folder.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in path.rglob("*") if each.is_file() and not _is_hidden(each, path))
            found += sorted(inside, key=lambda each: natural(str(each.relative_to(path))))
        elif path.is_file():
            found.append(path)
        else:
            raise InvalidInput(
                _("“%(path)s” is neither a file nor a folder. Check how it is written.") % {"path": path}
            )
    return found


def _is_hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def natural(name: str) -> list[tuple[int, str]]:
    """A sort key in which runs of digits, of whatever width, count as numbers: page 2 comes before page 10."""
    runs: list[str] = [""]
    for sign in unicodedata.normalize("NFKC", name):
        if runs[-1] and sign.isdecimal() != runs[-1][-1].isdecimal():
            runs.append("")
        runs[-1] += sign
    return [(int(run), "") if run.isdecimal() else (-1, run) for run in runs]


def checked_name(name: str) -> str:
    """The name as it is kept: NFC, without control characters; not shortened, for it is evidence.

    Raises:
        InvalidInput: nothing is left of it, or it is too long to be kept.
    """
    clean = text.clean_name(name)
    if not clean.strip():
        raise InvalidInput(_("A file came without a name. Give it one, then add it again."))
    if len(clean) > LONGEST_NAME:
        raise InvalidInput(
            _("The name “%(name)s…” is longer than %(limit)d characters. Shorten it, then add the file again.")
            % {"name": clean[:40], "limit": LONGEST_NAME}
        )
    return clean


def _refuse_known(sha512: str, unit: Unit, name: str) -> None:
    """One file has one place: bytes that are kept already do not come in twice."""
    known = DigitalObject.objects.filter(sha512=sha512).select_related("unit__record")
    here = known.filter(unit=unit).first()
    if here is not None:
        raise AlreadyThere(
            _("“%(name)s” is in %(code)s already, as “%(known)s”. Nothing needs to be done.")
            % {"name": name, "code": unit.reference_code, "known": here.original_name},
            here,
        )
    elsewhere = known.first()
    if elsewhere is not None:
        raise Conflict(
            _(
                "“%(name)s” is kept already, in %(code)s as “%(known)s”. Refer to that unit, "
                "or scan the right page if this is a mistake."
            )
            % {"name": name, "code": elsewhere.unit.reference_code, "known": elsewhere.original_name}
        )


@transaction.atomic
def _commit(
    staged: Staged,
    unit: Unit,
    name: str,
    examined: Examined,
    by: User | None,
    batch: Batch | None,
) -> DigitalObject:
    """Write the row, its audit event and its job; the unit is locked so that files get different places in it."""
    Unit.objects.select_for_update().get(pk=unit.pk)
    _refuse_known(staged.sha512, unit, name)
    last = unit.digital_objects.aggregate(last=Max("ordinal"))["last"] or 0
    kept: DigitalObject = DigitalObject.objects.create(
        unit=unit,
        ordinal=last + 1,
        original_name=name,
        sha512=staged.sha512,
        size=staged.size,
        media_type=examined.media_type,
        format_name=examined.format_name,
        pronom_id=examined.pronom_id,
        identified_by=examined.identified_by,
        page_count=examined.pages,
        batch=batch,
    )
    audit.append(
        "ingest",
        kept,
        by=by,
        batch=batch,
        after={
            "unit": unit.reference_code,
            "name": name,
            "sha512": staged.sha512,
            "size": staged.size,
            "media_type": examined.media_type,
            "format": examined.pronom_id or examined.format_name,
            "pages": examined.pages,
        },
    )
    jobs.open_job(kept, by=by, batch=batch)
    return kept

"""A watched folder: what is put there is taken in when it has stopped changing, and nothing is stranded or doubled.

A look goes through the whole folder, so it needs no memory of what it missed. A file is taken only when its size and
moment of change are the same as at an earlier look, and only together with all files of its unit, so that pages come in
order. What was taken in moves to ``taken/``, what was refused to ``refused/`` with a text that says why; both only
after the database has it. Killed in between, the next look finds the file again, is told that it is there already, and
moves it.
"""

import fcntl
import hashlib
import logging
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.models import Batch, Unit
from core.errors import ArchiveError, Conflict, Unavailable
from media import ingest
from media.intake import catalogue, names, plan
from media.intake.delivery import Entry, Placed, Plan, PlannedFile
from media.intake.findings import Code
from media.models import DigitalObject, SeenFile

logger = logging.getLogger(__name__)

TAKEN: Final = "taken"
REFUSED: Final = "refused"
STILL: Final = timedelta(seconds=5)
"""So long a file must not have changed between two looks."""

LONGEST_PATH: Final = 1000

State = SeenFile.State


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did: files taken in (or found to be there already), refused, still changing or held back."""

    taken: int = 0
    refused: int = 0
    waiting: int = 0


def folder() -> Path | None:
    """The watched folder of this platform; None where none is watched."""
    watched: Path | None = settings.ARCHIVE_WATCHED_FOLDER
    return watched


def look(watched: Path, *, still: timedelta = STILL) -> Looked:
    """Look through the folder once and take in what is ready.

    Raises:
        Unavailable: the folder is not there or cannot be read.
        Conflict: another process watches it.
    """
    with _alone(watched):
        files = dict(_files(watched))
        seen = _notice(files, still)
        ready = [path for path, is_still in seen.items() if is_still]
        waiting = [path for path, is_still in seen.items() if not is_still]
        outline = plan.draw_up(Entry(path, files[path].st_size, watched / path) for path in ready)
        held = _units_of(waiting)
        came = _take(outline, watched, files, held)
        aside = _put_aside(outline, watched, files)
        _forget_gone(files)
    taken, refused = came.taken + aside.taken, came.refused + aside.refused
    return Looked(taken, refused, len(files) - taken - refused)


def recent(limit: int = 20) -> list[SeenFile]:
    """The files of the watched folder that were seen last."""
    return list(SeenFile.objects.select_related("digital_object__unit").order_by("-seen_at", "path")[:limit])


def _files(watched: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file below the folder with its state, but for hidden ones, links, and what has been dealt with."""
    try:
        found = sorted(watched.iterdir())
    except OSError as fault:
        raise Unavailable(
            _("The watched folder %(folder)s cannot be read (%(reason)s). Check that it is mounted.")
            % {"folder": watched, "reason": fault.strerror or type(fault).__name__}
        ) from fault
    for top in found:
        if top.name in {TAKEN, REFUSED} or top.name.startswith(".") or top.is_symlink():
            continue
        yield from _below(top, watched)


def _below(top: Path, watched: Path) -> Iterator[tuple[str, os.stat_result]]:
    inside = [top] if top.is_file() else top.rglob("*")
    for path in inside:
        relative = path.relative_to(watched)
        if any(part.startswith(".") for part in relative.parts) or path.is_symlink():
            continue
        try:
            state = path.stat()
        except OSError:
            # It went away, or cannot be looked at now; the next look sees.
            continue
        if path.is_file():
            yield str(relative), state


def _notice(files: dict[str, os.stat_result], still: timedelta) -> dict[str, bool]:
    """Write down how each file looks; whether it has looked so for long enough."""
    now = timezone.now()
    kept = {_kept_path(path) for path in files}
    known = {row.path: row for some in catalogue.in_parts(kept) for row in SeenFile.objects.filter(path__in=some)}
    fresh, changed, looks = [], [], {}
    for path, state in files.items():
        shown = _kept_path(path)
        row = known.get(shown)
        if row is None:
            fresh.append(SeenFile(path=shown, size=state.st_size, modified_ns=state.st_mtime_ns, seen_at=now))
            looks[path] = False
        elif (row.size, row.modified_ns) != (state.st_size, state.st_mtime_ns) or row.state != State.CHANGING:
            row.size, row.modified_ns, row.seen_at = state.st_size, state.st_mtime_ns, now
            row.state, row.message, row.digital_object = State.CHANGING, "", None
            changed.append(row)
            looks[path] = False
        else:
            looks[path] = now - row.seen_at >= still
    SeenFile.objects.bulk_create(fresh, batch_size=500)
    SeenFile.objects.bulk_update(
        changed, ["size", "modified_ns", "seen_at", "state", "message", "digital_object"], batch_size=200
    )
    return looks


def _units_of(paths: Iterable[str]) -> set[int]:
    """The units that files belong to which are still changing: their other files wait for them."""
    read = [(Entry(path, 0), names.read(path)) for path in paths]
    units = catalogue.units_by_code(code for _entry, name in read for code in name.codes)
    places = (plan.place(entry, name, units) for entry, name in read)
    return {place.row.pk for place in places if isinstance(place, Placed)}


def _take(outline: Plan, watched: Path, files: dict[str, os.stat_result], held: set[int]) -> Looked:
    """Take in what is ready, unit by unit; where the storage fails the rest waits for the next look."""
    ready = [file for file in outline.files if file.unit_id not in held]
    if not ready:
        return Looked()
    label = f"{watched.name} {timezone.localtime():%Y-%m-%d %H:%M:%S}"
    batch = Batch.objects.create(type=Batch.Type.INGEST, label=label[:200])
    units = Unit.objects.select_related("record").in_bulk({file.unit_id for file in ready})
    taken = refused = 0
    for file in ready:
        path = file.entry.name
        if not _is_same(watched / path, files[path]):
            continue
        try:
            state, message, kept = _received(file, watched / path, units[file.unit_id], batch)
        except Unavailable as fault:
            _say(path, State.CHANGING, fault.message)
            logger.warning("A file of the watched folder has to wait: the storage is not available")
            break
        _settle(watched, path, files, state, message, kept)
        taken += state == State.TAKEN
        refused += state == State.REFUSED
    if not batch.digital_objects.exists():
        batch.delete()
    return Looked(taken, refused)


def _received(
    file: PlannedFile, path: Path, unit: Unit, batch: Batch
) -> tuple[SeenFile.State, str, DigitalObject | None]:
    """Take one file in: what became of it, and the sentence.

    Raises:
        Unavailable: the storage cannot take it now.
    """
    try:
        kept = ingest.receive(ingest.from_path(path, file.name), unit=unit, by=None, batch=batch)
    except ingest.AlreadyThere as known:
        return State.TAKEN, known.message, known.digital_object
    except Unavailable:
        raise
    except ArchiveError as fault:
        return State.REFUSED, fault.message, None
    return State.TAKEN, ingest.said_of(kept), kept


def _put_aside(outline: Plan, watched: Path, files: dict[str, os.stat_result]) -> Looked:
    """Move away what the plan leaves outside; a file that is there already counts as taken."""
    reasons: dict[str, list[str]] = {}
    there: set[str] = set()
    closed: set[str] = set()
    for finding in outline.findings:
        if finding.stops_file:
            reasons.setdefault(finding.file, []).append(f"{finding.message} {finding.remedy}")
        if finding.code == Code.ALREADY_THERE:
            there.add(finding.file)
        if finding.stops_all and "/" in finding.file:
            closed.add(finding.file.split("/")[0])
    taken = refused = 0
    for path in files:
        shown = names.visible(path)
        why = reasons.get(shown, [])
        if not why and shown.split("/")[0] in closed:
            why = [_("Another file of this folder carries a mark of secrecy. Nothing of the folder is taken in.")]
        if why and (watched / path).exists():
            state = State.TAKEN if shown in there else State.REFUSED
            _settle(watched, path, files, state, "\n".join(why))
            taken += state == State.TAKEN
            refused += state == State.REFUSED
    return Looked(taken, refused)


def _settle(
    watched: Path,
    path: str,
    files: dict[str, os.stat_result],
    state: SeenFile.State,
    message: str,
    kept: DigitalObject | None = None,
) -> None:
    """Write down what became of a file, then move it; one that has changed meanwhile is looked at anew."""
    _say(path, state, message, kept)
    place = watched / (TAKEN if state == State.TAKEN else REFUSED) / path
    if not _is_same(watched / path, files[path]):
        _say(path, State.CHANGING, "")
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place = _free(place)
        if state == State.REFUSED:
            note = _free(place.with_name(f"{place.name[:50]}.txt"))
            with note.open("x", encoding="utf-8", errors="replace") as stream:
                stream.write(f"{names.visible(path)}\n{message}\n")
        (watched / path).rename(place)
    except OSError as fault:
        # It stays where it is; the next look finds it, is told that it is there already, and tries again.
        logger.warning("A file of the watched folder could not be moved: %s", fault.strerror)


def _say(path: str, state: SeenFile.State, message: str, kept: DigitalObject | None = None) -> None:
    SeenFile.objects.filter(path=_kept_path(path)).update(
        state=state, message=message, digital_object=kept, seen_at=timezone.now()
    )


def _forget_gone(files: dict[str, os.stat_result]) -> None:
    """Rows of files that were taken away again while they changed say nothing any more."""
    there = {_kept_path(path) for path in files}
    gone = [
        pk for pk, path in SeenFile.objects.filter(state=State.CHANGING).values_list("pk", "path") if path not in there
    ]
    for some in catalogue.in_parts(gone):
        SeenFile.objects.filter(pk__in=some).delete()


def _kept_path(path: str) -> str:
    """A path as its row keeps it: every character can be stored, the length is bounded, different paths differ."""
    shown = names.visible(path)
    if shown == path:
        return shown
    digest = hashlib.sha256(path.encode(errors="surrogatepass")).hexdigest()
    return f"{shown[: LONGEST_PATH - len(digest) - 1]}…{digest}"


def _is_same(path: Path, state: os.stat_result) -> bool:
    """Whether it is the file that was looked at, and no link or device that was put in its place since."""
    try:
        now = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(now.st_mode) and (now.st_size, now.st_mtime_ns) == (state.st_size, state.st_mtime_ns)


def _free(place: Path) -> Path:
    """The place itself, or one beside it where a file of that name lies already."""
    number = 2
    free = place
    while os.path.lexists(free):
        free = place.with_name(f"{place.stem} ({number}){place.suffix}")
        number += 1
    return free


@contextmanager
def _alone(watched: Path) -> Iterator[None]:
    """Two processes do not look at the same time."""
    home = Path(settings.ARCHIVE_HOME)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "watching.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Conflict(
                _("Another process watches %(folder)s already. Stop one of them.") % {"folder": watched}
            ) from fault
        yield

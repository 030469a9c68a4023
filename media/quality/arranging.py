"""Bring pages to their place: move them within their unit, divide a unit in two, join two units.

The places of pages are unique within a unit, so they change in two strokes: first out of the way, then to their new
place. Whatever cites a page by its number goes with it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, catalogue
from archive.models import Evidence, Level, Record, Unit
from archive.signals import records_changed
from archive.writing import Draft
from core.errors import Conflict, InvalidInput, NotFound
from media import jobs, signals
from media.models import DigitalObject, Job, JobStep, Page
from media.quality import actions, units
from media.quality.actions import Action

_AWAY: Final = 10_000_000
"""Added to the numbers of pages while they change places."""

_AT_ONCE: Final = 500
_ENDING: Final = re.compile(r"(\d+)(\D*)$")
_MOST_CODES: Final = 10_000


@transaction.atomic
def move(page: Page, to: int, *, by: User | None) -> Page:
    """Give a page another place in its unit; the pages between move up or down by one.

    Raises:
        NotPermitted: this person may not digitise.
        InvalidInput: the unit has no such place.
    """
    access.require(by, "ingest", page.unit.record)
    page = actions.locked(page)
    actions.locked_units(page.unit)
    last = page.unit.pages.aggregate(last=Max("number"))["last"] or 0
    if not 1 <= to <= last:
        raise InvalidInput(_("The unit has the pages 1 to %(last)d; choose a place among them.") % {"last": last})
    before = page.number
    if before != to:
        shift(page, to)
        actions.write(Action.MOVE, page, by=by, before={"number": before}, after={"number": to})
        settle([page.unit])
    page.refresh_from_db()
    return page


@transaction.atomic
def split(page: Page, *, by: User | None, into: Unit | None = None, title: str = "") -> Unit:
    """Let the pages from this one on go to another unit: ``into``, where they follow its pages, or a new one.

    A new unit stands beside this one, is a draft, and bears ``title`` and the next free reference code.

    Raises:
        NotPermitted: this person may not digitise or describe.
        InvalidInput: it is the first page; the unit would be left empty.
        Conflict: the unit can have no neighbour, or the other unit is more open than this one or holds the same file.
    """
    access.require(by, "ingest", page.unit.record)
    page = actions.locked(page)
    if not page.unit.pages.filter(number__lt=page.number).exists():
        raise InvalidInput(_("This is the first page: the unit would be left empty. Choose a later page."))
    target = into if into is not None else _new_neighbour(page.unit, title, by)
    source, target = actions.locked_units(page.unit, target)
    refuse_more_open(source, target)
    moved = list(source.pages.filter(number__gte=page.number).order_by("number").values_list("pk", flat=True))
    files = hand_over(moved, source, target)
    actions.write(
        Action.SPLIT,
        page,
        by=by,
        before={"unit": source.pk, "number": page.number, **_openness(source)},
        after={"unit": target.pk, "pages": moved, "files": files},
    )
    settle([source, target])
    return target


@transaction.atomic
def merge(unit: Unit, *, by: User | None) -> Unit:
    """Let all pages of the following unit join this one, behind its pages; answer the unit that was emptied.

    The description of the other unit stays, for only a person can say what is to become of it.

    Raises:
        NotPermitted: this person may not digitise.
        NotFound: no unit with pages follows.
        Conflict: this unit is more open than the other, or both hold the same file.
    """
    access.require(by, "ingest", unit.record)
    following = neighbour(unit)
    if following is None:
        raise NotFound(_("No unit with pages follows this one, so there is nothing to join."))
    first = actions.locked(following.pages.order_by("number")[0])
    source, target = actions.locked_units(following, unit)
    refuse_more_open(source, target)
    moved = list(source.pages.order_by("number").values_list("pk", flat=True))
    files = hand_over(moved, source, target)
    actions.write(
        Action.MERGE,
        first,
        by=by,
        before={"unit": source.pk, "number": first.number, **_openness(source)},
        after={"unit": target.pk, "pages": moved, "files": files},
    )
    settle([source, target])
    return source


def neighbour(unit: Unit) -> Unit | None:
    """The next unit of the same level beside this one that has pages, in the order of reference codes."""
    parent = Unit.objects.get_parent(unit)
    if parent is None:
        return None
    beside = Unit.objects.get_children(parent).filter(level=unit.level, pages__isnull=False).distinct()
    ordered = list(beside.order_by("reference_sort", "pk").values_list("reference_sort", "pk"))
    own = (unit.reference_sort, unit.pk)
    after = [key for key in ordered if tuple(key) > own]
    found: Unit | None = Unit.objects.select_related("record").get(pk=after[0][1]) if after else None
    return found


def shift(page: Page, to: int) -> None:
    """Change the places within a unit, and what cites them, in the caller's transaction."""
    unit, before = page.unit, page.number
    step = 1 if to < before else -1
    between = (to, before - 1) if to < before else (before + 1, to)
    others = Page.objects.filter(unit=unit, number__range=between)
    changed = [page.pk, *others.values_list("pk", flat=True)]
    places = {number: (unit.pk, number + step) for number in range(between[0], between[1] + 1)}
    Page.objects.filter(pk=page.pk).update(number=to + _AWAY)
    others.update(number=F("number") + _AWAY + step)
    Page.objects.filter(unit=unit, number__gt=_AWAY).update(number=F("number") - _AWAY)
    _follow_citations(unit, {**places, before: (unit.pk, to)})
    _tell(changed)


def hand_over(moved: Sequence[int], source: Unit, target: Unit, *, start: int | None = None) -> list[int]:
    """Give pages to another unit, behind its pages or from place ``start`` on; the files that went with them whole.

    Files of which a part stays remain with their unit. In the caller's transaction.

    Raises:
        Conflict: the other unit holds one of the files already.
    """
    last = target.pages.aggregate(last=Max("number"))["last"] or 0
    first = last + 1 if start is None else start
    rows = list(Page.objects.filter(pk__in=moved).order_by("number"))
    files = sorted({row.digital_object_id for row in rows})
    places = {row.number: (target.pk, first + offset) for offset, row in enumerate(rows)}
    for row in rows:
        row.number, row.unit = places[row.number][1], target
    Page.objects.bulk_update(rows, ["unit", "number"], batch_size=_AT_ONCE)
    whole = [file for file in files if not Page.objects.filter(digital_object=file).exclude(unit=target).exists()]
    _move_files(whole, target)
    _follow_citations(source, places)
    _tell(moved)
    return whole


def _move_files(files: Sequence[int], target: Unit) -> None:
    last = target.digital_objects.aggregate(last=Max("ordinal"))["last"] or 0
    try:
        with transaction.atomic():
            for offset, file in enumerate(files, start=1):
                DigitalObject.objects.filter(pk=file).exclude(unit=target).update(unit=target, ordinal=last + offset)
    except IntegrityError as fault:
        raise Conflict(
            _("%(code)s holds one of these files already. Look for pages that were scanned twice.")
            % {"code": target.reference_code}
        ) from fault


def _follow_citations(unit: Unit, places: Mapping[int, tuple[int, int]]) -> None:
    """Evidence names a page by unit and number: it goes where the page goes."""
    rows = [row for row in Evidence.objects.filter(unit=unit, page__isnull=False) if row.page in places]
    for row in rows:
        row.unit_id, row.page = places[row.page or 0]
    Evidence.objects.bulk_update(rows, ["unit", "page"], batch_size=_AT_ONCE)
    if rows:
        records_changed.send(sender=Record, record_ids=sorted({row.record_id for row in rows}))


def _tell(page_ids: Iterable[int]) -> None:
    """The index holds the pages under their unit and number."""
    keys = list(page_ids)
    for start in range(0, len(keys), _AT_ONCE):
        signals.pages_changed.send(sender=Page, page_ids=keys[start : start + _AT_ONCE])


def settle(changed: Sequence[Unit]) -> None:
    """Documents are put together anew, and the pages are looked at together again."""
    for unit in changed:
        jobs.reassemble(unit)
        _reassemble_with_neighbour(unit)
        units.check_unit(unit)
    records_changed.send(sender=Record, record_ids=[unit.record_id for unit in changed])


def _reassemble_with_neighbour(unit: Unit) -> None:
    """A unit that holds a part of a file has no job of its own: the job of that file makes its document, too."""
    parts = Job.objects.filter(digital_object__pages__unit=unit).exclude(digital_object__unit=unit)
    job = parts.exclude(state__in=jobs.HELD).order_by("-pk").first()
    if job is None:
        return
    job = jobs.locked(job.pk)
    is_under_way = job.steps.exclude(name=JobStep.Name.ASSEMBLE).filter(state__in=jobs.OPEN).exists()
    if job.state not in jobs.HELD and not is_under_way:
        jobs.add(job, JobStep.Name.ASSEMBLE, [None], again=True)
        jobs.settle(job.pk)


def refuse_more_open(source: Unit, target: Unit) -> None:
    """Pages never become visible to more people by being moved: opening is decided elsewhere, and by others (L-02)."""
    held, wanted = source.record, target.record
    is_wider = wanted.public_scope > held.public_scope
    is_sooner = wanted.public_scope > 0 and wanted.closed_until < held.closed_until
    if is_wider or is_sooner:
        raise Conflict(
            _("%(code)s is more open than the unit of these pages: they would become public. Withdraw it first.")
            % {"code": target.reference_code}
        )


def refuse_if_opened(unit: Unit, before: Mapping[str, Any]) -> None:  # Any: what JSON holds
    """Pages go back only to a unit that is no more open than it was when they left it.

    Raises:
        Conflict: it has been opened since.
    """
    now = _openness(unit)
    if now["public_scope"] > before["public_scope"] or now["closed_until"] < before["closed_until"]:
        raise Conflict(
            _("%(code)s has been opened since: the pages would become public. Withdraw it first.")
            % {"code": unit.reference_code}
        )


def _openness(unit: Unit) -> dict[str, Any]:
    return {"public_scope": unit.record.public_scope, "closed_until": unit.record.closed_until.isoformat()}


def _new_neighbour(unit: Unit, title: str, by: User | None) -> Unit:
    """A draft beside this unit, described like it as far as it goes."""
    parent = Unit.objects.get_parent(unit)
    if parent is None or unit.level not in {Level.FILE, Level.ITEM}:
        raise Conflict(_("Only files and items can be divided; this unit has no place beside it."))
    like = unit.record
    record = Record(
        title_zh=title.strip() or _continued(like.title_zh),
        date_expression=like.date_expression,
        date_edtf=like.date_edtf,
        date_earliest=like.date_earliest,
        date_latest=like.date_latest,
        own_closed_until=like.own_closed_until,
        closure_reason=like.closure_reason,
    )
    detail = Unit(
        level=unit.level,
        repository_code=unit.repository_code,
        reference_code=_next_code(unit),
        code_profile=unit.code_profile,
        language=unit.language,
        retention=unit.retention,
        personal_information=unit.personal_information,
    )
    return catalogue.create(Draft(record, detail=detail), parent=parent, by=by)


def _continued(title: str) -> str:
    """The title of a part that was divided off, in the language of the catalogue."""
    return f"{title[:490]}（分件）"


def _next_code(unit: Unit) -> str:
    """The reference code after those of the neighbours: the last number counts on, with as many digits."""
    hit = _ENDING.search(unit.reference_code)
    stem = unit.reference_code[: hit.start()] if hit else f"{unit.reference_code}-"
    digits, number = (len(hit[1]), int(hit[1])) if hit else (1, 1)
    taken = set(
        Unit.objects.filter(repository_code=unit.repository_code, reference_code__startswith=stem).values_list(
            "reference_code", flat=True
        )
    )
    for following in range(number + 1, number + _MOST_CODES):
        code = f"{stem}{following:0{digits}d}{hit[2] if hit else ''}"
        if code not in taken:
            return code
    raise Conflict(_("No reference code is free after %(code)s.") % {"code": unit.reference_code})

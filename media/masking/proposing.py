"""Candidates on a page and in a description: found on the present text, never again where a person has decided."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import models
from django.utils.translation import gettext as _

from archive.models import Kind, Record
from media.lines import TextLine
from media.masking import covering, detectors
from media.masking.folding import Found, bare
from media.models import Mask, Page, PageText

LONGEST = 300


def current_text(page: Page) -> PageText | None:
    """The current text of a page, if it has been read."""
    return page.texts.filter(is_current=True).first()


def plan(page: Page, text: PageText, masks: Iterable[Mask]) -> tuple[list[Mask], list[Mask]]:
    """Which of the masks of a page stay with this text, and which candidates are new; nothing is written.

    What a person has decided or drawn stays. A candidate that nobody has looked at stays only if it is found again.
    """
    of_people, waiting = [], {}
    for mask in masks:
        if mask.decision != Mask.Decision.OPEN or mask.found_by_id is not None:
            of_people.append(mask)
        else:
            waiting[_same(mask)] = mask
    lines = text.text_lines()
    again, new = [], []
    for each in detectors.detect(text.text, lines, day_of(page.unit.record)):
        if any(_is_known(each, mask, text.text) for mask in of_people):
            continue
        fresh = _mask(page, text.text, lines, each)
        before = waiting.get(_same(fresh))
        if before is None:
            new.append(fresh)
        else:
            before.boxes = fresh.boxes
            again.append(before)
    return of_people + again, new


def propose(page: Page, text: PageText) -> None:
    """Write the candidates of a page, in the caller's transaction: new ones, without those that are gone."""
    kept, new = plan(page, text, page.masks.all())
    page.masks.exclude(pk__in=[mask.pk for mask in kept]).delete()
    Mask.objects.bulk_create(new)
    Mask.objects.bulk_update([mask for mask in kept if mask.decision == Mask.Decision.OPEN], ["boxes"])


def look_at_record(record: Record) -> list[Mask]:
    """The undecided candidates in the fields of a description, written down and returned; what is gone is forgotten."""
    known = list(record.masks.all())
    decided = {(mask.field, bare(mask.written)) for mask in known if mask.decision != Mask.Decision.OPEN}
    waiting = {(mask.field, *_same(mask)): mask for mask in known if mask.decision == Mask.Decision.OPEN}
    kept: list[Mask] = []
    new: list[Mask] = []
    for field, each, written in in_description(record):
        if (field, bare(written)) in decided:
            continue
        mask = Mask(
            record=record,
            field=field,
            rule=each.rule,
            start=each.start,
            end=each.end,
            written=written[:LONGEST],
            certainty=each.certainty,
        )
        before = waiting.get((field, *_same(mask)))
        (new if before is None else kept).append(before or mask)
    record.masks.undecided().exclude(pk__in=[mask.pk for mask in kept]).delete()
    return kept + Mask.objects.bulk_create(new)


def undecided_fields(record: Record) -> list[tuple[str, Mask.Rule]]:
    """Fields that hold something private on which nobody has decided, and its kind, by the fields as they are now."""
    shown = record.masks.filter(decision=Mask.Decision.SHOWN).values_list("field", "written")
    decided = {(field, bare(written)) for field, written in shown}
    return [
        (field, each.rule) for field, each, written in in_description(record) if (field, bare(written)) not in decided
    ]


def in_description(record: Record) -> list[tuple[str, Found, str]]:
    """What may be private in the fields of a record: the field, the place, what is written there."""
    day = day_of(record)
    return [
        (field, each, text[each.start : each.end])
        for field, text in fields_of(record).items()
        for each in detectors.detect(text, day=day)
    ]


def fields_of(record: Record) -> Mapping[str, str]:
    """The texts that describe a record, by the name of their field; those of its kind and its claims, too."""
    found = _texts(record, ("title_zh", "title_en", "summary_zh", "summary_en", "note"))
    if record.kind in Kind.values:
        detail = record.detail
        names = [
            field.name
            for field in detail._meta.get_fields()
            if isinstance(field, models.CharField | models.TextField) and field.editable and not field.choices
        ]
        found |= _texts(detail, names)
    for claim in record.evidence.all():
        found |= {f"claim {claim.position}": claim.claim_zh} if claim.claim_zh else {}
    return found


def label_of(record: Record, field: str) -> str:
    """A field as people know it, by the name that `fields_of` gives it."""
    for row in (record, record.detail):
        if any(each.name == field for each in row._meta.get_fields()):
            return str(getattr(row._meta.get_field(field), "verbose_name", field))
    return field.replace("claim", _("claim"))


def day_of(record: Record) -> dt.date | None:
    """The last day of a record's date."""
    return record.date_latest or record.date_earliest


def _texts(row: models.Model, names: Iterable[str]) -> dict[str, str]:
    return {name: value for name in names if isinstance(value := getattr(row, name), str) and value}


def _mask(page: Page, text: str, lines: Sequence[TextLine], each: Found) -> Mask:
    return Mask(
        page=page,
        rule=each.rule,
        start=each.start,
        end=each.end,
        boxes=covering.place_of(lines, each.start, each.end),
        written=text[each.start : each.end][:LONGEST],
        certainty=each.certainty,
    )


def _same(mask: Mask) -> tuple[str, int | None, int | None, str]:
    """What a candidate that is found twice has in common."""
    return mask.rule, mask.start, mask.end, mask.written


def _is_known(each: Found, mask: Mask, text: str) -> bool:
    """Whether a person has decided on this place: it lies in the mask, and what was shown still stands there."""
    if mask.start is None or mask.end is None:
        return False
    is_covered = mask.start <= each.start and each.end <= mask.end
    if mask.decision == Mask.Decision.SHOWN:
        return bare(mask.written) == bare(text[mask.start : mask.end]) and is_covered
    return is_covered

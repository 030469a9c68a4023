"""What people decide: masked or shown, one by one or all alike, boxes drawn by hand, taking it back (L-23 to L-25)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit
from archive.models import Record
from core.errors import Conflict, InvalidInput
from media import jobs
from media.lines import Box
from media.masking import covering, proposing, redrawing, renewing
from media.masking.folding import bare, fold
from media.models import JobStep, Mask, Page, PageQuerySet, PageText

Decision = Mask.Decision
SHORTEST_ALIKE = 2
_BETWEEN = r"[\s\-]{0,3}"


@dataclass(frozen=True, slots=True)
class Place:
    """A place where the same stands: its page, its characters, the words around it, and its mask if there is one."""

    page: Page
    start: int
    end: int
    before: str
    written: str
    after: str
    mask: Mask | None

    @property
    def key(self) -> str:
        """What names the place in a form."""
        return f"{self.page.pk}-{self.start}-{self.end}"


@transaction.atomic
def decide(mask: Mask, decision: Mask.Decision, *, by: User | None, reason: str = "") -> Mask:
    """Decide on one candidate, or otherwise than before.

    Raises:
        NotPermitted: this person may not mask.
        InvalidInput: a field of a description cannot be masked, or nothing was decided.
    """
    if decision == Decision.OPEN:
        raise InvalidInput(_("Decide for “masked” or for “shown”."))
    if mask.record_id is not None and decision == Decision.MASKED:
        raise InvalidInput(_("A description is not masked: change the text of the field, or decide that it is shown."))
    page = _locked_page(mask)
    before = redrawing.boxes_now(page) if page is not None else []
    mask = _write(mask, decision, by=by, reason=reason)
    if page is not None:
        renewing.renew_after_decision(page, before)
    return mask


def alike(mask: Mask) -> list[Place]:
    """Every place in the document where the same stands that ``mask`` lies on, however it is spaced, in page order.

    What is in quarantine is not shown (L-18).
    """
    sought = bare(mask.written)
    if mask.page is None or len(sought) < SHORTEST_ALIKE:
        return []
    pattern = re.compile(_BETWEEN.join(map(re.escape, sought)), re.IGNORECASE)
    texts = PageText.objects.filter(
        page__unit=mask.page.unit_id, page__digital_object__quarantined_at__isnull=True, is_current=True
    ).select_related("page__unit__record")
    places = []
    for text in texts.order_by("page__number"):
        masks = list(text.page.masks.all())
        for found in pattern.finditer(fold(text.text)):
            start, end = found.span()
            over = next((each for each in masks if _lies_on(each, start, end)), None)
            around = (text.text[max(start - 12, 0) : start], text.text[start:end], text.text[end : end + 12])
            places.append(Place(text.page, start, end, *around, over))
    return places


@transaction.atomic
def decide_all(
    places: Iterable[Place],
    decision: Mask.Decision,
    *,
    by: User | None,
    reason: str = "",
    rule: Mask.Rule | None = None,
) -> int:
    """Decide alike on places that `alike` found, marking those that had no mask; how many that were.

    Raises:
        NotPermitted, InvalidInput: as `decide`.
    """
    count = 0
    for place in places:
        mask = place.mask
        if mask is None:
            if decision != Decision.MASKED:
                continue
            page = _may(place.page, by)
            text = proposing.current_text(page)
            if text is None or bare(text.text[place.start : place.end]) != bare(place.written):
                raise Conflict(_("The text of page %(number)d has changed. Look again.") % {"number": page.number})
            mask = Mask.objects.create(
                page=page,
                rule=rule or Mask.Rule.BY_HAND,
                start=place.start,
                end=place.end,
                boxes=covering.place_of(text.text_lines(), place.start, place.end),
                written=place.written[: proposing.LONGEST],
                found_by=by,
            )
            renewing.renew(page)
        if mask.decision != decision:
            decide(mask, decision, by=by, reason=reason)
            count += 1
    return count


@transaction.atomic
def mark_by_hand(
    page: Page,
    *,
    boxes: Sequence[Box] = (),
    start: int | None = None,
    end: int | None = None,
    by: User | None,
    reason: str = "",
) -> Mask:
    """Mask what no detector found: boxes on the image, or characters of the current text; decided at once.

    Raises:
        NotPermitted: this person may not mask.
        InvalidInput: there is nothing under the mark, or it lies outside the page.
    """
    page = _may(page, by)
    text = proposing.current_text(page)
    lines = text.text_lines() if text is not None else []
    if start is not None and end is not None:
        if text is None or not 0 <= start < end <= len(text.text):
            raise InvalidInput(_("Mark characters of the text of this page."))
        places = covering.place_of(lines, start, end)
    else:
        kept = [box for each in boxes if (box := covering.clipped(each, page.width, page.height)).w and box.h]
        if not kept:
            raise InvalidInput(_("Draw a box on the page: it lies outside, or has no size."))
        places = [[box.x, box.y, box.w, box.h] for box in kept]
        under = covering.range_under(lines, kept[0]) if len(kept) == 1 else None
        start, end = under or (None, None)
    written = text.text[start:end] if text is not None and start is not None else ""
    mask = Mask.objects.create(
        page=page,
        rule=Mask.Rule.BY_HAND,
        start=start,
        end=end,
        boxes=places,
        written=written[: proposing.LONGEST],
        found_by=by,
    )
    mask = _write(mask, Decision.MASKED, by=by, reason=reason)
    renewing.renew(page)
    return mask


@transaction.atomic
def undo(mask: Mask, *, by: User | None) -> Mask | None:
    """Take a decision back: the candidate is open again; what was drawn by hand is gone (None).

    Raises:
        NotPermitted: this person may not mask.
        Conflict: nothing has been decided.
    """
    if mask.decision == Decision.OPEN:
        raise Conflict(_("Nothing has been decided here that could be taken back."))
    page = _locked_page(mask)
    before = redrawing.boxes_now(page) if page is not None else []
    access.require(by, "mask", _record(mask))
    audit.append(
        "mask taken back",
        mask,
        by=by,
        before={"decision": mask.decision, "reason": mask.reason},
        after={"rule": mask.rule},
    )
    if mask.found_by_id is not None:
        mask.delete()
    else:
        mask.decision, mask.reason, mask.decided_by, mask.decided_at = Decision.OPEN, "", None, None
        mask.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    if page is not None:
        renewing.renew_after_decision(page, before)
    return mask if mask.pk is not None else None


@transaction.atomic
def clear(page: Page, *, by: User | None) -> None:
    """Say of a page that no machine could read that there is nothing on it to mask.

    Raises:
        NotPermitted: this person may not mask.
        Conflict: the page has been read, or something on it is masked.
    """
    page = _may(page, by)
    if proposing.current_text(page) is not None or page.masks.hiding().exists():
        raise Conflict(_("This page has been read; decide on its candidates instead."))
    audit.append("looked at", page, by=by, after={"masks": 0})
    redrawing.record(page, drawn=[])
    redrawing.tell(page)


def unread_pages() -> PageQuerySet:
    """Pages that stay closed because nobody, man or machine, has looked at what stands on them."""
    closed = Page.objects.filter(is_masked=True, redrawn_at__isnull=True, derived_at__isnull=False)
    has_text = Exists(PageText.objects.filter(page=OuterRef("pk"), is_current=True))
    has_mask = Exists(Mask.objects.filter(page=OuterRef("pk")))
    under_way = Exists(JobStep.objects.filter(page=OuterRef("pk"), state__in=jobs.OPEN))
    return closed.exclude(has_text).exclude(has_mask).exclude(under_way)


def _write(mask: Mask, decision: Mask.Decision, *, by: User | None, reason: str) -> Mask:
    access.require(by, "mask", _record(mask))
    before = {"decision": mask.decision}
    mask.decision, mask.reason = decision, reason.strip()[: proposing.LONGEST]
    mask.decided_by, mask.decided_at = by, timezone.now()
    mask.full_clean(exclude=["page", "record", "boxes", "written"])
    mask.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
    # Never what stands there: the trail of events outlives the page.
    after = {"decision": decision, "rule": mask.rule, "reason": mask.reason, "page": mask.page_id, "field": mask.field}
    audit.append("mask", mask, by=by, before=before, after=after)
    return mask


def _record(mask: Mask) -> Record:
    if mask.page is not None:
        record: Record = mask.page.unit.record
        return record
    assert mask.record is not None, "a mask lies on a page or in a record (constraint)"
    return mask.record


def _may(page: Page, by: User | None) -> Page:
    """The page, locked, if ``by`` may mask on it."""
    row = redrawing.locked(page.pk)
    access.require(by, "mask", row.unit.record)
    return row


def _locked_page(mask: Mask) -> Page | None:
    return redrawing.locked(mask.page_id) if mask.page_id is not None else None


def _lies_on(mask: Mask, start: int, end: int) -> bool:
    return mask.start is not None and mask.end is not None and mask.start < end and start < mask.end

"""Take back what one did last at the light table, as long as nobody has gone on from there."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from archive import audit
from archive.models import AuditEvent, Batch, Unit
from core.errors import Conflict, NotFound
from media.models import Finding, LotPage, Page
from media.quality import actions, arranging, judging
from media.quality.actions import LABELS, UNDO, Action

_LOOKED_AT = 200

Values = Mapping[str, Any]  # Any: what JSON holds


def last(batch: Batch, *, by: User) -> AuditEvent | None:
    """The last action of this person on this batch that has not been taken back; None where there is none."""
    wanted = [*Action, UNDO]
    events = AuditEvent.objects.filter(batch=batch, actor=by, action__in=wanted).order_by("-sequence")[:_LOOKED_AT]
    undone: set[int] = set()
    for event in events:
        if event.action == UNDO:
            undone.add(int((event.after or {}).get("of", 0)))
        elif event.sequence not in undone:
            return event
    return None


@transaction.atomic
def undo(batch: Batch, *, by: User) -> str:
    """Take back the last action of this person on this batch; what was taken back, in words.

    Nobody can take back what they could not have done, for it is theirs.

    Raises:
        NotFound: there is nothing to take back.
        Conflict: the page has been changed since.
    """
    event = last(batch, by=by)
    if event is None:
        raise NotFound(_("There is nothing of yours to take back."))
    action = Action(event.action)
    page = _REVERSALS[action](event.object_key, event.before or {}, event.after or {}, by)
    audit.append(UNDO, page or batch, by=by, after={"of": event.sequence, "action": action}, batch=batch)
    return str(LABELS[action]) % {"page": page.number if page else ""}


def _page(key: str) -> Page:
    page = Page.objects.filter(pk=key).first()
    if page is None:
        raise Conflict(_("The page is not there any more."))
    return actions.locked(page)


def _changed() -> Conflict:
    return Conflict(_("It has been changed again since; set it right by hand."))


def _unjudge(key: str, before: Values, after: Values, _by: User) -> Page:
    page = _page(key)
    if page.verdict != after["verdict"]:
        raise _changed()
    Page.objects.filter(pk=page.pk).update(
        verdict=before["verdict"], judged_by=before["judged_by"], judged_at=before["judged_at"]
    )
    decided = Finding.objects.filter(pk__in=before["findings"], decision=after["findings"])
    decided.update(decision=Finding.Decision.OPEN, decided_by=None, decided_at=None)
    for row, is_good in before["drawn"]:
        LotPage.objects.filter(pk=row, lot__signed_at__isnull=True).update(is_good=is_good)
    return page


def _undecide(key: str, before: Values, after: Values, _by: User) -> Page | None:
    finding = Finding.objects.select_for_update(of=("self",)).select_related("page").filter(pk=key).first()
    if finding is None or finding.decision != after["decision"]:
        raise _changed()
    finding.decision = before["decision"]
    if finding.decision == Finding.Decision.OPEN:
        finding.decided_by, finding.decided_at = None, None
    finding.save(update_fields=["decision", "decided_by", "decided_at"])
    return finding.page


def _unturn(key: str, before: Values, after: Values, by: User) -> Page:
    page = _page(key)
    if page.turn != after["turn"]:
        raise _changed()
    judging.apply_turn(page, before["turn"], by=by)
    return page


def _unmove(key: str, before: Values, after: Values, _by: User) -> Page:
    page = _page(key)
    if page.number != after["number"]:
        raise _changed()
    actions.locked_units(page.unit)
    arranging.shift(page, before["number"])
    arranging.settle([page.unit])
    page.refresh_from_db()
    return page


def _unpart(key: str, before: Values, after: Values, _by: User) -> Page:
    """Bring the pages of a division or a union back to the places they had."""
    page = _page(key)
    units = Unit.objects.in_bulk([before["unit"], after["unit"]])
    if len(units) < 2:
        raise _changed()
    was, now = actions.locked_units(units[before["unit"]], units[after["unit"]])
    there = list(Page.objects.filter(pk__in=after["pages"], unit=now).order_by("number").values_list("pk", flat=True))
    is_free = not was.pages.filter(number__gte=before["number"]).exists()
    if there != after["pages"] or not is_free:
        raise _changed()
    arranging.refuse_if_opened(was, before)
    arranging.hand_over(there, now, was, start=before["number"])
    arranging.settle([was, now])
    page.refresh_from_db()
    return page


_REVERSALS: Mapping[Action, Callable[[str, Values, Values, User], Page | None]] = {
    Action.JUDGE: _unjudge,
    Action.DECIDE: _undecide,
    Action.TURN: _unturn,
    Action.MOVE: _unmove,
    Action.SPLIT: _unpart,
    Action.MERGE: _unpart,
}

"""Why a record cannot be opened yet: candidates on which nobody has decided, marks of secrecy (L-18, L-23)."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.models import Kind, Record
from archive.signals import opening_asked
from media.masking import incidents, proposing
from media.models import Incident, Mask, Page

SHOWN = 20
"""Pages named in one message."""


@receiver(opening_asked)
def object_to(record: Record, **_signal: Any) -> list[str]:  # Any: what Django adds to every signal
    """The reasons against opening a record, for the person who wants to open it."""
    reasons = _of_description(record)
    if record.kind == Kind.UNIT:
        reasons += _of_pages(record)
    return reasons


def _of_pages(record: Record) -> list[str]:
    reasons = []
    undecided = Mask.objects.undecided().filter(page__unit__record=record)
    numbers = sorted(set(undecided.values_list("page__number", flat=True)))
    if numbers:
        named = "、".join(map(str, numbers[:SHOWN])) + ("…" if len(numbers) > SHOWN else "")
        text = ngettext(
            "%(count)d place that may be private is not decided: page %(pages)s",
            "%(count)d places that may be private are not decided: pages %(pages)s",
            undecided.count(),
        )
        reasons.append(text % {"count": undecided.count(), "pages": named})
    of_unit = Q(digital_object__unit__record=record) | Q(digital_object__pages__unit__record=record)
    if Incident.objects.filter(of_unit, decision=Incident.Decision.OPEN).exists():
        reasons.append(_("a file of it is in quarantine because of a mark of secrecy"))
    closed = Page.objects.filter(unit__record=record, is_masked=True, redrawn_at__isnull=True, masks__isnull=True)
    if closed.exists():
        reasons.append(_("not all of its pages have been looked at yet"))
    return reasons


def _of_description(record: Record) -> list[str]:
    rules = {rule.value: str(rule.label) for rule in Mask.Rule}
    fields = sorted(
        {(proposing.label_of(record, field), rules[rule]) for field, rule in proposing.undecided_fields(record)}
    )
    reasons = [_("field “%(field)s”: %(rule)s") % {"field": field, "rule": rule} for field, rule in fields]
    marks = incidents.marks_in_description(record)
    if marks:
        reasons.append(_("mark of secrecy in the description: %(marks)s") % {"marks": "、".join(marks)})
    return reasons

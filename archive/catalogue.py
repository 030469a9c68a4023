"""Write the catalogue: create units at their place in the hierarchy."""

import dataclasses
import re

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from archive import opening, reference_codes, writing
from archive.models import CHILD_LEVELS, Batch, Kind, Level, Record, Unit
from archive.reference_codes import CodeProfile
from archive.writing import Draft
from core.errors import Conflict, InvalidInput

FORBIDDEN_MARKS = re.compile(r"(绝密|机密|秘密)\s*[★☆*]?\s*(\d+\s*年|长期|\d+\s*个月)")
"""Secrecy marks: this platform has no place for what they stand on (L-16)."""


@transaction.atomic
def create(draft: Draft, *, parent: Unit | None, by: User | None, batch: Batch | None = None) -> Unit:
    """Create the unit that ``draft`` describes (its detail is an unsaved Unit) below ``parent``, or a fonds.

    The reference code is parsed by the unit's own profile, or the profile of the fonds above it.

    Raises:
        InvalidInput: the level, the reference code or a field; the message names it and the remedy.
        Conflict: the reference code is taken.
    """
    unit = draft.detail
    if not isinstance(unit, Unit):
        raise InvalidInput(_("A unit of the catalogue needs its level and reference code."))
    _check_level(unit, parent)
    _refuse_secrets(draft.record)
    _set_code(unit, parent)
    draft.record.kind = Kind.UNIT
    if draft.record.date_latest is not None:
        unit.statutory_opening_date = opening.statutory_opening_date(draft.record.date_latest)
    record = writing.write([dataclasses.replace(draft, detail=None)], by=by, batch=batch)[0]
    unit.record = record
    tree = Unit.objects
    stored = tree.add_root(instance=unit) if parent is None else tree.add_child(parent, instance=unit)
    opening.refresh([record])
    record.refresh_from_db()
    placed: Unit = Unit.objects.select_related("record").get(pk=stored.pk)
    return placed


def _check_level(unit: Unit, parent: Unit | None) -> None:
    above = Level(parent.level) if parent is not None else None
    if unit.level not in CHILD_LEVELS[above]:
        allowed = ", ".join(str(level.label) for level in CHILD_LEVELS[above]) or "—"
        raise InvalidInput(
            _("The level “%(level)s” cannot stand here; possible: %(allowed)s.")
            % {"level": unit.get_level_display(), "allowed": allowed}
        )


def _refuse_secrets(record: Record) -> None:
    if FORBIDDEN_MARKS.search(record.title_zh):
        raise InvalidInput(_("The title bears a secrecy mark; such documents may not enter this system (L-16)."))


def _set_code(unit: Unit, parent: Unit | None) -> None:
    if not unit.code_profile:
        unit.code_profile = parent.code_profile if parent is not None else CodeProfile.LEGACY.value
    code = reference_codes.parse(unit.reference_code, CodeProfile(unit.code_profile), level=unit.level)
    unit.reference_key = code.key
    unit.reference_sort = reference_codes.sort_key(code)
    unit.reference_parts = dict(code.parts)
    taken = Unit.objects.filter(repository_code=unit.repository_code, reference_key=code.key).exists()
    if taken:
        raise Conflict(
            _("The reference code %(code)s is taken; give the unit another one.") % {"code": unit.reference_code}
        )

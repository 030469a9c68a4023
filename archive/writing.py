"""Write records with everything that belongs to them: checked first, then stored whole or not at all.

One way for one record and for thousands: a draft names the rows, ``write`` gives them keys, keeps them in one
transaction, appends the audit events and sends the news.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit, identifiers, opening
from archive.models import (
    Batch,
    Classification,
    Dimension,
    Evidence,
    Kind,
    Location,
    Mechanism,
    NameForm,
    Participation,
    Record,
    Relation,
    Scope,
    Status,
)
from archive.models.records import OPEN_SINCE_EVER
from archive.signals import records_changed
from core import text
from core.errors import ArchiveError, Conflict, InvalidInput

SHOULDER = "x1"
"""The part of every ARK name that this archive's records share."""

CHUNK = 500


@dataclass(slots=True)
class Draft:
    """A record that is to be: unsaved rows that find each other through ``write``.

    ``participations`` and ``locations`` name saved agents and places; ``evidence`` names saved units or sources;
    ``relations`` (where this record is the subject) name saved targets. Their ``record`` is filled in.
    """

    record: Record
    detail: models.Model | None = None
    dimensions: Sequence[Dimension] = ()
    mechanisms: Sequence[Mechanism] = ()
    names: list[NameForm] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    locations: list[Location] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)


def write(drafts: Sequence[Draft], *, by: User | None, batch: Batch | None = None) -> list[Record]:
    """Store new records.

    Raises:
        InvalidInput: naming the record, the field and what is wrong; nothing was stored.
        Conflict: something of the kind is there already; nothing was stored.
        NotPermitted: with the reason.
    """
    access.require(by, "describe")
    for draft in drafts:
        _prepare(draft, batch)
    for draft in drafts:
        _check(draft)
    try:
        with transaction.atomic():
            records = Record.objects.bulk_create([draft.record for draft in drafts], batch_size=CHUNK)
            _store_parts(drafts)
            entries = [audit.entry_for("create", draft.record, after=described(draft)) for draft in drafts]
            audit.append_all(entries, by=by, batch=batch)
            records_changed.send(sender=Record, record_ids=[record.pk for record in records])
    except IntegrityError as fault:
        raise _refused(drafts) from fault
    return records


def described(draft: Draft) -> dict[str, object]:
    """What the audit trail keeps of a new record: every stored value of the record and its detail."""
    after = _values(draft.record)
    if draft.detail is not None:
        after["detail"] = _values(draft.detail)
    if draft.evidence:
        after["evidence"] = [_values(row) for row in draft.evidence]
    return after


def _values(row: models.Model) -> dict[str, object]:
    skipped = {"id", "record"}
    return {
        f.attname: f.value_from_object(row)
        for f in row._meta.concrete_fields
        if f.name not in skipped and f.value_from_object(row) not in ("", None)
    }


def _prepare(draft: Draft, batch: Batch | None) -> None:
    record = draft.record
    record.ark = record.ark or identifiers.mint(settings.ARCHIVE_NAAN, SHOULDER)
    record.batch = batch
    if record.kind != Kind.UNIT:
        record.public_scope = opening.own_scope(record)
        record.closed_until = record.own_closed_until or OPEN_SINCE_EVER
        opening.note_public(record)
    if record.status == Status.PUBLISHED and record.first_published_at is None:
        record.first_published_at = timezone.now()
    for name in draft.names:
        name.key = text.fold(name.text).text


def _check(draft: Draft) -> None:
    """Check every row by its fields; constraints and keys are the database's business."""
    for row, unsaved in _rows(draft):
        try:
            row.clean_fields(exclude=unsaved)
            row.clean()
        except ValidationError as fault:
            raise InvalidInput(_explained(draft.record, row, fault)) from fault


def _rows(draft: Draft) -> list[tuple[models.Model, list[str]]]:
    """Every row of a draft with the names of its fields that point to rows without a key yet."""
    rows: list[tuple[models.Model, list[str]]] = [(draft.record, ["batch"])]
    rows += [(draft.detail, ["record"])] if draft.detail is not None else []
    linked: tuple[Sequence[models.Model], ...] = (draft.names, draft.participations, draft.locations, draft.evidence)
    return rows + [(row, ["record", "agent", "place", "unit", "source"]) for group in linked for row in group]


def _refused(drafts: Sequence[Draft]) -> ArchiveError:
    """Find out, now that the database has refused, which row of which draft broke which rule."""
    for draft in drafts:
        for row, _unsaved in _rows(draft):
            for constraint in row._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    try:
                        constraint.validate(type(row), row)
                    except ValidationError as fault:
                        return InvalidInput(_explained(draft.record, row, fault))
    names = [(draft.record.kind, draft.record.local_id) for draft in drafts if draft.record.local_id]
    for draft in drafts:
        key = (draft.record.kind, draft.record.local_id)
        taken = Record.objects.filter(kind=key[0], local_id=key[1]).exists()
        if draft.record.local_id and (taken or names.count(key) > 1):
            return Conflict(
                _("Another record of this kind has the local identifier %(id)s; give one of them another.")
                % {"id": key[1]}
            )
    return Conflict(_("The same row would be stored twice; leave one of them out."))


def _explained(record: Record, row: models.Model, fault: ValidationError) -> str:
    where = record.local_id or record.title_zh or _("(no title)")
    if hasattr(fault, "message_dict"):
        parts = [f"{_field_name(row, name)}: {' '.join(texts)}" for name, texts in fault.message_dict.items()]
    else:
        parts = fault.messages
    return _("%(record)s: %(faults)s") % {"record": where, "faults": "; ".join(str(part) for part in parts)}


def _field_name(row: models.Model, name: str) -> str:
    """What a person calls the field; the row itself for what concerns several fields."""
    named = {f.name: f.verbose_name for f in row._meta.fields}
    return str(named.get(name, row._meta.verbose_name))


def _store_parts(drafts: Sequence[Draft]) -> None:
    details: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for draft in drafts:
        if draft.detail is not None:
            setattr(draft.detail, "record", draft.record)  # noqa: B010  (every detail has it; the common base does not)
            details[type(draft.detail)].append(draft.detail)
        rows[Classification] += _classified(draft)
        parts: list[NameForm | Participation | Location | Evidence]
        parts = [*draft.names, *draft.participations, *draft.locations, *draft.evidence]
        for part in parts:
            part.record = draft.record
            rows[type(part)].append(part)
        for relation in draft.relations:
            relation.subject = draft.record
            rows[Relation].append(relation)
    for model, group in (*details.items(), *rows.items()):
        model._default_manager.bulk_create(group, batch_size=CHUNK)


def _classified(draft: Draft) -> list[models.Model]:
    scheme = Classification.Scheme
    return [
        *(
            Classification(record=draft.record, scheme=scheme.DIMENSION, term=d)
            for d in dict.fromkeys(draft.dimensions)
        ),
        *(
            Classification(record=draft.record, scheme=scheme.MECHANISM, term=m)
            for m in dict.fromkeys(draft.mechanisms)
        ),
    ]


def published(record: Record, *, scope: Scope = Scope.TEXT) -> Record:
    """Set an unsaved record to published and open up to ``scope``: for loads that bring what is public already."""
    record.status, record.opening, record.authorised_scope = Status.PUBLISHED, "open", scope
    return record

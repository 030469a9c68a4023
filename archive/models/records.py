"""Record: one row for everything that can be cited; identity, dates, status and visibility live here and only here."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive import reference_codes
from archive.models.vocabularies import (
    Confidence,
    DateBasis,
    Dimension,
    Kind,
    Mechanism,
    Opening,
    Scope,
    Status,
)

Reader = User | AnonymousUser

OPEN_SINCE_EVER = dt.date(1, 1, 1)
"""The closure date of what was never closed, so that visibility needs no NULL test."""


def visible(reader: Reader, scope: Scope = Scope.CATALOGUE, *, through: str = "") -> Q:
    """The condition that a record is visible to ``reader`` at least up to ``scope``.

    ``through`` is the path from another row to the record, such as ``unit__record__``: a join that starts from the few
    rows asked for, where ``record__in=…visible_to(…)`` would make SQLite list every visible record first.

    The answer is one indexed condition on two stored columns: ``public_scope`` already weighs status, opening mark and
    authorisation, ``closed_until`` already includes every closure from above (L-02, L-07, L-09).
    """
    if isinstance(reader, User) and reader.is_desk_member:
        return Q()
    return Q(**{f"{through}public_scope__gte": scope, f"{through}closed_until__lte": timezone.localdate()})


class RecordQuerySet(models.QuerySet["Record"]):
    """The archive's questions about records, by name."""

    def visible_to(self, reader: Reader, scope: Scope = Scope.CATALOGUE) -> Self:
        """Records ``reader`` may see at least up to ``scope``; every read for a person starts here."""
        return self.filter(visible(reader, scope))

    def withdrawn(self) -> Self:
        """Records that were public once and left a tombstone (L-08)."""
        return self.filter(status=Status.WITHDRAWN, was_public=True)

    def of_kind(self, *kinds: Kind) -> Self:
        """Records of these kinds."""
        return self.filter(kind__in=kinds)

    def in_dimension(self, dimension: Dimension) -> Self:
        """Records that belong to a dimension, be it their first or a further one."""
        return self.filter(classifications__scheme=Classification.Scheme.DIMENSION, classifications__term=dimension)

    def by_mechanism(self, mechanism: Mechanism) -> Self:
        """Records in which a mechanism was at work."""
        return self.filter(classifications__scheme=Classification.Scheme.MECHANISM, classifications__term=mechanism)

    def overlapping(self, first: dt.date, last: dt.date) -> Self:
        """Records whose time touches the days from ``first`` to ``last``, both included."""
        return self.filter(date_earliest__lte=last).filter(Q(date_latest__gte=first) | Q(date_latest__isnull=True))

    def at_place(self, place: "Record", reader: Reader) -> Self:
        """Records located at a place or at any part of it that ``reader`` may see."""
        return self.filter(locations__place__in=[place.pk, *place.place.descendant_keys(reader)])

    def of_agent(self, agent: "Record") -> Self:
        """Records in which an agent took part."""
        return self.filter(participations__agent=agent.pk)

    def with_reference_code(self, code: str) -> Self:
        """Units with this reference code (档号), however its dots and dashes are written."""
        return self.filter(unit__reference_key=reference_codes.normalise(code))

    def with_shown_parts(self) -> Self:
        """Everything a list of records shows, in a constant number of queries."""
        return self.prefetch_related("classifications")


class Record(models.Model):
    """Anything that can be cited. What it is in particular stands in the one-to-one detail named by its kind."""

    ark = models.CharField(_("ARK name"), max_length=40, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    local_id = models.CharField(_("local identifier"), max_length=40, blank=True, default="")
    title_zh = models.CharField(_("title"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True, default="")
    summary_zh = models.TextField(_("summary"), blank=True, default="")
    summary_en = models.TextField(_("summary in English"), blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    confidence = models.CharField(_("confidence"), max_length=12, choices=Confidence.choices, default=Confidence.STATED)

    date_expression = models.CharField(_("date as written"), max_length=120, blank=True, default="")
    date_edtf = models.CharField(_("date (EDTF)"), max_length=60, blank=True, default="")
    date_earliest = models.DateField(_("earliest day"), null=True, blank=True)
    date_latest = models.DateField(_("latest day"), null=True, blank=True)
    date_basis = models.CharField(
        _("basis of the date"), max_length=12, choices=DateBasis.choices, default=DateBasis.STATED
    )

    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    opening = models.CharField(_("opening mark"), max_length=16, choices=Opening.choices, default=Opening.NOT_REVIEWED)
    authorised_scope = models.PositiveSmallIntegerField(
        _("authorised for publication"), choices=Scope.choices, default=Scope.NOTHING
    )
    own_closed_until = models.DateField(_("closed until"), null=True, blank=True)
    closure_reason = models.CharField(_("reason of the closure"), max_length=300, blank=True, default="")

    public_scope = models.PositiveSmallIntegerField(choices=Scope.choices, default=Scope.NOTHING, editable=False)
    closed_until = models.DateField(default=OPEN_SINCE_EVER, editable=False)

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    batch = models.ForeignKey("archive.Batch", models.SET_NULL, null=True, blank=True, related_name="records")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    first_published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    was_public = models.BooleanField(_("has been public"), default=False, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True, default="")

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["public_scope", "closed_until", "kind"], name="archive_record_visible"),
            models.Index(fields=["kind", "date_earliest"], name="archive_record_by_date"),
            models.Index(fields=["local_id"], name="archive_record_local_id"),
            models.Index(fields=["changed_at", "id"], name="archive_record_by_change"),
        ]
        constraints = [
            models.CheckConstraint(
                name="archive_record_has_a_title",
                condition=~Q(title_zh=""),
                violation_error_message=_("A record needs a title."),
            ),
            models.CheckConstraint(
                name="archive_record_dates_in_order",
                condition=Q(date_earliest__isnull=True)
                | Q(date_latest__isnull=True)
                | Q(date_earliest__lte=models.F("date_latest")),
                violation_error_message=_("The earliest day cannot be later than the latest day."),
            ),
            models.CheckConstraint(
                name="archive_record_public_only_if_published_and_open",
                condition=Q(public_scope=Scope.NOTHING) | Q(status=Status.PUBLISHED, opening=Opening.OPEN),
                violation_error_message=_("Only what is published and open can be public."),
            ),
            models.CheckConstraint(
                name="archive_record_withdrawn_with_a_date",
                condition=~Q(status=Status.WITHDRAWN) | Q(withdrawn_at__isnull=False),
                violation_error_message=_("A withdrawn record needs the time of its withdrawal."),
            ),
            models.UniqueConstraint(
                name="archive_record_local_id_once_per_kind",
                fields=["kind", "local_id"],
                condition=~Q(local_id=""),
                violation_error_message=_("Another record of this kind has this local identifier."),
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh

    def get_absolute_url(self) -> str:
        """The address of the record's page: its ARK."""
        return reverse("portal:record", args=[settings.ARCHIVE_NAAN, self.ark])

    @property
    def ark_text(self) -> str:
        """The whole identifier, as it is cited: ``ark:naan/name``."""
        return f"ark:{settings.ARCHIVE_NAAN}/{self.ark}"

    @property
    def title(self) -> str:
        """The title in the language of the reader; Chinese where there is no other."""
        return self.title_en if in_english() and self.title_en else self.title_zh

    @property
    def summary(self) -> str:
        """The summary in the language of the reader; Chinese where there is no other."""
        return self.summary_en if in_english() and self.summary_en else self.summary_zh

    @property
    def detail(self) -> models.Model:
        """The one-to-one row with the fields of this kind."""
        row: models.Model = getattr(self, self.kind)
        return row

    @property
    def dimensions(self) -> list[Dimension]:
        """Its dimensions, the main one first (reads the prefetched classifications)."""
        return [
            Dimension(row.term) for row in self.classifications.all() if row.scheme == Classification.Scheme.DIMENSION
        ]

    @property
    def mechanisms(self) -> list[Mechanism]:
        """The mechanisms at work in it (reads the prefetched classifications)."""
        return [
            Mechanism(row.term) for row in self.classifications.all() if row.scheme == Classification.Scheme.MECHANISM
        ]

    def is_visible_to(self, reader: Reader, scope: Scope = Scope.CATALOGUE) -> bool:
        """The same decision as ``visible_to``, for a row already loaded."""
        if isinstance(reader, User) and reader.is_desk_member:
            return True
        return self.public_scope >= scope and self.closed_until <= timezone.localdate()


class Classification(models.Model):
    """One term of one scheme given to a record; a record may have several dimensions and mechanisms."""

    class Scheme(models.TextChoices):
        """Where the term comes from."""

        DIMENSION = "dimension", _("Dimension")
        MECHANISM = "mechanism", _("Mechanism")

    record = models.ForeignKey(Record, models.CASCADE, related_name="classifications")
    scheme = models.CharField(_("scheme"), max_length=12, choices=Scheme.choices)
    term = models.CharField(_("term"), max_length=24, choices=[*Dimension.choices, *Mechanism.choices])

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["scheme", "term", "record"], name="archive_classification_term")]
        constraints = [
            models.UniqueConstraint(name="archive_classification_once", fields=["record", "scheme", "term"]),
            models.CheckConstraint(
                name="archive_classification_term_of_its_scheme",
                condition=Q(scheme="dimension", term__in=Dimension.values)
                | Q(scheme="mechanism", term__in=Mechanism.values),
                violation_error_message=_("This term does not belong to the scheme."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.term}"


class Relation(models.Model):
    """A link between two records, read from ``subject`` to ``target``."""

    class Role(models.TextChoices):
        """What the subject is to the target."""

        ABOUT = "about", _("is about")
        PART_OF = "part_of", _("is part of")
        DECIDED_BY = "decided_by", _("was decided by")
        FUNDED_BY = "funded_by", _("was funded by")
        REPLACES = "replaces", _("replaces")
        RELATED = "related", _("is related to")

    subject = models.ForeignKey(Record, models.CASCADE, related_name="relations")
    target = models.ForeignKey(Record, models.CASCADE, related_name="relations_from")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.RELATED)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="archive_relation_once", fields=["subject", "target", "role"]),
            models.CheckConstraint(
                name="archive_relation_between_two",
                condition=~Q(subject=models.F("target")),
                violation_error_message=_("A record cannot be related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.role} {self.target_id}"


def in_english() -> bool:
    """Whether the current reader reads the interface in English."""
    return (get_language() or "").startswith("en")

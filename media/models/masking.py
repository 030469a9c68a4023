"""What must not be shown: candidates found by detectors or people, decisions on them, incidents (L-16 to L-25)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive.models import Record, Unit
from media.models.objects import DigitalObject, Page


class MaskQuerySet(models.QuerySet["Mask"]):
    """Questions about masks, by name."""

    def undecided(self) -> Self:
        """Candidates that wait for a person."""
        return self.filter(decision=Mask.Decision.OPEN)

    def hiding(self) -> Self:
        """What is kept from the public: masked, or not decided yet."""
        return self.exclude(decision=Mask.Decision.SHOWN)

    def of_unit(self, unit: Unit) -> Self:
        """Those on the pages of a unit and in its description."""
        return self.filter(Q(page__unit=unit) | Q(record=unit.record_id))


class Mask(models.Model):
    """A place that a detector or a person holds for private: on a page, or in a field of a description.

    On a page ``boxes`` are what will be burned in, in pixels of the upright page image, and ``start`` and ``end`` the
    characters of the page's current text; a box drawn by hand may cover no text. In a field they are characters of the
    field ``field`` of ``record``. ``written`` is what stands there, for the person who decides; it is never public.
    What nobody has decided on is kept from the public as if it were masked.
    """

    class Rule(models.TextChoices):
        """What kind of private thing it is (L-23)."""

        IDENTITY_NUMBER = "identity_number", _("Identity card number")
        MOBILE_NUMBER = "mobile_number", _("Mobile or telephone number")
        BANK_CARD = "bank_card", _("Bank card or account")
        HOUSEHOLD = "household", _("Household list")
        MINOR = "minor", _("Minor")
        BY_HAND = "by_hand", _("Marked by hand")

    class Decision(models.TextChoices):
        """What a person decided."""

        OPEN = "open", _("To be decided")
        MASKED = "masked", _("Masked")
        SHOWN = "shown", _("Shown")

    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="masks")
    record = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="masks")
    field = models.CharField(_("field"), max_length=60, blank=True, default="")
    rule = models.CharField(_("rule"), max_length=20, choices=Rule.choices)
    start = models.PositiveIntegerField(_("first character"), null=True, blank=True)
    end = models.PositiveIntegerField(_("after the last character"), null=True, blank=True)
    boxes = models.JSONField(_("boxes"), default=list, blank=True)
    written = models.CharField(_("what stands there"), max_length=300, blank=True, default="")
    certainty = models.FloatField(_("certainty, 0 to 1"), default=1.0)
    decision = models.CharField(_("what was decided"), max_length=8, choices=Decision.choices, default=Decision.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    found_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("moment of the decision"), null=True, blank=True)

    objects = MaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("mask")
        verbose_name_plural = _("masks")
        ordering = ["page_id", "record_id", "start", "pk"]
        indexes = [models.Index(fields=["decision"], name="media_mask_decision")]
        constraints = [
            models.CheckConstraint(
                name="media_mask_on_one_thing",
                condition=Q(page__isnull=False, record__isnull=True) | Q(page__isnull=True, record__isnull=False),
                violation_error_message=_("A mask lies on a page or in a field of a record."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.decision}"


class Incident(models.Model):
    """A mark of secrecy that was seen on a file (L-18): the file is quarantined until the security officer decides."""

    class Where(models.TextChoices):
        """Where the mark stands."""

        TEXT = "text", _("In the text")
        NAME = "name", _("In the name of the file")
        DESCRIPTION = "description", _("In the description")

    class Decision(models.TextChoices):
        """What the security officer decided."""

        OPEN = "open", _("To be decided")
        RELEASED = "released", _("No secret, released")
        WITHHELD = "withheld", _("Stays locked")

    digital_object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="incidents")
    page = models.ForeignKey(Page, models.SET_NULL, null=True, blank=True, related_name="+")
    mark = models.CharField(_("mark"), max_length=60)
    where = models.CharField(_("where it stands"), max_length=12, choices=Where.choices, default=Where.TEXT)
    decision = models.CharField(_("what was decided"), max_length=8, choices=Decision.choices, default=Decision.OPEN)
    note = models.TextField(_("note"), blank=True, default="")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("moment of the decision"), null=True, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.digital_object_id} {self.mark}"

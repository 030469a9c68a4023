"""What was measured on scans and what people said of it: findings, and lots that were drawn and signed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive.models import Batch
from media.models.objects import DigitalObject, Page


class Finding(models.Model):
    """Something about a file or a page that a rule of digitisation does not allow, or that a person should look at.

    ``rule`` is the number of the rule (D-01 to D-16), ``code`` what was measured; ``measure`` and ``limit`` are in
    ``measured_in``. A page that is measured again loses its open findings; those that a person decided stay.
    """

    class Severity(models.TextChoices):
        """What follows from it."""

        ERROR = "error", _("Against the rule")
        WARNING = "warning", _("To be looked at")
        NOTE = "note", _("Good to know")

    class Decision(models.TextChoices):
        """What a person made of it."""

        OPEN = "open", _("To be decided")
        ACCEPTED = "accepted", _("Accepted as it is")
        CONFIRMED = "confirmed", _("Confirmed as a fault")

    digital_object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="findings")
    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="findings")
    rule = models.CharField(_("rule"), max_length=8)
    code = models.CharField(_("what was measured"), max_length=40)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    measure = models.FloatField(_("measure"), null=True, blank=True)
    limit = models.FloatField(_("limit"), null=True, blank=True)
    measured_in = models.CharField(_("measured in"), max_length=20, blank=True, default="")
    detail = models.JSONField(_("further particulars"), default=dict, blank=True)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"), default=timezone.now)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["digital_object_id", "page_id", "rule", "pk"]
        indexes = [models.Index(fields=["decision", "severity"], name="media_finding_decision")]

    def __str__(self) -> str:
        return f"{self.rule} {self.code}"


class Lot(models.Model):
    """A seeded random sample of the pages of a batch, looked at and signed by a person (D-16)."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lots")
    seed = models.PositiveBigIntegerField(_("seed of the sample"))
    pages_in_batch = models.PositiveIntegerField(_("pages in the batch"))
    drawn_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    drawn_at = models.DateTimeField(_("drawn"), default=timezone.now)
    signed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    is_passed = models.BooleanField(_("passed"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, default="")

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.pk}"


class LotPage(models.Model):
    """A page that was drawn, and what a person said of it."""

    lot = models.ForeignKey(Lot, models.CASCADE, related_name="drawn")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+")
    is_good = models.BooleanField(_("good"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("page of a lot")
        verbose_name_plural = _("pages of a lot")
        ordering = ["lot_id", "page__unit_id", "page__number"]
        constraints = [models.UniqueConstraint(name="media_lot_page_once", fields=["lot", "page"])]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.page_id}"

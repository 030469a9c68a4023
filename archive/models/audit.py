"""What was done, by whom, when: an append-only chain of events, and the batches that changes came in."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Batch(models.Model):
    """One import or load: everything it created or changed names it, so that it can be undone."""

    class Type(models.TextChoices):
        """Where the batch came from."""

        SAMPLE = "sample", _("Sample archive")
        IMPORT = "import", _("Import")
        INGEST = "ingest", _("Ingest of scans")

    type = models.CharField(_("type"), max_length=8, choices=Type.choices)
    label = models.CharField(_("label"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")

    def __str__(self) -> str:
        return self.label


class AuditEvent(models.Model):
    """One action on one thing. Rows are only ever added; each carries the digest of the one before it.

    ``sequence`` counts from 1 without gaps. ``digest`` is SHA-256 over the canonical JSON of the row's other fields,
    ``previous_digest`` included, so that a changed, removed or inserted row breaks the chain.
    """

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    actor_name = models.CharField(_("by"), max_length=150, default="")
    action = models.CharField(_("action"), max_length=40)
    object_type = models.CharField(_("type of object"), max_length=40)
    object_key = models.CharField(_("object"), max_length=60)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="events")
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["sequence"]
        indexes = [models.Index(fields=["object_type", "object_key"], name="archive_audit_object")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.object_type} {self.object_key}"


class AuditHead(models.Model):
    """The end of the chain: one row, locked by whoever appends, so that the chain never forks.

    It also shows when events were cut off the end.
    """

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(name="archive_audit_one_head", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest}"

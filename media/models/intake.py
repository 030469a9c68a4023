"""Files on their way in: uploads that may be interrupted and go on (tus), and what a watched folder has seen."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive.models import Batch, Unit
from media.models.objects import DigitalObject


class UploadQuerySet(models.QuerySet["Upload"]):
    """Questions about uploads, by name."""

    def unfinished(self, user: User) -> Self:
        """Those of a person that are neither taken in nor refused."""
        return self.filter(created_by=user, digital_object__isnull=True, refusal="")

    def waiting(self, user: User) -> list["Upload"]:
        """What a person still has to see to, the last first: unfinished uploads and those that were refused."""
        rows = self.filter(created_by=user, digital_object__isnull=True).select_related("unit__record")
        return list(rows.order_by("-changed_at")[:50])


class Upload(models.Model):
    """A file that arrives in pieces; ``received`` of its ``size`` bytes lie in staging under its key."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="uploads")
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="uploads")
    name = models.CharField(_("file name"), max_length=500)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    received = models.PositiveBigIntegerField(_("bytes received"), default=0)
    digital_object = models.ForeignKey(DigitalObject, models.SET_NULL, null=True, blank=True, related_name="uploads")
    refusal = models.TextField(_("why it was refused"), blank=True, default="")
    created_by = models.ForeignKey(User, models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    changed_at = models.DateTimeField(_("last piece"), default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(name="media_upload_not_too_much", condition=Q(received__lte=F("size"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_settled(self) -> bool:
        """Whether it has been taken in or refused."""
        return self.digital_object_id is not None or bool(self.refusal)

    @property
    def percent(self) -> int:
        """How much of it has arrived."""
        return self.received * 100 // self.size if self.size else 100


class SeenFile(models.Model):
    """A file in a watched folder: how it looked at the last look, and what became of it."""

    class State(models.TextChoices):
        """Where it stands."""

        CHANGING = "changing", _("Still changing")
        TAKEN = "taken", _("Taken in")
        REFUSED = "refused", _("Refused")

    path = models.CharField(_("path within the folder"), max_length=1000, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    modified_ns = models.BigIntegerField(_("last change in nanoseconds"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.CHANGING)
    message = models.TextField(_("what became of it"), blank=True, default="")
    digital_object = models.ForeignKey(DigitalObject, models.SET_NULL, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        verbose_name = _("file of the watched folder")
        verbose_name_plural = _("files of the watched folder")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path

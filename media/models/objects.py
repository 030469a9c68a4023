"""Digital objects and their pages: the bytes that were received, and what can be looked at."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive.models import Batch, Scope, Unit
from archive.models.records import visible


class DigitalObject(models.Model):
    """A file as it was received, kept unaltered under its digest (PREMIS object, category file)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="digital_objects")
    ordinal = models.PositiveIntegerField(_("order within the unit"), default=1)
    original_name = models.CharField(_("original file name"), max_length=500)
    sha512 = models.CharField("SHA-512", max_length=128)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=80)
    format_name = models.CharField(_("format"), max_length=120, blank=True, default="")
    identified_by = models.CharField(_("identified by"), max_length=80, blank=True, default="")
    page_count = models.PositiveIntegerField(_("number of pages"), default=0)
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="digital_objects")
    created_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("digital object")
        verbose_name_plural = _("digital objects")
        ordering = ["unit_id", "ordinal"]
        indexes = [models.Index(fields=["sha512"], name="media_object_digest")]
        constraints = [
            models.UniqueConstraint(
                name="media_object_once_per_unit",
                fields=["unit", "sha512"],
                violation_error_message=_("This file is in the unit already."),
            ),
            models.CheckConstraint(
                name="media_object_not_empty",
                condition=Q(size__gt=0),
                violation_error_message=_("A file without content cannot be kept."),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name


class PageQuerySet(models.QuerySet["Page"]):
    """Questions about pages, by name."""

    def visible_to(self, reader: User | AnonymousUser, scope: Scope = Scope.IMAGE) -> Self:
        """Pages whose unit ``reader`` may see up to ``scope`` (images unless said otherwise)."""
        return self.filter(visible(reader, scope, through="unit__record__"))

    def searchable(self) -> Self:
        """Pages that have text."""
        return self.filter(texts__is_current=True)


class Page(models.Model):
    """One page of a unit: the frame of a digital object that shows it, and the images made from it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField(_("page number within the unit"))
    digital_object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="pages")
    frame = models.PositiveIntegerField(_("page number within the file"))
    width = models.PositiveIntegerField(_("width in pixels"), default=0)
    height = models.PositiveIntegerField(_("height in pixels"), default=0)
    carries_text = models.BooleanField(_("text lies in the file"), default=False)
    derived_at = models.DateTimeField(_("images made"), null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["unit_id", "number"]
        constraints = [
            models.UniqueConstraint(name="media_page_number_once", fields=["unit", "number"]),
            models.UniqueConstraint(name="media_page_frame_once", fields=["digital_object", "frame"]),
            models.CheckConstraint(
                name="media_page_counts_from_one",
                condition=Q(number__gte=1, frame__gte=1),
                violation_error_message=_("Pages count from 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.number}"

    @property
    def has_image(self) -> bool:
        """Whether the images of the page have been made."""
        return self.derived_at is not None

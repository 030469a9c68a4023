"""Digital objects and their pages: the bytes that were received, and what can be looked at."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive import access
from archive.models import Batch, Scope, Unit
from archive.models.records import visible


class DigitalObject(models.Model):
    """A file as it was received, kept unaltered under its digest (PREMIS object, category file).

    ``technical`` holds what the file says of its making (D-15, D-20): device, software, moment, resolution, captions.
    """

    class VirusCheck(models.TextChoices):
        """What a virus scanner said; a file that none has looked at is never called clean."""

        NOT_CHECKED = "not_checked", _("Not checked")
        CLEAN = "clean", _("Nothing found")
        INFECTED = "infected", _("Malicious content found")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="digital_objects")
    ordinal = models.PositiveIntegerField(_("order within the unit"), default=1)
    original_name = models.CharField(_("original file name"), max_length=500)
    sha512 = models.CharField("SHA-512", max_length=128)
    sm3 = models.CharField("SM3", max_length=64, blank=True, default="")
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=80)
    format_name = models.CharField(_("format"), max_length=120, blank=True, default="")
    pronom_id = models.CharField(_("PRONOM identifier"), max_length=20, blank=True, default="")
    identified_by = models.CharField(_("identified by"), max_length=80, blank=True, default="")
    virus_check = models.CharField(
        _("virus check"), max_length=12, choices=VirusCheck.choices, default=VirusCheck.NOT_CHECKED
    )
    virus_checked_by = models.CharField(_("checked for viruses by"), max_length=120, blank=True, default="")
    technical = models.JSONField(_("technical metadata"), default=dict, blank=True)
    duration = models.FloatField(_("duration in seconds"), null=True, blank=True)
    quarantined_at = models.DateTimeField(_("quarantined"), null=True, blank=True)
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
        """Pages whose unit ``reader`` may see up to ``scope`` (images unless said otherwise).

        Pages of quarantined files are for those alone who may release them, whatever unit they belong to (L-18).
        """
        seen = visible(reader, scope, through="unit__record__")
        if isinstance(reader, User) and access.may(reader, "release"):
            return self.filter(seen | Q(digital_object__quarantined_at__isnull=False))
        return self.filter(seen, digital_object__quarantined_at__isnull=True)

    def searchable(self) -> Self:
        """Pages that have text, but for those of quarantined files."""
        return self.filter(texts__is_current=True, digital_object__quarantined_at__isnull=True)


class Page(models.Model):
    """One page of a unit: the frame of a digital object that shows it, and the images made from it.

    ``turn`` is how far the frame must be turned clockwise to stand upright, ``skew`` how far its lines lean after that,
    in degrees, clockwise positive; both are applied to what is made of the page, never to the master.
    """

    class Verdict(models.TextChoices):
        """What a person at the light table said of the image."""

        OPEN = "open", _("Not looked at")
        ACCEPTED = "accepted", _("Accepted")
        RESCAN = "rescan", _("To be scanned again")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField(_("page number within the unit"))
    digital_object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="pages")
    frame = models.PositiveIntegerField(_("page number within the file"))
    width = models.PositiveIntegerField(_("width in pixels"), default=0)
    height = models.PositiveIntegerField(_("height in pixels"), default=0)
    carries_text = models.BooleanField(_("text lies in the file"), default=False)
    turn = models.PositiveSmallIntegerField(_("turned clockwise, in degrees"), default=0)
    skew = models.FloatField(_("lean of the lines in degrees"), null=True, blank=True)
    dpi = models.PositiveIntegerField(_("resolution in dots per inch"), null=True, blank=True)
    fingerprint = models.CharField(_("perceptual hash, hexadecimal"), max_length=16, blank=True, default="")
    printed_number = models.CharField(_("page number as printed"), max_length=20, blank=True, default="")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, default=Verdict.OPEN)
    judged_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    derived_at = models.DateTimeField(_("images made"), null=True, blank=True)
    is_masked = models.BooleanField(_("something on it is masked"), default=False)
    redrawn_at = models.DateTimeField(_("image for the public redrawn"), null=True, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["unit_id", "number"]
        indexes = [
            models.Index(
                name="media_page_closed", fields=["unit"], condition=Q(is_masked=True, redrawn_at__isnull=True)
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="media_page_number_once", fields=["unit", "number"]),
            models.UniqueConstraint(name="media_page_frame_once", fields=["digital_object", "frame"]),
            models.CheckConstraint(
                name="media_page_counts_from_one",
                condition=Q(number__gte=1, frame__gte=1),
                violation_error_message=_("Pages count from 1."),
            ),
            models.CheckConstraint(
                name="media_page_quarter_turns",
                condition=Q(turn__in=[0, 90, 180, 270]),
                violation_error_message=_("A page is turned by 0, 90, 180 or 270 degrees."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.number}"

    @property
    def has_image(self) -> bool:
        """Whether the images of the page have been made."""
        return self.derived_at is not None

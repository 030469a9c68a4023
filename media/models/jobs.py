"""Jobs and their steps: the rows are the truth, a broker message carries only an id (design: jobs).

A step is claimed by a conditional update that sets a lease and a fresh token (the fence): only the holder of the
token can finish the step, so a worker that was thought dead and comes back cannot write over its successor.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.models import Batch
from media.models.objects import DigitalObject, Page


class State(models.TextChoices):
    """Where a job or a step stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    PAUSED = "paused", _("Paused")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """The digitisation of one digital object. ``reason`` says why it was cancelled."""

    digital_object = models.ForeignKey(DigitalObject, models.CASCADE, related_name="jobs")
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    is_urgent = models.BooleanField(_("needed now"), default=False)
    reason = models.TextField(_("why it was stopped"), blank=True, default="")
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="jobs")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "finished_at"], name="media_job_state")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class JobStep(models.Model):
    """One piece of work that is done whole or not at all.

    ``attempts`` counts how often work began, ``interruptions`` how often it ended without a word (worker killed,
    machine switched off); ``worker`` is the process that holds the lease.
    """

    class Name(models.TextChoices):
        """What is done, in this order."""

        SCAN = "scan", _("Check for viruses")
        PAGES = "pages", _("Find the pages")
        QUALITY = "quality", _("Check the quality")
        DERIVE = "derive", _("Make the images")
        RECOGNISE = "recognise", _("Read the text")
        MASK = "mask", _("Look for what must be masked")
        ASSEMBLE = "assemble", _("Put the document together")

    job = models.ForeignKey(Job, models.CASCADE, related_name="steps")
    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="steps")
    name = models.CharField(_("step"), max_length=12, choices=Name.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    interruptions = models.PositiveIntegerField(_("interruptions"), default=0)
    worker = models.CharField(_("worker"), max_length=160, blank=True, default="", editable=False)
    token = models.CharField(max_length=32, blank=True, default="", editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=40, blank=True, default="")
    error = models.TextField(_("why it failed"), blank=True, default="")

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["state", "leased_until"], name="media_step_state"),
            models.Index(fields=["job", "state", "name"], name="media_step_of_job"),
            models.Index(fields=["name", "state", "finished_at"], name="media_step_done"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="media_step_once_per_page", fields=["job", "name", "page"], condition=Q(page__isnull=False)
            ),
            models.UniqueConstraint(
                name="media_step_once_per_job", fields=["job", "name"], condition=Q(page__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.name} {self.state}"


class Heartbeat(models.Model):
    """The last sign of life of a background process; the site says so plainly when there is none."""

    class Role(models.TextChoices):
        """What the process does."""

        WORKER = "worker", _("Worker")
        INDEXER = "indexer", _("Indexer")

    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    process = models.CharField(_("process"), max_length=120)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="media_heartbeat_once", fields=["role", "process"])]

    def __str__(self) -> str:
        return f"{self.role} {self.process}"

"""The text of pages, with the place of every character, and how far it can be trusted."""

import json
from typing import Any, Final

import msgspec
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.lines import TextLine, from_json
from media.models.objects import DigitalObject, Page


class QuickDecoder(json.JSONDecoder):
    """JSON by msgspec: the lines of a printed page take several times as long with the standard library."""

    def decode(self, s: str) -> Any:  # type: ignore[override]  # Any: what stands in the text; positions are not asked for
        """What a JSON text holds."""
        return msgspec.json.decode(s)


OPEN_TEXT: Final = Coalesce("public_text", "text")
"""In a query, what `PageText.open_text` is in a row."""


class PageText(models.Model):
    """One reading of a page, or one state of its correction. The current one is shown and searched; earlier ones stay.

    ``text`` and ``lines`` are whole and for the desk. Where something on the page is masked, ``public_text`` and
    ``public_lines`` are what everybody else reads and the index holds; without a mask they are empty (None).

    ``made_from`` is the row that a person corrected or went back from; ``judged_by`` gave ``quality`` its value.
    ``machine_errors`` of ``character_count`` characters are what recognition got wrong on the page, measured when the
    text was proofread (O-05).
    """

    class Origin(models.TextChoices):
        """Where the text comes from."""

        RECOGNISED = "recognised", _("Recognised by machine")
        EMBEDDED = "embedded", _("Taken from the file")
        SUPPLIED = "supplied", _("Supplied with the file")
        CORRECTED = "corrected", _("Corrected by hand")

    class Quality(models.TextChoices):
        """How far the text has been checked (O-04); shown wherever the text is shown."""

        MACHINE = "machine", _("Machine-read, not proofread")
        CHECKED = "checked", _("Checked")
        PROOFREAD = "proofread", _("Proofread")

    page = models.ForeignKey(Page, models.CASCADE, related_name="texts")
    is_current = models.BooleanField(default=True)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin.choices)
    quality = models.CharField(_("state of the text"), max_length=12, choices=Quality.choices, default=Quality.MACHINE)
    text = models.TextField(_("text in reading order"), blank=True, default="")
    lines = models.JSONField(_("lines with the boxes of their characters"), default=list, decoder=QuickDecoder)
    public_text = models.TextField(_("text for the public"), null=True, blank=True)  # noqa: DJ001 (None: as it is)
    public_lines = models.JSONField(_("lines for the public"), null=True, blank=True, decoder=QuickDecoder)
    engine = models.CharField(_("engine"), max_length=60)
    engine_version = models.CharField(_("version of the engine"), max_length=120)
    settings = models.JSONField(_("settings of the engine"), default=dict)
    confidence = models.FloatField(_("mean confidence, 0 to 1"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    made_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    replacement = models.UUIDField(_("search-and-replace it belongs to"), null=True, blank=True)
    judged_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(_("state given"), null=True, blank=True)
    machine_errors = models.PositiveIntegerField(_("errors of the machine's reading"), null=True, blank=True)
    character_count = models.PositiveIntegerField(_("characters compared"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("text of a page")
        verbose_name_plural = _("texts of pages")
        indexes = [
            models.Index(
                fields=["quality", "confidence"], condition=Q(is_current=True), name="media_text_to_proofread"
            ),
            models.Index(fields=["replacement"], condition=Q(replacement__isnull=False), name="media_text_replacement"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="media_text_one_current",
                fields=["page"],
                condition=Q(is_current=True),
                violation_error_message=_("A page has one current text."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.quality}"

    def text_lines(self) -> list[TextLine]:
        """The lines with their boxes, in reading order; ``media.lines.join`` of them is ``text``."""
        return from_json(self.lines)

    @property
    def open_text(self) -> str:
        """The text that may be shown where the page's text is public: without what is masked."""
        return self.text if self.public_text is None else self.public_text

    def open_lines(self) -> list[TextLine]:
        """The lines of `open_text`."""
        return from_json(self.lines if self.public_lines is None else self.public_lines)


class SuppliedText(models.Model):
    """A file that came with a scan and holds its text: ALTO, hOCR or plain text, as it was received."""

    digital_object = models.OneToOneField(DigitalObject, models.CASCADE, related_name="supplied_text")
    name = models.CharField(_("original file name"), max_length=500)
    content = models.BinaryField(_("content"))
    supplied_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("received"), default=timezone.now)

    class Meta:
        verbose_name = _("supplied text")
        verbose_name_plural = _("supplied texts")

    def __str__(self) -> str:
        return self.name

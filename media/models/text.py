"""The text of pages, with the place of every character, and how far it can be trusted."""

import json
from typing import Any

import msgspec
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media.lines import TextLine, from_json
from media.models.objects import Page


class QuickDecoder(json.JSONDecoder):
    """JSON by msgspec: the lines of a printed page take several times as long with the standard library."""

    def decode(self, s: str) -> Any:  # type: ignore[override]  # Any: what stands in the text; positions are not asked for
        """What a JSON text holds."""
        return msgspec.json.decode(s)


class PageText(models.Model):
    """One reading of a page. The current one is shown and searched; earlier ones stay."""

    class Origin(models.TextChoices):
        """Where the text comes from."""

        RECOGNISED = "recognised", _("Recognised by machine")
        EMBEDDED = "embedded", _("Taken from the file")

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
    engine = models.CharField(_("engine"), max_length=60)
    engine_version = models.CharField(_("version of the engine"), max_length=120)
    settings = models.JSONField(_("settings of the engine"), default=dict)
    confidence = models.FloatField(_("mean confidence, 0 to 1"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("text of a page")
        verbose_name_plural = _("texts of pages")
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

"""Evidence: which document or published work states which fact, where, in which words, and for or against."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.models.catalogue import Unit
from archive.models.records import Reader, Record, in_english, visible
from archive.models.vocabularies import Scope, Stance


class Source(models.Model):
    """A published work outside the archive, citable by GB/T 7714-2025."""

    class Carrier(models.TextChoices):
        """Type code of GB/T 7714 with its carrier."""

        WEB_PAGE = "EB/OL", "[EB/OL]"
        NEWSPAPER_ONLINE = "N/OL", "[N/OL]"
        NEWSPAPER = "N", "[N]"
        BOOK = "M", "[M]"
        ARTICLE = "J", "[J]"
        DATASET = "DS/OL", "[DS/OL]"

    record = models.OneToOneField(Record, models.CASCADE, related_name="source")
    carrier = models.CharField(_("type"), max_length=8, choices=Carrier.choices, default=Carrier.WEB_PAGE)
    category = models.CharField(_("category"), max_length=20, blank=True, default="")
    publisher = models.CharField(_("publisher"), max_length=300, blank=True, default="")
    issued = models.CharField(_("date as given"), max_length=120, blank=True, default="")
    accessed_on = models.DateField(_("accessed on"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True, default="")
    is_weak = models.BooleanField(_("weak source"), default=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return str(self.record)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Questions about evidence, by name."""

    def visible_to(self, reader: Reader) -> Self:
        """Evidence from documents and sources whose text ``reader`` may have: a claim is words of the document."""
        of_unit = Q(unit__isnull=False) & visible(reader, Scope.TEXT, through="unit__record__")
        of_source = Q(source__isnull=False) & visible(reader, Scope.TEXT, through="source__record__")
        return self.filter(of_unit | of_source)

    def with_documents(self) -> Self:
        """With the records of its documents and sources, in one query."""
        return self.select_related("unit__record", "source__record")


class Evidence(models.Model):
    """One document's word on one recorded fact. Documents may disagree; all stay."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="evidence")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="evidence")
    page = models.PositiveIntegerField(_("page"), null=True, blank=True)
    region = models.JSONField(_("region of the page, [x, y, width, height] in pixels"), null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="evidence")
    claim_zh = models.TextField(_("claim as stated"))
    claim_en = models.TextField(_("claim in English"), blank=True, default="")
    stance = models.CharField(_("stance"), max_length=8, choices=Stance.choices, default=Stance.SUPPORTS)
    position = models.PositiveSmallIntegerField(_("claim number"), default=1)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="archive_evidence_from_one_document",
                condition=Q(unit__isnull=False, source__isnull=True) | Q(unit__isnull=True, source__isnull=False),
                violation_error_message=_(
                    "Evidence comes from a unit of the archive or from a source outside it, not both."
                ),
            ),
            models.CheckConstraint(
                name="archive_evidence_page_of_a_unit",
                condition=Q(page__isnull=True) | Q(unit__isnull=False, page__gte=1),
                violation_error_message=_("A page number needs a unit; pages count from 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} ← {self.unit_id or self.source_id}"

    @property
    def claim(self) -> str:
        """The claim in the language of the reader; as stated where there is no other."""
        return self.claim_en if in_english() and self.claim_en else self.claim_zh

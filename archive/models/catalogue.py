"""The catalogue: units of description from the fonds down to the item (ISAD(G), DA/T 18-2022)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from archive.models.records import Record
from archive.models.vocabularies import CrossBorder, Level, PersonalInformation, Retention
from archive.reference_codes import CodeProfile


class Unit(MP_Node):  # type: ignore[misc]  # treebeard is published without types
    """A unit of description. Its place in the hierarchy is a materialised path: moving a subtree touches only it."""

    record = models.OneToOneField(Record, models.CASCADE, primary_key=False, related_name="unit")
    level = models.CharField(_("level of description"), max_length=8, choices=Level.choices)

    repository_code = models.CharField(_("repository code"), max_length=12, default="000000")
    reference_code = models.CharField(_("reference code as received"), max_length=120)
    reference_key = models.CharField(max_length=120, editable=False)
    reference_sort = models.CharField(max_length=240, editable=False, default="")
    reference_parts = models.JSONField(default=dict, editable=False)
    code_profile = models.CharField(
        _("reference code profile"), max_length=16, choices=[(p.value, p.value) for p in CodeProfile]
    )

    document_number = models.CharField(_("document number"), max_length=120, blank=True, default="")
    document_form = models.CharField(_("documentary form"), max_length=40, blank=True, default="")
    version_state = models.CharField(_("version"), max_length=40, blank=True, default="")
    creator_as_written = models.CharField(_("creator as written"), max_length=300, blank=True, default="")
    extent = models.CharField(_("extent and medium"), max_length=200, blank=True, default="")
    page_count = models.PositiveIntegerField(_("number of pages"), null=True, blank=True)
    language = models.CharField(_("language (BCP 47)"), max_length=20, default="zh-Hans")
    retention = models.CharField(
        _("retention period"), max_length=4, choices=Retention.choices, default=Retention.PERMANENT
    )
    personal_information = models.CharField(
        _("personal information"), max_length=16, choices=PersonalInformation.choices, default=PersonalInformation.NONE
    )
    cross_border = models.CharField(
        _("transfer abroad"), max_length=20, choices=CrossBorder.choices, default=CrossBorder.NOT_ASSESSED
    )
    statutory_opening_date = models.DateField(_("statutory opening date"), null=True, blank=True)
    prior_publication = models.CharField(_("prior publication"), max_length=300, blank=True, default="")
    administrative_history = models.TextField(_("administrative or biographical history"), blank=True, default="")
    archival_history = models.TextField(_("archival history"), blank=True, default="")
    acquisition = models.TextField(_("acquisition"), blank=True, default="")
    arrangement = models.TextField(_("arrangement"), blank=True, default="")
    rights_statement = models.TextField(_("rights statement"), blank=True, default="")
    originals_location = models.CharField(_("location of originals"), max_length=300, blank=True, default="")
    copies_location = models.CharField(_("location of copies"), max_length=300, blank=True, default="")
    storage_location = models.CharField(_("storage location"), max_length=200, blank=True, default="")
    described_by = models.CharField(_("described by"), max_length=120, blank=True, default="")
    described_on = models.DateField(_("described on"), null=True, blank=True)

    class Meta:
        verbose_name = _("archival unit")
        verbose_name_plural = _("archival units")
        constraints = [
            models.UniqueConstraint(
                name="archive_unit_reference_code_once",
                fields=["repository_code", "reference_key"],
                violation_error_message=_("Another unit of this repository has this reference code."),
            ),
            models.CheckConstraint(
                name="archive_unit_only_a_fonds_is_a_root",
                condition=Q(level=Level.FONDS, depth=1) | (~Q(level=Level.FONDS) & Q(depth__gt=1)),
                violation_error_message=_("Every unit but a fonds needs a parent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference_code} {self.record}"


CHILD_LEVELS = {
    None: (Level.FONDS,),
    Level.FONDS: (Level.SERIES, Level.FILE, Level.ITEM),
    Level.SERIES: (Level.SERIES, Level.FILE, Level.ITEM),
    Level.FILE: (Level.ITEM,),
    Level.ITEM: (),
}
"""Which levels may stand directly below which."""

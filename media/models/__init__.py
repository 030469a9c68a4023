"""The models of the files: digital objects, pages, their text and quality, masks, the jobs that make them."""

from media.models.intake import SeenFile, Upload
from media.models.jobs import Heartbeat, Job, JobStep, State
from media.models.masking import Incident, Mask
from media.models.objects import DigitalObject, Page, PageQuerySet
from media.models.quality import Finding, Lot, LotPage
from media.models.text import OPEN_TEXT, PageText, SuppliedText

__all__ = [
    "OPEN_TEXT",
    "DigitalObject",
    "Finding",
    "Heartbeat",
    "Incident",
    "Job",
    "JobStep",
    "Lot",
    "LotPage",
    "Mask",
    "Page",
    "PageQuerySet",
    "PageText",
    "SeenFile",
    "State",
    "SuppliedText",
    "Upload",
]

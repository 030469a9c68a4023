"""The models of the files: digital objects, pages, their text, the jobs that make them."""

from media.models.jobs import Heartbeat, Job, JobStep, State
from media.models.objects import DigitalObject, Page, PageQuerySet
from media.models.text import PageText

__all__ = ["DigitalObject", "Heartbeat", "Job", "JobStep", "Page", "PageQuerySet", "PageText", "State"]

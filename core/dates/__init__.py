"""Dates as archivists write them, as EDTF, and as the days they cover: `parse`, `from_edtf`, `display`."""

from core.dates.archival import INFERRED, RESEARCHED, STATED, ArchivalDate, from_edtf, parse
from core.dates.phrasing import display

__all__ = ["INFERRED", "RESEARCHED", "STATED", "ArchivalDate", "display", "from_edtf", "parse"]

"""What is measured on scans, with the limit of each measure, the rule it serves, and where the figure comes from.

One table for the measures, the light table and the report of a lot. A limit that the standard itself gives is an
error when it is passed; what only a person can tell for certain is a warning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media.models import Finding

Severity = Finding.Severity


class Code(StrEnum):
    """What was measured."""

    RESOLUTION_LOW = "resolution_low"
    RESOLUTION_FOR_TEXT = "resolution_for_text"
    RESOLUTION_MISSING = "resolution_missing"
    RESOLUTION_AXES = "resolution_axes"
    PAPER_SIZE = "paper_size"
    COLOUR_BITONAL = "colour_bitonal"
    COLOUR_REQUIRED = "colour_required"
    MASTER_FORMAT = "master_format"
    COMPRESSION = "compression"
    CUT_TEXT = "cut_text"
    SKEW = "skew"
    ORIENTATION = "orientation"
    LYING = "lying"
    DUPLICATE = "duplicate"
    ORDER = "order"
    MISSING_NUMBERS = "missing_numbers"
    PAGE_COUNT = "page_count"
    BLUR = "blur"
    SHADOWS = "shadows"
    HIGHLIGHTS = "highlights"
    BLANK = "blank"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Limit:
    """A measure: the rule it serves, what follows when the limit is passed, and the words for it.

    ``value`` is in ``measured_in``; None where nothing is counted. ``is_least`` says that the value is a minimum.
    """

    rule: str
    severity: Finding.Severity
    value: float | None
    measured_in: str
    source: str
    title: Promise
    remedy: Promise
    is_least: bool = False

    def is_kept(self, measure: float) -> bool:
        """Whether a measure lies within the limit."""
        if self.value is None:
            return True
        return measure >= self.value if self.is_least else measure <= self.value


DAT31: Final = "DA/T 31-2017"
PROJECT: Final = "project"

LIMITS: Final[Mapping[Code, Limit]] = {
    Code.RESOLUTION_LOW: Limit(
        "D-01", Severity.ERROR, 200, "dpi", DAT31, _("Resolution too low"), _("Scan the page again."), is_least=True
    ),
    Code.RESOLUTION_FOR_TEXT: Limit(
        "D-02",
        Severity.WARNING,
        300,
        "dpi",
        f"{DAT31}, {PROJECT}",
        _("Resolution too low for the recognition of text"),
        _("Scan small, dense or faint print again with 300 dpi."),
        is_least=True,
    ),
    Code.RESOLUTION_MISSING: Limit(
        "D-01",
        Severity.WARNING,
        None,
        "",
        DAT31,
        _("The file does not state its resolution"),
        _("Have the scanner write the resolution into the file."),
    ),
    Code.RESOLUTION_AXES: Limit(
        "D-01",
        Severity.ERROR,
        1,
        "%",
        PROJECT,
        _("Different resolution across and down"),
        _("Scan the page again; a stretched image is not faithful."),
    ),
    Code.PAPER_SIZE: Limit(
        "D-01",
        Severity.WARNING,
        8,
        "%",
        PROJECT,
        _("The image does not have the size of the paper"),
        _("Compare it with the original: cropped, or a wrong resolution in the file."),
    ),
    Code.COLOUR_BITONAL: Limit(
        "D-04",
        Severity.WARNING,
        8,
        "bit",
        DAT31,
        _("Black and white without tones"),
        _("Accept it only for clear print without pictures, seals or red headings."),
        is_least=True,
    ),
    Code.COLOUR_REQUIRED: Limit(
        "D-04",
        Severity.ERROR,
        None,
        "",
        DAT31,
        _("A document with a red heading was scanned without colour"),
        _("Scan the page again in colour."),
    ),
    Code.MASTER_FORMAT: Limit(
        "D-05",
        Severity.WARNING,
        None,
        "",
        DAT31,
        _("Not a format for masters"),
        _("Deliver scans of paper as TIFF, JPEG or JPEG 2000."),
    ),
    Code.COMPRESSION: Limit(
        "D-06",
        Severity.ERROR,
        80,
        "JPEG",
        PROJECT,
        _("Compressed too much"),
        _("Scan the page again with less compression; saving the file anew does not bring anything back."),
        is_least=True,
    ),
    Code.CUT_TEXT: Limit(
        "D-08",
        Severity.WARNING,
        2,
        "n",
        f"{DAT31}, {PROJECT}",
        _("Characters touch the edge of the image"),
        _("Compare it with the original: nothing may be cut off."),
    ),
    Code.SKEW: Limit(
        "D-09", Severity.WARNING, 1, "°", PROJECT, _("The page lies aslant"), _("Above 3 degrees scan it again.")
    ),
    Code.ORIENTATION: Limit(
        "D-10", Severity.WARNING, 0, "°", DAT31, _("The page does not stand upright"), _("Turn it.")
    ),
    Code.LYING: Limit(
        "D-10",
        Severity.NOTE,
        None,
        "",
        PROJECT,
        _("The page lies where the others stand"),
        _("Turn it, unless it is a table or a drawing laid across."),
    ),
    Code.DUPLICATE: Limit(
        "D-10",
        Severity.ERROR,
        6,
        "bit",
        f"{DAT31}, {PROJECT}",
        _("The same page was scanned twice"),
        _("Look at both; have the one that is too many scanned anew or accept it."),
    ),
    Code.ORDER: Limit(
        "D-10",
        Severity.ERROR,
        None,
        "",
        DAT31,
        _("Out of order by its printed page number"),
        _("Move the page to its place."),
    ),
    Code.MISSING_NUMBERS: Limit(
        "D-10",
        Severity.WARNING,
        None,
        "",
        DAT31,
        _("Printed page numbers are missing before this page"),
        _("Look into the original for pages that were not scanned."),
    ),
    Code.PAGE_COUNT: Limit(
        "D-10",
        Severity.ERROR,
        None,
        "n",
        DAT31,
        _("Not as many pages as the catalogue says"),
        _("Scan what is missing, or mend the catalogue."),
    ),
    Code.BLUR: Limit(
        "D-11", Severity.WARNING, 20, "", PROJECT, _("The print is blurred"), _("Scan the page again."), is_least=True
    ),
    Code.SHADOWS: Limit(
        "D-11",
        Severity.WARNING,
        1,
        "%",
        PROJECT,
        _("Dark tones are cut off"),
        _("Scan the page again with a lighter exposure."),
    ),
    Code.HIGHLIGHTS: Limit(
        "D-11",
        Severity.NOTE,
        1,
        "%",
        PROJECT,
        _("Light tones are cut off"),
        _("The tone of the paper is lost; lower the exposure for the pages to come."),
    ),
    Code.BLANK: Limit(
        "D-12",
        Severity.WARNING,
        0.02,
        "%",
        PROJECT,
        _("Seems to be blank"),
        _("Accept it as a blank page of the original, or scan it again."),
        is_least=True,
    ),
    Code.TECHNICAL: Limit(
        "D-15",
        Severity.NOTE,
        None,
        "",
        DAT31,
        _("The file does not tell how it was made"),
        _("Have the scanner write device and date into the file."),
    ),
}

PAGE_CODES: Final = frozenset(
    {
        Code.RESOLUTION_LOW,
        Code.RESOLUTION_FOR_TEXT,
        Code.RESOLUTION_MISSING,
        Code.RESOLUTION_AXES,
        Code.PAPER_SIZE,
        Code.COLOUR_BITONAL,
        Code.MASTER_FORMAT,
        Code.COMPRESSION,
        Code.CUT_TEXT,
        Code.SKEW,
        Code.BLUR,
        Code.SHADOWS,
        Code.HIGHLIGHTS,
        Code.BLANK,
        Code.TECHNICAL,
    }
)
"""What is measured on each page by itself; measuring it again replaces what was found before."""

UNIT_CODES: Final = frozenset(
    {
        Code.LYING,
        Code.COLOUR_REQUIRED,
        Code.DUPLICATE,
        Code.ORDER,
        Code.MISSING_NUMBERS,
        Code.PAGE_COUNT,
    }
)
"""What shows only when the pages of a unit are seen together."""


def limit_of(code: str) -> Limit | None:
    """The limit of a measure; None for a code that another part gave its finding."""
    return LIMITS.get(Code(code)) if code in {each.value for each in Code} else None

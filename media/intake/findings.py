"""What can be said of an arriving file before it is taken in: a code for programs, a sentence and a remedy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Code(StrEnum):
    """The kinds of findings."""

    SECRECY_MARK = "secrecy-mark"
    NAME_UNSAFE = "name-unsafe"
    NAME_CLEANED = "name-cleaned"
    NAME_OTHER_UNIT = "name-other-unit"
    NAME_AMBIGUOUS = "name-ambiguous"
    UNIT_UNKNOWN = "unit-unknown"
    OUTSIDE = "outside"
    UNREADABLE = "unreadable"
    FORMAT = "format"
    ALREADY_THERE = "already-there"
    KEPT_ELSEWHERE = "kept-elsewhere"
    DUPLICATE_FILE = "duplicate-file"
    DUPLICATE_PAGE = "duplicate-page"
    OUT_OF_ORDER = "out-of-order"
    GAP = "gap"
    MISSING = "missing"
    SURPLUS = "surplus"
    PAGE_COUNT = "page-count"


STOP_ALL = frozenset({Code.SECRECY_MARK})
"""Where one of these is found nothing at all is taken in (L-16)."""

STOP_FILE = frozenset(
    {
        Code.NAME_UNSAFE,
        Code.NAME_OTHER_UNIT,
        Code.NAME_AMBIGUOUS,
        Code.UNIT_UNKNOWN,
        Code.OUTSIDE,
        Code.UNREADABLE,
        Code.FORMAT,
        Code.ALREADY_THERE,
        Code.KEPT_ELSEWHERE,
        Code.DUPLICATE_FILE,
        Code.DUPLICATE_PAGE,
    }
)
"""The file with one of these stays outside; the others are taken in."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: the file (empty: the unit as a whole), its unit (档号), what it is, and the remedy."""

    code: Code
    file: str
    unit: str
    message: str
    remedy: str

    @property
    def stops_all(self) -> bool:
        """Whether nothing of the delivery may be taken in."""
        return self.code in STOP_ALL

    @property
    def stops_file(self) -> bool:
        """Whether this file stays outside."""
        return self.code in STOP_FILE or self.stops_all

    def as_row(self) -> dict[str, str]:
        """The finding as a row of the report."""
        return {**asdict(self), "code": self.code.value, "severity": self.severity}

    @property
    def severity(self) -> str:
        """``stop`` (the delivery), ``refused`` (the file) or ``notice``."""
        return "stop" if self.stops_all else "refused" if self.stops_file else "notice"


_SAYINGS: Mapping[Code, tuple[str | Promise, str | Promise]] = {
    Code.SECRECY_MARK: (
        _("The name carries a mark of secrecy (%(detail)s)."),
        _(
            "Nothing of this delivery is taken in. Classified material must not be on this system: "
            "take it off, report it."
        ),
    ),
    Code.NAME_UNSAFE: (
        _("The name leads out of the folder or cannot be kept: %(detail)s."),
        _("Rename the file by reference code and page."),
    ),
    Code.NAME_CLEANED: (
        _("The name has characters that are not kept as they are: %(detail)s."),
        _("Nothing needs to be done; the name is kept without them, or read as if they were usual ones."),
    ),
    Code.NAME_OTHER_UNIT: (
        _("The name belongs to %(detail)s, the folder to %(unit)s."),
        _("Move the file into the folder of its unit, or rename it."),
    ),
    Code.NAME_AMBIGUOUS: (
        _("The name can be the whole of %(detail)s or a page of %(unit)s."),
        _("Put the file into a folder that is named by the reference code of its unit."),
    ),
    Code.UNIT_UNKNOWN: (
        _("No unit of the catalogue has a reference code that the folder or the name says (%(detail)s)."),
        _("Name it <reference code>-<page>, such as J019-WS·2019·Y-0001-001.tif, or describe the unit first."),
    ),
    Code.OUTSIDE: (
        _("%(unit)s does not belong to %(detail)s."),
        _("Take the file out of this delivery, or choose the unit above both."),
    ),
    Code.UNREADABLE: (_("The file cannot be read (%(detail)s)."), _("Check its rights, or copy it again.")),
    Code.FORMAT: (
        _("The file is, by its content or its name, none of the formats that are taken in."),
        _("Scan or export it as TIFF, JPEG, JPEG 2000, PNG or PDF."),
    ),
    Code.ALREADY_THERE: (_("%(unit)s has this very file already."), _("Nothing needs to be done.")),
    Code.KEPT_ELSEWHERE: (
        _("This very file is kept already, in %(detail)s."),
        _("Refer to that unit, or scan the right page if this is a mistake."),
    ),
    Code.DUPLICATE_FILE: (
        _("The content is the same as that of %(detail)s."),
        _("Take one of them away, or scan the page that was meant."),
    ),
    Code.DUPLICATE_PAGE: (
        _("Page %(page)s of %(unit)s is there already: %(detail)s."),
        _("Give each page its own number."),
    ),
    Code.OUT_OF_ORDER: (
        _("The order is not clear: %(detail)s."),
        _("Number the files by page, or bring the pages into order at the light table."),
    ),
    Code.GAP: (_("Pages are missing in between: %(detail)s."), _("Scan them, or correct the numbers.")),
    Code.MISSING: (
        _("The catalogue has this unit; no file came for it and none is there."),
        _("Scan it, or look whether its files have another name."),
    ),
    Code.SURPLUS: (
        _("Page %(page)s is beyond the %(detail)s pages that the catalogue says."),
        _("Check the number of the page and the extent in the catalogue."),
    ),
    Code.PAGE_COUNT: (
        _("The catalogue says %(detail)s pages; with this delivery there are %(page)s."),
        _("Look what is missing or surplus, or correct the extent in the catalogue."),
    ),
}


def found(code: Code, *, file: str = "", unit: str = "", detail: object = "", page: object = "") -> Finding:
    """A finding with its sentence, in the language of the reader; ``detail`` and ``page`` fill the sentence."""
    message, remedy = _SAYINGS[code]
    values = {"file": file, "unit": unit, "detail": detail, "page": page}
    return Finding(code, file, unit, str(message) % values, str(remedy))

"""The shape of a CSL-JSON item (schema csl-data 1.0.2), as far as the archive uses it, and its dates."""

from typing import Final, TypedDict

from core.dates import archival

ONLINE: Final = "online"
"""What ``medium`` says of a thing that is read on the network: the carrier OL of GB/T 7714."""


class Name(TypedDict):
    """A name as it is written; bodies and persons alike, since documents do not tell surname and forename apart."""

    literal: str


Date = TypedDict("Date", {"date-parts": list[list[int]], "season": int, "circa": bool, "literal": str}, total=False)
"""A day, month or year, or two of them; ``season`` counts from spring; a literal where no such date is known."""

Item = TypedDict(
    "Item",
    {
        "id": str,
        "type": str,
        "title": str,
        "author": list[Name],
        "container-title": str,
        "publisher": str,
        "archive": str,
        "archive_location": str,
        "number": str,
        "medium": str,
        "issued": Date,
        "event-date": Date,
        "accessed": Date,
        "URL": str,
        "language": str,
        "abstract": str,
        "source": str,
        "custom": dict[str, str],
    },
    total=False,
)
"""One thing that is cited. ``custom`` holds the ARK and the title in English, for which CSL has no variables."""

_SPRING: Final = 21
_WINTER: Final = 24


def date(edtf: str, written: str = "") -> Date | None:
    """An EDTF date as CSL has it; its wording where CSL has no such date; None where nothing is known."""
    if not edtf or edtf == "XXXX":
        return {"literal": written} if written and not edtf else None
    structured = None if edtf[0] in "[{" else _structured(edtf)
    return structured or {"literal": written or edtf}


def _structured(edtf: str) -> Date | None:
    ((first, last),) = archival.members(edtf)
    moments = [archival.moment(code) for code in dict.fromkeys((first, last))]
    parts: list[list[int]] = []
    found: Date = {}
    for moment in moments:
        if moment is None or not moment.year.isdigit():
            return None
        if moment.span is not None:
            if len(moments) > 1 or not _SPRING <= moment.span <= _WINTER:
                return None
            found["season"] = moment.span - _SPRING + 1
        if moment.approximate or moment.uncertain:
            found["circa"] = True
        parts.append([part for part in (int(moment.year), moment.month, moment.day) if part is not None])
    found["date-parts"] = parts
    return found

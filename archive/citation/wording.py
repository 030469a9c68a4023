"""Words for forms that know neither lines nor control characters."""

import re
from collections.abc import Sequence
from typing import Final

from archive.citation.csl_json import Date

_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")


def one_line(text: str) -> str:
    """The text without control characters; line breaks and runs of blanks are single blanks."""
    return " ".join(_CONTROL.sub("", text).split())


def iso(parts: Sequence[int]) -> str:
    """Year, month and day, as far as they are known, by ISO 8601 (GB/T 7408.1-2023)."""
    return "-".join(f"{part:0{width}d}" for part, width in zip(parts, (4, 2, 2), strict=False))


def years(date: Date) -> list[str]:
    """The year or the two years of a date; none where it is a literal."""
    return [iso(parts[:1]) for parts in date.get("date-parts", [])]

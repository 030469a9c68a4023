"""Entries in the RIS format (2011): a tag of two characters a line, lines closed by CR LF, UTF-8."""

from collections.abc import Iterator, Mapping
from typing import Final

from archive.citation.csl_json import Date, Item
from archive.citation.wording import one_line, years

TYPES: Final[Mapping[str, str]] = {
    "manuscript": "MANSCPT",
    "collection": "MANSCPT",
    "article-newspaper": "NEWS",
    "article-journal": "JOUR",
    "book": "BOOK",
    "webpage": "ELEC",
    "dataset": "DATA",
    "entry": "DBASE",
}
"""Types of references by type of CSL."""


def entry(item: Item) -> str:
    """One reference, closed by its end tag and an empty line."""
    lines = [("TY", TYPES[item["type"]]), *((tag, one_line(value)) for tag, value in _fields(item))]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value) + "ER  - \r\n\r\n"


def _fields(item: Item) -> Iterator[tuple[str, str]]:
    yield "ID", item["id"]
    for name in item.get("author", []):
        yield "AU", name["literal"]
    yield "TI", item["title"]
    yield "TT", item.get("custom", {}).get("title-en", "")
    yield "T2", item.get("container-title", "")
    yield "PB", item.get("publisher", "")
    issued = item.get("issued", {})
    yield "PY", next(iter(years(issued)), "")
    yield "DA", _date(issued)
    yield "AV", item.get("archive", "")
    yield "CN", item.get("archive_location", "")
    yield "M1", item.get("number", "")
    yield "DB", item.get("source", "")
    yield "AN", item.get("custom", {}).get("ark", "")
    yield "AB", item.get("abstract", "")
    yield "LA", item.get("language", "")
    yield "UR", item.get("URL", "")
    yield "Y2", _date(item.get("accessed", {}))


def _date(date: Date) -> str:
    """``YYYY/MM/DD/other``: the first day; an end, a literal or doubt goes into the fourth part."""
    if not date:
        return ""
    parts = date.get("date-parts", [])
    first = [f"{part:02d}" for part in parts[0]] if parts else []
    other = date.get("literal", "")
    if len(parts) > 1:
        other = "-".join(f"{part:02d}" for part in parts[1])
    elif date.get("circa"):
        other = "circa"
    return "/".join([*first, *[""] * (3 - len(first)), other.replace("/", "-")])

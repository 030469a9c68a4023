"""The reference as GB/T 7714-2025 writes it: one line, full-width punctuation, type and carrier in brackets.

====================  ================================================================
archival document     ``责任者. 题名：档号[A/OL]. 收藏单位，日期. URL.``
newspaper, journal    ``题名[N/OL]. 报名，日期. URL.``
book                  ``题名[M]. 出版者，年.``
web page, data set    ``责任者. 题名[EB/OL]. （日期）[引用日期]. URL.``
entry of the archive  ``闽宁协作数字档案. 题名[DB/OL]. （更新日期）[引用日期]. URL.``
====================  ================================================================

The edition of 2025 asks for the day of access only of what changes: web pages, data sets and databases.
"""

from collections.abc import Mapping
from typing import Final

from archive.citation.csl_json import ONLINE, Date, Item
from archive.citation.wording import iso, one_line, years

MARKS: Final[Mapping[str, str]] = {
    "manuscript": "A",
    "collection": "A",
    "article-newspaper": "N",
    "article-journal": "J",
    "book": "M",
    "webpage": "EB",
    "dataset": "DS",
    "entry": "DB",
}
"""The marks of types that GB/T 7714 knows, by type of CSL."""

CHANGING: Final = frozenset({"EB", "DS", "DB"})
"""What is cited with the days of its change and of the access."""


def line(item: Item, *, with_address: bool = True) -> str:
    """The reference, with or without its address at the end."""
    mark = MARKS[item["type"]]
    carrier = "/OL" if item.get("medium") == ONLINE else ""
    code = item.get("archive_location", "")
    title = f"{item['title']}：{code}" if code else item["title"]
    sentences = [_responsible(item, mark), f"{title}[{mark}{carrier}]", _imprint(item, mark)]
    if with_address and carrier:
        sentences.append(item.get("URL", ""))
    return " ".join(f"{one_line(sentence).rstrip('.')}." for sentence in sentences if sentence)


def _responsible(item: Item, mark: str) -> str:
    """Up to three names, then 等; of what changes also the body that publishes it."""
    names = [name["literal"] for name in item.get("author", [])]
    if names:
        return "，".join(names[:3]) + ("，等" if len(names) > 3 else "")
    return _publisher(item) if mark in CHANGING else ""


def _imprint(item: Item, mark: str) -> str:
    """Where and when it was published or is kept."""
    issued = _written(item.get("issued", {}), only_year=mark == "M")
    if mark in CHANGING:
        accessed = _written(item.get("accessed", {}))
        return (f"（{issued}）" if issued else "") + (f"[{accessed}]" if accessed else "")
    return "，".join(part for part in (_publisher(item), issued) if part)


def _publisher(item: Item) -> str:
    return item.get("archive") or item.get("container-title") or item.get("publisher") or ""


def _written(date: Date, *, only_year: bool = False) -> str:
    """A date as figures, two of them joined by a dash, an estimated one in brackets (GB/T 7714, 出版年 estimated)."""
    parts = years(date) if only_year else [iso(parts) for parts in date.get("date-parts", [])]
    if not parts:
        return date.get("literal", "")
    figures = "—".join(dict.fromkeys(parts))
    return f"[{figures}]" if date.get("circa") else figures

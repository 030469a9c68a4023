"""Entries for BibTeX and biblatex, in UTF-8.

Everything that TeX would take for a command is escaped, and so that the braces of every value are balanced even for
readers that do not know escapes.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from archive.citation.csl_json import Date, Item
from archive.citation.wording import iso, one_line, years

TYPES: Final[Mapping[str, str]] = {
    "article-newspaper": "article",
    "article-journal": "article",
    "book": "book",
    "webpage": "online",
    "dataset": "dataset",
    "entry": "online",
}
"""Types of entries by type of CSL; archival documents, for which there is none, are ``misc``."""

_ESCAPES: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_LANGUAGES: Final[Mapping[str, str]] = {"zh": "chinese", "en": "english"}
_PLAIN_IN_ADDRESSES: Final = "%/:?#[]@!$&'()*+,;=-._~"


def entry(item: Item) -> str:
    """One entry, closed by an empty line; its key is the name part of the ARK."""
    kind = TYPES.get(item["type"], "misc")
    fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in _fields(item, kind) if value)
    return f"@{kind}{{{item['id']},\n{fields}\n}}\n\n"


def _fields(item: Item, kind: str) -> Iterator[tuple[str, str]]:
    authors = [_escaped(name["literal"]) for name in item.get("author", [])]
    yield "author", " and ".join(f"{{{name}}}" for name in authors)
    yield "title", _escaped(item["title"])
    yield "titleaddon", _escaped(item.get("custom", {}).get("title-en", ""))
    yield (
        "journal" if kind == "article" else "organization",
        _escaped(item.get("container-title") or item.get("archive", "")),
    )
    yield "publisher", _escaped(item.get("publisher", ""))
    yield "number", _escaped(item.get("archive_location", ""))
    yield "note", _escaped(item.get("number", ""))
    issued = item.get("issued", {})
    yield "date", _edtf(issued)
    yield "year", _escaped("/".join(dict.fromkeys(years(issued))) or issued.get("literal", ""))
    yield "url", quote(item.get("URL", ""), safe=_PLAIN_IN_ADDRESSES)
    ark = item.get("custom", {}).get("ark", "")
    yield "eprint", _escaped(ark)
    yield "eprinttype", "ark" if ark else ""
    yield "urldate", _edtf(item.get("accessed", {}))
    yield "langid", _LANGUAGES.get(item.get("language", "")[:2], "")
    yield "abstract", _escaped(item.get("abstract", ""))


def _escaped(text: str) -> str:
    return one_line(text).translate(_ESCAPES)


def _edtf(date: Date) -> str:
    """The date in EDTF, which biblatex reads."""
    codes = [iso(parts) for parts in date.get("date-parts", [])]
    if "season" in date:
        codes = [f"{codes[0]}-{20 + date['season']}"]
    doubt = "~" if date.get("circa") else ""
    return "/".join(f"{code}{doubt}" for code in codes)

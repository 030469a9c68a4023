"""Whole lists of results to take along: tables, references, and references for programs.

An export is made while it is sent, some hundred records at a time, so its length costs neither memory nor patience.
Whatever can be refused is refused before the first byte.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from archive import citation
from archive.models import Reader, Record
from core.errors import InvalidInput, NotFound
from search import finding, planning, tables

CHUNK: Final = 500
"""Records that are read from the database together."""

MOST: Final = 50_000
"""Records of one export for the public; the desk may take everything."""

NAME_LIMIT: Final = 40
"""Characters of the query that the name of the file shows."""

Chunks = Iterable[Sequence[Record]]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of export: its media type, and what writes records in it."""

    content_type: str
    write: Callable[[Chunks, Reader], Iterator[bytes]]
    most: int | None = None
    """Records that a file of this form can hold."""


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way: its name, its media type, and its bytes as they are made."""

    name: str
    content_type: str
    content: Iterator[bytes]


def export(request: finding.Request, form: str, reader: Reader) -> Export:
    """Everything that a request finds for ``reader``, in the order of the list; size and cursor do not count.

    Raises:
        NotFound: there is no such form; the message names those that there are.
        InvalidInput: a filter that cannot be, or more records than one export may hold.
        Unavailable: the index cannot be read.
    """
    if form not in FORMS:
        raise NotFound(
            _("There is no export in the form “%(form)s”. Known forms: %(known)s.")
            % {"form": form[:40], "known": ", ".join(FORMS)}
        )
    asked = replace(request, size=1, cursor="", with_facets=False)
    _refuse_too_many(finding.find(asked, reader).count, form, reader)
    content = stream(finding.walk(replace(asked, size=finding.MOST), reader), form, reader)
    first = next(content, b"")  # what fails, fails here, while the answer can still say so
    return Export(_name(request.q, form), FORMS[form].content_type, chain([first], content))


def stream(records: Iterable[Record], form: str, reader: Reader) -> Iterator[bytes]:
    """Records that ``reader`` may see, written in one of the FORMS, piece by piece.

    The language is the one of the moment of this call, whenever the pieces are taken. The number of queries of each
    chunk is constant: three for references, at most nine for tables.
    """
    return _speaking(translation.get_language() or "zh-hans", FORMS[form].write(_chunks(records), reader))


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(records)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _speaking(language: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, each made in one language: a server takes them when the request's own is forgotten already."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _csv(chunks: Chunks, reader: Reader) -> Iterator[bytes]:
    yield f"{tables.BYTE_ORDER_MARK}{tables.csv_text([tables.headings()])}".encode()
    for chunk in chunks:
        yield tables.csv_text(tables.rows(chunk, reader)).encode()


def _json(chunks: Chunks, reader: Reader) -> Iterator[bytes]:
    """One array, an item a line."""
    before = "[\n"
    for chunk in chunks:
        items = [citation.FORMATS["csl-json"](item) for item in citation.csl_of(chunk, reader)]
        yield (before + ",\n".join(items)).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _cited(form: str, end: str = "") -> Callable[[Chunks, Reader], Iterator[bytes]]:
    """A writer of references one after the other, each closed by ``end``."""

    def write(chunks: Chunks, reader: Reader) -> Iterator[bytes]:
        for chunk in chunks:
            yield "".join(f"{citation.FORMATS[form](item)}{end}" for item in citation.csl_of(chunk, reader)).encode()

    return write


def _refuse_too_many(count: int, form: str, reader: Reader) -> None:
    if count > MOST and not planning.for_desk(reader):
        raise InvalidInput(
            _(
                "These are %(count)d records; one export holds at most %(most)d. Narrow the search, "
                "or gather the lists of the interface under /api/v1/, page by page, as they have no such limit."
            )
            % {"count": count, "most": MOST}
        )
    most = FORMS[form].most
    if most is not None and count > most:
        raise InvalidInput(
            _("These are %(count)d records; a worksheet holds at most %(most)d. Take the list as CSV.")
            % {"count": count, "most": most}
        )


def _name(query: str, form: str) -> str:
    """The name of the file: the archive, the query as far as a file system bears it, and the day."""
    shown = re.sub(r"[\W_]+", "_", query)[:NAME_LIMIT].strip("_")
    day: dt.date = timezone.localdate()
    return "-".join(part for part in (_("Min-Ning Digital Archive"), shown, day.isoformat()) if part) + f".{form}"


FORMS: Final[Mapping[str, Form]] = {
    "csv": Form("text/csv; charset=utf-8", _csv),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", tables.xlsx, tables.MOST_ROWS),
    "bib": Form("application/x-bibtex; charset=utf-8", _cited("bibtex")),
    "ris": Form("application/x-research-info-systems; charset=utf-8", _cited("ris")),
    "json": Form("application/vnd.citationstyles.csl+json; charset=utf-8", _json),
    "txt": Form("text/plain; charset=utf-8", _cited("gbt7714", end="\n")),
}
"""The forms of export by the last part of their address, which is also the suffix of the file."""

"""How much a PDF asks of whoever draws it: page contents that would unpack to an absurd size are refused first.

Packed operators grow a thousandfold, packed twice a millionfold, and PDFium works through all of them. What is looked
at here are the contents of the pages and of the forms that they name; everything else is bounded by the time and
memory that a step of the pipeline may take.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from core.errors import InvalidInput

MOST_BYTES = 64 * 1024**2
"""Of the operators of one page, unpacked; a detailed map takes about 30 MB."""

_MOST_GROWTH = 1032  # of data packed once (RFC 1951)
_PACKED = frozenset({"/FlateDecode", "/Fl"})


def check(path: Path, *, name: str = "") -> None:
    """Look at every page; a file that qpdf cannot open is left to PDFium, which says what is wrong with it.

    Raises:
        InvalidInput: the contents of a page would unpack to more than `MOST_BYTES`.
    """
    try:
        with pikepdf.open(path) as document:
            for number, page in enumerate(document.pages, start=1):
                if sum(_unpacked(stream) for stream in _contents(page.obj)) > MOST_BYTES:
                    raise InvalidInput(
                        _(
                            "Page %(page)d of “%(name)s” would unpack to more than %(limit)d MB of drawing. "
                            "It was not opened. Print the document to a new PDF and add that."
                        )
                        % {"page": number, "name": name or path.name, "limit": MOST_BYTES // 1024**2}
                    )
    except (pikepdf.PikepdfError, ValueError, TypeError, AttributeError, RecursionError):
        return


def _contents(page: Any) -> Iterator[Any]:  # Any: objects of the file, published without types
    """The streams that a page draws: its own, and the forms that it names."""
    own = page.get("/Contents")
    candidates = list(own) if isinstance(own, pikepdf.Array) else [own]
    resources = page.get("/Resources")
    forms = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if isinstance(forms, pikepdf.Dictionary):
        candidates += [form for form in forms.values() if _is_form(form)]
    yield from (each for each in candidates if isinstance(each, pikepdf.Stream))


def _is_form(thing: Any) -> bool:
    return isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Form"


def _unpacked(stream: Any) -> int:
    """The size of a stream when it is unpacked, at most a little more than `MOST_BYTES`."""
    filters = stream.get("/Filter")
    names = [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    packed = sum(name in _PACKED for name in names)
    if int(stream.get("/Length", 0)) * _MOST_GROWTH**packed <= MOST_BYTES // _MOST_GROWTH:
        return 0
    content = bytes(stream.read_raw_bytes())
    for name in names:
        if name not in _PACKED:
            break
        try:
            content = zlib.decompressobj().decompress(content, MOST_BYTES + 1)
        except zlib.error:
            return 0
    return len(content)

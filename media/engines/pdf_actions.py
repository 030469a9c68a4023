"""What a PDF would do if a reader let it: scripts, programs it starts, files it carries, forms it sends.

Nothing of it is ever run here, and nothing of it leaves the house: pages are shown as pictures, and documents are put
together anew. It is looked for because an archive must know what it keeps.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from django.utils.translation import gettext as _

from core.errors import InvalidInput

_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "Launch",
    "/SubmitForm": "SubmitForm",
    "/ImportData": "ImportData",
    "/GoToR": "GoToR",
    "/GoToE": "GoToE",
    "/URI": "URI",
    "/Rendition": "Rendition",
    "/RichMediaExecute": "RichMedia",
}
_MOST_OBJECTS = 500_000


def find(path: Path, *, name: str = "") -> dict[str, int]:
    """How often each kind of active content occurs, in the order of its names; ``name`` is the file's own name.

    Besides the kinds of actions (PDF 32000-1, 12.6.4): ``Attachment``, ``XFA``, ``RichMedia``, and ``Automatic`` for
    what would begin when the file is opened or a page shown.

    Raises:
        InvalidInput: the file cannot be read as a PDF.
    """
    found: Counter[str] = Counter()
    try:
        with pikepdf.open(path) as document:
            for number, thing in enumerate(document.objects):
                if number >= _MOST_OBJECTS:
                    break
                found.update(_kinds(thing))
    except (pikepdf.PikepdfError, ValueError, TypeError, RecursionError) as fault:
        raise InvalidInput(
            _("“%(name)s” is not a readable PDF, or has no page. Open it in a viewer and save it again.")
            % {"name": name or path.name}
        ) from fault
    return dict(sorted(found.items()))


def _kinds(thing: Any) -> Iterator[str]:  # Any: an object of the file, of any of its types
    """The kinds of active content that one object, and what stands directly inside it, holds."""
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return
    for part in (thing, *_inside(thing)):
        kind = str(part.get("/S", ""))
        if kind in _ACTIONS and not isinstance(part.get("/S"), pikepdf.Stream):
            yield _ACTIONS[kind]
        if "/EF" in part:
            yield "Attachment"
        if "/XFA" in part:
            yield "XFA"
        if str(part.get("/Subtype", "")) in {"/RichMedia", "/Screen", "/3D", "/Movie"}:
            yield "RichMedia"
    if "/OpenAction" in thing or "/AA" in thing:
        yield "Automatic"


def _inside(thing: Any) -> Iterator[Any]:
    """Dictionaries that are written directly into this one, to a small depth."""
    waiting = [(thing, 0)]
    while waiting:
        holder, depth = waiting.pop()
        values = holder.values() if isinstance(holder, pikepdf.Dictionary) else holder
        for value in () if isinstance(holder, pikepdf.Stream) else values:
            if not isinstance(value, pikepdf.Dictionary | pikepdf.Array) or value.is_indirect or depth > 3:
                continue
            if isinstance(value, pikepdf.Dictionary):
                yield value
            waiting.append((value, depth + 1))

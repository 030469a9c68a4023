"""Where a list of hits goes on: a text for the next request, good for the same query, filters and kind of reader.

The first thousand hits are listed by rank and stepped over by number; the rest follows by the key of the record, for
nobody reads the thousandth hit for its rank, but a harvester wants them all. A list without a query is by key from the
start. So a page costs the same however deep it lies.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from search.results import Request

Mode = Literal["rank", "key"]

LARGEST: Final = 2**62

_MODES: Final[tuple[Mode, ...]] = ("rank", "key")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: the stage that found it, the hits passed or the last key, and how many there are in all.

    The number is that of the first page, so that it need not be counted again for each. ``ranked`` names the hits that
    were listed by rank, once the list goes on by key.
    """

    stage: str
    mode: Mode
    position: int
    count: int
    ranked: str = ""


def fingerprint(request: Request, *, for_desk: bool) -> str:
    """What a cursor must agree with: the query, the filters, and whether the desk asks."""
    filters = sorted((name, sorted(values)) for name, values in request.filters.items() if values)
    content = json.dumps([request.q, filters, for_desk])
    return hashlib.blake2b(content.encode(errors="surrogatepass"), digest_size=6).hexdigest()


def write(cursor: Cursor, mark: str) -> str:
    """The cursor as a text that fits into an address."""
    content = json.dumps([mark, cursor.stage, cursor.mode, cursor.position, cursor.count, cursor.ranked])
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read(written: str, mark: str) -> Cursor | None:
    """The cursor that was written; ``None`` for the beginning of a list.

    Raises:
        InvalidInput: it is no cursor, or one of another query.
    """
    if not written:
        return None
    try:
        content = json.loads(base64.urlsafe_b64decode(written.encode() + b"=" * (-len(written) % 4)))
        found_mark, stage, mode, position, count, ranked = content
        cursor = Cursor(str(stage), _MODES[_MODES.index(mode)], _number(position), _number(count), str(ranked))
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError) as fault:
        raise InvalidInput(_("This is no cursor. Leave it out to begin with the first page.")) from fault
    if found_mark != mark:
        raise InvalidInput(
            _("The cursor belongs to another query. Leave it out to begin with the first page of this one.")
        )
    return cursor


def _number(given: object) -> int:
    """A whole number that engines can bear.

    Raises:
        ValueError: it is none.
    """
    if type(given) is not int or not 0 <= given < LARGEST:
        raise ValueError(given)
    return given

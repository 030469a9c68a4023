"""Beginnings of words inside a unit, by the autocomplete of the IIIF Content Search API 2.0 (§4)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from api.iiif import answers, finding
from api.iiif.addresses import Addresses
from archive.models import Reader, Record, Scope
from core import text
from core.errors import InvalidInput
from media import stretches
from media.models import OPEN_TEXT, Page, PageText

TERMS: Final = 20
LONGEST: Final = 12
"""Characters of a term."""

_ENDS: Final = frozenset("，。、；：？！“”‘’（）《》〈〉【】〔〕…—·,.;:?!\"'()[]{}<>/\\|█")


@answers.readable_from_anywhere
def autocomplete(request: HttpRequest, ark: str) -> HttpResponse:
    """Terms of a unit's text that begin as typed, the most frequent first; ``min``: how often they must stand there."""
    record = finding.readable_unit(ark, request.user).record
    q = request.GET.get("q", "").strip()[:LONGEST]
    if not q:
        raise InvalidInput(_("Say what you look for: ?q=…"))
    least = request.GET.get("min", "1")
    is_number = least.isascii() and least.isdigit() and len(least) < 10
    rows = terms(_texts(record, request.user), q, int(least) if is_number else 1)
    search = Addresses(request).search(record)
    items = [
        {
            "value": term,
            "total": total,
            "service": [{"id": f"{search}?{urlencode({'q': term})}", "type": "SearchService2"}],
        }
        for term, total in rows
    ]
    body = {"@context": answers.SEARCH_2, "id": request.build_absolute_uri(), "type": "TermPage", "items": items}
    return answers.linked_data(request, answers.with_ignored(body, request, {"q", "min"}), answers.SEARCH_2)


def terms(texts: Sequence[str], beginning: str, least: int = 1) -> list[tuple[str, int]]:
    """Strings that begin so, stand at least ``least`` times in the texts, and cannot be longer as often.

    Chinese is written without spaces, so a term is what is repeated: 闽宁 may lead to 闽宁协作 and to 闽宁镇. A word in
    Latin letters or a number is one even if it stands only once. Terms end at punctuation or a space. Texts are
    compared as the search compares them (Traditional and Simplified, full and half width); terms are shown as met.
    """
    typed = text.folded(beginning)
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for folded, original in (pair for one in texts for pair in _terms_in(one, typed)):
        counts[folded] += 1
        shown.setdefault(folded, original)
    longer: dict[str, int] = {}
    for term, total in counts.items():
        if len(term) > len(typed):
            longer[term[:-1]] = max(longer.get(term[:-1], 0), total)
    found = [
        (shown[term], total)
        for term, total in counts.items()
        if total >= least and total > longer.get(term, 0) and (total > 1 or term == typed or term.isascii())
    ]
    return sorted(found, key=lambda pair: (-pair[1], len(pair[0]), pair[0]))[:TERMS]


def _terms_in(original: str, typed: str) -> Iterator[tuple[str, str]]:
    """Every string of a text that begins so, folded and as it stands there, up to the end of its term."""
    plain = stretches.flat(original)
    one = text.fold(plain)
    start = one.text.find(typed)
    while start >= 0:
        end = start + len(typed)
        if not _is_inside_a_word(one.text, start):
            while end <= len(one.text):
                yield one.text[start:end], plain[one.offsets[start] : one.offsets[end]]
                if end == len(one.text) or end - start >= LONGEST or _ends(one.text[end]):
                    break
                end += 1
        start = one.text.find(typed, start + 1)


def _is_inside_a_word(folded: str, start: int) -> bool:
    """A Latin word or a number is not found in its middle."""
    before, first = folded[start - 1 : start], folded[start]
    return bool(before) and all(each.isascii() and each.isalnum() for each in (before, first))


def _ends(character: str) -> bool:
    return character.isspace() or character in _ENDS


def _texts(record: Record, reader: Reader) -> list[str]:
    pages = Page.objects.visible_to(reader, Scope.TEXT).filter(unit__record=record).values("pk")
    return list(PageText.objects.filter(is_current=True, page__in=pages).values_list(OPEN_TEXT, flat=True))

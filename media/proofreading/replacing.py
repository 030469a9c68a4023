"""Search and replace in all pages of a document: looked at first, done at once, undone at once."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access
from archive.models import Unit
from core.errors import Conflict, InvalidInput, NotFound
from media.lines import TextLine
from media.models import Page, PageText
from media.proofreading import storing
from media.proofreading.arranging import Edit, arrange, clean
from media.proofreading.storing import Change

MOST_PLACES: Final = 1000
MOST_PAGES: Final = 100
"""A page takes some hundredths of a second, and all of them are written together."""

AROUND: Final = 12
"""Characters shown before and after a place."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the words that are looked for begin: in which text, in which of its lines, at which character."""

    text: int
    line: int
    start: int


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in its surroundings."""

    spot: Spot
    page: Page
    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a replacement would change; ``is_whole`` is false where there are more places than can be shown."""

    places: Sequence[Place]
    is_whole: bool

    @property
    def page_count(self) -> int:
        """On how many pages."""
        return len({place.page.pk for place in self.places})


@dataclass(frozen=True, slots=True)
class Replacement:
    """What was replaced, under a key by which it can be undone."""

    key: uuid.UUID
    places: int
    texts: Sequence[PageText]


@dataclass(frozen=True, slots=True)
class Undone:
    """The pages that were taken back, and those that somebody has changed since, which stay as they are."""

    texts: Sequence[PageText]
    left: Sequence[Page]


def preview(unit: Unit, find: str, *, by: User | None) -> Preview:
    """Every place in the current texts of a unit's pages where these words stand within one line, as they are written.

    Raises:
        NotPermitted: this person may not proofread.
        InvalidInput: no words are given.
    """
    access.require(by, "proofread")
    places: list[Place] = []
    for number, (text, spots) in enumerate(_spots(unit, _words(find))):
        if number == MOST_PAGES:
            return Preview(places, is_whole=False)
        lines = text.text_lines()
        places.extend(_place(text.page, lines[spot.line].text, spot, len(clean(find))) for spot in spots)
        if len(places) > MOST_PLACES:
            return Preview(places[:MOST_PLACES], is_whole=False)
    return Preview(places, is_whole=True)


def replace(
    unit: Unit, find: str, by_what: str, *, by: User | None, spots: Collection[Spot] | None = None
) -> Replacement:
    """Replace words in a unit's pages, everywhere or in these places; all of it or, where a text has changed, nothing.

    Raises:
        NotPermitted: this person may not proofread.
        InvalidInput: no words are given, or the same ones twice.
        NotFound: the words stand nowhere.
        Conflict: somebody has corrected one of the pages since the places were looked up.
    """
    access.require(by, "proofread")
    words, new_words = _words(find), clean(by_what)
    if words == new_words:
        raise InvalidInput(_("The words to look for and the words to put in their place are the same."))
    key = uuid.uuid4()
    with transaction.atomic():
        wanted = _by_text(spots if spots is not None else [s for _text, found in _spots(unit, words) for s in found])
        if not wanted:
            raise NotFound(_("“%(words)s” stands nowhere in this document.") % {"words": words})
        changes = _changes(unit, wanted, words, new_words)
        texts = storing.store(changes, by=by, action="text replacement", replacement=key)
    return Replacement(key, sum(map(len, wanted.values())), texts)


def undo_replace(key: uuid.UUID, *, by: User | None) -> Undone:
    """Take a replacement back on all pages that nobody has corrected since; as new rows, for nothing is ever removed.

    Raises:
        NotPermitted: this person may not proofread.
        NotFound: there is no such replacement.
    """
    access.require(by, "proofread")
    with transaction.atomic():
        made = list(made_by(key).select_related("made_from").order_by("pk"))
        if not made:
            raise NotFound(_("There is no such replacement."))
        pages = storing.lock([text.page_id for text in made])
        current = set(
            PageText.objects.filter(pk__in=[text.pk for text in made], is_current=True).values_list("pk", flat=True)
        )
        changes = []
        for text in made:
            if text.pk in current and text.made_from is not None:
                text.page = pages[text.page_id]
                said = {"undone": str(key)}
                lines = text.made_from.text_lines()
                changes.append(Change(text, lines, note=_("Replacement undone"), made_from=text.made_from, said=said))
        texts = storing.store(changes, by=by, action="text restoration") if changes else []
    done = {text.page_id for text in texts}
    return Undone(texts, [page for page in pages.values() if page.pk not in done])


def made_by(key: uuid.UUID) -> QuerySet[PageText]:
    """The texts that a replacement has made, but for those of files that are in quarantine (L-18)."""
    return PageText.objects.filter(replacement=key, page__digital_object__quarantined_at__isnull=True)


def _words(find: str) -> str:
    words = clean(find)
    if not words:
        raise InvalidInput(_("Write the words to look for."))
    return words


def _spots(unit: Unit, words: str) -> Iterator[tuple[PageText, list[Spot]]]:
    """The texts of a unit in which the words stand, page after page, with the spots."""
    texts = PageText.objects.filter(
        is_current=True, page__unit=unit, page__digital_object__quarantined_at__isnull=True, text__contains=words
    )
    for text in texts.select_related("page").defer("public_text", "public_lines").order_by("page__number").iterator(50):
        spots = [
            Spot(text.pk, number, start)
            for number, line in enumerate(text.text_lines())
            for start in _starts(line.text, words)
        ]
        if spots:
            yield text, spots


def _starts(line: str, words: str) -> Iterator[int]:
    start = line.find(words)
    while start >= 0:
        yield start
        start = line.find(words, start + len(words))


def _place(page: Page, line: str, spot: Spot, length: int) -> Place:
    end = spot.start + length
    return Place(
        spot, page, line[max(spot.start - AROUND, 0) : spot.start], line[spot.start : end], line[end : end + AROUND]
    )


def _by_text(spots: Collection[Spot]) -> dict[int, list[Spot]]:
    found: dict[int, list[Spot]] = defaultdict(list)
    for spot in spots:
        found[spot.text].append(spot)
    return dict(found)


def _changes(unit: Unit, wanted: Mapping[int, Sequence[Spot]], words: str, new_words: str) -> list[Change]:
    """The new lines of every text concerned, whose pages are locked from here on."""
    # What is in quarantine is not there for the desk (L-18), whoever guesses the numbers of its texts.
    texts = PageText.objects.filter(page__digital_object__quarantined_at__isnull=True).in_bulk(list(wanted))
    pages = storing.lock([text.page_id for text in texts.values()])
    current = set(PageText.objects.filter(pk__in=list(wanted), is_current=True).values_list("pk", flat=True))
    note = _("“%(words)s” replaced by “%(new)s”") % {"words": words, "new": new_words}
    changes = []
    for key, spots in wanted.items():
        if key not in texts or key not in current or pages[texts[key].page_id].unit_id != unit.pk:
            raise Conflict(_("A page of this document has been corrected meanwhile. Look for the words once more."))
        text = texts[key]
        text.page = pages[text.page_id]
        lines = arrange(
            before := text.text_lines(), _edits(before, spots, words, new_words), text.page.width, text.page.height
        )
        changes.append(Change(text, lines, note=note, said={"places": len(spots)}))
    return changes


def _edits(lines: Sequence[TextLine], spots: Sequence[Spot], words: str, new_words: str) -> list[Edit]:
    """The lines with the words replaced in these spots, the last of a line first, so that the others stay in place."""
    texts = [line.text for line in lines]
    for spot in sorted(spots, key=lambda each: each.start, reverse=True):
        line = texts[spot.line] if 0 <= spot.line < len(texts) else ""
        if not line.startswith(words, spot.start):
            raise Conflict(_("A page of this document has been corrected meanwhile. Look for the words once more."))
        texts[spot.line] = line[: spot.start] + new_words + line[spot.start + len(words) :]
    return [Edit(text, (number,)) for number, text in enumerate(texts)]

"""Saved searches: keep, list with what is new, open, rename, remove and take back. An account is not needed.

Somebody without an account is known by a random token in a signed cookie, which is set only when a search is saved;
with the first sign-in what it holds joins the account.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from archive.models import Reader
from core.errors import ArchiveError, InvalidInput, NotFound, Unavailable
from portal import questions
from portal.models import NAME_LIMIT, SavedSearch
from portal.questions import Question
from search import finding

MOST: Final = 50
"""Searches that one holder may keep."""

QUESTION_LIMIT: Final = 6_000
"""Characters of the question as it stands in an address."""

NEW_SHOWN: Final = 20
"""New matches are counted so far; beyond, “more than” is said."""

SECONDS_COUNTED: Final = 60
"""A count of new matches is kept so long: a page with fifty searches asks the index fifty times, but not each time."""

KEPT_FOR_UNDO: Final = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever keeps searches: an account, or the digest of a browser's token; empty for nobody yet."""

    user: User | None
    digest: str = ""

    @property
    def searches(self) -> QuerySet[SavedSearch]:
        """The searches of this holder that were not removed."""
        return self.every.filter(removed_at__isnull=True)

    @property
    def every(self) -> QuerySet[SavedSearch]:
        """The searches of this holder, those removed lately too."""
        if self.user is not None:
            return SavedSearch.objects.filter(owner=self.user)
        return SavedSearch.objects.filter(holder=self.digest) if self.digest else SavedSearch.objects.none()


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search as it is listed: its question, how many matches are new, and whether it can still be asked."""

    search: SavedSearch
    question: Question | None
    new: int
    has_more: bool

    @property
    def feed_href(self) -> str:
        """The feed of new matches."""
        return self.question.address("portal:feed") if self.question is not None else ""


def holder_of(reader: Reader, token: str) -> Holder:
    """Who asks: the account where somebody is signed in, otherwise the browser with this token (or none)."""
    if isinstance(reader, User):
        return Holder(reader)
    return Holder(None, _digest(token) if token else "")


def new_token() -> str:
    """A token for a browser that keeps its first search."""
    return secrets.token_urlsafe(24)


def keep(holder: Holder, question: Question, name: str = "") -> SavedSearch:
    """Save a question under a name (its own words where none is given); one that is kept already stays as it is.

    Raises:
        InvalidInput: nothing is asked, the question or the name is too long, or there are too many already.
    """
    text = question.text
    if question.is_empty:
        raise InvalidInput(_("An empty search cannot be saved. Write a word or choose a filter first."))
    if len(text) > QUESTION_LIMIT:
        raise InvalidInput(_("This search is too long to be saved. Shorten the query or take filters away."))
    known = holder.searches.filter(question=text).first()
    if known is not None:
        return known
    named = _as_name(name or question.query[:NAME_LIMIT] or _("Search by filters"))
    with transaction.atomic():
        if holder.searches.count() >= MOST:
            raise InvalidInput(
                ngettext(
                    "No more than %(most)d search can be saved. Remove one first.",
                    "No more than %(most)d searches can be saved. Remove one first.",
                    MOST,
                )
                % {"most": MOST}
            )
        return SavedSearch.objects.create(owner=holder.user, holder=holder.digest, name=named, question=text)


def listed(holder: Holder, reader: Reader) -> tuple[list[Kept], bool]:
    """The searches of a holder, newest first, and whether the index could say what is new."""
    rows = list(holder.searches)
    try:
        return [_kept(row, reader) for row in rows], True
    except Unavailable:
        return [Kept(row, _question(row), 0, False) for row in rows], False


def see(holder: Holder, key: int) -> Question:
    """The question of a search that is opened now: what was new until now is so no longer.

    Raises:
        NotFound: this holder has no such search.
        InvalidInput: the question cannot be asked any more.
    """
    search = _own(holder.searches, key)
    question = questions.read_text(search.question)
    SavedSearch.objects.filter(pk=search.pk).update(seen_at=timezone.now())
    return question


def rename(holder: Holder, key: int, name: str) -> SavedSearch:
    """Give a search another name.

    Raises:
        NotFound: this holder has no such search.
        InvalidInput: the name is empty or too long.
    """
    search = _own(holder.searches, key)
    search.name = _as_name(name)
    search.save(update_fields=["name"])
    return search


def remove(holder: Holder, key: int) -> SavedSearch:
    """Take a search off the list; for a day it can be taken back. What was removed earlier goes for good.

    Raises:
        NotFound: this holder has no such search.
    """
    search = _own(holder.searches, key)
    SavedSearch.objects.filter(removed_at__lt=timezone.now() - KEPT_FOR_UNDO).delete()
    SavedSearch.objects.filter(pk=search.pk).update(removed_at=timezone.now())
    return search


def take_back(holder: Holder, key: int) -> SavedSearch:
    """Put a removed search back on the list.

    Raises:
        NotFound: it is not there any more.
        InvalidInput: the list is full meanwhile.
    """
    search = _own(holder.every, key)
    if search.removed_at is not None and holder.searches.count() >= MOST:
        raise InvalidInput(_("The list is full. Remove another search first."))
    SavedSearch.objects.filter(pk=search.pk).update(removed_at=None)
    return search


def removed(holder: Holder, key: str) -> SavedSearch | None:
    """The search that was just removed, if it can be taken back."""
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        return None
    return holder.every.filter(pk=int(key), removed_at__isnull=False).first()


@transaction.atomic
def join(user: User, token: str) -> int:
    """Give the searches of a browser to an account: as many as it has room for, none twice. How many there were."""
    account, browser = Holder(user), Holder(None, _digest(token))
    questions_there = set(account.searches.values_list("question", flat=True))
    room = MOST - len(questions_there)
    coming = [row.pk for row in browser.searches if row.question not in questions_there][: max(room, 0)]
    SavedSearch.objects.filter(pk__in=coming).update(owner=user, holder="")
    browser.every.filter(question__in=questions_there).delete()
    return len(coming)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _own(searches: QuerySet[SavedSearch], key: int) -> SavedSearch:
    search = searches.filter(pk=key).first()
    if search is None:
        raise NotFound(_("This saved search is not on your list."))
    return search


def _as_name(name: str) -> str:
    clean = " ".join("".join(character if character.isprintable() else " " for character in name).split())
    if not clean:
        raise InvalidInput(_("A saved search needs a name."))
    if len(clean) > NAME_LIMIT:
        raise InvalidInput(_("A name has at most %(most)d characters.") % {"most": NAME_LIMIT})
    return clean


def _question(search: SavedSearch) -> Question | None:
    """None where a filter that was saved does not exist any more."""
    try:
        return questions.read_text(search.question)
    except ArchiveError:
        return None


def _kept(search: SavedSearch, reader: Reader) -> Kept:
    question = _question(search)
    if question is None:
        return Kept(search, None, 0, False)
    new = _new(search, question, reader)
    return Kept(search, question, min(new, NEW_SHOWN), new > NEW_SHOWN)


def _new(search: SavedSearch, question: Question, reader: Reader) -> int:
    """How many matches were published since the search was last seen, up to one more than is shown."""
    place = f"portal:saved-search:{search.pk}:{search.seen_at.timestamp()}"
    known: int | None = cache.get(place)
    if known is not None:
        return known
    try:
        newest = finding.newest(question.request(size=NEW_SHOWN + 1, with_facets=False), reader)
    except InvalidInput:
        newest = []
    count = sum(1 for record in newest if record.first_published_at and record.first_published_at > search.seen_at)
    cache.set(place, count, SECONDS_COUNTED)
    return count

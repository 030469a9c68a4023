"""What others gather from the site: sitemaps (at most 50,000 addresses each) and Atom feeds. Only what is public."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive.models import Record
from core.errors import NotFound
from portal.questions import Question
from search import finding

KEYS_PER_PART = 20_000
"""Records are cut into parts by their keys, so that every part costs the same; a part may hold fewer addresses."""

ENTRIES_IN_FEED = 40
LONG_AGO = dt.datetime(1996, 10, 1, tzinfo=dt.UTC)
"""The time of a feed in which nothing stands yet: it must be one, and must not change with every request."""

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def absolute(path: str) -> str:
    """The address for the public of a path on this site."""
    return f"{settings.ARCHIVE_PUBLIC_URL}{path}"


def sitemap_index() -> str:
    """The sitemap index: one entry for each stretch of keys."""
    parts = range(1, _last_key() // KEYS_PER_PART + 2)
    entries = "".join(
        f"<sitemap><loc>{escape(absolute(reverse('portal:sitemap_part', args=[part])))}</loc></sitemap>\n"
        for part in parts
    )
    return f'{HEAD}<sitemapindex xmlns="{NAMESPACE}">\n{entries}</sitemapindex>\n'


def sitemap_part(part: int) -> str:
    """The public records of one stretch of keys with the time of their last change.

    Raises:
        NotFound: there is no such part.
    """
    if not 1 <= part <= _last_key() // KEYS_PER_PART + 1:
        raise NotFound(_("The sitemap has no part %(part)d.") % {"part": part})
    first = (part - 1) * KEYS_PER_PART
    rows = (
        Record.objects.visible_to(AnonymousUser())
        .filter(pk__gt=first, pk__lte=first + KEYS_PER_PART)
        .order_by("pk")
        .only("ark", "changed_at")
    )
    entries = "".join(
        f"<url><loc>{escape(absolute(record.get_absolute_url()))}</loc>"
        f"<lastmod>{record.changed_at.isoformat(timespec='seconds')}</lastmod></url>\n"
        for record in rows.iterator(chunk_size=2_000)
    )
    return f'{HEAD}<urlset xmlns="{NAMESPACE}">\n{entries}</urlset>\n'


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is sent, and when the newest of what stands in it changed."""

    text: str
    changed_at: dt.datetime

    @property
    def etag(self) -> str:
        """A quoted digest of the text, for conditional requests."""
        return f'"{hashlib.blake2b(self.text.encode(), digest_size=12).hexdigest()}"'

    @property
    def last_modified(self) -> str:
        """The time of the last change as a header has it."""
        return http_date(self.changed_at.timestamp())


class _AtomFeed(Atom1Feed):
    """A feed whose time is that of its newest entry, never that of the request."""

    def __init__(self, *, changed_at: dt.datetime, title: str, link: str, feed_url: str, description: str) -> None:
        super().__init__(
            title=title,
            link=link,
            feed_url=feed_url,
            feed_guid=feed_url,
            description=description,
            language="en" if (get_language() or "").startswith("en") else "zh-Hans",
            author_name=_("Min-Ning Digital Archive"),
            author_link=absolute(reverse("portal:home")),
        )
        self._changed_at = changed_at

    def latest_post_date(self) -> dt.datetime:
        """When the newest entry changed."""
        return self._changed_at


def feed(question: Question) -> Feed:
    """The public records that changed last, newest first; for a question those of its matches published last.

    RFC 4287: the identifier of an entry is the address of its record, which stays; that of the feed is its own address.

    Raises:
        InvalidInput: a filter with an impossible value.
        Unavailable: the index cannot be read.
    """
    public = Record.objects.visible_to(AnonymousUser())
    name = _("Min-Ning Digital Archive")
    records: Sequence[Record]
    if question.is_empty:
        records = list(public.order_by("-changed_at", "-pk")[:ENTRIES_IN_FEED])
        title, description, page = name, _("New and changed records"), reverse("portal:home")
    else:
        records = finding.newest(question.request(size=ENTRIES_IN_FEED, with_facets=False), AnonymousUser())
        title = _("“%(query)s” · %(archive)s") % {"query": question.query or _("Search by filters"), "archive": name}
        description, page = _("New matches of a search"), question.address()
    changed_at = max((record.changed_at for record in records), default=LONG_AGO)
    atom = _AtomFeed(
        changed_at=changed_at,
        title=_printable(title),
        link=absolute(page),
        feed_url=absolute(question.address("portal:feed")),
        description=description,
    )
    for record in records:
        _add(atom, record)
    return Feed(str(atom.writeString("utf-8")), changed_at)


def _add(atom: Atom1Feed, record: Record) -> None:
    atom.add_item(
        title=_printable(record.title),
        link=absolute(record.get_absolute_url()),
        description=_printable(record.summary or record.title),
        unique_id=absolute(record.get_absolute_url()),
        pubdate=record.first_published_at or record.created_at,
        updateddate=record.changed_at,
    )


def _printable(text: str) -> str:
    """The text without what XML 1.0 cannot hold (its §2.2)."""
    return "".join(character for character in text if character in "\t\n\r" or _is_in_xml(ord(character)))


def _is_in_xml(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _last_key() -> int:
    newest = Record.objects.visible_to(AnonymousUser()).aggregate(last=Max("pk"))["last"]
    return int(newest or 1) - 1

"""What others gather from the site: sitemaps (at most 50,000 addresses each) and an Atom feed. Only what is public."""

from xml.sax.saxutils import escape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from archive.models import Record
from core.errors import NotFound

KEYS_PER_PART = 20_000
"""Records are cut into parts by their keys, so that every part costs the same; a part may hold fewer addresses."""

ENTRIES_IN_FEED = 40
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


def feed() -> str:
    """The records that changed last, newest first."""
    atom = Atom1Feed(
        title=_("Min-Ning Digital Archive"),
        link=absolute(reverse("portal:home")),
        feed_url=absolute(reverse("portal:feed")),
        description=_("New and changed records"),
        language="zh-Hans",
    )
    newest = Record.objects.visible_to(AnonymousUser()).order_by("-changed_at", "-pk")[:ENTRIES_IN_FEED]
    for record in newest:
        atom.add_item(
            title=record.title,
            link=absolute(record.get_absolute_url()),
            description=record.summary or record.title,
            unique_id=absolute(record.get_absolute_url()),
            pubdate=record.first_published_at or record.created_at,
            updateddate=record.changed_at,
        )
    return str(atom.writeString("utf-8"))


def _last_key() -> int:
    newest = Record.objects.visible_to(AnonymousUser()).aggregate(last=Max("pk"))["last"]
    return int(newest or 1) - 1

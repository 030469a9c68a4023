"""What has changed among the manifests, for harvesters: IIIF Change Discovery 1.0, level 2.

One activity for each manifest that the public can see or could once see: its last one, oldest first. Who remembers
the time of the last visit reads from the last page backwards up to it. Closing, withdrawing and quarantine are
deletions; opening again is an update. What never was public is not told.
"""

from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from api.iiif import answers, finding
from api.iiif.addresses import Addresses
from archive.models import AuditEvent, Kind, Record, RecordQuerySet, Scope
from core.errors import NotFound
from media.models import Page, PageText

PAGE: Final = 100
"""Activities on one page."""

Json = dict[str, Any]  # Any: a JSON document


@answers.readable_from_anywhere
def collection(request: HttpRequest) -> HttpResponse:
    """The list of changes: where its pages are."""
    addresses = Addresses(request)
    total = activities().count()
    body: Json = {
        "@context": answers.DISCOVERY_1,
        "id": addresses.changes(),
        "type": "OrderedCollection",
        "totalItems": total,
        "first": _page(1, addresses),
        "last": _page(_last(total), addresses),
    }
    return answers.linked_data(request, body, answers.DISCOVERY_1)


@answers.readable_from_anywhere
def page(request: HttpRequest, number: int) -> HttpResponse:
    """A page of changes, oldest first."""
    addresses = Addresses(request)
    rows = activities()
    last = _last(rows.count())
    if not 1 <= number <= last:
        raise NotFound(_("The list of changes has no such page."))
    first = (number - 1) * PAGE
    body: Json = {
        "@context": answers.DISCOVERY_1,
        **_page(number, addresses),
        "startIndex": first,
        "partOf": {"id": addresses.changes(), "type": "OrderedCollection"},
        **({"prev": _page(number - 1, addresses)} if number > 1 else {}),
        **({"next": _page(number + 1, addresses)} if number < last else {}),
        "orderedItems": [_activity(row, addresses) for row in rows[first : first + PAGE]],
    }
    return answers.linked_data(request, body, answers.DISCOVERY_1)


def activities() -> RecordQuerySet:
    """The units that have or had a public manifest, by the time of their last change.

    That is the latest of what was done to the record, of when an image was made or redrawn, and a text written;
    of what is public no more, when it was withdrawn or what was done last.
    """
    shown = finding.pages(AnonymousUser()).filter(unit__record=OuterRef("pk"))
    imaged = Page.objects.filter(unit__record=OuterRef("pk"), derived_at__isnull=False)
    done = (
        AuditEvent.objects.filter(object_type="record", object_key=OuterRef("ark")).order_by("-sequence").values("at")
    )
    texts = PageText.objects.filter(is_current=True, page__unit__record=OuterRef("pk"))
    moments: list[Combinable] = [
        F("changed_at"),
        Coalesce(Subquery(done[:1]), F("changed_at")),
        Coalesce(_latest(imaged, "unit", "derived_at"), F("changed_at")),
        Coalesce(_latest(imaged, "unit", "redrawn_at"), F("changed_at")),
        Coalesce(_latest(texts, "page__unit", "created_at"), F("changed_at")),
    ]
    rows = Record.objects.of_kind(Kind.UNIT).filter(Exists(imaged), was_public=True, authorised_scope__gte=Scope.IMAGE)
    return rows.annotate(
        is_shown=Exists(shown),
        moment=Coalesce("withdrawn_at", Greatest(*moments), output_field=DateTimeField()),
    ).order_by("moment", "pk")


def _latest(rows: Any, by: str, name: str) -> Subquery:  # Any: query sets of several models
    return Subquery(rows.order_by().values(by).annotate(latest=Max(name)).values("latest")[:1])


def _activity(record: Any, addresses: Addresses) -> Json:  # Any: a Record with what `activities` notes on it
    if not record.is_shown:
        type_ = "Delete"
    elif record.first_published_at and record.moment <= record.first_published_at:
        type_ = "Create"
    else:
        type_ = "Update"
    return {
        "type": type_,
        "object": {"id": addresses.manifest(record), "type": "Manifest"},
        "endTime": record.moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _page(number: int, addresses: Addresses) -> Json:
    return {"id": addresses.changes(number), "type": "OrderedCollectionPage"}


def _last(total: int) -> int:
    return max(1, -(-total // PAGE))

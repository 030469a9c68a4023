"""The catalogue as the public reads it: what stands above, below and on a unit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse

from archive.models import Evidence, Reader, Record, Scope, Unit
from media.models import Page
from portal import images

THUMBNAILS_SHOWN = 60
STRIP_REACH = 20
"""The strip shows the pages less than so far from the one that is read."""

STATEMENTS_SHOWN = 200
CHILDREN_SHOWN = 200
FONDS_OPENED = 3


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree: its record, its reference code, and whether anything visible hangs below it."""

    unit: Unit
    record: Record
    pages: int
    has_children: bool
    children: Sequence["Branch"] = ()


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A page in small; without image where the reader may read the text only, or none was made yet."""

    number: int
    href: str
    image: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact that a document states, in the document's words, and where."""

    record: Record
    words: str
    disputes: bool
    page: int | None
    href: str


def branches(parent: Unit | None, reader: Reader) -> list[Branch]:
    """The visible units directly below ``parent``, or the fonds (one query), in the order of their reference codes."""
    units = Unit.objects.get_children(parent) if parent is not None else Unit.objects.get_root_nodes()
    rows = (
        units.filter(record__in=Record.objects.visible_to(reader))
        .select_related("record")
        .annotate(page_total=_page_totals(reader))
        .order_by("reference_sort", "path")[:CHILDREN_SHOWN]
    )
    return [Branch(unit, unit.record, unit.page_total or 0, unit.numchild > 0) for unit in rows]


def opened(reader: Reader) -> list[Branch]:
    """The fonds; where there are only a few, with what lies directly below them (one query for each)."""
    roots = branches(None, reader)
    if len(roots) > FONDS_OPENED:
        return roots
    return [replace(root, children=branches(root.unit, reader)) for root in roots]


def above(unit: Unit) -> list[Unit]:
    """The units above this one, the fonds first (one query); a visible unit has only visible ones above it."""
    return list(Unit.objects.get_ancestors(unit).select_related("record"))


def thumbnails(unit: Unit, reader: Reader) -> list[Thumbnail]:
    """The pages of a unit in small (one query), as far as the reader may read at least their text."""
    pages = Page.objects.visible_to(reader, Scope.TEXT).filter(unit=unit).order_by("number")[:THUMBNAILS_SHOWN]
    with_images = unit.record.is_visible_to(reader, Scope.IMAGE)
    return [_thumbnail(page, unit.record, images.THUMBNAIL_WIDTH, with_images=with_images) for page in pages]


def _thumbnail(page: Page, record: Record, width: int, *, with_images: bool) -> Thumbnail:
    return Thumbnail(
        number=page.number,
        href=reverse("portal:reader", args=[settings.ARCHIVE_NAAN, record.ark, page.number]),
        image=images.address(page, width) if with_images and images.is_shown(page) else "",
        width=width,
        height=round(width * page.height / page.width) if page.width else round(width * 1.414),
    )


def strip(unit: Unit, number: int, reader: Reader, *, with_images: bool) -> list[Thumbnail]:
    """The pages around page ``number`` in small (one query)."""
    around = Q(number__gt=number - STRIP_REACH, number__lt=number + STRIP_REACH)
    pages = Page.objects.visible_to(reader, Scope.TEXT).filter(around, unit=unit).order_by("number")
    return [_thumbnail(page, unit.record, images.STRIP_WIDTH, with_images=with_images) for page in pages]


def page_count(unit: Unit, reader: Reader) -> int:
    """How many pages the reader may read."""
    return Page.objects.visible_to(reader, Scope.TEXT).filter(unit=unit).count()


def statements(document: Record, reader: Reader) -> list[Statement]:
    """The facts that rest on a unit or a source (one query), in the order of its pages."""
    readable = document.is_visible_to(reader, Scope.TEXT)
    rows = (
        Evidence.objects.filter(Q(unit__record=document) | Q(source__record=document))
        .filter(record__in=Record.objects.visible_to(reader))
        .select_related("record")
        .order_by("page", "record__kind", "record__local_id", "position", "pk")[:STATEMENTS_SHOWN]
    )
    return [
        Statement(
            record=row.record,
            words=row.claim,
            disputes=row.stance == "disputes",
            page=row.page,
            href=_line_address(document, row) if row.page and readable else "",
        )
        for row in rows
    ]


def _line_address(document: Record, row: Evidence) -> str:
    address = reverse("portal:reader", args=[settings.ARCHIVE_NAAN, document.ark, row.page])
    return f"{address}?region={','.join(map(str, row.region))}" if row.region else address


def _page_totals(reader: Reader) -> Subquery:
    """The number of readable pages of the unit in the outer query."""
    pages = Page.objects.visible_to(reader, Scope.TEXT).filter(unit=OuterRef("pk")).order_by()
    return Subquery(pages.values("unit").annotate(total=Count("pk")).values("total"))

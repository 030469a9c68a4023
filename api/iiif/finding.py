"""What an address of the IIIF interfaces names, for a reader.

Nothing that the reader may not see is told from what does not exist; only what was public once answers 410.
"""

from django.utils.translation import gettext as _

from api.records.filters import ark_name
from archive import access, lookup
from archive.models import Kind, Reader, Record, Scope, Unit
from core.errors import NotFound, Withdrawn
from media.models import Page, PageQuerySet

_SHOWN = ("number", "frame", "width", "height", "derived_at", "is_masked", "redrawn_at", "digital_object__sha512")


def page(key: int, reader: Reader) -> Page:
    """A page whose image the reader may see (one query).

    Raises:
        NotFound: there is none.
        Withdrawn: it belonged to a record that was withdrawn.
    """
    rows = pages(reader).select_related("digital_object").only(*_SHOWN)
    found = rows.filter(pk=key).first() if key < 1 << 63 else None
    return found or _not_found(key)


def pages(reader: Reader) -> PageQuerySet:
    """The pages whose images the reader may see."""
    return Page.objects.visible_to(reader, Scope.IMAGE).filter(derived_at__isnull=False, width__gt=0, height__gt=0)


def text_page(key: int, reader: Reader) -> Page:
    """A page whose text the reader may read.

    Raises:
        NotFound: there is none.
        Withdrawn: it belonged to a record that was withdrawn.
    """
    rows = Page.objects.visible_to(reader, Scope.TEXT).filter(pk=key)
    found = rows.select_related("unit__record").first() if key < 1 << 63 else None
    return found or _not_found(key)


def unit(ark: str, reader: Reader) -> Unit:
    """A unit of the catalogue that the reader may see, with its record.

    Raises:
        NotFound: there is none, or the record is something else.
        Withdrawn: it was public once.
    """
    record = lookup.by_ark(ark_name(ark), reader)
    if record.kind != Kind.UNIT:
        raise NotFound(_("Only units of the catalogue are found here."))
    found: Unit = Unit.objects.get(record=record)
    found.record = record
    return found


def readable_unit(ark: str, reader: Reader) -> Unit:
    """A unit whose text the reader may read.

    Raises:
        NotFound: there is none.
        Withdrawn: it was public once.
    """
    found = unit(ark, reader)
    if not found.record.is_visible_to(reader, Scope.TEXT):
        raise NotFound(_("The text of this unit is not open."))
    return found


def sees_whole(reader: Reader) -> bool:
    """Whether a reader sees images as they are, without masks: who digitises, who masks, who releases (L-24)."""
    return any(access.may(reader, action) for action in ("ingest", "mask", "release"))


def _not_found(key: int) -> Page:
    is_gone = key < 1 << 63 and Page.objects.filter(pk=key, unit__record__in=Record.objects.withdrawn()).exists()
    if is_gone:
        raise Withdrawn(_("The record to which this page belongs was withdrawn."))
    raise NotFound(_("There is no image at this address."))

"""The texts of pages and documents as files: ALTO, hOCR, plain text, and PDF with the text under the pictures."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from api import ranges
from api.errors import ProblemSerializer
from api.records.export import FormOfTheAddress
from api.records.filters import ark_name
from archive import access, lookup
from archive.models import Kind, Reader, Scope, Unit
from core.errors import NotFound, Unavailable, Withdrawn
from media import masking
from media.assembly import alto, hocr, making, plain, sheets
from media.assembly.sheets import Sheet
from media.models import Page

MADE_WHILE_WAITING = 30
"""Pages of a document that is put together while its reader waits; a longer one is left to the workers."""

_LOCK_SECONDS = 120
Answer = TypeVar("Answer", bound=HttpResponseBase)
ARK = OpenApiParameter("ark", str, OpenApiParameter.PATH, description="ARK, whole (ark:99999/x1…) or its name alone")
PAGE = OpenApiParameter(
    "page", int, OpenApiParameter.PATH, description="number of the page image, as in IIIF addresses"
)
PROBLEMS = {404: ProblemSerializer, 410: ProblemSerializer, 503: ProblemSerializer}


class PageTextView(APIView):
    """One page in one form."""

    content_negotiation_class = FormOfTheAddress

    def answer(
        self, request: Request, page: int, name: str, media_type: str, form: Callable[[Sheet], bytes]
    ) -> HttpResponse:
        """The page's current text in this form; for the desk whole, for everybody else without what is masked."""
        for_desk = bool(access.may(request.user, "ingest"))
        sheet = sheets.of_page(_page(page, request.user), for_desk=for_desk)
        if for_desk and isinstance(request.user, User):
            masking.note_view(sheet.page, by=request.user, purpose="text")
        content = form(sheet)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        modified = _changed(sheet)
        early = get_conditional_response(request._request, etag=etag, last_modified=modified)
        given = early if isinstance(early, HttpResponse) else HttpResponse(content, content_type=media_type)
        return _dressed(given, etag, modified, f"{sheet.page.unit.record.ark}-{sheet.page.number}.{name}")


class AltoView(PageTextView):
    """The text of a page with all places, as ALTO 4.4."""

    @extend_schema(
        operation_id="page_alto",
        parameters=[PAGE],
        responses={(200, "application/xml"): OpenApiTypes.STR, **PROBLEMS},
    )
    def get(self, request: Request, page: int) -> HttpResponse:
        """Blocks, lines, runs and characters with boxes in pixels of the page image, and how the text was made."""
        return self.answer(request, page, "alto.xml", "application/xml", alto.write)


class HocrView(PageTextView):
    """The text of a page with all places, as hOCR."""

    @extend_schema(
        operation_id="page_hocr", parameters=[PAGE], responses={(200, "text/html"): OpenApiTypes.STR, **PROBLEMS}
    )
    def get(self, request: Request, page: int) -> HttpResponse:
        """Lines and words with boxes in pixels of the page image."""
        return self.answer(request, page, "hocr.html", "text/html; charset=utf-8", hocr.write)


class PlainView(PageTextView):
    """The text of a page."""

    @extend_schema(
        operation_id="page_text", parameters=[PAGE], responses={(200, "text/plain"): OpenApiTypes.STR, **PROBLEMS}
    )
    def get(self, request: Request, page: int) -> HttpResponse:
        """How far the text has been checked, an empty line, the text in reading order."""
        return self.answer(
            request, page, "txt", "text/plain; charset=utf-8", lambda sheet: plain.of_page(sheet).encode()
        )


class UnitTextView(APIView):
    """The text of a whole unit."""

    content_negotiation_class = FormOfTheAddress

    @extend_schema(
        operation_id="record_text", parameters=[ARK], responses={(200, "text/plain"): OpenApiTypes.STR, **PROBLEMS}
    )
    def get(self, request: Request, ark: str) -> HttpResponseBase:
        """What the unit is, how far its text has been checked, then page after page."""
        unit = _unit(ark, request.user, Scope.TEXT)
        for_desk = bool(access.may(request.user, "ingest"))
        if for_desk and isinstance(request.user, User):
            masking.note_views(sheets.shown(unit).filter(is_masked=True), by=request.user, purpose="text")
        etag = f'"{making.state_of(unit)[:32]}{"-desk" if for_desk else ""}"'
        early = get_conditional_response(request._request, etag=etag)
        content = (piece.encode() for piece in plain.of_unit(unit, for_desk=for_desk))
        given = early or StreamingHttpResponse(content, content_type="text/plain; charset=utf-8")
        return _dressed(given, etag, None, f"{unit.record.ark}.txt")


class DocumentView(APIView):
    """A whole unit as a PDF."""

    content_negotiation_class = FormOfTheAddress

    @extend_schema(
        operation_id="record_document",
        parameters=[ARK, OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=first-last")],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (206, "application/pdf"): OpenApiTypes.BINARY,
            **PROBLEMS,
        },
    )
    def get(self, request: Request, ark: str) -> HttpResponseBase:
        """The pictures of all pages with their text unseen over them; 503 while it is being put together."""
        unit = _unit(ark, request.user, Scope.DOWNLOAD)
        path = making.current(unit) or _made_now(unit)
        etag = f'"{path.stem.removeprefix("document-")}"'
        try:
            given = ranges.answer(
                request._request, path, name=f"{unit.record.ark}.pdf", content_type="application/pdf", etag=etag
            )
        except FileNotFoundError as fault:
            raise _not_ready() from fault
        given["Cache-Control"] = "private, no-cache"
        return given


def _page(key: int, reader: Reader) -> Page:
    """The page, if this reader may read its text.

    Raises:
        NotFound: there is none.
        Withdrawn: its unit was public once.
    """
    pages = Page.objects.select_related("digital_object", "unit__record")
    page = pages.visible_to(reader, Scope.TEXT).filter(pk=key).first()
    if page is not None:
        return page
    hidden = pages.filter(pk=key).first()
    if hidden is not None and lookup.tombstone(hidden.unit.record.ark) is not None:
        raise Withdrawn(_("The record %(ark)s was withdrawn.") % {"ark": hidden.unit.record.ark_text})
    raise NotFound(_("There is no page at this address."))


def _unit(ark: str, reader: Reader, scope: Scope) -> Unit:
    """The unit, if this reader may have it up to ``scope``.

    Raises:
        NotFound: there is none, or not so much of it is public.
        Withdrawn: it was public once.
    """
    record = lookup.by_ark(ark_name(ark), reader)
    if record.kind != Kind.UNIT:
        raise NotFound(_("Only units of the catalogue have pages; %(ark)s is none.") % {"ark": record.ark_text})
    if not record.is_visible_to(reader, scope):
        raise NotFound(_("The pages of %(ark)s are not open for this.") % {"ark": record.ark_text})
    unit: Unit = record.unit
    if not sheets.shown(unit).exists():
        raise NotFound(_("This unit has no pages that can be shown."))
    return unit


def _made_now(unit: Unit) -> Path:
    """Put a short document together, one reader at a time; a long one is not waited for.

    Raises:
        Unavailable: somebody else is at it, or it is long.
    """
    lock, mine = f"document:{unit.pk}", uuid.uuid4().hex
    if sheets.shown(unit).count() > MADE_WHILE_WAITING or not cache.add(lock, mine, _LOCK_SECONDS):
        raise _not_ready()
    try:
        return making.make(unit)
    finally:
        cache.delete(lock)


def _not_ready() -> Unavailable:
    return Unavailable(_("This document is being put together. Try again in a minute."))


def _changed(sheet: Sheet) -> int:
    """When something of the page's text last changed, in seconds since 1970."""
    moments = [sheet.page.redrawn_at, sheet.reading.created_at if sheet.reading else None]
    return int(max((each for each in moments if each), default=datetime(1970, 1, 1, tzinfo=UTC)).timestamp())


def _dressed(given: Answer, etag: str, modified: int | None, name: str) -> Answer:
    """What every text says: its tag, its age, its name, and that it must be asked for again (L-08)."""
    given["ETag"] = etag
    if modified:
        given["Last-Modified"] = http_date(modified)
    given["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    given["Cache-Control"] = "private, no-cache"
    given["Access-Control-Allow-Origin"] = "*"
    return given

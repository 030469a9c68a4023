"""The reader of page images."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive import lookup
from portal import questions, reading
from portal.views.errors import as_pages


@require_safe
@as_pages
def read(request: HttpRequest, naan: str, name: str, number: int) -> HttpResponse:
    """One page of a unit: ``?q=`` marks the hits, ``&hit=`` says which is current, ``?region=`` marks a cited place."""
    record = lookup.by_ark(name if naan == settings.ARCHIVE_NAAN else f"{naan}/{name}", request.user)
    hit = request.GET.get("hit", "")
    page = reading.open_page(
        record,
        number,
        request.user,
        request.build_absolute_uri,
        q=request.GET.get("q", "").strip()[: questions.QUERY_LIMIT],
        hit=int(hit) if hit.isascii() and hit.isdigit() and len(hit) < 7 else 0,
        region=request.GET.get("region", ""),
    )
    return render(request, "portal/reader.html", {"page": page, "record": record, "naan": naan})

"""Ways through the holdings, and the catalogue tree."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive import lookup
from archive.models import Kind
from core.errors import NotFound
from portal import browsing, holdings, paging
from portal.views.errors import as_pages

RUNNING_SHOWN = 20


@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    """Every way to browse, with the shelves of the short ones."""
    reader = request.user
    shown = {
        "ways": [(by, label, browsing.EXPLANATIONS[by]) for by, label in browsing.HEADINGS.items()],
        "dimensions": browsing.dimensions(reader),
        "mechanisms": browsing.mechanisms(reader),
        "kinds": browsing.kinds(reader),
    }
    return render(request, "portal/browse.html", shown)


@require_safe
@as_pages
def shelves(request: HttpRequest, by: str) -> HttpResponse:
    """The shelves of one way."""
    cases = browsing.cases(by, request.user)
    shown = {
        "by": by,
        "heading": browsing.HEADINGS[by],
        "explanation": browsing.EXPLANATIONS[by],
        "cases": cases,
        "tallest": max((shelf.count for case in cases for shelf in case.shelves), default=0),
    }
    return render(request, "portal/browse_shelves.html", shown)


@require_safe
@as_pages
def shelf(request: HttpRequest, by: str, value: str) -> HttpResponse:
    """The records on one shelf."""
    selection = browsing.selection(by, value, request.user)
    cursor = request.GET.get("cursor", "")
    running = selection.running
    shown = {
        "by": by,
        "heading": browsing.HEADINGS[by],
        "selection": selection,
        "count": selection.records.count(),
        "stretch": paging.by_date(selection.records, cursor),
        "running": list(running.with_shown_parts()[:RUNNING_SHOWN]) if running is not None and not cursor else [],
        "cursor": cursor,
    }
    return render(request, "portal/browse_shelf.html", shown)


@require_safe
@as_pages
def catalogue(request: HttpRequest) -> HttpResponse:
    """The fonds, or the branch below the unit named by ``?under=``; for htmx only the branch itself."""
    under = request.GET.get("under", "")
    record = lookup.by_ark(under, request.user) if under else None
    if record is not None and record.kind != Kind.UNIT:
        raise NotFound(record.title)
    unit = record.unit if record is not None else None
    shown = {
        "unit": unit,
        "record": record,
        "above": holdings.above(unit) if unit is not None else [],
        "branches": holdings.branches(unit, request.user) if unit is not None else holdings.opened(request.user),
    }
    fragment = bool(getattr(request, "htmx", False)) and unit is not None
    return render(request, "portal/_branches.html" if fragment else "portal/catalogue.html", shown)

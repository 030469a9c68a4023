"""Search, with facets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import searching
from portal.views.errors import as_pages


@require_safe
@as_pages
def search(request: HttpRequest) -> HttpResponse:
    """The search page; for htmx the results alone."""
    shown = {"page": searching.run(request.GET, request.user)}
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "portal/_results.html" if fragment else "portal/search.html", shown)

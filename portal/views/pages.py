"""Pages about the site itself, and what machines ask of every site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal import digitisation, syndication
from portal.views.errors import as_pages

CLOSED_TO_CRAWLERS = ("/search/", "/searches/", "/api/", "/workbench/", "/i18n/", "/*?q=", "/*&q=", "/*?cursor=")
"""What a crawler would only load the servers with: every combination of facets, and every page once per query."""


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the archive is, how it is arranged, and what the sample is and is not."""
    return render(request, "portal/about.html")


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How far digitisation is; for htmx the figures alone."""
    shown = {"progress": digitisation.progress(request.user)}
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "portal/_progress.html" if fragment else "portal/progress.html", shown)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Which addresses crawlers leave alone, and where the sitemap is."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED_TO_CRAWLERS)
    sitemap = syndication.absolute(reverse("portal:sitemap"))
    return HttpResponse(f"User-agent: *\n{closed}\nSitemap: {sitemap}\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the parts of the sitemap."""
    return HttpResponse(syndication.sitemap_index(), content_type="application/xml; charset=utf-8")


@require_safe
@as_pages
def sitemap_part(request: HttpRequest, part: int) -> HttpResponse:
    """One part of the sitemap: public records only."""
    return HttpResponse(syndication.sitemap_part(part), content_type="application/xml; charset=utf-8")

"""The front page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import browsing, digitisation, overview, platform_state


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the search box, the dimensions, the thirty years, and how far digitisation is."""
    reader = request.user
    state = platform_state.current()
    kinds = browsing.kinds(reader)
    shown = {
        "dimensions": browsing.dimensions(reader),
        "examples": overview.EXAMPLES,
        "record_count": sum(shelf.count for shelf in kinds),
        "timeline": overview.timeline(reader),
        "disagreements": overview.disagreements(reader),
        "sheets": overview.sheets(reader),
        "sample": overview.sample(kinds),
        "progress": digitisation.progress(reader, with_jobs=False) if state.work_waits else None,
    }
    return render(request, "portal/home.html", shown)

"""Answers to errors, as pages."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from archive.models import Record
from core.errors import ArchiveError

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def as_pages(view: View[P]) -> View[P]:
    """Turn an ArchiveError that a view raises into the page for its status."""

    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ArchiveError as error:
            return explained(request, error)

    return update_wrapper(answer, view)


def explained(request: HttpRequest, error: ArchiveError) -> HttpResponse:
    """The page for an error that has words of its own."""
    known = {403: "errors/403.html", 404: "errors/404.html"}
    template = known.get(error.status, "errors/other.html")
    return render(request, template, {"message": error.message}, status=error.status)


def tombstone(request: HttpRequest, record: Record, withdrawn_by: str) -> HttpResponse:
    """410: the record was public once; what is left is its identifier, when, why and by whom it was withdrawn."""
    return render(request, "errors/410.html", {"record": record, "withdrawn_by": withdrawn_by}, status=410)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing by that name that this reader may see."""
    return render(request, "errors/404.html", status=404)


def not_permitted(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: known, but not for this reader."""
    return render(request, "errors/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be read at all."""
    message = _("The request could not be read. Go back, shorten what you sent, and try again.")
    return render(request, "errors/other.html", {"message": message}, status=400)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form came back without its token, mostly because its page had been open for too long."""
    message = _("This form is no longer valid. Load its page again and send it once more.")
    return render(request, "errors/403.html", {"message": message}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the log has it. The page asks nothing of the parts that may have failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)

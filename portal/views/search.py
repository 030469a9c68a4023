"""Search: the results, the advanced form, all pages of one record with hits, the feed."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive import lookup
from core.errors import ArchiveError, InvalidInput, Unavailable
from portal import advanced, questions, record_hits, searching, syndication
from portal.models import NAME_LIMIT
from portal.questions import Question
from portal.views import errors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

RETRY_SECONDS = 30
FEED_SECONDS = 300


def answers_always(view: View[P]) -> View[P]:
    """Turn what a view of the search cannot answer into a page that says what to do instead.

    A fragment of a page cannot carry such a page: the browser is sent to the whole address instead.
    """

    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ArchiveError as error:
            if isinstance(error, Unavailable):
                response = render(request, "portal/search_unavailable.html", {"message": error.message}, status=503)
                response["Retry-After"] = str(RETRY_SECONDS)
            else:
                response = errors.explained(request, error)
            if getattr(request, "htmx", False):
                response["HX-Redirect"] = request.get_full_path()
            return response

    return update_wrapper(answer, view)


@require_safe
@answers_always
def search(request: HttpRequest) -> HttpResponse:
    """The search page; for htmx the results alone. A stretch of years becomes a part of the query."""
    question = questions.read(request.GET)
    years = request.GET.get("year_from", "").strip(), request.GET.get("year_to", "").strip()
    if any(years):
        return HttpResponseRedirect(advanced.with_years(question, *years).address())
    shown = {"page": searching.run(question, request.user), "name_limit": NAME_LIMIT}
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "portal/_found.html" if fragment else "portal/search.html", shown)


@require_safe
@answers_always
def hits(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """All pages of a record that answer ``?q=``, fifty at a time."""
    record = lookup.by_ark(name if naan == settings.ARCHIVE_NAAN else f"{naan}/{name}", request.user)
    query = _limited(request.GET).query
    stretch = _number(request.GET.get("page", "1"))
    page = record_hits.gather(record, query, request.user, stretch=stretch)
    return render(request, "portal/hits.html", {"page": page, "record": record, "naan": naan})


@require_safe
@answers_always
def feed(request: HttpRequest) -> HttpResponse:
    """The newest public records as an Atom feed; with a query or filters the newest that match."""
    content = syndication.feed(questions.read(request.GET))
    response = HttpResponse(content.text, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = content.etag
    response["Last-Modified"] = content.last_modified
    patch_cache_control(response, max_age=FEED_SECONDS)
    found = get_conditional_response(
        request, etag=content.etag, last_modified=int(content.changed_at.timestamp()), response=response
    )
    assert isinstance(found, HttpResponse), "it was given one"
    return found


@require_safe
@answers_always
def advanced_form(request: HttpRequest) -> HttpResponse:
    """The advanced search: an empty form, one filled from ``?q=``, or, once sent, the way to what it asks."""
    sent = advanced.sent(request.GET)
    if sent is not None and sent.is_valid():
        return HttpResponseRedirect(sent.question().address())
    question = Question() if sent is not None else questions.read(request.GET)
    shown = {
        "form": sent or advanced.filled(question),
        "does_not_fit": bool(question.query) and not advanced.holds(question.query),
        "question": question,
        "examples": advanced.EXAMPLES,
    }
    return render(request, "portal/advanced.html", shown, status=400 if sent is not None else 200)


def _limited(asked: QueryDict) -> Question:
    return questions.read(asked, beside=frozenset({"page"}))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) >= 1 and len(text) < 6):
        raise InvalidInput(_("“%(text)s” is no number of a page. Write 1 or more.") % {"text": text[:20]})
    return int(text)

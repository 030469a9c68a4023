"""Saved searches: the list, and what can be done with one of them. Everything that changes something is a form."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import InvalidInput
from portal import questions, saved
from portal.models import NAME_LIMIT
from portal.saved import Holder
from portal.views.errors import as_pages

COOKIE = "saved_searches"
COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at all; saving another search begins the time anew."""


def token_of(request: HttpRequest) -> str:
    """The token that the browser holds; empty where it holds none that this site gave out."""
    try:
        return str(request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=COOKIE_SECONDS) or "")
    except signing.BadSignature:
        return ""


@require_safe
@never_cache
@as_pages
def searches(request: HttpRequest) -> HttpResponse:
    """The list with what is new; just after a removal with the way back."""
    holder = _holder(request)
    rows, can_count = saved.listed(holder, request.user)
    shown = {
        "searches": rows,
        "can_count": can_count,
        "removed": saved.removed(holder, request.GET.get("removed", "")),
        "name_limit": NAME_LIMIT,
        "is_signed_in": request.user.is_authenticated,
    }
    return render(request, "portal/searches.html", shown)


@require_POST
@as_pages
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search that the form carries. Only now is a browser without an account given a token."""
    token = token_of(request)
    needs_token = not request.user.is_authenticated
    if needs_token and not token:
        token = saved.new_token()
    question = questions.read_text(request.POST.get("question", ""))
    kept = saved.keep(saved.holder_of(request.user, token), question, request.POST.get("name", ""))
    messages.success(request, _("“%(name)s” is saved.") % {"name": kept.name})
    answer = _to_list()
    if needs_token:
        answer.set_signed_cookie(
            COOKIE,
            token,
            salt=COOKIE,
            max_age=COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer


@require_POST
@as_pages
def open_(request: HttpRequest, key: int) -> HttpResponse:
    """Ask a saved search; what was new counts as seen."""
    return _see_other(saved.see(_holder(request), key).address())


@require_POST
@as_pages
def rename(request: HttpRequest, key: int) -> HttpResponse:
    """Give it another name; one that cannot be is said on the list."""
    try:
        saved.rename(_holder(request), key, request.POST.get("name", ""))
    except InvalidInput as error:
        messages.error(request, error.message)
    return _to_list()


@require_POST
@as_pages
def remove(request: HttpRequest, key: int) -> HttpResponse:
    """Take it off the list."""
    saved.remove(_holder(request), key)
    return _see_other(f"{reverse('portal:searches')}?removed={key}")


@require_POST
@as_pages
def take_back(request: HttpRequest, key: int) -> HttpResponse:
    """Undo the removal."""
    saved.take_back(_holder(request), key)
    return _to_list()


def _holder(request: HttpRequest) -> Holder:
    return saved.holder_of(request.user, token_of(request))


def _to_list() -> HttpResponseRedirect:
    return _see_other(reverse("portal:searches"))


def _see_other(address: str) -> HttpResponseRedirect:
    """303: whatever was sent, what follows is read."""
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer

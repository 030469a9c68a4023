"""Record pages: one address for everything that can be cited."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from archive import lookup
from archive.models import AuditEvent, Record
from core.errors import NotFound, Withdrawn
from portal import linked, record_page
from portal.views import errors


@require_safe
def record(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """The page of a record; its metadata for ``?info``; JSON-LD for a client that prefers it; a tombstone when gone."""
    plain = name.replace("-", "")  # hyphens carry no meaning in an ARK
    if naan == settings.ARCHIVE_NAAN and plain != name:
        return HttpResponsePermanentRedirect(f"/ark:{naan}/{plain}")
    try:
        found = _named(request, naan, name)
    except Withdrawn:
        return _tombstone(request, name)
    except NotFound as error:
        return errors.explained(request, error)
    if "info" in request.GET or request.META.get("QUERY_STRING") == "?":
        return HttpResponse(linked.info(found), content_type="text/plain; charset=utf-8")
    response = _in_preferred_form(request, found)
    patch_vary_headers(response, ["Accept"])
    return response


@require_safe
def old_form(request: HttpRequest, naan: str, name: str) -> HttpResponse:
    """``ark:/naan/name``, as it used to be written, leads to the present form."""
    return HttpResponsePermanentRedirect(f"/ark:{naan}/{name}")


def _named(request: HttpRequest, naan: str, name: str) -> Record:
    return lookup.by_ark(name if naan == settings.ARCHIVE_NAAN else f"{naan}/{name}", request.user)


def _in_preferred_form(request: HttpRequest, found: Record) -> HttpResponse:
    if request.get_preferred_type(["text/html", "application/ld+json", "application/json"]) not in (None, "text/html"):
        return JsonResponse(
            linked.described(found), content_type="application/ld+json", json_dumps_params={"ensure_ascii": False}
        )
    shown = {
        "record": found,
        "page": record_page.gather(found, request.user),
        "linked": linked.script(found),
        "canonical": linked.address(found),
    }
    return render(request, "portal/record.html", shown)


def _tombstone(request: HttpRequest, name: str) -> HttpResponse:
    """Who withdrew it is given as a role: the tombstone names no member of the staff."""
    gone = lookup.tombstone(name)
    assert gone is not None, "lookup said that there is one"
    event = (
        AuditEvent.objects.filter(object_type="record", object_key=gone.ark, action="withdraw")
        .select_related("actor")
        .order_by("-sequence")
        .first()
    )
    role = event.actor.get_role_display() if event is not None and event.actor is not None else ""
    return errors.tombstone(request, gone, str(role))

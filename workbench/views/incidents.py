"""Incidents: files with a mark of secrecy, for the security officer alone (L-18)."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from archive import access, audit
from core.errors import ArchiveError, InvalidInput, NotFound
from media import masking
from media.models import Incident
from workbench.answers import HEADINGS
from workbench.masks import IMAGE_WIDTH

PER_PAGE = 30
P = ParamSpec("P")


def for_security_officers(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand the view the security officer; send anybody else to the sign-in page, or say that it is not for them."""

    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        try:
            access.require(user, "release")
            return view(request, user, *args, **kwargs)
        except ArchiveError as error:
            context = {"heading": HEADINGS.get(error.status, _("This did not work")), "message": error.message}
            return render(request, "workbench/refused.html", context, status=error.status)

    return update_wrapper(answer, view)


@require_safe
@for_security_officers
def incidents(request: HttpRequest, user: User) -> HttpResponse:
    """All incidents, the open ones first."""
    rows = Incident.objects.select_related("digital_object__unit__record", "page", "decided_by")
    found = sorted(rows, key=lambda row: (row.decision != Incident.Decision.OPEN, -row.pk))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workbench/masking/incidents.html", {"page": page})


@for_security_officers
def incident(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """One incident with the page and its text; looking at it is written down (L-31). A POST decides."""
    rows = Incident.objects.select_related("digital_object__unit__record", "page", "decided_by")
    found = rows.filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such incident."))
    if request.method == "POST":
        _decide(found, user, request.POST.get("decision", ""), request.POST.get("note", ""))
        messages.success(request, _("The decision is written down."))
        return redirect("workbench:incidents")
    page = found.page
    text = page.texts.filter(is_current=True).first() if page is not None else None
    image = ""
    if page is not None and page.has_image and page.width:
        size = f"{min(IMAGE_WIDTH, page.width)},"
        image = reverse("api:iiif_image", args=[page.pk, "full", size, "0", "default", "jpg"])
    audit.append("view quarantined", found, by=user, after={"page": page.number if page is not None else None})
    return render(request, "workbench/masking/incident.html", {"incident": found, "text": text, "image": image})


def _decide(incident: Incident, by: User, decision: str, note: str) -> None:
    if decision == Incident.Decision.RELEASED:
        masking.release(incident, by=by, note=note)
    elif decision == Incident.Decision.WITHHELD:
        masking.withhold(incident, by=by, note=note)
    else:
        raise InvalidInput(_("Decide for “released” or for “stays locked”."))

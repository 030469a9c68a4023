"""Who may enter the desk, and how its errors become pages."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from accounts.models import User
from core.errors import ArchiveError, NotPermitted

P = ParamSpec("P")

HEADINGS = {403: gettext_lazy("This is not open to you"), 404: gettext_lazy("There is nothing here")}


def for_desk_members(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand the view the signed-in desk member; send anybody else to the sign-in page, or say that it is not for them.

    An ArchiveError that the view raises becomes the page for its status.
    """

    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return _to_sign_in(request)
        try:
            if not user.is_desk_member:
                raise NotPermitted(_("The desk is for archivists and reviewers. Your account has another role."))
            return view(request, user, *args, **kwargs)
        except ArchiveError as error:
            heading = HEADINGS.get(error.status, _("This did not work"))
            context = {"heading": heading, "message": error.message}
            return render(request, "workbench/refused.html", context, status=error.status)

    return update_wrapper(answer, view)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page; a page that follows the work by itself is loaded anew as a whole."""
    if request.headers.get("HX-Request"):
        return HttpResponseClientRefresh()
    return redirect_to_login(request.get_full_path())

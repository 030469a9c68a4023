"""Follow digitisation: every file with its steps, why a step failed, and the orders that can be given about it."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from archive import access
from core.errors import InvalidInput, NotFound
from media import jobs
from media.models import Job, JobStep, Page
from workbench import steps
from workbench.answers import for_desk_members

JOBS_PER_PAGE = 20
PAGES_PER_PAGE = 60

Order = Callable[[Job, User], object]

ORDERS: Mapping[str, tuple[Order, str | Promise]] = {
    "pause": (
        lambda job, user: jobs.pause(job, by=user),
        gettext_lazy("Paused. What runs comes to its end; what would follow waits."),
    ),
    "resume": (lambda job, user: jobs.resume(job, by=user), gettext_lazy("It goes on.")),
    "cancel": (
        lambda job, user: jobs.cancel(job, by=user, reason=_("Cancelled by %(user)s.") % {"user": user.get_username()}),
        gettext_lazy("Cancelled. What was made already stays, and it can go on again."),
    ),
    "prioritise": (
        lambda job, user: jobs.prioritise(job, by=user),
        gettext_lazy("This file is done before all others."),
    ),
    "in_turn": (
        lambda job, user: jobs.prioritise(job, by=user, is_urgent=False),
        gettext_lazy("This file is done in its turn."),
    ),
    "repeat": (
        lambda job, user: jobs.repeat_file(job, by=user),
        gettext_lazy("The whole file is done again."),
    ),
}
"""What can be ordered about a file, and what is said when it has been done."""


@require_safe
@for_desk_members
def digitisation(request: HttpRequest, user: User) -> HttpResponse:
    """Files under way, failed or done lately, or with ``?all`` every one; htmx asks for the changing part alone."""
    shows_all = "all" in request.GET
    chosen = jobs.recent() if shows_all else jobs.recent(jobs.current())
    page = Paginator(chosen, JOBS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "progress": jobs.overview(jobs.current()),
        "jobs": steps.with_failures(jobs.progress_of(page.object_list)),
        "page": page,
        "shows_all": shows_all,
        "may_retry": access.may(user, "ingest"),
    }
    return render(request, _whole_or_part(request, "digitisation"), context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk_members
def job(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """One file, page by page; a form sent here gives an order about it."""
    found = _job(key)
    if request.method == "POST":
        _give(request, user, found)
        return redirect("workbench:digitisation") if request.POST.get("back") else redirect("workbench:job", key=key)
    page = Paginator(range(1, found.digital_object.page_count + 1), PAGES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "job": jobs.progress_of([found])[0],
        "needs_worker": jobs.overview([found]).needs_worker,
        "whole": steps.of_file(found),
        "rows": steps.by_page(found, list(page.object_list)),
        "page": page,
        "naan": settings.ARCHIVE_NAAN,
        "may_retry": access.may(user, "ingest"),
    }
    return render(request, _whole_or_part(request, "job"), context)


@require_POST
@for_desk_members
def retry_step(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Have one failed step done again."""
    step = JobStep.objects.select_related("job__digital_object__unit__record").filter(pk=key).first()
    if step is None:
        raise NotFound(_("There is no such step any more."))
    jobs.retry(step, by=user)
    messages.success(request, _("The step is waiting for a worker again."))
    return redirect("workbench:job", key=step.job_id)


@require_POST
@for_desk_members
def retry_job(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Have everything that failed in one file done again."""
    count = jobs.retry_all(_job(key), by=user)
    messages.success(
        request,
        ngettext("%(count)d step is waiting again.", "%(count)d steps are waiting again.", count) % {"count": count},
    )
    return redirect("workbench:digitisation")


def _give(request: HttpRequest, user: User, found: Job) -> None:
    """Carry out the order that a form holds, about the file or one of its pages."""
    order = request.POST.get("order", "")
    if order == "repeat_page":
        key = request.POST.get("page", "")
        is_key = key.isascii() and key.isdigit() and len(key) < 19
        page = Page.objects.filter(digital_object=found.digital_object, pk=int(key) if is_key else 0).first()
        if page is None:
            raise NotFound(_("There is no such page any more."))
        jobs.repeat_page(page, by=user)
        messages.success(request, _("Page %(number)d is done again.") % {"number": page.number})
    elif order in ORDERS:
        carry_out, message = ORDERS[order]
        carry_out(found, user)
        messages.success(request, str(message))
    else:
        raise InvalidInput(_("There is no such order. Go back and reload the page."))


def _job(key: int) -> Job:
    found = Job.objects.select_related("digital_object__unit__record", "created_by").filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such job any more."))
    return found


def _whole_or_part(request: HttpRequest, name: str) -> str:
    """The whole page, or for htmx the part that changes."""
    return f"workbench/_{name}.html" if request.headers.get("HX-Target") == name else f"workbench/{name}.html"

"""Follow digitisation: every file with its steps, why a step failed, and doing it again."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from archive import access
from core.errors import NotFound
from media import jobs
from media.models import Job, JobStep
from workbench import steps
from workbench.answers import for_desk_members

JOBS_PER_PAGE = 20
PAGES_PER_PAGE = 60


@require_safe
@for_desk_members
def digitisation(request: HttpRequest, user: User) -> HttpResponse:
    """All files, those under way and those that failed first; htmx asks for the changing part alone."""
    page = Paginator(jobs.recent(), JOBS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "progress": jobs.overview(),
        "jobs": steps.with_failures(jobs.progress_of(page.object_list)),
        "page": page,
        "may_retry": access.may(user, "ingest"),
    }
    return render(request, _whole_or_part(request, "digitisation"), context)


@require_safe
@for_desk_members
def job(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """One file, page by page."""
    found = _job(key)
    page = Paginator(range(1, found.digital_object.page_count + 1), PAGES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "job": jobs.progress_of([found])[0],
        "needs_worker": jobs.overview([found]).needs_worker,
        "whole": found.steps.filter(page=None).first(),
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


def _job(key: int) -> Job:
    found = Job.objects.select_related("digital_object__unit__record", "created_by").filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such job any more."))
    return found


def _whole_or_part(request: HttpRequest, name: str) -> str:
    """The whole page, or for htmx the part that changes."""
    return f"workbench/_{name}.html" if request.headers.get("HX-Target") == name else f"workbench/{name}.html"

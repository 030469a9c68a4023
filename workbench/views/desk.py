"""The desk: what waits, and the ways to the work."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from archive import access
from archive.models import Kind, Record, Status
from media import jobs
from media.models import Job
from workbench.answers import for_desk_members

SHOWN = 5


@require_safe
@for_desk_members
def desk(request: HttpRequest, user: User) -> HttpResponse:
    """Counts of the archive and of its digitisation, and what this person uploaded last."""
    own = Job.objects.filter(created_by=user)
    context = {
        "progress": jobs.overview(),
        "own_jobs": jobs.progress_of(jobs.recent(own)[:SHOWN]),
        "records": Record.objects.aggregate(
            total=Count("pk"),
            units=Count("pk", filter=Q(kind=Kind.UNIT)),
            submitted=Count("pk", filter=Q(status=Status.SUBMITTED)),
            published=Count("pk", filter=Q(status=Status.PUBLISHED)),
        ),
        "may_ingest": access.may(user, "ingest"),
    }
    return render(request, "workbench/desk.html", context)

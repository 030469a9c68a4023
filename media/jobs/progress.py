"""How far everything is: for the pages that show it, the commands that wait for it, the check that asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Sum, When
from django.utils import timezone

from media.jobs import heartbeats
from media.models import DigitalObject, Job, JobStep, State

RATE_WINDOW = timedelta(minutes=5)
RATE_LEAST = 3
"""With fewer pages than this read in the window, no time is foretold."""

_READ = Q(name=JobStep.Name.RECOGNISE)


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of digitisation as a whole. Pages count as done when their text has been read."""

    files: int
    files_failed: int
    pages_total: int
    pages_with_image: int
    pages_done: int
    steps_waiting: int
    steps_running: int
    steps_failed: int
    workers: int
    seconds_left: int | None

    @property
    def is_finished(self) -> bool:
        """Whether nothing waits and nothing runs; failed steps may be left."""
        return self.steps_waiting + self.steps_running == 0

    @property
    def needs_worker(self) -> bool:
        """Whether something waits that nobody will take up."""
        return not self.is_finished and self.workers == 0

    @property
    def minutes_left(self) -> int | None:
        """The time left in whole minutes, at least one; None where nothing can be foretold."""
        return None if self.seconds_left is None else max(1, round(self.seconds_left / 60))


@dataclass(frozen=True, slots=True)
class JobProgress:
    """The state of the digitisation of one file; its steps are two per page, and one that finds the pages."""

    job: Job
    steps_total: int
    steps_done: int
    steps_failed: int
    pages_done: int

    @property
    def pages_total(self) -> int:
        """How many pages the file holds."""
        return self.job.digital_object.page_count

    @property
    def is_open(self) -> bool:
        """Whether something waits or runs."""
        return self.job.state in {State.QUEUED, State.RUNNING}


def overview(jobs: Iterable[Job] | None = None) -> Progress:
    """Count over all jobs, or over those given. A constant number of queries."""
    which = Q() if jobs is None else Q(job__in=[job.pk for job in jobs])
    steps = JobStep.objects.filter(which).aggregate(
        waiting=Count("pk", filter=Q(state=State.QUEUED)),
        running=Count("pk", filter=Q(state=State.RUNNING)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        imaged=Count("pk", filter=Q(name=JobStep.Name.DERIVE, state=State.DONE)),
        read=Count("pk", filter=_READ & Q(state=State.DONE)),
    )
    objects = DigitalObject.objects.filter(jobs__in=Job.objects.all() if jobs is None else jobs).distinct()
    pages = objects.aggregate(total=Sum("page_count"))["total"] or 0
    files = Job.objects.all() if jobs is None else Job.objects.filter(pk__in=[job.pk for job in jobs])
    workers = heartbeats.workers_alive()
    return Progress(
        files=files.count(),
        files_failed=files.filter(state=State.FAILED).count(),
        pages_total=pages,
        pages_with_image=steps["imaged"],
        pages_done=steps["read"],
        steps_waiting=steps["waiting"],
        steps_running=steps["running"],
        steps_failed=steps["failed"],
        workers=workers,
        seconds_left=_seconds_left(pages - steps["read"]) if workers and steps["waiting"] + steps["running"] else None,
    )


def recent(jobs: QuerySet[Job] | None = None) -> QuerySet[Job]:
    """Jobs for a list: what runs first, then what failed, what waits, what is done; the newest first among each."""
    rank = Case(
        When(state=State.RUNNING, then=0),
        When(state=State.FAILED, then=1),
        When(state=State.QUEUED, then=2),
        default=3,
        output_field=IntegerField(),
    )
    chosen = Job.objects.all() if jobs is None else jobs
    return chosen.select_related("digital_object__unit__record", "created_by").order_by(rank, "-pk")


def progress_of(jobs: Iterable[Job]) -> list[JobProgress]:
    """Each of a handful of jobs with its counts, in the order given; one query."""
    known = list(jobs)
    counted = {
        row["job"]: row
        for row in JobStep.objects.filter(job__in=known)
        .values("job")
        .annotate(
            done=Count("pk", filter=Q(state=State.DONE)),
            failed=Count("pk", filter=Q(state=State.FAILED)),
            read=Count("pk", filter=_READ & Q(state=State.DONE)),
        )
    }
    empty = {"done": 0, "failed": 0, "read": 0}
    return [
        JobProgress(
            job=job,
            steps_total=1 + 2 * job.digital_object.page_count,
            steps_done=counted.get(job.pk, empty)["done"],
            steps_failed=counted.get(job.pk, empty)["failed"],
            pages_done=counted.get(job.pk, empty)["read"],
        )
        for job in known
    ]


def _seconds_left(pages: int) -> int | None:
    """From the pages read in the last minutes: how long the rest will take."""
    read = JobStep.objects.filter(_READ, state=State.DONE, finished_at__gt=timezone.now() - RATE_WINDOW)
    seen = read.aggregate(count=Count("pk"), first=Min("finished_at"), last=Max("finished_at"))
    count: int = seen["count"]
    if count < RATE_LEAST:
        return None
    elapsed: timedelta = seen["last"] - seen["first"]
    return round(pages * elapsed.total_seconds() / (count - 1))

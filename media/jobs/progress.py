"""How far everything is: for the pages that show it, the commands that wait for it, the check that asks for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, Count, IntegerField, Max, Min, Q, QuerySet, Sum, When
from django.utils import timezone

from media.jobs import heartbeats
from media.jobs.planning import PER_FILE, PER_PAGE
from media.models import Job, JobStep, State

CURRENT = timedelta(hours=24)
"""A page that follows the work shows what is open and what was finished within this time."""

RATE_WINDOW = timedelta(minutes=5)
RATE_LEAST = 3
"""With fewer pages than this read in the window, no time is foretold."""

_READ = Q(name=JobStep.Name.RECOGNISE)


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of digitisation as a whole. Pages count as done when their text has been read."""

    files: int
    files_failed: int
    files_stopped: int
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
    """The state of the digitisation of one file."""

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

    @property
    def is_paused(self) -> bool:
        """Whether it was paused by a person."""
        return self.job.state == State.PAUSED

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled, by a person or because the file is malicious."""
        return self.job.state == State.CANCELLED

    @property
    def is_quarantined(self) -> bool:
        """Whether nothing may be done with the file."""
        return self.job.digital_object.quarantined_at is not None


def overview(jobs: QuerySet[Job] | Sequence[Job] | None = None) -> Progress:
    """Count over all jobs, or over those given. A constant number of queries."""
    if isinstance(jobs, QuerySet):
        return _count(jobs)
    return _count(Job.objects.all() if jobs is None else Job.objects.filter(pk__in=[job.pk for job in jobs]))


def current() -> QuerySet[Job]:
    """Jobs that somebody should look at: open or failed ones, and those that came to their end lately.

    Cheap to count, however many there have ever been.
    """
    is_unfinished = Q(state__in=[State.QUEUED, State.RUNNING, State.PAUSED, State.FAILED])
    has_ended_lately = Q(state__in=[State.DONE, State.CANCELLED], finished_at__gt=timezone.now() - CURRENT)
    return Job.objects.filter(is_unfinished | has_ended_lately)


def _count(jobs: QuerySet[Job]) -> Progress:
    chosen = jobs.order_by()
    files = chosen.aggregate(
        all=Count("pk"),
        failed=Count("pk", filter=Q(state=State.FAILED)),
        stopped=Count("pk", filter=Q(state__in=[State.PAUSED, State.CANCELLED])),
        pages=Sum("digital_object__page_count", filter=~Q(state=State.CANCELLED)),
    )
    counted = JobStep.objects.filter(job__in=chosen).order_by().values_list("state", "name").annotate(Count("pk"))
    steps = {(state, name): count for state, name, count in counted}
    by_state = {sought: sum(count for (state, _name), count in steps.items() if state == sought) for sought in State}
    pages, read = files["pages"] or 0, steps.get((State.DONE, JobStep.Name.RECOGNISE), 0)
    workers = heartbeats.workers_alive()
    is_under_way = by_state[State.QUEUED] + by_state[State.RUNNING] > 0
    return Progress(
        files=files["all"],
        files_failed=files["failed"],
        files_stopped=files["stopped"],
        pages_total=pages,
        pages_with_image=steps.get((State.DONE, JobStep.Name.DERIVE), 0),
        pages_done=read,
        steps_waiting=by_state[State.QUEUED],
        steps_running=by_state[State.RUNNING],
        steps_failed=by_state[State.FAILED],
        workers=workers,
        seconds_left=_seconds_left(pages - read) if workers and is_under_way else None,
    )


def recent(jobs: QuerySet[Job] | None = None) -> QuerySet[Job]:
    """Jobs for a list: what runs first, then what failed, what waits, what is done; the newest first among each."""
    rank = Case(
        When(state=State.RUNNING, then=0),
        When(state=State.FAILED, then=1),
        When(state=State.QUEUED, then=2),
        When(state=State.PAUSED, then=3),
        default=4,
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
            steps_total=len(PER_FILE) + len(PER_PAGE) * job.digital_object.page_count,
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

"""How far digitisation is: counted over everything the reader may know of, object by object for what they may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from archive.models import Reader, Record, RecordQuerySet
from core.errors import Unavailable
from media import jobs
from media.models import Job, Page, State
from search import finding
from search.finding import IndexStatus

JOBS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class JobRow:
    """The digitisation of one file."""

    job: Job
    record: Record
    steps: int
    steps_done: int

    @property
    def percentage(self) -> int:
        """Finished steps in hundredths."""
        return round(100 * self.steps_done / self.steps) if self.steps else 0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where digitisation and indexing stand."""

    files: int
    files_done: int
    files_failed: int
    files_open: int
    pages: int
    pages_with_image: int
    pages_with_text: int
    workers: int
    indexed_records: int
    indexed_pages: int
    index_pending: int
    indexer_alive: bool
    jobs: Sequence[JobRow] = ()

    @property
    def is_running(self) -> bool:
        """Whether anything is still to be done, by a worker or by the indexer."""
        return self.files_open > 0 or self.index_pending > 0

    @property
    def needs_worker(self) -> bool:
        """Whether files wait and nobody will take them up."""
        return self.files_open > 0 and self.workers == 0

    @property
    def percentage(self) -> int:
        """Pages with text in hundredths of the pages known so far."""
        return round(100 * self.pages_with_text / self.pages) if self.pages else 0


def progress(reader: Reader, *, with_jobs: bool = True) -> Progress:
    """The state of everything that concerns units ``reader`` may see."""
    visible = Record.objects.visible_to(reader)
    state_of = _shown(visible).aggregate(
        files=Count("pk"),
        open=Count("pk", filter=Q(state__in=[State.QUEUED, State.RUNNING])),
        done=Count("pk", filter=Q(state=State.DONE)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )
    pages = Page.objects.filter(unit__record__in=visible).aggregate(
        total=Count("pk"), images=Count("pk", filter=Q(derived_at__isnull=False))
    )
    index = _index_status()
    return Progress(
        files=state_of["files"],
        files_done=state_of["done"],
        files_failed=state_of["failed"],
        files_open=state_of["open"],
        pages=pages["total"],
        pages_with_image=pages["images"],
        pages_with_text=Page.objects.filter(unit__record__in=visible).searchable().count(),
        workers=jobs.workers_alive(),
        indexed_records=index.records,
        indexed_pages=index.pages,
        index_pending=index.pending,
        indexer_alive=index.indexer_alive,
        jobs=_jobs(visible) if with_jobs else (),
    )


def _index_status() -> IndexStatus:
    """The state of the index; an index that cannot be read has nothing in it and nobody who keeps it."""
    try:
        return finding.status()
    except Unavailable:
        return IndexStatus(records=0, pages=0, pending=0, behind_seconds=0.0, indexer_alive=False)


def _shown(visible: RecordQuerySet) -> QuerySet[Job]:
    """Jobs of units that may be seen, but for those of files in quarantine (L-18)."""
    return Job.objects.filter(digital_object__unit__record__in=visible, digital_object__quarantined_at__isnull=True)


def _jobs(visible: RecordQuerySet) -> list[JobRow]:
    rows = (
        _shown(visible)
        .select_related("digital_object__unit__record")
        .annotate(
            step_total=Count("steps"),
            steps_done=Count("steps", filter=Q(steps__state=State.DONE)),
        )
        .order_by("-pk")[:JOBS_SHOWN]
    )
    return [JobRow(job, job.digital_object.unit.record, job.step_total, job.steps_done) for job in rows]

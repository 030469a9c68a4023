"""What follows what: a job is opened with its first step, and every step that ends brings the next ones.

    check for viruses → find the pages → for each page:  make the images ─┬→ read the text → look for what is masked
                                                         check the quality ┘
    when the pages of all files of the unit are through  →  put the document together

A step that failed for good ends, too: a page without quality measures is read, and a document is put together of the
pages that could be read.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from archive.models import Batch, Unit
from media.jobs.rows import HELD, OPEN, announce, locked, untouched, waiting_state
from media.models import DigitalObject, Job, JobStep, Page, State

Name = JobStep.Name

PER_FILE = (Name.SCAN, Name.PAGES, Name.ASSEMBLE)
PER_PAGE = (Name.QUALITY, Name.DERIVE, Name.RECOGNISE, Name.MASK)

AT_ONCE = 1000
"""No statement names more pages than this."""

SETTLING_SECONDS = 20
"""A document is put together again this long after a correction, for it rarely stays alone."""


def open_job(digital_object: DigitalObject, *, by: User | None, batch: Batch | None, is_urgent: bool = False) -> Job:
    """Open the job of a new digital object with its first step, in the caller's transaction."""
    job = Job.objects.create(digital_object=digital_object, created_by=by, batch=batch, is_urgent=is_urgent)
    add(job, Name.SCAN, [None])
    return job


def add(job: Job, name: JobStep.Name, pages: Iterable[Page | None], *, again: bool = False, delay: float = 0) -> None:
    """Add the step ``name`` for each page (``None``: for the whole file), in the caller's transaction.

    A step that is there already is left as it is, or, with ``again``, done anew: a result that is being made of
    what has changed meanwhile is dropped. In a job that pauses it pauses. ``delay`` is in seconds.
    """
    state = waiting_state(job)
    at = timezone.now() + timedelta(seconds=delay)
    wanted = list(pages)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        fresh = (JobStep(job=job, name=name, page=page, state=state, queued_at=at) for page in some)
        JobStep.objects.bulk_create(fresh, ignore_conflicts=True)
        which = Q(page__in=[page for page in some if page is not None])
        if None in some:
            which |= Q(page__isnull=True)
        steps = job.steps.filter(which, name=name)
        if again:
            steps.exclude(state__in=[State.QUEUED, State.PAUSED]).update(**{**untouched(state), "queued_at": at})
        announce(list(steps.filter(state=State.QUEUED).values_list("pk", flat=True)), delay=delay)


def follow(step: JobStep) -> None:
    """Bring what follows a step that has ended, done or failed for good; in the transaction that ended it."""
    job = locked(step.job_id)
    if job.state != State.CANCELLED:
        _add_next(job, step)
    settle(job.pk)


def settle(job_id: int) -> None:
    """Derive the job's state from its steps: running or waiting as long as one is, then failed if one has, else done.

    When the last page is through, the document's turn comes. A job that was stopped stays so.
    """
    job = locked(job_id)
    states = _states_of(job)
    if job.state == State.CANCELLED:
        return
    if not states & OPEN and _is_to_be_assembled(job):
        add(job, Name.ASSEMBLE, [None])
        states |= {waiting_state(job)}
    if job.state == State.PAUSED and states & OPEN:
        return
    order = (State.RUNNING, State.QUEUED, State.FAILED)
    job.state = next((state for state in order if state in states), State.DONE)
    job.finished_at = timezone.now() if job.state in {State.DONE, State.FAILED} else None
    job.save(update_fields=["state", "finished_at"])


def reassemble(unit: Unit) -> None:
    """Put a unit's document together again soon, because a text or a mask has changed; in the caller's transaction.

    Nothing is to be done where pages are still under way: the document follows them anyway. A unit that holds a part of
    a file of another has no job of its own: the job of that file makes its document, too.
    """
    job = Job.objects.filter(digital_object__pages__unit=unit).exclude(state__in=HELD).order_by("-pk").first()
    if job is None:
        return
    job = locked(job.pk)
    if job.state in HELD or not _has_read_pages(unit.pk):
        return
    others = job.steps.exclude(name=Name.ASSEMBLE)
    if not others.filter(state__in=OPEN).exists():
        add(job, Name.ASSEMBLE, [None], again=True, delay=SETTLING_SECONDS)
        settle(job.pk)


def _add_next(job: Job, step: JobStep) -> None:
    """The steps that begin when this one has ended."""
    is_done = JobStep.objects.filter(pk=step.pk, state=State.DONE).exists()
    if step.name == Name.SCAN and is_done:
        add(job, Name.PAGES, [None])
    elif step.name == Name.PAGES and is_done:
        pages = list(Page.objects.filter(digital_object=job.digital_object_id).order_by("frame"))
        for name in (Name.DERIVE, Name.QUALITY):
            add(job, name, pages)
    elif step.name in {Name.DERIVE, Name.QUALITY}:
        _read_when_ready(job, step)
    elif step.name == Name.RECOGNISE and is_done and not _is_done_again(job, step):
        add(job, Name.MASK, [step.page], again=True)


def _read_when_ready(job: Job, step: JobStep) -> None:
    """A page is read when it has its images and its lean has been measured, if it can be."""
    beside = job.steps.filter(page=step.page, name__in=[Name.DERIVE, Name.QUALITY])
    states = dict(beside.values_list("name", "state"))
    if states.get(Name.DERIVE) == State.DONE and states.get(Name.QUALITY) not in OPEN:
        add(job, Name.RECOGNISE, [step.page], again=True)


def _is_done_again(job: Job, step: JobStep) -> bool:
    """Whether the page proved to lie on its side, so that its images are made anew and reading comes again."""
    return job.steps.filter(page=step.page, name=Name.DERIVE, state__in=OPEN).exists()


def _states_of(job: Job) -> set[State]:
    """The states that occur among the job's steps; each is looked up by the index, however many steps there are."""
    sought = [state for state in State if state not in {State.DONE, State.CANCELLED}]
    found = {state: Exists(JobStep.objects.filter(job=OuterRef("pk"), state=state)) for state in sought}
    row = Job.objects.filter(pk=job.pk).values_list(*found.values()).get()
    return {state for state, is_there in zip(sought, row, strict=True) if is_there}


def _is_to_be_assembled(job: Job) -> bool:
    """Whether all files of the unit are through, and this one has a text but has not been put together since.

    The unit is locked, so that of two last files one sees the other.
    """
    steps = job.steps.order_by()
    if steps.filter(name=Name.ASSEMBLE).exists() or not steps.filter(name=Name.RECOGNISE, state=State.DONE).exists():
        return False
    unit = Unit.objects.select_for_update().get(pk=job.digital_object.unit_id)
    others = Job.objects.filter(digital_object__unit=unit, state__in=[State.QUEUED, State.RUNNING])
    return not others.exclude(pk=job.pk).exists()


def _has_read_pages(unit_id: int) -> bool:
    return Page.objects.filter(unit=unit_id).searchable().exists()

"""Steps as the desk shows them: by file with what failed, and by page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from media import jobs
from media.jobs import JobProgress
from media.models import Job, JobStep, Page, State

FAILURES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, its counts, and the first of its steps that failed."""

    progress: JobProgress
    failures: Sequence[JobStep]

    @property
    def failures_not_shown(self) -> int:
        """How many more there are."""
        return self.progress.steps_failed - len(self.failures)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of a file with its steps; any of them may not be there yet."""

    frame: int
    page: Page | None
    steps: Sequence[JobStep | None]
    """In the order of `jobs.PER_PAGE`."""

    @property
    def failed(self) -> Sequence[JobStep]:
        """The steps that failed."""
        return [step for step in self.steps if step is not None and step.state == State.FAILED]

    @property
    def has_begun(self) -> bool:
        """Whether anything was done for this page, which can then be done again."""
        return any(step is not None for step in self.steps)


def with_failures(rows: Sequence[JobProgress]) -> list[FileRow]:
    """The files with their failures; one query."""
    failed = JobStep.objects.filter(job__in=[row.job for row in rows], state=State.FAILED).select_related("page")
    by_job: dict[int, list[JobStep]] = defaultdict(list)
    for step in failed:
        by_job[step.job_id].append(step)
    return [FileRow(row, by_job[row.job.pk][:FAILURES_SHOWN]) for row in rows]


def of_file(job: Job) -> list[JobStep]:
    """The steps that concern the whole file, in their order."""
    known = {step.name: step for step in job.steps.filter(page=None)}
    return [known[name] for name in jobs.PER_FILE if name in known]


def by_page(job: Job, frames: Sequence[int]) -> list[PageRow]:
    """The pages of a file with these numbers within it; two queries."""
    pages = {page.frame: page for page in Page.objects.filter(digital_object=job.digital_object, frame__in=frames)}
    known = {(step.page_id, step.name): step for step in job.steps.filter(page__in=list(pages.values()))}
    rows = []
    for frame in frames:
        page = pages.get(frame)
        steps = [known.get((page.pk, name)) if page is not None else None for name in jobs.PER_PAGE]
        rows.append(PageRow(frame, page, steps))
    return rows

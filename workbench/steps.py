"""Steps as the desk shows them: by file with what failed, and by page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

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
    """A page of a file with its two steps; either may not be there yet."""

    frame: int
    page: Page | None
    derive: JobStep | None
    recognise: JobStep | None

    @property
    def failed(self) -> JobStep | None:
        """The step that failed, if one did; they follow each other, so it can only be one."""
        return next((s for s in (self.derive, self.recognise) if s is not None and s.state == State.FAILED), None)


def with_failures(rows: Sequence[JobProgress]) -> list[FileRow]:
    """The files with their failures; one query."""
    failed = JobStep.objects.filter(job__in=[row.job for row in rows], state=State.FAILED).select_related("page")
    by_job: dict[int, list[JobStep]] = defaultdict(list)
    for step in failed:
        by_job[step.job_id].append(step)
    return [FileRow(row, by_job[row.job.pk][:FAILURES_SHOWN]) for row in rows]


def by_page(job: Job, frames: Sequence[int]) -> list[PageRow]:
    """The pages of a file with these numbers within it; two queries."""
    pages = {page.frame: page for page in Page.objects.filter(digital_object=job.digital_object, frame__in=frames)}
    known = {(step.page_id, step.name): step for step in job.steps.filter(page__in=list(pages.values()))}
    rows = []
    for frame in frames:
        page = pages.get(frame)
        key = page.pk if page is not None else None
        rows.append(
            PageRow(
                frame=frame,
                page=page,
                derive=known.get((key, JobStep.Name.DERIVE)),
                recognise=known.get((key, JobStep.Name.RECOGNISE)),
            )
        )
    return rows

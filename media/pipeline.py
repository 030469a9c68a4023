"""What is done with a digital object, step by step.

    find the pages  →  for each page:  make the images  →  read the text

Each step has two halves. The first is slow and only writes files, which are the same however often they are written.
The second records the result in one short transaction that begins by giving the claim back: if the step has passed to
another worker meanwhile, nothing is recorded. So every page is done exactly once, whatever is killed when.
"""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from archive.models import Unit
from media import derivatives, jobs, recognition, signals, storage
from media.engines import pdfium
from media.jobs import Claim
from media.models import DigitalObject, JobStep, Page

Record = Callable[[], None]
"""The second half of a step: writes rows, in a transaction that is open already."""

Name = JobStep.Name


def run(held: Claim) -> None:
    """Do the step that is claimed and mark it done.

    Raises:
        Superseded: another worker has taken the step over; nothing was recorded.
        InvalidInput: the file is at fault.
        Unavailable: the storage is at fault.
    """
    step = held.step
    record = STEPS[Name(step.name)](step)
    with transaction.atomic():
        jobs.finish(held)
        record()
        jobs.settle(step.job_id)


def find_pages(step: JobStep) -> Record:
    """Give every page of the file its number within the unit, and have its images made."""
    source = step.job.digital_object
    texts = _embedded_texts(source)

    def record() -> None:
        _number_pages(source.unit_id)
        pages = list(source.pages.order_by("frame"))
        source.pages.filter(frame__in=[frame for frame, has in enumerate(texts, start=1) if has]).update(
            carries_text=True
        )
        jobs.add(step.job, Name.DERIVE, pages)

    return record


def make_images(step: JobStep) -> Record:
    """Make the pyramid and the thumbnail of a page, and have its text read."""
    page = _page_of(step)
    width, height = derivatives.make(page)

    def record() -> None:
        Page.objects.filter(pk=page.pk).update(width=width, height=height, derived_at=timezone.now())
        signals.pages_changed.send(sender=Page, page_ids=[page.pk])
        jobs.add(step.job, Name.RECOGNISE, [page])

    return record


def read_text(step: JobStep) -> Record:
    """Read the text of a page, or take it from the file."""
    page = _page_of(step)
    reading = recognition.read(page)

    def record() -> None:
        recognition.record(page, reading)
        signals.pages_changed.send(sender=Page, page_ids=[page.pk])

    return record


STEPS: Mapping[JobStep.Name, Callable[[JobStep], Record]] = {
    Name.PAGES: find_pages,
    Name.DERIVE: make_images,
    Name.RECOGNISE: read_text,
}


def _embedded_texts(source: DigitalObject) -> tuple[bool, ...]:
    """For each page of a PDF, whether the file carries its text."""
    if source.media_type != "application/pdf":
        return ()
    return pdfium.inspect(storage.original_path(source.sha512), name=source.original_name).has_text


def _number_pages(unit_id: int) -> None:
    """Create the pages of a unit's files that have none yet: files in their order, numbers going on from the last.

    Files that were received earlier are done here, too, even if their own step comes later, so that the numbers do not
    depend on which worker is faster. The unit's row is locked meanwhile.
    """
    Unit.objects.select_for_update().get(pk=unit_id)
    last = Page.objects.filter(unit=unit_id).order_by("-number").values_list("number", flat=True).first() or 0
    for source in DigitalObject.objects.filter(unit=unit_id, pages__isnull=True).order_by("ordinal", "pk"):
        frames = range(1, source.page_count + 1)
        Page.objects.bulk_create(
            Page(unit_id=unit_id, number=last + frame, digital_object=source, frame=frame) for frame in frames
        )
        last += source.page_count


def _page_of(step: JobStep) -> Page:
    if step.page is None:
        raise ValueError(f"Step {step.pk} ({step.name}) names no page.")
    return step.page

"""What is done with a digital object, step by step; `media.jobs.planning` says what follows what.

Each step has two halves. The first is slow and only writes files, which are the same however often they are written.
The second records the result in one short transaction that begins by giving the claim back: if the step has passed to
another worker meanwhile, or was cancelled, nothing is recorded. So every page is done exactly once, whatever is killed
when.
"""

from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import audit
from archive.models import Unit
from media import assembly, conversion, derivatives, jobs, masking, quality, recognition, signals, storage
from media.engines import clamd, pdfium
from media.jobs import Claim
from media.models import DigitalObject, JobStep, Page

Record = Callable[[], None]
"""The second half of a step: writes rows, in a transaction that is open already."""

Name = JobStep.Name


def run(held: Claim) -> None:
    """Do the step that is claimed, mark it done, and bring what follows.

    Raises:
        Superseded: another worker has taken the step over, or it was cancelled; nothing was recorded.
        InvalidInput: the file is at fault.
        Unavailable: the storage is at fault.
    """
    step = held.step
    record = STEPS[Name(step.name)](step)
    with transaction.atomic():
        jobs.finish(held)
        record()
        jobs.follow(step)


def scan(step: JobStep) -> Record:
    """Have the file looked at by a virus scanner, where one answers; without one it counts as not checked.

    A malicious file goes into quarantine and is not worked on (DA/T 70, 4-2). The second digest, SM3, is taken here,
    too: it is slow, and nobody should wait for it.
    """
    source = step.job.digital_object
    original = storage.original_path(source.sha512)
    sm3 = storage.sm3(original)
    verdict = clamd.scan(original)
    check = DigitalObject.VirusCheck

    def record() -> None:
        source.sm3 = sm3
        if sm3:
            audit.append("message digest calculation", source, by=None, after={"SM3": sm3})
        source.virus_check, source.virus_checked_by = check.NOT_CHECKED, ""
        if verdict is not None:
            source.virus_check = check.INFECTED if verdict.signature else check.CLEAN
            source.virus_checked_by = verdict.scanner
        source.save(update_fields=["sm3", "virus_check", "virus_checked_by"])
        outcome = {"outcome": source.virus_check, "scanner": source.virus_checked_by}
        audit.append("virus check", source, by=None, after=outcome)
        if verdict is not None and verdict.signature:
            _quarantine(step, verdict.signature)

    return record


def find_pages(step: JobStep) -> Record:
    """Describe the file, convert it where it has no pages of its own, and number its pages within the unit."""
    source = step.job.digital_object
    prepared = conversion.prepare(source)
    texts = _embedded_texts(source)

    def record() -> None:
        prepared()
        _number_pages(source.unit_id)
        source.pages.filter(frame__in=[frame for frame, has in enumerate(texts, start=1) if has]).update(
            carries_text=True
        )

    return record


def make_images(step: JobStep) -> Record:
    """Make the pyramid and the thumbnail of a page."""
    page = _page_of(step)
    width, height = derivatives.make(page)

    def record() -> None:
        # What was redrawn for the public was of the old image.
        made = {"width": width, "height": height, "derived_at": timezone.now(), "redrawn_at": None}
        Page.objects.filter(pk=page.pk).update(**made)
        signals.pages_changed.send(sender=Page, page_ids=[page.pk])

    return record


def check_quality(step: JobStep) -> Record:
    """Measure the scan against the rules of digitisation (DA/T 31)."""
    return quality.check(_page_of(step))


def read_text(step: JobStep) -> Record:
    """Read the text of a page, or take it from the file."""
    page = _page_of(step)
    reading = recognition.read(page)

    def record() -> None:
        recognition.record(page, reading)
        signals.pages_changed.send(sender=Page, page_ids=[page.pk])

    return record


def look_for_masks(step: JobStep) -> Record:
    """Look for what must not be shown, and draw the image for the public where there is any."""
    return masking.look(_page_of(step))


def put_together(step: JobStep) -> Record:
    """Look at the pages of the unit together, their order and their number, and make its document."""
    source = step.job.digital_object
    quality.check_unit(source.unit)
    return assembly.assemble(source)


STEPS: Mapping[JobStep.Name, Callable[[JobStep], Record]] = {
    Name.SCAN: scan,
    Name.PAGES: find_pages,
    Name.QUALITY: check_quality,
    Name.DERIVE: make_images,
    Name.RECOGNISE: read_text,
    Name.MASK: look_for_masks,
    Name.ASSEMBLE: put_together,
}


def _quarantine(step: JobStep, signature: str) -> None:
    """Close the file away and stop its job, which is locked already."""
    source = step.job.digital_object
    source.quarantined_at = timezone.now()
    source.save(update_fields=["quarantined_at"])
    audit.append("quarantine", source, by=None, after={"signature": signature})
    reason = _("Malicious content was found (%(signature)s). The file is in quarantine.") % {"signature": signature}
    jobs.stop(jobs.locked(step.job_id), by=None, reason=reason)


def _embedded_texts(source: DigitalObject) -> tuple[bool, ...]:
    """For each page of a PDF, whether the file carries its text."""
    path, media_type = storage.source_of_pages(source)
    if media_type != "application/pdf":
        return ()
    return pdfium.inspect(path, name=source.original_name).has_text


def _number_pages(unit_id: int) -> None:
    """Create the pages of a unit's files that have none yet: files in their order, numbers going on from the last.

    Files that were received earlier are done here, too, even if their own step comes later, so that the numbers do not
    depend on which worker is faster. The unit's row is locked meanwhile. Nothing of a page is public before it has been
    looked at for what must be masked (L-24).
    """
    Unit.objects.select_for_update().get(pk=unit_id)
    last = Page.objects.filter(unit=unit_id).order_by("-number").values_list("number", flat=True).first() or 0
    for source in DigitalObject.objects.filter(unit=unit_id, pages__isnull=True).order_by("ordinal", "pk"):
        frames = range(1, source.page_count + 1)
        Page.objects.bulk_create(
            Page(unit_id=unit_id, number=last + frame, digital_object=source, frame=frame, is_masked=True)
            for frame in frames
        )
        last += source.page_count


def _page_of(step: JobStep) -> Page:
    if step.page is None:
        raise ValueError(f"Step {step.pk} ({step.name}) names no page.")
    return step.page

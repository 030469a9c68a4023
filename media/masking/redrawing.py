"""The image that leaves the house: boxes burned into its pixels, nothing laid over it (L-24).

The rows come first, then the files, then the rows again: a page is marked as masked in the transaction that decides it,
and from that moment the public gets no image of it; the files are drawn; only then does the page say that it has been
redrawn. Whatever is killed in between, nothing that is masked was to be seen, and the step that looks for masks, which
is claimed and fenced like every other, draws again.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from archive import audit
from core.errors import ArchiveError
from media import jobs, signals, storage
from media.derivatives import THUMBNAIL_SIZE
from media.engines import burning, vips
from media.lines import Box
from media.masking import covering
from media.models import Job, JobStep, Mask, Page

logger = logging.getLogger(__name__)


def redraw(page: Page) -> None:
    """Make the public image and thumbnail of a page as its masks are now, or remove them where none is left.

    Raises:
        InvalidInput: the image of the page cannot be read.
        Unavailable: the storage cannot take the images.
    """
    boxes = boxes_now(page)
    draw(page, boxes)
    with transaction.atomic():
        record(locked(page.pk), drawn=boxes)
        tell(page)
    page.refresh_from_db(fields=["is_masked", "redrawn_at"])


def locked(key: int) -> Page:
    """A page, its row locked until the transaction ends, and before it that of the job which may redraw it.

    Everybody takes the two in this order, as the worker does that ends a step.
    """
    job = _job_of(key)
    if job is not None:
        jobs.locked(job.pk)
    rows = Page.objects.select_for_update(of=("self",)).select_related("unit__record", "digital_object")
    return rows.get(pk=key)


def boxes_now(page: Page) -> list[Box]:
    """The boxes that the public image of a page must show black."""
    return covering.boxes_of(page.masks.hiding(), page.width, page.height)


def draw(page: Page, boxes: Sequence[Box]) -> None:
    """Write the files, or remove them if there is nothing to be covered; writes no row. A page without images has none.

    Raises:
        InvalidInput, Unavailable: as `redraw`.
    """
    if not page.has_image:
        return
    if not boxes:
        for name in (storage.PUBLIC, storage.PUBLIC_THUMBNAIL):
            storage.derived_path(page, name).unlink(missing_ok=True)
        return
    with storage.derived(page, storage.PUBLIC) as target:
        burning.burn(storage.access_image(page), boxes, target)
    with storage.derived(page, storage.PUBLIC_THUMBNAIL) as target:
        vips.thumbnail(storage.derived_path(page, storage.PUBLIC), target, THUMBNAIL_SIZE)


def record(page: Page, *, drawn: Sequence[Box] | None) -> None:
    """Write down, in the caller's transaction, what the files show; ask for them where it is not what they must show.

    ``drawn``: the boxes that the files show, none for no files, None where that is not known.
    """
    wanted = boxes_now(page)
    is_right = drawn is not None and list(drawn) == wanted and page.has_image
    # Of a page without images it is not known yet what must be drawn on them.
    page.is_masked = bool(wanted) or (not page.width and page.masks.hiding().exists())
    page.redrawn_at = timezone.now() if wanted and is_right else None
    page.save(update_fields=["is_masked", "redrawn_at"])
    if is_right:
        note(page)
    else:
        ask(page)


def tell(page: Page) -> None:
    """Say, in the caller's transaction, that the public gets something else of a page than before."""
    signals.pages_changed.send(sender=Page, page_ids=[page.pk])


def ask(page: Page) -> None:
    """Have the page looked at and redrawn by a worker, and its document made anew, in the caller's transaction.

    A page that no job works on is looked at as soon as the transaction ends, one without images when it has them.
    """
    if not page.has_image:
        return
    job = _job_of(page.pk)
    if job is None:
        transaction.on_commit(partial(_redraw_now, page.pk))
        return
    job = jobs.locked(job.pk)
    job.steps.filter(name=JobStep.Name.ASSEMBLE).delete()  # it comes anew by itself when the page is through
    jobs.add(job, JobStep.Name.MASK, [page], again=True)
    jobs.settle(job.pk)


def _job_of(page: int) -> Job | None:
    """The latest job that can work on a page."""
    return Job.objects.filter(digital_object__pages=page).exclude(state__in=jobs.HELD).order_by("-pk").first()


def _redraw_now(key: int) -> None:
    page = Page.objects.select_related("digital_object", "unit").filter(pk=key).first()
    try:
        if page is not None:
            redraw(page)
    except ArchiveError as fault:
        logger.error("Page %d could not be redrawn; it stays closed to the public: %s", key, fault.code)


def note(page: Page) -> None:
    """Write the event of PREMIS (L-25), where a person has decided to mask: who, by which rules, how many, why."""
    masks = list(page.masks.filter(decision=Mask.Decision.MASKED).select_related("decided_by"))
    if not masks:
        return
    after = {
        "count": len(masks),
        "rules": dict(sorted(Counter(mask.rule for mask in masks).items())),
        "decided_by": sorted({mask.decided_by.get_username() for mask in masks if mask.decided_by}),
        "reasons": sorted({mask.reason for mask in masks if mask.reason}),
    }
    audit.append("redaction", page, by=None, after=after)

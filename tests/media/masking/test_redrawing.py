"""The image for the public: black where something is masked, in every size, and without a trace of metadata."""

import io

import numpy as np
import pytest
import pyvips
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from archive.models import AuditEvent, Unit
from core.errors import NotFound
from media import jobs, masking, pipeline, storage
from media.engines import vips
from media.lines import Box
from media.models import JobStep, Mask, Page, State
from tests.media.masking.conftest import MOBILE
from tests.media.masking.making import look, printed_page

pytestmark = pytest.mark.django_db


def masked(item: Unit, by: User) -> tuple[Page, Box]:
    """A page with a masked number, redrawn; and the box of the number."""
    page = look(printed_page(item, "某村登记", f"马某电话{MOBILE}。"))
    masking.decide(page.masks.get(), Mask.Decision.MASKED, by=by, reason="个人手机")
    masking.redraw(page)
    return page, Box(*page.masks.get().boxes[0])


def test_the_box_is_black_in_every_level_and_the_rest_is_as_it_was(item: Unit, archivist: User) -> None:
    page, box = masked(item, archivist)

    public = pyvips.Image.new_from_file(str(storage.public_image(page)))
    levels = int(public.get_n_pages())
    for level in range(levels):
        image = pyvips.Image.new_from_file(str(storage.public_image(page)), page=level)
        scale = image.width / page.width
        x, y = round((box.x + 2) * scale), round((box.y + 2) * scale)
        w, h = max(round((box.w - 4) * scale) - 2, 1), max(round((box.h - 4) * scale) - 2, 1)
        assert image.crop(x + 1, y + 1, w, h).max() < 40, f"level {level}"
    before = vips.rgb_array(storage.access_image(page)).astype(int)
    after = vips.rgb_array(storage.public_image(page)).astype(int)
    assert levels > 1
    assert np.abs(before[: box.y - 40] - after[: box.y - 40]).mean() < 2


def test_the_thumbnail_is_made_of_the_redrawn_image(item: Unit, archivist: User) -> None:
    page, box = masked(item, archivist)

    with Image.open(storage.public_thumbnail(page)) as small:
        scale = small.width / page.width
        middle = (round((box.x + box.w / 2) * scale), round((box.y + box.h / 2) * scale))
        assert max(small.getpixel(middle)) < 60  # type: ignore[arg-type]  # three channels: a tuple
    assert storage.public_thumbnail(page).name == storage.PUBLIC_THUMBNAIL


def test_no_derivative_carries_metadata(item: Unit, archivist: User) -> None:
    page, _box = masked(item, archivist)

    paths = [storage.access_image(page), storage.thumbnail_image(page)]
    for path in (*paths, storage.public_image(page), storage.public_thumbnail(page)):
        content = path.read_bytes()
        assert b"Exif\x00\x00" not in content and b"http://ns.adobe.com/xap" not in content
        assert MOBILE.encode() not in content and "马某".encode() not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)
            assert 0x010E not in image.getexif()


def test_the_master_stays_as_it_was(item: Unit, archivist: User) -> None:
    page, _box = masked(item, archivist)

    original = storage.original_path(page.digital_object.sha512)

    assert storage.staged_already(original).sha512 == page.digital_object.sha512


def test_when_no_mask_is_left_the_redrawn_image_goes(item: Unit, archivist: User) -> None:
    page, _box = masked(item, archivist)
    made = storage.public_image(page)

    masking.undo(page.masks.get(), by=archivist)
    masking.decide(page.masks.get(), Mask.Decision.SHOWN, by=archivist)
    masking.redraw(page)

    assert not made.exists() and not storage.derived_path(page, storage.PUBLIC_THUMBNAIL).exists()
    assert storage.public_image(page) == storage.access_image(page)


def test_the_redaction_is_an_event_with_who_what_how_many_and_why(item: Unit, archivist: User) -> None:
    page, _box = masked(item, archivist)

    event = AuditEvent.objects.filter(action="redaction").latest("sequence")
    assert (event.object_type, event.object_key) == ("page", str(page.pk))
    assert event.after == {
        "count": 1,
        "rules": {"mobile_number": 1},
        "decided_by": [archivist.get_username()],
        "reasons": ["个人手机"],
    }


def test_masking_what_was_hidden_already_needs_no_new_image(item: Unit, archivist: User) -> None:
    page = look(printed_page(item, f"马某电话{MOBILE}。"))
    drawn = page.redrawn_at
    assert drawn is not None

    masking.decide(page.masks.get(), Mask.Decision.MASKED, by=archivist)

    page.refresh_from_db()
    assert page.redrawn_at == drawn


def test_a_page_of_a_job_is_redrawn_by_its_step(item: Unit, archivist: User) -> None:
    page = printed_page(item, "某村登记")
    job = jobs.open_job(page.digital_object, by=None, batch=None)
    job.steps.update(state=State.DONE)

    masking.mark_by_hand(page, boxes=[Box(100, 100, 200, 100)], by=archivist)

    step = job.steps.get(name=JobStep.Name.MASK, page=page)
    assert step.state == State.QUEUED
    held = jobs.claim(step.pk)
    assert held is not None
    pipeline.run(held)
    page = Page.objects.get(pk=page.pk)
    assert storage.public_image(page).name == storage.PUBLIC
    assert vips.rgb_array(storage.public_image(page))[105:195, 105:295].max() < 40


def test_the_document_is_made_anew_when_a_page_has_been_redrawn(item: Unit, archivist: User) -> None:
    page = printed_page(item, "某村登记")
    job = jobs.open_job(page.digital_object, by=None, batch=None)
    jobs.add(job, JobStep.Name.RECOGNISE, [page])
    jobs.add(job, JobStep.Name.ASSEMBLE, [None])
    job.steps.update(state=State.DONE)

    masking.mark_by_hand(page, boxes=[Box(100, 100, 200, 100)], by=archivist)
    held = jobs.claim(job.steps.get(name=JobStep.Name.MASK, page=page).pk)
    assert held is not None
    pipeline.run(held)

    assert job.steps.get(name=JobStep.Name.ASSEMBLE).state == State.QUEUED


def test_a_decision_while_the_page_is_redrawn_is_not_lost(
    item: Unit, archivist: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    page = printed_page(item, f"马某电话{MOBILE}。")
    record = masking.look(page)  # the files are drawn

    with django_capture_on_commit_callbacks(execute=False):
        masking.mark_by_hand(page, boxes=[Box(700, 900, 200, 100)], by=archivist)
    with django_capture_on_commit_callbacks() as later:
        record()

    page.refresh_from_db()
    assert page.is_masked and page.redrawn_at is None
    with pytest.raises(NotFound):
        storage.public_image(page)
    for each in later:
        each()
    pixels = vips.rgb_array(storage.public_image(Page.objects.get(pk=page.pk)))
    assert pixels[910:990, 710:890].max() < 40


@pytest.mark.parametrize("moment", ["before drawing", "after drawing"])
def test_a_worker_that_dies_leaves_the_page_closed_and_the_next_one_finishes(
    item: Unit, archivist: User, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    page = printed_page(item, "某村登记")
    masking.mark_by_hand(page, boxes=[Box(100, 100, 200, 100)], by=archivist)
    page.refresh_from_db()
    name = "media.engines.burning.burn" if moment == "before drawing" else "media.masking.redrawing.record"
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(name, _killed)
        masking.redraw(page)

    page.refresh_from_db()
    assert page.is_masked and page.redrawn_at is None
    with pytest.raises(NotFound):
        storage.public_image(page)
    masking.redraw(page)

    assert vips.rgb_array(storage.public_image(page))[105:195, 105:295].max() < 40
    folder = storage.public_image(page).parent
    assert not list(folder.glob(".*"))


def _killed(*_arguments: object, **_named: object) -> None:
    raise KeyboardInterrupt

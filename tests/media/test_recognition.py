"""From the picture of a page to its text: turned pages, leaning pages, supplied texts, what is kept."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from django.conf import LazySettings

from accounts.models import User
from archive.models import AuditEvent
from media import accuracy, ingest, jobs, recognition, storage, supplied, tasks
from media.engines import tesseract, vips
from media.engines.vips import Pixels
from media.lines import Box, join
from media.models import JobStep, Page, PageText, State
from media.recognition import Reading, Turned
from tests.makers import make_item, make_lines, make_page

PAGE = Path(__file__).parent.parent / "resources" / "printed_lines.jpg"
TEXT = (
    "渡口边的老槐树下，邮递员写完了一封信\n长桥于1998年10月6日通车，全长327.5米\n"
    "月光落在水面，船夫收起了伞\n山坡上的钟声渐渐远去"
)


@pytest.fixture
def pixels() -> Pixels:
    """The printed page, upright."""
    return vips.rgb_array(PAGE)


@pytest.fixture
def page(db: None) -> Page:
    """A page without a text, with a job that has made its images."""
    page = make_page(make_item(), lines=[])
    job = jobs.open_job(page.digital_object, by=None, batch=None)
    for name in (JobStep.Name.DERIVE, JobStep.Name.RECOGNISE):
        JobStep.objects.create(job=job, page=page, name=name, state=State.DONE)
    return page


def reading(*texts: str) -> Reading:
    return Reading(make_lines(*texts), PageText.Origin.RECOGNISED, "RapidOCR", "1", {}, 0.9)


@pytest.mark.engine
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_on_its_side_or_head_is_told_and_not_read(pixels: Pixels, turn: int) -> None:
    laid = np.ascontiguousarray(np.rot90(pixels, turn // 90))

    found = recognition.read_pixels(laid)

    assert found == Turned(turn)  # type: ignore[arg-type]  # one of the three


@pytest.mark.engine
def test_an_upright_page_is_read_at_once(pixels: Pixels) -> None:
    found = recognition.read_pixels(pixels)

    assert isinstance(found, Reading)
    assert accuracy.order_free(join(found.lines), TEXT).errors == 0
    assert found.settings["script"] == "hans"
    assert found.settings["layout"] == "prose"
    assert all(len(line.confidences) == len(line.text) for line in found.lines)


@pytest.mark.engine
def test_a_leaning_page_has_its_boxes_where_the_ink_is(pixels: Pixels) -> None:
    straight = recognition.read_pixels(pixels)
    leaning = recognition.read_pixels(_leaning(pixels, 2.0), skew=2.0)

    assert isinstance(straight, Reading)
    assert isinstance(leaning, Reading)
    assert accuracy.compare(join(leaning.lines), join(straight.lines)).errors == 0
    matrix = _rotation(pixels, 2.0)
    for one, two in zip(straight.lines, leaning.lines, strict=True):
        for before, after in zip(one.characters, two.characters, strict=True):
            x, y = matrix @ np.array([*_middle(before), 1.0])
            assert abs(_middle(after)[0] - x) < 14
            assert abs(_middle(after)[1] - y) < 14
    assert leaning.settings["deskewed"] == 2.0


@pytest.mark.engine
@pytest.mark.django_db
def test_a_scan_that_lies_on_its_side_is_upright_and_read_in_the_end(tmp_path: Path, pixels: Pixels) -> None:
    scan = tmp_path / "a.jpg"
    vips.save_rgb(np.ascontiguousarray(np.rot90(pixels)), scan, dpi=300)
    source = ingest.ingest(scan, unit=make_item(), by=None)

    while step := JobStep.objects.filter(state=State.QUEUED).order_by("pk").first():
        tasks.run_step.apply((step.pk,), throw=True)

    page = source.pages.get()
    text = page.texts.get()
    assert page.turn == 90
    assert (page.width, page.height) == (1180, 760)
    assert vips.probe(storage.access_image(page)).width == 1180
    assert accuracy.order_free(text.text, TEXT).errors == 0
    assert all(line.box.right <= 1180 and line.box.bottom <= 760 for line in text.text_lines())
    assert source.jobs.get().state == State.DONE


def test_a_turned_page_has_its_images_made_again(page: Page) -> None:
    recognition.record(page, Turned(270))

    page.refresh_from_db()
    assert page.turn == 270
    assert not page.texts.exists()
    assert JobStep.objects.get(page=page, name=JobStep.Name.DERIVE).state == State.QUEUED
    assert AuditEvent.objects.filter(action="orientation").count() == 1


def test_the_turn_of_a_person_stands(page: Page, archivist: User) -> None:
    Page.objects.filter(pk=page.pk).update(judged_by=archivist)

    recognition.record(page, Turned(180))

    page.refresh_from_db()
    assert page.turn == 0
    assert not AuditEvent.objects.filter(action="orientation").exists()


def test_a_reading_becomes_the_text_of_the_page(page: Page) -> None:
    recognition.record(page, reading("第一次"))
    second = recognition.record(page, reading("第二次"))

    assert second is not None
    assert page.texts.get(is_current=True) == second
    assert page.texts.count() == 2


@pytest.mark.parametrize("kept", [{"quality": "proofread"}, {"origin": "supplied"}])
def test_what_a_person_checked_or_supplied_stays_current(page: Page, kept: dict[str, str]) -> None:
    first = recognition.record(page, reading("已校对"))
    assert first is not None
    PageText.objects.filter(pk=first.pk).update(**kept)

    recognition.record(page, reading("再识别"))

    assert page.texts.get(is_current=True) == first


def test_a_supplied_file_with_places_is_taken_instead_of_reading(page: Page, archivist: User) -> None:
    hocr = (
        '<html><div class="ocr_page" title="bbox 0 0 1240 1754">'
        '<span class="ocr_line" title="bbox 100 200 500 250">闽宁协作三十年</span></div></html>'
    )
    supplied.keep(page.digital_object, hocr.encode(), name="甲.hocr", by=archivist)

    found = recognition.read(page)

    assert isinstance(found, Reading)
    assert found.origin == PageText.Origin.SUPPLIED
    assert join(found.lines) == "闽宁协作三十年"
    assert found.lines[0].box == Box(200, 400, 800, 100)


def test_a_supplied_text_can_be_attached_at_once(page: Page, archivist: User) -> None:
    recognition.record(page, reading("闽宁协伟", "三十年"))

    text = supplied.attach(page, "闽宁协作\n三十年".encode(), name="甲.txt", by=archivist)

    assert page.texts.get(is_current=True) == text
    assert text.origin == PageText.Origin.SUPPLIED
    assert text.text == "闽宁协作\n三十年"
    assert text.text_lines()[0].box == Box(100, 100, 200, 50)
    assert AuditEvent.objects.filter(action="supply text").count() == 1


@pytest.mark.engine
@pytest.mark.skipif(not tesseract.available(), reason="Tesseract is not installed (apt install tesseract-ocr-chi-sim)")
def test_the_second_engine_reads_through_the_same_port(pixels: Pixels, settings: LazySettings) -> None:
    settings.ARCHIVE_RECOGNISER = "tesseract"

    found = recognition.read_pixels(pixels, is_upright=True)

    assert isinstance(found, Reading)
    assert found.engine == "Tesseract"
    assert accuracy.order_free(join(found.lines[:3]), "\n".join(TEXT.splitlines()[:3])).error_rate < 0.2
    assert all(len(line.characters) == len(line.text) == len(line.confidences) for line in found.lines)


def _rotation(pixels: Pixels, degrees: float) -> npt.NDArray[np.float64]:
    height, width = pixels.shape[:2]
    return np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0))


def _leaning(pixels: Pixels, degrees: float) -> Pixels:
    height, width = pixels.shape[:2]
    turned = cv2.warpAffine(pixels, _rotation(pixels, degrees), (width, height), borderValue=(255, 255, 255))
    return np.asarray(turned, np.uint8)


def _middle(box: Box) -> tuple[float, float]:
    return box.x + box.w / 2, box.y + box.h / 2

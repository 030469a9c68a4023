"""From the received file to images and text, step by step, as a worker does it."""

from pathlib import Path
from typing import Any

import pytest

from archive.models import Unit
from core.errors import InvalidInput
from media import ingest, jobs, lines, pipeline, recognition, signals, storage, tasks
from media.engines import vips
from media.models import DigitalObject, Job, JobStep, Page, PageText, State
from media.recognition import Reading
from tests.makers import make_item, make_lines, make_page
from tests.media import making

pytestmark = pytest.mark.django_db


def work(names: tuple[JobStep.Name, ...] = tuple(JobStep.Name)) -> None:
    """Do everything that waits, as a worker would."""
    while step := JobStep.objects.filter(state=State.QUEUED, name__in=names).order_by("pk").first():
        tasks.run_step.apply((step.pk,), throw=True)


def take_in(path: Path, unit: Unit | None = None) -> DigitalObject:
    return ingest.ingest(path, unit=unit or make_item(), by=None)


@pytest.mark.engine
def test_a_scan_becomes_images_and_text(tmp_path: Path) -> None:
    source = take_in(making.jpeg(tmp_path / "a.jpg", "MINNING 1996"))

    work()

    page = source.pages.get()
    text = page.texts.get()
    assert (page.number, page.frame, page.width, page.height) == (1, 1, 640, 200)
    assert vips.probe(storage.access_image(page)).width == 640
    assert vips.probe(storage.thumbnail_image(page)).width == 400
    assert text.text.replace(" ", "") == "MINNING1996"
    assert text.is_current and text.origin == PageText.Origin.RECOGNISED
    assert text.engine == "RapidOCR" and text.engine_version and text.settings
    assert text.confidence is not None and text.confidence > 0.8
    assert len(text.text_lines()[0].characters) == len(text.text_lines()[0].text)
    assert Job.objects.get().state == State.DONE


def test_a_pdf_that_carries_text_is_not_read_by_machine(tmp_path: Path) -> None:
    source = take_in(making.text_pdf(tmp_path / "a.pdf", "The first meeting of 1996", "The second of 1997"))

    work()

    texts = [page.texts.get() for page in source.pages.order_by("number")]
    assert [text.text for text in texts] == ["The first meeting of 1996", "The second of 1997"]
    assert {text.origin for text in texts} == {PageText.Origin.EMBEDDED}
    assert {text.engine for text in texts} == {"PDFium"}
    page = source.pages.get(frame=1)
    assert (page.width, page.height) == (1250, 834)
    box = texts[0].text_lines()[0].box
    assert 0 <= box.x < box.right <= page.width and 0 <= box.y < box.bottom <= page.height


def test_every_page_of_a_tiff_becomes_a_page(tmp_path: Path) -> None:
    source = take_in(making.tiff(tmp_path / "a.tif", "ONE", "TWO", "THREE"))

    work((JobStep.Name.SCAN, JobStep.Name.PAGES, JobStep.Name.QUALITY, JobStep.Name.DERIVE))

    assert [(page.number, page.frame) for page in source.pages.order_by("number")] == [(1, 1), (2, 2), (3, 3)]
    waiting = JobStep.objects.filter(name=JobStep.Name.RECOGNISE, state=State.QUEUED)
    assert waiting.count() == 3
    assert Job.objects.get().state == State.QUEUED


def test_pages_are_numbered_in_the_order_of_the_files_whoever_is_faster(tmp_path: Path) -> None:
    unit = make_item()
    first = take_in(making.tiff(tmp_path / "a.tif", "ONE", "TWO"), unit)
    second = take_in(making.jpeg(tmp_path / "b.jpg", "THREE"), unit)

    work((JobStep.Name.SCAN,))
    for source in (second, first):
        step = JobStep.objects.get(job__digital_object=source, name=JobStep.Name.PAGES)
        tasks.run_step.apply((step.pk,), throw=True)

    assert list(first.pages.values_list("number", flat=True).order_by("number")) == [1, 2]
    assert list(second.pages.values_list("number", flat=True)) == [3]


def test_a_step_done_twice_leaves_one_of_everything(tmp_path: Path) -> None:
    source = take_in(making.text_pdf(tmp_path / "a.pdf", "Written once and for all"))
    work()
    before = set(JobStep.objects.values_list("pk", "name", "page"))

    for step in JobStep.objects.all():
        tasks.run_step.apply((step.pk,), throw=True)
    JobStep.objects.update(state=State.QUEUED)
    work()

    assert set(JobStep.objects.values_list("pk", "name", "page")) == before
    page = source.pages.get()
    assert page.texts.filter(is_current=True).count() == 1
    assert sorted(path.name for path in storage.access_image(page).parent.iterdir()) == ["access.tif", "thumbnail.jpg"]
    assert Job.objects.get().state == State.DONE


def test_who_was_superseded_records_nothing(tmp_path: Path) -> None:
    source = take_in(making.jpeg(tmp_path / "a.jpg"))
    late = jobs.claim(JobStep.objects.get().pk)
    assert late is not None
    JobStep.objects.update(token="somebody else")

    with pytest.raises(jobs.Superseded):
        pipeline.run(late)

    assert not source.pages.exists()
    assert JobStep.objects.count() == 1


def test_an_original_that_was_damaged_in_store_fails_with_the_reason(tmp_path: Path) -> None:
    source = take_in(making.jpeg(tmp_path / "封面.jpg"))
    original = storage.original_path(source.sha512)
    original.unlink()
    making.truncated_jpeg(original)

    work()

    step = JobStep.objects.get(name=JobStep.Name.DERIVE)
    assert (step.state, step.error_code) == (State.FAILED, InvalidInput.code)
    assert "封面.jpg" in step.error
    assert Job.objects.get().state == State.FAILED
    assert list(storage.access_image(source.pages.get()).parent.iterdir()) == []


def test_search_hears_of_the_image_the_text_and_what_is_masked(tmp_path: Path) -> None:
    heard: list[int] = []

    def note(page_ids: list[int], **_signal: Any) -> None:
        heard.extend(page_ids)

    signals.pages_changed.connect(note)
    source = take_in(making.text_pdf(tmp_path / "a.pdf", "Heard by the search engine"))
    try:
        work()
    finally:
        signals.pages_changed.disconnect(note)

    assert set(heard) == {source.pages.get().pk}
    assert len(heard) >= 3


def a_reading(text: str) -> Reading:
    return Reading(
        lines=make_lines(text),
        origin=PageText.Origin.RECOGNISED,
        engine="test",
        engine_version="2",
        settings={},
        confidence=0.5,
    )


def test_a_new_reading_replaces_an_old_one_which_stays(tmp_path: Path) -> None:
    page = make_page(make_item(), "旧")

    recognition.record(page, a_reading("新"))

    assert page.texts.get(is_current=True).text == "新"
    assert page.texts.count() == 2


def test_a_new_reading_never_replaces_what_a_person_has_checked(tmp_path: Path) -> None:
    page = make_page(make_item(), "校对过的")
    page.texts.update(quality=PageText.Quality.PROOFREAD)

    recognition.record(page, a_reading("机器读的"))

    assert page.texts.get(is_current=True).text == "校对过的"


def test_the_lines_of_a_reading_lead_back_to_the_image() -> None:
    page = make_page(make_item())

    stored = recognition.record(page, a_reading("闽宁协作"))

    assert stored is not None
    assert lines.locate(stored.text_lines(), 2, 4) == [lines.Box(200, 100, 100, 50)]


def test_a_page_that_vanished_is_nothing_to_do() -> None:
    assert not Page.objects.exists()

    tasks.run_step.apply((123_456,), throw=True)

"""Taking files in, and refusing what cannot be kept."""

import hashlib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Role
from archive.models import AuditEvent
from core.errors import Conflict, InvalidInput, NotPermitted
from media import ingest, storage
from media.ingest import AlreadyThere, Arrival, Result
from media.models import DigitalObject, Job, JobStep, State
from tests.makers import make_item, make_unit, make_user
from tests.media import making

pytestmark = pytest.mark.django_db


def stored_files() -> list[Path]:
    return [path for path in storage.root().rglob("*") if path.is_file()]


def test_a_scan_is_kept_described_and_put_to_work(tmp_path: Path) -> None:
    unit, user = make_item(), make_user()
    path = making.jpeg(tmp_path / "封面.jpg")

    kept = ingest.ingest(path, unit=unit, by=user)

    assert kept.original_name == "封面.jpg"
    assert (kept.media_type, kept.format_name, kept.page_count) == ("image/jpeg", "JPEG", 1)
    assert kept.identified_by.startswith("puremagic ")
    assert kept.sha512 == hashlib.sha512(path.read_bytes()).hexdigest()
    assert storage.original_path(kept.sha512).read_bytes() == path.read_bytes()
    assert [(step.name, step.state) for step in JobStep.objects.all()] == [(JobStep.Name.SCAN, State.QUEUED)]
    event = AuditEvent.objects.get(action="ingest")
    assert (event.actor, event.object_key) == (user, str(kept.pk))
    assert event.after is not None and event.after["sha512"] == kept.sha512


def test_workers_hear_of_it_only_after_the_commit(
    tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        ingest.ingest(making.jpeg(tmp_path / "a.jpg"), unit=make_item(), by=None)

    assert callbacks


@pytest.mark.parametrize(
    ("make", "pages"),
    [
        (making.png, 1),
        (lambda path: making.tiff(path, "ONE", "TWO", "THREE"), 3),
        (lambda path: making.text_pdf(path, "first page", "second page"), 2),
    ],
    ids=["png", "tiff", "pdf"],
)
def test_the_content_decides_what_a_file_is(make: Callable[[Path], Path], pages: int, tmp_path: Path) -> None:
    kept = ingest.ingest(make(tmp_path / "without-a-telling-name.bin"), unit=make_item(), by=None)

    assert kept.page_count == pages


@pytest.mark.parametrize(
    ("make", "name", "remedy"),
    [
        (making.truncated_jpeg, "第3页.jpg", "scan it again"),
        (making.giant_png, "巨图.png", "lower resolution"),
        (lambda path: making.text_pdf(path, "secret", password="x"), "合同.pdf", "without protection"),
        (making.plain_text, "扫描.tif", "export the page in one of these formats"),
        (making.empty, "空.jpg", "Copy the file again"),
    ],
    ids=["truncated", "giant", "encrypted", "text", "empty"],
)
def test_bad_input_is_refused_with_its_name_and_the_remedy(
    make: Callable[[Path], Path], name: str, remedy: str, tmp_path: Path
) -> None:
    unit = make_item()
    path = make(tmp_path / name)

    with translation.override("en"), pytest.raises(InvalidInput) as refusal:
        ingest.ingest(path, unit=unit, by=None)

    assert name in refusal.value.message
    assert remedy in refusal.value.message
    assert not DigitalObject.objects.exists()
    assert not Job.objects.exists()
    assert stored_files() == []
    assert path.exists()


def test_the_same_file_twice_in_a_unit_is_said_to_be_there(tmp_path: Path) -> None:
    unit = make_item()
    first = ingest.ingest(making.jpeg(tmp_path / "a.jpg"), unit=unit, by=None)

    with pytest.raises(AlreadyThere, match=r"b\.jpg.*a\.jpg") as refusal:
        ingest.ingest(making.jpeg(tmp_path / "b.jpg"), unit=unit, by=None)

    assert refusal.value.digital_object == first
    assert DigitalObject.objects.count() == Job.objects.count() == 1
    assert stored_files() == [storage.original_path(first.sha512)]


def test_a_file_of_another_unit_is_refused_and_its_place_named(tmp_path: Path) -> None:
    ingest.ingest(making.jpeg(tmp_path / "a.jpg"), unit=make_unit("甲", code="J001"), by=None)

    with pytest.raises(Conflict, match="J001"):
        ingest.ingest(making.jpeg(tmp_path / "b.jpg"), unit=make_unit("乙", code="J002"), by=None)

    assert DigitalObject.objects.count() == 1


def test_a_name_of_120_chinese_characters_is_kept_whole(tmp_path: Path) -> None:
    name = "闽" * 116 + ".jpg"

    kept = ingest.ingest(making.jpeg(tmp_path / "a.jpg"), unit=make_item(), original_name=name, by=None)

    assert kept.original_name == name


def test_a_decomposed_name_is_kept_composed(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "Café 福建.jpg")

    kept = ingest.ingest(making.jpeg(tmp_path / name), unit=make_item(), by=None)

    assert name != "Café 福建.jpg"
    assert kept.original_name == "Café 福建.jpg"


def test_a_nameless_and_an_endless_name_are_refused(tmp_path: Path) -> None:
    path, unit = making.jpeg(tmp_path / "a.jpg"), make_item()

    for name in ("\u202e\u0007", "长" * 501):
        with pytest.raises(InvalidInput):
            ingest.receive(Arrival(name, lambda: storage.read_chunks(path)), unit=unit, by=None)

    assert stored_files() == []


def test_a_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    unit = make_item()
    paths = [making.jpeg(tmp_path / "a.jpg", "ONE"), making.empty(tmp_path / "b.jpg"), tmp_path / "gone.jpg"]
    paths += [making.jpeg(tmp_path / "c.jpg", "TWO"), making.jpeg(tmp_path / "d.jpg", "ONE")]

    outcomes = list(ingest.ingest_many(map(ingest.from_path, paths), unit=unit, by=None))

    received, refused, there = Result.RECEIVED, Result.REFUSED, Result.ALREADY_THERE
    assert [outcome.result for outcome in outcomes] == [received, refused, refused, received, there]
    assert all(outcome.name in outcome.message for outcome in outcomes)
    assert [kept.ordinal for kept in unit.digital_objects.order_by("ordinal")] == [1, 2]


def test_only_an_archivist_may_digitise(tmp_path: Path) -> None:
    with pytest.raises(NotPermitted):
        ingest.ingest(making.jpeg(tmp_path / "a.jpg"), unit=make_item(), by=make_user(Role.REVIEWER))

    assert stored_files() == []


def test_folders_are_read_in_natural_order_and_hidden_files_left(tmp_path: Path) -> None:
    for name in ("第10页.jpg", "第2页.jpg", ".DS_Store", "第1页.jpg"):
        (tmp_path / name).write_bytes(b"x")

    found = ingest.files_in([tmp_path])

    assert [path.name for path in found] == ["第1页.jpg", "第2页.jpg", "第10页.jpg"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nowhere"):
        ingest.files_in([tmp_path / "nowhere"])

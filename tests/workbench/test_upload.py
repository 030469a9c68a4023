"""Uploading scans: finding the unit, handing over files, one outcome for each."""

import unicodedata
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from archive.models import Batch
from media.models import DigitalObject, Job
from tests.makers import make_item, make_unit
from tests.media import making

pytestmark = pytest.mark.django_db

UPLOAD = reverse("workbench:upload")


@pytest.fixture
def desk(archivist: User, client: Client) -> Client:
    client.force_login(archivist)
    return client


def upload_of(path: Path, name: str = "") -> SimpleUploadedFile:
    return SimpleUploadedFile(name or path.name, path.read_bytes())


def test_a_unit_is_found_by_words_of_its_title_and_by_its_code(desk: Client) -> None:
    make_unit("闽宁镇建设档案", code="J019")
    make_unit("葡萄酒产业", code="J020")

    by_title, by_code = desk.get(UPLOAD, {"q": "建设 闽宁"}), desk.get(UPLOAD, {"q": "J02"})

    assert "J019" in by_title.content.decode() and "J020" not in by_title.content.decode()
    assert "葡萄酒产业" in by_code.content.decode()


def test_an_exact_code_chooses_the_unit_however_its_dashes_are_written(desk: Client) -> None:
    make_unit("闽宁镇建设档案", code="J019-1")

    page = desk.get(UPLOAD, {"q": "J019－1"}).content.decode()

    assert 'type="file"' in page
    assert 'value="J019-1"' in page


def test_a_unit_that_does_not_exist_is_said(desk: Client) -> None:
    page = desk.get(UPLOAD, {"unit": "T404"}).content.decode()

    assert "T404" in page
    assert 'type="file"' not in page


def test_typing_asks_for_the_list_alone(desk: Client) -> None:
    make_unit("闽宁镇建设档案", code="J019")

    part = desk.get(UPLOAD, {"q": "闽宁"}, headers={"HX-Request": "true", "HX-Target": "units"}).content.decode()

    assert part.strip().startswith('<div id="units"')
    assert "J019" in part and "<html" not in part


def test_every_file_has_its_outcome_and_a_bad_one_stops_nothing(desk: Client, archivist: User, tmp_path: Path) -> None:
    unit = make_item()
    name = unicodedata.normalize("NFD", "福建é" * 30) + ".jpg"
    files = [
        upload_of(making.jpeg(tmp_path / "a.jpg"), name),
        upload_of(making.plain_text(tmp_path / "扫描.tif")),
        upload_of(making.jpeg(tmp_path / "b.jpg")),
        upload_of(making.truncated_jpeg(tmp_path / "断.jpg")),
    ]

    with translation.override("en"):
        answer = desk.post(UPLOAD, {"unit": unit.reference_code, "files": files})

    page = answer.content.decode()
    kept = DigitalObject.objects.get()
    assert answer.status_code == 200
    assert kept.original_name == unicodedata.normalize("NFC", name)
    assert kept.batch is not None and kept.batch.created_by == archivist
    assert Job.objects.get().created_by == archivist
    assert page.count("outcome--received") == page.count("outcome--already_there") == 1
    assert page.count("outcome--refused") == 2
    assert "“扫描.tif”" in page and "“断.jpg”" in page


def test_where_nothing_was_received_nothing_is_left(desk: Client, tmp_path: Path) -> None:
    unit = make_item()

    answer = desk.post(
        UPLOAD, {"unit": unit.reference_code, "files": [upload_of(making.giant_png(tmp_path / "巨.png"))]}
    )

    assert answer.status_code == 422
    assert not DigitalObject.objects.exists()
    assert not Batch.objects.exists()


def test_an_empty_file_is_named(desk: Client, tmp_path: Path) -> None:
    unit = make_item()

    answer = desk.post(UPLOAD, {"unit": unit.reference_code, "files": [upload_of(making.empty(tmp_path / "空.jpg"))]})

    assert answer.status_code == 422
    assert "空.jpg" in answer.content.decode()


def test_files_for_a_unit_that_does_not_exist_are_refused(desk: Client, tmp_path: Path) -> None:
    answer = desk.post(UPLOAD, {"unit": "T404", "files": [upload_of(making.jpeg(tmp_path / "a.jpg"))]})

    assert answer.status_code == 404
    assert "T404" in answer.content.decode()
    assert not DigitalObject.objects.exists()


def test_sending_no_file_is_said(desk: Client) -> None:
    answer = desk.post(UPLOAD, {"unit": make_item().reference_code})

    assert answer.status_code == 400

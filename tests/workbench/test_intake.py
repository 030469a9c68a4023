"""Resumable uploads by tus 1.0.0, and a folder with its catalogue."""

import base64
import errno
import os
import shutil
import socket
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role, User
from archive.models import Batch, Level, Unit
from core.errors import NotFound
from media import storage
from media.intake import uploads
from media.models import DigitalObject, Upload
from tests.makers import make_item, make_unit, make_user
from tests.media import making

PIECES = reverse("workbench:upload_pieces")
DELIVERY = reverse("workbench:intake")
TUS = {"Tus-Resumable": "1.0.0"}
TYPE = "application/offset+octet-stream"


@pytest.fixture
def desk(archivist: User, client: Client) -> Client:
    client.force_login(archivist)
    return client


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return making.png(tmp_path / "x.png").read_bytes()


def said(**pairs: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())


def begun(desk: Client, unit: Unit, size: int, name: str = "第1页.png") -> str:
    """The address of a new upload."""
    answer = desk.post(
        PIECES,
        content_type="",
        headers={**TUS, "Upload-Length": str(size), "Upload-Metadata": said(name=name, unit=unit.reference_code)},
    )
    assert answer.status_code == 201, answer.content.decode()
    return urlsplit(answer["Location"]).path


def send(desk: Client, address: str, offset: int, piece: bytes) -> int:
    answer = desk.patch(address, piece, content_type=TYPE, headers={**TUS, "Upload-Offset": str(offset)})
    return answer.status_code


def offset(desk: Client, address: str) -> int:
    return int(desk.head(address, headers=TUS)["Upload-Offset"])


def in_staging() -> list[Path]:
    return [path for path in (storage.root() / "staging").glob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_file_in_pieces_is_taken_in_whole(desk: Client, archivist: User, content: bytes) -> None:
    unit = make_item()
    address = begun(desk, unit, len(content))

    assert offset(desk, address) == 0
    assert send(desk, address, 0, content[:100]) == 204
    assert offset(desk, address) == 100
    assert send(desk, address, 100, content[100:]) == 204

    kept = unit.digital_objects.get()
    assert storage.original_path(kept.sha512).read_bytes() == content
    assert kept.original_name == "第1页.png"
    assert kept.jobs.get().created_by == archivist
    assert in_staging() == []
    answer = desk.post(f"{address}outcome/", headers={"Accept": "application/json"})
    assert answer.json()["refusal"] == ""


@pytest.mark.django_db
def test_the_server_says_what_it_can_do(desk: Client) -> None:
    answer = desk.options(PIECES)

    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert {"creation", "termination", "expiration"} <= set(answer["Tus-Extension"].split(","))
    assert int(answer["Tus-Max-Size"]) == uploads.MOST_BYTES


@pytest.mark.django_db
def test_what_the_protocol_refuses(desk: Client, content: bytes) -> None:
    unit = make_item()
    address = begun(desk, unit, len(content))

    assert desk.head(address).status_code == 412
    assert (
        desk.patch(address, b"x", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}).status_code == 415
    )
    assert send(desk, address, 5, b"x") == 409
    assert desk.patch(address, b"x", content_type=TYPE, headers=TUS).status_code == 400
    assert send(desk, address, 0, content + b"more") == 413
    assert desk.get(address, headers=TUS).status_code == 405
    assert not DigitalObject.objects.exists()


@pytest.mark.django_db
def test_a_client_that_can_only_post_says_what_it_means(desk: Client, content: bytes) -> None:
    address = begun(desk, make_item(), len(content))

    answer = desk.post(
        address,
        content,
        content_type=TYPE,
        headers={**TUS, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )

    assert answer.status_code == 204
    assert DigitalObject.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "size", "status"),
    [
        ("好.png", 0, 400),
        ("好.png", uploads.MOST_BYTES + 1, 413),
        ("机密★.png", 10, 400),
        ("\0", 10, 400),
        ("", 10, 400),
    ],
)
def test_what_cannot_be_taken_is_refused_before_a_byte(name: str, size: int, status: int, desk: Client) -> None:
    headers = {
        **TUS,
        "Upload-Length": str(size),
        "Upload-Metadata": said(name=name, unit=make_item().reference_code),
    }

    answer = desk.post(PIECES, content_type="", headers=headers)

    assert answer.status_code == status
    assert answer.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_a_unit_that_does_not_exist_is_named(desk: Client) -> None:
    answer = desk.post(
        PIECES, content_type="", headers={**TUS, "Upload-Length": "5", "Upload-Metadata": said(name="a", unit="T404")}
    )

    assert (answer.status_code, "T404" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_uploads_are_for_those_who_digitise_and_ones_own(desk: Client, client: Client, content: bytes) -> None:
    unit = make_item()
    address = begun(desk, unit, len(content))
    headers = {**TUS, "Upload-Length": "5", "Upload-Metadata": said(name="a.png", unit=unit.reference_code)}
    colleague, reviewer, nobody = Client(), Client(), Client()
    colleague.force_login(make_user(Role.ARCHIVIST))
    reviewer.force_login(make_user(Role.REVIEWER))

    assert colleague.head(address, headers=TUS).status_code == 404
    assert colleague.delete(address, headers=TUS).status_code == 404
    assert reviewer.post(PIECES, content_type="", headers=headers).status_code == 403
    assert nobody.post(PIECES, content_type="", headers=headers).status_code == 403


@pytest.mark.django_db
def test_a_forged_request_is_refused(archivist: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(archivist)

    assert strict.post(PIECES, content_type="", headers={**TUS, "Upload-Length": "5"}).status_code == 403


@pytest.mark.django_db
def test_an_ended_upload_leaves_nothing(desk: Client, content: bytes) -> None:
    address = begun(desk, make_item(), len(content))
    send(desk, address, 0, content[:100])

    assert desk.delete(address, headers=TUS).status_code == 204

    assert desk.head(address, headers=TUS).status_code == 404
    assert in_staging() == []


@pytest.mark.django_db
def test_an_upload_that_nobody_goes_on_with_is_dropped(desk: Client, content: bytes) -> None:
    address = begun(desk, make_item(), len(content))
    send(desk, address, 0, content[:100])

    removed = uploads.drop_expired(timezone.now() + uploads.LIFETIME + timedelta(seconds=1))

    assert removed == 1
    assert desk.head(address, headers=TUS).status_code == 404
    assert in_staging() == []


@pytest.mark.django_db
def test_a_file_that_is_none_is_refused_with_the_reason(desk: Client) -> None:
    address = begun(desk, make_item(), 5, "假.tif")

    assert send(desk, address, 0, b"hello") == 204

    answer = desk.post(f"{address}outcome/", headers={"Accept": "application/json"})
    assert "假.tif" in answer.json()["refusal"]
    assert in_staging() == []
    page = desk.get(reverse("workbench:upload")).content.decode()
    assert "假.tif" in page and 'data-state="refused"' in page


@pytest.mark.django_db
def test_what_a_killed_process_wrote_beyond_the_row_is_cut_off(desk: Client, content: bytes) -> None:
    unit = make_item()
    address = begun(desk, unit, len(content))
    send(desk, address, 0, content[:100])
    with uploads.path_of(Upload.objects.get()).open("ab") as stream:
        stream.write(b"rubbish that was never acknowledged")

    assert offset(desk, address) == 100
    assert send(desk, address, 100, content[100:]) == 204

    assert storage.original_path(unit.digital_objects.get().sha512).read_bytes() == content


@pytest.mark.django_db
def test_bytes_that_the_disk_has_lost_are_asked_for_again(desk: Client, content: bytes) -> None:
    address = begun(desk, make_item(), len(content))
    send(desk, address, 0, content[:100])
    uploads.path_of(Upload.objects.get()).unlink()

    assert offset(desk, address) == 0
    assert send(desk, address, 0, content) == 204
    assert DigitalObject.objects.count() == 1


@pytest.mark.django_db
def test_killed_after_the_last_byte_it_is_taken_in_once(
    desk: Client, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begun(desk, make_item(), len(content))

    def killed(_upload: Upload) -> Upload:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            send(desk, address, 0, content)
    assert offset(desk, address) == len(content)

    page = desk.get(reverse("workbench:upload")).content.decode()
    assert f'action="{address}outcome/"' in page
    for _attempt in range(2):
        assert desk.post(f"{address}outcome/").status_code == 302
    assert DigitalObject.objects.count() == 1
    assert in_staging() == []


@pytest.mark.django_db
def test_a_full_disk_is_said_and_what_was_there_stays(
    desk: Client, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begun(desk, make_item(), len(content))
    send(desk, address, 0, content[:100])

    def full(_stream: int, _bytes: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        assert send(desk, address, 100, content[100:]) == 503

    assert offset(desk, address) == 100
    assert send(desk, address, 100, content[100:]) == 204
    assert DigitalObject.objects.count() == 1


@pytest.mark.django_db
def test_a_disk_that_has_no_room_is_said_before_a_byte(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "RESERVE", 1 << 60)
    headers = {**TUS, "Upload-Length": "5", "Upload-Metadata": said(name="a.png", unit=make_item().reference_code)}

    assert desk.post(PIECES, content_type="", headers=headers).status_code == 503
    assert not Upload.objects.exists()


@pytest.mark.django_db
def test_a_storage_that_vanished_is_said_and_comes_back(desk: Client, content: bytes) -> None:
    address = begun(desk, make_item(), len(content))
    send(desk, address, 0, content[:100])
    staging = storage.root() / "staging"
    staging.rename(staging.with_name("away"))
    staging.write_text("not a folder")

    assert send(desk, address, 0, content) == 503
    assert desk.head(address, headers=TUS).status_code == 503

    staging.unlink()
    staging.with_name("away").rename(staging)
    assert offset(desk, address) == 100
    assert send(desk, address, 100, content[100:]) == 204


@pytest.mark.django_db
def test_two_writers_do_not_mix(desk: Client, content: bytes) -> None:
    address = begun(desk, make_item(), len(content))

    with uploads._held(Upload.objects.get()):
        assert send(desk, address, 0, content) == 423


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_off_goes_on_where_it_was(live_server: LiveServer, archivist: User) -> None:
    unit = make_item()
    client = Client()
    client.force_login(archivist)
    noise = os.urandom(3_000_000)
    content = b"\x89PNG\r\n\x1a\n" + noise
    address = begun(client, unit, len(content))
    cookie = client.cookies["sessionid"].value
    host = urlsplit(live_server.url)

    with socket.create_connection((host.hostname, host.port), timeout=20) as line:
        token = "a" * 32
        head = (
            f"PATCH {address} HTTP/1.1\r\nHost: {host.netloc}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
            f"Content-Type: {TYPE}\r\nContent-Length: {len(content)}\r\nX-CSRFToken: {token}\r\n"
            f"Cookie: sessionid={cookie}; csrftoken={token}\r\n\r\n"
        )
        line.sendall(head.encode() + content[:2_000_000])
    there = wait_for(client, address, at_least=1)

    assert 0 < there <= 2_000_000
    assert send(client, address, there, content[there:]) == 204
    upload = Upload.objects.get()
    assert upload.received == len(content)
    assert upload.refusal, "noise is no picture, so it was looked at whole and refused"


def wait_for(client: Client, address: str, *, at_least: int) -> int:
    """The offset once the server has noticed that the connection is gone."""
    ended = threading.Event()
    for _attempt in range(100):
        there = offset(client, address)
        if there >= at_least:
            return there
        ended.wait(0.1)
    raise AssertionError("nothing arrived")


@pytest.fixture
def items(db: None) -> list[Unit]:
    fonds = make_unit("一个全宗", code="J019")
    codes = ["J019-WS·2019-0001", "J019-WS·2019-0002"]
    return [make_unit(code, level=Level.ITEM, parent=fonds, code=code) for code in codes]


def test_the_report_is_seen_before_anything_is_taken(desk: Client, items: list[Unit]) -> None:
    names = "J019-WS·2019-0001-001.jpg\t1000\r\nJ404-001.jpg\t1000"

    with translation.override("en"):
        page = desk.post(DELIVERY, {"names": names, "scope": "J019"}).content.decode()

    assert "J404-001.jpg" in page
    assert "J019-WS·2019-0002" in page
    assert "data-confirm hidden" in page
    assert not Batch.objects.exists() and not Upload.objects.exists()


def test_the_report_comes_as_a_part_and_as_files(desk: Client, items: list[Unit]) -> None:
    names = {"names": "J404-001.jpg"}

    part = desk.post(DELIVERY, names, headers={"X-Part": "report"}).content.decode()
    table = desk.post(DELIVERY, {**names, "as": "csv"})
    whole = desk.post(DELIVERY, {**names, "as": "json"})

    assert "<html" not in part and "J404" in part
    assert "attachment" in table["Content-Disposition"] and "unit-unknown" in table.content.decode()
    assert whole.json()["findings"][0]["code"] == "unit-unknown"


def test_a_confirmed_delivery_goes_to_its_units_and_goes_on(desk: Client, items: list[Unit], tmp_path: Path) -> None:
    files = {f"{unit.reference_code}-001.png": making.png(tmp_path / f"{unit.pk}.png", str(unit.pk)) for unit in items}
    names = "\n".join(f"{name}\t{path.stat().st_size}" for name, path in files.items())
    confirm = reverse("workbench:intake_confirm")

    opened = desk.post(confirm, {"names": names}).json()["files"]
    first = opened[0]
    assert send(desk, first["url"], 0, files[first["path"]].read_bytes()) == 204
    again = desk.post(confirm, {"names": names}).json()["files"]
    assert [each["url"] for each in again] == [opened[1]["url"]]
    assert send(desk, again[0]["url"], 0, files[again[0]["path"]].read_bytes()) == 204

    assert [unit.digital_objects.get().original_name for unit in items] == list(files)
    assert Batch.objects.get().digital_objects.count() == 2


def test_a_delivery_with_a_mark_of_secrecy_is_stopped(desk: Client, items: list[Unit]) -> None:
    names = "J019-WS·2019-0001-001.jpg\t10\nJ019-WS·2019-0001/绝密.jpg\t10"

    assert desk.post(reverse("workbench:intake_confirm"), {"names": names}).status_code == 409
    assert not Upload.objects.exists() and not Batch.objects.exists()


def test_the_plain_form_stops_at_a_mark_of_secrecy(desk: Client, items: list[Unit], tmp_path: Path) -> None:
    path = making.jpeg(tmp_path / "机密★.jpg")
    with path.open("rb") as stream:
        answer = desk.post(reverse("workbench:upload"), {"unit": items[0].reference_code, "files": [stream]})

    assert answer.status_code == 400
    assert not DigitalObject.objects.exists()


def test_who_may_not_digitise_sees_no_delivery(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)

    assert client.get(DELIVERY).status_code == 403
    assert client.post(reverse("workbench:intake_confirm"), {"names": "a"}).status_code == 403


@pytest.mark.django_db
def test_how_far_it_is_stands_in_the_row_while_it_arrives(
    archivist: User, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "NOTED", 10)
    upload = uploads.begin(by=archivist, unit=make_item(), name="1.png", size=len(content))
    pieces, noted = [content[:10], content[10:20], b""], []

    def read(_count: int) -> bytes:
        noted.append(Upload.objects.get().received)
        return pieces.pop(0)

    uploads.append(upload, 0, read)

    assert noted == [0, 10, 20]


@pytest.mark.django_db
def test_a_get_is_a_get_whatever_its_headers_say(archivist: User, content: bytes) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(archivist)
    upload = uploads.begin(by=archivist, unit=make_item(), name="第1页.png", size=len(content))

    address = reverse("workbench:upload_piece", args=[upload.pk])
    answer = browser.get(address, headers={**TUS, "X-HTTP-Method-Override": "DELETE"})

    assert answer.status_code == 405
    assert Upload.objects.filter(pk=upload.pk).exists()


@pytest.mark.django_db
def test_many_uploads_together_do_not_fill_the_disk(
    desk: Client, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begun(desk, make_item(), len(content))
    free = shutil.disk_usage(storage.root())._replace(free=uploads.RESERVE - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: free)

    assert send(desk, address, 0, content) == 503
    monkeypatch.undo()
    assert send(desk, address, 0, content) == 204


@pytest.mark.django_db
def test_an_upload_that_is_removed_while_it_arrives_ends(archivist: User, content: bytes) -> None:
    upload = uploads.begin(by=archivist, unit=make_item(), name="第1页.png", size=len(content))
    pieces = iter([content, b""])

    def read(_count: int) -> bytes:
        Upload.objects.all().delete()
        return next(pieces)

    with pytest.raises(NotFound):
        uploads.append(upload, 0, read)
    assert in_staging() == []
    assert not DigitalObject.objects.exists()

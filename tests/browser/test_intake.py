"""Handing files over in a browser: dropped, interrupted, gone on with, refused, matched with the catalogue."""

import base64
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page as Tab
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from archive.models import Batch, Level, Unit
from media import storage
from media.intake import uploads
from media.models import Upload
from tests.makers import make_unit, make_user
from tests.media import making
from workbench import handing_over

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        finders.find(handing_over.LIBRARY) is None, reason="tus-js-client is not installed: npm install"
    ),
]

PASSWORD = "a long test password"
CODE = "J019-WS·2019-0001"


@pytest.fixture
def unit() -> Unit:
    fonds = make_unit("一个全宗", code="J019", public=False)
    return make_unit("闽宁协作会议纪要", level=Level.ITEM, parent=fonds, code=CODE, public=False)


@pytest.fixture
def desk(desktop: Tab, live_server: LiveServer) -> Tab:
    make_user(username="lin", password=PASSWORD)
    desktop.goto("/workbench/sign-in/")
    desktop.fill('input[name="username"]', "lin")
    desktop.fill('input[name="password"]', PASSWORD)
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/workbench/")
    return desktop


def drop(tab: Tab, paths: list[Path], folder: str = "") -> None:
    """Drop files on the zone, as a mouse would."""
    files = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in paths]
    transfer = tab.evaluate_handle(
        """(files) => {
          const transfer = new DataTransfer();
          for (const [name, content] of files) {
            const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
            transfer.items.add(new File([bytes], name, { lastModified: 0 }));
          }
          return transfer;
        }""",
        files,
    )
    tab.dispatch_event("[data-intake]", "drop", {"dataTransfer": transfer})


def test_dropped_files_arrive_in_order_and_a_bad_one_is_named(desk: Tab, unit: Unit, tmp_path: Path) -> None:
    good = [making.png(tmp_path / f"{page}.png", f"PAGE {page}") for page in (10, 2)]
    bad = making.plain_text(tmp_path / "3.tif")
    desk.goto(f"/workbench/upload/?unit={CODE}")

    drop(desk, [*good, bad])

    expect(desk.locator('.intake-file[data-state="done"]')).to_have_count(2)
    expect(desk.locator('.intake-file[data-state="refused"]')).to_contain_text("3.tif")
    assert [kept.original_name for kept in unit.digital_objects.all()] == ["2.png", "10.png"]
    first = unit.digital_objects.get(original_name="2.png")
    assert storage.original_path(first.sha512).read_bytes() == good[1].read_bytes()


def test_a_broken_connection_and_a_reloaded_page_go_on(
    desk: Tab, unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "第1页.tif"
    making.picture("LARGE", size=(2400, 1700)).save(path, "TIFF")
    assert path.stat().st_size > uploads.PIECE * 8
    desk.goto(f"/workbench/upload/?unit={CODE}")
    pieces = 0

    def break_off(route: Route) -> None:
        nonlocal pieces
        pieces += 1
        if pieces == 1:
            route.continue_()
        else:
            route.abort("internetdisconnected")

    desk.route(re.compile(r".*/workbench/uploads/[0-9a-f-]+/$"), break_off)
    desk.locator("#files").set_input_files(path)
    desk.wait_for_function("document.querySelector('.intake-file progress').value > 50")
    desk.context.set_offline(True)
    expect(desk.locator('.intake-file[data-state="broken"], .intake-file[data-state="moving"]')).to_have_count(1)
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto("about:blank")  # before the network is back: nothing goes on meanwhile
    desk.context.set_offline(False)
    desk.unroute_all()
    received = Upload.objects.get().received
    assert 0 < received < path.stat().st_size
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.headers.get("upload-offset", "")))

    desk.goto(f"/workbench/upload/?unit={CODE}")
    expect(desk.locator("#uploads .intake-file")).to_contain_text("第1页.tif")
    desk.locator("#files").set_input_files(path)
    expect(desk.locator('#intake-files .intake-file[data-state="done"]')).to_have_count(1)

    assert str(received) in sent and "0" not in sent
    assert storage.original_path(unit.digital_objects.get().sha512).read_bytes() == path.read_bytes()


def test_pause_and_go_on_with_the_keyboard(desk: Tab, unit: Unit, tmp_path: Path) -> None:
    path = making.png(tmp_path / "1.png")
    desk.goto(f"/workbench/upload/?unit={CODE}")
    desk.route("**/workbench/uploads/", lambda route: None)
    desk.locator("#files").set_input_files(path)
    button = desk.locator(".intake-file [data-pause]")
    button.focus()
    desk.keyboard.press("Enter")
    expect(desk.locator('.intake-file[data-state="paused"]')).to_have_count(1)
    desk.unroute_all()

    desk.keyboard.press("Enter")

    expect(desk.locator('.intake-file[data-state="done"]')).to_have_count(1)
    assert unit.digital_objects.count() == 1


def test_a_delivery_is_matched_then_confirmed(desk: Tab, unit: Unit, tmp_path: Path) -> None:
    files = [making.png(tmp_path / f"{CODE}-{page:03d}.png", f"PAGE {page}") for page in (1, 2)]
    stranger = making.png(tmp_path / "J404-001.png", "STRANGER")
    desk.goto("/workbench/intake/")

    drop(desk, [*files, stranger])
    expect(desk.locator("#intake-report")).to_contain_text("J404-001.png")
    assert not Batch.objects.exists()
    desk.locator("#intake-report [data-confirm]").press("Enter")
    expect(desk.locator('.intake-file[data-state="done"]')).to_have_count(2)

    assert [kept.original_name for kept in unit.digital_objects.all()] == [path.name for path in files]
    assert Batch.objects.get().digital_objects.count() == 2


def test_without_scripts_the_form_still_works(narrow: Tab, unit: Unit, tmp_path: Path) -> None:
    make_user(username="lin", password=PASSWORD)
    narrow.goto("/workbench/sign-in/")
    narrow.fill('input[name="username"]', "lin")
    narrow.fill('input[name="password"]', PASSWORD)
    narrow.press('input[name="password"]', "Enter")
    narrow.goto(f"/workbench/upload/?unit={CODE}")
    narrow.set_input_files("#files", making.png(tmp_path / "1.png"))

    narrow.click('form[enctype] button[type="submit"]')

    expect(narrow.locator(".outcome--received")).to_have_count(1)
    assert narrow.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

"""From a folder of scans to a published, masked, proofread document, by keyboard alone: archivist, reviewer, public.

With ``WALK_RECORD`` set to a folder the walk is recorded there: a video and a picture of each station. The video needs
the ffmpeg that belongs to Playwright.
"""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role
from archive.models import Level, Record, Scope, Status, Unit
from media import tasks
from media.lines import Box
from media.models import JobStep, Mask, Page, PageText, State
from search import indexing
from tests.makers import make_unit, make_user
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import FONT
from workbench import handing_over

pytestmark = [
    pytest.mark.browser,
    pytest.mark.engine,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        finders.find(handing_over.LIBRARY) is None, reason="tus-js-client is not installed: npm install"
    ),
    pytest.mark.skipif(not FONT.is_file(), reason="the font of the scans is not installed: fonts-noto-cjk"),
]

PASSWORD = "a long test password"
CODE = "J019-WS·2019-0001"
TITLE = "闽宁村搬迁户登记"
FIRST = ("闽宁村搬迁户登记", "福建省对口帮扶宁夏", "一九九七年七月填报")
SECOND = ("附：住户名单", f"身份证号码{PERSON}", f"联系电话{MOBILE}", "以上共一户")
ADDED = "（抄件）"
MOST_TABS = 150
PATIENT = 20_000
"""Milliseconds: the machine that runs the tests may be busy with other work."""


class Walker:
    """Somebody who has a keyboard and nothing else, and pictures of the way if they are wanted."""

    def __init__(self, tab: Tab, folder: Path | None) -> None:
        self.tab, self.folder, self.pictures = tab, folder, 0
        tab.set_default_timeout(PATIENT)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.tab.keyboard.press(key)

    def reach(self, selector: str) -> None:
        """Press the tabulator until this has the focus."""
        for _press in range(MOST_TABS):
            if self.tab.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
            self.tab.keyboard.press("Tab")
        pytest.fail(f"The keyboard does not reach {selector} on {self.tab.url}")

    def enter(self, selector: str, address: str = "**") -> None:
        """Reach a link or a button, press Enter, and be on the page that follows."""
        self.reach(selector)
        self.go("Enter", address)

    def go(self, key: str, address: str = "**") -> None:
        """Press a key that leads to another page."""
        with self.tab.expect_navigation(url=address):
            self.press(key)

    def write(self, selector: str, words: str) -> None:
        """Reach a field and type into it."""
        self.reach(selector)
        self.tab.keyboard.type(words)

    def picture(self, name: str) -> None:
        """Keep a picture of what is seen."""
        self.pictures += 1
        if self.folder is not None:
            self.tab.screenshot(path=self.folder / f"{self.pictures:02d}-{name}.png")


@pytest.fixture
def walker(browser: Browser, live_server: LiveServer) -> Iterator[Walker]:
    """A fresh browser, recorded if that is wanted."""
    wanted = os.environ.get("WALK_RECORD", "")
    folder = Path(wanted) if wanted else None
    size = {"width": 1440, "height": 900}
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    recording = {"record_video_dir": folder, "record_video_size": size} if folder is not None else {}
    context = browser.new_context(base_url=live_server.url, viewport=size, locale="zh-CN", **recording)  # type: ignore[arg-type]  # two ways of saying where and how large
    expect.set_options(timeout=PATIENT)
    tab = context.new_page()
    yield Walker(tab, folder)
    context.close()
    if folder is not None and tab.video is not None:
        Path(tab.video.path()).rename(folder / "walk.webm")
    expect.set_options(timeout=5_000)


@pytest.fixture
def unit() -> Unit:
    """An item that nobody has described further, in a fonds that is open."""
    fonds = make_unit("搬迁档案", code="J019")
    return make_unit(TITLE, level=Level.ITEM, parent=fonds, code=CODE, public=False)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder of two scans, named by reference code and page (D-07)."""
    folder = tmp_path / "扫描"
    folder.mkdir()
    font = ImageFont.truetype(str(FONT), 44)
    for number, lines in enumerate((FIRST, SECOND), 1):
        sheet = Image.new("RGB", (1000, 700), "white")
        pen = ImageDraw.Draw(sheet)
        for place, line in enumerate(lines):
            pen.text((110, 90 + 120 * place), line, fill="black", font=font)
        sheet.save(folder / f"{CODE}-{number:03d}.tif", dpi=(200, 200), compression="tiff_lzw")
    return folder


def work() -> None:
    """Do everything that waits, as a worker would, and let search know of it."""
    while step := JobStep.objects.filter(state=State.QUEUED).order_by("pk").first():
        tasks.run_step.apply((step.pk,), throw=True)
    assert not JobStep.objects.exclude(state=State.DONE).exists()
    indexing.drain()


def sign_in(walker: Walker, name: str) -> None:
    walker.write('input[name="username"]', name)
    walker.write('input[name="password"]', PASSWORD)
    walker.go("Enter", "**/workbench/")


def sign_out(walker: Walker) -> None:
    walker.enter('form[action$="/sign-out/"] button')
    assert walker.tab.locator(".desk-nav").count() == 0


def to_unit(walker: Walker, unit: Unit) -> None:
    """From anywhere at the desk to the page of the unit, found by its reference code."""
    walker.enter('.desk-nav a[href="/workbench/units/"]', "**/workbench/units/")
    walker.write("#unit-q", CODE)
    walker.go("Enter", "**/units/?q=*")
    walker.enter(f'a[href="{reverse("workbench:unit", args=[unit.record.ark])}"]', f"**/units/{unit.record.ark}/")


def take_in(walker: Walker, scans: Path, unit: Unit) -> None:
    """A folder is chosen, matched with the catalogue, and taken in."""
    walker.tab.on("filechooser", lambda _chooser: None)  # asked for early: the chooser may open at once
    walker.enter('.desk-nav a[href="/workbench/upload/"]', "**/upload/")
    walker.enter('a[href="/workbench/intake/"]', "**/intake/")
    walker.reach("#folder")
    with walker.tab.expect_file_chooser() as chooser:
        walker.press("Space")
    chooser.value.set_files(scans)
    walker.tab.locator("button[data-confirm]").wait_for()
    expect(walker.tab.locator("#report-head")).to_be_focused()
    walker.picture("intake-report")
    walker.reach("button[data-confirm]")
    walker.press("Enter")
    expect(walker.tab.locator('.intake-file[data-state="done"]')).to_have_count(2)
    walker.picture("intake-done")
    names = list(unit.digital_objects.values_list("original_name", flat=True))
    assert names == [f"{CODE}-001.tif", f"{CODE}-002.tif"]


def judge(walker: Walker, unit: Unit) -> None:
    """Both pages are accepted at the light table, with one key each."""
    walker.enter('.unit-ways a[href^="/workbench/light-table/"]', "**/light-table/**")
    expect(walker.tab.locator("[data-page]:focus")).to_have_count(1)
    walker.picture("light-table")
    for count in (1, 2):
        walker.press("a")
        expect(walker.tab.locator(".light-card--accepted")).to_have_count(count)
    walker.picture("light-table-accepted")
    assert unit.pages.filter(verdict=Page.Verdict.ACCEPTED).count() == 2


def check(walker: Walker, unit: Unit) -> None:
    """The first page is corrected; both are called checked."""
    walker.enter('.unit-stations a[href*="/proofreading/?"][href*="state=machine"]', "**/proofreading/?*")
    walker.enter('.proof-list th[scope="row"] a', "**/proofreading/*/?*")
    expect(walker.tab.locator("#line-1")).to_be_focused()
    walker.press("End")
    walker.tab.keyboard.type(ADDED)
    walker.picture("proofreading")
    walker.press("Control+s")
    expect(walker.tab.locator("#proof-said")).to_have_attribute("data-kind", "saved")
    first = PageText.objects.get(page__unit=unit, page__number=1, is_current=True)
    assert first.text.splitlines()[0].endswith(ADDED) and first.origin == PageText.Origin.CORRECTED
    onward(walker, unit, PageText.Quality.CHECKED)


def onward(walker: Walker, unit: Unit, quality: PageText.Quality) -> None:
    """The page that is open and the one after it are given this state; then no other waits."""
    second = unit.pages.get(number=2)
    walker.go("Control+Enter", f"**/proofreading/{second.pk}/?*")
    expect(walker.tab.locator("#line-1")).to_be_focused()
    walker.go("Control+Enter", "**/proofreading/?*")
    walker.picture(f"proofreading-{quality.value}")
    states = PageText.objects.filter(page__unit=unit, is_current=True).values_list("quality", flat=True)
    assert set(states) == {quality.value}


def mask(walker: Walker, unit: Unit) -> None:
    """Every candidate is masked with a key."""
    undecided = Mask.objects.undecided().of_unit(unit)
    count = undecided.count()
    assert {PERSON, MOBILE} <= {each.written for each in undecided}
    walker.enter(f'a[href="/workbench/masking/{unit.record.ark}/"]', "**/masking/*/")
    walker.picture("masking")
    for number in range(1, count + 1):
        walker.press("m")
        expect(walker.tab.locator(".candidate--masked")).to_have_count(number)
    walker.picture("masking-done")
    assert not undecided.all().exists()


def step(walker: Walker, unit: Unit, deed: str, status: Status) -> None:
    """Press the button of a decision on the page of the unit."""
    walker.enter(f'button[name="deed"][value="{deed}"]')
    expect(walker.tab.locator(".messages .notice--sea")).to_be_visible()
    walker.picture(deed)
    assert Record.objects.get(pk=unit.record_id).status == status


def open_for_download(walker: Walker, unit: Unit) -> None:
    """The widest scope is chosen among the four with the arrow keys."""
    walker.reach('input[name="scope"]')
    walker.press("Space", "ArrowRight", "ArrowRight", "ArrowRight")
    step(walker, unit, "open", Status.PUBLISHED)
    assert Record.objects.get(pk=unit.record_id).public_scope == Scope.DOWNLOAD


def read_as_public(walker: Walker, unit: Unit) -> None:
    """The document is found by its words, and its second page is read."""
    walker.write('input[type="search"][name="q"]', "福建省对口帮扶宁夏")
    walker.go("Enter", "**/search/?*")
    walker.picture("search")
    walker.enter('.page-hits a[href*="/pages/1/"]', "**/pages/1/**")
    walker.enter('a[rel="next"]', "**/pages/2/**")
    walker.tab.locator("#sheet img, #sheet canvas").first.wait_for(state="attached")
    walker.tab.wait_for_load_state("networkidle")
    walker.picture("reader")
    content = walker.tab.content()
    assert "█" in content and "住户名单" in content
    assert PERSON not in content and MOBILE not in content


def ask_for_the_secret(walker: Walker, unit: Unit) -> None:
    walker.enter(".site-name")
    walker.write('input[type="search"][name="q"]', PERSON)
    walker.go("Enter", "**/search/?*")
    walker.picture("search-for-the-number")
    assert walker.tab.locator(f'a[href*="{unit.record.ark}"]').count() == 0


def fetched(address: str) -> bytes:
    """What a stranger gets there."""
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.getvalue()


def assert_nothing_is_told(unit: Unit) -> None:
    """What programs get: the texts, the document, the manifest, the pixels."""
    page, ark = unit.pages.get(number=2), unit.record.ark_text
    alto = fetched(reverse("api:page_alto", args=[page.pk])).decode()
    text = fetched(reverse("api:record_text", args=[ark])).decode()
    document = pypdfium2.PdfDocument(fetched(reverse("api:record_document", args=[ark])))
    printed = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    manifest = fetched(reverse("api:iiif_manifest", args=[ark])).decode()
    picture = Image.open(io.BytesIO(fetched(f"/iiif/3/{page.pk}/full/max/0/default.png")))

    for said in (alto, text, printed, manifest):
        assert PERSON not in said and MOBILE not in said
    assert "住户名单" in alto and "住户名单" in text and "住户名单" in printed
    assert len(document) == 2 and len(json.loads(manifest)["items"]) == 2
    pixels = np.asarray(picture.convert("L"))
    for box in (Box(*numbers) for each in page.masks.all() for numbers in each.boxes):
        assert pixels[box.y + 2 : box.bottom - 2, box.x + 2 : box.right - 2].max() < 40


def test_from_a_folder_of_scans_to_the_public_by_keyboard_alone(walker: Walker, unit: Unit, scans: Path) -> None:
    make_user(Role.ARCHIVIST, username="lin", password=PASSWORD)
    make_user(Role.REVIEWER, username="chen", password=PASSWORD)

    walker.tab.goto("/workbench/")
    sign_in(walker, "lin")
    take_in(walker, scans, unit)
    work()
    to_unit(walker, unit)
    walker.picture("unit-after-digitisation")
    judge(walker, unit)
    to_unit(walker, unit)
    check(walker, unit)
    to_unit(walker, unit)
    mask(walker, unit)
    work()
    to_unit(walker, unit)
    step(walker, unit, "submit", Status.SUBMITTED)
    sign_out(walker)

    walker.tab.goto("/workbench/")
    sign_in(walker, "chen")
    to_unit(walker, unit)
    walker.enter('.unit-stations a[href*="/proofreading/?"][href*="state=checked"]', "**/proofreading/?*")
    walker.enter('.proof-list th[scope="row"] a', "**/proofreading/*/?*")
    expect(walker.tab.locator("#line-1")).to_be_focused()
    onward(walker, unit, PageText.Quality.PROOFREAD)
    work()
    to_unit(walker, unit)
    step(walker, unit, "publish", Status.PUBLISHED)
    open_for_download(walker, unit)
    indexing.drain()
    sign_out(walker)

    read_as_public(walker, unit)
    ask_for_the_secret(walker, unit)
    assert_nothing_is_told(unit)

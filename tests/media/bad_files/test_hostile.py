"""Files that want to do harm: refused by name and remedy, or taken in and made harmless."""

import json
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from core.errors import InvalidInput, Unavailable
from media import derivatives, ingest, storage
from media.assembly import making
from media.engines import pdf_actions, pdfium
from media.models import DigitalObject, Page
from tests.makers import make_item, make_page
from tests.media import making as plain
from tests.media.assembly.sheets_made import make_sheet, row
from tests.media.bad_files import handling, hostile

PROJECT = Path(__file__).resolve().parents[3]
MOST_MEMORY = 1.5 * 1024**3

Make = Callable[[Path], Path]
HUGE: list[Make] = [
    hostile.huge_png,
    hostile.huge_tiff,
    hostile.huge_jpeg,
    hostile.huge_page,
    hostile.growing_pdf,
]
MAKERS: list[Make] = [*HUGE, hostile.endless_tiff, hostile.long_pdf]


Told = dict[str, dict[str, Any]]  # Any: what the process tells as JSON


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What becomes of each file in one process, by its name; the most memory that it took under ``""``."""
    folder = tmp_path_factory.mktemp("hostile")
    for make in MAKERS:
        make(folder / make.__name__)
    command = [*handling.COMMAND, str(folder)]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=240, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    return {line.get("done", ""): line for line in lines if "begun" not in line}


@pytest.mark.parametrize("make", HUGE)
def test_what_claims_to_be_huge_is_refused_by_name(told: Told, make: Make) -> None:
    assert make.__name__ in told[make.__name__]["refused"]
    assert told[make.__name__]["seconds"] < 10


def test_what_would_never_end_ends(told: Told) -> None:
    assert told["endless_tiff"]["seconds"] < 10


def test_ten_thousand_pages_are_taken(told: Told) -> None:
    assert told["long_pdf"]["taken"] == "pdf"
    assert told["long_pdf"]["seconds"] < 60


def test_the_memory_of_the_process_is_bounded(told: Told) -> None:
    assert told[""]["memory"] < MOST_MEMORY


def test_what_a_pdf_would_do_is_found(tmp_path: Path) -> None:
    found = pdf_actions.find(hostile.active_pdf(tmp_path / "active.pdf"))

    assert set(found) == {"Attachment", "Automatic", "JavaScript", "Launch", "SubmitForm", "URI"}
    assert pdf_actions.find(plain.text_pdf(tmp_path / "plain.pdf", "nothing but words")) == {}


@pytest.mark.django_db
def test_nothing_active_reaches_the_public(tmp_path: Path) -> None:
    original = hostile.active_pdf(tmp_path / "active.pdf")
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    staged = storage.stage([original.read_bytes()])
    storage.keep(staged)
    DigitalObject.objects.filter(pk=page.digital_object_id).update(
        sha512=staged.sha512, media_type="application/pdf", size=staged.size
    )
    page = Page.objects.select_related("digital_object", "unit__record").get(pk=page.pk)
    derivatives.make(page)

    document = making.make(page.unit)

    assert pdf_actions.find(document) == {}
    with pikepdf.open(document) as opened:
        assert len(opened.attachments) == 0
    assert b"secret.exe" not in document.read_bytes()


def test_a_broken_pdf_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"%PDF-1.7\nnothing")

    for look in (pdf_actions.find, pdfium.inspect):
        with pytest.raises(InvalidInput, match=r"坏\.pdf"):
            look(tmp_path / "x", name="坏.pdf")


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "扫描\x00.jpg", "扫描\u202egpj.exe", "a" * 400 + ".jpg", "..", "con.jpg\n"],
)
def test_a_name_never_leads_anywhere(tmp_path: Path, name: str) -> None:
    unit = make_item()
    content = plain.jpeg(tmp_path / "a.jpg").read_bytes()

    kept = ingest.receive(ingest.Arrival(name, lambda: [content]), unit=unit, by=None)

    stored = storage.original_path(kept.sha512)
    assert stored.is_relative_to(storage.root())
    assert stored.read_bytes() == content
    assert not set(kept.original_name) & set("\x00\u202e\n")


# --- a disk that fills, a storage that goes ---------------------------------------------------------------------------


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Within the block no file grows beyond ``size`` bytes: what a process sees of a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files_of(page: Page) -> list[str]:
    return sorted(path.name for path in storage.access_image(page).parent.glob("*"))


@pytest.mark.django_db
def test_a_disk_that_fills_leaves_the_image_of_before(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作" * 5, 100, 100 + 60 * n) for n in range(20)], tmp_path)
    derivatives.make(page)
    before = storage.access_image(page).read_bytes()

    with largest_file(20_000), pytest.raises(Unavailable):
        derivatives.make(page)

    assert storage.access_image(page).read_bytes() == before
    assert files_of(page) == ["access.tif", "thumbnail.jpg"]


@pytest.mark.django_db
def test_a_disk_that_fills_leaves_no_half_document(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作" * 5, 100, 100 + 60 * n) for n in range(20)], tmp_path)

    with largest_file(20_000), pytest.raises(Unavailable):
        making.make(page.unit)

    assert list(storage.document_path(page.unit, "x").parent.iterdir()) == []


def test_a_disk_that_fills_stops_an_arrival(tmp_path: Path) -> None:
    with largest_file(20_000), pytest.raises(Unavailable):
        storage.stage([bytes(15_000)] * 3)

    assert list((storage.root() / "staging").iterdir()) == []


@pytest.mark.django_db
def test_a_storage_that_has_gone_is_no_fault_of_the_file(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    shutil.rmtree(storage.root())

    with pytest.raises(Unavailable):
        storage.source_of_pages(page.digital_object)
    with pytest.raises(Unavailable):
        derivatives.make(page)


@pytest.mark.django_db
def test_a_storage_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    page = make_page(make_item(), "闽宁协作")
    folder = storage.root() / "derived"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")

    with pytest.raises(Unavailable), storage.derived(page, storage.ACCESS):
        pytest.fail("there is nowhere to write to")

from pathlib import Path

import pytest

from core.errors import Unavailable
from media import assembly, storage
from media.assembly import making
from media.lines import to_json
from media.models import Page, PageText
from tests.makers import make_item, make_page
from tests.media.assembly.sheets_made import make_sheet, row

pytestmark = pytest.mark.django_db


def documents(page: Page) -> list[Path]:
    return sorted(storage.document_path(page.unit, "x").parent.glob("*"))


def test_a_document_is_made_once_for_each_state(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    assert making.current(page.unit) is None

    assembly.assemble(page.digital_object)()
    first = making.current(page.unit)
    assert first is not None
    made_at = first.stat().st_mtime_ns
    assembly.assemble(page.digital_object)()

    assert documents(page) == [first]
    assert first.stat().st_mtime_ns == made_at


def test_a_correction_makes_the_document_anew_and_removes_the_old_one(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协做", 100, 100)], tmp_path)
    old = making.make(page.unit)
    lines = [row("闽宁协作", 100, 100)]
    page.texts.update(is_current=False)
    PageText.objects.create(
        page=page, origin="corrected", text="闽宁协作", lines=to_json(lines), engine="d", engine_version="1"
    )

    assert making.current(page.unit) is None
    new = making.make(page.unit)

    assert documents(page) == [new]
    assert not old.exists()


def test_a_changed_state_of_the_text_is_a_new_document(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    before = making.state_of(page.unit)

    page.texts.update(quality=PageText.Quality.PROOFREAD)

    assert making.state_of(page.unit) != before


def test_pages_without_images_wait(tmp_path: Path) -> None:
    page = make_page(make_item(), "闽宁协作")
    Page.objects.filter(pk=page.pk).update(derived_at=None)

    assembly.assemble(page.digital_object)()

    assert documents(page) == []


def test_a_storage_that_has_gone_is_said_so(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    folder = storage.document_path(page.unit, "x").parent
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")

    with pytest.raises(Unavailable):
        making.make(page.unit)


def test_a_file_that_is_divided_between_units_makes_the_documents_of_both(tmp_path: Path) -> None:
    page = make_sheet(make_item("前"), [row("闽宁协作", 100, 100)], tmp_path)
    other = make_sheet(make_item("后"), [row("对口帮扶", 100, 100)], tmp_path)
    Page.objects.filter(pk=other.pk).update(unit=make_item("分件"), number=1)
    other.refresh_from_db()

    assembly.assemble(other.digital_object)()
    assembly.assemble(page.digital_object)()

    assert making.current(other.unit) is not None
    assert making.current(page.unit) is not None

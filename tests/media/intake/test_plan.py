"""What a delivery would give, before anything is written."""

import csv
import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.models import Batch, Level, Unit
from media import ingest
from media.intake import counting, plan, reporting
from media.intake.delivery import Entry, Plan
from media.intake.findings import Code
from media.models import DigitalObject
from tests.makers import make_unit
from tests.media import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def fonds() -> Unit:
    return make_unit("一个全宗", code="J019")


@pytest.fixture
def items(fonds: Unit) -> list[Unit]:
    """Three items, the first of which has three pages by the catalogue."""
    codes = ["J019-WS·2019-0001", "J019-WS·2019-0002", "J019-WS·2019-0003"]
    first, *others = codes
    made = [make_unit("第一件", level=Level.ITEM, parent=fonds, code=first, page_count=3)]
    return made + [make_unit(code, level=Level.ITEM, parent=fonds, code=code) for code in others]


def listed(*names: str) -> list[Entry]:
    return [Entry(name, 1000) for name in names]


def codes(outline: Plan) -> list[tuple[str, str]]:
    """File or unit, and code, of every finding."""
    return [(finding.file or finding.unit, finding.code.value) for finding in outline.findings]


def test_folders_and_names_give_unit_page_and_order(items: list[Unit]) -> None:
    names = ["J019-WS•2019-0001/010.jpg", "J019-WS•2019-0001/2.jpg", "J019-WS·2019-0002-001.jpg"]

    outline = plan.draw_up(listed(*names))

    assert [(file.name, file.unit_id, file.page) for file in outline.files] == [
        ("2.jpg", items[0].pk, 2),
        ("010.jpg", items[0].pk, 10),
        ("J019-WS·2019-0002-001.jpg", items[1].pk, 1),
    ]
    assert (outline.unit_count, outline.left_out) == (2, 0)


def test_both_ways_every_unit_without_files_is_named(fonds: Unit, items: list[Unit]) -> None:
    outline = plan.draw_up(listed("J019-WS·2019-0002-001.jpg"), scope=fonds)

    assert codes(outline) == [(items[0].reference_code, "missing"), (items[2].reference_code, "missing")]


def test_what_does_not_belong_to_the_unit_above_is_left_out(fonds: Unit, items: list[Unit]) -> None:
    make_unit("别的全宗", code="K020")

    outline = plan.draw_up(listed("K020/001.jpg", "J019-WS·2019-0002-001.jpg"), scope=items[1])

    assert codes(outline) == [("K020/001.jpg", "outside")]
    assert len(outline.files) == 1


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["J404-001.jpg"], ("J404-001.jpg", "unit-unknown")),
        (["J019-WS·2019-0001/J019-WS·2019-0002.jpg"], ("J019-WS·2019-0001/J019-WS·2019-0002.jpg", "name-other-unit")),
        (["J019-WS·2019-0001/1.txt"], ("J019-WS·2019-0001/1.txt", "format")),
        (["J019-WS·2019-0002/a/1.jpg", "J019-WS·2019-0002/b/1.jpg"], ("J019-WS·2019-0002/b/1.jpg", "duplicate-page")),
        (["J019-WS·2019-0002/1.jpg", "J019-WS·2019-0002/封面.jpg"], ("J019-WS·2019-0002/封面.jpg", "out-of-order")),
        (["J019-WS·2019-0002/1.jpg", "J019-WS·2019-0002/4.jpg"], ("J019-WS·2019-0002", "gap")),
        (["J019-WS·2019-0001/1.jpg"], ("J019-WS·2019-0001", "page-count")),
        ([f"J019-WS·2019-0001/{page}.jpg" for page in range(1, 5)], ("J019-WS·2019-0001/4.jpg", "surplus")),
    ],
    ids=["unknown", "other unit", "format", "page twice", "order", "gap", "extent", "surplus"],
)  # fmt: skip
def test_every_kind_of_fault_is_named(names: list[str], expected: tuple[str, str], items: list[Unit]) -> None:
    outline = plan.draw_up(listed(*names))

    assert expected in codes(outline)
    assert all(finding.message and finding.remedy and "%(" not in finding.message for finding in outline.findings)
    assert not Batch.objects.exists()


def test_a_name_that_can_be_a_whole_or_a_page_is_no_guess(fonds: Unit) -> None:
    file = make_unit("案卷", level=Level.FILE, parent=fonds, code="J019-001")
    item = make_unit("件", level=Level.ITEM, parent=file, code="J019-001-002")

    loose = plan.draw_up(listed("J019-001-002.jpg"))
    in_folder = plan.draw_up(listed("J019-001/J019-001-002.jpg"))
    whole = plan.draw_up(listed("J019-001-002/whole.pdf"))

    assert codes(loose) == [("J019-001-002.jpg", "name-ambiguous")]
    assert [(each.unit_id, each.page) for each in in_folder.files] == [(file.pk, 2)]
    assert [each.unit_id for each in whole.files] == [item.pk]


def test_real_files_are_looked_at(items: list[Unit], tmp_path: Path) -> None:
    folder = tmp_path / "J019-WS·2019-0001"
    folder.mkdir()
    making.jpeg(folder / "1.jpg", "ONE")
    shutil.copy(folder / "1.jpg", folder / "2.jpg")
    making.plain_text(folder / "3.tif")
    (folder / "4.pdf").write_bytes(b"%PDF-1.7\nnothing else")
    making.tiff(folder / "5.tif", "A", "B")

    outline = plan.draw_up(plan.entries_in([folder]))

    found = dict(codes(outline))
    name = folder.name
    assert found[f"{name}/2.jpg"] == "duplicate-file"
    assert found[f"{name}/3.tif"] == "format"
    assert found[f"{name}/4.pdf"] == "unreadable"
    assert [file.name for file in outline.files] == ["1.jpg", "5.tif"]


def test_what_is_kept_already_is_named_here_and_elsewhere(items: list[Unit], tmp_path: Path) -> None:
    path = making.jpeg(tmp_path / "J019-WS·2019-0002-001.jpg")
    kept = ingest.ingest(path, unit=items[1], by=None)

    here = plan.draw_up(plan.entries_in([path]))
    elsewhere = plan.draw_up(plan.entries_in([path]), unit=items[2])

    assert codes(here) == [(path.name, "already-there")]
    assert here.there == (kept.pk,)
    assert codes(elsewhere) == [(path.name, "kept-elsewhere")]


def test_pages_that_would_come_too_late_are_named(items: list[Unit], tmp_path: Path) -> None:
    ingest.ingest(making.jpeg(tmp_path / "3.jpg"), unit=items[1], by=None)

    outline = plan.draw_up(listed("J019-WS·2019-0002/1.jpg", "J019-WS·2019-0002/3.jpg"))

    assert [finding.code for finding in outline.findings] == [Code.DUPLICATE_PAGE, Code.OUT_OF_ORDER, Code.GAP]


def test_a_mark_of_secrecy_leaves_nothing_to_take(items: list[Unit]) -> None:
    outline = plan.draw_up(listed("J019-WS·2019-0001/1.jpg", "J019-WS·2019-0001/机密★.jpg"))

    assert outline.is_stopped
    assert outline.files == ()
    assert outline.findings[0].code == Code.SECRECY_MARK


def test_20000_files_are_matched_with_few_questions(fonds: Unit, tmp_path: Path) -> None:
    units = [make_unit(f"件{n}", level=Level.ITEM, parent=fonds, code=f"J019-WS·2019-{n:04d}") for n in range(1, 21)]
    head = making.jpeg(tmp_path / "one.jpg").read_bytes()[:64]
    folder = tmp_path / "一批"
    for unit in units:
        place = folder / unit.reference_code
        place.mkdir(parents=True)
        for page in range(1, 1001):
            (place / f"{unit.reference_code}-{page:04d}.jpg").write_bytes(head + f"{unit.pk}/{page}".encode())
    (folder / units[3].reference_code / f"{units[3].reference_code}-0500.jpg").unlink()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        outline = plan.draw_up(plan.entries_in([folder]), scope=fonds)

    assert len(outline.files) == outline.total == 19_999
    assert codes(outline) == [(units[3].reference_code, "gap")]
    assert len(queries) <= 4 + 20_000 // 500 + 2


def test_the_report_can_be_read_by_people_and_programs(items: list[Unit]) -> None:
    outline = plan.draw_up(listed("=1+1.jpg", "J019-WS·2019-0001-001.jpg"))

    rows = list(csv.DictReader(StringIO(reporting.as_csv(outline).removeprefix("\ufeff"))))
    table = json.loads(reporting.as_json(outline))

    assert rows[0]["file"] == "'=1+1.jpg"
    assert (rows[0]["code"], rows[0]["severity"]) == ("unit-unknown", "refused")
    assert table["taken"] == [{"file": "J019-WS·2019-0001-001.jpg", "unit": "J019-WS·2019-0001", "page": 1}]
    assert table["findings"][0]["remedy"]


def test_nothing_is_written_by_a_plan(items: list[Unit], tmp_path: Path) -> None:
    making.jpeg(tmp_path / "J019-WS·2019-0001-001.jpg")

    plan.draw_up(plan.entries_in([tmp_path]))

    assert not DigitalObject.objects.exists()
    assert not Batch.objects.exists()


def test_numbers_are_said_as_spans() -> None:
    assert counting.spans([5, 3, 4, 9]) == "3–5, 9"

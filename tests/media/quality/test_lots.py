"""Signing a batch off by a sample."""

import io
from collections import Counter

import pikepdf
import pypdfium2
import pytest

from accounts.models import Role, User
from archive.models import AuditEvent, Batch, Unit
from core.errors import Conflict, InvalidInput, NotPermitted
from media.models import Finding, Lot, LotPage, Page
from media.quality import findings, judging, lots, report_pdf, reports
from media.quality.limits import Code
from tests.makers import make_item, make_user
from tests.media.quality import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_item()


@pytest.fixture
def batch(archivist: User) -> Batch:
    return sheets.make_batch(archivist)


def judge(lot_pages: list[LotPage], *, bad: int = 0) -> None:
    somebody = make_user(Role.ARCHIVIST)
    for number, row in enumerate(lot_pages):
        (judging.rescan if number < bad else judging.accept)(row.page, by=somebody)


@pytest.mark.parametrize("sizes", [[200], [1, 1, 1], [100, 60, 40], [7, 13, 1, 1, 400], [19]])
def test_a_sample_is_large_enough_and_spread_by_size(sizes: list[int]) -> None:
    rows = [(unit, 1000 * unit + page) for unit, size in enumerate(sizes) for page in range(size)]

    chosen = lots.sample(rows, 0.05, seed=7)

    counted = Counter(page // 1000 for page in chosen)
    assert len(chosen) == len(set(chosen)) >= 0.05 * len(rows)
    assert all(abs(counted[unit] - 0.05 * size) <= 1 for unit, size in enumerate(sizes))


def test_the_same_seed_gives_the_same_sample_and_another_another() -> None:
    rows = [(page % 3, page) for page in range(600)]

    assert lots.sample(rows, 0.05, 1) == lots.sample(rows, 0.05, 1)
    assert lots.sample(rows, 0.05, 1) != lots.sample(rows, 0.05, 2)


def test_every_page_may_be_drawn() -> None:
    rows = [(0, page) for page in range(40)]

    drawn = {page for seed in range(200) for page in lots.sample(rows, 0.05, seed)}

    assert drawn == set(range(40))


def test_a_sample_is_drawn_once(unit: Unit, batch: Batch, archivist: User) -> None:
    sheets.make_pages(unit, 40, batch)
    lot = lots.draw(batch, by=archivist, seed=5)

    with pytest.raises(Conflict):
        lots.draw(batch, by=archivist)

    assert (lot.seed, lot.pages_in_batch, lot.drawn.count()) == (5, 40, 2)
    assert AuditEvent.objects.get(action="draw sample").after == {
        "seed": 5,
        "of": 40,
        "pages": sorted(lot.drawn.values_list("page", flat=True)),
    }


def test_a_batch_that_has_grown_is_drawn_again(unit: Unit, batch: Batch, archivist: User) -> None:
    sheets.make_pages(unit, 3, batch)
    first = lots.draw(batch, by=archivist)
    sheets.make_pages(unit, 30, batch)

    assert lots.standing(first).has_grown
    assert lots.draw(batch, by=archivist).pages_in_batch == 33


@pytest.mark.parametrize(("share", "seed"), [(0.01, None), (1.5, None), (0.05, -1), (0.05, 2**32)])
def test_a_share_or_seed_out_of_range_is_refused(
    unit: Unit, batch: Batch, archivist: User, share: float, seed: int | None
) -> None:
    sheets.make_pages(unit, 3, batch)

    with pytest.raises(InvalidInput):
        lots.draw(batch, by=archivist, share=share, seed=seed)


def test_nothing_is_drawn_while_pages_are_being_made(unit: Unit, batch: Batch, archivist: User) -> None:
    page = sheets.make_pages(unit, 1, batch, has_job=True)[0]
    page.digital_object.jobs.update(state="running")

    with pytest.raises(Conflict):
        lots.draw(batch, by=archivist)


def test_a_lot_is_signed_when_everything_is_decided(unit: Unit, batch: Batch, archivist: User) -> None:
    pages = sheets.make_pages(unit, 40, batch)
    lot = lots.draw(batch, by=archivist)
    drawn = list(lot.drawn.select_related("page"))
    other = next(page for page in pages if page.pk not in {row.page_id for row in drawn})
    finding = findings.add(other, Code.RESOLUTION_LOW, measure=150)
    signer = make_user(Role.REVIEWER)
    with pytest.raises(Conflict):
        lots.sign(lot, by=signer)
    judge(drawn)
    with pytest.raises(Conflict):
        lots.sign(lot, by=signer)
    judging.decide(finding, Finding.Decision.ACCEPTED, by=archivist)

    signed = lots.sign(lot, by=signer, note="可以接收")

    assert (signed.is_passed, signed.signed_by, signed.note) == (True, signer, "可以接收")
    assert AuditEvent.objects.get(action="sign lot").actor == signer


def test_too_many_bad_pages_do_not_pass(unit: Unit, batch: Batch, archivist: User) -> None:
    sheets.make_pages(unit, 40, batch)
    lot = lots.draw(batch, by=archivist, share=0.5)
    judge(list(lot.drawn.select_related("page")), bad=2)

    signed = lots.sign(lot, by=make_user(Role.REVIEWER))

    assert signed.is_passed is False
    assert lots.draw(batch, by=archivist).pk != lot.pk


def test_exactly_95_percent_pass(unit: Unit, batch: Batch, archivist: User) -> None:
    sheets.make_pages(unit, 40, batch)
    lot = lots.draw(batch, by=archivist, share=0.5)
    judge(list(lot.drawn.select_related("page")), bad=1)

    standing = lots.standing(lot)

    assert (standing.drawn, standing.good, standing.would_pass) == (20, 19, True)


def test_nobody_signs_their_own_batch(unit: Unit, batch: Batch, archivist: User) -> None:
    sheets.make_pages(unit, 1, batch)
    lot = lots.draw(batch, by=archivist)
    judge(list(lot.drawn.select_related("page")))

    with pytest.raises(NotPermitted):
        lots.sign(lot, by=archivist)
    with pytest.raises(NotPermitted):
        lots.sign(lot, by=make_user(Role.AUDITOR))


def test_a_signed_lot_stays_as_it_is(unit: Unit, batch: Batch, archivist: User) -> None:
    page = sheets.make_pages(unit, 1, batch)[0]
    lot = lots.draw(batch, by=archivist)
    judge(list(lot.drawn.select_related("page")))
    lots.sign(lot, by=make_user(Role.REVIEWER))

    judging.rescan(page, by=archivist)

    assert lot.drawn.get().is_good is True
    with pytest.raises(Conflict):
        lots.sign(lot, by=make_user(Role.REVIEWER))


def test_pages_of_quarantined_files_are_not_drawn(unit: Unit, batch: Batch, archivist: User) -> None:
    pages = sheets.make_pages(unit, 3, batch)
    pages[0].digital_object.quarantined_at = batch.created_at
    pages[0].digital_object.save()

    assert lots.draw(batch, by=archivist, share=1).pages_in_batch == 2


def make_lot(unit: Unit, archivist: User, label: str) -> Lot:
    batch = sheets.make_batch(archivist, label)
    pages = sheets.make_pages(unit, 30, batch)
    for page in pages[:12]:
        findings.add(page, Code.COMPRESSION, measure=55)
    Page.objects.filter(pk=pages[0].pk).update(printed_number="1")
    return lots.draw(batch, by=archivist, seed=11, share=0.5)


def test_no_cell_of_the_report_is_a_formula(unit: Unit, archivist: User) -> None:
    lot = make_lot(unit, archivist, '=HYPERLINK("http://x")')

    written = reports.as_csv(lot)

    assert written.startswith("\ufeff")
    assert "'=HYPERLINK" in written
    assert all(not cell.lstrip('"').startswith("=") for line in written.splitlines() for cell in line.split(","))
    assert reports.safe("-1.5") == "-1.5"
    assert reports.safe("-1+2") == "'-1+2"
    assert reports.safe("\t=1") == "'\t=1"
    assert reports.safe("＝1+1") == "'＝1+1"


def test_the_report_is_a_pdf_whose_text_can_be_searched(unit: Unit, archivist: User) -> None:
    lot = make_lot(unit, archivist, "闽宁镇一九九六年档案第一批 Batch-7 龘𠮷")

    content = report_pdf.make(lot)

    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in document]
    whole = "".join(texts).replace("\r\n", "").replace("\n", "")
    assert len(texts) >= 2
    assert "闽宁镇一九九六年档案第一批" in whole
    assert "Batch-7" in whole
    assert "〓" in whole
    assert "COMPRESSION" not in whole
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert str(opened.Root.Lang) == "zh-Hans"


def test_lines_of_the_report_break_where_they_may() -> None:
    assert report_pdf.wrapped("福建省对口帮扶宁夏", 40, 10) == ["福建省对", "口帮扶宁", "夏"]
    assert report_pdf.wrapped("scan the page again", 40, 10) == ["scan the", "page", "again"]
    assert report_pdf.wrapped("", 40, 10) == [""]
    assert "".join(report_pdf.wrapped("x" * 50, 40, 10)) == "x" * 50

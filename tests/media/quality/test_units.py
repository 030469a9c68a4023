"""What shows only when the pages of a unit are seen together."""

import io

import numpy as np
import pytest
from django.db import transaction
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from archive.models import Unit
from media import derivatives, quality
from media.lines import Box, TextLine, join, to_json
from media.models import Finding, Page, PageText
from media.quality.limits import Code
from tests.makers import make_item, make_unit
from tests.media.quality import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_item()


def write(page: Page, *texts: tuple[str, int]) -> None:
    """Give a page a text whose lines stand at these heights."""
    lines = [
        TextLine(
            text,
            Box(300, y, 30 * len(text), 30),
            "h",
            0.99,
            tuple(Box(300 + 30 * place, y, 30, 30) for place in range(len(text))),
        )
        for text, y in texts
    ]
    PageText.objects.create(
        page=page, origin="recognised", text=join(lines), lines=to_json(lines), engine="test", engine_version="1"
    )


def found(unit: Unit, code: Code) -> list[tuple[int | None, float | None]]:
    """The number of the page and the measure of each finding of one kind."""
    rows = Finding.objects.filter(digital_object__unit=unit, code=code).order_by("page__number")
    return [(row.page.number if row.page else None, row.measure) for row in rows.select_related("page")]


def measured(page: Page, *, with_images: bool = True) -> Page:
    """A page after its check and, if wanted, with its images."""
    with transaction.atomic():
        quality.check(page)()
    if with_images:
        page.width, page.height = derivatives.make(page)
        page.derived_at = page.digital_object.created_at
        page.save(update_fields=["width", "height", "derived_at"])
    page.refresh_from_db()
    return page


def test_pages_out_of_order_by_their_printed_numbers_are_found(unit: Unit) -> None:
    for page, number in zip(sheets.make_pages(unit, 6), [1, 2, 5, 3, 4, 6], strict=True):
        write(page, ("正文", 800), (f"- {number} -", 1700))

    quality.check_unit(unit)

    assert found(unit, Code.ORDER) == [(3, 5.0)]
    assert list(unit.pages.values_list("printed_number", flat=True)) == ["1", "2", "5", "3", "4", "6"]
    assert [page.number for page in quality.order(unit).astray] == [3]


def test_missing_printed_numbers_are_found(unit: Unit) -> None:
    for page, number in zip(sheets.make_pages(unit, 4), [1, 2, 5, 6], strict=True):
        write(page, (str(number), 1700))

    quality.check_unit(unit)

    assert found(unit, Code.MISSING_NUMBERS) == [(3, 2.0)]


def test_what_is_no_longer_so_disappears(unit: Unit) -> None:
    pages = sheets.make_pages(unit, 4)
    for page, number in zip(pages, [1, 2, 5, 6], strict=True):
        write(page, (str(number), 1700))
    quality.check_unit(unit)
    PageText.objects.filter(page__in=pages[2:]).delete()

    quality.check_unit(unit)

    assert found(unit, Code.MISSING_NUMBERS) == []


def test_the_number_of_pages_is_compared_with_the_catalogue() -> None:
    parent = make_unit()
    right, wrong = (make_item(page_count=2, title=title) for title in ("对", "错"))
    sheets.make_pages(right, 2)
    sheets.make_pages(wrong, 3)

    quality.check_unit(right)
    quality.check_unit(wrong)

    assert parent.pages.count() == 0
    assert found(right, Code.PAGE_COUNT) == []
    assert found(wrong, Code.PAGE_COUNT) == [(None, 3.0)]


def test_the_same_sheet_scanned_twice_is_found_though_the_files_differ(unit: Unit) -> None:
    first = sheets.sheet(1)
    again = np.roll(sheets.leaning((first * 0.97 + 4).astype(np.uint8), 0.3), 4, axis=0)
    for picture in (first, sheets.sheet(2), again, sheets.sheet(3)):
        measured(sheets.scan(unit, picture, form="JPEG", quality=88))

    quality.check_unit(unit)

    assert [number for number, _bits in found(unit, Code.DUPLICATE)] == [3]
    told = Finding.objects.get(code=Code.DUPLICATE).detail
    assert told["number"] == 1


def test_different_sheets_of_the_same_form_are_not_taken_for_one(unit: Unit) -> None:
    for seed in range(8):
        measured(sheets.scan(unit, sheets.sheet(seed), form="JPEG", quality=88))

    quality.check_unit(unit)

    assert found(unit, Code.DUPLICATE) == []


def test_a_sheet_scanned_into_two_units_of_a_batch_is_found() -> None:
    batch = sheets.make_batch()
    one, other = make_item("一"), make_item("二")
    measured(sheets.scan(one, sheets.sheet(1), batch=batch))
    measured(sheets.scan(other, sheets.sheet(1), batch=batch, form="JPEG", quality=90))

    quality.check_unit(one)

    assert found(one, Code.DUPLICATE) == []
    assert [number for number, _bits in found(other, Code.DUPLICATE)] == [1]


def test_blank_pages_are_not_taken_for_one(unit: Unit) -> None:
    for seed in range(3):
        measured(sheets.scan(unit, sheets.sheet(seed, lines=0)), with_images=False)

    quality.check_unit(unit)

    assert found(unit, Code.DUPLICATE) == []


def test_a_page_that_lies_among_standing_ones_is_noted(unit: Unit) -> None:
    pages = sheets.make_pages(unit, 8)
    Page.objects.filter(pk=pages[4].pk).update(width=1754, height=1240)

    quality.check_unit(unit)

    assert found(unit, Code.LYING) == [(5, None)]


def test_a_red_heading_that_was_scanned_grey_is_an_error(unit: Unit) -> None:
    colour = io.BytesIO()
    Image.fromarray(sheets.sheet(2)).convert("RGB").save(colour, "TIFF", dpi=(150, 150))
    grey, coloured = sheets.scan(unit, sheets.sheet(1)), sheets.keep(unit, colour.getvalue())[0]
    for page in (grey, coloured):
        page.height = sheets.SIZE[1]
        page.save()
        write(page, ("福建省人民政府文件", 300), ("闽政〔1996〕12号", 420), ("关于开展对口帮扶的通知", 700))

    quality.check_unit(unit)

    assert found(unit, Code.COLOUR_REQUIRED) == [(1, None)]
    assert Finding.objects.get(code=Code.COLOUR_REQUIRED).severity == Finding.Severity.ERROR


def test_a_large_unit_costs_no_more_queries_than_a_small_one(
    unit: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for page in sheets.make_pages(unit, 60):
        write(page, (str(page.number), 1700))

    with django_assert_max_num_queries(12):
        quality.check_unit(unit)

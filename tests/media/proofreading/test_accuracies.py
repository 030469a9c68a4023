"""How well the machine reads, measured from proofread pages, and the sample to proofread."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from archive.models import Level, Unit
from media import proofreading
from media.models import Page, PageText
from media.proofreading import Edit
from tests.makers import make_page, make_unit

pytestmark = pytest.mark.django_db

Quality = PageText.Quality


def make_item_of(fonds: Unit) -> Unit:
    return make_unit("一件", level=Level.ITEM, parent=fonds)


def proofread(page: Page, right: str, archivist: User, reviewer: User) -> PageText:
    """Correct the one line of a page, have it checked and proofread."""
    text = proofreading.correct(page.texts.get(), [Edit(right, (0,))], by=archivist)
    text = proofreading.set_quality(text, Quality.CHECKED, by=archivist)
    return proofreading.set_quality(text, Quality.PROOFREAD, by=reviewer)


def make_layout(page: Page, layout: str) -> Page:
    page.texts.update(settings={"layout": layout})
    return page


def test_the_machines_reading_is_measured_against_the_proofread_text(archivist: User, reviewer: User) -> None:
    page = make_page(make_item_of(make_unit("甲")), "福健宁厦扶贫协作")

    text = proofread(page, "福建宁夏扶贫协作", archivist, reviewer)

    assert (text.machine_errors, text.character_count) == (2, 8)


def test_accuracy_is_told_by_fonds_and_layout(
    archivist: User, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = make_unit("甲全宗"), make_unit("乙全宗")
    proofread(make_layout(make_page(make_item_of(first), "福健"), "prose"), "福建", archivist, reviewer)
    proofread(
        make_layout(make_page(make_item_of(first), "宁夏回族自治区"), "table"), "宁夏回族自治区", archivist, reviewer
    )
    proofread(make_page(make_item_of(second), "一二三四"), "一二三", archivist, reviewer)
    make_page(make_item_of(second), "没有校对")

    with django_assert_num_queries(2):
        rows = proofreading.accuracy_by_fonds()

    assert [(row.fonds, row.pages, row.accuracy.errors, row.accuracy.characters) for row in rows] == [
        (first, 2, 1, 9),
        (second, 1, 1, 3),
    ]
    assert [(kind.layout, kind.accuracy.error_rate) for kind in rows[0].kinds] == [("prose", 0.5), ("table", 0.0)]
    assert not rows[1].meets_target


def test_a_page_corrected_afterwards_counts_no_longer(archivist: User, reviewer: User) -> None:
    page = make_page(make_item_of(make_unit("甲")), "福健")
    text = proofread(page, "福建", archivist, reviewer)

    proofreading.correct(text, [Edit("福建省", (0,))], by=reviewer)

    assert proofreading.accuracy_by_fonds() == []


def test_a_text_that_no_machine_has_read_is_not_measured(archivist: User, reviewer: User) -> None:
    page = make_page(make_item_of(make_unit("甲")), "福健")
    page.texts.update(origin=PageText.Origin.SUPPLIED)

    text = proofread(page, "福建", archivist, reviewer)

    assert (text.machine_errors, text.character_count) == (None, None)


def test_a_sample_takes_pages_of_every_fonds_and_layout_by_their_share(archivist: User) -> None:
    large, small = make_item_of(make_unit("大")), make_item_of(make_unit("小"))
    for _ in range(12):
        make_layout(make_page(large, "一"), "prose")
    for _ in range(4):
        make_layout(make_page(large, "一"), "vertical")
    make_page(small, "一")

    sample = proofreading.draw_sample(6, seed="1996", reader=archivist)

    strata = [(drawn.fonds.record.title, drawn.layout) for drawn in sample]
    assert strata.count(("大", "prose")) == 4
    assert strata.count(("大", "vertical")) == 1
    assert strata.count(("小", "")) == 1
    assert len({drawn.page.pk for drawn in sample}) == 6
    again = proofreading.draw_sample(6, seed="1996", reader=archivist)
    assert [drawn.page for drawn in again] == [drawn.page for drawn in sample]


def test_a_sample_is_never_larger_than_what_is_left(archivist: User, reviewer: User) -> None:
    unit = make_item_of(make_unit("甲"))
    proofread(make_page(unit, "福健"), "福建", archivist, reviewer)
    left = make_page(unit, "宁夏")

    sample = proofreading.draw_sample(5, seed="1", reader=archivist, unit=unit)

    assert [drawn.page for drawn in sample] == [left]
    assert proofreading.draw_sample(0, seed="1", reader=archivist) == []

"""Printed page numbers and what their sequence shows."""

import pytest

from media.lines import Box, TextLine
from media.quality import numbers

HEIGHT = 3508


def line(text: str, y: int) -> TextLine:
    boxes = tuple(Box(1000 + 50 * place, y, 50, 50) for place in range(len(text)))
    return TextLine(text, Box(1000, y, 50 * max(len(text), 1), 50), "h", 0.99, boxes)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("— 12 —", 12),
        ("-3-", 3),
        ("·７·", 7),
        ("第5页", 5),
        ("第 5 页 共 20 页", 5),
        ("3/10", 3),
        ("1996年", None),
        ("福建", None),
        ("20260512", None),
    ],
)
def test_a_number_at_the_foot_is_read(text: str, number: int | None) -> None:
    assert numbers.printed_number([line("正文", 1500), line(text, 3300)], HEIGHT) == number


def test_a_number_in_the_middle_is_no_page_number() -> None:
    assert numbers.printed_number([line("12", 1700)], HEIGHT) is None


def test_pages_in_order_show_nothing() -> None:
    assert numbers.examine([None, 1, 2, None, 4, 5]) == numbers.Outcome((), ())


def test_a_page_out_of_order_is_found() -> None:
    assert numbers.examine([1, 2, 5, 3, 4, 6]).astray == (2,)


def test_two_pages_that_changed_places_are_found() -> None:
    assert numbers.examine([2, 1, 3, 4, 5]).astray in {(0,), (1,)}


def test_numbers_that_begin_anew_are_in_order() -> None:
    assert numbers.examine([1, 2, 3, 1, 2, 3, 1]) == numbers.Outcome((), ())


def test_missing_numbers_are_found_where_no_page_can_bear_them() -> None:
    assert numbers.examine([1, 2, 5, 6]).gaps == (numbers.Gap(2, 3, 4),)
    assert numbers.examine([1, 2, None, None, 5, 6]).gaps == ()


def test_a_page_astray_is_not_missing_too() -> None:
    assert numbers.examine([1, 2, 4, 5, 3]).gaps == ()


def test_numbers_without_any_order_are_no_page_numbers() -> None:
    assert numbers.examine([9, 7, 5, 3, 1]) == numbers.Outcome((), ())
    assert numbers.examine([3, 1]) == numbers.Outcome((), ())

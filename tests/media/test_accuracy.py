"""Character error: in sequence, and free of order."""

from media import accuracy
from media.accuracy import Accuracy

TRUTH = "扬黄工程全线贯通\n首批移民迁入新村\n菌草种植见到成效"


def test_a_perfect_reading_has_no_error() -> None:
    assert accuracy.compare(TRUTH, TRUTH) == Accuracy(0, 24)
    assert accuracy.order_free(TRUTH, TRUTH) == Accuracy(0, 24)


def test_blanks_and_widths_do_not_count() -> None:
    assert accuracy.order_free("投资 98％", "投资98%").errors == 0


def test_lines_in_another_order_are_errors_in_sequence_only() -> None:
    found = "\n".join(reversed(TRUTH.splitlines()))

    assert accuracy.compare(found, TRUTH).errors > 8
    assert accuracy.order_free(found, TRUTH).errors == 0


def test_a_wrong_a_missing_and_an_extra_character_each_count_once() -> None:
    found = "菌革种植见到成效\n扬黄工程全线贯\n首批移民迁入新村了"

    assert accuracy.order_free(found, TRUTH).errors == 3


def test_lines_may_be_divided_differently() -> None:
    assert accuracy.order_free("菌草种植见到成效\n扬黄工程全线贯通首批移民迁入新村", TRUTH).errors == 0


def test_a_lost_line_counts_in_full() -> None:
    assert accuracy.order_free("首批移民迁入新村\n扬黄工程全线贯通", TRUTH).errors == 8


def test_nothing_read_is_all_wrong() -> None:
    assert accuracy.order_free("", TRUTH) == Accuracy(24, 24)


def test_text_out_of_nothing_counts_in_full() -> None:
    assert accuracy.order_free("凭空而来", "").errors == 4

"""Lines that people change: where their characters stand afterwards."""

from dataclasses import replace

import pytest

from core.errors import InvalidInput
from media.lines import Box, TextLine
from media.proofreading.aligning import divide
from media.proofreading.arranging import DIVIDER, Edit, arrange, same
from tests.makers import make_lines

WIDTH, HEIGHT = 2480, 3508


def kept(lines: list[TextLine]) -> list[Edit]:
    return [Edit(line.text, (number,)) for number, line in enumerate(lines)]


def changed(*texts: str, to: dict[int, str], direction: str = "h") -> tuple[list[TextLine], list[TextLine]]:
    """Lines before and after some of them were given another text."""
    lines = make_lines(*texts, direction="v" if direction == "v" else "h")
    edits = [Edit(to.get(number, line.text), (number,)) for number, line in enumerate(lines)]
    return lines, arrange(lines, edits, WIDTH, HEIGHT)


def test_a_line_that_stays_is_the_same_line() -> None:
    lines = make_lines("福建宁夏", "对口帮扶")

    assert arrange(lines, kept(lines), WIDTH, HEIGHT) == lines


def test_a_replaced_character_takes_the_box_of_the_old_one_and_is_certain() -> None:
    before, after = changed("福健宁夏", to={0: "福建宁夏"})

    assert after[0].text == "福建宁夏"
    assert after[0].characters == before[0].characters
    assert after[0].confidences == (0.99, 1.0, 0.99, 0.99)
    assert after[0].box == before[0].box


def test_characters_that_stay_keep_their_boxes_and_confidences_where_others_are_left_out() -> None:
    line = replace(make_lines("福建、宁夏")[0], confidences=(0.9, 0.8, 0.3, 0.7, 0.6))

    after = arrange([line], [Edit("福建宁夏", (0,))], WIDTH, HEIGHT)[0]

    assert after.characters == tuple(line.characters[i] for i in (0, 1, 3, 4))
    assert after.confidences == (0.9, 0.8, 0.7, 0.6)


def test_more_characters_share_the_place_of_fewer_by_their_width() -> None:
    before, after = changed("一九X年", to={0: "一九九六年"})

    place = before[0].characters[2]
    assert after[0].characters[2] == Box(place.x, place.y, 25, 50)
    assert after[0].characters[3] == Box(place.x + 25, place.y, 25, 50)
    assert after[0].characters[4] == before[0].characters[3]


@pytest.mark.parametrize("text", ["福建和宁夏", "和福建宁夏", "福建宁夏和"])
@pytest.mark.parametrize("direction", ["h", "v"])
def test_an_inserted_character_stands_beside_its_neighbours_within_the_line(text: str, direction: str) -> None:
    before, after = changed("福建宁夏", to={0: text}, direction=direction)

    line, place = after[0], text.index("和")
    box = line.characters[place]
    kept_boxes = line.characters[:place] + line.characters[place + 1 :]
    assert kept_boxes == before[0].characters
    assert Box.around([line.box, box]) == line.box
    assert box.w > 0 and box.h > 0


def test_a_missing_character_takes_the_gap_that_it_left() -> None:
    line = make_lines("福建宁夏")[0]
    gappy = TextLine("福宁夏", line.box, "h", 0.9, (line.characters[0], *line.characters[2:]))

    after = arrange([gappy], [Edit("福建宁夏", (0,))], WIDTH, HEIGHT)[0]

    assert after.characters == line.characters


def test_a_line_can_be_rewritten_whole() -> None:
    before, after = changed("■■■", to={0: "闽宁协作三十年"})

    assert len(after[0].characters) == 7
    assert Box.around(after[0].characters) == before[0].box


def test_wide_characters_get_twice_the_place_of_narrow_ones() -> None:
    boxes = divide(Box(0, 0, 60, 20), "年ab年", "h")

    assert [box.w for box in boxes] == [20, 10, 10, 20]
    assert [box.h for box in divide(Box(0, 0, 20, 60), "年a", "v")] == [40, 20]


def test_lines_are_joined_and_every_character_stays_where_it_is() -> None:
    lines = make_lines("福建", "宁夏", "协作")

    after = arrange(lines, [Edit("福建宁夏", (0, 1)), Edit("协作", (2,))], WIDTH, HEIGHT)

    assert [line.text for line in after] == ["福建宁夏", "协作"]
    assert after[0].characters == lines[0].characters + lines[1].characters
    assert after[0].box == Box.around([lines[0].box, lines[1].box])


@pytest.mark.parametrize("edits", [[Edit("福建", (0,)), Edit("宁夏", (0,))], [Edit(f"福建{DIVIDER}宁夏", (0,))]])
def test_a_line_is_divided_and_every_character_stays_where_it_is(edits: list[Edit]) -> None:
    lines = make_lines("福建宁夏", "协作")

    after = arrange(lines, [*edits, Edit("协作", (1,))], WIDTH, HEIGHT)

    assert [line.text for line in after] == ["福建", "宁夏", "协作"]
    assert after[0].characters + after[1].characters == lines[0].characters
    assert after[1].box == Box.around(lines[0].characters[2:])


def test_what_is_divided_and_corrected_at_once_is_still_aligned() -> None:
    lines = make_lines("福健宁夏")

    after = arrange(lines, [Edit("福建", (0,)), Edit("宁夏省", (0,))], WIDTH, HEIGHT)

    assert after[0].characters == lines[0].characters[:2]
    assert after[1].characters[:2] == lines[0].characters[2:]


def test_lines_take_another_order_and_empty_ones_are_left_out() -> None:
    lines = make_lines("一", "二", "三", "四")

    after = arrange(lines, [Edit("三", (2,)), Edit("一", (0,)), Edit(" ", (1,))], WIDTH, HEIGHT)

    assert after == [lines[2], lines[0]]


def test_a_line_that_recognition_missed_takes_the_room_below_the_one_before_it() -> None:
    lines = make_lines("第一行", "第二行")

    after = arrange(lines, [Edit("第一行", (0,)), Edit("漏掉的行"), Edit("第二行", (1,))], WIDTH, HEIGHT)

    box = after[1].box
    assert lines[0].box.bottom <= box.y and box.bottom <= lines[1].box.y
    assert len(after[1].characters) == 4
    assert after[1].block == lines[0].block and after[1].confidence == 1.0


@pytest.mark.parametrize("direction", ["h", "v"])
def test_added_lines_stay_on_the_page(direction: str) -> None:
    lines = make_lines("上", direction="v" if direction == "v" else "h")

    after = arrange(lines, [Edit("前"), Edit("上", (0,)), *(Edit(f"后{n}") for n in range(100))], WIDTH, HEIGHT)
    alone = arrange([], [Edit("只有这一行")], WIDTH, HEIGHT)

    page = Box(0, 0, WIDTH, HEIGHT)
    assert all(Box.around([page, line.box]) == page for line in [*after, *alone])


def test_text_is_stored_composed_and_without_control_characters() -> None:
    after = arrange([], [Edit("e\u0301\x00\u2028\ud800A\n")], WIDTH, HEIGHT)

    assert [line.text for line in after] == ["éA"]


@pytest.mark.parametrize("edit", [Edit("多", (7,)), Edit("长" * 2001)])
def test_what_does_not_fit_the_page_is_refused(edit: Edit) -> None:
    with pytest.raises(InvalidInput):
        arrange(make_lines("一"), [edit], WIDTH, HEIGHT)


def test_another_order_or_paragraph_is_a_change() -> None:
    one, other = make_lines("一", "二")

    assert same([one, other], [one, other])
    assert not same([one, other], [other, one])
    assert not same([one, other], [one, replace(other, block=1)])

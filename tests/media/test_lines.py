"""Lines of a page: kept, joined, found again on the image."""

from dataclasses import replace

import pytest

from media.lines import Box, Cell, Direction, TextLine, doubtful, from_json, join, locate, to_json


def line(text: str, x: int, y: int, *, direction: Direction = "h", block: int = 0, size: int = 10) -> TextLine:
    """A line of square characters that begins at x, y."""
    if direction == "h":
        characters = tuple(Box(x + size * number, y, size, size) for number in range(len(text)))
    else:
        characters = tuple(Box(x, y + size * number, size, size) for number in range(len(text)))
    return TextLine(text, Box.around(characters), direction, 0.9, characters, block)


def test_lines_come_back_as_they_were_stored() -> None:
    lines = [line("长桥通车", 5, 7), line("第二版", 80, 7, direction="v", block=1)]

    stored = to_json(lines)

    assert from_json(stored) == lines
    assert stored[0]["box"] == [5, 7, 40, 10]
    assert stored[1]["characters"] == [[80, 7, 10, 10], [80, 17, 10, 10], [80, 27, 10, 10]]


def test_a_line_needs_one_box_per_character() -> None:
    with pytest.raises(ValueError, match="3 characters came with 1 boxes"):
        TextLine("三个字", Box(0, 0, 30, 10), "h", 1.0, (Box(0, 0, 10, 10),))


def test_lines_are_joined_by_line_ends_and_blocks_by_empty_lines() -> None:
    lines = [line("标题", 0, 0), line("正文一", 0, 20, block=1), line("正文二", 0, 40, block=1)]

    assert join(lines) == "标题\n\n正文一\n正文二"


def test_a_page_without_lines_has_an_empty_text() -> None:
    assert join([]) == ""
    assert locate([], 0, 5) == []


def test_a_range_within_a_line_is_one_box() -> None:
    lines = [line("山坡上的钟声", 100, 50)]

    assert locate(lines, 2, 5) == [Box(120, 50, 30, 10)]


def test_a_range_across_lines_and_blocks_has_one_box_per_line() -> None:
    lines = [line("甲乙丙", 0, 0), line("丁戊", 0, 20), line("己庚", 50, 0, direction="v", block=1)]
    text = join(lines)
    start, end = text.index("丙"), text.index("己") + 1

    boxes = locate(lines, start, end)

    assert boxes == [Box(20, 0, 10, 10), Box(0, 20, 20, 10), Box(50, 0, 10, 10)]


def test_a_range_in_a_vertical_line_is_a_standing_box() -> None:
    lines = [line("山坡上的钟声", 100, 50, direction="v")]

    assert locate(lines, 1, 4) == [Box(100, 60, 10, 30)]


def test_line_ends_have_no_place() -> None:
    lines = [line("甲", 0, 0), line("乙", 0, 20)]

    assert locate(lines, 1, 2) == []


def test_each_character_of_the_text_is_found_at_its_own_box() -> None:
    lines = [line("甲乙", 0, 0), line("丙", 0, 20, block=1), line("丁戊己", 0, 40, block=1)]
    text = join(lines)

    found = [locate(lines, at, at + 1) for at, character in enumerate(text) if character != "\n"]

    assert found == [[box] for entry in lines for box in entry.characters]


def test_confidences_are_stored_as_whole_percents() -> None:
    sure = TextLine("甲乙", Box(0, 0, 20, 10), "h", 0.75, (Box(0, 0, 10, 10), Box(10, 0, 10, 10)), 0, (0.987, 0.5))

    stored = to_json([sure])

    assert stored[0]["confidences"] == [99, 50]
    assert from_json(stored)[0].confidences == (0.99, 0.5)


def test_the_cell_of_a_table_is_kept() -> None:
    cell = replace(line("户主", 0, 0), cell=Cell(table=0, row=2, column=1, columns=3))

    stored = to_json([cell])

    assert stored[0]["cell"] == [0, 2, 1, 1, 3]
    assert from_json(stored) == [cell]


def test_rows_stored_before_confidences_and_cells_are_still_read() -> None:
    stored = to_json([line("甲乙", 0, 0)])

    assert set(stored[0]) == {"text", "box", "direction", "confidence", "characters", "block"}
    assert from_json(stored)[0].confidences == ()
    assert from_json(stored)[0].cell is None


def test_a_line_has_as_many_confidences_as_characters_or_none() -> None:
    with pytest.raises(ValueError, match="2 characters came with 1 confidences"):
        replace(line("甲乙", 0, 0), confidences=(0.5,))


def test_doubtful_characters_are_told_by_their_places() -> None:
    read = replace(line("甲 乙丙", 0, 0), confidences=(0.95, 0.1, 0.79, 0.8))

    assert doubtful(read) == [2]
    assert doubtful(read, below=0.9) == [2, 3]


def test_without_confidences_a_line_is_doubtful_as_a_whole() -> None:
    read = line("甲乙 丙", 0, 0)

    assert doubtful(read) == []
    assert doubtful(replace(read, confidence=0.6)) == [0, 1, 3]

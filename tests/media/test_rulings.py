"""Ruling lines: found on an image, used for tables and for the order of reading."""

import random

import cv2
import numpy as np

from media import reading_order
from media.engines import rulings
from media.lines import Box, Cell, TextLine, join
from media.reading_order import Ruling

WIDTH, HEIGHT = 1600, 2200


def line(text: str, x: int, y: int, size: int = 40) -> TextLine:
    """A level line of square characters with its upper left corner at x, y."""
    boxes = tuple(Box(x + size * number, y, size, size) for number in range(len(text)))
    return TextLine(text, Box.around(boxes), "h", 1.0, boxes)


def level(y: int, start: int, end: int) -> Ruling:
    return Ruling(True, y, start, end)


def upright(x: int, start: int, end: int) -> Ruling:
    return Ruling(False, x, start, end)


def order(lines: list[TextLine], *drawn: Ruling) -> list[TextLine]:
    """The lines arranged, given in a random order."""
    return reading_order.arrange(random.Random(3).sample(lines, len(lines)), WIDTH, HEIGHT, drawn)


def column(words: str, x: int, y: int, count: int) -> list[TextLine]:
    """A column of ``count`` lines of eight characters, one line in 60 pixels."""
    return [line(f"{words}{number}行字满满当"[:8], x, y + 60 * number) for number in range(count)]


def table() -> tuple[list[TextLine], list[Ruling]]:
    """Three rows, three columns; the cells hold two lines of text each, closely set, and nearly fill their width."""
    rows = [level(y, 100, 1300) for y in (200, 320, 440, 560)]
    columns = [upright(x, 200, 560) for x in (100, 500, 900, 1300)]
    lines = [
        line(f"{row}{column}{part}" + "字" * 6, 110 + 400 * column, 212 + 120 * row + 50 * part)
        for row in range(3)
        for column in range(3)
        for part in range(2)
    ]
    return lines, rows + columns


def test_ruled_cells_of_several_lines_are_read_cell_by_cell() -> None:
    lines, drawn = table()

    arranged = order(lines, *drawn)

    assert [read.text for read in arranged] == [read.text for read in lines]
    assert [(read.cell.row, read.cell.column) for read in arranged if read.cell] == [
        (row, column) for row in range(3) for column in range(3) for _part in range(2)
    ]
    assert len({read.block for read in arranged}) == 9


def test_without_rulings_the_same_page_is_read_as_columns() -> None:
    lines, _drawn = table()

    arranged = order(lines)

    assert all(read.cell is None for read in arranged)


def test_cells_without_a_ruling_between_them_are_one() -> None:
    lines, drawn = table()
    drawn = [ruling for ruling in drawn if ruling != upright(500, 200, 560)]
    drawn.append(upright(500, 320, 560))
    merged = [read for read in lines if not read.text.startswith(("000", "001", "010", "011"))]
    merged.append(line("表头横跨两栏", 380, 240))

    arranged = order(merged, *drawn)

    assert arranged[0].text == "表头横跨两栏"
    assert arranged[0].cell == Cell(0, 0, 0, rows=1, columns=2)


def test_what_stands_around_a_table_is_read_before_and_after_it() -> None:
    lines, drawn = table()
    before, after = line("移民安置户登记表", 500, 100, 50), line("填表人签字盖章处", 300, 640)

    arranged = order([before, *lines, after], *drawn)

    assert arranged[0].text == before.text
    assert arranged[-1].text == after.text
    assert arranged[0].cell is None


def test_a_table_without_rulings_has_cells_too() -> None:
    cells = [
        line(text, 100 + 500 * column, 200 + 120 * row) for row in range(4) for column, text in enumerate("甲乙丙")
    ]

    arranged = order(cells)

    assert [(read.cell.row, read.cell.column) for read in arranged if read.cell] == [
        (row, column) for row in range(4) for column in range(3)
    ]
    assert {read.cell.table for read in arranged if read.cell} == {0}


def test_a_ruling_across_the_page_divides_articles_whose_columns_line_up() -> None:
    above = column("上左", 100, 200, 6) + column("上右", 500, 200, 6)
    below = column("下左", 100, 580, 6) + column("下右", 500, 580, 6)

    arranged = order(above + below, level(567, 90, 830))

    assert [read.text for read in arranged] == [read.text for read in above + below]
    assert join(arranged).count("\n\n") >= 1


def test_without_the_ruling_the_columns_run_through() -> None:
    above = column("上左", 100, 200, 6) + column("上右", 500, 200, 6)
    below = column("下左", 100, 580, 6) + column("下右", 500, 580, 6)

    arranged = order(above + below)

    assert [read.text[:2] for read in arranged] == ["上左"] * 6 + ["下左"] * 6 + ["上右"] * 6 + ["下右"] * 6


def test_a_ruling_under_two_of_three_columns_divides_only_these() -> None:
    left = column("甲", 100, 200, 6) + column("乙", 500, 200, 6)
    under = column("丙", 100, 580, 6) + column("丁", 500, 580, 6)
    right = column("戊", 900, 200, 12)

    arranged = order(left + under + right, level(567, 90, 830))

    assert "".join(dict.fromkeys(read.text[0] for read in arranged)) == "甲乙丙丁戊"


def test_a_frame_around_a_page_is_no_table() -> None:
    frame = [level(100, 80, 1500), level(2100, 80, 1500), upright(80, 100, 2100), upright(1500, 100, 2100)]
    text = column("文", 120, 200, 12)

    arranged = order(text, *frame)

    assert [read.text for read in arranged] == [read.text for read in text]
    assert all(read.cell is None for read in arranged)


def test_rulings_are_found_on_an_image_and_strokes_of_type_are_not() -> None:
    image = np.full((HEIGHT, WIDTH, 3), 235, np.uint8)
    cv2.line(image, (100, 300), (1500, 303), (40, 40, 40), 3)
    cv2.line(image, (800, 400), (800, 2000), (90, 90, 90), 2)
    for x in range(100, 700, 50):
        cv2.line(image, (x, 1000), (x + 38, 1000), (20, 20, 20), 5)
        cv2.line(image, (x + 19, 980), (x + 19, 1020), (20, 20, 20), 5)

    found = rulings.find(image)

    assert [ruling.is_level for ruling in found] == [True, False]
    across, down = found
    assert abs(across.at - 301.5) < 4
    assert abs(across.start - 100) < 12
    assert abs(across.end - 1500) < 12
    assert abs(down.at - 800) < 4
    assert abs(down.length - 1600) < 24


def test_an_empty_page_has_no_rulings() -> None:
    assert rulings.find(np.full((300, 200, 3), 255, np.uint8)) == []

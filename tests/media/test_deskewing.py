"""The straightened copy and the way back: exact to the pixel."""

import math

import numpy as np
import pytest

from media.deskewing import Deskewing
from media.lines import Box, TextLine

WIDTH, HEIGHT = 900, 1200


def leaning_line(degrees: float) -> list[tuple[float, float]]:
    """Middles of characters on a line that leans by so many degrees, clockwise."""
    start = (100.0, 600.0)
    way = (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))
    return [(start[0] + way[0] * 40 * number, start[1] + way[1] * 40 * number) for number in range(16)]


def on_copy(straight: Deskewing, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [tuple(straight.matrix @ np.array([x, y, 1.0])) for x, y in points]


@pytest.mark.parametrize("skew", [0.0, 0.3, -0.2, 30.0])
def test_a_page_that_stands_well_or_whose_measure_is_absurd_is_read_as_it_is(skew: float) -> None:
    assert Deskewing.of(WIDTH, HEIGHT, skew) is None


@pytest.mark.parametrize("skew", [-3.0, -0.7, 0.5, 3.0])
def test_leaning_lines_are_level_on_the_copy(skew: float) -> None:
    straight = Deskewing.of(WIDTH, HEIGHT, skew)
    assert straight is not None

    placed = on_copy(straight, leaning_line(skew))

    assert max(y for _x, y in placed) - min(y for _x, y in placed) < 0.001


@pytest.mark.parametrize("skew", [-3.0, 0.5, 3.0])
def test_boxes_come_back_to_where_they_were(skew: float) -> None:
    straight = Deskewing.of(WIDTH, HEIGHT, skew)
    assert straight is not None
    middles = leaning_line(skew)
    boxes = tuple(Box(round(x) - 15, round(y) - 15, 30, 30) for x, y in on_copy(straight, middles))
    line = TextLine("永宁县闽宁镇福宁村第一至第四村民", Box.around(boxes), "h", 1.0, boxes)

    (back,) = straight.back([line])

    for box, (x, y) in zip(back.characters, middles, strict=True):
        assert abs(box.x + 15 - x) <= 1.5
        assert abs(box.y + 15 - y) <= 1.5
        assert (box.w, box.h) == (30, 30)
    assert back.box == Box.around(back.characters)
    assert back.text == line.text


def test_the_copy_holds_the_whole_page_and_the_ink_where_the_matrix_says() -> None:
    page = np.full((HEIGHT, WIDTH, 3), 240, np.uint8)
    page[2:8, 2:8] = 0
    page[1190:1197, 890:897] = 0
    straight = Deskewing.of(WIDTH, HEIGHT, 2.0)
    assert straight is not None

    copy = straight.image(page)

    assert (copy.shape[1], copy.shape[0]) == straight.copy
    for x, y in on_copy(straight, [(5, 5), (893.5, 1193.5)]):
        assert copy[round(y), round(x)].max() < 60
    assert copy[0, 0].min() > 200


def test_boxes_stay_inside_the_page() -> None:
    straight = Deskewing.of(WIDTH, HEIGHT, 3.0)
    assert straight is not None
    corner = Box(0, 0, 40, 40)

    (back,) = straight.back([TextLine("角", corner, "h", 1.0, (corner,))])

    assert back.box.x >= 0
    assert back.box.y >= 0
    assert back.box.right <= WIDTH
    assert back.box.bottom <= HEIGHT

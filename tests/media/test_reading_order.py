"""The reading order of labelled layouts: right when found exactly, and when found as an engine finds lines."""

import json
import math
import random
from pathlib import Path

import pytest

from media import accuracy, reading_order
from media.lines import Box, TextLine, join

LAYOUTS = Path(__file__).parent.parent / "resources" / "layouts"

BOUNDS = {
    "columns": 0.0,
    "mixed": 0.0,
    "pieces": 0.0,
    "ruled_table": 0.0,
    "sidebar": 0.0,
    "skewed": 0.0,
    "spanning_title": 0.0,
    "two_articles": 0.0,
    "vertical": 0.0,
}
"""The sequential character error, order alone, that each layout may have."""


def layout(name: str, *, skew: float | None = None, loose: float = 0.0) -> tuple[list[TextLine], int, int]:
    """The lines of a layout in their true order, turned by its skew; ``loose`` pixels of random outline around each."""
    stored = json.loads((LAYOUTS / f"{name}.json").read_text(encoding="utf-8"))
    width, height = stored["width"], stored["height"]
    angle = math.radians(stored["skew"] if skew is None else skew)
    chance = random.Random(name)
    lines = []
    for line in stored["lines"]:
        x, y, w, h = line["box"]
        left, top, right, bottom = (chance.uniform(0, loose) for _side in range(4))
        sides = (x - left, y - top, w + left + right, h + top + bottom)
        characters = tuple(_turned(box, angle, width, height) for box in _cells(sides, line["direction"], line["text"]))
        lines.append(
            TextLine(line["text"], Box.around(characters), line["direction"], 1.0, characters, block=line["block"])
        )
    return lines, width, height


def _cells(
    sides: tuple[float, float, float, float], direction: str, text: str
) -> list[tuple[float, float, float, float]]:
    x, y, w, h = sides
    count = len(text)
    if direction == "h":
        return [(x + w * number / count, y, w / count, h) for number in range(count)]
    return [(x, y + h * number / count, w, h / count) for number in range(count)]


def _turned(cell: tuple[float, float, float, float], angle: float, width: int, height: int) -> Box:
    x, y, w, h = cell
    across, down = x + w / 2 - width / 2, y + h / 2 - height / 2
    across, down = (
        across * math.cos(angle) - down * math.sin(angle) + width / 2,
        across * math.sin(angle) + down * math.cos(angle) + height / 2,
    )
    return Box(round(across - w / 2), round(down - h / 2), max(round(w), 1), max(round(h), 1))


def order_error(found: list[TextLine], truth: list[TextLine]) -> float:
    return accuracy.compare(join(found), join(truth)).error_rate


def test_every_layout_has_a_bound() -> None:
    assert {path.stem for path in LAYOUTS.glob("*.json")} == set(BOUNDS)


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_layout_is_read_in_its_order(name: str) -> None:
    truth, width, height = layout(name)
    found_so = random.Random(7).sample(truth, len(truth))

    arranged = reading_order.arrange(found_so, width, height)

    assert order_error(arranged, truth) <= BOUNDS[name]


@pytest.mark.parametrize("skew", [-3.0, 1.5])
@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_skewed_scan_with_loose_outlines_is_read_alike(name: str, skew: float) -> None:
    truth, width, height = layout(name, skew=skew, loose=5)

    arranged = reading_order.arrange(truth[::-1], width, height)

    assert order_error(arranged, truth) <= BOUNDS[name]


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_nothing_is_lost_or_changed(name: str) -> None:
    truth, width, height = layout(name)

    arranged = reading_order.arrange(truth, width, height)

    kept = sorted((line.text, line.box.x, line.box.y, line.characters) for line in arranged)
    assert kept == sorted((line.text, line.box.x, line.box.y, line.characters) for line in truth)
    assert [line.block for line in arranged] == sorted(line.block for line in arranged)


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_blocks_begin_where_text_does_not_flow_on(name: str) -> None:
    truth, width, height = layout(name)

    arranged = reading_order.arrange(truth, width, height)

    assert join(arranged) == join(truth)


def test_a_page_without_lines_has_no_order() -> None:
    assert reading_order.arrange([], 100, 100) == []

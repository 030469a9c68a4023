"""The recognition engine on a small page: three level lines and one standing line, printed by us."""

import logging
import socket
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from core.errors import Unavailable
from media import accuracy
from media.engines import rapidocr, vips
from media.engines.gaps import fill
from media.engines.gutters import split
from media.engines.rapidocr import _without_margins
from media.engines.strips import Reading, Strip, cut_out, extents
from media.engines.vips import Pixels
from media.lines import Box

PAGE = Path(__file__).parent.parent / "resources" / "printed_lines.jpg"

LEVEL = ["渡口边的老槐树下，邮递员写完了一封信", "长桥于1998年10月6日通车，全长327.5米", "月光落在水面，船夫收起了伞"]
STANDING = "山坡上的钟声渐渐远去"


@pytest.mark.engine
def test_printed_lines_are_read_without_error_and_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_address: object) -> None:
        raise AssertionError("The engine tried the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    seen = rapidocr.recognise(vips.rgb_array(PAGE))

    found = sorted(seen.lines, key=lambda line: (line.direction, line.box.y))
    assert accuracy.compare("\n".join(line.text for line in found), "\n".join([*LEVEL, STANDING])).errors == 0
    assert [line.direction for line in found] == ["h", "h", "h", "v"]
    assert (seen.width, seen.height) == (1180, 760)
    assert seen.confidence > 0.9


@pytest.mark.engine
def test_every_character_has_a_box_in_its_order() -> None:
    lines = rapidocr.recognise(vips.rgb_array(PAGE)).lines

    for line in lines:
        assert len(line.characters) == len(line.text)
        starts = [box.y if line.direction == "v" else box.x for box in line.characters]
        assert starts == sorted(starts)
        assert Box.around([*line.characters, line.box]) == line.box


@pytest.mark.engine
def test_what_was_used_is_told() -> None:
    seen = rapidocr.recognise(vips.rgb_array(PAGE))

    assert seen.engine == "RapidOCR"
    assert seen.version == rapidocr.version()
    assert seen.version.startswith("3.10.0 (OpenVINO ")
    assert seen.settings["Global.use_cls"] is False
    assert seen.settings["Det.limit_side_len"] == 1600


@pytest.mark.engine
def test_an_empty_page_has_no_lines_and_makes_no_noise(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    blank = np.full((600, 400, 3), 250, np.uint8)

    with caplog.at_level(logging.DEBUG):
        seen = rapidocr.recognise(blank)

    assert seen.lines == []
    assert seen.confidence == 0.0
    assert capfd.readouterr() == ("", "")


@pytest.mark.engine
def test_a_forked_process_says_so_instead_of_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    rapidocr.recognise(vips.rgb_array(PAGE))
    monkeypatch.setattr("os.getpid", lambda: 1)

    with pytest.raises(Unavailable):
        rapidocr.recognise(vips.rgb_array(PAGE))


def test_the_engine_and_its_models_are_installed() -> None:
    assert rapidocr.available()


def test_white_space_lies_between_its_neighbours() -> None:
    reading = _without_margins(" 甲 乙 ", [None, 10.0, None, 90.0, None], [0.5, 0.9, 0.6, 0.8, 0.5])

    assert reading == Reading("甲 乙", (10.0, 50.0, 90.0), (0.9, 0.6, 0.8))
    assert extents(strip(100, 20), reading)[1][0] < extents(strip(100, 20), reading)[1][1]


def test_characters_do_not_overlap_and_stay_on_their_strip() -> None:
    reading = Reading("闽宁1996年", (12.0, 34.0, 50.0, 60.0, 70.0, 80.0, 96.0), (0.9,) * 7)

    found = extents(strip(100, 24), reading)

    assert found[0] == (1.0, 23.0)
    assert all(left < right for left, right in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    assert found[-1][1] <= 100


def strip(length: int, thickness: int, *, is_column: bool = False) -> Strip:
    """A white strip that lies at the upper left of its page."""
    return Strip(np.full((thickness, length, 3), 255, np.uint8), np.eye(3), is_column)


def test_a_slim_digit_stands_and_a_column_of_characters_is_laid_down() -> None:
    page = np.full((600, 600, 3), 255, np.uint8)
    lines = [quad(50, 50, 300, 60), quad(400, 50, 28, 62), quad(500, 50, 60, 400)]

    level, digit, column = cut_out(page, lines)

    assert [level.is_column, digit.is_column, column.is_column] == [False, False, True]
    assert (digit.length, digit.thickness) == (28, 62)
    assert (column.length, column.thickness) == (400, 60)


def test_a_column_is_cut_from_its_head_downwards() -> None:
    page = np.full((600, 600, 3), 255, np.uint8)
    page[50:60, 500:560] = 0

    (column, _level) = cut_out(page, [quad(500, 50, 60, 400), quad(10, 500, 300, 60)])

    assert column.pixels[5:-5, :8].max() < 10
    assert column.pixels[:, 20:].min() > 240
    assert column.around(0, 100).min(axis=0).tolist() == [500, 50]
    assert column.around(0, 100).max(axis=0).tolist() == [560, 150]


def quad(x: float, y: float, w: float, h: float) -> npt.NDArray[np.float32]:
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)


def page_with_a_dot(x: int) -> Pixels:
    """A level line of characters 40 pixels wide, drawn as squares, with a small mark in the cell that begins at x."""
    page = np.full((200, 600, 3), 255, np.uint8)
    for start in (20, 60, 140, 180):
        page[80:116, start + 3 : start + 37] = 0
    page[104:114, x + 6 : x + 16] = 0
    return page


def test_what_is_seen_in_a_gap_is_taken_in() -> None:
    page = page_with_a_dot(100)
    (line,) = cut_out(page, [quad(20, 74, 200, 48)])
    read = Reading("甲乙丙丁", (20.0, 60.0, 140.0, 180.0), (0.9,) * 4)

    def read_row(row: Pixels) -> Reading:
        assert row.shape[:2] == (48, 208)
        return Reading("甲乙、丙", (24.0, 64.0, 95.0, 144.0), (0.9, 0.9, 0.8, 0.9))

    found = fill(page, line, read, read_row)

    assert found.text == "甲乙、丙丁"
    assert found.centres == (20.0, 60.0, 100.0, 140.0, 180.0)
    assert found.confidences[2] == 0.8


@pytest.mark.parametrize(("seen", "confidence"), [("、", 0.2), ("乙", 0.7), ("", 0.9), ("a", 0.99), ("、。", 0.9)])
def test_what_is_not_seen_surely_in_a_gap_is_left_out(seen: str, confidence: float) -> None:
    page = page_with_a_dot(100)
    (line,) = cut_out(page, [quad(20, 74, 200, 48)])
    read = Reading("甲乙丙丁", (20.0, 60.0, 140.0, 180.0), (0.9,) * 4)
    places = tuple(95.0 + 5 * number for number in range(len(seen)))

    found = fill(page, line, read, lambda _row: Reading(seen, places, (confidence,) * len(seen)))

    assert found == read


def test_a_gap_without_ink_is_not_read_again() -> None:
    page = page_with_a_dot(400)
    (line,) = cut_out(page, [quad(20, 74, 200, 48)])
    read = Reading("甲乙丙丁", (20.0, 60.0, 140.0, 180.0), (0.9,) * 4)

    def never(_row: Pixels) -> Reading:
        raise AssertionError("There is nothing to read.")

    assert fill(page, line, read, never) == read


def columns_of_print() -> tuple[Pixels, list[npt.NDArray[np.float32]]]:
    """Two columns of eight lines, 40 pixels of type with 20 between lines, and a gutter of 30 at x = 500."""
    page = np.full((700, 1100, 3), 255, np.uint8)
    lines = []
    for row in range(8):
        for left in (100, 530):
            for start in range(left, left + 400, 40):
                page[100 + 60 * row : 140 + 60 * row, start + 4 : start + 36] = 0
            lines.append(quad(left, 98 + 60 * row, 400, 44))
    return page, lines


def test_a_line_across_a_gutter_is_cut_in_two() -> None:
    page, lines = columns_of_print()
    merged = [*lines[:-2], quad(100, 518, 830, 44)]

    found = split(page, merged)

    assert len(found) == 16
    left, right = found[-2], found[-1]
    assert 500 <= left.max(axis=0)[0] == right.min(axis=0)[0] <= 530


def test_lines_of_prose_and_titles_are_not_cut() -> None:
    page, lines = columns_of_print()
    prose = [quad(100, 98 + 60 * row, 830, 44) for row in range(8)]
    titled = [quad(100, 20, 830, 70), *lines]

    assert len(split(page, prose)) == 8
    assert len(split(page, titled)) == 17

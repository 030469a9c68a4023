"""The recognition engine on a small page: three level lines and one standing line, printed by us."""

import logging
import socket
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidInput, Unavailable
from media import accuracy
from media.engines import rapidocr, vips
from media.engines.rapidocr import _character_boxes
from media.lines import Box

PAGE = Path(__file__).parent.parent / "resources" / "printed_lines.jpg"

LEVEL = ["渡口边的老槐树下，邮递员写完了一封信", "长桥于1998年10月6日通车，全长327.5米", "月光落在水面，船夫收起了伞"]
STANDING = "山坡上的钟声渐渐远去"


@pytest.mark.engine
def test_printed_lines_are_read_without_error_and_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_address: object) -> None:
        raise AssertionError("The engine tried the network.")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    seen = rapidocr.recognise(PAGE)

    found = sorted(seen.lines, key=lambda line: (line.direction, line.box.y))
    assert accuracy.compare("\n".join(line.text for line in found), "\n".join([*LEVEL, STANDING])).errors == 0
    assert [line.direction for line in found] == ["h", "h", "h", "v"]
    assert (seen.width, seen.height) == (1180, 760)
    assert seen.confidence > 0.9


@pytest.mark.engine
def test_every_character_has_a_box_in_its_order() -> None:
    lines = rapidocr.recognise(PAGE).lines

    for line in lines:
        assert len(line.characters) == len(line.text)
        starts = [box.y if line.direction == "v" else box.x for box in line.characters]
        assert starts == sorted(starts)
        assert Box.around([*line.characters, line.box]) == line.box


@pytest.mark.engine
def test_what_was_used_is_told() -> None:
    seen = rapidocr.recognise(PAGE)

    assert seen.engine == "RapidOCR"
    assert seen.version == rapidocr.version()
    assert seen.version.startswith("3.10.0 (OpenVINO ")
    assert seen.settings["Global.use_cls"] is False
    assert seen.settings["Det.limit_side_len"] == 1600


@pytest.mark.engine
def test_an_empty_page_has_no_lines_and_makes_no_noise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    blank = tmp_path / "blank.jpg"
    vips.save_rgb(np.full((600, 400, 3), 250, np.uint8), blank, dpi=300)

    with caplog.at_level(logging.DEBUG):
        seen = rapidocr.recognise(blank)

    assert seen.lines == []
    assert seen.confidence == 0.0
    assert capfd.readouterr() == ("", "")


@pytest.mark.engine
def test_a_forked_process_says_so_instead_of_waiting_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    rapidocr.recognise(PAGE)
    monkeypatch.setattr("os.getpid", lambda: 1)

    with pytest.raises(Unavailable):
        rapidocr.recognise(PAGE)


@pytest.mark.engine
def test_an_image_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    broken = tmp_path / "0a1b2c"
    broken.write_bytes(PAGE.read_bytes()[:20_000])

    with pytest.raises(InvalidInput, match=r"缺页\.jpg"):
        rapidocr.recognise(broken, name="缺页.jpg")


def test_the_engine_and_its_models_are_installed() -> None:
    assert rapidocr.available()


def test_white_space_lies_between_its_neighbours() -> None:
    outline = Box(0, 0, 100, 20)
    places = [("甲", Box(0, 0, 20, 20)), ("乙", Box(60, 0, 20, 20))]

    boxes = _character_boxes("甲 乙", outline, "h", places)

    assert boxes == (Box(0, 0, 20, 20), Box(20, 0, 40, 20), Box(60, 0, 20, 20))


def test_a_list_that_does_not_fit_the_text_is_replaced_by_equal_parts() -> None:
    standing = _character_boxes("甲乙丙丁", Box(10, 100, 30, 80), "v", [("甲", Box(0, 0, 1, 1))])

    assert standing == tuple(Box(10, y, 30, 20) for y in (100, 120, 140, 160))

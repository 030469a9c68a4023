"""The second engine: its table of words, and the program itself where it is installed."""

import numpy as np
import pytest

from core.errors import Unavailable
from media.engines import tesseract
from media.engines.tesseract import _lines
from media.lines import Box

TABLE = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    "1\t1\t0\t0\t0\t0\t0\t0\t1000\t500\t-1\t\n"
    "4\t1\t1\t1\t1\t0\t100\t100\t420\t40\t-1\t\n"
    "5\t1\t1\t1\t1\t1\t100\t100\t80\t40\t93.5\t闽宁\n"
    "5\t1\t1\t1\t1\t2\t190\t100\t40\t40\t51\t镇\n"
    "5\t1\t1\t1\t1\t3\t240\t100\t100\t40\t90\tWine\n"
    "5\t1\t1\t1\t1\t4\t360\t100\t60\t40\t80\tCo\n"
    "5\t1\t2\t1\t1\t1\t800\t100\t40\t160\t70\t一九九七\n"
    '5\t1\t3\t1\t1\t1\t10\t400\t40\t40\t20\t"\n'
    "5\t1\t3\t1\t1\t2\t10\t400\t40\t40\t0\t \n"
)


def test_a_table_of_words_becomes_lines() -> None:
    first, second, third = _lines(TABLE)

    assert first.text == "闽宁镇Wine Co"
    assert first.box == Box(100, 100, 320, 40)
    assert first.characters[:3] == (Box(100, 100, 40, 40), Box(140, 100, 40, 40), Box(190, 100, 40, 40))
    assert first.confidences[:3] == (0.935, 0.935, 0.51)
    assert first.characters[7] == Box(340, 100, 20, 40)
    assert (second.text, second.direction) == ("一九九七", "v")
    assert second.characters[1] == Box(800, 140, 40, 40)
    assert third.text == '"'


def test_a_program_that_is_not_there_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "PROGRAM", "tesseract-that-is-not-there")

    with pytest.raises(Unavailable, match="tesseract-ocr"):
        tesseract.version()


@pytest.mark.engine
@pytest.mark.skipif(not tesseract.available(), reason="Tesseract is not installed (apt install tesseract-ocr-chi-sim)")
def test_an_empty_page_has_no_lines() -> None:
    seen = tesseract.recognise(np.full((400, 300, 3), 250, np.uint8))

    assert seen.lines == []
    assert (seen.turn, seen.confidence, seen.width, seen.height) == (0, 0.0, 300, 400)
    assert seen.engine == "Tesseract"
    assert "chi_sim" in seen.version

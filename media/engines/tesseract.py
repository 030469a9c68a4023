"""Recognition by Tesseract, where it is installed: the program is called, its table of words is read.

Debian: ``apt install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-chi-tra``; the models of vertical writing
(``…-chi-sim-vert``, ``…-chi-tra-vert``) are used by themselves where they are there. One process uses one thread.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import NamedTuple

import cv2
import numpy as np
from django.utils.translation import gettext as _

from core.errors import Unavailable
from media.engines.recognisers import Recognition, Settings, Turn, mean_confidence
from media.engines.vips import Pixels
from media.lines import Box, Direction, TextLine

ENGINE = "Tesseract"
PROGRAM = "tesseract"
WANTED = ("chi_sim", "chi_tra")
"""The models, as far as they are installed; the first must be. A page that it does not read surely is read by the next
too, and the surer reading is taken: used together they confuse each other."""

_DPI = 300
_SECONDS = 300
_SURE = 0.85
_SURE_OF_TURN = 3.0
_WORD_LEVEL = 5
_COLUMN_RATIO = 1.5
_TURNS: dict[int, Turn] = {0: 0, 90: 90, 180: 180, 270: 270}


class _Word(NamedTuple):
    """A word of the table: the line that it belongs to, its place, its text and how sure the engine is (0 to 1)."""

    line: tuple[int, int, int]
    box: Box
    text: str
    confidence: float


def version() -> str:
    """The version of the program and its models."""
    first = _run(["--version"]).decode("utf-8", "replace").splitlines()[0]
    return f"{first.removeprefix(PROGRAM).strip()} ({'+'.join(languages())})"


def available() -> bool:
    """Whether the program and a model of Chinese are installed."""
    return shutil.which(PROGRAM) is not None and WANTED[0] in _installed()


def languages() -> list[str]:
    """The models that are used."""
    return [language for language in WANTED if language in _installed()]


def recognise(pixels: Pixels, *, is_upright: bool = False) -> Recognition:
    """Read one page: rows × columns × (red, green, blue); see `media.engines.recognisers.Recogniser`.

    Raises:
        Unavailable: the program is not installed, or does not come to an end.
    """
    image = _encoded(pixels)
    turn: Turn = 0 if is_upright else _turn_of(image)
    lines, language = ([], "") if turn else _surest(image)
    settings: Settings = {"language": language, "psm": 3, "dpi": _DPI}
    height, width = pixels.shape[:2]
    return Recognition(lines, ENGINE, version(), settings, mean_confidence(lines), width, height, turn)


def _surest(image: bytes) -> tuple[list[TextLine], str]:
    """The lines of a page, and the model that read them."""
    lines: list[TextLine] = []
    best = ""
    for language in languages():
        table = _run(["stdin", "stdout", "-l", language, "--psm", "3", "--dpi", str(_DPI), "tsv"], image)
        found = list(_lines(table.decode("utf-8")))
        if not best or mean_confidence(found) > mean_confidence(lines):
            lines, best = found, language
        if mean_confidence(lines) >= _SURE:
            break
    return lines, best


def _encoded(pixels: Pixels) -> bytes:
    """The picture in the plainest format that the program reads."""
    _done, encoded = cv2.imencode(".ppm", np.ascontiguousarray(pixels[:, :, ::-1]))
    return bytes(encoded)


def _turn_of(image: bytes) -> Turn:
    """What the program's finder of orientation says, where it is sure; a page with little text counts as upright."""
    if "osd" not in _installed():
        return 0
    told = _run(["stdin", "stdout", "-l", "osd", "--psm", "0", "--dpi", str(_DPI)], image, may_fail=True).decode(
        "utf-8"
    )
    turn = re.search(r"^Rotate: (\d+)$", told, re.M)
    sure = re.search(r"^Orientation confidence: ([\d.]+)$", told, re.M)
    is_sure = sure is not None and float(sure[1]) >= _SURE_OF_TURN
    return _TURNS.get(int(turn[1]), 0) if turn is not None and is_sure else 0


def _lines(table: str) -> Iterator[TextLine]:
    """The lines of a table of words (tab-separated; level 5 is a word)."""
    for _line, members in groupby(_words(table), key=lambda word: word.line):
        yield _line_of(list(members))


def _words(table: str) -> Iterator[_Word]:
    for row in table.splitlines()[1:]:
        columns = row.split("\t", 11)
        if len(columns) != 12 or int(columns[0]) != _WORD_LEVEL or not columns[11].strip():
            continue
        block, paragraph, line, x, y, w, h = (int(columns[number]) for number in (2, 3, 4, 6, 7, 8, 9))
        box = Box(x, y, max(w, 1), max(h, 1))
        yield _Word((block, paragraph, line), box, columns[11].strip(), max(float(columns[10]), 0.0) / 100)


def _line_of(words: Sequence[_Word]) -> TextLine:
    """One line: Chinese words follow each other, Latin ones are set apart by a blank."""
    box = Box.around(word.box for word in words)
    count = sum(len(word.text) for word in words)
    direction: Direction = "v" if count > 1 and box.h >= _COLUMN_RATIO * box.w else "h"
    text = ""
    boxes: list[Box] = []
    confidences: list[float] = []
    for word in words:
        if text and text[-1].isascii() and word.text[0].isascii():
            text += " "
            boxes.append(_gap(boxes[-1], word.box))
            confidences.append(word.confidence)
        text += word.text
        boxes += _evenly(word.box, direction, len(word.text))
        confidences += [word.confidence] * len(word.text)
    return TextLine(
        text, box, direction, sum(confidences) / len(confidences), tuple(boxes), confidences=tuple(confidences)
    )


def _gap(before: Box, after: Box) -> Box:
    return Box(before.right, before.y, max(after.x - before.right, 1), before.h)


def _evenly(box: Box, direction: Direction, count: int) -> list[Box]:
    """The box of a word cut into equal parts, for the program does not place single characters."""
    cuts = [round((box.h if direction == "v" else box.w) * number / count) for number in range(count + 1)]
    if direction == "v":
        return [Box(box.x, box.y + start, box.w, max(end - start, 1)) for start, end in pairwise(cuts)]
    return [Box(box.x + start, box.y, max(end - start, 1), box.h) for start, end in pairwise(cuts)]


@cache
def _installed() -> frozenset[str]:
    """The models that are installed."""
    if shutil.which(PROGRAM) is None:
        return frozenset()
    return frozenset(_run(["--list-langs"]).decode("utf-8", "replace").split()[1:])


def _run(arguments: Sequence[str], image: bytes = b"", *, may_fail: bool = False) -> bytes:
    """What the program answers.

    Raises:
        Unavailable: it is not installed, failed, or took too long.
    """
    try:
        done = subprocess.run(
            [PROGRAM, *arguments],
            input=image,
            capture_output=True,
            timeout=_SECONDS,
            check=not may_fail,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError) as fault:
        raise Unavailable(
            _(
                "Tesseract does not work here. "
                "Install tesseract-ocr and tesseract-ocr-chi-sim, or choose RECOGNISER=rapidocr."
            )
        ) from fault
    return done.stdout

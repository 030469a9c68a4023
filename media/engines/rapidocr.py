"""Recognition of Chinese print by RapidOCR on OpenVINO.

The models lie inside the package: nothing is downloaded, no network is used. They are loaded when the first page comes,
once per process; a process that has loaded them must not be forked, for its threads do not live on in it. One process
uses one thread; throughput comes from running one process per core.

Only the two models are the package's: one finds lines, one reads a line. What lies between them is done here, for the
package turns slim digits on their sides, measures characters coarsely, and knows neither which way up a page lies nor
what its reader passes over.
"""

import importlib.metadata
import importlib.resources
import logging
import math
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import cv2
import numpy as np
import rapidocr
from django.utils.translation import gettext as _
from rapidocr.ch_ppocr_rec import TextRecInput

from core.errors import Unavailable
from media.engines import gaps, gutters, upright
from media.engines.recognisers import Recognition, Settings, Turn, mean_confidence
from media.engines.strips import Quad, Reading, Strip, cut_out, extents
from media.engines.vips import Pixels
from media.lines import Box, Direction, TextLine

ENGINE = "RapidOCR"
MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")

SETTINGS: Settings = {
    # The classifier of line orientation turns good lines upside down; which way up a page lies is found separately.
    "Global.use_cls": False,
    "Global.max_side_len": 5000,
    "Global.return_word_box": True,
    "Global.return_single_char_box": True,
    "Global.log_level": "error",
    "Det.limit_type": "max",
    "Det.limit_side_len": 1600,
    "Rec.rec_batch_num": 1,
    "EngineConfig.openvino.inference_num_threads": 1,
}

_LEAST_CONFIDENCE = 0.5
"""A line that is read less surely than this is none: a stain, a seal, an ornament."""


@dataclass(frozen=True, slots=True)
class _Engine:
    """The engine of a process. Any: the package is published without types."""

    process: int
    whole: Any
    finder: Any
    reader: Any


_SIGN_FOR_ZERO = re.compile("(?<=[〇一二三四五六七八九])[○◯]|[○◯](?=[〇一二三四五六七八九])")
"""The zero of Chinese numerals, which the model takes for a sign that looks alike."""

_loaded: _Engine | None = None
_lock = threading.Lock()


def version() -> str:
    """The versions of the engine, its runtime and its models, in one phrase."""
    engine, runtime = (importlib.metadata.version(package) for package in ("rapidocr", "openvino"))
    return f"{engine} (OpenVINO {runtime}, PP-OCRv6 small)"


def available() -> bool:
    """Whether the engine, its runtime and its models are installed."""
    try:
        importlib.metadata.version("openvino")
        folder = importlib.resources.files("rapidocr") / "models"
    except ModuleNotFoundError:
        return False
    return all((folder / model).is_file() for model in MODELS)


def recognise(pixels: Pixels, *, is_upright: bool = False) -> Recognition:
    """Read one page: rows × columns × (red, green, blue).

    Unless ``is_upright``, a few lines are read first; if they show that the page lies on its side or on its head, only
    its ``turn`` is told. A page without text gives no lines. The text is the engine's own, full and half width as it
    chose; marks that it passed over are looked for in the gaps between characters.

    Raises:
        Unavailable: this process was forked from one that had recognised already.
    """
    engine = _engine()
    page = np.ascontiguousarray(pixels[:, :, ::-1])
    strips = cut_out(page, _find(engine, page))
    readings: dict[int, Reading] = {}
    if not is_upright:
        probes = upright.probes(strips)
        readings = {number: _read(engine, strips[number].pixels) for number in probes}
        turn = upright.turn_of(
            page, [strips[n] for n in probes], list(readings.values()), lambda row: _read(engine, row)
        )
        if turn:
            return _recognition([], pixels, turn=turn)
    seen = [(strip, readings.get(n) or _read(engine, strip.pixels)) for n, strip in enumerate(strips)]
    seen = [(strip, reading) for strip, reading in seen if reading.text and reading.confidence >= _LEAST_CONFIDENCE]
    usual = {is_column: _usual_pitch(seen, is_column) for is_column in (False, True)}
    lines = [
        _line(strip, gaps.fill(page, strip, reading, lambda row: _read(engine, row), usual[strip.is_column]))
        for strip, reading in seen
    ]
    return _recognition(lines, pixels)


def bare(pixels: Pixels) -> list[str]:
    """What the package itself reads of a page, with nothing of ours but the settings: the measure of everything else.

    Raises:
        Unavailable: as `recognise`.
    """
    found = _engine().whole(np.ascontiguousarray(pixels[:, :, ::-1]))
    return list(found.txts or ())


def _usual_pitch(seen: Sequence[tuple[Strip, Reading]], is_column: bool) -> float | None:
    """The median step from character to character of the lines of one direction."""
    steps = [reading.pitch for strip, reading in seen if strip.is_column == is_column and reading.pitch is not None]
    return median(steps) if steps else None


def _recognition(lines: list[TextLine], pixels: Pixels, *, turn: Turn = 0) -> Recognition:
    height, width = pixels.shape[:2]
    return Recognition(
        lines=lines,
        engine=ENGINE,
        version=version(),
        settings=dict(SETTINGS),
        confidence=mean_confidence(lines),
        width=width,
        height=height,
        turn=turn,
    )


def _engine() -> _Engine:
    """The engine of this process, loaded at the first call."""
    global _loaded
    with _lock:
        if _loaded is None:
            cv2.setNumThreads(1)
            openvino = rapidocr.EngineType.OPENVINO
            whole: Any = rapidocr.RapidOCR(
                params={**SETTINGS, "Det.engine_type": openvino, "Rec.engine_type": openvino}
            )
            logging.getLogger("RapidOCR").setLevel(logging.ERROR)
            _loaded = _Engine(os.getpid(), whole, finder=whole._load_det_model(), reader=whole._load_rec_model())
    if _loaded.process != os.getpid():
        # Going on would wait for ever for threads that are not there.
        raise Unavailable(
            _("The recognition engine was started before its process was forked. Start a fresh worker process.")
        )
    return _loaded


def _find(engine: _Engine, page: Pixels) -> Sequence[Quad]:
    """The corners of every line."""
    boxes = engine.finder(page).boxes
    return [] if boxes is None else gutters.split(page, [np.asarray(box, np.float32) for box in boxes])


def _read(engine: _Engine, strip: Pixels) -> Reading:
    """What stands on a level strip."""
    found = engine.reader(TextRecInput(img=[strip], return_word_box=True))
    text, words = _SIGN_FOR_ZERO.sub("〇", found.txts[0]), found.word_results[0]
    if not text:
        return Reading("", (), ())
    confidences = words.confs if len(words.confs) == len(text) else [float(found.scores[0])] * len(text)
    step = strip.shape[1] / words.line_txt_len
    placed = iter((column + 0.5) * step for columns in words.word_cols for column in columns)
    centres: list[float | None] = [None if character.isspace() else next(placed) for character in text]
    return _without_margins(text, centres, confidences)


def _without_margins(text: str, centres: Sequence[float | None], confidences: Sequence[float]) -> Reading:
    """The reading without white space at its ends; white space inside lies half way between its neighbours."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    known: list[float] = []
    for place in range(start, end):
        centre = centres[place]
        if centre is None:
            after = next(later for later in centres[place:] if later is not None)
            centre = (known[-1] + after) / 2
        known.append(centre)
    return Reading(text[start:end], tuple(known), tuple(confidences[start:end]))


def _line(strip: Strip, reading: Reading) -> TextLine:
    """One line as the archive keeps it."""
    boxes = tuple(_around(strip.around(*extent)) for extent in extents(strip, reading))
    direction: Direction = "v" if strip.is_column and len(reading.text) > 1 else "h"
    return TextLine(
        text=reading.text,
        box=Box.around((_around(strip.around(0, strip.length)), *boxes)),
        direction=direction,
        confidence=reading.confidence,
        characters=boxes,
        confidences=reading.confidences,
    )


def _around(quad: Quad) -> Box:
    """The upright box around four corners; never empty."""
    across, down = [float(corner[0]) for corner in quad], [float(corner[1]) for corner in quad]
    left, top = max(math.floor(min(across)), 0), max(math.floor(min(down)), 0)
    return Box(left, top, max(math.ceil(max(across)) - left, 1), max(math.ceil(max(down)) - top, 1))

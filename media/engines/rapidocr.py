"""Recognition of Chinese print by RapidOCR on OpenVINO.

The models lie inside the package: nothing is downloaded, no network is used. They are loaded when the first page comes,
once per process; a process that has loaded them must not be forked, for its threads do not live on in the child. One
process uses one thread; throughput comes from running one process per core.
"""

import importlib.metadata
import importlib.resources
import logging
import math
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import rapidocr
from django.utils.translation import gettext as _

from core.errors import Unavailable
from media.engines import vips
from media.lines import Box, Direction, TextLine

ENGINE = "RapidOCR"
MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")

SETTINGS: dict[str, str | int | float | bool] = {
    # The classifier of line orientation turns good lines upside down; a page lies upright before it comes here.
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

_VERTICAL_RATIO = 1.5
"""A region this much taller than wide is read as a column; the engine turns it by the same rule."""

_Quad = Sequence[Sequence[float]]

# One engine per process, remembered with the process that loaded it. Any: the package is published without types.
_loaded: tuple[int, Any] | None = None
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Recognition:
    """What the engine read on one page image, and how. The lines are in no particular order.

    ``confidence`` is the mean over all characters, 0 where nothing was read; width and height are the image's pixels.
    """

    lines: list[TextLine]
    engine: str
    version: str
    settings: dict[str, str | int | float | bool]
    confidence: float
    width: int
    height: int


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


def recognise(image: Path, *, page: int = 0, name: str = "") -> Recognition:
    """Read one page of an image file that `vips` can open (a pyramid is best: it lies upright and is sound).

    A page without text gives no lines. The text is the engine's own, full and half width as it chose.

    Raises:
        InvalidInput: the image cannot be decoded.
        Unavailable: this process was forked from one that had recognised already.
    """
    engine = _engine()
    pixels = vips.rgb_array(image, page, name=name)
    height, width = pixels.shape[:2]
    found = engine(np.ascontiguousarray(pixels[:, :, ::-1]))
    lines = [] if found.boxes is None else [_line(*parts) for parts in _parts(found)]
    weight = sum(len(line.text) for line in lines)
    return Recognition(
        lines=lines,
        engine=ENGINE,
        version=version(),
        settings=dict(SETTINGS),
        confidence=sum(line.confidence * len(line.text) for line in lines) / weight if weight else 0.0,
        width=width,
        height=height,
    )


def _engine() -> Any:
    """The engine of this process, loaded at the first call."""
    global _loaded
    with _lock:
        if _loaded is None:
            cv2.setNumThreads(1)
            openvino = rapidocr.EngineType.OPENVINO
            engine = rapidocr.RapidOCR(params={**SETTINGS, "Det.engine_type": openvino, "Rec.engine_type": openvino})
            logging.getLogger("RapidOCR").setLevel(logging.ERROR)
            _loaded = (os.getpid(), engine)
        owner, engine = _loaded
    if owner != os.getpid():
        # Going on would wait for ever for threads that are not there.
        raise Unavailable(
            _("The recognition engine was started before its process was forked. Start a fresh worker process.")
        )
    return engine


def _parts(found: Any) -> Iterable[tuple[str, _Quad, float, Sequence[tuple[str, float, _Quad]]]]:
    """Each line's text, quad, confidence and characters; the package hands them over in parallel lists."""
    has_characters = found.word_results is not None and len(found.word_results) == len(found.txts)
    characters = found.word_results if has_characters else ((),) * len(found.txts)
    return zip(found.txts, found.boxes, found.scores, characters, strict=True)


def _line(text: str, quad: _Quad, confidence: float, characters: Sequence[tuple[str, float, _Quad]]) -> TextLine:
    """One line as the archive keeps it."""
    outline = _around(quad)
    is_column = len(text) > 1 and outline.h >= _VERTICAL_RATIO * outline.w
    direction: Direction = "v" if is_column else "h"
    boxes = _character_boxes(text, outline, direction, [(glyph, _around(place)) for glyph, _score, place in characters])
    return TextLine(
        text=text,
        box=Box.around((outline, *boxes)),
        direction=direction,
        confidence=float(confidence),
        characters=boxes,
    )


def _around(quad: _Quad) -> Box:
    """The upright box around four corners; never empty."""
    across, down = [float(corner[0]) for corner in quad], [float(corner[1]) for corner in quad]
    left, top = max(math.floor(min(across)), 0), max(math.floor(min(down)), 0)
    return Box(left, top, max(math.ceil(max(across)) - left, 1), max(math.ceil(max(down)) - top, 1))


def _character_boxes(
    text: str, outline: Box, direction: Direction, found: Sequence[tuple[str, Box]]
) -> tuple[Box, ...]:
    """One box per character of ``text``.

    The engine places every character but white space, which lies between its neighbours. Should its list not fit the
    text, the line is divided evenly.
    """
    if [character for character in text if not character.isspace()] != [glyph for glyph, _box in found]:
        return _evenly(outline, direction, len(text))
    places = iter(box for _glyph, box in found)
    known = [None if character.isspace() else next(places) for character in text]
    boxes: list[Box] = []
    for index, box in enumerate(known):
        if box is None:
            before = boxes[-1] if boxes else None
            after = next((later for later in known[index:] if later is not None), None)
            box = _between(before, after, outline, direction)
        boxes.append(box)
    return tuple(boxes)


def _between(before: Box | None, after: Box | None, outline: Box, direction: Direction) -> Box:
    """The gap between two characters, or between one and the end of its line; at least one pixel."""
    beside = before or after or outline
    if direction == "v":
        start = before.bottom if before else outline.y
        end = after.y if after else outline.bottom
        return Box(beside.x, start, beside.w, max(end - start, 1))
    start = before.right if before else outline.x
    end = after.x if after else outline.right
    return Box(start, beside.y, max(end - start, 1), beside.h)


def _evenly(outline: Box, direction: Direction, count: int) -> tuple[Box, ...]:
    """The outline cut into ``count`` equal parts along the line."""
    length = outline.h if direction == "v" else outline.w
    cuts = [round(length * index / count) for index in range(count + 1)]
    if direction == "v":
        return tuple(Box(outline.x, outline.y + start, outline.w, max(end - start, 1)) for start, end in pairwise(cuts))
    return tuple(Box(outline.x + start, outline.y, max(end - start, 1), outline.h) for start, end in pairwise(cuts))

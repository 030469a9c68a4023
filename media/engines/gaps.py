"""Marks that an engine passes over: the small signs of punctuation of vertical writing, the zero of Chinese numerals.

What is missing leaves a gap: two characters stand two steps apart, and there is ink between them. The gap is looked at
once more with its neighbours, on a level line as it stands; of a column the characters are set upright, side by side,
and the mark in the lower left of its square, as horizontal writing has it. What is now seen in the gap is taken in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from media.engines.strips import Reading, Strip, is_square
from media.engines.vips import Pixels

CELL = 48
"""The side of a cell in a row, in pixels: the height that the engine reads."""

ReadRow = Callable[[Pixels], Reading]
"""Reads a strip of pixels that lies level."""

_FREE = 0.6
_INK = 0.008
_SMALL = 0.62
_BODY = 1.15
_BEFORE = 0.3
_AFTER = 0.1
_MOST_GAPS = 60
_NEIGHBOURS = 2
_LEAN = 0.15
"""A mark may be seen this share of a step before its square begins."""

_SURE_MARK = 0.4
_SURE_CHARACTER = 0.85

_MARKS = frozenset("，。、；：！？…—·「」『』（）〔〕《》〇")
_CLOSING = frozenset("，。、；：！？」』）〕》")
_AS_PRINTED = str.maketrans("○.．,:;!?｡", "〇。。，：；！？。")


@dataclass(frozen=True, slots=True)
class _Gap:
    """A place where a character is missing: before which character of the text, and where its middle is."""

    before: int
    centre: float
    is_end: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """Pixels to be read again, and from where to where each gap reaches in them."""

    pixels: Pixels
    spots: tuple[tuple[_Gap, float, float], ...]


def fill(page: Pixels, strip: Strip, reading: Reading, read_row: ReadRow, usual: float | None = None) -> Reading:
    """The reading with what stands in its gaps; unchanged where there are none or nothing is recognised in them.

    ``usual`` is the step from character to character where the line is too short to tell.
    """
    pitch = reading.pitch or usual
    if not reading.text or pitch is None or pitch < CELL / 6:
        return reading
    cells: list[tuple[_Gap, Pixels]] = []
    for gap in list(_gaps(reading, pitch))[:_MOST_GAPS]:
        cell = _cell_of_gap(page, strip, gap, pitch)
        if cell is not None:
            cells.append((gap, cell))
    if not cells:
        return reading
    rows = [_standing(page, strip, reading, cells, pitch)] if strip.is_column else []
    if not strip.is_column:
        rows = [_stretch(page, strip, reading, gap, pitch) for gap, _cell in cells]
    found: list[tuple[_Gap, str, float]] = []
    for row in rows:
        seen = read_row(row.pixels)
        found += (mark for spot in row.spots if (mark := _mark(seen, *spot)) is not None)
    return _inserted(reading, found)


def row_of(page: Pixels, strip: Strip, centres: Sequence[float], pitch: float, *, is_turned: bool) -> Pixels:
    """Characters of a strip side by side, each a square cell; ``is_turned`` lays each a quarter clockwise."""
    cells = (strip.cut(page, centre - pitch / 2, centre + pitch / 2) for centre in centres)
    return np.ascontiguousarray(np.concatenate([_cell(cell, is_turned) for cell in cells], axis=1))


def _gaps(reading: Reading, pitch: float) -> Iterator[_Gap]:
    text, centres = reading.text, reading.centres
    for place in range(1, len(text)):
        one, two = text[place - 1], text[place]
        if not is_square(one) and not is_square(two):
            continue
        free = centres[place] - centres[place - 1] - pitch * (_width(one) + _width(two)) / 2
        count = round(free / pitch) if free >= _FREE * pitch else 0
        step = (centres[place] - centres[place - 1]) / (count + 1)
        yield from (_Gap(place, centres[place - 1] + step * number, False) for number in range(1, count + 1))
    if is_square(text[-1]) and text[-1] not in _CLOSING:
        yield _Gap(len(text), centres[-1] + pitch, True)


def _width(character: str) -> float:
    """In steps of the line; a Latin letter takes about half of one."""
    return 1.0 if is_square(character) else 0.5


def _standing(page: Pixels, strip: Strip, reading: Reading, gaps: Sequence[tuple[_Gap, Pixels]], pitch: float) -> _Row:
    """The gaps of a column among their neighbours, each in an upright square of its own, side by side."""
    inside: dict[int, list[tuple[_Gap, Pixels]]] = {}
    for gap, cell in gaps:
        inside.setdefault(gap.before, []).append((gap, cell))
    wanted = {
        place
        for gap, _cell in gaps
        for place in range(max(gap.before - _NEIGHBOURS, 0), min(gap.before + _NEIGHBOURS, len(reading.text)))
    }
    cells: list[Pixels] = []
    spots = []
    for place in range(len(reading.text) + 1):
        for gap, cell in inside.get(place, ()):
            spots.append((gap, (len(cells) - _LEAN) * CELL, (len(cells) + 1 - _LEAN) * CELL))
            cells.append(cell)
        if place in wanted:
            centre = reading.centres[place]
            cells.append(_cell(strip.cut(page, centre - pitch / 2, centre + pitch / 2), is_turned=True))
    return _Row(np.ascontiguousarray(np.concatenate(cells, axis=1)), tuple(spots))


def _stretch(page: Pixels, strip: Strip, reading: Reading, gap: _Gap, pitch: float) -> _Row:
    """A gap of a level line with its neighbours, as they stand."""
    first, last = max(gap.before - _NEIGHBOURS, 0), min(gap.before + _NEIGHBOURS, len(reading.text)) - 1
    start = reading.centres[first] - 0.6 * pitch
    end = max(reading.centres[last], gap.centre) + 0.6 * pitch
    spot = gap.centre - start - (0.5 + _LEAN) * pitch
    return _Row(strip.cut(page, start, end), ((gap, spot, spot + pitch),))


def _cell_of_gap(page: Pixels, strip: Strip, gap: _Gap, pitch: float) -> Pixels | None:
    """The gap as a cell of a row; None where there is no ink, or no mark that could stand there."""
    # The engine's places are good to a fraction of a step, and marks stand at the very beginning of their squares.
    start = gap.centre - (0.5 + _BEFORE) * pitch
    window = strip.cut(page, start, gap.centre + (0.5 + _AFTER) * pitch)
    upright = np.ascontiguousarray(np.rot90(window, -1) if strip.is_column else window)
    ink = _ink(upright, strip, _BEFORE * pitch)
    if ink is None:
        return None
    left, top, right, bottom = ink
    is_small = max(right - left, bottom - top) < _SMALL * pitch
    if gap.is_end and not is_small:
        return None
    if strip.is_column and is_small:
        return _lowered(upright, ink, round(pitch))
    return _cell(strip.cut(page, gap.centre - pitch / 2, gap.centre + pitch / 2), strip.is_column)


def _lowered(upright: Pixels, ink: tuple[int, int, int, int], side: int) -> Pixels:
    """A mark of vertical writing where horizontal writing has it: in the lower left of its square."""
    left, top, right, bottom = ink
    mark = upright[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2]
    square = np.empty((side, side, 3), np.uint8)
    square[:] = np.percentile(upright.reshape(-1, 3), 80, axis=0).astype(np.uint8)
    high, wide = min(mark.shape[0], side), min(mark.shape[1], side)
    y, x = max(round(side * 0.92) - high, 0), min(round(side * 0.08), side - wide)
    square[y : y + high, x : x + wide] = mark[:high, :wide]
    return np.asarray(cv2.resize(square, (CELL, CELL)), np.uint8)


def _cell(cut: Pixels, is_turned: bool) -> Pixels:
    """A square of the row: the body of the line, without the white that an outline adds on either side."""
    upright = np.rot90(cut, -1) if is_turned else cut
    axis = 1 if is_turned else 0
    along = cut.shape[1]
    spare = max(cut.shape[0] - round(_BODY * along), 0) // 2
    body = upright.take(range(spare, upright.shape[axis] - spare), axis=axis)
    return np.asarray(cv2.resize(np.ascontiguousarray(body), (CELL, CELL), interpolation=cv2.INTER_AREA), np.uint8)


def _ink(window: Pixels, strip: Strip, first: float) -> tuple[int, int, int, int] | None:
    """The box around the ink in a window, left, top, right, bottom; None where there is none that could be a mark.

    What is cut by the ends of the window belongs to the neighbours, and so does what has its middle before ``first``
    along the line. Specks are no marks.
    """
    dark = cv2.cvtColor(window, cv2.COLOR_BGR2GRAY) <= _threshold(strip)
    count, _labels, stats, middles = cv2.connectedComponentsWithStats(dark.astype(np.uint8))
    high, wide = dark.shape
    least = _INK * min(high, wide) ** 2
    boxes = []
    for (x, y, w, h, area), middle in zip(stats[1:count], middles[1:count], strict=True):
        start, end, length, along = (y, y + h, high, middle[1]) if strip.is_column else (x, x + w, wide, middle[0])
        is_whole = start > 0 and end < length and along >= first
        if area >= least and (is_whole or h * w > 0.3 * high * wide):
            boxes.append((int(x), int(y), int(x + w), int(y + h)))
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _threshold(strip: Strip) -> float:
    """What is not lighter than this on the strip is ink (Otsu)."""
    grey = cv2.cvtColor(strip.pixels, cv2.COLOR_BGR2GRAY)
    threshold, _binary = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(threshold)


def _inserted(reading: Reading, found: Sequence[tuple[_Gap, str, float]]) -> Reading:
    """The reading with the marks found."""
    text, centres, confidences = list(reading.text), list(reading.centres), list(reading.confidences)
    for gap, mark, confidence in sorted(found, key=lambda each: each[0].centre, reverse=True):
        text.insert(gap.before, mark)
        centres.insert(gap.before, gap.centre)
        confidences.insert(gap.before, confidence)
    return Reading("".join(text), tuple(centres), tuple(confidences))


def _mark(seen: Reading, gap: _Gap, start: float, end: float) -> tuple[_Gap, str, float] | None:
    """What was read from ``start`` to ``end``, if it is one character that may stand in the gap."""
    inside = [
        (character.translate(_AS_PRINTED), confidence)
        for character, centre, confidence in zip(seen.text, seen.centres, seen.confidences, strict=True)
        if start <= centre < end and not character.isspace()
    ]
    if len(inside) != 1:
        return None
    character, confidence = inside[0]
    if character in (_CLOSING if gap.is_end else _MARKS):
        return (gap, character, confidence) if confidence >= _SURE_MARK else None
    is_character = is_square(character) and character.isalpha()
    return (gap, character, confidence) if is_character and not gap.is_end and confidence >= _SURE_CHARACTER else None

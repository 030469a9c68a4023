"""Which way up a page lies, told from a few of its lines.

A line that is read backwards makes no sense to the engine; laid the right way round it does. That leaves two cases that
read alike, for the engine reads characters that stand as well as characters that lie on their backs, as those of a
column do once it has been laid level: so some characters are cut out and read both ways. Level lines of standing
characters, and columns of characters that lie on their backs when laid level, are as they should be.
"""

from collections.abc import Callable, Sequence

import numpy as np

from core.text import is_han, simplify
from media.engines.gaps import row_of
from media.engines.recognisers import Turn
from media.engines.strips import Reading, Strip
from media.engines.vips import Pixels

Read = Callable[[Pixels], Reading]

PROBES = 3
"""This many lines are looked at; what was read of them is used again where the page lies upright."""

_IDEAL_LENGTH = 10
_CHARACTERS = 8
_LEGIBLE = 0.8
_CLEARLY_BETTER = 0.12
_SURE = 0.8
_AGREEMENT = 0.5
_ALIKE = frozenset("一二三十口日田王中")
"""Characters that look like another, or like themselves, when turned."""


def probes(strips: Sequence[Strip]) -> list[int]:
    """The numbers of the strips that are looked at: of the prevailing direction, neither very short nor very long."""
    columns = sum(strip.length for strip in strips if strip.is_column)
    is_column = 2 * columns > sum(strip.length for strip in strips)
    fitting = [number for number, strip in enumerate(strips) if strip.is_column == is_column]
    fitting.sort(key=lambda number: abs(strips[number].length / strips[number].thickness - _IDEAL_LENGTH))
    return fitting[:PROBES]


def turn_of(page: Pixels, strips: Sequence[Strip], readings: Sequence[Reading], read: Read) -> Turn:
    """How far the page must be turned clockwise to stand upright, from its probes and what was read of them.

    Without a clear sign the page is taken to be upright.
    """
    if not strips:
        return 0
    is_backward = False
    forward = _mean(readings)
    if forward < _LEGIBLE:
        strips = [_by_half(strip) for strip in strips]
        readings = [read(strip.pixels) for strip in strips]
        is_backward = _mean(readings) > max(forward + _CLEARLY_BETTER, _LEGIBLE)
        if not is_backward:
            return 0
    is_column = strips[0].is_column
    lie = _lie_on_their_backs(page, strips, readings, read)
    half = 180 if is_backward else 0
    if lie is None or lie == is_column:
        return _turn(half)
    # Standing characters in a column: the page was turned clockwise. Lying ones in a level line: against the clock.
    return _turn(half + (270 if is_column else 90))


def _turn(degrees: int) -> Turn:
    turns: tuple[Turn, ...] = (0, 90, 180, 270)
    return turns[degrees % 360 // 90]


def _mean(readings: Sequence[Reading]) -> float:
    weight = sum(len(reading.text) for reading in readings)
    return sum(reading.confidence * len(reading.text) for reading in readings) / weight if weight else 0.0


def _by_half(strip: Strip) -> Strip:
    """The strip turned by half."""
    half = np.array([[-1, 0, strip.length], [0, -1, strip.thickness], [0, 0, 1]], np.float64)
    return Strip(np.ascontiguousarray(np.rot90(strip.pixels, 2)), strip.to_page @ half, strip.is_column)


def _lie_on_their_backs(page: Pixels, strips: Sequence[Strip], readings: Sequence[Reading], read: Read) -> bool | None:
    """Whether the characters lie, their heads to the left, on the level strip; None where that cannot be told."""
    is_likely_lying = strips[0].is_column
    known, rows = _sample(page, strips, readings)
    if not known:
        return None
    if _agreement(known, read(rows[is_likely_lying])) >= _AGREEMENT:
        return is_likely_lying
    return not is_likely_lying if _agreement(known, read(rows[not is_likely_lying])) >= _AGREEMENT else None


def _sample(page: Pixels, strips: Sequence[Strip], readings: Sequence[Reading]) -> tuple[str, dict[bool, Pixels]]:
    """A few characters that were read surely; by whether each is turned by a quarter, their pictures in a row."""
    known = ""
    rows: dict[bool, list[Pixels]] = {False: [], True: []}
    for strip, reading in zip(strips, readings, strict=True):
        pitch = reading.pitch
        sure = [
            place
            for place, (character, confidence) in enumerate(zip(reading.text, reading.confidences, strict=True))
            if is_han(character) and character not in _ALIKE and confidence >= _SURE
        ][: _CHARACTERS - len(known)]
        if pitch is None or not sure:
            continue
        known += "".join(reading.text[place] for place in sure)
        centres = [reading.centres[place] for place in sure]
        for is_turned, row in rows.items():
            row.append(row_of(page, strip, centres, pitch, is_turned=is_turned))
    if not known:
        return "", {}
    return known, {key: np.ascontiguousarray(np.concatenate(row, axis=1)) for key, row in rows.items()}


def _agreement(known: str, found: Reading) -> float:
    """The share of known characters that were read again, whatever else was read."""
    seen = simplify(found.text)
    return sum(character in seen for character in simplify(known)) / len(known)

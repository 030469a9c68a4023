"""What is written into the text fields of the index: the tokens of many levelled texts at once.

The same tokens as `search.analysis.unigrams` and `search.analysis.bigrams` give, kept apart by blanks. Every text of
the archive passes here whenever the index is rebuilt, so all texts of a batch are laid end to end and cut as one array
of characters; text by text it takes several times as long.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.text import HAN_CLASS
from search.analysis import BAR, LONGEST_RUN

Row = tuple[str, str]
"""The unigrams and the bigrams of a text."""

Characters = NDArray[np.uint32]
Places = NDArray[np.bool_]

_ENCODING: Final = "utf-32-le"
_BLANK: Final = ord(" ")
_END: Final = "\n"
"""Between two texts; a levelled text holds none."""

_LONG_RUN: Final = re.compile(rf"([^| \n{HAN_CLASS}]{{{LONGEST_RUN}}})[^| \n{HAN_CLASS}]+")


def of_texts(levelled: Sequence[str]) -> list[Row]:
    """The tokens of each text, in the order given."""
    if not levelled:
        return []
    joined = _LONG_RUN.sub(r"\1", _END.join(levelled)) + _END
    characters = np.frombuffer(joined.encode(_ENCODING), dtype=np.uint32)
    is_han = _han()[characters]
    ends = (characters == _BLANK) | (characters == ord(_END))
    breaks = _breaks(ends, is_letter=~(is_han | ends | (characters == ord(BAR))))
    singles = _text(_spread(characters, breaks))
    pairs = _text(_paired(characters, is_han, breaks)).replace(f" {_END}", _END)
    return list(zip(singles.split(_END)[:-1], pairs.split(_END)[:-1], strict=True))


def _breaks(ends: Places, *, is_letter: Places) -> Places:
    """After which characters a blank is needed: between any two but those of one run and those that have one."""
    breaks = np.zeros(len(ends), dtype=bool)
    breaks[:-1] = ~(is_letter[:-1] & is_letter[1:]) & ~ends[:-1] & ~ends[1:]
    return breaks


def _spread(characters: Characters, breaks: Places) -> Characters:
    """The characters with a blank after each that needs one."""
    places = np.arange(len(characters)) + np.cumsum(breaks) - breaks
    laid = np.full(places[-1] + 1, _BLANK, dtype=np.uint32)
    laid[places] = characters
    return laid


def _paired(characters: Characters, is_han: Places, breaks: Places) -> Characters:
    """The same with pairs in the place of Han characters; the last of a run is in the pair of the one before it."""
    begins = np.zeros(len(characters), dtype=bool)
    begins[:-1] = is_han[:-1] & is_han[1:]
    stays = ~is_han | begins
    stays[1:] |= ~begins[:-1]
    widths = stays.astype(np.int64) + begins + (breaks & stays)
    places = np.cumsum(widths) - widths
    laid = np.full(places[-1] + widths[-1], _BLANK, dtype=np.uint32)
    laid[places[stays]] = characters[stays]
    first = np.flatnonzero(begins)
    laid[places[first] + 1] = characters[first + 1]
    return laid


def _text(characters: Characters) -> str:
    return characters.tobytes().decode(_ENCODING)


@lru_cache(maxsize=1)
def _han() -> NDArray[Any]:  # Any: numpy's own truth values
    """For every code point, whether it is a Han character."""
    known = np.zeros(0x110000, dtype=bool)
    for first, last in re.findall(r"(.)(?:-(.))?", HAN_CLASS):
        known[ord(first) : ord(last or first) + 1] = True
    return known

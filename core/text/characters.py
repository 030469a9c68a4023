"""Which characters are Han, which blanks mean nothing, Traditional to Simplified, and names fit to be stored."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import opencc

HAN_CLASS: Final = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The Han characters, extensions and 〇 included, written for use inside the brackets of a regular expression."""

SOFT_GAP: Final = r"[^\S\n\f\u2029]*+(?:\n[^\S\n\f\u2029]*+)?+"
"""Blanks with at most one line break, or nothing, as a regular expression: beside a Han character they mean nothing."""

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""What a cell begins with that a spreadsheet may take for a formula, half or full width."""

_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_NOT_IN_NAMES: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def simplify(text: str) -> str:
    """Traditional to Simplified by the static table, character by character; the length never changes."""
    return text.translate(SIMPLIFIED)


def is_han(character: str) -> bool:
    """Whether a single character is Han: all extensions, compatibility forms, radicals, 々 and 〇."""
    return "\u4e00" <= character <= "\u9fff" or _HAN.fullmatch(character) is not None


def clean_name(name: str) -> str:
    """An original file name, fit to be stored: NFC, without control characters, marks of direction and half characters.

    Everything else is kept as it came, spaces and signs included. The result is empty when nothing remains.
    """
    return unicodedata.normalize("NFC", _NOT_IN_NAMES.sub("", name))


class _Simplified(dict[int, str]):
    """The static table, filled as characters come: code point to Simplified character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        simple = _converter().convert(character) if is_han(character) else character
        self[code] = simple if len(simple) == 1 else character
        return self[code]


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


SIMPLIFIED: Final = _Simplified()
"""For `str.translate`: code point to Simplified character."""


def inert(cell: str) -> str:
    """A cell of a table that no spreadsheet runs as a formula: an apostrophe stands before what begins like one."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

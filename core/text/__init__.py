"""One way of comparing texts, with the way back to the original; and pinyin for names and titles.

`fold` is the whole analysis of the search: what it makes of a query and of a page is compared character by character,
and the offset map leads from a hit to the characters of the original and so to their boxes on the page image. Stored
texts are never folded, they stay as they were received (NFC).
"""

from core.text.characters import HAN_CLASS, SOFT_GAP, clean_name, inert, is_han, simplify
from core.text.folding import Folded, fold, folded
from core.text.pinyin import SORT_KEY_LENGTH, pinyin_initials, pinyin_sort_key, pinyin_syllables

__all__ = [
    "HAN_CLASS",
    "SOFT_GAP",
    "SORT_KEY_LENGTH",
    "Folded",
    "clean_name",
    "fold",
    "folded",
    "inert",
    "is_han",
    "pinyin_initials",
    "pinyin_sort_key",
    "pinyin_syllables",
    "simplify",
]

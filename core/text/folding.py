"""The folding of texts: one spelling for everything that means the same, and the way back to the original."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.text import numerals
from core.text.characters import SIMPLIFIED
from core.variants import VARIANTS

_IGNORABLE_CLASS: Final = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    "\U000e0000-\U000e0fff"
)
_IGNORABLE: Final = re.compile(f"[{_IGNORABLE_CLASS}]")
_CLUSTERED: Final = "\uffff"  # a code point that never is a character; stands for one that cannot be folded alone
_CLUSTERED_RUN: Final = re.compile(f"[^{_CLUSTERED}]?{_CLUSTERED}+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back.

    ``offsets`` has one entry more than ``text`` has characters: ``offsets[i]`` is the index in the original where the
    character or cluster begins that gave ``text[i]``; the last entry is the length of the original.
    """

    text: str
    offsets: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the original; a cluster (㎡, e + accent, 十二) is taken whole or not."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        first, last = self.offsets[start], self.offsets[end - 1]
        return first, self.offsets[bisect_right(self.offsets, last)] if last < self.offsets[-1] else last


def fold(text: str) -> Folded:
    """Compose (NFC), NFKC, lower case, Traditional to Simplified, variants, numerals; ignorable characters vanish.

    Zero-width characters, soft hyphens, byte order marks, variation selectors and marks of direction are ignorable.
    Which numerals become digits is told in `core.text.numerals`. Folding what is folded changes nothing.
    """
    plain = text.translate(_ALONE)
    one = _by_clusters(text, plain) if _CLUSTERED in plain else Folded(plain, range(len(text) + 1))
    for find in numerals.REWRITING:
        edits = find(one.text)
        if edits:
            one = _rewritten(one, edits)
    return one


def folded(text: str) -> str:
    """The text that `fold` gives, quicker for those who need no way back."""
    plain = text.translate(_ALONE)
    if _CLUSTERED in plain:
        return fold(text).text
    for find in numerals.REWRITING:
        for start, end, digits in reversed(find(plain)):
            plain = plain[:start] + digits + plain[end:]
    return plain


class _Alone(dict[int, str]):
    """Code point to folded character, or to the mark of those that need their neighbours or give several."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        piece = _fold_cluster(character)
        self[code] = piece if len(piece) == 1 and not _continues(character) else _CLUSTERED
        return self[code]


def _by_clusters(text: str, plain: str) -> Folded:
    """Fold the clusters that are marked in ``plain``; everything else stands there folded."""
    pieces: list[str] = []
    offsets: list[int] = []
    done = 0
    for run in _CLUSTERED_RUN.finditer(plain):
        pieces.append(plain[done : run.start()])
        offsets.extend(range(done, run.start()))
        for begin, cluster in _clusters(text, run.start(), run.end()):
            piece = _fold_cluster(cluster)
            pieces.append(piece)
            offsets.extend([begin] * len(piece))
        done = run.end()
    pieces.append(plain[done:])
    offsets.extend(range(done, len(text) + 1))
    return Folded("".join(pieces), tuple(offsets))


def _rewritten(one: Folded, edits: Sequence[numerals.Edit]) -> Folded:
    """The same with each numeral, now one cluster, replaced by its digits."""
    pieces: list[str] = []
    offsets: list[int] = []
    done = 0
    for start, end, digits in edits:
        pieces += one.text[done:start], digits
        offsets.extend(one.offsets[done:start])
        offsets.extend([one.offsets[start]] * len(digits))
        done = end
    pieces.append(one.text[done:])
    offsets.extend(one.offsets[done:])
    return Folded("".join(pieces), tuple(offsets))


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str) -> str:
    """Fold a character together with the marks that belong to it."""
    composed = unicodedata.normalize("NFKC", _IGNORABLE.sub("", cluster))
    lowered = unicodedata.normalize("NFKC", composed.lower())
    return "".join(_settle(character) for character in lowered)


def _settle(character: str) -> str:
    """Follow the table and the variants until nothing changes (薴 → 苧 → 苎)."""
    simple = SIMPLIFIED[ord(character)]
    simple = VARIANTS.get(simple, simple)
    return character if simple == character else _settle(simple)


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Cut ``text[start:end]`` where composition cannot reach across."""
    begin = start
    for position in range(start + 1, end):
        if not _continues(text[position]):
            yield begin, text[begin:position]
            begin = position
    yield begin, text[begin:end]


@lru_cache(maxsize=4096)
def _continues(character: str) -> bool:
    """Whether a character may melt into the one before it."""
    if _IGNORABLE.match(character):
        return True
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.combining(first) != 0 or first in _second_halves()


@lru_cache(maxsize=1)
def _second_halves() -> frozenset[str]:
    """The characters that compose with a character before them: the second of every canonical pair, and Hangul jamo."""
    decompositions = (unicodedata.decomposition(chr(code)).split() for code in range(0xC0, 0x30000))
    pairs = {chr(int(parts[1], 16)) for parts in decompositions if len(parts) == 2 and not parts[0].startswith("<")}
    jamo = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    return frozenset(pairs | jamo)


_ALONE: Final = _Alone()

"""A language that nobody speaks, with the uneven frequencies of a real one, from a seed.

Words of two to four characters follow a Zipf-like distribution; terms of the cooperation are strewn among them at
known rates, so that questions can be asked that match many, some or few records.
"""

import itertools
import random
from functools import lru_cache
from typing import Final

SEED: Final = 1996

TERMS: Final = {
    "闽宁协作": 0.2,
    "移民搬迁": 0.05,
    "葡萄酒": 0.02,
    "菌草技术": 0.01,
    "联席会议": 0.01,
    "对口帮扶": 0.005,
    "井窖工程": 0.001,
    "白内障": 0.0002,
}
"""Terms and the share of texts that have them."""

_CHARACTERS: Final = 2_500
_WORDS: Final = 8_000
_DRAWN: Final = 10_000
"""Words drawn at a time."""


class Speaker:
    """Somebody who says the same after the same seed."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self._words, self._cumulative = _vocabulary()
        self._drawn: list[str] = []
        self._said = 0

    def phrase(self, words: int) -> str:
        """So many words without a break."""
        if self._said + words > len(self._drawn):
            self._drawn = self.chance.choices(self._words, cum_weights=self._cumulative, k=_DRAWN)
            self._said = 0
        self._said += words
        return "".join(self._drawn[self._said - words : self._said])

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included, each equally likely."""
        return least + int(self.chance.random() * (most - least + 1))

    def sentence(self) -> str:
        """One to three clauses, now and then after a year."""
        year = f"{self.between(1996, 2025)}年" if self.chance.random() < 0.3 else ""
        clauses = [self.phrase(self.between(2, 6)) for _clause in range(self.between(1, 3))]
        return f"{year}{'，'.join(clauses)}。"

    def prose(self, sentences: int) -> str:
        """Sentences, and those of the terms that chance gives."""
        parts = [self.sentence() for _sentence in range(sentences)]
        for term, share in TERMS.items():
            if self.chance.random() < share:
                parts.insert(self.between(0, len(parts)), f"{term}{self.phrase(2)}。")
        return "".join(parts)


@lru_cache(maxsize=1)
def _vocabulary() -> tuple[list[str], list[float]]:
    """The words, and their cumulative weights."""
    chance = random.Random(SEED)
    # A stretch of common characters: the block of CJK characters in steps, the same everywhere.
    characters = [chr(code) for code in range(0x4E00, 0x9FA0, (0x9FA0 - 0x4E00) // _CHARACTERS)]
    lengths = chance.choices((2, 3, 4), weights=(70, 20, 10), k=_WORDS)
    words = ["".join(chance.choices(characters, k=length)) for length in lengths]
    return words, list(itertools.accumulate(1 / (rank + 5) for rank in range(_WORDS)))

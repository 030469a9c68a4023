"""Hits in the original text: snippets, highlights, and boxes on the page image.

Made by the application from the stored text, so every engine shows the same. Texts are cut, never returned whole.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec

from core import text
from media.lines import Box
from search import analysis, planning, query
from search.analysis import Finder, Span
from search.query import Area, Phrase, Tree
from search.results import Snippet

BEFORE: Final = 24
"""Characters shown before the first hit."""

LONGEST: Final = 110
"""Characters of a snippet, signs of omission aside."""

OMISSION: Final = "…"

_BREAK: Final = re.compile(r"\s*[\n\r\f\u2029]+\s*")


class _Line(msgspec.Struct, gc=False):
    """What a search needs of a stored line; the boxes of its characters stay packed until a hit stands in it."""

    text: str
    characters: msgspec.Raw
    block: int = 0


_LINES: Final = msgspec.json.Decoder(list[_Line])


@dataclass(frozen=True, slots=True)
class Matcher:
    """What finds the phrases of one query in an original text, exactly where the index finds them.

    An approximate matcher forgives wrong characters in phrases that are long enough.
    """

    finders: Mapping[Phrase, Finder]

    def spans(self, original: str) -> list[Span]:
        """Where any of the phrases stands, in order; phrases that overlap make one span."""
        return analysis.spans(original, self.finders.values())

    def on_page(self, original: str) -> list[Span]:
        """The same for the text of a page, where only some of the phrases are sought."""
        finders = [one for phrase, one in self.finders.items() if phrase.area in {Area.ANYWHERE, Area.TEXT}]
        return analysis.spans(original, finders)

    def met(self, original: str) -> set[Phrase]:
        """The phrases that occur."""
        folded = text.fold(original).text
        return {phrase for phrase, one in self.finders.items() if one(folded)}


def matcher(tree: Tree, *, approximate: bool = False) -> Matcher:
    """The matcher of a query."""
    return Matcher({phrase: _finder(phrase, approximate) for phrase in query.phrases(tree)})


def cut(original: str, spans: Sequence[Span]) -> Snippet:
    """A piece of a text around its first hit, with all hits in it marked; line breaks become blanks or vanish."""
    start = max(0, spans[0][0] - BEFORE) if spans else 0
    end = min(len(original), start + LONGEST)
    if spans:
        end = max(end, min(spans[0][1], start + 2 * LONGEST))
    runs = _runs(original, [(max(a, start), min(b, end)) for a, b in spans if a < end and b > start], start, end)
    before = [(OMISSION, False)] if start > 0 else []
    after = [(OMISSION, False)] if end < len(original) else []
    return tuple(_without_breaks([*before, *runs, *after]))


def whole(original: str, spans: Sequence[Span]) -> Snippet:
    """A short text, such as a title, in full with its hits marked."""
    return tuple(_without_breaks(_runs(original, spans, 0, len(original))))


def boxes(stored: str, spans: Iterable[Span]) -> list[Box]:
    """Where the spans of a page's text stand on its image: one box for each line that a span touches, in order.

    ``stored`` is the JSON of the page's lines. Only the lines that are touched are unpacked; a page has some thousand
    characters, a hit a few.
    """
    kept = _LINES.decode(stored)
    offsets = _offsets(kept)
    found: list[Box] = []
    for start, end in spans:
        for line, offset in zip(kept, offsets, strict=True):
            first, last = max(start - offset, 0), min(end - offset, len(line.text))
            if first < last:
                found.append(Box.around(Box(*box) for box in msgspec.json.decode(line.characters)[first:last]))
    return found


def _finder(phrase: Phrase, approximate: bool) -> Finder:
    errors = planning.allowed_errors(phrase) if approximate else 0
    if errors:
        return partial(analysis.nearly, phrase.tokens, errors)
    if phrase.is_prefix:
        return partial(analysis.beginning, phrase.tokens[0])
    if not phrase.others:
        return partial(analysis.exactly, phrase.tokens)
    return partial(_any_of, (phrase.tokens, *phrase.others))


def _any_of(rows: Iterable[tuple[str, ...]], folded: str) -> list[Span]:
    return [span for row in rows for span in analysis.exactly(row, folded)]


def _runs(original: str, spans: Iterable[Span], start: int, end: int) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    done = start
    for first, last in spans:
        runs += [(original[done:first], False), (original[first:last], True)]
        done = last
    runs.append((original[done:end], False))
    return [(piece, is_hit) for piece, is_hit in runs if piece]


def _without_breaks(runs: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Line breaks vanish beside Han characters and become blanks elsewhere, as the text is read."""
    return [(_BREAK.sub(_bridge, piece), is_hit) for piece, is_hit in runs]


def _bridge(gap: re.Match[str]) -> str:
    before, after = gap.string[gap.start() - 1 : gap.start()], gap.string[gap.end() : gap.end() + 1]
    beside_latin = (not before or before.isascii()) and (not after or after.isascii())
    return " " if beside_latin else ""


def _offsets(kept: Sequence[_Line]) -> list[int]:
    """Where each line begins in the text that `media.lines.join` makes."""
    offsets: list[int] = []
    end, block = 0, None
    for line in kept:
        if block is not None:
            end += 1 if line.block == block else 2
        offsets.append(end)
        end += len(line.text)
        block = line.block
    return offsets

"""Hits on a page: put together from boxes, and drawn into the lines of its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.models import Reader, Record
from media.lines import Box, TextLine, from_json
from media.models import PageText
from search import finding


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that answers the query, counted from 1 through the whole unit.

    A hit that runs over a line break has several boxes; one on a page whose image may not be seen has none, but the
    ``words`` that were found.
    """

    number: int
    page: int
    boxes: Sequence[Box]
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, marked or not."""

    text: str
    is_hit: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its text in stretches, and whether it lies in the region that was asked for."""

    spans: Sequence[Span]
    is_cited: bool


def find(record: Record, q: str, reader: Reader) -> list[Hit]:
    """Every place in a unit that answers the query, in page order; none for an empty query."""
    if not q.strip():
        return []
    pages = finding.find_in_record(record, q, reader)
    lines = _lines_of([page.page.pk for page in pages])
    longest = max(len(word) for word in q.split())
    found: list[tuple[int, list[Box], list[str]]] = []
    for page in pages:
        found += [(page.number, boxes, []) for boxes in _whole(page.boxes, lines.get(page.page.pk, []), longest)]
        if not page.boxes:
            found.append((page.number, [], [text for text, is_hit in page.snippet if is_hit]))
    return [Hit(order, number, boxes, words) for order, (number, boxes, words) in enumerate(found, 1)]


def _lines_of(pages: Sequence[int]) -> dict[int, list[TextLine]]:
    rows = PageText.objects.filter(is_current=True, page__in=pages).values_list("page", "lines")
    return {page: from_json(lines) for page, lines in rows}


def _whole(boxes: Sequence[Box], lines: Sequence[TextLine], longest: int) -> list[list[Box]]:
    """Boxes put together to hits.

    Two boxes are one hit, cut by a line break, where the first ends its line, the second begins the next one, and
    both together are no longer than the longest word of the query.
    """
    found: list[list[Box]] = []
    before: _Stretch | None = None
    for box in boxes:
        here = _stretch(box, lines)
        if before is not None and here is not None and here.continues(before, longest):
            found[-1].append(box)
            before = _Stretch(here.line, here.first, here.last, here.is_to_the_end, before.length + here.length)
        else:
            found.append([box])
            before = here
    return found


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The characters of a line that a box holds; ``length`` counts those of the lines before, too."""

    line: int
    first: int
    last: int
    is_to_the_end: bool
    length: int

    def continues(self, before: "_Stretch", longest: int) -> bool:
        """Whether this is the rest of what the line before began."""
        adjoins = self.line == before.line + 1 and self.first == 0 and before.is_to_the_end
        return adjoins and before.length + self.length <= longest


def _stretch(box: Box, lines: Sequence[TextLine]) -> _Stretch | None:
    for number, line in enumerate(lines):
        if _overlap(box, line.box):
            held = [place for place, character in enumerate(line.characters) if _holds_middle(box, character)]
            if held:
                return _Stretch(number, held[0], held[-1], held[-1] == len(line.text) - 1, len(held))
    return None


def blocks(lines: Sequence[TextLine], hits: Sequence[Hit], current: Hit | None, region: Box | None) -> list[list[Line]]:
    """The lines of a page, block by block, with the hits and the cited region marked in them."""
    return [
        [_line(line, hits, current, region) for line in group]
        for _number, group in groupby(lines, key=lambda line: line.block)
    ]


def _line(line: TextLine, hits: Sequence[Hit], current: Hit | None, region: Box | None) -> Line:
    touching = [hit for hit in hits if not hit.boxes or any(_overlap(box, line.box) for box in hit.boxes)]
    return Line(list(_spans(line, touching, current)), region is not None and _holds_middle(region, line.box))


def _spans(line: TextLine, hits: Sequence[Hit], current: Hit | None) -> Iterator[Span]:
    """The line cut where a hit begins or ends."""
    owners = _owners(line, hits)
    for owner, group in groupby(zip(line.text, owners, strict=True), lambda pair: pair[1]):
        text = "".join(character for character, _owner in group)
        yield Span(text, owner is not None, owner is not None and owner == current)


def _owners(line: TextLine, hits: Sequence[Hit]) -> list[Hit | None]:
    """For every character the hit it belongs to: the one whose box holds its middle, or whose words it stands in."""
    owners = [
        next((hit for hit in hits if any(_holds_middle(box, character) for box in hit.boxes)), None)
        for character in line.characters
    ]
    for owner, word in ((hit, word) for hit in hits for word in hit.words if word):
        start = line.text.find(word)
        while start >= 0:
            owners[start : start + len(word)] = [owner] * len(word)
            start = line.text.find(word, start + len(word))
    return owners


def _overlap(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def _holds_middle(outer: Box, inner: Box) -> bool:
    x, y = inner.x + inner.w / 2, inner.y + inner.h / 2
    return outer.x <= x < outer.right and outer.y <= y < outer.bottom

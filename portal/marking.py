"""Hits on a page: put together from boxes, and drawn into the lines of its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archive.models import Reader, Record
from media import stretches
from media.lines import Box, TextLine
from media.models import PageText
from media.stretches import Quote
from search import finding


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that answers the query, counted from 1 through the whole unit.

    A hit that runs over a line break has several boxes; one on a page whose image may not be seen has none, but the
    ``words`` that were found. ``quote`` is how the text has it, for lists.
    """

    number: int
    page: int
    boxes: Sequence[Box]
    words: Sequence[str] = ()
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text, marked or not."""

    text: str
    is_hit: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its text in stretches, and whether it lies in the region that was asked for.

    ``number`` counts from 1 through the page; ``box`` is its place on the image.
    """

    spans: Sequence[Span]
    is_cited: bool
    number: int
    box: Box


def find(record: Record, q: str, reader: Reader) -> list[Hit]:
    """Every place in a unit that answers the query, in page order; none for an empty query."""
    if not q.strip():
        return []
    pages = finding.find_in_record(record, q, reader)
    lines = _lines_of([page.page.pk for page in pages])
    longest = max(len(word) for word in q.split())
    found: list[tuple[int, list[Box], list[str], Quote | None]] = []
    for page in pages:
        here = lines.get(page.page.pk, [])
        for boxes in stretches.grouped(page.boxes, here, longest):
            found.append((page.number, boxes, [], _quote(boxes, here)))
        if not page.boxes:
            found.append((page.number, [], [text for text, is_hit in page.snippet if is_hit], None))
    return [Hit(order, number, boxes, words, quote) for order, (number, boxes, words, quote) in enumerate(found, 1)]


def _lines_of(pages: Sequence[int]) -> dict[int, list[TextLine]]:
    rows = PageText.objects.filter(is_current=True, page__in=pages).only("page_id", "lines", "public_lines")
    return {row.page_id: row.open_lines() for row in rows}


def _quote(boxes: Sequence[Box], lines: Sequence[TextLine]) -> Quote | None:
    held = [found for box in boxes if (found := stretches.stretch(box, lines))]
    return stretches.quote(held, lines) if held else None


def blocks(lines: Sequence[TextLine], hits: Sequence[Hit], current: Hit | None, region: Box | None) -> list[list[Line]]:
    """The lines of a page, block by block, with the hits and the cited region marked in them."""
    return [
        [_line(number, line, hits, current, region) for number, line in group]
        for _block, group in groupby(enumerate(lines, 1), key=lambda pair: pair[1].block)
    ]


def _line(number: int, line: TextLine, hits: Sequence[Hit], current: Hit | None, region: Box | None) -> Line:
    touching = [hit for hit in hits if not hit.boxes or any(_overlap(box, line.box) for box in hit.boxes)]
    is_cited = region is not None and _holds_middle(region, line.box)
    return Line(list(_spans(line, touching, current)), is_cited, number, line.box)


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

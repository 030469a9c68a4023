"""A page under composition: ink on white paper, and the true text of every line with its box."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image, ImageDraw

from sample.make.texts import Block, Sentence
from sample.make.type import Line, face_of, font

WIDTH, HEIGHT = 2480, 3508
INK = (34, 32, 36)
RED = (190, 30, 36)
# Vertical type turns these marks; the character stays the same.
VERTICAL_FORMS = str.maketrans("〔〕（）《》「」『』—", "︹︺︵︶︽︾﹁﹂﹃﹄︱")


@dataclass(slots=True)
class PlacedLine:
    """A line of true text and where its ink lies: (x, y, width, height) in pixels."""

    text: str
    box: tuple[float, float, float, float]
    direction: str
    kind: str
    block: int
    facts: list[str]
    sources: list[str]
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Part:
    """What one sentence occupies of a line."""

    sentence: int
    text: str
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Page:
    """An A4 page at 300 dpi and the lines drawn on it so far, in reading order."""

    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT), "white"))
    lines: list[PlacedLine] = field(default_factory=list)
    blocks: int = 0
    cited: dict[tuple[int, int], Sentence] = field(default_factory=dict)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """What draws on the page."""
        return ImageDraw.Draw(self.image)

    def next_block(self) -> int:
        """Number a new block of text."""
        self.blocks += 1
        return self.blocks

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, *, weight: int, colour: tuple[int, int, int] = INK
    ) -> None:
        """Draw a straight rule."""
        self.pen.line([(x0, y0), (x1, y1)], fill=colour, width=weight)

    def words(
        self,
        text: str,
        x: float,
        y: float,
        *,
        face: str,
        size: int,
        kind: str,
        centre: bool = False,
        colour: tuple[int, int, int] = INK,
        spacing: float = 0.0,
    ) -> None:
        """Draw one line of words that cites nothing; with ``centre``, ``x`` is the middle."""
        letters = font(face, size)
        total = sum(letters.getlength(char) for char in text) + spacing * (len(text) - 1)
        start = x - total / 2 if centre else x
        position = start
        if spacing:
            for char in text:
                self.pen.text((position, y), char, font=letters, fill=colour, anchor="ls")
                position += letters.getlength(char) + spacing
        else:
            total = letters.getlength(text)
            start = x - total / 2 if centre else x
            self.pen.text((start, y), text, font=letters, fill=colour, anchor="ls")
        box = (start, y - size * 0.9, total, size * 1.06)
        self.lines.append(PlacedLine(text, box, "h", kind, self.next_block(), [], []))

    def horizontal(self, line: Line, x: float, baseline: float, *, face: str, kind: str, block: int, of: Block) -> None:
        """Draw a set line with its left edge at ``x``."""
        for token, start in zip(line.tokens, line.starts, strict=True):
            self.pen.text(
                (x + start, baseline), token.text, font=font(face_of(token, face), token.size), fill=INK, anchor="ls"
            )
        size = max(token.size for token in line.tokens)
        first = line.starts[0]
        box = (x + first, baseline - size * 0.9, line.length - first, size * 1.06)
        parts = [
            Part(number, text, (x + begin, box[1], end - begin, box[3]))
            for number, text, begin, end in line.parts(face)
        ]
        self._keep(line.text, box, "h", kind, block, parts, of)

    def vertical(self, line: Line, centre: float, y: float, *, face: str, kind: str, block: int, of: Block) -> None:
        """Draw a set line downwards with its axis at ``centre``."""
        size = max(token.size for token in line.tokens)
        for token, start in zip(line.tokens, line.starts, strict=True):
            for number, char in enumerate(token.text):
                at = y + start + number * token.size
                self._upright(char, centre, at, face_of(token, face), token.size)
        box = (centre - size * 0.53, y + line.starts[0], size * 1.06, line.length - line.starts[0])
        parts = [
            Part(number, text, (box[0], y + begin, box[2], end - begin))
            for number, text, begin, end in line.parts(face, vertical=True)
        ]
        self._keep(line.text, box, "v", kind, block, parts, of)

    def keep_row(self, text: str, box: tuple[float, float, float, float], row: Block) -> None:
        """Keep the true text of a table row, whose cells are drawn already."""
        self._keep(text, box, "h", row.kind, self.next_block(), [Part(0, text, box)], row)

    def _upright(self, char: str, centre: float, top: float, face: str, size: int) -> None:
        x, y = centre - size / 2, top + size * 0.88
        if char in "，。、；：！？":
            # These stand in the upper right of their square in vertical type.
            x, y = x + size * 0.5, y - size * 0.5
        self.pen.text((x, y), char.translate(VERTICAL_FORMS), font=font(face, size), fill=INK, anchor="ls")

    def _keep(
        self,
        text: str,
        box: tuple[float, float, float, float],
        direction: str,
        kind: str,
        block: int,
        parts: list[Part],
        of: Block,
    ) -> None:
        self.cited.update({(block, part.sentence): of.sentences[part.sentence] for part in parts})
        facts = [fact for part in parts for fact in of.sentences[part.sentence].facts]
        sources = [source for part in parts for source in of.sentences[part.sentence].sources]
        self.lines.append(
            PlacedLine(
                text.strip(),
                box,
                direction,
                kind,
                block,
                list(dict.fromkeys(facts)),
                list(dict.fromkeys(sources)),
                parts,
            )
        )

"""Set running text into justified lines, horizontally or vertically.

Measures are pixels at 300 dpi. Lines follow the Chinese rules of composition: no closing punctuation at the head of a
line, no opening bracket at its end; Latin words, numbers and source marks are not divided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from PIL import ImageFont

from sample.make.texts import Block, mark

FONTS = {
    "song": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Medium.ttc", 2),
    "song-bold": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 2),
    "song-black": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Black.ttc", 2),
    "ming": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Medium.ttc", 3),
    "ming-bold": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc", 3),
    "hei": ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    "hei-bold": ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 2),
    "kai": ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf", 0),
    "kai-bold": ("/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Bold.ttf", 0),
}
_TOKEN = re.compile(r"〔[^〕]*〕|[A-Za-z0-9][A-Za-z0-9.,:%/+-]*|\s+|.", re.S)
_NOT_FIRST = "，。、；：？！）》」』”’％%〕—…·"
_NOT_LAST = "（《「『“‘〔"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece that is not divided: a character, a word, a number or a source mark."""

    text: str
    sentence: int
    size: int

    @property
    def is_mark(self) -> bool:
        """Whether this is a source mark."""
        return len(self.text) > 1 and self.text.startswith("〔")


@dataclass(frozen=True, slots=True)
class Line:
    """One set line: its tokens, where each begins along the line, its length and what it cites."""

    tokens: tuple[Token, ...]
    starts: tuple[float, ...]
    length: float

    @property
    def text(self) -> str:
        """The text of the line exactly as it is drawn."""
        return "".join(token.text for token in self.tokens)

    def parts(self, face: str, *, vertical: bool = False) -> list[tuple[int, str, float, float]]:
        """Per sentence on this line: its number, its words here, where they begin and end along the line."""
        found: dict[int, tuple[str, float, float]] = {}
        for token, start in zip(self.tokens, self.starts, strict=True):
            end = start + width(token, face, vertical=vertical)
            text, begin, _ = found.get(token.sentence, ("", start, end))
            found[token.sentence] = (text + token.text, begin, end)
        return [(number, text, begin, end) for number, (text, begin, end) in found.items()]


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """The open font behind ``face`` (see ``sample/README.md`` for the packages) at ``size`` pixels."""
    path, index = FONTS[face]
    return ImageFont.truetype(path, size, index=index)


def width(token: Token, face: str, *, vertical: bool) -> float:
    """The advance of a token along its line."""
    if vertical:
        return token.size * float(len(token.text))
    return font(face_of(token, face), token.size).getlength(token.text)


def face_of(token: Token, face: str) -> str:
    """Source marks are set in sans, whose small brackets survive ageing and recognition best."""
    return "hei" if token.is_mark else face


def tokens_of(block: Block, size: int, *, style: str, mark_scale: float) -> list[Token]:
    """The tokens of a block, source marks behind each sentence."""
    found: list[Token] = []
    for number, sentence in enumerate(block.sentences):
        pieces = sentence.text + "".join(mark(source, style) for source in sentence.sources)
        for piece in _TOKEN.findall(pieces):
            small = len(piece) > 1 and piece.startswith("〔")
            found.append(Token(piece, number, round(size * mark_scale) if small else size))
    return found


def set_lines(
    tokens: list[Token], face: str, measure: float, *, indent: float, vertical: bool = False, justify: bool = True
) -> list[Line]:
    """Break tokens into lines of at most ``measure``; every line but the last is spread to the full measure."""
    lines: list[Line] = []
    rest = list(tokens)
    first = True
    while rest:
        room = measure - (indent if first else 0)
        count = _fit(rest, face, room, vertical=vertical)
        taken, rest = rest[:count], rest[count:]
        lines.append(
            _spread(taken, face, room, offset=indent if first else 0, vertical=vertical, full=justify and bool(rest))
        )
        first = False
    return lines


def _fit(tokens: list[Token], face: str, room: float, *, vertical: bool) -> int:
    used = 0.0
    count = 0
    for token in tokens:
        used += width(token, face, vertical=vertical)
        if used > room and count:
            break
        count += 1
    if count == len(tokens):
        return count
    while count > 1 and (tokens[count].text in _NOT_FIRST or tokens[count - 1].text in _NOT_LAST):
        count -= 1
    return count


def _spread(tokens: list[Token], face: str, room: float, *, offset: float, vertical: bool, full: bool) -> Line:
    widths = [width(token, face, vertical=vertical) for token in tokens]
    slack = room - sum(widths)
    gap = slack / (len(tokens) - 1) if full and len(tokens) > 1 and slack > 0 else 0.0
    starts: list[float] = []
    position = offset
    for advance in widths:
        starts.append(position)
        position += advance + gap
    end = position - gap if tokens else position
    return Line(tuple(tokens), tuple(starts), end)

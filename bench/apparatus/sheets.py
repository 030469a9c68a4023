"""Hard pages with their true text, drawn anew from a seed: skewed, noisy, newspapers, vertical, tables, turned.

The words are those of the sample's texts, in another order. The fonts come from Debian packages (see
``sample/README.md``); the ageing is the sample's own.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import opencc
from PIL import Image

from sample.make.age import Ageing, age
from sample.make.page import HEIGHT, WIDTH, Page
from sample.make.texts import Block, Sentence, read_sheets
from sample.make.type import Line, font, set_lines, tokens_of

Pixels = npt.NDArray[np.uint8]

_CLEAN = Ageing(skew=0.0, paper=(246, 245, 241), noise=1.6, blur=0.6, stains=0)
_MARGIN = 230
_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_TRADITIONAL = opencc.OpenCC("s2t")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page image (rows × columns × red, green, blue), what kind of page it is, and its text in reading order."""

    name: str
    kind: str
    pixels: Pixels
    text: str


@dataclass(slots=True)
class _Desk:
    """A page under composition, chance, and sentences that have not been used yet."""

    page: Page
    chance: random.Random
    sentences: Iterator[str]

    def text(self, length: int) -> str:
        """Whole sentences of at least so many characters together."""
        taken = ""
        while len(taken) < length:
            taken += next(self.sentences)
        return taken


def make(seed: int = 20) -> Iterator[Sheet]:
    """All sheets; the same seed gives the same pixels."""
    for number, (name, kind, compose, ageing, quarter) in enumerate(_KINDS):
        chance = random.Random(f"{seed}/{name}")
        desk = _Desk(Page(), chance, _shuffled(chance))
        compose(desk)
        scan, _turn = age(desk.page.image, ageing, seed=seed * 100 + number)
        pixels = np.asarray(scan.convert("RGB"), np.uint8)
        # A page that must be turned clockwise by 90 degrees was laid on the glass a quarter against the clock.
        turned = np.ascontiguousarray(np.rot90(pixels, quarter // 90))
        yield Sheet(name, kind, turned, "\n".join(line.text for line in desk.page.lines))


def _shuffled(chance: random.Random) -> Iterator[str]:
    blocks = [block for sheet in read_sheets() for page in sheet.pages for block in page]
    found = [sentence.text for block in blocks if block.kind == "paragraph" for sentence in block.sentences]
    while True:
        yield from chance.sample(found, len(found))


def _block(text: str) -> Block:
    return Block("paragraph", (Sentence(text, (), ()),))


def _paragraph(
    desk: _Desk, text: str, x: float, y: float, measure: float, *, size: int, pitch: float, face: str
) -> float:
    """Set a paragraph with its first line one step below ``y``; where its last line stands."""
    block = _block(text)
    number = desk.page.next_block()
    for line in set_lines(tokens_of(block, size, style="plain", mark_scale=0.8), face, measure, indent=size * 2):
        y += size * pitch
        desk.page.horizontal(line, x, y, face=face, kind="text", block=number, of=block)
    return y


def _title(desk: _Desk, middle: float, y: float, *, size: int, most: int, face: str = "hei-bold") -> None:
    words = desk.text(30).replace("，", "").replace("。", "").replace("、", "")[: desk.chance.randint(most - 4, most)]
    desk.page.words(words.strip("“”《》：；（）"), middle, y, face=face, size=size, kind="title", centre=True)


def _prose(desk: _Desk, *, face: str = "song", size: int = 62) -> None:
    _title(desk, WIDTH / 2, 420, size=92, most=16)
    y = 500.0
    while y < HEIGHT - 900:
        y = _paragraph(desk, desk.text(150), _MARGIN, y, WIDTH - 2 * _MARGIN, size=size, pitch=1.75, face=face) + 12


def _letter(desk: _Desk) -> None:
    red = (190, 30, 36)
    desk.page.words("公开资料摘编", WIDTH / 2, 520, face="song-black", size=170, kind="title", centre=True, colour=red)
    desk.page.words("摘编〔2020〕7号", WIDTH / 2, 690, face="song", size=60, kind="note", centre=True)
    desk.page.rule(250, 745, WIDTH - 250, 752, weight=11, colour=red)
    _title(desk, WIDTH / 2, 930, size=84, most=18, face="song-bold")
    y = 990.0
    for _number in range(3):
        y = _paragraph(desk, desk.text(130), 285, y, WIDTH - 570, size=64, pitch=1.75, face="kai") + 8
    desk.page.words("某某协作办公室", WIDTH - 800, y + 230, face="kai", size=64, kind="note")
    desk.page.words("2020年8月6日", WIDTH - 740, y + 350, face="kai", size=64, kind="note")


def _newspaper(columns: int) -> Callable[[_Desk], None]:
    def compose(desk: _Desk) -> None:
        page = desk.page
        page.words("公开资料摘编样刊", 200, 320, face="song-black", size=120, kind="title", spacing=14)
        page.words("不是正式报纸", WIDTH - 560, 310, face="song", size=46, kind="note")
        page.rule(170, 380, WIDTH - 170, 380, weight=8)
        size = 56 - 4 * columns
        bottom = _article(desk, 180, 400, WIDTH - 360, columns, size=size, lines=18, title=96)
        page.rule(180, bottom + 40, WIDTH - 180, bottom + 40, weight=4)
        left = columns // 2
        share = (WIDTH - 360) * left / columns
        gutter = 30
        one = _article(desk, 180, bottom + 60, share - gutter, left, size=size, lines=20, title=68)
        two = _article(
            desk,
            180 + share + gutter,
            bottom + 60,
            WIDTH - 360 - share - gutter,
            columns - left,
            size=size,
            lines=20,
            title=68,
        )
        page.rule(180 + share, bottom + 70, 180 + share, max(one, two), weight=3)

    return compose


def _article(
    desk: _Desk, x: float, y: float, width: float, columns: int, *, size: int, lines: int, title: int
) -> float:
    """A title across and equal columns below it; where the longest column ends."""
    most = max(min(int(width / title) - 1, 18), 5)
    _title(desk, x + width / 2, y + title * 1.35, size=title, most=most)
    top = y + title * 1.6
    gutter = 46.0
    measure = (width - gutter * (columns - 1)) / columns
    wanted, step = lines * columns, size * 1.5
    rows: list[tuple[Block, int, Line]] = []
    while len(rows) < wanted:
        block = _block(desk.text(110))
        number = desk.page.next_block()
        tokens = tokens_of(block, size, style="plain", mark_scale=0.8)
        rows += [(block, number, line) for line in set_lines(tokens, "song", measure, indent=size * 2)]
    for place, (block, number, line) in enumerate(rows[:wanted]):
        column, row = divmod(place, lines)
        at = x + column * (measure + gutter), top + (row + 1) * step
        desk.page.horizontal(line, *at, face="song", kind="text", block=number, of=block)
    for column in range(1, columns):
        middle = x + column * (measure + gutter) - gutter / 2
        if desk.chance.random() < 0.6:
            desk.page.rule(middle, top + 20, middle, top + lines * step + 16, weight=2)
    return top + lines * step


def _vertical(desk: _Desk) -> None:
    size, pitch = 66, 1.75
    x, top, measure = WIDTH - 330.0, 380.0, HEIGHT - 760.0
    while x > 300:
        text = _TRADITIONAL.convert(desk.text(160).translate(_DIGITS))
        block = _block("".join(character for character in text if not character.isascii()))
        number = desk.page.next_block()
        tokens = tokens_of(block, size, style="vertical", mark_scale=0.95)
        for line in set_lines(tokens, "song", measure, indent=size * 2, vertical=True):
            if x < 300:
                break
            desk.page.vertical(line, x, top, face="song", kind="text", block=number, of=block)
            x -= size * pitch


def _table(desk: _Desk) -> None:
    page, size = desk.page, 50
    _title(desk, WIDTH / 2, 420, size=80, most=14)
    heads = ("序号", "事项", "地点", "数量", "金额（万元）", "备注")
    places = ("西吉县", "海原县", "同心县", "隆德县", "永宁县闽宁镇", "原州区")
    works = ("打井", "修路", "建校", "菌草技术培训", "葡萄种植", "水窖改造", "劳务输出")
    rows = [heads] + [
        (
            str(number),
            desk.chance.choice(works),
            desk.chance.choice(places),
            str(desk.chance.randint(1, 99)),
            f"{desk.chance.uniform(1, 900):.2f}",
            desk.chance.choice(("已完成", "待验收", "", "在建")),
        )
        for number in range(1, 19)
    ]
    edges = [_MARGIN + round((WIDTH - 2 * _MARGIN) * share) for share in (0, 0.09, 0.33, 0.55, 0.67, 0.85, 1)]
    y, high = 560.0, size * 2.6
    letters = font("song", size)
    for row in rows:
        for number, text in enumerate(row):
            middle = (edges[number] + edges[number + 1]) / 2
            page.pen.text((middle, y + high * 0.64), text, font=letters, fill=(34, 32, 36), anchor="ms")
        page.keep_row(" ".join(text for text in row if text), (edges[0], y, edges[-1] - edges[0], high), _block(""))
        page.rule(edges[0], y, edges[-1], y, weight=3)
        y += high
    page.rule(edges[0], y, edges[-1], y, weight=3)
    for edge in edges:
        page.rule(edge, 560, edge, y, weight=3)


def _aged(skew: float = 0.0, noise: float = 1.6, blur: float = 0.6, stains: int = 0) -> Ageing:
    return Ageing(skew=skew, paper=(240, 233, 215), noise=noise, blur=blur, stains=stains)


_KINDS: tuple[tuple[str, str, Callable[[_Desk], None], Ageing, int], ...] = (
    ("letter", "letters", _letter, _CLEAN, 0),
    ("letter-noisy", "letters", _letter, _aged(0.8, 9.0, 1.2, 4), 0),
    ("prose", "prose", _prose, _CLEAN, 0),
    ("prose-noisy", "prose", _prose, _aged(0.5, 11.0, 1.3, 5), 0),
    ("skewed-left", "skewed", _prose, _aged(3.0), 0),
    ("skewed-right", "skewed", _prose, _aged(-3.0), 0),
    ("table", "tables", _table, _CLEAN, 0),
    ("table-skewed", "tables", _table, _aged(1.2, 5.0, 0.9, 2), 0),
    ("news-3", "newspapers", _newspaper(3), _CLEAN, 0),
    ("news-4", "newspapers", _newspaper(4), _aged(0.6, 4.0, 0.8, 2), 0),
    ("news-5", "newspapers", _newspaper(5), _aged(-0.4), 0),
    ("vertical", "vertical", _vertical, _CLEAN, 0),
    ("vertical-aged", "vertical", _vertical, _aged(0.7, 5.0, 0.9, 2), 0),
    ("turned-90", "turned", _prose, _aged(0.4), 90),
    ("turned-180", "turned", _newspaper(3), _aged(-0.3), 180),
    ("turned-270", "turned", _prose, _aged(0.4), 270),
    ("vertical-turned-90", "turned", _vertical, _aged(0.3), 90),
    ("vertical-turned-180", "turned", _vertical, _aged(0.3), 180),
)


def as_image(sheet: Sheet) -> Image.Image:
    """The sheet as an image to be saved."""
    return Image.fromarray(sheet.pixels)

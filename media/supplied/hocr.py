"""hOCR 1.2 as others write it: a web page in which lines and words carry their boxes in ``title``."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media.supplied.sheets import Given, GivenLine, Place, Run, Sheet

_LINES = frozenset({"ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"})
_BLOCKS = frozenset({"ocr_carea", "ocrx_block", "ocr_par", "ocr_column"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_BOX = re.compile(r"\bbbox\s+" + r"\s+".join([r"(-?\d+(?:\.\d+)?)"] * 4))
_BOXES = re.compile(r"\bx_bboxes((?:\s+-?\d+(?:\.\d+)?)+)")
_SURE = re.compile(r"\bx_w?conf\s+(\d+(?:\.\d+)?)")
_EACH_SURE = re.compile(r"\bx_confs((?:\s+\d+(?:\.\d+)?)+)")
_DEEPEST = 200


def read(content: str, *, name: str) -> Given:
    """The pages of an hOCR file.

    Raises:
        InvalidInput: it holds no page.
    """
    reader = _Reader()
    reader.feed(content)
    reader.close()
    if not reader.sheets:
        raise InvalidInput(_("“%(name)s” holds no element of the class “ocr_page”, so it is no hOCR.") % {"name": name})
    for sheet in reader.sheets:
        sheet.lines = [line for line in sheet.lines if line.runs]
    return Given("hOCR", reader.maker, reader.sheets)


@dataclass(slots=True)
class _Open:
    """An element that is open: what it is, and what its title says."""

    tag: str
    kind: str
    title: str
    words: list[str] = field(default_factory=list)
    has_inner: bool = False
    is_begun: bool = False


class _Reader(HTMLParser):
    """Walks through the page; text outside of lines is of no interest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self.maker = ""
        self._open: list[_Open] = []
        self._block = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        given = {key: value or "" for key, value in attrs}
        if tag == "meta" and given.get("name") == "ocr-system":
            self.maker = given.get("content", "").strip()
        if tag in _VOID or len(self._open) >= _DEEPEST:
            return
        kinds = set(given.get("class", "").split())
        kind = next((each for each in ("ocr_page", "ocrx_word", "ocrx_cinfo") if each in kinds), "")
        kind = kind or ("line" if kinds & _LINES else "block" if kinds & _BLOCKS else "")
        element = _Open(tag, kind, given.get("title", ""))
        self._begin(element)
        self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the element, and what was left open inside it."""
        if not any(element.tag == tag for element in self._open):
            return
        while self._open:
            element = self._open.pop()
            self._end(element)
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        """Keep text for the word, the character or the line that it stands in."""
        if self._open:
            self._open[-1].words.append(data)

    def close(self) -> None:
        """Close what the file left open."""
        super().close()
        while self._open:
            self._end(self._open.pop())

    def _begin(self, element: _Open) -> None:
        if element.kind == "ocr_page":
            box = _box(element.title)
            self.sheets.append(Sheet(box.right, box.bottom) if box else Sheet())
        elif element.kind == "block":
            self._block += 1
        elif element.kind == "line" and self.sheets:
            self.sheets[-1].lines.append(GivenLine(self._block, _box(element.title)))
        elif element.kind in {"ocrx_word", "ocrx_cinfo"}:
            for outer in self._open:
                outer.has_inner = outer.has_inner or outer.kind in {"line", "ocrx_word"}

    def _end(self, element: _Open) -> None:
        text = " ".join("".join(element.words).split())
        if element.kind == "":
            # Emphasis and the like: the text belongs to what it stands in.
            if self._open:
                self._open[-1].words.append("".join(element.words))
            return
        if not text or not self.sheets or not self.sheets[-1].lines or element.has_inner:
            return
        if element.kind in {"line", "ocrx_word", "ocrx_cinfo"}:
            self._add(element, text)

    def _add(self, element: _Open, text: str) -> None:
        line = self.sheets[-1].lines[-1]
        is_word = element.kind == "ocrx_word" or (element.kind == "ocrx_cinfo" and self._starts_word())
        last = line.runs[-1].text[-1] if line.runs else ""
        if is_word and last and last.isascii() and text[0].isascii():
            line.runs.append(Run(" ", [], [None]))
        line.runs.append(Run(text, _places(element.title, len(text)), _sure(element.title, len(text))))

    def _starts_word(self) -> bool:
        """Whether no other character of the open word came before this one."""
        word = next((outer for outer in reversed(self._open) if outer.kind == "ocrx_word"), None)
        if word is None or word.is_begun:
            return False
        word.is_begun = True
        return True


def _box(title: str) -> Place | None:
    found = _BOX.search(title)
    if found is None:
        return None
    place = Place(*(float(number) for number in found.groups()))
    return None if place.is_empty else place


def _places(title: str, count: int) -> list[Place]:
    """One place per character where the file tells, otherwise the one of the word."""
    found = _BOXES.search(title)
    numbers = [float(number) for number in found[1].split()] if found else []
    if len(numbers) == 4 * count:
        places = [Place(*numbers[start : start + 4]) for start in range(0, len(numbers), 4)]
        if not any(place.is_empty for place in places):
            return places
    box = _box(title)
    return [] if box is None else [box]


def _sure(title: str, count: int) -> list[float | None]:
    each = _EACH_SURE.search(title)
    shares = [float(number) / 100 for number in each[1].split()] if each else []
    if len(shares) == count:
        return list(shares)
    whole = _SURE.search(title)
    return [float(whole[1]) / 100 if whole else None] * count

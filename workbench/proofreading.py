"""The proofreader's page as it is shown: each line with its place on the image, its text and what is doubtful in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.models import Unit
from core.errors import InvalidInput
from media import proofreading
from media.lines import Box, TextLine, doubtful
from media.models import Page
from media.proofreading import Edit, Selection
from workbench import units

STRIP_HEIGHT: Final = 128
COLUMN_HEIGHT: Final = 3000
PAGE_WIDTH: Final = 1200
USUAL: Final = Selection()
MARGIN: Final = 6
"""Pixels of paper around a line."""

_TOOL = re.compile(r"(join|up|down|insert|remove):(\d{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cell:
    """A character of a line that is written downwards: where it stands on the page, and where it is shown upright."""

    box: Box
    x: int
    y: int
    height: int
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The image of a line: the region, the address of it, the boxes of doubtful characters.

    A line that is written downwards is laid out from left to right in ``cells``, each ``side`` pixels wide and high.
    """

    region: Box
    address: str
    doubts: Sequence[Box]
    cells: Sequence[Cell] = ()
    side: int = 0

    @property
    def view(self) -> str:
        """The region as an SVG view box."""
        return f"{self.region.x} {self.region.y} {self.region.w} {self.region.h}"

    @property
    def cells_width(self) -> int:
        """The width of all cells."""
        return self.side * len(self.cells)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line, doubtful or not."""

    text: str
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A line of the form: its number from 1, its text, the lines of the stored text that it comes from, and these."""

    number: int
    text: str
    origins: str
    strips: Sequence[Strip]
    box: Box | None
    spans: Sequence[Span]
    original: str
    doubts: str

    @property
    def doubtful_characters(self) -> str:
        """What is doubtful, for those who hear the page."""
        return _(", ").join(span.text for span in self.spans if span.is_doubtful)


def desk_lines(page: Page, lines: Sequence[TextLine], edits: Sequence[Edit] | None = None) -> list[DeskLine]:
    """The lines of the form: the stored ones, or as they were typed and sent already."""
    wanted = edits if edits is not None else [Edit(line.text, (number,)) for number, line in enumerate(lines)]
    return [_desk_line(page, lines, number, edit) for number, edit in enumerate(wanted, 1)]


def edits_of(sent: QueryDict) -> list[Edit]:
    """The lines of a form that was sent, in its order.

    Raises:
        InvalidInput: it is not one of ours.
    """
    texts, origins = sent.getlist("text"), sent.getlist("origins")
    if len(texts) != len(origins):
        raise InvalidInput(_("The form does not fit the text of this page. Reload the page and try again."))
    return [Edit(text, _numbers(own)) for text, own in zip(texts, origins, strict=True)]


def with_tool(edits: Sequence[Edit], order: str) -> list[Edit] | None:
    """The lines after an order such as ``join:3`` (line 3, from 1, with the next); None if it is no such order."""
    match = _TOOL.fullmatch(order)
    place = int(match[2]) - 1 if match else -1
    if match is None or not 0 <= place < len(edits):
        return None
    lines = list(edits)
    other = place + {"up": -1, "down": 1, "join": 1}.get(match[1], 0)
    if not 0 <= other < len(lines):
        return lines
    if match[1] in {"up", "down"}:
        lines[place], lines[other] = lines[other], lines[place]
    elif match[1] == "join":
        first, second = lines[place], lines.pop(other)
        lines[place] = Edit(first.text + second.text, tuple(dict.fromkeys((*first.origins, *second.origins))))
    elif match[1] == "insert":
        lines.insert(place + 1, Edit(""))
    else:
        del lines[place]
    return lines


def selection_of(asked: QueryDict) -> Selection:
    """The pages that an address asks for: ``state``, ``unit`` or ``fonds`` (a reference code), ``order``.

    Raises:
        InvalidInput: there is no such unit.
    """
    state = asked.get("state", "")
    code = asked.get("unit", "").strip() or asked.get("fonds", "").strip()
    unit: Unit | None = units.chosen(code)
    if code and unit is None:
        raise InvalidInput(_("There is no unit with the reference code %(code)s.") % {"code": code})
    return Selection(
        state=state if state in proofreading.STATES else USUAL.state,
        unit=unit,
        order="pages" if asked.get("order") == "pages" else "confidence",
    )


def query_of(selection: Selection) -> str:
    """A selection as the query of an address, empty for the usual one."""
    query = QueryDict(mutable=True)
    if selection.state != USUAL.state:
        query["state"] = selection.state
    if selection.unit is not None:
        query["unit"] = selection.unit.reference_code
    if selection.order != USUAL.order:
        query["order"] = selection.order
    return f"?{query.urlencode()}" if query else ""


def page_image(page: Page) -> str:
    """The address of the whole page."""
    return _image(page, "full", f"{min(PAGE_WIDTH, page.width)},")


def _desk_line(page: Page, lines: Sequence[TextLine], number: int, edit: Edit) -> DeskLine:
    own = [lines[origin] for origin in edit.origins if origin < len(lines)]
    original = "".join(line.text for line in own)
    doubts = _doubts(own)
    is_unchanged = edit.text == original
    return DeskLine(
        number=number,
        text=edit.text,
        origins=" ".join(map(str, edit.origins)),
        strips=[_strip(page, line) for line in own] if page.has_image else [],
        box=Box.around(line.box for line in own) if own else None,
        spans=list(_spans(edit.text, doubts if is_unchanged else [])),
        original=original,
        doubts=" ".join(map(str, doubts)),
    )


def _doubts(lines: Sequence[TextLine]) -> list[int]:
    """The places of doubtful characters in the lines as one text."""
    found: list[int] = []
    offset = 0
    for line in lines:
        found.extend(offset + place for place in doubtful(line))
        offset += len(line.text)
    return found


def _spans(text: str, doubts: Sequence[int]) -> Iterator[Span]:
    known, start = set(doubts), 0
    for place in range(1, len(text) + 1):
        if place == len(text) or (place in known) != (start in known):
            yield Span(text[start:place], start in known)
            start = place


def _strip(page: Page, line: TextLine) -> Strip:
    region = _with_margin(page, line.box)
    places = doubtful(line)
    if line.direction == "h":
        address = _image(page, _region(region), f",{min(region.h, STRIP_HEIGHT)}")
        return Strip(region, address, [line.characters[place] for place in places])
    address = _image(page, _region(region), f",{min(region.h, COLUMN_HEIGHT)}")
    side, known = region.w, set(places)
    cells = []
    for place, box in enumerate(line.characters):
        height = min(max(box.h, 1), side)
        whole = Box(region.x, box.y, region.w, max(box.h, 1))
        cells.append(Cell(whole, side * place, (side - height) // 2, height, place in known))
    return Strip(region, address, [], cells, side)


def _with_margin(page: Page, box: Box) -> Box:
    left, top = max(box.x - MARGIN, 0), max(box.y - MARGIN, 0)
    right, bottom = min(box.right + MARGIN, page.width), min(box.bottom + MARGIN, page.height)
    return Box(
        min(left, max(page.width - 1, 0)), min(top, max(page.height - 1, 0)), max(right - left, 1), max(bottom - top, 1)
    )


def _region(box: Box) -> str:
    return f"{box.x},{box.y},{box.w},{box.h}"


def _image(page: Page, region: str, size: str) -> str:
    return reverse("api:iiif_image", args=[page.pk, region, size, "0", "default", "jpg"])


def _numbers(text: str) -> tuple[int, ...]:
    parts = text.split()
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        raise InvalidInput(_("The form does not fit the text of this page. Reload the page and try again."))
    return tuple(map(int, parts))

"""Read the sample's tables and sheets, as data, without a database."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from archive.models import Dimension, Mechanism
from core import dates
from core.dates import ArchivalDate
from core.errors import InvalidInput

HERE = Path(__file__).resolve().parent
FACTS = HERE / "facts"
SHEETS = HERE / "sheets"

Row = Mapping[str, str]
Json = Mapping[str, Any]  # Any: a JSON object, read key by key where its shape is known

Rectangle = tuple[int, int, int, int]
"""x, y, width, height in pixels of the page image."""

WEAK_SOURCES = frozenset(
    ["S020", "S072", "S110", "S132", "S133", "S134", "S135", "S145", "S146", "S147", "S148", "S151"]
)
"""Sources that a single reading did not make firm; what rests on them is shown as unconfirmed."""

TERMS: dict[str, Dimension | Mechanism] = {
    "政策制度": Dimension.POLICY,
    "人才交流": Dimension.EXCHANGE,
    "资金项目": Dimension.FUNDING,
    "产业协作": Dimension.INDUSTRY,
    "民生发展": Dimension.LIVELIHOOD,
    "文化教育": Dimension.CULTURE,
    "联席推进": Mechanism.JOINT_MEETINGS,
    "对口帮扶": Mechanism.PAIRED_ASSISTANCE,
    "结对帮扶": Mechanism.PAIRED_ASSISTANCE,
    "产业带动": Mechanism.INDUSTRY_LED,
    "互学互助": Mechanism.MUTUAL_LEARNING,
    "社会参与": Mechanism.SOCIAL_PARTICIPATION,
}


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or table row of a sheet: its exact words, a box for each printed line, what it states, on what."""

    text: str
    boxes: tuple[Rectangle, ...]
    facts: tuple[str, ...]
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One page of a sheet: the text of its lines in reading order, and its statements."""

    number: int
    lines: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A typed sheet of the sample archive: what the catalogue says of it, its images and its true text."""

    name: str
    about: Mapping[str, Any]  # Any: the sheet's JSON, read field by field where it is used
    images: tuple[Path, ...]
    pages: tuple[SheetPage, ...]


def rows(table: str) -> list[Row]:
    """The rows of one table of facts.

    Raises:
        InvalidInput: a row lacks its identifier.
    """
    with (FACTS / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
        found: list[Row] = list(csv.DictReader(stream))
    for number, row in enumerate(found, start=2):
        if not row.get("id"):
            raise InvalidInput(f"{table}.csv, row {number}: the column “id” is empty; give the fact its identifier.")
    return found


def document(name: str) -> Any:  # Any: a list or an object, as its reader knows
    """One JSON document of the sample."""
    return json.loads((HERE / name).read_text(encoding="utf-8"))


@cache
def sheets() -> tuple[Sheet, ...]:
    """All sheets, in the order of their names."""
    return tuple(_sheet(path) for path in sorted(SHEETS.glob("*.json")))


def _sheet(path: Path) -> Sheet:
    about = json.loads(path.read_text(encoding="utf-8"))
    pages = tuple(_page(page) for page in about.pop("pages"))
    return Sheet(about["name"], about, tuple(SHEETS / name for name in about["images"]), pages)


def _page(page: Json) -> SheetPage:
    statements = tuple(
        Statement(
            found["text"],
            tuple((x, y, w, h) for x, y, w, h in found["boxes"]),
            tuple(found["facts"]),
            frozenset(found["sources"]),
        )
        for found in page["statements"]
    )
    return SheetPage(page["number"], tuple(line["text"] for line in page["lines"]), statements)


def classified(*columns: str) -> tuple[list[Dimension], list[Mechanism]]:
    """Dimensions and mechanisms out of columns such as ``政策制度;产业协作``; each term goes where it belongs."""
    terms = [TERMS[word.strip()] for column in columns for word in column.split(";") if word.strip()]
    return [t for t in terms if isinstance(t, Dimension)], [t for t in terms if isinstance(t, Mechanism)]


def when(*expressions: str) -> ArchivalDate:
    """The first of the expressions that can be read as a date; what cannot be read stays as written, without bounds."""
    for expression in expressions:
        if not expression:
            continue
        try:
            return dates.parse(expression)
        except InvalidInput:
            continue
    return ArchivalDate(next(filter(None, expressions), ""), "", None, None, "stated")


def span(start: str, end: str, *, goes_on: bool = False) -> ArchivalDate:
    """The time from ``start`` to ``end``, either may be empty; ``goes_on``: without an end it still lasts."""
    if start and end and start != end:
        return when(f"{start}/{end}")
    if start and goes_on:
        return when(f"{start}/..")
    return when(start or end)


def statements_of_facts() -> Iterator[tuple[str, Sheet, int, Statement]]:
    """For every fact: each sentence or row of a sheet that states it, as (fact, sheet, page, statement)."""
    for sheet in sheets():
        for page in sheet.pages:
            for statement in page.statements:
                for fact in statement.facts:
                    yield fact, sheet, page.number, statement


def around(boxes: Sequence[Rectangle]) -> Rectangle:
    """The box around the lines of a statement that stand in the column in which it begins."""
    first = boxes[0]
    column = [box for box in boxes if box[0] < first[0] + first[2] and first[0] < box[0] + box[2]]
    left, top = min(b[0] for b in column), min(b[1] for b in column)
    right, bottom = max(b[0] + b[2] for b in column), max(b[1] + b[3] for b in column)
    return left, top, right - left, bottom - top

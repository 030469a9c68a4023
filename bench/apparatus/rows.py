"""The rows of the generated archive, made in stretches that each depend on the seed and their number only.

A stretch is what one process makes at a time: for each table the values of the columns that `GIVEN` names, as the
database takes them. Every other column has its default.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db import models

from archive import identifiers, reference_codes
from archive.models import (
    Agent,
    Classification,
    Dimension,
    Event,
    Evidence,
    Funding,
    Kind,
    Level,
    Location,
    Mechanism,
    NameForm,
    Opening,
    Participation,
    Place,
    Policy,
    Project,
    Record,
    Scope,
    Source,
    Status,
    Unit,
    Venture,
)
from archive.reference_codes import CodeProfile
from archive.writing import SHOULDER
from bench.apparatus.language import SEED, Speaker
from core.text import fold
from media.models import DigitalObject, Page, PageText

PLACES: Final = 32
PROVINCES: Final = 2
AGENTS: Final = 200
SOURCES: Final = 300
PAGES_PER_ITEM: Final = 10
STRETCH: Final = 2_000
"""Facts, or pages, in a stretch."""

Value = str | int | float | None
Rows = dict[str, list[tuple[Value, ...]]]
"""By the name of the model."""

_RECORD: Final = ("id", "kind", "ark", "title_zh", "summary_zh", "date_expression", "date_edtf", "date_earliest")
_TEXT: Final = ("page_id", "text", "lines", "origin", "engine", "engine_version", "confidence", "created_at")
_UNIT: Final = (
    *("id", "record_id", "path", "depth", "numchild", "level", "reference_code", "reference_key", "reference_sort"),
    *("code_profile", "page_count"),
)
GIVEN: Final[dict[type[models.Model], tuple[str, ...]]] = {
    Record: (*_RECORD, "date_latest", "first_published_at", "created_at", "changed_at"),
    Place: ("id", "record_id", "part_of_id"),
    Agent: ("record_id", "type"),
    Source: ("id", "record_id"),
    NameForm: ("record_id", "text", "key"),
    Event: ("record_id",),
    Policy: ("record_id", "document_number"),
    Project: ("record_id",),
    Venture: ("record_id",),
    Funding: ("record_id", "amount", "amount_as_stated"),
    Classification: ("record_id", "scheme", "term"),
    Location: ("record_id", "place_id"),
    Participation: ("record_id", "agent_id", "role"),
    Evidence: ("record_id", "source_id", "claim_zh"),
    Unit: _UNIT,
    DigitalObject: ("id", "unit_id", "ordinal", "original_name", "sha512", "size", "media_type", "created_at"),
    Page: ("id", "unit_id", "number", "digital_object_id", "frame", "width", "height", "derived_at"),
    PageText: _TEXT,
}
"""The columns that the rows hold, in order."""

ALIKE: Final[dict[type[models.Model], dict[str, Value]]] = {
    Record: {
        "status": Status.PUBLISHED.value,
        "opening": Opening.OPEN.value,
        "authorised_scope": Scope.DOWNLOAD.value,
        "public_scope": Scope.DOWNLOAD.value,
        "was_public": 1,
    },
    DigitalObject: {"page_count": 1},
}
"""Columns that are not at their default and the same in every row."""

_BEGUN: Final = dt.datetime(2026, 1, 1)
_KINDS: Final = (Kind.EVENT, Kind.POLICY, Kind.PROJECT, Kind.FUNDING, Kind.VENTURE)
_SHARES: Final = (40, 15, 15, 20, 10)
_LINE: Final = 25
_SIDE: Final = 3
"""Characters to a line, and pixels to a character: small, for the boxes are most of what a page takes on disk."""

_STRIDE: Final = 2_654_435_761
"""Prime to the number of names, so that no two keys have the same."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The archive of so many records and pages: which keys belong to what, and the stretches it is made in."""

    records: int
    pages: int

    @property
    def items(self) -> int:
        """Units that hold the pages."""
        return -(-self.pages // PAGES_PER_ITEM)

    @property
    def fonds(self) -> int:
        """The key of the record of the fonds; places, agents and sources come before it."""
        return PLACES + AGENTS + SOURCES + 1

    @property
    def facts(self) -> int:
        """Facts that make the number of records full."""
        return self.records - self.fonds - self.items

    def stretches(self) -> list[tuple[str, int, int]]:
        """What is made, the number of the first, and how many."""
        found = [("authorities", 0, self.fonds)]
        per = STRETCH // PAGES_PER_ITEM
        found += [("items", start, min(per, self.items - start)) for start in range(0, self.items, per)]
        found += [("facts", start, min(STRETCH, self.facts - start)) for start in range(0, self.facts, STRETCH)]
        return found


def make(plan: Plan, stretch: tuple[str, int, int]) -> Rows:
    """The rows of one stretch."""
    what, start, count = stretch
    maker = _Maker(plan, Speaker(f"{SEED}/{what}/{start}"))
    {"authorities": maker.authorities, "items": maker.items, "facts": maker.facts}[what](start, count)
    return maker.rows


class _Maker:
    """Collects the rows of a stretch."""

    def __init__(self, plan: Plan, speaker: Speaker) -> None:
        self.plan = plan
        self.speaker = speaker
        self.rows: Rows = defaultdict(list)

    def authorities(self, _start: int, _count: int) -> None:
        """Places in two provinces, agents, sources, and the fonds."""
        for key in range(1, PLACES + 1):
            name = self._record(key, Kind.PLACE, self.speaker.phrase(2), 1)
            self._add(Place, key, key, None if key <= PROVINCES else 1 + key % PROVINCES)
            self._add(NameForm, key, name, fold(name).text)
        for key in range(PLACES + 1, PLACES + AGENTS + 1):
            name = self._record(key, Kind.AGENT, self.speaker.phrase(2), 1)
            self._add(Agent, key, Agent.Type.ORGANISATION.value)
            self._add(NameForm, key, name, fold(name).text)
        for number in range(1, SOURCES + 1):
            key = PLACES + AGENTS + number
            self._record(key, Kind.SOURCE, self.speaker.phrase(5), 1)
            self._add(Source, number, key)
        self._unit(self.plan.fonds, Level.FONDS, "B001", "0001", self.plan.items)

    def items(self, start: int, count: int) -> None:
        """Items below the fonds, each with its pages."""
        for number in range(start, start + count):
            code = f"B001-{number + 1:06d}"
            self._unit(self.plan.fonds + 1 + number, Level.ITEM, code, f"0001{_base36(number + 1)}", 0)
            first = number * PAGES_PER_ITEM
            for page in range(first, min(first + PAGES_PER_ITEM, self.plan.pages)):
                self._page(number + 2, page)

    def facts(self, start: int, count: int) -> None:
        """Facts, each at a place, with an agent, and every other one with a claim."""
        between, first = self.speaker.between, self.plan.fonds + self.plan.items + 1 + start
        kinds = self.speaker.chance.choices(_KINDS, weights=_SHARES, k=count)
        dimensions = self.speaker.chance.choices(Dimension.values, k=count)
        mechanisms = self.speaker.chance.choices(Mechanism.values, k=count)
        for key, kind, dimension, mechanism in zip(
            range(first, first + count), kinds, dimensions, mechanisms, strict=True
        ):
            self._record(key, kind, self.speaker.phrase(between(4, 8)), between(4, 12))
            self._detail(key, kind)
            self._add(Classification, key, Classification.Scheme.DIMENSION.value, dimension)
            self._add(Classification, key, Classification.Scheme.MECHANISM.value, mechanism)
            self._add(Location, key, between(PROVINCES + 1, PLACES))
            agent = PLACES + between(1, AGENTS)
            self._add(Participation, key, agent, Participation.Role.PARTICIPANT.value)
            if key % 2:
                self._add(Evidence, key, between(1, SOURCES), self.speaker.sentence())

    def _add(self, model: type[models.Model], *values: Value) -> None:
        self.rows[model.__name__].append(values)

    def _record(self, key: int, kind: Kind, title: str, sentences: int) -> str:
        """Add a record and give its title."""
        ark = _ark(key)
        year = str(self.speaker.between(1996, 2025))
        day = (_BEGUN + dt.timedelta(seconds=key)).isoformat(" ")
        dates = (f"{year}年", year, f"{year}-01-01", f"{year}-12-31")
        self._add(Record, key, kind.value, ark, title, self.speaker.prose(sentences), *dates, day, day, day)
        return title

    def _detail(self, key: int, kind: Kind) -> None:
        if kind == Kind.FUNDING:
            stated = f"{self.speaker.between(1, 9) * 10 ** self.speaker.between(0, 4)}万元"
            self._add(Funding, key, str(Decimal(stated[:-2]) * 10_000), stated)
        elif kind == Kind.POLICY:
            number = self.speaker.between(1, 200)
            self._add(Policy, key, f"宁政发〔{self.speaker.between(1996, 2025)}〕{number}号")
        else:
            self._add({Kind.EVENT: Event, Kind.PROJECT: Project, Kind.VENTURE: Venture}[kind], key)

    def _unit(self, record: int, level: Level, code: str, path: str, children: int) -> None:
        self._record(record, Kind.UNIT, self.speaker.phrase(5), 2)
        parsed = reference_codes.parse(code, CodeProfile.LEGACY, level=level)
        place = (path, len(path) // 4, children, level.value)
        written = (code, parsed.key, reference_codes.sort_key(parsed), CodeProfile.LEGACY.value)
        self._add(Unit, record - self.plan.fonds + 1, record, *place, *written, 0 if children else PAGES_PER_ITEM)

    def _page(self, unit: int, page: int) -> None:
        number, day = page % PAGES_PER_ITEM + 1, _BEGUN.isoformat(" ")
        file = (f"{number:03d}.jpg", f"{page:0128x}", 1, "image/jpeg", day)
        self._add(DigitalObject, page + 1, unit, number, *file)
        self._add(Page, page + 1, unit, number, page + 1, 1, _SIDE * (_LINE + 2), _SIDE * 50, day)
        text, lines = _typeset(self.speaker.prose(20)[: self.speaker.between(200, 370)])
        made = (PageText.Origin.RECOGNISED.value, "generated", str(SEED), 1.0, day)
        self._add(PageText, page + 1, text, lines, *made)


def _typeset(prose: str) -> tuple[str, str]:
    """Prose set in lines of one size: the text of the page, and its lines as they are stored (`media.lines`)."""
    rows = [prose[start : start + _LINE] for start in range(0, len(prose), _LINE)]
    return "\n".join(rows), f"[{','.join(_line(row, text) for row, text in enumerate(rows))}]"


def _line(row: int, text: str) -> str:
    boxes = ",".join(_boxes(row)[: len(text)])
    whole = f"[{_SIDE},{2 * _SIDE * (row + 1)},{_SIDE * len(text)},{_SIDE}]"
    return f'{{"text":"{text}","box":{whole},"direction":"h","confidence":1.0,"characters":[{boxes}],"block":0}}'


_kept_boxes: dict[int, Sequence[str]] = {}


def _boxes(row: int) -> Sequence[str]:
    """The boxes of a full line; the same on every page."""
    if row not in _kept_boxes:
        top = 2 * _SIDE * (row + 1)
        _kept_boxes[row] = [f"[{_SIDE * (n + 1)},{top},{_SIDE},{_SIDE}]" for n in range(_LINE)]
    return _kept_boxes[row]


def _base36(number: int) -> str:
    """A step of a materialised path: four figures."""
    figures = ""
    for _place in range(4):
        number, figure = divmod(number, 36)
        figures = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[figure] + figures
    return figures


def _ark(key: int) -> str:
    """A name of its own for every key: names from seeds would meet each other among millions."""
    number = key * _STRIDE % len(identifiers.NOID_ALPHABET) ** identifiers.BLADE_LENGTH
    blade = ""
    for _place in range(identifiers.BLADE_LENGTH):
        number, ordinal = divmod(number, len(identifiers.NOID_ALPHABET))
        blade += identifiers.NOID_ALPHABET[ordinal]
    name = f"{SHOULDER}{blade}"
    return name + identifiers.check_character(f"{settings.ARCHIVE_NAAN}/{name}")

"""Makers: each gives a valid, saved object; a test says only what matters to it."""

import itertools
from typing import Any, Literal

from django.utils import timezone

from accounts.models import Role, User
from archive import catalogue, writing
from archive.models import (
    Agent,
    Dimension,
    Event,
    Evidence,
    Funding,
    Kind,
    Level,
    Mechanism,
    NameForm,
    Place,
    Policy,
    Record,
    Scope,
    Source,
    Unit,
)
from archive.reference_codes import CodeProfile
from archive.writing import Draft
from core import dates
from media.lines import Box, TextLine, join, to_json
from media.models import DigitalObject, Page, PageText

_numbers = itertools.count(1)


def make_user(role: Role | str = Role.ARCHIVIST, **fields: Any) -> User:
    """A person with a role (an archivist unless said otherwise); ``role=""`` for none."""
    name = fields.pop("username", f"user{next(_numbers)}")
    return User.objects.create_user(name, password=fields.pop("password", "a long test password"), role=role, **fields)


def make_draft(
    title: str,
    *,
    kind: Kind = Kind.EVENT,
    detail: Any = None,
    public: bool = True,
    scope: Scope = Scope.DOWNLOAD,
    date: str = "",
    dimensions: tuple[Dimension, ...] = (),
    mechanisms: tuple[Mechanism, ...] = (),
    **fields: Any,
) -> Draft:
    """A draft of a record, public unless said otherwise."""
    record = Record(kind=kind, title_zh=title, **fields)
    if date:
        when = dates.parse(date)
        record.date_expression, record.date_edtf = when.expression, when.edtf
        record.date_earliest, record.date_latest = when.earliest, when.latest
    if public:
        writing.published(record, scope=scope)
    return Draft(record, detail=detail, dimensions=dimensions, mechanisms=mechanisms)


def make_fact(title: str = "闽宁两省区建立结对关系", **options: Any) -> Record:
    """A fact of the register: an event unless ``detail`` and ``kind`` say otherwise."""
    evidence: list[Evidence] = options.pop("evidence", [])
    parts = {name: options.pop(name) for name in ("participations", "locations", "relations") if name in options}
    detail = options.pop("detail", None) or Event()
    draft = make_draft(title, detail=detail, **options)
    draft.evidence = evidence
    for name, rows in parts.items():
        setattr(draft, name, rows)
    return writing.write([draft], by=None)[0]


def make_policy(title: str = "关于开展扶贫协作的意见", document_number: str = "", **options: Any) -> Record:
    """A policy."""
    return make_fact(title, kind=Kind.POLICY, detail=Policy(document_number=document_number), **options)


def make_funding(title: str = "省级财政援助", **options: Any) -> Record:
    """A sum of money."""
    detail = options.pop("detail", None) or Funding(amount=264_000_000, amount_as_stated="2.64亿元")
    return make_fact(title, kind=Kind.FUNDING, detail=detail, **options)


def _make_named(title: str, kind: Kind, detail: Any, options: dict[str, Any]) -> Record:
    forms = options.pop("names", [])
    draft = make_draft(title, kind=kind, detail=detail, **options)
    draft.names = [NameForm(text=title), *(NameForm(text=form, type=NameForm.Type.VARIANT) for form in forms)]
    return writing.write([draft], by=None)[0]


def make_agent(title: str = "福建省援宁工作队", **options: Any) -> Record:
    """An organisation, with further ``names`` if given."""
    type_ = options.pop("type", Agent.Type.ORGANISATION)
    return _make_named(title, Kind.AGENT, Agent(type=type_), options)


def make_place(title: str = "闽宁镇", part_of: Record | None = None, **options: Any) -> Record:
    """A place."""
    return _make_named(title, Kind.PLACE, Place(part_of=part_of.place if part_of else None), options)


def make_source(title: str = "闽宁协作二十年", **options: Any) -> Record:
    """A published work outside the archive."""
    url = options.pop("url", "")
    return make_fact(title, kind=Kind.SOURCE, detail=Source(publisher="福建日报", url=url), **options)


def make_unit(
    title: str = "公开资料摘编",
    *,
    level: Level = Level.FONDS,
    parent: Unit | None = None,
    code: str = "",
    **options: Any,
) -> Unit:
    """A unit of the catalogue: a fonds unless a level and a parent are given. Codes follow the legacy profile."""
    code = code or f"T{next(_numbers):03d}"
    fields = {name: options.pop(name) for name in ("page_count", "retention", "extent") if name in options}
    unit = Unit(level=level, reference_code=code, code_profile=CodeProfile.LEGACY.value, **fields)
    return catalogue.create(make_draft(title, kind=Kind.UNIT, detail=unit, **options), parent=parent, by=None)


def make_item(title: str = "闽宁协作情况摘编", **options: Any) -> Unit:
    """An item of a fonds of its own."""
    return make_unit(title, level=Level.ITEM, parent=make_unit("一个全宗"), **options)


def make_lines(*texts: str, direction: Literal["h", "v"] = "h", block: int = 0) -> list[TextLine]:
    """Printed lines one below the other (or right to left), every character 50 pixels square."""
    lines = []
    for number, text in enumerate(texts):
        if direction == "h":
            boxes = tuple(Box(100 + 50 * i, 100 + 80 * number, 50, 50) for i in range(len(text)))
            box = Box(100, 100 + 80 * number, 50 * len(text), 50)
        else:
            boxes = tuple(Box(2000 - 80 * number, 100 + 50 * i, 50, 50) for i in range(len(text)))
            box = Box(2000 - 80 * number, 100, 50, 50 * len(text))
        lines.append(TextLine(text, box, direction, 0.99, boxes, block))
    return lines


def make_page(unit: Unit, *texts: str, lines: list[TextLine] | None = None, **fields: Any) -> Page:
    """A page of a unit with recognised text (no image files)."""
    number = unit.pages.count() + 1
    thing = DigitalObject.objects.create(
        unit=unit,
        ordinal=number,
        original_name=f"第{number}页.jpg",
        sha512=f"{next(_numbers):0128x}",
        size=1000,
        media_type="image/jpeg",
        page_count=1,
    )
    page = Page.objects.create(
        unit=unit,
        number=number,
        digital_object=thing,
        frame=1,
        width=fields.pop("width", 2480),
        height=fields.pop("height", 3508),
        derived_at=timezone.now(),
    )
    lines = lines if lines is not None else make_lines(*texts)
    if lines:
        PageText.objects.create(
            page=page,
            origin=PageText.Origin.RECOGNISED,
            text=join(lines),
            lines=to_json(lines),
            engine="test",
            engine_version="1",
            confidence=0.99,
        )
    return page

"""Turn the sample's places, people, bodies and sources into drafts of authority records."""

import datetime as dt
import re
from decimal import Decimal

from archive import writing
from archive.models import (
    Agent,
    Confidence,
    DateBasis,
    Kind,
    NameForm,
    Place,
    Record,
    Scope,
    Source,
)
from archive.writing import Draft
from core.dates import ArchivalDate
from sample.naming import agent_names
from sample.reading import WEAK_SOURCES, Row, when
from sample.register import TABLES, base

PROVINCES = (
    ("PRV-35", "福建省", "Fujian Province", "350000", ("福建", "闽")),
    ("PRV-64", "宁夏回族自治区", "Ningxia Hui Autonomous Region", "640000", ("宁夏", "宁")),
)
"""The two partners themselves: their counties need something to lie in."""

FURTHER_PLACE_NAMES = {"闽宁镇": ("闽宁村",), "银川市": ("银川",), "固原市": ("固原",), "原州区": ("固原县",)}
"""Former and short names beyond the plain short form (a name without its last character, 县 or 市 or 区)."""

PARTY_SHORT_NAMES = {
    "福建": "福建省",
    "Fujian": "福建省",
    "宁夏": "宁夏回族自治区",
    "Ningxia": "宁夏回族自治区",
    "福建省级": "福建省",
}
"""How the tables also write the two partners."""

PERSON_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}(?<![社院校网报省市县区镇台央委办厅局部业众等])")
"""A maker without a row of its own whose name looks like a person's."""

SEPARATORS = re.compile(r"\s*/\s*|（|）")


def provinces() -> list[Draft]:
    """The two provinces."""
    drafts = []
    for local_id, zh, en, code, short in PROVINCES:
        draft = _authority(Kind.PLACE, local_id, zh, en, Place(type="province", code=code))
        draft.names += [NameForm(text=name, type=NameForm.Type.ABBREVIATION) for name in short]
        drafts.append(draft)
    return drafts


def place(row: Row, part_of: Place | None) -> Draft:
    """A place within a city or province."""
    detail = Place(
        type=row["type"],
        code=row["gb_code"],
        part_of=part_of,
        latitude=Decimal(row["lat"]) if row["lat"] else None,
        longitude=Decimal(row["lng"]) if row["lng"] else None,
        coordinates_note=row["coord_note"],
    )
    draft = base(Kind.PLACE, row, detail, zh=row["name_zh"], en=row["name_en"], date=_undated())
    draft.record.summary_zh = row["role_zh"]
    draft.names = _names(row["name_zh"], row["name_en"])
    short = row["name_zh"][:-1]
    further = [
        *FURTHER_PLACE_NAMES.get(row["name_zh"], ()),
        *([short] if len(short) > 1 and row["type"] != "town" else []),
    ]
    for name in dict.fromkeys(further):
        type_ = NameForm.Type.FORMER if name in {"闽宁村", "固原县"} else NameForm.Type.ABBREVIATION
        draft.names.append(NameForm(text=name, type=type_))
    return draft


def organisation(row: Row) -> Draft:
    """A corporate body; what stands in brackets or behind a stroke is another form of its name."""
    detail = Agent(
        type=Agent.Type.ORGANISATION, category=row["type"], history_zh=row["role_zh"], history_en=row["role_en"]
    )
    date = when(row["involved_since"])
    draft = base(Kind.AGENT, row, detail, zh=row["name_zh"], en=row["name_en"], date=date)
    draft.record.summary_zh, draft.record.summary_en = row["role_zh"], row["role_en"]
    draft.names = _names(row["name_zh"], row["name_en"])
    forms = [form.strip() for form in SEPARATORS.split(row["name_zh"]) if form.strip()]
    if len(forms) > 1:
        draft.names += [NameForm(text=form, type=NameForm.Type.VARIANT) for form in forms]
    return draft


def person(row: Row) -> Draft:
    """A person, named for a public role only (L-27); a row may name two."""
    detail = Agent(type=Agent.Type.PERSON, history_zh=row["role_zh"], history_en=row["role_en"])
    draft = base(Kind.AGENT, row, detail, zh=row["name_zh"], en=row["name_en"], date=_undated())
    draft.record.summary_zh, draft.record.summary_en = row["role_zh"], row["role_en"]
    draft.names = _names(row["name_zh"], row["name_en"])
    several = row["name_zh"].split("、")
    if len(several) > 1:
        draft.names += [NameForm(text=name, type=NameForm.Type.VARIANT) for name in several]
    return draft


def bodies_named(tables: dict[str, list[Row]], known: set[str]) -> list[Draft]:
    """Bodies that the tables name as parties and that no row describes, each a record of its own by its name."""
    wanted: dict[str, None] = {}
    for table, (_read, columns) in TABLES.items():
        for row in tables[table]:
            for column in columns:
                wanted.update(dict.fromkeys(agent_names(row[column])))
    shortened = {whole[:-1]: whole for whole in wanted if whole[-1] in "县区市" and len(whole) > 2} | PARTY_SHORT_NAMES
    drafts = []
    for name in wanted:
        if name in known or name in shortened:
            continue
        type_ = Agent.Type.PERSON if PERSON_NAME.fullmatch(name) else Agent.Type.ORGANISATION
        draft = _authority(Kind.AGENT, "", name, "", Agent(type=type_, category="party"))
        short = [form for form, whole in shortened.items() if whole == name]
        draft.names += [NameForm(text=form, type=NameForm.Type.ABBREVIATION) for form in short]
        drafts.append(draft)
    return drafts


def source(row: Row) -> Draft:
    """A published work; its address only where the page itself was read there."""
    detail = Source(
        carrier=_carrier(row),
        category=row["kind"],
        publisher=row["publisher"],
        issued=row["date"],
        accessed_on=dt.date.fromisoformat(row["accessed"]) if row["accessed"] else None,
        url=row["url"],
        is_weak=row["id"] in WEAK_SOURCES,
    )
    date = when(row["date"].split(" ")[0])
    row = {**row, "source_id": row["id"], "confidence": Confidence.STATED}
    draft = base(Kind.SOURCE, row, detail, zh=row["title"], en="", date=date)
    draft.record.date_expression = row["date"]
    return draft


def _carrier(row: Row) -> Source.Carrier:
    if row["kind"] == "dataset":
        return Source.Carrier.DATASET
    if row["kind"] in {"press", "mirror"} and "日报" in row["publisher"]:
        return Source.Carrier.NEWSPAPER_ONLINE
    return Source.Carrier.WEB_PAGE


def _authority(kind: Kind, local_id: str, zh: str, en: str, detail: Agent | Place) -> Draft:
    record = Record(kind=kind, local_id=local_id, title_zh=zh, title_en=en, date_basis=DateBasis.STATED)
    draft = Draft(writing.published(record, scope=Scope.DOWNLOAD), detail)
    draft.names = _names(zh, en)
    return draft


def _names(zh: str, en: str) -> list[NameForm]:
    names = [NameForm(text=zh, type=NameForm.Type.AUTHORISED)]
    if en:
        names.append(NameForm(text=en, type=NameForm.Type.PARALLEL, language="en"))
    return names


def _undated() -> ArchivalDate:
    return ArchivalDate("", "", None, None, "stated")

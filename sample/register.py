"""Turn the sample's rows into drafts of register records, one function for each table."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.db import models

from archive import writing
from archive.models import (
    Confidence,
    DateBasis,
    Dimension,
    Event,
    Exchange,
    Funding,
    Indicator,
    Kind,
    Location,
    Mechanism,
    Meeting,
    Pairing,
    Participation,
    Policy,
    Project,
    Record,
    Scope,
    Venture,
    Work,
)
from archive.writing import Draft
from core.dates import ArchivalDate
from core.text import fold
from sample.naming import Authorities
from sample.reading import WEAK_SOURCES, Row, classified, span, when

Role = Participation.Role
Terms = tuple[list[Dimension], list[Mechanism]]


def base(
    kind: Kind, row: Row, detail: models.Model | None, *, zh: str, en: str, date: ArchivalDate, terms: Terms = ([], [])
) -> Draft:
    """The draft that all tables share: identity, titles, date, confidence; published, since its source is public."""
    record = Record(
        kind=kind,
        local_id=row["id"],
        title_zh=zh[:500],
        title_en=en[:500],
        summary_zh=row.get("summary_zh", ""),
        summary_en=row.get("summary_en", ""),
        note=row.get("note", ""),
        confidence=confidence(row),
        date_expression=date.expression,
        date_edtf=date.edtf,
        date_earliest=date.earliest,
        date_latest=date.latest,
        date_basis=DateBasis(date.basis),
    )
    return Draft(writing.published(record, scope=Scope.DOWNLOAD), detail, dimensions=terms[0], mechanisms=terms[1])


def confidence(row: Row) -> Confidence:
    """How firmly the fact stands: weak sources make it unconfirmed, whatever the row says."""
    if row["source_id"] in WEAK_SOURCES:
        return Confidence.UNCONFIRMED
    return Confidence(row["confidence"])


def policy(row: Row, names: Authorities) -> Draft:
    """A policy."""
    detail = Policy(
        document_number=row["doc_number"],
        issuer_as_written=row["issuing_body"],
        issuing_level=row["level"],
        in_force=row["status"][:20] if len(row["status"]) <= 20 else row["status"].split(" ")[0],
    )
    terms = classified(row["dimensions"], row["mechanisms"])
    draft = base(Kind.POLICY, row, detail, zh=row["title_zh"], en=row["title_en"], date=when(row["date"]), terms=terms)
    draft.record.note = "; ".join(filter(None, [row["status"] if len(row["status"]) > 20 else "", row["note"]]))
    draft.participations = names.participations(row["issuing_body"], Role.ISSUER)
    return draft


def event(row: Row, names: Authorities) -> Draft:
    """An entry of the chronicle."""
    detail = Event(category=row["kind"], place_as_written=row["place"])
    terms = classified(row["dimensions"], row["mechanisms"])
    draft = base(Kind.EVENT, row, detail, zh=row["title_zh"], en=row["title_en"], date=when(row["date"]), terms=terms)
    draft.locations = names.locations(row["place"])
    return draft


def meeting(row: Row, names: Authorities) -> Draft:
    """A joint meeting."""
    detail = Meeting(
        ordinal=int(row["ordinal"]) if row["ordinal"] else None,
        place_as_written=row["place"],
        agreements_zh=row["outcomes_zh"],
        agreements_en=row["outcomes_en"],
    )
    draft = base(
        Kind.MEETING,
        row,
        detail,
        zh=f"闽宁第{row['ordinal']}次联席会议",
        en=f"Joint meeting no. {row['ordinal']}",
        date=when(row["date"]),
        terms=([Dimension.POLICY], [Mechanism.JOINT_MEETINGS]),
    )
    draft.record.summary_zh, draft.record.summary_en = row["outcomes_zh"], row["outcomes_en"]
    draft.locations = names.locations(row["place"], Location.Role.HELD_AT)
    return draft


def exchange(row: Row, names: Authorities) -> Draft:
    """An exchange of people."""
    detail = Exchange(
        direction=_direction(row["from_org"], row["to_org"]),
        category=row["category"],
        cohort=row["cohort"],
        head_count=number(row["count"]),
        count_unit=row["unit"],
        from_as_written=row["from_org"],
        to_as_written=row["to_org"],
    )
    named = row["category"] in row["cohort"]
    draft = base(
        Kind.EXCHANGE,
        row,
        detail,
        zh=row["cohort"] if named else f"{row['category']}：{row['cohort']}",
        en=_short(row["summary_en"]),
        date=span(row["start"], row["end"]),
        terms=([Dimension.EXCHANGE], []),
    )
    draft.participations = [
        *names.participations(row["from_org"], Role.SENDER),
        *names.participations(row["to_org"], Role.RECEIVER),
    ]
    draft.locations = names.locations(row["to_org"])
    return draft


def funding(row: Row, names: Authorities) -> Draft:
    """A sum of money."""
    stated = f"{row['amount']}{row['unit']}"
    detail = Funding(
        amount=number(row["amount_cny"]),
        amount_as_stated=stated,
        currency=row["currency"],
        what_counted=row["what_counted"],
        payer_as_written=row["payer"],
        purpose=row["purpose"],
        period=row["period"],
    )
    social = [Mechanism.SOCIAL_PARTICIPATION] if row["what_counted"] in {"社会捐助", "募捐", "捐赠"} else []
    draft = base(
        Kind.FUNDING,
        row,
        detail,
        zh=f"{row['payer']}：{row['what_counted']}{stated}（{row['period']}）",
        en=_short(row["summary_en"]),
        date=when(row["period"].removeprefix("至")),
        terms=([Dimension.FUNDING], social),
    )
    draft.record.date_expression = row["period"]
    draft.participations = names.participations(row["payer"], Role.PAYER)
    return draft


def project(row: Row, names: Authorities) -> Draft:
    """A project."""
    detail = Project(
        place_as_written=row["county"],
        investment_as_stated=row["fund_amount"],
        outcome_zh=row["outcome_zh"],
        outcome_en=row["outcome_en"],
    )
    terms = classified(row["dimension"])
    date = span(row["start"], row["end"])
    draft = base(Kind.PROJECT, row, detail, zh=row["name"], en=_short(row["outcome_en"]), date=date, terms=terms)
    draft.record.summary_zh, draft.record.summary_en = row["outcome_zh"], row["outcome_en"]
    draft.locations = names.locations(row["county"])
    return draft


def venture(row: Row, names: Authorities) -> Draft:
    """An enterprise or park."""
    detail = Venture(
        category=row["kind"], place_as_written=row["place"], figures_zh=row["figures_zh"], figures_en=row["figures_en"]
    )
    terms: Terms = ([Dimension.INDUSTRY], [])
    date = when(row["year"])
    draft = base(Kind.VENTURE, row, detail, zh=row["name"], en=_short(row["figures_en"]), date=date, terms=terms)
    draft.record.summary_zh, draft.record.summary_en = row["figures_zh"], row["figures_en"]
    draft.locations = names.locations(row["place"])
    return draft


def indicator(row: Row, names: Authorities) -> Draft:
    """A measured value."""
    stated = f"{row['value']}{row['unit']}"
    detail = Indicator(
        measure_zh=row["indicator_zh"],
        measure_en=row["indicator_en"],
        value=number(row["value"]),
        value_as_stated=stated,
        unit=row["unit"],
        place_as_written=row["place"],
    )
    where = "，".join(filter(None, [row["place"], row["year"]]))
    zh = f"{row['indicator_zh']}：{stated}" + (f"（{where}）" if where else "")
    en = f"{row['indicator_en']}: {row['value']}" + (f" ({row['year']})" if row["year"] else "")
    terms: Terms = ([Dimension.LIVELIHOOD], [])
    draft = base(Kind.INDICATOR, row, detail, zh=zh, en=en, date=when(row["year"]), terms=terms)
    draft.locations = names.locations(row["place"])
    return draft


def work(row: Row, names: Authorities) -> Draft:
    """A work of culture or education."""
    detail = Work(category=row["kind"], maker_as_written=row["creator_or_body"], place_as_written=row["place"])
    terms: Terms = ([Dimension.CULTURE], [])
    date = when(row["date"])
    draft = base(Kind.WORK, row, detail, zh=row["title_zh"], en=row["title_en"], date=date, terms=terms)
    draft.participations = names.participations(row["creator_or_body"], Role.AUTHOR)
    draft.locations = names.locations(row["place"])
    return draft


def pairing(row: Row, names: Authorities) -> Draft:
    """A pairing of two parties."""
    detail = Pairing(
        pairing_level=row["level"],
        fujian_party_as_written=row["fujian_party"],
        ningxia_party_as_written=row["ningxia_party"],
        basis=row["basis"],
    )
    draft = base(
        Kind.PAIRING,
        row,
        detail,
        zh=f"{row['fujian_party']}—{row['ningxia_party']}结对",
        en=_short(row["summary_en"]),
        date=span(row["start"], row["end"], goes_on=True),
        terms=([Dimension.POLICY], [Mechanism.PAIRED_ASSISTANCE]),
    )
    draft.participations = [
        *names.participations(row["fujian_party"], Role.FUJIAN_PARTY),
        *names.participations(row["ningxia_party"], Role.NINGXIA_PARTY),
    ]
    draft.locations = names.locations(f"{row['fujian_party']}、{row['ningxia_party']}", Location.Role.COVERS)
    return draft


TABLES: dict[str, tuple[Callable[[Row, Authorities], Draft], tuple[str, ...]]] = {
    "policies": (policy, ("issuing_body",)),
    "events": (event, ()),
    "joint_conferences": (meeting, ()),
    "personnel": (exchange, ("from_org", "to_org")),
    "funding": (funding, ("payer",)),
    "projects": (project, ()),
    "industry": (venture, ()),
    "livelihood": (indicator, ()),
    "culture_education": (work, ("creator_or_body",)),
    "pairings": (pairing, ("fujian_party", "ningxia_party")),
}
"""Each table with the function that reads its rows and the columns that name agents."""


def number(text: str) -> Decimal | None:
    """A figure as a decimal; None where the column is empty or not a plain figure."""
    try:
        return Decimal(fold(text).text.replace(",", "")) if text else None
    except InvalidOperation:
        return None


def _direction(sender: str, receiver: str) -> str:
    if sender.startswith("宁夏") or receiver == "福建省":
        return Exchange.Direction.NINGXIA_TO_FUJIAN
    return Exchange.Direction.FUJIAN_TO_NINGXIA if sender else Exchange.Direction.UNKNOWN


def _short(sentence: str) -> str:
    return sentence.rstrip(".")

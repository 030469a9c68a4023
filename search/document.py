"""A record or a page as a document of the index, and the passages of a record in which hits can be shown.

What is searched and what is shown are the same passages, made in one place. A passage that rests on something the
public may not see (a claim from a closed unit, the name of an unpublished agent) is not public even where its record
is, and neither is the text of pages whose publication was authorised for the catalogue entry only (O-08).
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from typing import Final

import msgspec
from django.utils import timezone

from archive.models import Classification, Funding, Kind, Level, Project, Record, Scope, Unit
from media.models import Page
from search import analysis, names, rows, schema
from search.backends.base import Document
from search.loading import Link, Loaded
from search.rows import Row
from search.schema import Index

YEARS: Final = (1949, 2100)
"""Years outside are not offered as a facet."""

NUMBERS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.UNIT: ("reference_code", "document_number"),
    Kind.POLICY: ("document_number",),
    Kind.PLACE: ("code",),
}
"""The fields of the details that hold a number or code people search for."""

AGENTS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.UNIT: ("creator_as_written",),
    Kind.POLICY: ("issuer_as_written",),
    Kind.EXCHANGE: ("from_as_written", "to_as_written"),
    Kind.FUNDING: ("payer_as_written", "payee_as_written"),
    Kind.WORK: ("maker_as_written",),
    Kind.PAIRING: ("fujian_party_as_written", "ningxia_party_as_written"),
    Kind.SOURCE: ("publisher",),
}
"""The fields of the details that name who took part, as documents write it."""

PLACES: Final[Mapping[Kind, tuple[str, ...]]] = dict.fromkeys(
    (Kind.PROJECT, Kind.VENTURE, Kind.INDICATOR, Kind.WORK, Kind.MEETING, Kind.EVENT), ("place_as_written",)
)
"""The fields of the details that name a place, as documents write it."""

DETAILS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.UNIT: (
        *("document_form", "extent", "prior_publication", "administrative_history", "archival_history"),
        *("acquisition", "arrangement", "originals_location", "copies_location"),
    ),
    Kind.POLICY: ("issuing_level",),
    Kind.EXCHANGE: ("category", "cohort", "post"),
    Kind.FUNDING: ("amount_as_stated", "what_counted", "purpose", "period"),
    Kind.PROJECT: ("state", "investment_as_stated", "beneficiaries", "outcome_zh", "outcome_en"),
    Kind.VENTURE: ("category", "figures_zh", "figures_en"),
    Kind.INDICATOR: ("measure_zh", "measure_en", "value_as_stated", "unit"),
    Kind.WORK: ("category",),
    Kind.MEETING: ("agreements_zh", "agreements_en"),
    Kind.PAIRING: ("basis",),
    Kind.EVENT: ("category",),
    Kind.DISPUTE: ("assessment_zh", "assessment_en"),
    Kind.AGENT: ("category", "history_zh", "history_en"),
    Kind.PLACE: ("type",),
    Kind.SOURCE: ("category", "issued"),
}
"""The further fields of the details that are searched."""

_AREAS: Final[Mapping[str, str]] = {
    "title": "title_",
    "names": "lead_",
    "numbers": "numbers_",
    "summary": "lead_",
    "agents": "agents_",
    "places": "places_",
}
"""The areas of the index that hold the passages; what is not named here stands in the rest of the description."""

PAGES_TOGETHER: Final = 250
"""Pages whose documents are made together."""

_SUGGESTED_FIRST: Final = (Kind.PLACE, Kind.AGENT, Kind.UNIT)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a record's own description.

    ``name`` says where it stands: title, names, numbers, summary, agents, places, claims or details.
    """

    name: str
    text: str
    is_public: bool = True

    @property
    def area(self) -> str:
        """The area of the index in which it is found."""
        return _AREAS.get(self.name, "")


def row_passages(record: Record, names_of_it: Iterable[str] = ()) -> list[Passage]:
    """The passages that stand on the record's own row, and its names; most telling first."""
    titles = (record.title_zh, record.title_en)
    found = [Passage("title", text) for text in titles]
    found += [Passage("names", text) for text in names_of_it if text not in titles]
    found += [Passage("numbers", record.local_id)]
    found += [Passage("summary", text) for text in (record.summary_zh, record.summary_en)]
    found += [Passage("details", text) for text in (record.date_expression, record.note)]
    return [passage for passage in found if passage.text]


def passages(loaded: Loaded) -> list[Passage]:
    """Everything of a record's own description that is searched."""
    found = [*row_passages(loaded.record, loaded.names), *_of_detail(loaded, "numbers", NUMBERS)]
    found += [*_of_detail(loaded, "agents", AGENTS), *_linked("agents", loaded.agents)]
    found += [*_of_detail(loaded, "places", PLACES), *_linked("places", loaded.places)]
    found += [Passage("claims", text, claim.is_public) for claim in loaded.claims for text in claim.texts]
    found += _of_detail(loaded, "details", DETAILS)
    return [passage for passage in found if passage.text]


def of_records(batch: Sequence[Loaded]) -> Iterator[Document]:
    """The documents of records that were loaded together, in their order."""
    owned = [passages(loaded) for loaded in batch]
    tokens = _tokens(chain((one.text for own in owned for one in own), *(loaded.texts for loaded in batch)))
    for loaded, own in zip(batch, owned, strict=True):
        yield _of_record(loaded, own, tokens)


def of_pages(pages: Iterable[tuple[Page, Record, str]]) -> Iterator[Document]:
    """The documents of pages, each with the record of its unit and its current text, in their order."""
    left = iter(pages)
    while batch := list(islice(left, PAGES_TOGETHER)):
        tokens = _tokens(text for _page, _record, text in batch)
        for page, record, text in batch:
            yield _of_page(page, record, tokens[text])


def _of_record(loaded: Loaded, own: Sequence[Passage], tokens: Mapping[str, Row]) -> Document:
    record = loaded.record
    titles = [record.title_zh, record.title_en]
    spoken = [record.title_zh, *loaded.names]
    sums = _fen(loaded)
    fields: dict[str, Sequence[str] | Sequence[int]] = {
        **_visibility(record),
        **_texts(record, own, loaded.texts, tokens),
        "title_key": list(dict.fromkeys(names.whole([*titles, *loaded.names]))),
        "py": [names.spoken(dict.fromkeys(spoken))],
        "beginning": [" ".join(dict.fromkeys(chain.from_iterable(map(names.beginnings, [*spoken, record.title_en]))))],
        "weight": [_weight(record)],
        "standing": [_standing(loaded)],
        "evidence": [sum(claim.is_public for claim in loaded.claims)],
        "published": [int(record.first_published_at.timestamp())] if record.first_published_at else [],
        **_days(record),
        "fen": sums,
        "amount": [_range(amount) for amount in sums],
        "reference": _reference(loaded),
        "kind": [record.kind],
        "place": loaded.around,
        "agent": sorted({link.ark for link in loaded.agents}),
        "year": years(record.date_earliest, record.date_latest),
        **_terms(loaded),
    }
    return _sealed(Index.RECORDS, record.pk, fields)


def _of_page(page: Page, record: Record, tokens: Row) -> Document:
    fields: dict[str, Sequence[str] | Sequence[int]] = {
        **_visibility(record),
        **_fields([tokens], ""),
        "record": [record.pk],
        "number": [page.number],
    }
    return _sealed(Index.PAGES, page.pk, fields)


def years(earliest: dt.date | None, latest: dt.date | None) -> list[int]:
    """Every year that a stretch of days touches; one without an end reaches to the current year."""
    if earliest is None:
        return []
    last = latest.year if latest is not None else max(timezone.localdate().year, earliest.year)
    return list(range(max(earliest.year, YEARS[0]), min(last, YEARS[1]) + 1))


def _of_detail(loaded: Loaded, name: str, fields: Mapping[Kind, tuple[str, ...]]) -> list[Passage]:
    if loaded.detail is None:
        return []
    return [Passage(name, str(getattr(loaded.detail, one) or "")) for one in fields.get(Kind(loaded.record.kind), ())]


def _linked(name: str, links: Iterable[Link]) -> list[Passage]:
    return [
        Passage(name, text, link.is_public) for link in links for text in dict.fromkeys((link.as_written, link.title))
    ]


def _visibility(record: Record) -> dict[str, list[int]]:
    return {"public_scope": [record.public_scope], "closed_until": [record.closed_until.toordinal()]}


def _texts(
    record: Record, own: Iterable[Passage], texts: Iterable[str], tokens: Mapping[str, Row]
) -> dict[str, list[str]]:
    """Every text field: each area with what the public may read of it, and with what only the desk may."""
    gathered: dict[str, list[Row]] = defaultdict(list)
    for passage in own:
        area = passage.area if passage.is_public else f"{schema.DESK}{passage.area}"
        gathered[area].append(tokens[passage.text])
    on_pages = "text_" if record.public_scope >= Scope.TEXT else f"{schema.DESK}text_"
    gathered[on_pages] += (tokens[text] for text in texts)
    fields: dict[str, list[str]] = {}
    for area, parts in gathered.items():
        fields |= _fields(parts, area)
    return fields


def _tokens(texts: Iterable[str]) -> dict[str, Row]:
    """The tokens of each text."""
    different = list(dict.fromkeys(texts))
    return dict(zip(different, rows.of_texts([_level(text) for text in different]), strict=True))


@lru_cache(maxsize=4_096)
def _level(text: str) -> str:
    """Kept for a while: names come in many records, and the text of a page stands in its record's document, too."""
    return analysis.level(text)


def _fields(parts: Iterable[Row], area: str) -> dict[str, list[str]]:
    """The two fields of an area, kept apart so that no phrase crosses from one to the next."""
    filled = [part for part in parts if part[0]]
    if not filled:
        return {}
    unigrams, bigrams = (analysis.BETWEEN_TEXTS.join(tokens) for tokens in zip(*filled, strict=True))
    return {f"{area}{schema.UNIGRAMS}": [unigrams], f"{area}{schema.BIGRAMS}": [bigrams]}


def _days(record: Record) -> dict[str, list[int]]:
    """The stretch of days that the record covers; without an end it lasts for ever."""
    if record.date_earliest is None:
        return {"earliest": [], "latest": []}
    latest = record.date_latest or dt.date.max
    return {"earliest": [record.date_earliest.toordinal()], "latest": [latest.toordinal()]}


def _fen(loaded: Loaded) -> list[int]:
    """The sum of a fact in fen (分): what was funded or invested."""
    match loaded.detail:
        case Funding(amount=Decimal() as yuan, currency="CNY") | Project(investment=Decimal() as yuan):
            return [int(yuan * 100)]
        case _:
            return []


def _range(fen: int) -> str:
    """The range of amounts in which a sum lies."""
    return next(code for code, (_least, end) in schema.AMOUNT_RANGES.items() if end is None or fen < end * 100)


def _reference(loaded: Loaded) -> list[str]:
    return [loaded.detail.reference_key] if isinstance(loaded.detail, Unit) else []


def _terms(loaded: Loaded) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {scheme: [] for scheme in Classification.Scheme.values}
    for scheme, term in loaded.terms:
        found[scheme].append(term)
    return found


def _weight(record: Record) -> int:
    """What orders suggestions: places, agents and units first, short titles before long ones."""
    kind = Kind(record.kind)
    order = _SUGGESTED_FIRST.index(kind) if kind in _SUGGESTED_FIRST else len(_SUGGESTED_FIRST)
    return order * 1000 + len(record.title_zh)


def _standing(loaded: Loaded) -> int:
    """What a record is worth by its kind where the words alone do not decide; see `schema.STANDINGS`."""
    record = loaded.record
    match record.kind:
        case Kind.SOURCE:
            return 0
        case Kind.AGENT | Kind.PLACE:
            return 2 if record.summary_zh or any(claim.is_public for claim in loaded.claims) else 1
        case Kind.UNIT if isinstance(loaded.detail, Unit) and loaded.detail.level != Level.ITEM:
            return 2
        case _:
            return schema.STANDINGS


def _sealed(index: Index, key: int, fields: dict[str, Sequence[str] | Sequence[int]]) -> Document:
    """The document with its key and the digest of everything in it, 63 bits."""
    content = msgspec.json.encode(fields, order="sorted")
    digest = int.from_bytes(hashlib.blake2b(content, digest_size=8).digest()) >> 1
    return Document(index, key, {**fields, schema.KEY[index]: [key], "digest": [digest]})

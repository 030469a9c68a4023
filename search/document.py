"""A record or a page as a document of the index, and the passages of a record in which hits can be shown.

What is searched and what is shown are the same passages, made in one place. A passage that rests on something the
public may not see (a claim from a closed unit, the name of an unpublished agent) is not public even where its record
is, and neither is the text of pages whose publication was authorised for the catalogue entry only (O-08).
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from archive.models import Classification, Kind, Record, Scope
from media.models import Page
from search import analysis, names, schema
from search.backends.base import Document
from search.loading import Loaded
from search.schema import Index

YEARS: Final = (1949, 2100)
"""Years outside are not offered as a facet."""

NUMBERS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.UNIT: ("reference_code", "document_number"),
    Kind.POLICY: ("document_number",),
    Kind.PLACE: ("code",),
}
"""The fields of the details that hold a number or code people search for."""

DETAILS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.UNIT: (
        *("document_form", "creator_as_written", "extent", "prior_publication", "administrative_history"),
        *("archival_history", "acquisition", "arrangement", "originals_location", "copies_location"),
    ),
    Kind.POLICY: ("issuer_as_written", "issuing_level"),
    Kind.EXCHANGE: ("category", "cohort", "post", "from_as_written", "to_as_written"),
    Kind.FUNDING: (*("amount_as_stated", "what_counted", "payer_as_written", "payee_as_written", "purpose", "period"),),
    Kind.PROJECT: (
        *("state", "place_as_written", "investment_as_stated", "beneficiaries", "outcome_zh", "outcome_en"),
    ),
    Kind.VENTURE: ("category", "place_as_written", "figures_zh", "figures_en"),
    Kind.INDICATOR: ("measure_zh", "measure_en", "value_as_stated", "unit", "place_as_written"),
    Kind.WORK: ("category", "maker_as_written", "place_as_written"),
    Kind.MEETING: ("place_as_written", "agreements_zh", "agreements_en"),
    Kind.PAIRING: ("fujian_party_as_written", "ningxia_party_as_written", "basis"),
    Kind.EVENT: ("category", "place_as_written"),
    Kind.DISPUTE: ("assessment_zh", "assessment_en"),
    Kind.AGENT: ("category", "history_zh", "history_en"),
    Kind.PLACE: ("type",),
    Kind.SOURCE: ("category", "publisher", "issued"),
}
"""The further fields of the details that are searched."""

_SUGGESTED_FIRST: Final = (Kind.PLACE, Kind.AGENT, Kind.UNIT)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a record's own description.

    ``name`` says where it stands: title, names, numbers, summary, claims or details.
    """

    name: str
    text: str
    is_public: bool = True


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
    found += [Passage("claims", text, claim.is_public) for claim in loaded.claims for text in claim.texts]
    found += _of_detail(loaded, "details", DETAILS)
    for link in (*loaded.agents, *loaded.places):
        found += [Passage("details", text, link.is_public) for text in dict.fromkeys((link.as_written, link.title))]
    return [passage for passage in found if passage.text]


def of_record(loaded: Loaded) -> Document:
    """The document of a record."""
    record = loaded.record
    own = [(passage, analysis.level(passage.text)) for passage in passages(loaded)]
    texts = [analysis.level(text) for text in loaded.texts]
    texts_are_public = record.public_scope >= Scope.TEXT
    lead = analysis.joined(text for passage, text in own if passage.name in {"names", "numbers", "summary"})
    titles = [text for passage, text in own if passage.name == "title"]
    spoken = [record.title_zh, *loaded.names]
    fields: dict[str, Sequence[str] | Sequence[int]] = {
        **_visibility(record),
        **_analysed((text for passage, text in own if passage.is_public), texts if texts_are_public else (), prefix=""),
        **_analysed(
            (text for passage, text in own if not passage.is_public), () if texts_are_public else texts, prefix="desk_"
        ),
        **_analysed(titles, (), prefix="title_"),
        **_analysed([lead], (), prefix="lead_"),
        "title_key": titles,
        "py": [names.spoken(dict.fromkeys(spoken))],
        "beginning": [" ".join(sorted(set().union(*map(names.beginnings, [*spoken, record.title_en]))))],
        "weight": [_weight(record)],
        "kind": [record.kind],
        "place": loaded.around,
        "agent": sorted({link.ark for link in loaded.agents}),
        "year": years(record.date_earliest, record.date_latest),
        **_terms(loaded),
    }
    return _sealed(Index.RECORDS, record.pk, fields)


def of_page(page: Page, record: Record, text: str) -> Document:
    """The document of a page of ``record`` whose current text is ``text``."""
    fields: dict[str, Sequence[str] | Sequence[int]] = {
        **_visibility(record),
        **_analysed([analysis.level(text)], (), prefix=""),
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


def _visibility(record: Record) -> dict[str, list[int]]:
    return {"public_scope": [record.public_scope], "closed_until": [record.closed_until.toordinal()]}


def _analysed(levelled: Iterable[str], texts: Iterable[str], *, prefix: str) -> dict[str, list[str]]:
    whole = analysis.joined([*levelled, *texts])
    if not whole:
        return {}
    return {
        f"{prefix}{schema.UNIGRAMS}": [" ".join(analysis.unigrams(whole))],
        f"{prefix}{schema.BIGRAMS}": [" ".join(analysis.bigrams(whole))],
    }


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


def _sealed(index: Index, key: int, fields: dict[str, Sequence[str] | Sequence[int]]) -> Document:
    """The document with its key and the digest of everything in it, 63 bits."""
    content = repr(sorted((name, list(values)) for name, values in fields.items()))
    digest = int.from_bytes(hashlib.blake2b(content.encode(), digest_size=8).digest()) >> 1
    return Document(index, key, {**fields, schema.KEY[index]: [key], "digest": [digest]})

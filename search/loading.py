"""The rows that documents are made of, fetched for many records at a time: so many queries, however many records."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Final, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from archive.models import Classification, Evidence, Kind, Location, NameForm, Participation, Place, Record, Scope
from archive.models.records import visible
from media.models import OPEN_TEXT, Page, PageText

Value = TypeVar("Value")

_INDEXED: Final = (
    *("kind", "local_id", "title_zh", "title_en", "summary_zh", "summary_en", "note", "date_expression"),
    *("date_earliest", "date_latest", "public_scope", "closed_until", "first_published_at"),
)
"""The columns of a record that stand in its document."""

_OF_A_PAGE: Final = ("id", "public_scope", "closed_until")
"""Those that stand in the documents of its pages."""

CHUNK: Final = 5_000
"""Keys named in one query; engines of databases bear only so many."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One document's words on a record; not public where the document is not."""

    texts: tuple[str, str]
    is_public: bool


@dataclass(frozen=True, slots=True)
class Link:
    """An agent or place of a record, and its name as the document writes it; not public where the authority is not."""

    ark: str
    title: str
    as_written: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """A record with everything that its document is made of."""

    record: Record
    detail: models.Model | None = None
    names: Sequence[str] = ()
    claims: Sequence[Claim] = ()
    agents: Sequence[Link] = ()
    places: Sequence[Link] = ()
    terms: Sequence[tuple[str, str]] = ()
    """Scheme and term of its classifications."""

    texts: Sequence[str] = ()
    """The current texts of its pages, in page order."""

    around: Sequence[str] = field(default_factory=tuple)
    """The ARK names of its places and of every place these lie in."""


def load(records: models.QuerySet[Record], *, for_index: bool = True) -> list[Loaded]:
    """Records and all that belongs to them, in their order. Without ``for_index`` only what their passages need."""
    rows = list(records.only(*_INDEXED) if for_index else records)
    keys = [row.pk for row in rows]
    units = [row.pk for row in rows if row.kind == Kind.UNIT]
    names, claims, details = name_forms(rows), _claims(keys), _details(rows)
    agents = _links(Participation.objects.filter(_among("record", keys)), "agent")
    places = _links(Location.objects.filter(_among("record", keys)), "place")
    terms = _terms(keys) if for_index else {}
    texts = _texts(units) if for_index else {}
    around = _around(keys) if for_index else {}
    return [
        Loaded(
            record=row,
            detail=details.get(row.pk),
            names=names.get(row.pk, ()),
            claims=claims.get(row.pk, ()),
            agents=agents.get(row.pk, ()),
            places=places.get(row.pk, ()),
            terms=terms.get(row.pk, ()),
            texts=texts.get(row.pk, ()),
            around=around.get(row.pk, ()),
        )
        for row in rows
    ]


def name_forms(records: Iterable[Record]) -> Mapping[int, list[str]]:
    """The forms of the names of those of the records that can have them."""
    named = [record.pk for record in records if record.kind in {Kind.AGENT, Kind.PLACE}]
    if not named:
        return {}
    return _grouped(NameForm.objects.filter(record__in=named).order_by("pk").values_list("record", "text"))


def current_texts(pages: models.QuerySet[Page]) -> Iterator[tuple[Page, Record, str]]:
    """The pages that have text, with the record of their unit and the text that may be shown, in order of their keys.

    What is masked is in no index, and neither is anything of a quarantined file (L-18, L-24).

    Of pages and records only what their documents need is fetched; a record is the same for pages that follow.
    """
    rows = (
        _shown(PageText.objects.filter(page__in=pages))
        .order_by("page_id")
        .values_list(OPEN_TEXT, "page_id", "page__number", *(f"page__unit__record__{name}" for name in _OF_A_PAGE))
    )
    record: Record | None = None
    for text, key, number, *of_record in rows.iterator(chunk_size=500):
        if record is None or record.pk != of_record[0]:
            record = Record.from_db(rows.db, _OF_A_PAGE, of_record)
        yield Page.from_db(rows.db, ("id", "number"), (key, number)), record, text


def resting_on(keys: Collection[int]) -> set[int]:
    """Records whose documents hold something of these records: what cites them, names them, or lies in them."""
    return citing(keys) | naming(keys)


def citing(keys: Collection[int]) -> set[int]:
    """Records whose documents hold claims of these units and sources."""
    found: set[int] = set()
    for chunk in in_chunks(keys):
        found.update(Evidence.objects.filter(unit__record__in=chunk).values_list("record", flat=True))
        found.update(Evidence.objects.filter(source__record__in=chunk).values_list("record", flat=True))
    return found - set(keys)


def naming(keys: Collection[int]) -> set[int]:
    """Records whose documents name these agents, or these places or what lies in them."""
    found: set[int] = set()
    for chunk in in_chunks(keys):
        found.update(Participation.objects.filter(agent__in=chunk).values_list("record", flat=True))
    for chunk in in_chunks(_with_parts(keys)):
        found.update(Location.objects.filter(place__in=chunk).values_list("record", flat=True))
    return found - set(keys)


def _claims(keys: Sequence[int]) -> dict[int, list[Claim]]:
    scope = Coalesce("unit__record__public_scope", "source__record__public_scope")
    closure = Coalesce("unit__record__closed_until", "source__record__closed_until")
    rows = Evidence.objects.filter(_among("record", keys)).order_by("position", "pk")
    today = timezone.localdate()
    return _grouped(
        (record, Claim((zh, en), scope >= Scope.TEXT and closed_until <= today))
        for record, zh, en, scope, closed_until in rows.values_list("record", "claim_zh", "claim_en", scope, closure)
    )


def _links(rows: "models.QuerySet[Participation] | models.QuerySet[Location]", end: str) -> dict[int, list[Link]]:
    """The authorities at the other end of such rows, by record."""
    columns = (f"{end}__{name}" for name in ("ark", "title_zh", "public_scope", "closed_until"))
    found = rows.order_by("pk").values_list("record", "name_as_written", *columns)
    today = timezone.localdate()
    return _grouped(
        (record, Link(ark, title, as_written, scope >= Scope.CATALOGUE and closed_until <= today))
        for record, as_written, ark, title, scope, closed_until in found
    )


def _terms(keys: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    rows = Classification.objects.filter(_among("record", keys)).order_by("pk").values_list("record", "scheme", "term")
    return _grouped((record, (scheme, term)) for record, scheme, term in rows)


def _texts(units: Sequence[int]) -> dict[int, list[str]]:
    rows = _shown(PageText.objects.filter(_among("page__unit__record", units)))
    return _grouped(rows.order_by("page__unit", "page__number").values_list("page__unit__record", OPEN_TEXT))


def _shown(texts: models.QuerySet[PageText]) -> models.QuerySet[PageText]:
    """The current ones among them, but for those of quarantined files."""
    return texts.filter(is_current=True, page__digital_object__quarantined_at__isnull=True)


def _details(records: Sequence[Record]) -> dict[int, models.Model]:
    """The one-to-one rows of the records, one query a kind."""
    keys = [record.pk for record in records]
    found: dict[int, models.Model] = {}
    for kind in sorted({record.kind for record in records}):
        model = Record._meta.get_field(kind).related_model
        assert isinstance(model, type), "each kind is the name of a one-to-one relation"
        for row in model._default_manager.filter(_among("record", keys)):
            found[row.serializable_value("record_id")] = row
    return found


def _around(keys: Sequence[int]) -> dict[int, list[str]]:
    """For each record the ARK names of its places and of those around them, as far as the places are public."""
    own = _grouped(Location.objects.filter(_among("record", keys)).values_list("record", "place"))
    arks: dict[int, str] = {}
    above: dict[int, int | None] = {}
    layer = {place for places in own.values() for place in places}
    public = visible(AnonymousUser(), through="record__")
    while layer:
        rows = Place.objects.filter(record__in=layer).annotate(is_public=Q(public))
        for place, ark, outer, is_public in rows.values_list("record", "record__ark", "part_of__record", "is_public"):
            arks[place], above[place] = ark, outer if is_public else None
        layer = {outer for outer in above.values() if outer is not None and outer not in above}
    return {record: sorted(arks[key] for key in _reached(places, above)) for record, places in own.items()}


def _reached(places: Iterable[int], above: Mapping[int, int | None]) -> set[int]:
    reached: set[int] = set()
    for place in places:
        step: int | None = place
        while step is not None and step in above and step not in reached:
            reached.add(step)
            step = above[step]
    return reached


def _with_parts(keys: Collection[int]) -> set[int]:
    """The keys, and those of every place that lies in one of them."""
    found, layer = set(keys), set(keys)
    while layer:
        parts: set[int] = set()
        for chunk in in_chunks(layer):
            parts.update(Place.objects.filter(part_of__record__in=chunk).values_list("record", flat=True))
        layer = parts - found
        found |= layer
    return found


def _among(field: str, keys: Sequence[int]) -> Q:
    """The condition that a field is one of the keys; keys without a gap are named by their ends, which is quicker."""
    if len(keys) > 1 and keys[-1] - keys[0] == len(keys) - 1 and all(one < other for one, other in pairwise(keys)):
        return Q(**{f"{field}__gte": keys[0], f"{field}__lte": keys[-1]})
    return Q(**{f"{field}__in": keys})


def _grouped(rows: Iterable[tuple[int, Value]]) -> dict[int, list[Value]]:
    found: dict[int, list[Value]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def in_chunks(keys: Iterable[int]) -> Iterator[list[int]]:
    """Keys in lists that one query bears."""
    left = iter(keys)
    while chunk := list(islice(left, CHUNK)):
        yield chunk

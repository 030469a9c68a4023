"""Ways through the holdings: by dimension, mechanism, kind, year, place and agent."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive import lookup
from archive.models import (
    REGISTER_KINDS,
    Agent,
    Classification,
    Dimension,
    Kind,
    Location,
    Mechanism,
    Participation,
    Place,
    Reader,
    Record,
    RecordQuerySet,
)
from core.errors import NotFound
from portal import record_page

FIRST_YEAR, LAST_YEAR = 1996, 2026
"""The thirty years of the cooperation; earlier and later records have their places too, outside the timeline."""

FACTS = tuple(kind for kind in REGISTER_KINDS if kind != Kind.DISPUTE)

HEADINGS: dict[str, str | Promise] = {
    "dimension": gettext_lazy("By dimension"),
    "mechanism": gettext_lazy("By mechanism"),
    "year": gettext_lazy("By year"),
    "place": gettext_lazy("By place"),
    "agent": gettext_lazy("By agent"),
    "kind": gettext_lazy("By kind"),
}

EXPLANATIONS: dict[str, str | Promise] = {
    "dimension": gettext_lazy("Six dimensions of the cooperation; a record may belong to several."),
    "mechanism": gettext_lazy("Five mechanisms by which the two provinces work together."),
    "year": gettext_lazy("Recorded facts by the year in which they begin."),
    "place": gettext_lazy(
        "Counted are the records described at the place itself; its page also gives those of its parts."
    ),
    "agent": gettext_lazy("Persons and bodies, with the number of records in which they take part."),
    "kind": gettext_lazy("Documents of the catalogue, facts of the register, and authorities."),
}

DIMENSION_NOTES: dict[str, str | Promise] = {
    Dimension.POLICY: gettext_lazy("Decisions, plans and the institutions that carry them"),
    Dimension.EXCHANGE: gettext_lazy("Secondments, teachers, doctors, training"),
    Dimension.FUNDING: gettext_lazy("Public aid, donations and what they built"),
    Dimension.INDUSTRY: gettext_lazy("Enterprises, parks, juncao, wine, labour"),
    Dimension.LIVELIHOOD: gettext_lazy("Resettlement, water, health, income"),
    Dimension.CULTURE: gettext_lazy("Schools, books, drama, memory"),
}


@dataclass(frozen=True, slots=True)
class Shelf:
    """One place to look, and how many records stand there."""

    label: str
    href: str
    count: int
    note: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """Shelves that belong together."""

    label: str
    shelves: Sequence[Shelf]


@dataclass(frozen=True, slots=True)
class Selection:
    """The records on one shelf: its name, the records, and those that only run through it (years)."""

    title: str
    records: RecordQuerySet
    authority: Record | None = None
    running: RecordQuerySet | None = None


def cases(by: str, reader: Reader) -> list[Case]:
    """Every shelf of one way through the holdings, with counts.

    Raises:
        NotFound: there is no such way.
    """
    if by not in CASES:
        raise NotFound(_("There is no way to browse by “%(by)s”.") % {"by": by})
    return CASES[by](reader)


def selection(by: str, value: str, reader: Reader) -> Selection:
    """The records on one shelf.

    Raises:
        NotFound: there is no such shelf.
    """
    if by not in SELECTIONS:
        raise NotFound(_("There is no way to browse by “%(by)s”.") % {"by": by})
    return SELECTIONS[by](value, reader)


def address(by: str, value: str) -> str:
    """The address of one shelf."""
    return reverse("portal:browse", args=[by, value])


def dimensions(reader: Reader) -> list[Shelf]:
    """The six dimensions with their counts (one query), empty ones too."""
    counts = _term_counts(Classification.Scheme.DIMENSION, reader)
    return [
        Shelf(str(d.label), address("dimension", d), counts.get(d, 0), str(DIMENSION_NOTES[d]), d) for d in Dimension
    ]


def mechanisms(reader: Reader) -> list[Shelf]:
    """The five mechanisms with their counts (one query), empty ones too."""
    counts = _term_counts(Classification.Scheme.MECHANISM, reader)
    return [Shelf(str(m.label), address("mechanism", m), counts.get(m, 0), value=m) for m in Mechanism]


def kinds(reader: Reader) -> list[Shelf]:
    """The kinds of records that exist, with their counts (one query)."""
    rows = Record.objects.visible_to(reader).order_by().values("kind").annotate(total=Count("pk"))
    counts = {row["kind"]: row["total"] for row in rows}
    return [Shelf(str(kind.label), address("kind", kind), counts[kind], value=kind) for kind in Kind if kind in counts]


def years(reader: Reader) -> dict[int, dict[str, int]]:
    """For each year the number of facts of each kind that begin in it (one query)."""
    rows = (
        Record.objects.visible_to(reader)
        .of_kind(*FACTS)
        .filter(date_earliest__isnull=False)
        .order_by()
        .annotate(year=ExtractYear("date_earliest"))
        .values("year", "kind")
        .annotate(total=Count("pk"))
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["year"]][row["kind"]] = row["total"]
    return dict(sorted(found.items()))


def _term_counts(scheme: str, reader: Reader) -> dict[str, int]:
    rows = (
        Classification.objects.filter(scheme=scheme, record__in=Record.objects.visible_to(reader))
        .order_by()
        .values("term")
        .annotate(total=Count("pk"))
    )
    return {row["term"]: row["total"] for row in rows}


def _year_cases(reader: Reader) -> list[Case]:
    counted = {year: sum(kinds_.values()) for year, kinds_ in years(reader).items()}

    def shelves(wanted: Callable[[int], bool]) -> list[Shelf]:
        found = [(year, total) for year, total in counted.items() if wanted(year)]
        return [Shelf(str(year), address("year", str(year)), total, value=str(year)) for year, total in found]

    parts = (
        (_("The thirty years, 1996–2026"), shelves(lambda year: FIRST_YEAR <= year <= LAST_YEAR)),
        (_("Before 1996"), shelves(lambda year: year < FIRST_YEAR)),
        (_("After 2026"), shelves(lambda year: year > LAST_YEAR)),
    )
    return [Case(label, found) for label, found in parts if found]


def _place_cases(reader: Reader) -> list[Case]:
    visible = Record.objects.visible_to(reader)
    counts = dict(
        Location.objects.filter(record__in=visible)
        .order_by()
        .values_list("place")
        .annotate(total=Count("record", distinct=True))
    )
    places = list(
        Place.objects.filter(record__in=visible).select_related("record", "part_of__record").order_by("code", "pk")
    )
    return _grouped(
        (
            _outer_title(place, reader) or _("Provinces and places of their own"),
            Shelf(place.record.title, place.record.get_absolute_url(), counts.get(place.record_id, 0), place.code),
        )
        for place in places
    )


def _outer_title(place: Place, reader: Reader) -> str:
    """The name of the place around this one; empty where there is none that the reader may see."""
    outer = place.part_of.record if place.part_of is not None else None
    return outer.title if outer is not None and outer.is_visible_to(reader) else ""


def _agent_cases(reader: Reader) -> list[Case]:
    visible = Record.objects.visible_to(reader)
    counts = dict(
        Participation.objects.filter(record__in=visible)
        .order_by()
        .values_list("agent")
        .annotate(total=Count("record", distinct=True))
    )
    agents = Agent.objects.filter(record__in=visible).select_related("record").order_by("-type", "record__local_id")
    return _grouped(
        (
            str(agent.get_type_display()),
            Shelf(agent.record.title, agent.record.get_absolute_url(), counts.get(agent.record_id, 0)),
        )
        for agent in agents
    )


def _grouped(pairs: Iterable[tuple[str, Shelf]]) -> list[Case]:
    groups: dict[str, list[Shelf]] = defaultdict(list)
    for label, shelf in pairs:
        groups[label].append(shelf)
    return [Case(label, shelves) for label, shelves in groups.items()]


CASES: dict[str, Callable[[Reader], list[Case]]] = {
    "dimension": lambda reader: [Case("", dimensions(reader))],
    "mechanism": lambda reader: [Case("", mechanisms(reader))],
    "kind": lambda reader: [Case("", kinds(reader))],
    "year": _year_cases,
    "place": _place_cases,
    "agent": _agent_cases,
}


def _in_dimension(value: str, reader: Reader) -> Selection:
    if value not in Dimension:
        raise _no_shelf(value)
    dimension = Dimension(value)
    return Selection(str(dimension.label), Record.objects.visible_to(reader).in_dimension(dimension))


def _by_mechanism(value: str, reader: Reader) -> Selection:
    if value not in Mechanism:
        raise _no_shelf(value)
    mechanism = Mechanism(value)
    return Selection(str(mechanism.label), Record.objects.visible_to(reader).by_mechanism(mechanism))


def _of_kind(value: str, reader: Reader) -> Selection:
    if value not in Kind:
        raise _no_shelf(value)
    kind = Kind(value)
    return Selection(str(kind.label), Record.objects.visible_to(reader).of_kind(kind))


def _of_year(value: str, reader: Reader) -> Selection:
    if not (value.isascii() and value.isdigit() and len(value) == 4 and int(value) > 0):
        raise _no_shelf(value)
    first, last = dt.date(int(value), 1, 1), dt.date(int(value), 12, 31)
    facts = Record.objects.visible_to(reader).of_kind(*FACTS)
    return Selection(
        _("The year %(year)s") % {"year": value},
        facts.filter(date_earliest__range=(first, last)),
        running=facts.filter(date_earliest__lt=first, date_latest__gte=first).order_by(F("date_earliest"), "pk"),
    )


def _of_authority(kind: Kind) -> Callable[[str, Reader], Selection]:
    def found(value: str, reader: Reader) -> Selection:
        authority = lookup.by_ark(value, reader)
        if authority.kind != kind:
            raise _no_shelf(value)
        return Selection(authority.title, record_page.concerning(authority, reader), authority)

    return found


def _no_shelf(value: str) -> NotFound:
    return NotFound(_("There is nothing to browse under “%(value)s”.") % {"value": value})


SELECTIONS: dict[str, Callable[[str, Reader], Selection]] = {
    "dimension": _in_dimension,
    "mechanism": _by_mechanism,
    "kind": _of_kind,
    "year": _of_year,
    "place": _of_authority(Kind.PLACE),
    "agent": _of_authority(Kind.AGENT),
}

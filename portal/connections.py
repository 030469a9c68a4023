"""What a record hangs together with: agents, places, other records, and the disputes about it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.models import Dispute, Kind, Location, Participation, Reader, Record, Relation
from portal import claims
from portal.claims import Claim

FROM_THE_OTHER_END: dict[str, str | Promise] = {
    Relation.Role.ABOUT: _("is treated in"),
    Relation.Role.PART_OF: _("has the part"),
    Relation.Role.DECIDED_BY: _("decided"),
    Relation.Role.FUNDED_BY: _("funded"),
    Relation.Role.REPLACES: _("is replaced by"),
    Relation.Role.RELATED: _("is related to"),
}
"""What the target is to the subject."""


@dataclass(frozen=True, slots=True)
class Link:
    """Another record and what it is to this one; ``as_written`` where the document writes its name differently."""

    role: str
    record: Record
    as_written: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A point on which documents differ, with its claims and the archive's assessment."""

    record: Record
    claims: Sequence[Claim]
    assessment: str


def agents(record: Record, reader: Reader) -> list[Link]:
    """The agents that took part in a record (one query)."""
    rows = Participation.objects.filter(record=record, agent__in=_visible(reader)).select_related("agent")
    return [Link(row.get_role_display(), row.agent, _differing(row.name_as_written, row.agent)) for row in rows]


def places(record: Record, reader: Reader) -> list[Link]:
    """The places of a record (one query)."""
    rows = Location.objects.filter(record=record, place__in=_visible(reader)).select_related("place")
    return [Link(row.get_role_display(), row.place, _differing(row.name_as_written, row.place)) for row in rows]


def related(record: Record, reader: Reader) -> list[Link]:
    """Records linked with this one in either direction, disputes about it aside (two queries)."""
    away = record.relations.filter(target__in=_visible(reader)).select_related("target").order_by("pk")
    back = (
        record.relations_from.filter(subject__in=_visible(reader))
        .exclude(role=Relation.Role.ABOUT, subject__kind=Kind.DISPUTE)
        .select_related("subject")
        .order_by("pk")
    )
    return [
        *(Link(row.get_role_display(), row.target) for row in away),
        *(Link(str(FROM_THE_OTHER_END[row.role]), row.subject) for row in back),
    ]


def disagreements_about(record: Record, reader: Reader) -> list[Disagreement]:
    """The points in dispute that concern this record (at most three queries)."""
    keys = record.relations_from.filter(role=Relation.Role.ABOUT).values("subject")
    return disagreements(Record.objects.visible_to(reader).of_kind(Kind.DISPUTE).filter(pk__in=keys), reader)


def disagreements(disputes: Iterable[Record], reader: Reader) -> list[Disagreement]:
    """Points in dispute with their claims."""
    rows = Dispute.objects.filter(record__in=disputes).select_related("record").order_by("record_id")
    found = list(rows)
    proofs = claims.about([row.record_id for row in found], reader) if found else {}
    return [
        Disagreement(row.record, claims.side_by_side(proofs.get(row.record_id, [])), row.assessment) for row in found
    ]


def grouped(links: Iterable[Link]) -> list[tuple[str, list[Link]]]:
    """Links by role, in the order in which the roles first appear."""
    groups: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        groups[link.role].append(link)
    return list(groups.items())


def _visible(reader: Reader) -> "Iterable[Record]":
    return Record.objects.visible_to(reader)


def _differing(as_written: str, record: Record) -> str:
    return "" if as_written in ("", record.title_zh, record.title_en) else as_written

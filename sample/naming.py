"""Match names as the sample's tables write them with agents and places of the authority file."""

import re
from dataclasses import dataclass, field

from archive import authority_file
from archive.models import Kind, Location, Participation, Record

SEVERAL = re.compile(r"[；;、](?![^（]*）)")
NOT_AN_AGENT = re.compile(r"^（.*）$")


@dataclass(slots=True)
class Authorities:
    """Agents and places by every form of their names; an agent not yet known is noted as wanted."""

    agents: dict[str, Record] = field(default_factory=dict)
    places: dict[str, Record] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Authorities":
        """What the database holds now."""
        return cls(authority_file.index(Kind.AGENT), authority_file.index(Kind.PLACE))

    def participations(self, written: str, role: Participation.Role) -> list[Participation]:
        """The parts of the agents that a column names, in their order, each with the words of the column."""
        found = (self.agents.get(authority_file.name_key(name)) for name in agent_names(written))
        unique = dict.fromkeys(record for record in found if record is not None)
        return [Participation(agent=record, role=role, name_as_written=written[:300]) for record in unique]

    def mentioned(self, text: str, roles: list[Participation]) -> list[Participation]:
        """Described agents whose name occurs in a text and who have no part yet: they are named in it."""
        taken = {part.agent.pk for part in roles}
        key = authority_file.name_key(text)
        found = {
            record.pk: Participation(agent=record, role=Participation.Role.SUBJECT, name_as_written=record.title_zh)
            for name, record in self.agents.items()
            if record.local_id and len(name) >= MENTION_LENGTH and name in key and record.pk not in taken
        }
        return list(found.values())

    def locations(self, written: str, role: Location.Role = Location.Role.SITE) -> list[Location]:
        """The places that a column names; of overlapping names the longest counts (闽宁镇 within 永宁县闽宁镇)."""
        key, found = authority_file.name_key(written), []
        for name in sorted(self.places, key=len, reverse=True):
            if len(name) > 1 and name in key:
                key = key.replace(name, "｜")
                found.append(self.places[name])
        specific = [place for place in dict.fromkeys(found) if not any(_lies_in(other, place) for other in found)]
        return [Location(place=place, role=role, name_as_written=written[:200]) for place in specific]


MENTION_LENGTH = 2
"""The shortest name looked for inside texts: persons' names have two or three characters."""


def agent_names(written: str) -> list[str]:
    """The agents' names in a column: separated by ``；`` or ``、`` outside brackets; bracketed remarks are left out."""
    names = (name.strip() for name in SEVERAL.split(written))
    return [name for name in names if name and not NOT_AN_AGENT.match(name)]


def _lies_in(inner: Record, outer: Record) -> bool:
    place = inner.place.part_of
    while place is not None:
        if place.record_id == outer.pk:
            return True
        place = place.part_of
    return False

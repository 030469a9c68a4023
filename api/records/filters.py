"""Filters of the record lists. A parameter that is not declared here is refused, never ignored."""

from collections.abc import Iterable

import django_filters as filters
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from archive import identifiers
from archive.models import Agent, Dimension, Kind, Level, Mechanism, Reader, Record, RecordQuerySet
from core import dates
from core.errors import InvalidInput
from core.text import fold

COMMON = frozenset({"cursor", "page_size", "format"})
"""Parameters of every list that are not filters."""


class RecordFilters(filters.FilterSet):
    """What every kind of record can be asked by."""

    kind = filters.MultipleChoiceFilter(choices=Kind.choices)
    dimension = filters.ChoiceFilter(choices=Dimension.choices, method="of_dimension")
    mechanism = filters.ChoiceFilter(choices=Mechanism.choices, method="of_mechanism")
    place = filters.CharFilter(method="of_place", help_text="ARK of a place; its parts are included")
    agent = filters.CharFilter(method="of_agent", help_text="ARK of an agent")
    date = filters.CharFilter(method="of_date", help_text="EDTF date or interval that the record's time touches")
    local_id = filters.CharFilter(help_text="the record's own identifier, such as POL-001")
    title = filters.CharFilter(method="of_title", help_text="part of the title, Chinese or English")
    changed_since = filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gte")

    class Meta:
        model = Record
        fields: list[str] = []

    def of_dimension(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """Records of a dimension."""
        return records.in_dimension(Dimension(value))

    def of_mechanism(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """Records of a mechanism."""
        return records.by_mechanism(Mechanism(value))

    def of_place(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """Records at a place or a part of it."""
        place = self._named(value, Kind.PLACE)
        return records.at_place(place, self._reader).distinct() if place else records.none()

    def of_agent(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """Records with a part of an agent."""
        agent = self._named(value, Kind.AGENT)
        return records.of_agent(agent).distinct() if agent else records.none()

    def of_date(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """Records whose time touches a date."""
        when = dates.parse(value)
        if when.earliest is None or when.latest is None:
            raise InvalidInput(
                _("date=%(value)s: write a year, a day or a closed interval such as 1996/2001.") % {"value": value}
            )
        return records.overlapping(when.earliest, when.latest)

    def of_title(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """Records whose title contains the words; the search interface finds more."""
        by_english = records.filter(title_en__icontains=value)
        return records.filter(title_zh__icontains=value) | by_english

    def _named(self, value: str, kind: Kind) -> Record | None:
        return Record.objects.visible_to(self._reader).of_kind(kind).filter(ark=ark_name(value)).first()

    @property
    def _reader(self) -> Reader:
        assert self.request is not None, "the backend always gives the request"
        reader: Reader = self.request.user
        return reader


class UnitFilters(RecordFilters):
    """Units: also by level, parent and reference code."""

    level = filters.ChoiceFilter(field_name="unit__level", choices=Level.choices)
    reference_code = filters.CharFilter(method="of_code", help_text="档号, however its dots and dashes are written")

    def of_code(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """The unit with a reference code."""
        return records.with_reference_code(value)


class AgentFilters(RecordFilters):
    """Agents: also by type and by any form of the name."""

    type = filters.ChoiceFilter(field_name="agent__type", choices=Agent.Type.choices)
    name = filters.CharFilter(method="of_name", help_text="any form of the name, whole")

    def of_name(self, records: RecordQuerySet, _name: str, value: str) -> RecordQuerySet:
        """Agents or places that bear a name."""
        return records.filter(names__key=fold(value).text).distinct()


class PlaceFilters(RecordFilters):
    """Places: also by administrative code and by any form of the name."""

    code = filters.CharFilter(field_name="place__code", help_text="GB/T 2260 code")
    name = filters.CharFilter(method="of_name", help_text="any form of the name, whole")

    of_name = AgentFilters.of_name


class MeetingFilters(RecordFilters):
    """Meetings: also by ordinal."""

    ordinal = filters.NumberFilter(field_name="meeting__ordinal")


class FundingFilters(RecordFilters):
    """Funding: also by amount in yuan."""

    amount_min = filters.NumberFilter(field_name="funding__amount", lookup_expr="gte")
    amount_max = filters.NumberFilter(field_name="funding__amount", lookup_expr="lte")


def refuse_unknown(given: QueryDict, known: Iterable[str]) -> None:
    """Refuse parameters that nothing reads: a misspelt filter must not look like a full answer.

    Raises:
        InvalidInput: naming the parameters and those that exist.
    """
    unknown = [name for name in given if name not in known]
    if unknown:
        raise InvalidInput(
            _("Unknown parameters: %(unknown)s. Known here: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known))}
        )


def ark_name(text: str) -> str:
    """The name part of an ARK given whole (``ark:naan/name``) or as the bare name; hyphens do not count."""
    if not text.lower().startswith("ark:"):
        return text.replace("-", "")
    ark = identifiers.parse(text)
    return ark.name if ark.naan == settings.ARCHIVE_NAAN else ""

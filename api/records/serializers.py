"""Records as JSON: a short form for lists, a whole form with detail, evidence, parts and relations."""

from typing import Any

from django.db import models
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from archive.models import Evidence, Location, Participation, Record, Relation, Stance, Unit
from archive.models.records import visible

TEXTS = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}
DATE = {
    "type": "object",
    "properties": {
        "expression": {"type": "string", "description": "as written"},
        "edtf": {"type": "string"},
        "earliest": {"type": "string", "format": "date", "nullable": True},
        "latest": {"type": "string", "format": "date", "nullable": True},
        "basis": {"type": "string"},
    },
}
LINK = {
    "type": "object",
    "properties": {"ark": {"type": "string"}, "title": TEXTS, "url": {"type": "string", "format": "uri"}},
}

HIDDEN = frozenset({"id", "record", "path", "depth", "numchild", "reference_key", "reference_sort", "storage_location"})
"""Columns of details that are the database's own business."""


def texts(record: Record, name: str) -> dict[str, str]:
    """A text in the languages it exists in."""
    found = {language: getattr(record, f"{name}_{language}") for language in ("zh", "en")}
    return {language: text for language, text in found.items() if text}


def address(record: Record, request: Request) -> str:
    """The record's own address in this interface."""
    return request.build_absolute_uri(reverse("api:record-detail", args=[record.ark]))


def link(record: Record, request: Request) -> dict[str, Any]:
    """A record as a link: identifier, title, address."""
    return {"ark": record.ark_text, "title": texts(record, "title"), "url": address(record, request)}


class RecordSerializer(serializers.ModelSerializer[Record]):
    """A record in a list."""

    ark = serializers.CharField(source="ark_text")
    title = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    dimensions = serializers.ListField(child=serializers.CharField())
    mechanisms = serializers.ListField(child=serializers.CharField())
    date = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="the record's page for people")

    class Meta:
        model = Record
        fields = [
            "ark",
            "kind",
            "local_id",
            "title",
            "summary",
            "dimensions",
            "mechanisms",
            "date",
            "confidence",
            "status",
            "version",
            "changed_at",
            "url",
            "page",
        ]

    @extend_schema_field(TEXTS)
    def get_title(self, record: Record) -> dict[str, str]:
        """Title by language."""
        return texts(record, "title")

    @extend_schema_field(TEXTS)
    def get_summary(self, record: Record) -> dict[str, str]:
        """Summary by language."""
        return texts(record, "summary")

    @extend_schema_field(DATE)
    def get_date(self, record: Record) -> dict[str, Any]:
        """The date as written and as EDTF, with its bounds."""
        return {
            "expression": record.date_expression,
            "edtf": record.date_edtf,
            "earliest": record.date_earliest,
            "latest": record.date_latest,
            "basis": record.date_basis,
        }

    def get_url(self, record: Record) -> str:
        """Address of the whole record."""
        return address(record, self.context["request"])

    def get_page(self, record: Record) -> str:
        """Address of the page for people."""
        request: Request = self.context["request"]
        return request.build_absolute_uri(record.get_absolute_url())


class WholeRecordSerializer(RecordSerializer):
    """A record with everything that is public of it."""

    detail = serializers.SerializerMethodField(help_text="the fields of its kind")
    names = serializers.SerializerMethodField()
    participations = serializers.SerializerMethodField()
    locations = serializers.SerializerMethodField()
    evidence = serializers.SerializerMethodField()
    relations = serializers.SerializerMethodField()

    class Meta(RecordSerializer.Meta):
        fields = [
            *RecordSerializer.Meta.fields,
            "note",
            "detail",
            "names",
            "participations",
            "locations",
            "evidence",
            "relations",
        ]

    @extend_schema_field({"type": "object", "additionalProperties": True})
    def get_detail(self, record: Record) -> dict[str, Any]:
        """The fields of the record's kind; amounts and counts as decimal strings."""
        row = record.detail
        shown = {
            f.name: _plain(f, row) for f in row._meta.concrete_fields if f.name not in HIDDEN and not f.is_relation
        }
        if record.kind == "place":
            shown |= self._part_of(record)
        if record.kind == "unit":
            shown["parent"] = self._parent(record)
            shown["pages"] = record.unit.pages.count()
        return shown

    def _part_of(self, record: Record) -> dict[str, Any]:
        """The place around this one, unless the reader may not see it."""
        request: Request = self.context["request"]
        outer = record.place.part_of
        is_shown = outer is not None and outer.record.is_visible_to(request.user)
        return {"part_of": link(outer.record, request)} if outer is not None and is_shown else {}

    def _parent(self, record: Record) -> dict[str, Any] | None:
        parent = Unit.objects.get_parent(record.unit)
        return link(parent.record, self.context["request"]) if parent is not None else None

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_names(self, record: Record) -> list[dict[str, str]]:
        """Forms of the name."""
        return [{"text": n.text, "type": n.type, "language": n.language} for n in record.names.all()]

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_participations(self, record: Record) -> list[dict[str, Any]]:
        """Agents and their parts."""
        request = self.context["request"]
        seen = visible(request.user, through="agent__")
        parts = Participation.objects.filter(seen, record=record).select_related("agent")
        return [{"role": p.role, "as_written": p.name_as_written, "agent": link(p.agent, request)} for p in parts]

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_locations(self, record: Record) -> list[dict[str, Any]]:
        """Places and their parts."""
        request = self.context["request"]
        seen = visible(request.user, through="place__")
        rows = Location.objects.filter(seen, record=record).select_related("place")
        return [
            {"role": row.role, "as_written": row.name_as_written, "place": link(row.place, request)} for row in rows
        ]

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_evidence(self, record: Record) -> list[dict[str, Any]]:
        """What documents state, for and against, with the page and region or the published source."""
        request = self.context["request"]
        rows = Evidence.objects.filter(record=record).visible_to(request.user).with_documents()
        return [_stated(row, request) for row in rows]

    @extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
    def get_relations(self, record: Record) -> list[dict[str, Any]]:
        """Links to and from other records that this reader may see."""
        request = self.context["request"]
        there, here = (visible(request.user, through=f"{end}__") for end in ("target", "subject"))
        out = Relation.objects.filter(there, subject=record).select_related("target")
        back = Relation.objects.filter(here, target=record).select_related("subject")
        return [
            *({"role": row.role, "direction": "to", "record": link(row.target, request)} for row in out),
            *({"role": row.role, "direction": "from", "record": link(row.subject, request)} for row in back),
        ]


def _plain(field: models.Field[Any, Any], row: models.Model) -> Any:  # Any: whatever JSON type the column has
    value = field.value_from_object(row)
    return str(value) if isinstance(field, models.DecimalField) and value is not None else value


def _stated(row: Evidence, request: Request) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "claim": {"zh": row.claim_zh, **({"en": row.claim_en} if row.claim_en else {})},
        "position": row.position,
        "stance": Stance(row.stance).value,
        "note": row.note,
    }
    if row.unit is not None:
        stated["unit"] = {**link(row.unit.record, request), "reference_code": row.unit.reference_code}
        stated["page"], stated["region"] = row.page, row.region
    if row.source is not None:
        stated["source"] = {
            **link(row.source.record, request),
            "local_id": row.source.record.local_id,
            "publisher": row.source.publisher,
            "issued": row.source.issued,
            "address": row.source.url,
        }
    return stated

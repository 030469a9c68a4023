"""Lists and details of records, read-only; each kind has its own address and filters."""

from typing import Any

from django_filters import rest_framework as django_filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import ProblemSerializer
from api.records import filters
from api.records.serializers import RecordSerializer, WholeRecordSerializer
from archive import lookup
from archive.models import Kind, Record, RecordQuerySet
from core.errors import NotFound

ARK = OpenApiParameter("ark", str, OpenApiParameter.PATH, description="ARK, whole (ark:99999/x1…) or its name alone")


class RecordViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Record]):
    """Records of every kind that this reader may see."""

    kind: Kind | None = None
    serializer_class = RecordSerializer
    filterset_class: type[filters.RecordFilters] = filters.RecordFilters
    filter_backends = [django_filters.DjangoFilterBackend]
    lookup_field = "ark"
    lookup_value_regex = r"(?:ark:/?[0-9a-z]{5}/)?[0-9A-Za-z-]+"
    queryset = Record.objects.none()

    def get_queryset(self) -> RecordQuerySet:
        """Start from what the reader may see."""
        if getattr(self, "swagger_fake_view", False):
            return Record.objects.none()
        visible = Record.objects.visible_to(self.request.user).with_shown_parts()
        return visible.of_kind(self.kind) if self.kind else visible

    @extend_schema(responses={200: RecordSerializer(many=True), 400: ProblemSerializer})
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # Any: the framework's signature
        """A page of records; follow ``next`` for more."""
        filters.refuse_unknown(request.query_params, {*self.filterset_class.base_filters, *filters.COMMON})
        return super().list(request, *args, **kwargs)

    @extend_schema(
        parameters=[ARK], responses={200: WholeRecordSerializer, 404: ProblemSerializer, 410: ProblemSerializer}
    )
    def retrieve(self, request: Request, ark: str) -> Response:
        """One record whole; 410 with the reason where it was withdrawn."""
        record = lookup.by_ark(filters.ark_name(ark), request.user)
        if self.kind and record.kind != self.kind:
            raise NotFound(f"{record.ark_text} is of the kind “{record.kind}”, not “{self.kind}”.")
        return Response(WholeRecordSerializer(record, context=self.get_serializer_context()).data)


def viewset(kind: Kind, filterset: type[filters.RecordFilters]) -> type[RecordViewSet]:
    """The view set of one kind."""
    name = f"{kind.value.title()}ViewSet"
    return type(
        name, (RecordViewSet,), {"kind": kind, "filterset_class": filterset, "__doc__": f"{kind.value} records."}
    )


KINDS: dict[str, tuple[Kind, type[filters.RecordFilters]]] = {
    "units": (Kind.UNIT, filters.UnitFilters),
    "policies": (Kind.POLICY, filters.RecordFilters),
    "exchanges": (Kind.EXCHANGE, filters.RecordFilters),
    "funding": (Kind.FUNDING, filters.FundingFilters),
    "projects": (Kind.PROJECT, filters.RecordFilters),
    "ventures": (Kind.VENTURE, filters.RecordFilters),
    "indicators": (Kind.INDICATOR, filters.RecordFilters),
    "works": (Kind.WORK, filters.RecordFilters),
    "meetings": (Kind.MEETING, filters.MeetingFilters),
    "pairings": (Kind.PAIRING, filters.RecordFilters),
    "events": (Kind.EVENT, filters.RecordFilters),
    "disputes": (Kind.DISPUTE, filters.RecordFilters),
    "agents": (Kind.AGENT, filters.AgentFilters),
    "places": (Kind.PLACE, filters.PlaceFilters),
    "sources": (Kind.SOURCE, filters.RecordFilters),
}
"""Each list's address with its kind and filters."""

"""Search and suggestions as JSON: the same finding as the pages, with boxes in pixels of the full page image."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.errors import ProblemSerializer
from api.records.filters import ark_name, refuse_unknown
from api.records.serializers import texts
from archive import lookup
from archive.models import Dimension, Kind, Mechanism, Record
from core.errors import InvalidInput
from media.models import PageText
from search import finding, schema
from search.finding import FacetValue, Hit, PageHit

FILTERS = schema.FACETS
KNOWN = frozenset({"q", "cursor", "size", "facets", *FILTERS})
MOST = 100
MOST_ALIKE = 20
ARK = OpenApiParameter("ark", str, OpenApiParameter.PATH, description="ARK, whole (ark:99999/x1…) or its name alone")
VALUES: dict[str, list[str]] = {
    "kind": Kind.values,
    "dimension": Dimension.values,
    "mechanism": Mechanism.values,
    "amount": list(schema.AMOUNT_RANGES),
}
"""Filters with a closed vocabulary: a misspelt value must not look like an empty answer."""


class PageHitSerializer(serializers.Serializer[object]):
    """A page with hits: its number, its image service, the text around and how far it is proofread, boxes."""

    page = serializers.IntegerField()
    canvas = serializers.URLField()
    image = serializers.URLField()
    text = serializers.CharField()
    text_quality = serializers.ChoiceField(PageText.Quality.choices)
    boxes = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class HitSerializer(serializers.Serializer[object]):
    """A record that matches."""

    ark = serializers.CharField()
    kind = serializers.CharField()
    local_id = serializers.CharField()
    title = serializers.DictField(child=serializers.CharField())
    url = serializers.URLField()
    highlights = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    pages = PageHitSerializer(many=True)
    page_count = serializers.IntegerField()


class FacetValueSerializer(serializers.Serializer[object]):
    """A value that the matches can be narrowed to: what the filter is called with, and how many matches have it."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # the name is part of the interface
    count = serializers.IntegerField()
    selected = serializers.BooleanField()


class SearchAnswerSerializer(serializers.Serializer[object]):
    """What a search found; ``suggestion`` is another query that finds something, where this one does not as typed.

    ``related`` holds records with only a part of the query; they are not counted and only stand on the first page.
    """

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    explanation = serializers.CharField()
    suggestion = serializers.CharField()
    facets = serializers.DictField(child=FacetValueSerializer(many=True))
    results = HitSerializer(many=True)
    related = HitSerializer(many=True)


class SuggestionSerializer(serializers.Serializer[object]):
    """A title or name that begins as typed."""

    text = serializers.CharField()
    kind = serializers.CharField()
    ark = serializers.CharField()


class SuggestAnswerSerializer(serializers.Serializer[object]):
    """What may be meant."""

    results = SuggestionSerializer(many=True)


class AlikeSerializer(serializers.Serializer[object]):
    """A record that is like another one."""

    ark = serializers.CharField()
    kind = serializers.CharField()
    local_id = serializers.CharField()
    title = serializers.DictField(child=serializers.CharField())
    url = serializers.URLField()


class AlikeAnswerSerializer(serializers.Serializer[object]):
    """What is like a record."""

    results = AlikeSerializer(many=True)


class SearchView(APIView):
    """Search records and the text of their pages."""

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="words, phrases, operators and fields: docs/query-language.md"),
            *(OpenApiParameter(name, str, many=True, enum=VALUES.get(name)) for name in FILTERS),
            OpenApiParameter("size", int, description=f"records per page, at most {MOST}"),
            OpenApiParameter("facets", int, enum=[0, 1], description="0 leaves the counts out"),
            OpenApiParameter("cursor", str, description="from `next` of the page before"),
        ],
        responses={200: SearchAnswerSerializer, 400: ProblemSerializer, 503: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Find; hits in scans carry their boxes, marked words stand between ⟦ and ⟧ in highlights."""
        given = request.query_params
        result = finding.find(asked(given), request.user)
        records = request.build_absolute_uri(reverse("api:record-list"))
        return Response(
            {
                "count": result.count,
                "next": _next(request, given, result.next_cursor),
                "explanation": result.explanation,
                "suggestion": result.suggestion,
                "facets": {name: [_facet(value) for value in values] for name, values in result.facets.items()},
                "results": [_hit(hit, request, records) for hit in result.hits],
                "related": [_hit(hit, request, records) for hit in result.related],
            }
        )


class SuggestView(APIView):
    """Titles, names and places as one types: Han, pinyin, initials."""

    @extend_schema(
        parameters=[OpenApiParameter("q", str), OpenApiParameter("limit", int)],
        responses={200: SuggestAnswerSerializer, 400: ProblemSerializer, 503: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Suggest."""
        refuse_unknown(request.query_params, frozenset({"q", "limit"}))
        limit = _number(request.query_params, "limit", 10, 50)
        found = finding.suggest(request.query_params.get("q", ""), request.user, limit)
        return Response({"results": [{"text": s.text, "kind": s.kind, "ark": s.ark} for s in found]})


class AlikeView(APIView):
    """Records like another one."""

    @extend_schema(
        operation_id="records_like",
        parameters=[ARK, OpenApiParameter("size", int, description=f"at most {MOST_ALIKE}")],
        responses={
            200: AlikeAnswerSerializer,
            400: ProblemSerializer,
            404: ProblemSerializer,
            410: ProblemSerializer,
            503: ProblemSerializer,
        },
    )
    def get(self, request: Request, ark: str) -> Response:
        """Records that share words, parties and places with this one, the most alike first."""
        refuse_unknown(request.query_params, frozenset({"size"}))
        record = lookup.by_ark(ark_name(ark), request.user)
        found = finding.like(record, request.user, _number(request.query_params, "size", 5, MOST_ALIKE))
        records = request.build_absolute_uri(reverse("api:record-list"))
        return Response({"results": [_named(other, records) for other in found]})


def asked(given: QueryDict) -> finding.Request:
    """The request that parameters describe.

    Raises:
        InvalidInput: an unknown parameter or a size that is no number.
    """
    refuse_unknown(given, KNOWN)
    for name in FILTERS:
        if any("\x00" in value for value in given.getlist(name)):
            raise InvalidInput(_("%(name)s: a value cannot hold control characters.") % {"name": name})
    for name, values in VALUES.items():
        strange = [value for value in given.getlist(name) if value not in values]
        if strange:
            raise InvalidInput(
                _("%(name)s: “%(value)s” is none of %(known)s.")
                % {"name": name, "value": strange[0], "known": ", ".join(values)}
            )
    return finding.Request(
        q=given.get("q", ""),
        filters={name: given.getlist(name) for name in FILTERS if given.getlist(name)},
        size=_number(given, "size", 20, MOST),
        cursor=given.get("cursor", ""),
        with_facets=given.get("facets", "1") != "0",
    )


def _number(given: QueryDict, name: str, default: int, most: int) -> int:
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise InvalidInput(_("%(name)s: write a number from 1 to %(most)d.") % {"name": name, "most": most})
    return int(text)


def _next(request: Request, given: QueryDict, cursor: str) -> str | None:
    if not cursor:
        return None
    further = given.copy()
    further["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{further.urlencode()}")


def _facet(value: FacetValue) -> dict[str, Any]:
    return {"value": value.value, "label": str(value.label), "count": value.count, "selected": value.selected}


def _named(record: Record, records: str) -> dict[str, Any]:
    return {
        "ark": record.ark_text,
        "kind": record.kind,
        "local_id": record.local_id,
        "title": texts(record, "title"),
        "url": f"{records}{record.ark}/",
    }


def _hit(hit: Hit, request: Request, records: str) -> dict[str, Any]:
    return {
        **_named(hit.record, records),
        "highlights": {name: [_marked(snippet) for snippet in found] for name, found in hit.highlights.items()},
        "pages": [_page(page, request) for page in hit.pages],
        "page_count": hit.page_count,
    }


def _page(hit: PageHit, request: Request) -> dict[str, Any]:
    image = request.build_absolute_uri(reverse("api:iiif_base", args=[hit.page.pk]))
    return {
        "page": hit.number,
        "canvas": f"{image}/canvas",
        "image": image,
        "text": "".join(text for text, _is_hit in hit.snippet),
        "text_quality": hit.quality,
        "boxes": [[box.x, box.y, box.w, box.h] for box in hit.boxes],
    }


def _marked(snippet: finding.Snippet) -> str:
    return "".join(f"⟦{text}⟧" if is_hit else text for text, is_hit in snippet)

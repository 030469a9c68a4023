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
from api.records.filters import refuse_unknown
from api.records.serializers import texts
from archive.models import Dimension, Kind, Mechanism
from core.errors import InvalidInput
from search import finding
from search.finding import FacetValue, Hit, PageHit

FILTERS = ("kind", "dimension", "mechanism", "place", "agent", "year")
KNOWN = frozenset({"q", "cursor", "size", "facets", *FILTERS})
MOST = 100
VALUES: dict[str, list[str]] = {"kind": Kind.values, "dimension": Dimension.values, "mechanism": Mechanism.values}
"""Filters with a closed vocabulary: a misspelt value must not look like an empty answer."""


class PageHitSerializer(serializers.Serializer[object]):
    """A page with hits: its number, its image service, the text around, a box for every line of every hit."""

    page = serializers.IntegerField()
    canvas = serializers.URLField()
    image = serializers.URLField()
    text = serializers.CharField()
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


class SearchAnswerSerializer(serializers.Serializer[object]):
    """What a search found."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    explanation = serializers.CharField()
    facets = serializers.DictField()
    results = HitSerializer(many=True)


class SuggestionSerializer(serializers.Serializer[object]):
    """A title or name that begins as typed."""

    text = serializers.CharField()
    kind = serializers.CharField()
    ark = serializers.CharField()


class SuggestAnswerSerializer(serializers.Serializer[object]):
    """What may be meant."""

    results = SuggestionSerializer(many=True)


class SearchView(APIView):
    """Search records and the text of their pages."""

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="words (all must occur), or “an exact phrase” in quotes"),
            *(OpenApiParameter(name, str, many=True) for name in FILTERS),
            OpenApiParameter("size", int, description=f"records per page, at most {MOST}"),
            OpenApiParameter("cursor", str, description="from `next` of the page before"),
        ],
        responses={200: SearchAnswerSerializer, 400: ProblemSerializer},
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
                "facets": {name: [_facet(value) for value in values] for name, values in result.facets.items()},
                "results": [_hit(hit, request, records) for hit in result.hits],
            }
        )


class SuggestView(APIView):
    """Titles, names and places as one types: Han, pinyin, initials."""

    @extend_schema(
        parameters=[OpenApiParameter("q", str), OpenApiParameter("limit", int)],
        responses={200: SuggestAnswerSerializer, 400: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Suggest."""
        refuse_unknown(request.query_params, frozenset({"q", "limit"}))
        limit = _number(request.query_params, "limit", 10, 50)
        found = finding.suggest(request.query_params.get("q", ""), request.user, limit)
        return Response({"results": [{"text": s.text, "kind": s.kind, "ark": s.ark} for s in found]})


def asked(given: QueryDict) -> finding.Request:
    """The request that parameters describe.

    Raises:
        InvalidInput: an unknown parameter or a size that is no number.
    """
    refuse_unknown(given, KNOWN)
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


def _hit(hit: Hit, request: Request, records: str) -> dict[str, Any]:
    record = hit.record
    return {
        "ark": record.ark_text,
        "kind": record.kind,
        "local_id": record.local_id,
        "title": texts(record, "title"),
        "url": f"{records}{record.ark}/",
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
        "boxes": [[box.x, box.y, box.w, box.h] for box in hit.boxes],
    }


def _marked(snippet: finding.Snippet) -> str:
    return "".join(f"⟦{text}⟧" if is_hit else text for text, is_hit in snippet)

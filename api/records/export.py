"""Whole lists of results as files: tables, references, and references for programs."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from api.errors import ProblemSerializer
from api.records.filters import refuse_unknown
from api.records.search import FILTERS, asked
from search import exporting


class FormOfTheAddress(BaseContentNegotiation):
    """The address names the form; a client that says it accepts only CSV is not turned away."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer, which only problems need."""
        first = next(iter(renderers))
        return first, str(first.media_type)


class ExportView(APIView):
    """Everything that a search finds, as a file."""

    content_negotiation_class = FormOfTheAddress

    @extend_schema(
        operation_id="search_export",
        parameters=[
            OpenApiParameter("form", str, OpenApiParameter.PATH, enum=list(exporting.FORMS)),
            OpenApiParameter("q", str, description="as in the search"),
            *(OpenApiParameter(name, str, many=True) for name in FILTERS),
        ],
        responses={
            **{(200, form.content_type.partition(";")[0]): OpenApiTypes.BINARY for form in exporting.FORMS.values()},
            400: ProblemSerializer,
            404: ProblemSerializer,
            503: ProblemSerializer,
        },
    )
    def get(self, request: Request, form: str) -> StreamingHttpResponse:
        """All matches in the order of the list, sent while they are read; at most 50,000 records for the public."""
        refuse_unknown(request.query_params, {"q", *FILTERS})
        taken = exporting.export(asked(request.query_params), form, request.user)
        disposition = content_disposition_header(True, taken.name) or "attachment"
        headers = {"Content-Disposition": disposition}
        return StreamingHttpResponse(taken.content, content_type=taken.content_type, headers=headers)

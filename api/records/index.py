"""The index of the interface: every address, with what it answers."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from api.records.views import KINDS

IIIF = {"iiif": "iiif_collections", "changes": "iiif_changes"}
"""The ways into the IIIF interfaces, by their names in the index."""


class IndexView(APIView):
    """Where everything is."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """All addresses of this version."""
        names = ["record-list", *(f"{address}-list" for address in KINDS), "search", "suggest", "openapi", "docs"]
        found = {
            name.removesuffix("-list").replace("record", "records"): reverse(f"api:{name}", request=request)
            for name in names
        }
        found |= {name: reverse(f"api:{address}", request=request) for name, address in IIIF.items()}
        return Response(found)

"""What every answer of the interfaces carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from api.errors import PROBLEM_JSON, described
from core.errors import ArchiveError

PREFIXES = ("/api/", "/iiif/")


class InterfaceMiddleware:
    """Open to scripts of any origin (everything is public and read-only); errors of plain views as problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and mark the answer."""
        response = self.get_response(request)
        if request.path.startswith(PREFIXES):
            response["Access-Control-Allow-Origin"] = "*"
        return response

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Problem details for what a plain view of an interface raised (RFC 9457)."""
        if not isinstance(fault, ArchiveError) or not request.path.startswith(PREFIXES):
            return None
        body = described(fault.status, fault.code, fault.message)
        return JsonResponse(body, status=fault.status, content_type=PROBLEM_JSON)

"""What all IIIF answers share: who may keep them, the media types of JSON-LD, and requests from other sites."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers

from api.errors import PROBLEM_JSON, described

IMAGE_3: Final = "http://iiif.io/api/image/3/context.json"
IMAGE_2: Final = "http://iiif.io/api/image/2/context.json"
PRESENTATION_3: Final = "http://iiif.io/api/presentation/3/context.json"
SEARCH_2: Final = "http://iiif.io/api/search/2/context.json"
DISCOVERY_1: Final = "http://iiif.io/api/discovery/1/context.json"

RETRY_AFTER: Final = 60
"""Seconds after which an image that is being made may be asked for again."""

METHODS: Final = ("GET", "HEAD", "OPTIONS")

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def readable_from_anywhere(view: View[P]) -> View[P]:
    """Answer GET and HEAD, and the question of a browser whether a script of another site may ask (Fetch, CORS)."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)})
        if request.method == "OPTIONS":
            allowed = {"Access-Control-Allow-Methods": ", ".join(METHODS), "Access-Control-Max-Age": "86400"}
            allowed["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since"
            return HttpResponse(status=204, headers={"Allow": ", ".join(METHODS), **allowed})
        response = view(request, *args, **kwargs)
        response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
        return response

    return answer


def kept_by(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Say who may keep an answer.

    What anybody may see may be kept anywhere but is asked about before every use, so that what is withdrawn or masked
    is gone at once (L-08, L-24). What somebody who is signed in sees is kept nowhere.
    """
    response["Cache-Control"] = "private, no-store" if request.user.is_authenticated else "public, no-cache"
    return response


def linked_data(request: HttpRequest, body: Mapping[str, object], context: str) -> HttpResponse:
    """A JSON-LD document in the media type that is asked for.

    Where nothing is said, descriptions of images are plain JSON (Image 3.0, §5.1) and everything else is linked data.
    """
    accepted = request.headers.get("Accept", "*/*")
    prefers_plain = request.get_preferred_type(["application/ld+json", "application/json"]) == "application/json"
    is_linked = "application/ld+json" in accepted or context not in {IMAGE_2, IMAGE_3}
    if "application/json" in accepted and prefers_plain:
        is_linked = False
    content_type = f'application/ld+json;profile="{context}"' if is_linked else "application/json"
    response = JsonResponse(body, content_type=content_type, json_dumps_params={"ensure_ascii": False})
    if not is_linked:
        response["Link"] = f'<{context}>;rel="http://www.w3.org/ns/json-ld#context";type="application/ld+json"'
    patch_vary_headers(response, ["Accept"])
    return kept_by(request, response)


def with_ignored(body: dict[str, Any], request: HttpRequest, known: set[str]) -> dict[str, Any]:
    # Any: a JSON document
    """The document, with the names of parameters that were given but mean nothing here (Content Search 2.0, §3.2)."""
    ignored = sorted(set(request.GET) - known)
    return {**body, "ignored": ignored} if ignored else body


def later(message: str) -> HttpResponse:
    """503: there will be an image here in a while."""
    body = described(503, "unavailable", message)
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return JsonResponse(body, status=503, content_type=PROBLEM_JSON, headers=headers)

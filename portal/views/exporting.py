"""The list of results to take along, as a file."""

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.errors import ArchiveError
from portal import questions
from portal.views import errors
from search import exporting


@require_safe
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Everything that a question finds, in one of the forms of export, sent while it is made."""
    try:
        taken = exporting.export(questions.read(request.GET).request(), form, request.user)
    except ArchiveError as error:
        return errors.explained(request, error)
    headers = {
        "Content-Disposition": content_disposition_header(True, taken.name) or "attachment",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return StreamingHttpResponse(taken.content, content_type=taken.content_type, headers=headers)

"""Upload scans: choose the unit, hand over the files, see what became of each."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from archive import access, lookup
from archive.models import Batch, Unit
from core.errors import InvalidInput
from media import ingest
from media.ingest import Arrival, Outcome, Result
from media.intake import names, watching
from media.models import Upload
from workbench import handing_over, units
from workbench.answers import for_desk_members


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk_members
def upload(request: HttpRequest, user: User) -> HttpResponse:
    """The page with the form, or what became of the files that were handed over."""
    access.require(user, "ingest")
    if request.method == "POST":
        return _receive(request, user)
    code, words = request.GET.get("unit", ""), request.GET.get("q", "")
    context = {
        "unit": units.chosen(code) or units.chosen(words),
        "code": code,
        "q": words,
        "found": units.matching(words or code),
        **handing_over.context(),
        "uploads": Upload.objects.waiting(user),
        "watched": watching.folder() is not None,
        "seen": watching.recent() if watching.folder() else [],
    }
    is_fragment = request.headers.get("HX-Target") == "units"
    return render(request, "workbench/_units.html" if is_fragment else "workbench/upload.html", context)


def _receive(request: HttpRequest, user: User) -> HttpResponse:
    """Take the files in one by one; a file that is refused does not stop the others."""
    unit = lookup.unit_by_code(request.POST.get("unit", ""))
    files = request.FILES.getlist("files")
    if not files:
        raise InvalidInput(_("No file was chosen. Go back, choose one or more files, and send them again."))
    outcomes = _take_in(files, unit, user)
    context = {
        "unit": unit,
        "outcomes": outcomes,
        "received": sum(outcome.result == Result.RECEIVED for outcome in outcomes),
        "refused": sum(outcome.result == Result.REFUSED for outcome in outcomes),
    }
    return render(
        request, "workbench/uploaded.html", context, status=422 if context["refused"] == len(outcomes) else 200
    )


def _take_in(files: Sequence[UploadedFile[bytes]], unit: Unit, user: User) -> list[Outcome]:
    names.require_no_secrets(file.name or "" for file in files)
    batch = Batch.objects.create(type=Batch.Type.INGEST, label=unit.reference_code, created_by=user)
    arrivals = (Arrival(name=file.name or "", chunks=file.chunks) for file in files)
    outcomes = list(ingest.ingest_many(arrivals, unit=unit, by=user, batch=batch))
    if not any(outcome.result == Result.RECEIVED for outcome in outcomes):
        batch.delete()
    return outcomes

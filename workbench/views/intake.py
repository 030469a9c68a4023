"""Taking files in at the desk: uploads that can be interrupted, and a folder with its catalogue."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from archive import access, lookup
from archive.models import Unit
from core.errors import InvalidInput
from media.intake import plan, reporting, take, uploads
from media.intake.delivery import Entry, Plan
from media.models import Upload
from workbench import handing_over, tus
from workbench.answers import for_desk_members

MOST_NAMES = 5000
MOST_SHOWN = 300


@tus.for_clients
def collection(request: HttpRequest, user: User) -> HttpResponse:
    """Where uploads are opened (tus creation): a unit and a name in Upload-Metadata, the size in Upload-Length."""
    if request.method == "OPTIONS":
        return tus.abilities()
    if request.method != "POST":
        return HttpResponseNotAllowed(["OPTIONS", "POST"])
    access.require(user, "ingest")
    said = tus.metadata(request)
    unit = lookup.unit_by_code(said.get("unit", ""))
    name = said.get("name") or said.get("filename", "")
    upload = uploads.begin(by=user, unit=unit, name=name, size=tus.number(request, "Upload-Length"))
    response = tus.state(upload, 201)
    response["Location"] = request.build_absolute_uri(reverse("workbench:upload_piece", args=[upload.pk]))
    return response


@tus.for_clients
def piece(request: HttpRequest, user: User, key: uuid.UUID) -> HttpResponse:
    """One upload: how far it is (HEAD), its next bytes (PATCH), its end (DELETE)."""
    if request.method == "OPTIONS":
        return tus.abilities()
    upload = uploads.of(key, by=user)
    if request.method == "HEAD":
        return tus.state(upload, 200)
    if request.method == "PATCH":
        access.require(user, "ingest", upload.unit.record)
        return tus.state(uploads.append(upload, tus.number(request, "Upload-Offset"), tus.pieces(request)), 204)
    if request.method == "DELETE":
        uploads.remove(upload)
        return HttpResponse(status=204)
    return HttpResponseNotAllowed(["DELETE", "HEAD", "OPTIONS", "PATCH"])


@require_POST
@for_desk_members
def outcome(request: HttpRequest, user: User, key: uuid.UUID) -> HttpResponse:
    """What became of an upload whose bytes are all there; one whose taking in was interrupted is taken in now."""
    upload = uploads.finish(uploads.of(key, by=user))
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"refusal": upload.refusal, "message": upload.refusal or _said_of(upload)})
    return redirect(f"{reverse('workbench:upload')}?unit={upload.unit.reference_code}#uploads")


@require_POST
@for_desk_members
def discard(request: HttpRequest, user: User, key: uuid.UUID) -> HttpResponse:
    """Remove an unfinished upload, or the line about one that was refused."""
    upload = uploads.of(key, by=user)
    code = upload.unit.reference_code
    uploads.remove(upload)
    return redirect(f"{reverse('workbench:upload')}?unit={code}#uploads")


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk_members
def delivery(request: HttpRequest, user: User) -> HttpResponse:
    """A folder with its catalogue: names of files are matched, and the report is shown before anything is taken."""
    access.require(user, "ingest")
    context: dict[str, object] = {
        "most": MOST_NAMES,
        **handing_over.context(),
        "scope": request.GET.get("unit", ""),
    }
    if request.method != "POST":
        return render(request, "workbench/intake/delivery.html", context)
    names, scope = request.POST.get("names", ""), request.POST.get("scope", "")
    outline = plan.draw_up(_entries(names), scope=_scope(scope))
    kind = request.POST.get("as", "")
    if kind in {"csv", "json"}:
        return _file(outline, kind)
    context |= {"names": names, "scope": scope, "plan": outline, "findings": outline.findings[:MOST_SHOWN]}
    context["more"] = len(outline.findings) - MOST_SHOWN
    is_fragment = request.headers.get("X-Part") == "report"
    return render(
        request, "workbench/intake/_report.html" if is_fragment else "workbench/intake/delivery.html", context
    )


@require_POST
@for_desk_members
def confirm(request: HttpRequest, user: User) -> HttpResponse:
    """Open the uploads of a delivery after its report was seen; JSON with the address of each, in the plan's order."""
    access.require(user, "ingest")
    outline = plan.draw_up(_entries(request.POST.get("names", "")), scope=_scope(request.POST.get("scope", "")))
    if not outline.files and not outline.is_stopped:
        raise InvalidInput(_("None of these files can be taken in. The report says why."))
    batch = take.open_batch(outline, label=request.POST.get("label", "") or _("Upload"), by=user)
    opened = uploads.begin_all(outline, batch=batch, by=user)
    files = [
        {"path": file.entry.name, "url": reverse("workbench:upload_piece", args=[upload.pk]), "unit": file.unit_code}
        for file, upload in zip(outline.files, opened, strict=True)
    ]
    return JsonResponse({"batch": batch.pk, "files": files})


def _entries(text: str) -> list[Entry]:
    """The files that a list names: one a line, its size in bytes after a tab where it is known.

    Raises:
        InvalidInput: there are none, or too many.
    """
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if not lines:
        raise InvalidInput(_("No file was named. Drop a folder, or write the names of its files, one a line."))
    if len(lines) > MOST_NAMES:
        raise InvalidInput(
            _(
                "These are %(count)d files; up to %(most)d are matched at once here. Divide them, or have them taken "
                "in on the server (manage.py ingest --by-names)."
            )
            % {"count": len(lines), "most": MOST_NAMES}
        )
    entries = []
    for line in lines:
        name, _tab, size = line.partition("\t")
        is_number = size.strip().isascii() and size.strip().isdigit() and len(size.strip()) < 19
        entries.append(Entry(name, int(size) if is_number else 0))
    return entries


def _scope(code: str) -> Unit | None:
    return lookup.unit_by_code(code) if code.strip() else None


def _file(outline: Plan, kind: str) -> HttpResponse:
    is_json = kind == "json"
    content = reporting.as_json(outline) if is_json else reporting.as_csv(outline)
    media_type = "application/json" if is_json else "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="intake-{outline.key}.{kind}"'
    return response


def _said_of(upload: Upload) -> str:
    return _("“%(name)s” was received.") % {"name": upload.name}

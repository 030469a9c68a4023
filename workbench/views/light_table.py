"""The light table: the scans of a batch side by side, judged, turned and brought into order with keys or buttons."""

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from archive import access
from archive.models import Batch
from core.errors import ArchiveError, InvalidInput, NotFound
from media import masking, storage
from media.models import Finding, Page
from media.quality import arranging, judging, listing, lots, undoing
from media.quality.listing import Show
from workbench import cards
from workbench.answers import for_desk_members

BATCHES_PER_PAGE: Final = 20
SCRIPT: Final = "light-table"
"""What the script says of itself in X-Requested-With; it gets the card that changed instead of a page."""

LABELS: Final = {
    Show.LEFT: gettext_lazy("Not looked at"),
    Show.ERRORS: gettext_lazy("Open errors"),
    Show.WARNINGS: gettext_lazy("Warnings"),
    Show.SAMPLE: gettext_lazy("Sample"),
    Show.RESCAN: gettext_lazy("To be scanned again"),
    Show.ALL: gettext_lazy("All"),
}


@require_safe
@for_desk_members
def batches(request: HttpRequest, user: User) -> HttpResponse:
    """The batches that brought scans, the newest first."""
    page = Paginator(listing.batches(), BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workbench/light_table/batches.html", {"page": page})


@require_safe
@for_desk_members
def table(request: HttpRequest, user: User, batch: int) -> HttpResponse:
    """A window of the pages of a batch under a filter."""
    found = batch_of(batch)
    show = _show(request.GET.get("show"))
    at = _page(found, request.GET["at"]) if request.GET.get("at", "").isdecimal() else None
    window = listing.window(
        found, show, after=request.GET.get("after", ""), before=request.GET.get("before", ""), at=at
    )
    context = {
        **_frame(found, show, user),
        "window": window,
        "cards": cards.cards(window.pages),
        "of_files": cards.findings_of(listing.of_files(found)),
        "here": request.get_full_path(),
        "last_action": undoing.last(found, by=user),
    }
    return render(request, "workbench/light_table/table.html", context)


@require_safe
@for_desk_members
def large(request: HttpRequest, user: User, batch: int, page: int) -> HttpResponse:
    """One page large, its neighbour in the unit beside it; for the script, while images are made, its card."""
    found = batch_of(batch)
    show = _show(request.GET.get("show"))
    if _is_script(request):
        return _changed(request, found, show, page, "", user)
    looked_at = _page(found, page)
    earlier, later = listing.beside(found, show, looked_at)
    side = "before" if request.GET.get("beside") == "before" else "after"
    step = -1 if side == "before" else 1
    beside = Page.objects.filter(
        unit=looked_at.unit, number=looked_at.number + step, digital_object__quarantined_at__isnull=True
    )
    neighbour = listing.with_findings(beside).first()
    masking.note_views([each for each in (looked_at, neighbour) if each is not None], by=user, purpose="image")
    context = {
        **_frame(found, show, user),
        "card": cards.cards([looked_at])[0],
        "neighbour": cards.cards([neighbour])[0] if neighbour else None,
        "side": side,
        "earlier": earlier,
        "later": later,
        "here": _after_verdict(found, show, looked_at, later),
        "last_action": undoing.last(found, by=user),
    }
    return render(request, "workbench/light_table/large.html", context)


@require_POST
@for_desk_members
def act(request: HttpRequest, user: User, batch: int, page: int) -> HttpResponse:
    """Do something with a page: the answer is the table, or for the script the card that changed."""
    found = batch_of(batch)
    show = _show(request.POST.get("show"))
    name = request.POST.get("action", "")
    try:
        looked_at = _page(found, page)
        message = _do(name, looked_at, request, user)
    except ArchiveError as error:
        if not _is_script(request):
            raise
        return JsonResponse({"message": error.message}, status=error.status)
    if not _is_script(request):
        messages.success(request, message)
        return redirect(_back(request, found))
    if name in _ARRANGING:
        messages.success(request, message)
        return JsonResponse({"message": message, "reload": True})
    return _changed(request, found, show, looked_at.pk, message, user)


@require_POST
@for_desk_members
def decide(request: HttpRequest, user: User, batch: int, finding: int) -> HttpResponse:
    """Accept a finding as it is, or confirm it as a fault."""
    found = batch_of(batch)
    row = lots.findings_of(found).select_related("digital_object__unit__record").filter(pk=finding).first()
    decision = request.POST.get("decision", "")
    if row is None:
        raise NotFound(_("This finding is not there any more; the page has been measured again."))
    if decision not in Finding.Decision.values:
        raise InvalidInput(_("Accept the finding or confirm it."))
    judging.decide(row, Finding.Decision(decision), by=user)
    messages.success(request, _("The finding was decided."))
    return redirect(_back(request, found))


@require_POST
@for_desk_members
def undo(request: HttpRequest, user: User, batch: int) -> HttpResponse:
    """Take back what this person did last on this batch."""
    found = batch_of(batch)
    try:
        message = undoing.undo(found, by=user)
    except ArchiveError as error:
        if not _is_script(request):
            raise
        return JsonResponse({"message": error.message}, status=error.status)
    messages.success(request, message)
    return (
        JsonResponse({"message": message, "reload": True}) if _is_script(request) else redirect(_back(request, found))
    )


@require_safe
@for_desk_members
def thumbnail(_request: HttpRequest, user: User, page: int) -> HttpResponse:
    """The small picture of a page as it is, for the desk alone; its address changes when it is made anew."""
    found = Page.objects.visible_to(user).select_related("digital_object").filter(pk=page).first()
    path = storage.thumbnail_image(found) if found is not None and found.has_image else None
    if path is None or not path.is_file():
        raise NotFound(_("The image of this page has not been made yet."))
    assert found is not None, "it has an image"
    masking.note_view(found, by=user, purpose="image")
    answer: HttpResponseBase = FileResponse(path.open("rb"), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer  # type: ignore[return-value]  # a stream of a file is as good an answer


def batch_of(key: int) -> Batch:
    """The batch with this key.

    Raises:
        NotFound: there is none.
    """
    found = Batch.objects.filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such batch."))
    return found


def _do(name: str, page: Page, request: HttpRequest, user: User) -> str:
    action = _ACTIONS.get(name)
    if action is None:
        raise InvalidInput(_("The light table does not know this action. Reload the page."))
    return action(page, request, user)


def _accept(page: Page, _request: HttpRequest, user: User) -> str:
    judging.accept(page, by=user)
    return _("Page %(page)d was accepted.") % {"page": page.number}


def _rescan(page: Page, _request: HttpRequest, user: User) -> str:
    judging.rescan(page, by=user)
    return _("Page %(page)d is to be scanned again.") % {"page": page.number}


def _turn_left(page: Page, _request: HttpRequest, user: User) -> str:
    judging.turn(page, -90, by=user)
    return _("Page %(page)d was turned to the left; its images are being made anew.") % {"page": page.number}


def _turn_right(page: Page, _request: HttpRequest, user: User) -> str:
    judging.turn(page, 90, by=user)
    return _("Page %(page)d was turned to the right; its images are being made anew.") % {"page": page.number}


def _earlier(page: Page, _request: HttpRequest, user: User) -> str:
    return _moved(page, page.number - 1, user)


def _later(page: Page, _request: HttpRequest, user: User) -> str:
    return _moved(page, page.number + 1, user)


def _move(page: Page, request: HttpRequest, user: User) -> str:
    to = request.POST.get("to", "")
    if not (to.isascii() and to.isdecimal() and len(to) < 9):
        raise InvalidInput(_("Write the number that the page is to have."))
    return _moved(page, int(to), user)


def _moved(page: Page, to: int, user: User) -> str:
    before = page.number
    after = arranging.move(page, to, by=user).number
    return _("Page %(before)d is page %(after)d now.") % {"before": before, "after": after}


def _split(page: Page, request: HttpRequest, user: User) -> str:
    unit = arranging.split(
        page,
        by=user,
        into=arranging.neighbour(page.unit) if request.POST.get("into") == "next" else None,
        title=request.POST.get("title", ""),
    )
    return _("The pages from here on are in %(code)s “%(title)s” now.") % {
        "code": unit.reference_code,
        "title": unit.record.title,
    }


def _merge(page: Page, _request: HttpRequest, user: User) -> str:
    emptied = arranging.merge(page.unit, by=user)
    return _("The pages of %(code)s “%(title)s” were joined on. Its description is still there.") % {
        "code": emptied.reference_code,
        "title": emptied.record.title,
    }


_ARRANGING: Final = frozenset({"earlier", "later", "move", "split", "merge"})
_ACTIONS: Final[Mapping[str, Callable[[Page, HttpRequest, User], str]]] = {
    "accept": _accept,
    "rescan": _rescan,
    "left": _turn_left,
    "right": _turn_right,
    "earlier": _earlier,
    "later": _later,
    "move": _move,
    "split": _split,
    "merge": _merge,
}


def _changed(request: HttpRequest, batch: Batch, show: Show, key: int, message: str, user: User) -> JsonResponse:
    """What the script puts in place: the card, the counts, the words for the screen reader."""
    card = cards.cards([_page(batch, key)])[0]
    here = request.POST.get("next") or f"{reverse('workbench:light_table', args=[batch.pk])}?show={show.value}"
    context = {**_frame(batch, show, user), "card": card, "here": here}
    return JsonResponse(
        {
            "message": message,
            "is_being_made": card.is_being_made,
            "card": render_to_string("workbench/light_table/_card.html", context, request),
            "counts": render_to_string("workbench/light_table/_counts.html", context, request),
        }
    )


def _frame(batch: Batch, show: Show, user: User) -> dict[str, object]:
    """What every view of a batch shows around its pages."""
    lot = lots.current(batch)
    counted = listing.counts(batch, lot)
    return {
        "batch": batch,
        "show": show.value,
        "lot": lot,
        "counts": counted,
        "filters": [(each.value, LABELS[each], counted.of(each)) for each in Show if each is not Show.SAMPLE or lot],
        "may_arrange": access.may(user, "ingest"),
        "may_judge": bool(access.may(user, "ingest")) or (show is Show.SAMPLE and lots.may_judge(user)),
    }


def _show(written: str | None) -> Show:
    return Show(written) if written in {each.value for each in Show} else Show.ALL


def _page(batch: Batch, key: int | str) -> Page:
    rows = listing.with_findings(lots.pages_of(batch))
    found = rows.filter(pk=int(key)).first() if len(str(key)) < 19 else None
    if found is None:
        raise NotFound(_("There is no such page in this batch."))
    return found


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == SCRIPT


def _after_verdict(batch: Batch, show: Show, page: Page, later: Page | None) -> str:
    """Where a verdict in the large view leads: to the next page under the filter, at the end back to the table."""
    if later is None:
        return f"{reverse('workbench:light_table', args=[batch.pk])}?show={show.value}"
    return f"{reverse('workbench:light_table_page', args=[batch.pk, later.pk])}?show={show.value}"


def _back(request: HttpRequest, batch: Batch) -> str:
    """The page that the form stood on, if it is one of this site."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("workbench:light_table", args=[batch.pk])

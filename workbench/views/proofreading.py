"""The proofreading desk: pages that wait, a page line under line, everything that was ever done to its text."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from archive import access
from archive.models import Scope, Unit
from core.errors import Conflict, NotFound, NotPermitted
from media import masking
from media import proofreading as texts
from media.models import Page, PageText
from media.proofreading import Edit, Selection
from workbench import proofreading as desk
from workbench.answers import for_desk_members

PAGES_LISTED = 50
FONDS_LISTED = 300

PURPOSE = "proofreading"
"""Why somebody sees a page whole of which a part is masked (L-31)."""

ONWARD = frozenset({PageText.Quality.CHECKED.value, PageText.Quality.PROOFREAD.value, "next"})
"""Orders after which the next page is opened."""


@require_safe
@for_desk_members
def queue(request: HttpRequest, user: User) -> HttpResponse:
    """Pages whose text waits, those that were read worst first."""
    access.require(user, "proofread")
    selection = desk.selection_of(request.GET)
    page = Paginator(texts.queue(selection, user), PAGES_LISTED).get_page(request.GET.get("page"))
    context = {
        "selection": selection,
        "query": desk.query_of(selection),
        "states": [(value, label) for value, label in PageText.Quality.choices] + [("any", _("Any state"))],
        "fonds": Unit.objects.filter(depth=1).select_related("record").order_by("reference_sort")[:FONDS_LISTED],
        "page": page,
        "rows": texts.waiting(list(page)),
        "further": _further(request),
    }
    return render(request, "workbench/proofreading/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk_members
def proofread(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """One page: image over text, line by line; a form sent here saves it and may say how far it can be trusted."""
    access.require(user, "proofread")
    page = _page(key, user)
    masking.note_view(page, by=user, purpose=PURPOSE)
    selection = desk.selection_of(request.GET)
    if request.method == "POST":
        return _receive(request, user, page, selection)
    return _show(request, user, page, selection, _current(page))


@require_safe
@for_desk_members
def history(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Every text the page has had: who made it, when, what it changed; each can be gone back to."""
    access.require(user, "proofread")
    page = _page(key, user)
    masking.note_view(page, by=user, purpose=PURPOSE)
    versions = texts.history(page)
    current = next((version.text for version in versions if version.text.is_current), None)
    return render(
        request, "workbench/proofreading/history.html", {"page": page, "versions": versions, "current": current}
    )


@require_POST
@for_desk_members
def restore(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Go back to an earlier text."""
    old = PageText.objects.filter(pk=key).first()
    if old is None:
        raise NotFound(_("There is no such text any more."))
    page = _page(old.page_id, user)
    texts.restore(old, by=user, seen=_text(page, request.POST.get("seen", "")))
    messages.success(request, _("The earlier text is the current one again."))
    return redirect("workbench:text_history", key=page.pk)


def _receive(request: HttpRequest, user: User, page: Page, selection: Selection) -> HttpResponse:
    """Save what was typed, or carry out an order that only rearranges the form."""
    base = _text(page, request.POST.get("text_key", ""))
    edits, order = desk.edits_of(request.POST), request.POST.get("order", "save")
    rearranged = desk.with_tool(edits, order)
    if rearranged is not None:
        return _show(request, user, page, selection, base, rearranged)
    seen = _text(page, request.POST["seen"]) if request.POST.get("seen") else None
    try:
        text = texts.correct(base, edits, by=user, note=request.POST.get("note", "").strip(), seen=seen)
    except Conflict as fault:
        return _show(request, user, page, selection, base, edits, conflict=fault.message)
    refusal = _judge(text, order, user)
    return _saved(request, user, page, selection, text, order, refusal)


def _judge(text: PageText, order: str, user: User) -> str:
    """Give the saved text the state that was ordered; why not, where that is refused: the text stays saved."""
    if order not in PageText.Quality.values:
        return ""
    try:
        texts.set_quality(text, PageText.Quality(order), by=user)
    except (NotPermitted, Conflict) as fault:
        return fault.message
    return ""


def _saved(
    request: HttpRequest, user: User, page: Page, selection: Selection, text: PageText, order: str, refusal: str
) -> HttpResponse:
    goes_on = order in ONWARD and not refusal
    following = texts.next_page(selection, user, page, text.confidence) if goes_on else None
    query = desk.query_of(selection)
    if request.accepts("text/html"):
        _tell(request, refusal, following, goes_on=goes_on)
        if goes_on and following is None:
            return redirect(reverse("workbench:proofreading") + query)
        return redirect(reverse("workbench:proofread", args=[(following or page).pk]) + query)
    current = PageText.objects.filter(pk=text.pk).get()
    onward = reverse("workbench:proofread", args=[following.pk]) if following else reverse("workbench:proofreading")
    return JsonResponse(
        {
            "text": current.pk,
            "lines": [
                {"text": line.text, "doubts": line.doubts} for line in desk.desk_lines(page, current.text_lines())
            ],
            "state": current.get_quality_display(),
            "refusal": refusal,
            "next": onward + query if goes_on else "",
        }
    )


def _tell(request: HttpRequest, refusal: str, following: Page | None, *, goes_on: bool) -> None:
    if refusal:
        messages.error(request, _("Saved. %(reason)s") % {"reason": refusal})
    elif goes_on and following is None:
        messages.success(request, _("Saved. No other page waits in this selection."))
    else:
        messages.success(request, _("Saved."))


def _show(
    request: HttpRequest,
    user: User,
    page: Page,
    selection: Selection,
    base: PageText,
    edits: Sequence[Edit] | None = None,
    conflict: str = "",
) -> HttpResponse:
    """The page; with ``edits`` as they were sent, unsaved; in a ``conflict`` beside what somebody else has saved."""
    current = _current(page) if conflict else base
    theirs = "\n".join(edit.text for edit in edits or ())
    context = {
        "page": page,
        "text": current,
        "base": base,
        "lines": desk.desk_lines(page, base.text_lines(), edits),
        "image": desk.page_image(page) if page.has_image else "",
        "query": desk.query_of(selection),
        "is_unsaved": edits is not None,
        "conflict": conflict,
        "differences": texts.differences(current.text, theirs) if conflict else (),
        "may_proofread": texts.may_judge(current, PageText.Quality.PROOFREAD, user),
        "divider": texts.DIVIDER,
    }
    return render(request, "workbench/proofreading/page.html", context, status=409 if conflict else 200)


def _page(key: int, user: User) -> Page:
    rows = Page.objects.visible_to(user, Scope.TEXT).select_related("unit__record", "digital_object")
    page = rows.filter(pk=key).first() if key < 1 << 63 else None
    if page is None:
        raise NotFound(_("There is no such page any more."))
    return page


def _current(page: Page) -> PageText:
    text = page.texts.filter(is_current=True).select_related("made_by", "judged_by").first()
    if text is None:
        raise NotFound(_("This page has not been read yet: there is nothing to proofread."))
    return text


def _text(page: Page, key: str) -> PageText:
    rows = page.texts.select_related("made_by")
    text = rows.filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if text is None:
        raise NotFound(_("There is no such text any more."))
    return text


def _further(request: HttpRequest) -> str:
    """The query of this list without the number of the page, for the addresses of its other pages."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return f"{asked.urlencode()}&" if asked else ""

"""Search and replace in all pages of a document, and take it back."""

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from archive import access, lookup
from archive.models import Unit
from core.errors import InvalidInput, NotFound
from media import masking
from media import proofreading as texts
from media.models import Page
from media.proofreading import Spot
from workbench.answers import for_desk_members


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk_members
def replace(request: HttpRequest, user: User) -> HttpResponse:
    """``?unit=`` (a reference code) ``&find=&by=``: every place in its surroundings; a form sent here replaces them."""
    access.require(user, "proofread")
    if request.method == "POST":
        return _carry_out(request, user)
    unit = lookup.unit_by_code(request.GET.get("unit", ""))
    find = request.GET.get("find", "").strip()
    preview = texts.preview(unit, find, by=user) if find else None
    _note({place.page for place in preview.places} if preview else set(), user)
    context = {"unit": unit, "find": find, "by": request.GET.get("by", "").strip(), "preview": preview}
    return render(request, "workbench/proofreading/replace.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk_members
def replaced(request: HttpRequest, user: User, key: uuid.UUID) -> HttpResponse:
    """What a replacement has changed; a form sent here takes it back."""
    access.require(user, "proofread")
    rows = texts.made_by(key).select_related("page__unit__record", "made_from", "made_by")
    made = list(rows.order_by("page__number"))
    if not made:
        raise NotFound(_("There is no such replacement."))
    if request.method == "POST":
        _take_back(request, user, key)
        return redirect("workbench:replaced_text", key=key)
    _note({text.page for text in made}, user)
    changed = [
        {"text": text, "changes": texts.differences(text.made_from.text if text.made_from else "", text.text)}
        for text in made
    ]
    context = {
        "key": key,
        "unit": made[0].page.unit,
        "note": made[0].note,
        "changed": changed,
        "can_be_undone": any(text.is_current for text in made),
    }
    return render(request, "workbench/proofreading/replaced.html", context)


def _note(pages: set[Page], user: User) -> None:
    """Write down who sees texts whole of which a part is masked (L-31)."""
    for page in pages:
        masking.note_view(page, by=user, purpose="proofreading")


def _carry_out(request: HttpRequest, user: User) -> HttpResponse:
    unit: Unit = lookup.unit_by_code(request.POST.get("unit", ""))
    spots = list(_spots(request.POST.getlist("spot")))
    if not spots:
        raise InvalidInput(_("No place is chosen. Go back and choose at least one."))
    done = texts.replace(unit, request.POST.get("find", ""), request.POST.get("by", ""), by=user, spots=spots)
    said = ngettext("%(count)d place replaced.", "%(count)d places replaced.", done.places) % {"count": done.places}
    messages.success(request, said)
    return redirect("workbench:replaced_text", key=done.key)


def _take_back(request: HttpRequest, user: User, key: uuid.UUID) -> None:
    undone = texts.undo_replace(key, by=user)
    count = len(undone.texts)
    said = ngettext("Taken back on %(count)d page.", "Taken back on %(count)d pages.", count) % {"count": count}
    messages.success(request, said)
    if undone.left:
        numbers = _(", ").join(str(page.number) for page in undone.left)
        messages.warning(
            request, _("Corrected since, and therefore left as they are: pages %(numbers)s.") % {"numbers": numbers}
        )


def _spots(sent: list[str]) -> Iterator[Spot]:
    """The places that were chosen: text, line and character, joined by points."""
    for each in sent:
        parts = each.split(".")
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise InvalidInput(_("The form does not fit the text of this page. Reload the page and try again."))
        yield Spot(*map(int, parts))

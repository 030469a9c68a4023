"""The masking table: what waits, a page with its candidates, decisions, and the page as the public will see it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from archive import access, lookup
from archive.models import Kind, Record
from core.errors import InvalidInput, NotFound
from media import masking, storage
from media.engines import vips
from media.lines import Box
from media.models import Mask, Page
from workbench import masks
from workbench.answers import for_desk_members
from workbench.masks import Leaf

PER_PAGE = 30
PREVIEW_WIDTH = 1200


@require_safe
@for_desk_members
def queue(request: HttpRequest, user: User) -> HttpResponse:
    """Every unit in which something waits for a decision."""
    page = Paginator(masks.waiting(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workbench/masking/queue.html", {"page": page, "may_mask": access.may(user, "mask")})


@require_safe
@for_desk_members
def unit(request: HttpRequest, user: User, ark: str) -> HttpResponse:
    """One page of a unit with its candidates, and the candidates in the unit's description. Looking is written down."""
    access.require(user, "mask")
    record = lookup.by_ark(ark, user)
    pages = masks.leaves(record.unit) if record.kind == Kind.UNIT else []
    place = _wanted(pages, request.GET.get("page", ""))
    context: dict[str, object] = {
        "record": record,
        "fields": masks.in_description(record),
        "pages": pages,
        "as_public": request.GET.get("as") == "public",
    }
    if place is not None:
        page = pages[place].page
        masking.note_view(page, by=user, purpose="masking")
        context |= {
            "sheet": masks.sheet(page),
            "previous": pages[place - 1].page if place else None,
            "next": pages[place + 1].page if place + 1 < len(pages) else None,
            "next_waiting": next((each.page for each in pages[place + 1 :] if each.is_waiting), None),
        }
    return render(request, "workbench/masking/unit.html", context)


@require_POST
@for_desk_members
def decide(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Masked or shown."""
    mask = _mask(key)
    masking.decide(mask, _decision(request.POST), by=user, reason=request.POST.get("reason", ""))
    return _on_from(mask)


@require_POST
@for_desk_members
def undo(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Take a decision back."""
    mask = _mask(key)
    place = _back_to(mask)
    masking.undo(mask, by=user)
    messages.success(request, _("The decision was taken back."))
    return redirect(place)


@for_desk_members
def alike(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Every place in the document where the same stands: first shown, then decided on alike."""
    access.require(user, "mask")
    mask = _mask(key)
    places = masking.alike(mask)
    if request.method != "POST":
        return render(request, "workbench/masking/alike.html", {"mask": mask, "places": places, "back": _back_to(mask)})
    chosen = set(request.POST.getlist("place"))
    count = masking.decide_all(
        [place for place in places if place.key in chosen],
        _decision(request.POST),
        by=user,
        reason=request.POST.get("reason", ""),
        rule=Mask.Rule(mask.rule),
    )
    text = ngettext("%(count)d place was decided.", "%(count)d places were decided.", count)
    messages.success(request, text % {"count": count})
    return redirect(_back_to(mask))


@require_POST
@for_desk_members
def draw(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Mask a box that was drawn, or given in numbers, in pixels of the page image."""
    page = _page(key)
    mask = masking.mark_by_hand(page, boxes=[_box(request.POST)], by=user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The box is masked."))
    return redirect(_back_to(mask))


@require_POST
@for_desk_members
def clear(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """Say that nothing on an unread page has to be masked."""
    page = _page(key)
    masking.clear(page, by=user)
    messages.success(request, _("The page is open as far as its unit is."))
    return redirect(_address(page.unit.record, page))


@require_safe
@for_desk_members
def public_view(request: HttpRequest, user: User, key: int) -> HttpResponse:
    """The page as the public gets it, from the very file that is served."""
    page = _page(key)
    image = storage.public_image(page)
    width = min(PREVIEW_WIDTH, page.width)
    height = max(round(page.height * width / page.width), 1)
    content = vips.region(image, 0, 0, page.width, page.height, width, height)
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _wanted(pages: Sequence[Leaf], number: str) -> int | None:
    """Where the page of this number is; otherwise the first on which something waits, or the first of all."""
    asked = (place for place, each in enumerate(pages) if str(each.page.number) == number)
    waiting = (place for place, each in enumerate(pages) if each.is_waiting)
    return next((place for places in (asked, waiting) for place in places), 0 if pages else None)


def _decision(form: QueryDict) -> Mask.Decision:
    try:
        return Mask.Decision(form.get("decision", ""))
    except ValueError as fault:
        raise InvalidInput(_("Decide for “masked” or for “shown”.")) from fault


def _box(form: QueryDict) -> Box:
    try:
        return Box(*(int(form.get(name, "")) for name in ("x", "y", "w", "h")))
    except ValueError as fault:
        raise InvalidInput(_("A box needs four whole numbers: left, top, width, height.")) from fault


def _on_from(mask: Mask) -> HttpResponse:
    """To the next undecided candidate of the page, or of the document, or back to this one."""
    if mask.page is None:
        return redirect(_back_to(mask))
    here = mask.page.masks.undecided().order_by("start", "pk")
    after = here.filter(start__gt=mask.start).first() if mask.start is not None else None
    following = after or here.first()
    if following is None:
        elsewhere = Mask.objects.undecided().filter(page__unit=mask.page.unit_id).select_related("page__unit__record")
        following = elsewhere.order_by("page__number", "start").first()
    return redirect(_back_to(following or mask))


def _back_to(mask: Mask) -> str:
    """The address of a mask on the table."""
    if mask.page is None:
        assert mask.record is not None, "a mask lies on a page or in a record (constraint)"
        return _address(mask.record) + f"#mask-{mask.pk}"
    return _address(mask.page.unit.record, mask.page) + f"#mask-{mask.pk}"


def _address(record: Record, page: Page | None = None) -> str:
    address = reverse("workbench:masking_unit", args=[record.ark])
    return f"{address}?{urlencode({'page': page.number})}" if page is not None else address


def _mask(key: int) -> Mask:
    found = Mask.objects.select_related("page__unit__record", "page__digital_object", "record").filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such candidate any more. Reload the page."))
    if found.page is not None:
        _refuse_quarantined(found.page)
    return found


def _page(key: int) -> Page:
    found = Page.objects.select_related("unit__record", "digital_object").filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such page any more."))
    _refuse_quarantined(found)
    return found


def _refuse_quarantined(page: Page) -> None:
    """What is in quarantine is for the security officer alone; for the desk it is not there (L-18)."""
    if page.digital_object.quarantined_at is not None:
        raise NotFound(_("There is no such page any more."))

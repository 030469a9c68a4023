"""Sign a batch off: draw the sample, see how far it is, sign, take the report along."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.errors import InvalidInput, NotFound
from media.models import Lot
from media.quality import listing, lots, report_pdf, reports
from workbench.answers import for_desk_members
from workbench.views.light_table import batch_of


@require_safe
@for_desk_members
def lot(request: HttpRequest, user: User, batch: int) -> HttpResponse:
    """How far the sample of a batch is, or the form to draw it."""
    found = batch_of(batch)
    drawn = lots.current(found)
    standing = lots.standing(drawn) if drawn else None
    context = {
        "batch": found,
        "lot": drawn,
        "standing": standing,
        "obstacles": standing.obstacles() if standing else [],
        "pages": lots.pages_of(found).count(),
        "counts": listing.counts(found, drawn),
        "may_judge": lots.may_judge(user),
        "is_own": found.created_by_id == user.pk,
        "may_draw": drawn is None or drawn.is_passed is False or (standing is not None and standing.has_grown),
        "least": round(100 * lots.LEAST_SHARE),
        "least_good": round(100 * lots.LEAST_GOOD),
    }
    return render(request, "workbench/light_table/lot.html", context)


@require_POST
@for_desk_members
def draw(request: HttpRequest, user: User, batch: int) -> HttpResponse:
    """Draw the sample."""
    seed, percent = request.POST.get("seed", "").strip(), request.POST.get("percent", "").strip()
    share = _number(percent) / 100 if percent else lots.LEAST_SHARE
    drawn = lots.draw(batch_of(batch), by=user, share=share, seed=_number(seed) if seed else None)
    messages.success(request, _("The sample was drawn: %(pages)d pages.") % {"pages": drawn.drawn.count()})
    return redirect("workbench:lot", batch=batch)


@require_POST
@for_desk_members
def sign(request: HttpRequest, user: User, batch: int) -> HttpResponse:
    """Sign the lot."""
    drawn = lots.current(batch_of(batch))
    if drawn is None:
        raise NotFound(_("No sample of this batch has been drawn yet."))
    signed = lots.sign(drawn, by=user, note=request.POST.get("note", ""))
    words = _("The batch has passed and is signed.") if signed.is_passed else _("The batch is signed as not passed.")
    messages.success(request, words)
    return redirect("workbench:lot", batch=batch)


@require_safe
@for_desk_members
def report(_request: HttpRequest, user: User, batch: int, key: int, form: str) -> HttpResponse:
    """The report of a lot, as PDF or CSV."""
    found = Lot.objects.select_related("batch", "drawn_by", "signed_by").filter(pk=key, batch=batch).first()
    if found is None or form not in {"pdf", "csv"}:
        raise NotFound(_("There is no such report."))
    if form == "pdf":
        answer = HttpResponse(report_pdf.make(found), content_type="application/pdf")
    else:
        answer = HttpResponse(reports.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="lot-{found.batch_id}-{found.pk}.{form}"'
    return answer


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 12):
        raise InvalidInput(_("Write a whole number."))
    return int(written)

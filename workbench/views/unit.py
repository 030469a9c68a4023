"""A unit at the desk: where it stands, the ways to the work on it, and the decisions that lead it to the public."""

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from archive import access, lookup, opening, workflow
from archive.models import Kind, Opening, Record, Scope, Status, Unit
from core.errors import ArchiveError, InvalidInput, NotFound
from media.models import Page
from workbench import standing
from workbench import units as finding
from workbench.answers import for_desk_members

UNITS_PER_PAGE: Final = 30
LONGEST_REASON: Final = 300

Carry = Callable[[Record, QueryDict, User], object]

DEEDS: Final[Mapping[str, tuple[Carry, str | Promise]]] = {
    "submit": (lambda record, _form, user: workflow.submit(record, by=user), gettext_lazy("The unit was submitted.")),
    "return": (
        lambda record, form, user: workflow.send_back(record, reason=_reason(form), by=user),
        gettext_lazy("The unit was returned to its archivist."),
    ),
    "publish": (lambda record, _form, user: workflow.publish(record, by=user), gettext_lazy("The unit was published.")),
    "open": (
        lambda record, form, user: opening.open_(record, scope=_scope(form), by=user),
        gettext_lazy("The unit was opened."),
    ),
    "withdraw": (
        lambda record, form, user: workflow.withdraw(record, reason=_reason(form), by=user),
        gettext_lazy("The unit was withdrawn."),
    ),
}
"""What a form of the page can order, and what is said when it has been done."""


@require_safe
@for_desk_members
def units(request: HttpRequest, _user: User) -> HttpResponse:
    """The units with these words in their code or title, in these states, within this unit; page by page."""
    asked = request.GET
    above = finding.chosen(asked.get("within", ""))
    page = Paginator(_chosen(asked, above), UNITS_PER_PAGE).get_page(asked.get("page"))
    further = asked.copy()
    further.pop("page", None)
    pages = Page.objects.filter(unit__in=[each.pk for each in page]).order_by()
    counted = dict(pages.values_list("unit").annotate(Count("pk")))
    context = {
        "q": asked.get("q", ""),
        "status": asked.get("status", ""),
        "opening": asked.get("opening", ""),
        "above": above,
        "states": Status.choices,
        "marks": Opening.choices,
        "page": page,
        "rows": [(each, counted.get(each.pk, 0)) for each in page],
        "further": f"{further.urlencode()}&" if further else "",
    }
    return render(request, "workbench/unit/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_desk_members
def unit(request: HttpRequest, user: User, ark: str) -> HttpResponse:
    """One unit; a form sent here carries out one of its next steps, or the page says why not."""
    found = _unit(ark, user)
    if request.method != "POST":
        return _show(request, user, found)
    try:
        carry_out, message = _deed(request.POST)
        carry_out(found.record, request.POST, user)
    except ArchiveError as error:
        return _show(request, user, _unit(ark, user), error)
    messages.success(request, str(message))
    return redirect("workbench:unit", ark=ark)


def _show(request: HttpRequest, user: User, found: Unit, refusal: ArchiveError | None = None) -> HttpResponse:
    record = found.record
    context = {
        "unit": found,
        "record": record,
        "refusal": refusal.message if refusal else "",
        "sent": request.POST,
        "digitised": standing.digitised(found, user),
        "texts": standing.texts(found, user),
        "masks": standing.masks(found),
        "document": standing.document_address(found),
        "may_ingest": access.may(user, "ingest", record),
        "steps": standing.steps(record, user),
        "what_waits": opening.what_waits(record) if record.status != Status.WITHDRAWN else [],
        "is_open": standing.is_open(record),
        "closing": standing.closing(found),
        "decisions": standing.decisions(record),
        "scopes": [scope for scope in Scope if scope > Scope.NOTHING],
        "children": found.numchild,
        "longest_reason": LONGEST_REASON,
    }
    return render(request, "workbench/unit/unit.html", context, status=refusal.status if refusal else 200)


def _chosen(asked: QueryDict, above: Unit | None) -> QuerySet[Unit]:
    rows = finding.with_words(asked.get("q", ""))
    if asked.get("status") in Status.values:
        rows = rows.filter(record__status=asked["status"])
    if asked.get("opening") in Opening.values:
        rows = rows.filter(record__opening=asked["opening"])
    if above is not None:
        rows = rows.filter(path__startswith=above.path).exclude(pk=above.pk)
    return rows


def _unit(ark: str, user: User) -> Unit:
    record = lookup.by_ark(ark, user)
    if record.kind != Kind.UNIT:
        raise NotFound(_("%(ark)s is no unit of the catalogue.") % {"ark": record.ark_text})
    found: Unit = record.unit
    return found


def _deed(form: QueryDict) -> tuple[Carry, str | Promise]:
    deed = DEEDS.get(form.get("deed", ""))
    if deed is None:
        raise InvalidInput(_("There is no such action. Reload the page."))
    return deed


def _reason(form: QueryDict) -> str:
    reason = form.get("reason", "").strip()
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(_("Say it in at most %(most)d characters.") % {"most": LONGEST_REASON})
    return reason


def _scope(form: QueryDict) -> Scope:
    given = form.get("scope", "")
    known = {str(scope.value): scope for scope in Scope if scope > Scope.NOTHING}
    if given not in known:
        raise InvalidInput(_("Choose how much the public gets: catalogue entry, text, images or download."))
    return known[given]

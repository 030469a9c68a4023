"""How well the machine reads, per fonds, as a page and as a table; and the sample that makes the figures stand."""

import csv
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from archive import access
from core.text import inert
from media import proofreading as texts
from workbench.answers import for_desk_members

LAYOUTS: dict[str, str | Promise] = {
    "prose": gettext_lazy("Prose"),
    "columns": gettext_lazy("Columns"),
    "vertical": gettext_lazy("Vertical text"),
    "table": gettext_lazy("Tables"),
    "empty": gettext_lazy("Without text"),
    "": gettext_lazy("Not known"),
}
"""What a page looks like, in words."""


@require_safe
@for_desk_members
def accuracy(request: HttpRequest, user: User) -> HttpResponse:
    """The error rate of every fonds; with ``?size=`` and ``&seed=`` a sample of pages to proofread next."""
    access.require(user, "proofread")
    asked = request.GET.get("size", "")
    size = min(int(asked), texts.MOST_DRAWN) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    seed = request.GET.get("seed", "").strip()[:40] or secrets.token_hex(4)
    sample = texts.draw_sample(size, seed=seed, reader=user) if size else []
    context = {
        "rows": [(row, [(_layout(kind.layout), kind) for kind in row.kinds]) for row in texts.accuracy_by_fonds()],
        "target": texts.TARGET,
        "size": size or 20,
        "seed": seed,
        "is_drawn": bool(size),
        "sample": [(drawn, _layout(drawn.layout)) for drawn in sample],
        "most": texts.MOST_DRAWN,
    }
    return render(request, "workbench/proofreading/accuracy.html", context)


@require_safe
@for_desk_members
def accuracy_table(request: HttpRequest, user: User) -> HttpResponse:
    """The same figures as a table (CSV, UTF-8 with a mark, so that spreadsheets read the Chinese)."""
    access.require(user, "proofread")
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="accuracy-{timezone.localdate():%Y-%m-%d}.csv"'
    table = csv.writer(answer)
    table.writerow(
        [_("Fonds"), _("Title"), _("Layout"), _("Proofread pages"), _("Characters"), _("Errors"), _("Error rate (%)")]
    )
    for row in texts.accuracy_by_fonds():
        named = [inert(row.fonds.reference_code), inert(row.fonds.record.title)]
        for kind in row.kinds:
            counts = [kind.pages, kind.accuracy.characters, kind.accuracy.errors]
            table.writerow([*named, _layout(kind.layout), *counts, f"{kind.accuracy.error_rate * 100:.2f}"])
        counts = [row.pages, row.accuracy.characters, row.accuracy.errors]
        table.writerow([*named, _("All"), *counts, f"{row.accuracy.error_rate * 100:.2f}"])
    return answer


def _layout(layout: str) -> str:
    return str(LAYOUTS.get(layout, layout))

"""The authority file: find an agent or a place by any form of its name, or add it."""

from collections.abc import Iterable

from archive.models import Kind, NameForm, Record
from core import text


def name_key(name: str) -> str:
    """The form in which names are compared: folded (width, case, Traditional → Simplified), without blanks."""
    return text.fold(name).text.replace(" ", "")


def find(name: str, kind: Kind) -> Record | None:
    """The agent or place that bears this name in any of its forms; the earliest entered where several do."""
    form = (
        NameForm.objects.filter(key=text.fold(name).text, record__kind=kind)
        .select_related("record")
        .order_by("record_id")
        .first()
    )
    return form.record if form else None


def index(kind: Kind) -> dict[str, Record]:
    """Every name form of a kind with its record, for matching many names without a query each."""
    forms: Iterable[NameForm] = (
        NameForm.objects.filter(record__kind=kind).select_related("record").order_by("-record_id")
    )
    return {name_key(form.text): form.record for form in forms}

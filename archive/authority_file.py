"""The authority file: agents and places by every form of their names."""

from collections.abc import Iterable

from archive.models import Kind, NameForm, Record
from core import text


def name_key(name: str) -> str:
    """The form in which names are compared: folded (width, case, Traditional → Simplified), without blanks."""
    return text.fold(name).text.replace(" ", "")


def index(kind: Kind) -> dict[str, Record]:
    """Every name form of a kind with its record, for matching many names without a query each."""
    forms: Iterable[NameForm] = (
        NameForm.objects.filter(record__kind=kind).select_related("record").order_by("-record_id")
    )
    return {name_key(form.text): form.record for form in forms}

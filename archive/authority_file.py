"""The authority file: agents and places by every form of their names, and terms that stand for each other."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from archive.models import Kind, NameForm, Reader, Record
from archive.models.records import visible
from core import text

EQUIVALENT_TERMS: Final = (
    ("对口帮扶", "结对帮扶"),
    ("互惠互利", "互利互惠"),
    ("支教", "援教"),
    ("支医", "援医"),
    ("异地搬迁", "易地搬迁"),
    ("Minning", "Min-Ning", "Min Ning"),
)
"""Terms of the cooperation that its documents use for the same thing, or another spelling of one."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a name form leads to: the record, its kind and ARK name, and all forms of its name."""

    kind: str
    ark: str
    forms: tuple[str, ...]


def name_key(name: str) -> str:
    """The form in which names are compared: folded (width, case, Traditional → Simplified), without blanks."""
    return text.fold(name).text.replace(" ", "")


def index(kind: Kind) -> dict[str, Record]:
    """Every name form of a kind with its record, for matching many names without a query each."""
    forms: Iterable[NameForm] = (
        NameForm.objects.filter(record__kind=kind).select_related("record").order_by("-record_id")
    )
    return {name_key(form.text): form.record for form in forms}


def equivalents(keys: Collection[str], reader: Reader) -> dict[str, list[Named]]:
    """What each of the name keys stands for, of what the reader may see, in one query."""
    rows = (
        NameForm.objects.filter(visible(reader, through="record__"), record__names__key__in=keys)
        .order_by("record", "pk")
        .distinct()
        .values_list("record", "record__kind", "record__ark", "text", "key")
    )
    forms: dict[tuple[int, str, str], dict[str, str]] = defaultdict(dict)
    for record, kind, ark, form, key in rows:
        forms[record, kind, ark][key] = form
    found: dict[str, list[Named]] = defaultdict(list)
    for (_record, kind, ark), by_key in forms.items():
        for key in by_key.keys() & set(keys):
            found[key].append(Named(kind, ark, tuple(by_key.values())))
    return found

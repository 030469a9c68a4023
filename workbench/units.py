"""Find the unit that scans belong to, by reference code (档号) or by words of its title."""

from django.db.models import Q, QuerySet

from archive import lookup, reference_codes
from archive.models import Unit
from core.errors import NotFound

MOST = 20


def chosen(code: str) -> Unit | None:
    """The unit with exactly this reference code, however its dots and dashes are written."""
    try:
        return lookup.unit_by_code(code) if code.strip() else None
    except NotFound:
        return None


def matching(words: str) -> list[Unit]:
    """At most `MOST` units whose code or title holds ``words``, in the order of their codes."""
    return list(with_words(words)[:MOST]) if words.strip() else []


def with_words(words: str) -> QuerySet[Unit]:
    """The units whose code or title holds ``words``, in the order of their codes; without words every unit."""
    rows: QuerySet[Unit] = Unit.objects.select_related("record").order_by("reference_sort", "pk")
    if not words.strip():
        return rows
    in_code = Q(reference_key__icontains=reference_codes.normalise(words))
    in_title = Q()
    for word in words.split():
        in_title &= Q(record__title_zh__icontains=word) | Q(record__title_en__icontains=word)
    return rows.filter(in_code | in_title)

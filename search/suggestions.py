"""Titles and names that begin as typed: in Han characters, in pinyin, by initials."""

from collections.abc import Iterable
from typing import Final

from archive.models import Reader, Record
from search import backends, loading, names, outbox, planning
from search.backends.base import Order
from search.criteria import AllOf, OneOf, Row
from search.results import Suggestion
from search.schema import Index

MOST: Final = 50
_SPARE: Final = 3
"""So many times more are asked for than shown: some have the same text, some may have become invisible."""


def suggest(q: str, reader: Reader, limit: int = 10) -> list[Suggestion]:
    """Records visible to the reader with a title or name that begins as typed; places and agents first.

    Raises:
        Unavailable: the index cannot be read.
    """
    typed = names.typed(q[: 4 * names.LONGEST_BEGINNING])
    if not typed:
        return []
    limit = max(1, min(limit, MOST))
    hidden = [] if planning.for_desk(reader) else outbox.not_to_be_found()
    index = backends.engine().reader()
    if index is None:
        return []
    longest = names.LONGEST_BEGINNING * (2 if typed.isascii() else 1)
    criteria = AllOf(
        filters=[Row("beginning", (typed[:longest],)), *planning.visibility(reader)],
        but_not=[OneOf("record", tuple(hidden))] if hidden else [],
    )
    keys = index.search(Index.RECORDS, criteria, size=_SPARE * limit, order=Order("weight")).keys
    visible = Record.objects.visible_to(reader).filter(pk__in=keys)
    rows = {record.pk: record for record in visible}
    forms = loading.name_forms(rows.values())
    found: dict[tuple[str, str], Suggestion] = {}
    for key in keys:
        record = rows.get(key)
        if record is None:
            continue
        matched = _matched([record.title_zh, record.title_en, *forms.get(key, ())], typed, longest)
        if matched:
            found.setdefault((record.title, record.kind), Suggestion(record.title, record.kind, record.ark, matched))
    return list(found.values())[:limit]


def _matched(forms: Iterable[str], typed: str, longest: int) -> str:
    """The form of a record's name that begins as typed; empty where none does any more."""
    for form in forms:
        if form and typed[:longest] in names.beginnings(form) and (len(typed) <= longest or _goes_on(form, typed)):
            return form
    return ""


def _goes_on(form: str, typed: str) -> bool:
    """Whether a name begins with something longer than what is indexed of it."""
    return any(whole.startswith(typed) for whole in names.spellings(form))

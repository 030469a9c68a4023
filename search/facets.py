"""The facets of a search: chosen values checked, the values of all hits counted and labelled.

The values of a facet are counted among the hits of all the *other* facets' choices, so that alternatives stay in sight.
Everything counted is visible to the reader; names of places and agents that are not are left out.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from archive.models import Dimension, Kind, Mechanism, Reader, Record
from archive.models.records import in_english
from core.errors import InvalidInput
from search import planning, schema
from search.backends import base
from search.criteria import AllOf, Criteria
from search.results import FacetValue
from search.schema import Index

MOST: Final = 200
MOST_CHOSEN: Final = 50
"""Values of one facet that can be chosen at a time: each that is rare is counted by itself."""

MOST_NAMES: Final = 30
"""Places and agents shown, besides those chosen."""

_NAMED: Final = ("place", "agent")
_LABELS: Final[dict[str, dict[str, object]]] = {
    "kind": dict(Kind.choices),
    "dimension": dict(Dimension.choices),
    "mechanism": dict(Mechanism.choices),
    "amount": {
        "under-1m": _lazy("Under 1 million yuan"),
        "1m-10m": _lazy("1 to 10 million yuan"),
        "10m-100m": _lazy("10 to 100 million yuan"),
        "100m-1b": _lazy("100 million to 1 billion yuan"),
        "over-1b": _lazy("1 billion yuan and more"),
    },
}
_IN_ORDER: Final[dict[str, Sequence[str]]] = {"amount": tuple(schema.AMOUNT_RANGES)}

Choice = dict[str, tuple[str, ...]]


def chosen(filters: Mapping[str, Sequence[str]], reader: Reader) -> Choice:
    """The chosen values; a place or agent that the reader may not see is like one that does not exist.

    Raises:
        InvalidInput: there is no such facet, or a year is no number.
    """
    found: Choice = {}
    for name, values in filters.items():
        if name not in schema.FACETS:
            raise InvalidInput(
                _("There is no filter “%(name)s”. Known filters: %(known)s.")
                % {"name": name, "known": ", ".join(schema.FACETS)}
            )
        if len(values) > MOST_CHOSEN:
            raise InvalidInput(
                _("At most %(most)d values of the filter “%(name)s” can be chosen.")
                % {"most": MOST_CHOSEN, "name": name}
            )
        if values:
            found[name] = tuple(dict.fromkeys(value.replace("\0", "") for value in values))
    for year in found.get("year", ()):
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise InvalidInput(_("“%(year)s” is no year. Write four digits, such as 1996.") % {"year": year})
    for name, labels in _LABELS.items():
        for value in found.get(name, ()):
            if value not in labels:
                raise InvalidInput(
                    _("“%(value)s” is no value of the filter “%(name)s”. Known values: %(known)s.")
                    % {"value": value, "name": name, "known": ", ".join(labels)}
                )
    return _without_hidden(found, reader)


def count(
    reader: base.Reader, criteria: Callable[[str], Criteria], choice: Choice, person: Reader
) -> dict[str, list[FacetValue]]:
    """Count and label the facets; ``criteria`` gives what matches when the choice in one facet is left aside."""
    free = [name for name in schema.FACETS if name not in choice]
    counts = reader.facets(criteria(""), free, size=MOST)
    for name in choice:
        counts |= reader.facets(criteria(name), [name], size=MOST)
        counts[name] += _rare(reader, criteria(name), name, choice[name], counts[name])
    labels = _labels(counts, choice, person)
    return {name: _values(name, counts[name], choice.get(name, ()), labels[name]) for name in schema.FACETS}


def _rare(
    reader: base.Reader, criteria: Criteria, name: str, values: Sequence[str], counted: Sequence[tuple[str, int]]
) -> list[tuple[str, int]]:
    """The counts of those chosen values that are not among the most frequent."""
    known = {value for value, _count in counted}
    found = []
    for value in values:
        if value not in known:
            narrowed = AllOf(parts=[criteria], filters=planning.filters({name: (value,)}))
            found.append((value, reader.count(Index.RECORDS, narrowed)))
    return found


def _without_hidden(choice: Choice, reader: Reader) -> Choice:
    arks = {ark for name in _NAMED for ark in choice.get(name, ())}
    if not arks:
        return choice
    visible = set(Record.objects.visible_to(reader).filter(ark__in=arks).values_list("ark", flat=True))
    kept = {name: tuple(ark if ark in visible else "" for ark in choice.get(name, ())) for name in _NAMED}
    return {**choice, **{name: values for name, values in kept.items() if values}}


def _labels(
    counts: Mapping[str, list[tuple[str, int]]], choice: Choice, reader: Reader
) -> dict[str, Mapping[str, object]]:
    arks = {value for name in _NAMED for value, _count in counts[name]}
    arks |= {value for name in _NAMED for value in choice.get(name, ())}
    rows = Record.objects.visible_to(reader).filter(ark__in=arks).values_list("ark", "title_zh", "title_en")
    english = in_english()
    named = {ark: title_en if english and title_en else title_zh for ark, title_zh, title_en in rows}
    years = {value: value for value, _count in counts["year"]} | {value: value for value in choice.get("year", ())}
    return {**_LABELS, "year": years, **dict.fromkeys(_NAMED, named)}


def _values(
    name: str, counts: list[tuple[str, int]], chosen_values: Sequence[str], labels: Mapping[str, object]
) -> list[FacetValue]:
    """The values that have a label, most frequent first, years and amounts in order; chosen ones are never left out."""
    if name in _IN_ORDER:
        counts = sorted(counts, key=lambda pair: _IN_ORDER[name].index(pair[0]))
    else:
        counts = sorted(counts) if name == "year" else sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    most = MOST_NAMES if name in _NAMED else MOST
    shown = [pair for pair in counts if pair[0] in labels]
    shown = shown[:most] + [pair for pair in shown[most:] if pair[0] in chosen_values]
    return [FacetValue(value, str(labels[value]), number, value in chosen_values) for value, number in shown]

"""The criteria in the engine's own terms."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from elasticsearch.dsl import query as dsl

from search.criteria import AllOf, AnyOf, Anything, Between, Criteria, Nothing, OneOf, Prefix, Row, Worth

MOST_TERMS: Final = 65_536
"""Values that the engine takes in one set."""


def translate(criteria: Criteria) -> dict[str, Any]:  # Any: the engine's own shape
    """The criteria as the body of a query."""
    return dict(_translate(criteria).to_dict())


def _translate(criteria: Criteria) -> dsl.Query:
    return _TRANSLATIONS[type(criteria)](criteria)


def _each(several: Sequence[Criteria]) -> list[dsl.Query]:
    return [_translate(one) for one in several]


def _row(row: Row) -> dsl.Query:
    if len(row.tokens) == 1:
        return dsl.Term(row.field, {"value": row.tokens[0]})
    return dsl.MatchPhrase(row.field, {"query": " ".join(row.tokens), "slop": row.slop})


def _prefix(prefix: Prefix) -> dsl.Query:
    return dsl.Prefix(prefix.field, {"value": prefix.start})


def _one_of(one: OneOf) -> dsl.Query:
    if not one.values:
        return dsl.MatchNone()
    if len(one.values) <= MOST_TERMS:
        return dsl.Terms(one.field, list(one.values))
    chunks = (one.values[start : start + MOST_TERMS] for start in range(0, len(one.values), MOST_TERMS))
    some = dsl.Bool(should=[dsl.Terms(one.field, list(chunk)) for chunk in chunks], minimum_should_match=1)
    return dsl.ConstantScore(filter=some)  # a document with values in two chunks counts no more than any other


def _between(between: Between) -> dsl.Query:
    bounds = {"gte": between.least, "lte": between.most}
    return dsl.Range(between.field, {name: bound for name, bound in bounds.items() if bound is not None})


def _all_of(every: AllOf) -> dsl.Query:
    must, filters = _each(every.parts), _each(every.filters)
    if not must and not filters:
        filters.append(dsl.MatchAll())
    return dsl.Bool(
        must=must,
        filter=filters,
        must_not=_each(every.but_not),
        should=_each(every.better),
        minimum_should_match=0,
    )


def _any_of(some: AnyOf) -> dsl.Query:
    if not some.parts:
        return dsl.MatchNone()
    return dsl.Bool(should=_each(some.parts), minimum_should_match=some.at_least)


def _worth(worth: Worth) -> dsl.Query:
    return dsl.ConstantScore(filter=_translate(worth.part), boost=worth.score)


# Any: each entry takes the one kind of criteria it is listed under, which a dictionary cannot say.
_TRANSLATIONS: Final[dict[type, Callable[[Any], dsl.Query]]] = {
    Anything: lambda _criteria: dsl.MatchAll(),
    Nothing: lambda _criteria: dsl.MatchNone(),
    Row: _row,
    Prefix: _prefix,
    OneOf: _one_of,
    Between: _between,
    AllOf: _all_of,
    AnyOf: _any_of,
    Worth: _worth,
}

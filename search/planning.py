"""From a syntax tree and a reader to what the engine is asked.

Ranking is by tiers that no text statistics can overturn: the title or name itself, phrases in a title, phrases in
names, numbers and summary, in the names of who took part, then everything else; within a tier by BM25, by how near the
words of the query stand to each other, and by whether claims support the fact. How new a record is does not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.utils import timezone

from archive.models import Reader, Record, Scope
from search import analysis, names, query, schema
from search.criteria import AllOf, AnyOf, Anything, Between, Criteria, Nothing, OneOf, Prefix, Row, Worth
from search.query import All, Among, AnyOne, Area, Everything, Not, Phrase, Tree, Within

WORTH_TITLE: Final = 100_000.0
WORTH_IN_TITLE: Final = 1_000.0
WORTH_IN_LEAD: Final = 300.0
WORTH_IN_AGENTS: Final = 100.0
WORTH_STANDING: Final = 20.0
WORTH_EVIDENCE: Final = 1.0
OTHER_FORM: Final = 0.3
"""What another form of a name is worth beside the one that was typed."""

SHORTEST_APPROXIMATE: Final = 4
"""Phrases of fewer Han characters are only searched exactly: one wrong character would leave next to nothing."""

TWO_WRONG_FROM: Final = 8
"""From this many Han characters on, two may be wrong."""

NEAR_WORDS: Final = 4
NEAR_TOKENS: Final = 16
"""Queries of at most so many words and tokens are ranked by how near to each other these stand."""

NEAR: Final = 12
"""Places that the words of a query may be apart in all, to be near."""

LIKE_CHARACTERS: Final = 80
LIKE_PIECES: Final = 60
LIKE_SHARE: Final = 0.2
"""Of how much of a record's beginning others must share how much, to be like it."""

PREFIXES: Final[Mapping[Area, str]] = {
    Area.TEXT: "text_",
    Area.TITLE: "title_",
    Area.SUMMARY: "lead_",
    Area.AGENTS: "agents_",
    Area.PLACES: "places_",
    Area.NUMBERS: "numbers_",
}
"""The area of the index in which a phrase is sought that must stand in one."""

_TIERS: Final = (
    ("title_", WORTH_IN_TITLE),
    ("lead_", WORTH_IN_LEAD),
    ("numbers_", WORTH_IN_LEAD),
    ("agents_", WORTH_IN_AGENTS),
)


def records(tree: Tree, *, for_desk: bool) -> Criteria:
    """The records for which the tree holds, be it in their description or on their pages; ranked."""
    matching = _matching(tree, for_desk=for_desk)
    better = _better(tree)
    return AllOf(parts=[matching], better=better) if better else matching


def pages(tree: Tree, *, every: bool) -> Criteria:
    """The pages on which what the tree asks of texts holds, or at least one phrase of it stands."""
    if not every:
        rows = [_anywhere(phrase, "") for phrase in query.phrases(tree) if _may_be_on_pages(phrase)]
        return AnyOf(rows) if rows else Nothing()
    return _on_pages(tree) or Nothing()


def loosely(tree: Tree, whole: Tree, *, for_desk: bool) -> Criteria:
    """The records that hold enough pieces of a query; what holds whole words of it, and rare pieces, comes first."""
    pieces = query.phrases(tree)
    rows: list[Criteria] = [_anywhere(piece, area) for piece in pieces for area in ("title_", "lead_")]
    return AllOf(parts=[_matching(tree, for_desk=for_desk)], better=[*rows, *_better(whole)])


def pinyin(tree: Tree) -> Criteria:
    """The records whose title or a name is spoken as typed, by whole syllables or by initials; whole names first."""
    runs = [token for phrase in query.phrases(tree) for token in phrase.tokens]
    spoken = [AnyOf([Row("py", reading) for reading in names.readings(run)]) for run in runs]
    return AllOf(parts=spoken, better=[Worth(OneOf("title_key", ("".join(runs),)), WORTH_TITLE), *_standing()])


def nearly(tree: Tree, *areas: str) -> Criteria:
    """What may hold every phrase with a wrong character or two in one of the areas; to be checked against the text."""
    return AllOf(parts=[AnyOf([_nearly(phrase, area) for area in areas]) for phrase in query.phrases(tree)])


def like(record: Record) -> Criteria:
    """Records that share a part of what a record's title and summary say, rare pairs of characters weighing most."""
    levelled = analysis.level(f"{record.title_zh}\n\n{record.summary_zh[:LIKE_CHARACTERS]}")
    pieces = [one for one in dict.fromkeys(analysis.bigrams(levelled)) if one != analysis.BAR][:LIKE_PIECES]
    areas = ("title_", "lead_", "")
    rows = [AnyOf([Row(f"{area}{schema.BIGRAMS}", (piece,)) for area in areas]) for piece in pieces]
    return AnyOf(rows, at_least=max(1, round(LIKE_SHARE * len(rows)))) if rows else Nothing()


def allowed_errors(phrase: Phrase) -> int:
    """How many Han characters of a phrase may differ in an approximate search."""
    if not analysis.is_han_phrase(phrase.tokens) or len(phrase.tokens) < SHORTEST_APPROXIMATE:
        return 0
    return 2 if len(phrase.tokens) >= TWO_WRONG_FROM else 1


def may_be_approximate(tree: Tree) -> bool:
    """Whether the query is words only, and any of them long enough to be recognised with a wrong character."""
    return query.is_plain(tree) and any(allowed_errors(phrase) for phrase in query.phrases(tree))


def visibility(reader: Reader, scope: Scope = Scope.CATALOGUE) -> list[Criteria]:
    """What the public may see; nothing is left out for members of the desk."""
    if for_desk(reader):
        return []
    return [Between("public_scope", least=scope), Between("closed_until", most=timezone.localdate().toordinal())]


def for_desk(reader: Reader) -> bool:
    """Whether what is not public may be searched."""
    return bool(getattr(reader, "is_desk_member", False))


def filters(chosen: Mapping[str, Sequence[str]], *, apart_from: str = "") -> list[Criteria]:
    """One condition for each facet that has chosen values; the values of one facet are alternatives."""
    found: list[Criteria] = []
    for name, values in chosen.items():
        if name == apart_from or not values:
            continue
        if name == "year":
            found.append(OneOf(name, tuple(int(value) for value in values)))
        else:
            found.append(OneOf(name, tuple(values)))
    return found


def _matching(tree: Tree, *, for_desk: bool) -> Criteria:
    match tree:
        case Everything():
            return Anything()
        case Phrase():
            return _of_phrase(tree, for_desk=for_desk)
        case Among():
            return _among(tree)
        case Within():
            return _within(tree)
        case All(parts):
            return _all(parts, for_desk=for_desk)
        case AnyOne(parts, at_least):
            return AnyOf([_matching(part, for_desk=for_desk) for part in parts], at_least)
        case Not():
            return _all((tree,), for_desk=for_desk)
        case _:
            return Nothing()


def _all(parts: Iterable[Tree], *, for_desk: bool) -> Criteria:
    """All of the parts: what is weighed, what only filters, and what must not be."""
    weighed, filtering, unwanted = [], [], []
    for part in parts:
        match part:
            case Everything():
                continue
            case Not(inner):
                unwanted.append(_matching(inner, for_desk=for_desk))
            case Among() | Within():
                filtering.append(_matching(part, for_desk=for_desk))
            case _:
                weighed.append(_matching(part, for_desk=for_desk))
    return AllOf(parts=weighed, filters=filtering, but_not=unwanted)


def _of_phrase(phrase: Phrase, *, for_desk: bool) -> Criteria:
    areas = list(schema.AREAS) if phrase.area == Area.ANYWHERE else [PREFIXES[phrase.area]]
    if for_desk:
        areas += [f"{schema.DESK}{area}" for area in areas if area in schema.DESK_AREAS]
    found = [_anywhere(phrase, area) for area in areas]
    return found[0] if len(found) == 1 else AnyOf(found)


def _anywhere(phrase: Phrase, area: str) -> Criteria:
    """A phrase, or what means the same, in one area."""
    if phrase.is_prefix:
        return Prefix(f"{area}{schema.UNIGRAMS}", phrase.tokens[0])
    rows = [_row(tokens, area) for tokens in (phrase.tokens, *phrase.others)]
    return rows[0] if len(rows) == 1 else AnyOf(rows)


def _row(tokens: tuple[str, ...], area: str) -> Row:
    """Pairs of Han characters where the phrase has nothing else, single tokens otherwise."""
    if analysis.is_han_phrase(tokens):
        return Row(f"{area}{schema.BIGRAMS}", tuple(analysis.bigrams("".join(tokens))))
    return Row(f"{area}{schema.UNIGRAMS}", tokens)


def _among(among: Among) -> Criteria:
    if among.is_prefix:
        return AnyOf([Prefix(among.field, value) for value in among.values])
    return OneOf(among.field, among.values)


def _within(within: Within) -> Criteria:
    least = 0 if within.least is None else max(within.least, 0)
    if within.field == "amount":
        return Between("fen", least=least, most=within.most)
    return AllOf(filters=[Between("earliest", least=0, most=within.most), Between("latest", least=least)])


def _better(tree: Tree) -> list[Criteria]:
    """What lifts a record without being asked for."""
    phrases = query.phrases(tree)
    if not phrases:
        return []
    better = [*_standing(), Worth(Between("evidence", least=1), WORTH_EVIDENCE)]
    for phrase in phrases:
        for area, worth in _TIERS:
            better.append(Worth(_anywhere(replace(phrase, others=()), area), worth))
            if phrase.others:
                better.append(Worth(AnyOf([_row(tokens, area) for tokens in phrase.others]), OTHER_FORM * worth))
    if query.is_plain(tree):
        better.append(Worth(OneOf("title_key", _as_titles(phrases)), WORTH_TITLE))
        better += _near(phrases)
    return better


def _standing() -> list[Criteria]:
    return [Worth(Between("standing", least=step), WORTH_STANDING) for step in range(1, schema.STANDINGS + 1)]


def _as_titles(phrases: Sequence[Phrase]) -> tuple[str, ...]:
    """The query as a title or name would be written, with and without its punctuation, in every form that is known."""
    rows = [[phrase.written, *("".join(row) for row in phrase.others)] for phrase in phrases]
    written = [one[0] for one in rows]
    variants = [written] + [
        [*written[:number], other, *written[number + 1 :]] for number, row in enumerate(rows) for other in row[1:]
    ]
    forms = [
        form for variant in variants for form in (analysis.level(" ".join(variant)), names.typed(" ".join(variant)))
    ]
    return tuple(dict.fromkeys(form for form in forms if form))


def _near(phrases: Sequence[Phrase]) -> list[Criteria]:
    tokens = tuple(token for phrase in phrases for token in phrase.tokens)
    if not 1 < len(phrases) <= NEAR_WORDS or len(tokens) > NEAR_TOKENS or any(one.is_prefix for one in phrases):
        return []
    return [Row(f"{area}{schema.UNIGRAMS}", tokens, slop=NEAR) for area in ("title_", "lead_", "text_", "")]


def _may_be_on_pages(phrase: Phrase) -> bool:
    return phrase.area in {Area.ANYWHERE, Area.TEXT}


def _on_pages(tree: Tree) -> Criteria | None:
    """What the tree asks of a page; ``None`` where it asks nothing of texts."""
    match tree:
        case Phrase():
            return _anywhere(tree, "") if _may_be_on_pages(tree) else None
        case All(parts):
            found = [one for part in parts if (one := _on_pages(part)) is not None]
            return AllOf(parts=found) if found else None
        case AnyOne(parts, at_least):
            found = [one for part in parts if (one := _on_pages(part)) is not None]
            return AnyOf(found, min(at_least, len(found))) if found else None
        case _:
            return None


def _nearly(phrase: Phrase, area: str) -> Criteria:
    errors = allowed_errors(phrase)
    if not errors:
        return _anywhere(phrase, area)
    pairs = dict.fromkeys(analysis.bigrams("".join(phrase.tokens)))
    least = max(1, len(pairs) - 2 * errors)
    return AnyOf([Row(f"{area}{schema.BIGRAMS}", (pair,)) for pair in pairs], at_least=least)

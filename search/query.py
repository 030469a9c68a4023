"""What somebody asks for, as a syntax tree: `search.language` reads it, `search.planning` has it searched for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from search import analysis


class Area(StrEnum):
    """Where a phrase must stand."""

    ANYWHERE = ""
    TITLE = "title"
    SUMMARY = "summary"
    AGENTS = "agents"
    PLACES = "places"
    NUMBERS = "numbers"
    TEXT = "text"
    """On the pages."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Nothing was typed: all records."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Something was typed, but nothing in it can be searched for."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Unigrams that must stand in a row: a word, or several in quotation marks.

    A bar among them stands for any punctuation at that place. ``written`` is what was typed. ``others`` are rows of
    unigrams that mean the same and do as well: other forms of a name, another spelling. A prefix is a single token
    with which a Latin word or a number begins.
    """

    tokens: tuple[str, ...]
    written: str
    area: Area = Area.ANYWHERE
    is_quoted: bool = False
    is_prefix: bool = False
    others: tuple[tuple[str, ...], ...] = ()
    forms: tuple[str, ...] = ()
    """The other forms as they are written."""


@dataclass(frozen=True, slots=True)
class Among:
    """A keyword of the record is one of the values: its kind, dimension, mechanism, reference code, place or agent.

    Reference codes as `archive.reference_codes.normalise` writes them, places and agents by ARK name. ``is_prefix``: it
    begins with one of them.
    """

    field: Literal["kind", "dimension", "mechanism", "reference", "place", "agent"]
    values: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """The time of the record touches a stretch of days (as ordinals), or an amount lies in a range (in fen, 分).

    Both ends belong to it; ``None`` is no bound.
    """

    field: Literal["date", "amount"]
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class AnyOne:
    """At least so many of the parts hold."""

    parts: tuple["Tree", ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Tree"


Tree = Everything | Nothing | Phrase | Among | Within | All | AnyOne | Not


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood; ``notes`` are translated sentences on what was read otherwise than typed."""

    tree: Tree
    notes: tuple[str, ...] = ()


def phrases(tree: Tree) -> tuple[Phrase, ...]:
    """The phrases that a record may be found by, in order, each once; what must not occur is not among them."""
    return tuple(dict.fromkeys(every_phrase(tree, unwanted=False)))


def every_phrase(tree: Tree, *, unwanted: bool = True) -> Iterator[Phrase]:
    """All phrases in order, also those that must not occur unless told otherwise."""
    match tree:
        case Phrase():
            yield tree
        case All(parts) | AnyOne(parts, _):
            for part in parts:
                yield from every_phrase(part, unwanted=unwanted)
        case Not(part) if unwanted:
            yield from every_phrase(part)
        case _:
            return


def rewritten(tree: Tree, change: Callable[[Phrase], Tree]) -> Tree:
    """The same tree with every phrase replaced by what ``change`` makes of it."""
    match tree:
        case Phrase():
            return change(tree)
        case All(parts):
            return All(tuple(rewritten(part, change) for part in parts))
        case AnyOne(parts, at_least):
            return AnyOne(tuple(rewritten(part, change) for part in parts), at_least)
        case Not(part):
            return Not(rewritten(part, change))
        case _:
            return tree


def is_plain(tree: Tree) -> bool:
    """Whether the query is nothing but words and phrases that must all occur, anywhere."""
    parts = tree.parts if isinstance(tree, All) else (tree,)
    return all(isinstance(part, Phrase) and part.area == Area.ANYWHERE for part in parts)


def words(tree: Tree) -> tuple[tuple[Phrase, ...], tuple[Tree, ...]]:
    """The words of a query that must occur anywhere, and its other parts, which limit it; no words if it is an OR."""
    parts = tree.parts if isinstance(tree, All) else (tree,)
    found = tuple(part for part in parts if isinstance(part, Phrase) and part.area == Area.ANYWHERE)
    return found, tuple(part for part in parts if part not in found)


def all_of(parts: Sequence[Tree]) -> Tree:
    """The parts as one tree."""
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def holds(tree: Tree, occurs: Callable[[Phrase], bool]) -> bool:
    """Whether the tree can hold where phrases occur as told; what is no phrase, or must not occur, is taken to hold."""
    match tree:
        case Phrase():
            return occurs(tree)
        case All(parts):
            return all(holds(part, occurs) for part in parts)
        case AnyOne(parts, at_least):
            return sum(holds(part, occurs) for part in parts) >= at_least
        case Nothing():
            return False
        case _:
            return True


def is_verifiable(tree: Tree) -> bool:
    """Whether the words of a text alone tell if the tree holds."""
    match tree:
        case Phrase():
            return True
        case All(parts) | AnyOne(parts, _):
            return all(map(is_verifiable, parts))
        case _:
            return False


def split_at_bars(tree: Tree) -> Tree:
    """The same query with its words cut at punctuation, each part to be found anywhere."""
    return rewritten(tree, lambda phrase: _simplest(tuple(_parts(phrase)), phrase))


def has_bars(tree: Tree) -> bool:
    """Whether punctuation stands inside a word or phrase."""
    return any(analysis.BAR in phrase.tokens for phrase in phrases(tree))


def is_latin(tree: Tree) -> bool:
    """Whether the query is nothing but words in Latin letters, and so may be meant as pinyin."""
    tokens = [token for phrase in phrases(tree) for token in phrase.tokens] if is_plain(tree) else []
    return bool(tokens) and all(token.isascii() and token.isalpha() for token in tokens)


def _simplest(parts: tuple[Phrase, ...], phrase: Phrase) -> Tree:
    return parts[0] if len(parts) == 1 else All(parts) if parts else phrase


def _parts(phrase: Phrase) -> Iterator[Phrase]:
    tokens: list[str] = []
    for token in (*phrase.tokens, analysis.BAR):
        if token != analysis.BAR:
            tokens.append(token)
        elif tokens:
            yield replace(phrase, tokens=tuple(tokens), written=" ".join(tokens), others=())
            tokens = []

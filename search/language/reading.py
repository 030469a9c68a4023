"""What was written, understood: the tree of `search.query`, simplified, with notes on what was read otherwise."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from django.utils.translation import gettext as _

from core import text
from search import analysis
from search.language import fields, lexing, parsing, values
from search.language.fields import Field
from search.language.notes import Notes
from search.language.parsing import Both, Either, Leaf, Node, Without
from search.query import All, Among, AnyOne, Area, Everything, Not, Nothing, Phrase, Reading, Tree

MOST_PHRASES: Final = 64
"""Words, phrases and values of a query that are read."""

_LAST_RUN: Final = re.compile(rf"[^\W_{text.HAN_CLASS}]+$")


def read(q: str) -> Reading:
    """Read what was typed; never fails, and takes no longer for a long query than for its first 2,000 characters.

    The tree is simplified: an `All` holds no `All`, an `AnyOne` no `AnyOne`, neither has a single part, nothing stands
    twice in one of them. A `Not` stands only in an `All`, beside a part that is no `Not`: 非 福建 alone is
    ``All((Everything(), Not(…)))``. `Everything` is otherwise what the empty query gives, and `Nothing` what is left of
    signs that cannot be searched for; both then stand alone.
    """
    notes = Notes()
    whole = lexing.typed(q)
    is_long = len(whole) > lexing.LONGEST
    if is_long:
        whole = whole[: lexing.LONGEST]
        notes.add(_too_long())
    if not whole:
        return Reading(Everything(), notes.all())
    node = parsing.parse(whole, notes)
    tree = _Reader(notes).tree(node) if node else None
    if tree is None:
        only = _("The query holds only punctuation or signs; type at least one character, letter or digit.")
        return Reading(Nothing(), (_too_long(), only) if is_long else (only,))
    return Reading(_grounded(tree), notes.all())


def leaf(written: Leaf, notes: Notes) -> Tree | None:
    """What a single word, phrase or value asks for; None when nothing in it can be searched for."""
    if written.field is None or written.field in fields.AREAS:
        return _phrases(written, fields.AREAS[written.field] if written.field else Area.ANYWHERE)
    found = _value(written, written.field, notes)
    return found if found else _as_words(written)


def all_of(parts: Iterable[Tree]) -> Tree | None:
    """The parts together, simplified; None when there are none. A `Not` in it may still need company."""
    flat = (one for part in parts for one in (part.parts if isinstance(part, All) else (part,)))
    return _joined(All, (one for one in flat if one != Everything()))


def any_of(parts: Iterable[Tree]) -> Tree | None:
    """The parts as alternatives, simplified; keywords of one field become one."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, AnyOne) else (part,))]
    merged: dict[object, Tree] = {}
    for one in map(_grounded, flat):
        key = (one.field, one.is_prefix) if isinstance(one, Among) else _key(one)
        before = merged.get(key)
        if isinstance(one, Among) and isinstance(before, Among):
            one = Among(one.field, tuple(dict.fromkeys(before.values + one.values)), one.is_prefix)
        merged[key] = one if isinstance(one, Among) else before or one
    return _joined(AnyOne, merged.values())


def meaning(tree: Tree) -> object:
    """What a tree says, apart from the order of its parts and the wording of its phrases: equal for equal queries."""
    match tree:
        case All(parts) | AnyOne(parts):
            return type(tree), frozenset(map(meaning, parts))
        case Not(part):
            return Not, meaning(part)
        case Among():
            return tree.field, frozenset(tree.values), tree.is_prefix
        case _:
            return _key(tree)


class _Reader:
    """Reads nodes, and counts what it has read."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.seen: set[object] = set()

    def tree(self, node: Node) -> Tree | None:
        match node:
            case Leaf():
                return self._counted(leaf(node, self.notes))
            case Both(parts):
                return all_of(self._trees(parts))
            case Either(parts):
                return any_of(self._trees(parts))
            case Without(part):
                return _negated(self.tree(part))

    def _trees(self, nodes: Iterable[Node]) -> list[Tree]:
        return [tree for node in nodes if (tree := self.tree(node))]

    def _counted(self, tree: Tree | None) -> Tree | None:
        if tree is None or _key(tree) in self.seen:
            return tree
        if len(self.seen) >= MOST_PHRASES:
            self.notes.add(_("The first %(number)d words were searched for.") % {"number": MOST_PHRASES})
            return None
        self.seen.add(_key(tree))
        return tree


def _too_long() -> str:
    return _("The query is very long; its first %(number)d characters were searched for.") % {"number": lexing.LONGEST}


def _phrases(written: Leaf, area: Area) -> Tree | None:
    """A word or phrase as it is; one with an asterisk as what stands before its last run, and that run as a prefix."""
    tokens = tuple(analysis.unigrams(analysis.level(written.text)))
    if not tokens:
        return None
    is_open = written.is_prefix and not written.is_quoted and not text.is_han(tokens[-1][0])
    if not is_open:
        return Phrase(tokens, written.text, area, is_quoted=written.is_quoted)
    if len(tokens) == 1:
        return Phrase(tokens, written.text, area, is_prefix=True)
    folded = text.fold(written.text.rstrip())
    run = _LAST_RUN.search(folded.text)
    cut = folded.offsets[run.start()] if run else len(written.text)
    head = tokens[:-2] if tokens[-2] == analysis.BAR else tokens[:-1]
    return all_of(
        (
            Phrase(head, written.text[:cut], area),
            Phrase(tokens[-1:], written.text[cut:] or tokens[-1], area, is_prefix=True),
        )
    )


def _value(written: Leaf, field: Field, notes: Notes) -> Tree | None:
    if field in fields.VOCABULARIES:
        return values.read_terms(field, fields.VOCABULARIES[field], written.text, notes)
    if field is Field.CODE:
        return values.read_codes(written.text, is_prefix=written.is_prefix)
    return values.read_amount(written.text, notes) if field is Field.AMOUNT else values.read_date(written.text, notes)


def _as_words(written: Leaf) -> Tree | None:
    """What was typed as a value and is none: the name of the field, its colon as punctuation, and the value."""
    if not written.is_quoted:
        typed = f"{written.name}:{written.text}" if written.name else written.text
        return _phrases(Leaf(typed), Area.ANYWHERE)
    parts = (Leaf(written.name), Leaf(written.text, is_quoted=True))
    return all_of(tree for part in parts if (tree := _phrases(part, Area.ANYWHERE)))


def _joined(join: Callable[[tuple[Tree, ...]], Tree], parts: Iterable[Tree]) -> Tree | None:
    once: dict[object, Tree] = {}
    for part in parts:
        once.setdefault(_key(part), part)
    found = tuple(once.values())
    return join(found) if len(found) > 1 else found[0] if found else None


def _key(tree: Tree) -> object:
    """What a tree means: phrases that differ only in how they were typed mean the same."""
    if isinstance(tree, Phrase):
        return tree.tokens, tree.area, tree.is_quoted, tree.is_prefix
    return tree


def _negated(tree: Tree | None) -> Tree | None:
    if tree is None:
        return None
    return tree.part if isinstance(tree, Not) else Not(_grounded(tree))


def _grounded(tree: Tree) -> Tree:
    """What must not be is taken from something: from everything, if nothing else is said."""
    parts = tree.parts if isinstance(tree, All) else (tree,)
    return All((Everything(), *parts)) if all(isinstance(part, Not) for part in parts) else tree

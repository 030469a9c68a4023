"""Tokens as a tree of what was written: leaves, joined by operators and brackets, not yet understood."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from search.language import fields, lexing
from search.language.fields import Field
from search.language.lexing import Mark, Token
from search.language.notes import Notes


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word or phrase, in a field or anywhere.

    ``name`` is the field as it was typed directly before the value; empty inside a bracket that belongs to a field.
    """

    text: str
    is_quoted: bool = False
    is_prefix: bool = False
    field: Field | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Both:
    """All parts are meant."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part is meant."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part must not hold."""

    part: "Node"


Node = Leaf | Both | Either | Without

_BEGINNINGS: Final = frozenset({Mark.WORD, Mark.PHRASE, Mark.FIELD, Mark.OPEN, Mark.NOT})
_ENDS: Final = frozenset({Mark.WORD, Mark.PHRASE, Mark.CLOSE})
_BINARY: Final = frozenset({Mark.AND, Mark.OR})
_OPERATORS: Final = _BINARY | {Mark.NOT}
_ONE_VALUE: Final = frozenset({*fields.RANGES, *fields.VOCABULARIES, Field.CODE})
"""In these fields words side by side in brackets are alternatives, for a record has one kind, one date, one code."""


def parse(whole: str, notes: Notes) -> Node | None:
    """What was written, as a tree no deeper than its brackets; None when nothing was.

    Operators that are all there is are words; those that lack a side are left out, with a note.
    """
    tokens = _without_empty_brackets(lexing.tokens(whole, notes))
    if all(token.mark in _OPERATORS or token.mark in (Mark.OPEN, Mark.CLOSE) for token in tokens):
        tokens = [replace(token, mark=Mark.WORD) for token in tokens if token.mark in _OPERATORS]
    before = None
    while len(tokens) != before:  # what is left out may leave brackets empty, and these an operator without a side
        before = len(tokens)
        tokens = _without_empty_brackets(_with_both_sides(tokens, notes))
    return _Parser(tokens).whole() if tokens else None


def _without_empty_brackets(tokens: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        if token.mark is Mark.CLOSE and [one.mark for one in kept[-1:]] == [Mark.OPEN]:
            kept.pop()
            if [one.mark for one in kept[-1:]] == [Mark.FIELD]:
                kept.pop()
        else:
            kept.append(token)
    return kept


def _with_both_sides(tokens: Sequence[Token], notes: Notes) -> list[Token]:
    """Leave out operators that lack a side."""
    kept: list[Token] = []
    for token in reversed(tokens):
        if token.mark in _OPERATORS and not (kept and kept[-1].mark in _BEGINNINGS):
            _dangling(token, notes)
        else:
            kept.append(token)
    both: list[Token] = []
    for token in reversed(kept):
        if token.mark in _BINARY and not (both and both[-1].mark in _ENDS):
            _dangling(token, notes)
        else:
            both.append(token)
    return both


def _dangling(token: Token, notes: Notes) -> None:
    notes.add(
        _(
            "“%(operator)s” has nothing to join here and was left out. "
            "To search for it as a word, put it in quotation marks."
        )
        % {"operator": token.text}
    )


class _Parser:
    """Reads tokens in order. NOT binds closest, then AND and words side by side, then OR."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    def whole(self) -> Node:
        return self._alternatives(None)

    def _mark(self) -> Mark | None:
        return self.tokens[self.at].mark if self.at < len(self.tokens) else None

    def _take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def _alternatives(self, field: Field | None) -> Node:
        parts = [self._together(field)]
        while self._mark() not in (Mark.CLOSE, None):
            if self._mark() is Mark.OR:
                self._take()
            parts.append(self._together(field))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _together(self, field: Field | None) -> Node:
        parts = [self._negation(field)]
        beside = {Mark.NOT} if field in _ONE_VALUE else _BEGINNINGS
        while self._mark() is Mark.AND or self._mark() in beside:
            if self._mark() is Mark.AND:
                self._take()
            parts.append(self._negation(field))
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def _negation(self, field: Field | None) -> Node:
        is_negative = False
        while self._mark() is Mark.NOT:
            self._take()
            is_negative = not is_negative
        part = self._operand(field)
        return Without(part) if is_negative else part

    def _operand(self, field: Field | None) -> Node:
        token = self._take()
        name = ""
        if token.field:
            field, name = token.field, token.text
            token = self._take()
        if token.mark is Mark.OPEN:
            inner = self._alternatives(field)
            self._take()
            return inner
        return Leaf(token.text, token.mark is Mark.PHRASE, token.is_prefix, field, name)

"""A query as a row of tokens: words, phrases in quotation marks, fields, brackets and operators.

Brackets come out in pairs and no deeper than `DEEPEST`. Brackets and quotation marks inside a word are punctuation, so
that 闽政(2016)12号 and 关于“闽宁”协作 can be pasted as they are. A backslash takes its meaning from a sign or operator.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from django.utils.translation import gettext as _

from search.language import fields
from search.language.fields import Field
from search.language.notes import Notes

LONGEST: Final = 2000
"""Characters of a query that are read."""

DEEPEST: Final = 20
"""Brackets inside brackets that are read."""


class Mark(Enum):
    """What a token is."""

    WORD = auto()
    PHRASE = auto()
    FIELD = auto()
    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of the query; after a field always comes its value: a word, a phrase or an opening bracket."""

    mark: Mark
    text: str
    is_prefix: bool = False
    """Whether an asterisk stood behind the word or phrase."""
    field: Field | None = None


OPERATORS: Final = {
    **dict.fromkeys(("AND", "与", "&&", "&"), Mark.AND),
    **dict.fromkeys(("OR", "或", "||", "|"), Mark.OR),
    **dict.fromkeys(("NOT", "非"), Mark.NOT),
}

_MARKS: Final = '"＂“”„‟〝〞〟'
"""Double quotation marks, which close each other however they are bent."""

_PAIRS: Final = dict.fromkeys(_MARKS, _MARKS) | {"「": "」", "『": "』", "﹁": "﹂", "﹃": "﹄"}
QUOTES: Final = "".join(dict.fromkeys((*_PAIRS, *"".join(_PAIRS.values()))))
_OPENING: Final = "(（"
_CLOSING: Final = ")）"
_BRACKETS: Final = _OPENING + _CLOSING
_STARS: Final = "*＊"
_COLONS: Final = ":：﹕∶"
COMPARING: Final = "<>≥≤＜＞"
SPECIAL: Final = frozenset(QUOTES + _BRACKETS + _STARS + _COLONS + COMPARING + "\\-－|&")
"""The signs that mean something somewhere, and so can be written with a backslash."""

_NOT_TYPED: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BLANKS: Final = re.compile(r"\s*")
_RUN: Final = re.compile(rf"[^\s\\{_BRACKETS}{QUOTES}]+")
_BRACKETED: Final = re.compile(rf"[{_OPENING}][^\s{_BRACKETS}]*[{_CLOSING}]")
_OF_A_YEAR: Final = re.compile(rf"[{_OPENING}]\d{{4}}[{_CLOSING}]第?\d+[号號]")
"""(2016)12号, the end of a document number: brackets that group nothing."""

_MINUS: Final = re.compile(rf"(?<![^\s{_OPENING}])[-－](?=[^\s\-－{_CLOSING}])")
_GLUED: Final = re.compile(rf"(?![与或非][\s{_OPENING}{QUOTES}])\w")
_NAME: Final = re.compile(rf"(?P<name>[^\W\d_]{{1,{fields.LONGEST_NAME}}})(?:(?P<colon>[{_COLONS}])|(?=[{COMPARING}]))")
_COMPARISON: Final = re.compile(rf"[{COMPARING}][=＝]?\s*")
_ESCAPED_OPERATOR: Final = re.compile(rf"\\(?=(?:AND|OR|NOT|与|或|非)(?:[\s{_BRACKETS}]|$))")


def typed(q: str) -> str:
    """The query without what no keyboard gives, and without blanks around it."""
    return _NOT_TYPED.sub(" ", q).strip()


def closing_marks(opening: str) -> str:
    """The marks that may close a quotation that this one opens; none for any other character."""
    return _PAIRS.get(opening, "")


def tokens(whole: str, notes: Notes) -> list[Token]:
    """Take a query apart; whatever it is made of, tokens come out."""
    return _Lexer(whole, notes).run()


@dataclass(slots=True)
class _Word:
    text: str
    is_prefix: bool
    is_escaped: bool
    end: int


class _Lexer:
    """Goes through the query once, from left to right."""

    def __init__(self, whole: str, notes: Notes) -> None:
        self.whole, self.notes = whole, notes
        self.found: list[Token] = []
        self.open: list[bool] = []
        """Of the brackets that are open, whether they count."""
        self.last_mark = {mark: max(whole.rfind(one) for one in closing) for mark, closing in _PAIRS.items()}

    def run(self) -> list[Token]:
        at = self._skip(0)
        while at < len(self.whole):
            at = self._skip(self._step(at))
        if self.open:
            self._lone_bracket()
        self.found += [Token(Mark.CLOSE, ")") for counts in self.open if counts]
        return self.found

    def _step(self, at: int) -> int:
        """Read the token that begins here; gives the place after it."""
        sign = self.whole[at]
        if self._groups(at):
            return self._opened(at)
        if sign in _CLOSING and self.open:
            return self._closed(at)
        if _MINUS.match(self.whole, at):
            self.found.append(Token(Mark.NOT, sign))
            return at + 1
        closing = self._closing(at)
        if closing and (self._has_blank(at, closing) or not _GLUED.match(self.whole, closing + 1)):
            return self._phrase(at, closing)
        return self._field(at) or self._plain(at)

    def _groups(self, at: int) -> bool:
        """Whether a bracket opens here that holds a part of the query together."""
        return self.whole[at] in _OPENING and not _OF_A_YEAR.match(self.whole, at)

    def _opened(self, at: int) -> int:
        counts = len(self.open) < DEEPEST
        self.open.append(counts)
        if counts:
            self.found.append(Token(Mark.OPEN, self.whole[at]))
        else:
            self.notes.add(
                _("Brackets stand inside one another more than %(number)d times; the innermost were left out.")
                % {"number": DEEPEST}
            )
        return at + 1

    def _closed(self, at: int) -> int:
        if self.open.pop():
            self.found.append(Token(Mark.CLOSE, self.whole[at]))
        return at + 1

    def _phrase(self, at: int, closing: int) -> int:
        end = closing + 1
        starred = self.whole[end : end + 1] in tuple(_STARS)
        self.found.append(Token(Mark.PHRASE, self.whole[at + 1 : closing].strip(), is_prefix=starred))
        return end + starred

    def _plain(self, at: int) -> int:
        word = self._word(at)
        operator = OPERATORS.get(word.text) if not word.is_escaped and not word.is_prefix else None
        if operator:
            self.found.append(Token(operator, word.text))
        elif word.text:
            self.found.append(Token(Mark.WORD, word.text, is_prefix=word.is_prefix))
        else:
            self.notes.add(
                _("An asterisk stands alone and was left out. Write it after the beginning of a word, such as minn*.")
            )
        return word.end

    def _field(self, at: int) -> int | None:
        """Read a field with its value; None where there is no field."""
        found = _NAME.match(self.whole, at)
        if found is None:
            return None
        field = fields.known(found["name"])
        if field is None:
            if found["colon"]:
                self._unknown(found["name"])
            return None
        if not found["colon"] and field not in fields.RANGES:
            return None
        self.found.append(Token(Mark.FIELD, found["name"], field=field))
        end = self._value(found.end(), field)
        if end is None:
            self.found.pop()
            self.found.append(Token(Mark.WORD, found["name"]))
            self._valueless(found["name"])
        return end or found.end()

    def _value(self, at: int, field: Field) -> int | None:
        """Read what stands after the colon; gives the place after it, None when nothing does."""
        start = self._skip(at)
        sign = self.whole[start : start + 1]
        if not sign or (sign in _CLOSING and self.open) or (start > at and self._begins_anew(start)):
            return None
        if self._groups(start):
            return start
        closing = self._closing(start)
        if closing:
            return self._phrase(start, closing)
        comparison = _COMPARISON.match(self.whole, start) if field in fields.RANGES else None
        word = self._word(comparison.end() if comparison else start)
        if not word.text:
            return None
        written = "".join(comparison[0].split()) + word.text if comparison else word.text
        self.found.append(Token(Mark.WORD, written, is_prefix=word.is_prefix))
        return word.end

    def _begins_anew(self, at: int) -> bool:
        """Whether an operator or another field stands here, after a blank, and so no value."""
        if _MINUS.match(self.whole, at):
            return True
        name = _NAME.match(self.whole, at)
        return self._word(at).text in OPERATORS or (name is not None and fields.known(name["name"]) is not None)

    def _word(self, at: int) -> _Word:
        """Read a word: everything up to a blank, or to a bracket or phrase that is not part of it."""
        parts: list[str] = []
        escaped = starred = False
        while at < len(self.whole):
            run = _RUN.match(self.whole, at)
            if run:
                part, end = run[0], run.end()
            elif self.whole[at] == "\\":
                part, end = self._backslash(at, is_first=not parts)
                escaped = True
            else:
                part, end = self._inside(at, "".join(parts))
            if end == at:
                break
            starred = run is not None and part[-1] in _STARS
            parts.append(part)
            at = end
        written = "".join(parts)
        return _Word(written.rstrip(_STARS) if starred else written, starred, escaped, at)

    def _backslash(self, at: int, *, is_first: bool) -> tuple[str, int]:
        following = self.whole[at + 1 : at + 2]
        if following and following in SPECIAL:
            return following, at + 2
        return ("" if is_first and _ESCAPED_OPERATOR.match(self.whole, at) else "\\"), at + 1

    def _inside(self, at: int, before: str) -> tuple[str, int]:
        """What a bracket or mark adds to the word before it, and where that ends: here, if the word ends here."""
        sign = self.whole[at]
        if sign.isspace() or before in OPERATORS:
            return "", at
        if sign in _OPENING:
            pair = _BRACKETED.match(self.whole, at)
            return (pair[0], pair.end()) if pair else ("", at)
        if sign in _CLOSING:
            if self.open:
                return "", at
            self._lone_bracket()
            return sign, at + 1
        closing = self._closing(at)
        if closing is None:
            self.notes.add(_("A quotation mark stands alone; the words after it were searched for one by one."))
            return sign, at + 1
        return ("", at) if self._has_blank(at, closing) else (self.whole[at : closing + 1], closing + 1)

    def _closing(self, at: int) -> int | None:
        """Where the quotation that opens here is closed, if one does and it is."""
        closing = _PAIRS.get(self.whole[at])
        if closing is None or self.last_mark[self.whole[at]] <= at:
            return None
        return min(place for mark in closing if (place := self.whole.find(mark, at + 1)) > 0)

    def _has_blank(self, at: int, closing: int) -> bool:
        return any(sign.isspace() for sign in self.whole[at + 1 : closing])

    def _skip(self, at: int) -> int:
        blanks = _BLANKS.match(self.whole, at)
        return blanks.end() if blanks else at

    def _lone_bracket(self) -> None:
        self.notes.add(_("A bracket has no counterpart; the query was read as if it stood there or was left out."))

    def _valueless(self, name: str) -> None:
        self.notes.add(
            _("Nothing stands after “%(name)s”, so it was searched for as a word. Write %(name)s:… without a blank.")
            % {"name": name}
        )

    def _unknown(self, name: str) -> None:
        nearest = fields.nearest(name)
        if nearest:
            self.notes.add(
                _("There is no field “%(name)s”; the words were searched for everywhere. Did you mean “%(other)s”?")
                % {"name": name, "other": nearest}
            )

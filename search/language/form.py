"""The advanced search form: written in the query language, and read back from it."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Final

from search.language import fields, lexing, parsing, ranges
from search.language.fields import Field
from search.language.notes import Notes, is_chinese
from search.language.parsing import Both, Either, Leaf, Node, Without
from search.language.reading import meaning, read
from search.language.values import read_terms


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody filled in. Every field that is not empty must hold.

    ``words``, ``any_words``, ``without``, ``title``, ``text``, ``agent`` and ``place`` hold words and phrases in
    quotation marks; a word may end with an asterisk; nothing else in them has a meaning. ``exact`` and ``number`` are
    taken whole. ``code``, dates and amounts are written as in the language, without comparison. ``kinds``,
    ``dimensions`` and ``mechanisms`` are codes of the vocabularies; others are left out.
    """

    words: str = ""
    exact: str = ""
    any_words: str = ""
    without: str = ""
    title: str = ""
    text: str = ""
    number: str = ""
    code: str = ""
    agent: str = ""
    place: str = ""
    date_from: str = ""
    date_to: str = ""
    amount_from: str = ""
    amount_to: str = ""
    kinds: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()


_TEXTS: Final = {Field.TITLE: "title", Field.TEXT: "text", Field.AGENT: "agent", Field.PLACE: "place"}
_TERMS: Final = {Field.KIND: "kinds", Field.DIMENSION: "dimensions", Field.MECHANISM: "mechanisms"}
_MARKS: Final = ('""', "“”", "「」", "『』")
_STARS: Final = "*＊"
_WORD: Final = re.compile(r"\S+")


def write(filled: Form) -> str:
    """The form as a query, with the names of the interface language; the empty form gives the empty query.

    ``read`` makes of it what the form says. What cannot be read as a date or an amount is written all the same, so
    that reading it tells why.
    """
    parts = [_fragment(piece) for piece in _pieces(filled.words)]
    exact = lexing.typed(filled.exact).strip(lexing.QUOTES).strip()
    parts += [_quoted(exact)] if exact else []
    some = [_fragment(piece) for piece in _pieces(filled.any_words)]
    parts += [f"({(' 或 ' if is_chinese() else ' OR ').join(some)})"] if len(some) > 1 else some
    parts += [f"-{_fragment(piece)}" for piece in _pieces(filled.without)]
    parts += [_in_field(field, _pieces(getattr(filled, column))) for field, column in _TEXTS.items()]
    parts += [
        _in_field(Field.NUMBER, _whole(filled.number)),
        _in_field(Field.CODE, _whole(filled.code, may_begin=True)),
    ]
    for field, lower, upper in (
        (Field.DATE, filled.date_from, filled.date_to),
        (Field.AMOUNT, filled.amount_from, filled.amount_to),
    ):
        values = ranges.written(field, lexing.typed(lower), lexing.typed(upper))
        parts += [_in_field(field, _whole(value)) for value in values]
    parts += [_terms(field, getattr(filled, column)) for field, column in _TERMS.items()]
    return " ".join(part for part in parts if part)


def form(q: str) -> Form | None:
    """The form that says the same as a query; None when the query says more than the form can."""
    whole = lexing.typed(q)
    if not whole:
        return Form()
    node = parsing.parse(whole, Notes()) if len(whole) <= lexing.LONGEST else None
    filling = _Filling()
    if node is None or not all(filling.take(part) for part in _together(node)):
        return None
    filled = filling.filled()
    return filled if meaning(read(write(filled)).tree) == meaning(read(q).tree) else None


class _Filling:
    """Puts the parts of a query into the fields of the form, as long as they fit."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.terms: dict[str, tuple[str, ...]] = {}

    def filled(self) -> Form:
        empty = asdict(Form())
        texts = {name: " ".join(found) for name, found in self.texts.items()}
        return Form(**{**empty, **texts, **self.terms})

    def take(self, part: Node) -> bool:
        """Take one part up; False when there is no place for it."""
        match part:
            case Leaf():
                return self._take_leaf(part, part.field)
            case Without(Leaf(field=None) as leaf):
                return self._add("without", leaf)
            case Either(parts):
                return self._take_either([one for one in parts if isinstance(one, Leaf)], len(parts))
            case _:
                return False

    def _take_leaf(self, leaf: Leaf, field: Field | None) -> bool:
        if field is None:
            is_exact = leaf.is_quoted and "exact" not in self.texts
            return self._once("exact", leaf.text) if is_exact else self._add("words", leaf)
        if field in _TEXTS:
            return self._add(_TEXTS[field], leaf)
        if field in _TERMS:
            return self._take_terms(field, [leaf])
        if field in fields.RANGES:
            return self._take_range(leaf, field)
        star = "*" if leaf.is_prefix else ""
        return field is not Field.SUMMARY and self._once(field.value, leaf.text + star)

    def _take_either(self, leaves: list[Leaf], count: int) -> bool:
        field = leaves[0].field if len(leaves) == count else None
        if field in _TERMS and all(leaf.field is field for leaf in leaves):
            return self._take_terms(field, leaves)
        plain = len(leaves) == count and all(leaf.field is None for leaf in leaves)
        return plain and "any_words" not in self.texts and all([self._add("any_words", leaf) for leaf in leaves])

    def _take_terms(self, field: Field, leaves: list[Leaf]) -> bool:
        if _TERMS[field] in self.terms:
            return False
        found = [read_terms(field, fields.VOCABULARIES[field], leaf.text, Notes()) for leaf in leaves]
        if found == [None] and not leaves[0].is_quoted:
            return self._add("words", Leaf(f"{leaves[0].name}:{leaves[0].text}"))
        self.terms[_TERMS[field]] = tuple(dict.fromkeys(code for one in found if one for code in one.values))
        return None not in found

    def _take_range(self, leaf: Leaf, field: Field) -> bool:
        kind = Field.AMOUNT if field is Field.AMOUNT else Field.DATE
        ends = ranges.ends(kind, leaf.text)
        if ends is None and not leaf.is_quoted:
            return self._add("words", Leaf(f"{leaf.name}:{leaf.text}"))
        return ends is not None and all(
            self._once(f"{kind}_{side}", end) for side, end in zip(("from", "to"), ends, strict=True) if end
        )

    def _once(self, column: str, value: str) -> bool:
        return self.texts.setdefault(column, [value]) == [value]

    def _add(self, column: str, leaf: Leaf) -> bool:
        """Add a word or phrase to a field, unless the field would understand it otherwise."""
        written = _quoted(leaf.text) if leaf.is_quoted else leaf.text + ("*" if leaf.is_prefix else "")
        if not leaf.is_quoted and _pieces(written) != [replace(leaf, field=None, name="")]:
            written = leaf.text.strip(lexing.QUOTES)
        self.texts.setdefault(column, []).append(written)
        return True


def _together(node: Node) -> list[Node]:
    """The parts of a query that must all hold."""
    return [one for part in node.parts for one in _together(part)] if isinstance(node, Both) else [node]


def _pieces(typed: str) -> list[Leaf]:
    """The words and phrases in a field of the form."""
    whole = lexing.typed(typed)
    found: list[Leaf] = []
    at = 0
    while word := _WORD.search(whole, at):
        end = _phrase_end(whole, word.start())
        at = end or word.end()
        body = word[0].rstrip(_STARS)
        if end:
            found.append(Leaf(whole[word.start() + 1 : end - 1].strip(), is_quoted=True))
        else:
            found.append(Leaf(body, is_prefix=True) if body and body != word[0] else Leaf(word[0]))
    return [piece for piece in found if piece.text]


def _phrase_end(whole: str, at: int) -> int | None:
    """The place after a phrase in quotation marks that begins here and has a blank or nothing behind it."""
    places = [whole.find(mark, at + 1) for mark in lexing.closing_marks(whole[at])]
    end = min((place + 1 for place in places if place > 0), default=0)
    return end if end and not whole[end : end + 1].strip() else None


def _whole(typed: str, *, may_begin: bool = False) -> list[Leaf]:
    """A value that is taken whole, with an asterisk at its end if it may have one."""
    value = " ".join(lexing.typed(typed).split())
    body = value.rstrip(_STARS) if may_begin else value
    return [Leaf(body, is_quoted=" " in body, is_prefix=body != value)] if body else []


def _in_field(field: Field, pieces: list[Leaf]) -> str:
    name = fields.name_of(field)
    fragments = [_fragment(piece) for piece in pieces]
    if len(fragments) == 1:
        single = f"{name}:{fragments[0]}"
        return single if _is(single, replace(pieces[0], field=field, name=name)) else f"{name}:({fragments[0]})"
    return f"{name}:({' '.join(fragments)})" if fragments else ""


def _terms(field: Field, codes: tuple[str, ...]) -> str:
    vocabulary = fields.VOCABULARIES[field]
    chosen = [code for code in fields.codes(vocabulary) if code in codes]
    shown = [fields.label_of(vocabulary, code) for code in chosen] if is_chinese() else chosen
    return f"{fields.name_of(field)}:{('、' if is_chinese() else ',').join(shown)}" if shown else ""


def _fragment(piece: Leaf) -> str:
    """The piece in the language; signs that would mean something get a backslash."""
    star = "*" if piece.is_prefix else ""
    if piece.is_quoted:
        return _quoted(piece.text) + star
    if piece.text not in lexing.OPERATORS and _is(f"({piece.text}{star})", piece):
        return piece.text + star
    signs = "".join(f"\\{sign}" if sign in lexing.SPECIAL else sign for sign in piece.text)
    return ("\\" if piece.text in lexing.OPERATORS and signs == piece.text else "") + signs + star


def _is(written: str, leaf: Leaf) -> bool:
    """Whether something written gives this leaf, and nothing remains to be said."""
    notes = Notes()
    return parsing.parse(written, notes) == leaf and not notes.all()


def _quoted(phrase: str) -> str:
    """A phrase in marks that it does not hold itself; where it holds all, its double ones become single."""
    opening, closing = next(
        ((one, other) for one, other in _MARKS if not set(lexing.closing_marks(one)) & set(phrase)), ("", "")
    )
    if opening:
        return f"{opening}{phrase}{closing}"
    signs = lexing.closing_marks('"')
    return f'"{phrase.translate(str.maketrans(signs, len(signs) * chr(39)))}"'

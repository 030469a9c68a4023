"""The advanced search as a form: it writes the language of the search box, and reads what it wrote back."""

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import Dimension, Kind, Mechanism
from core.errors import InvalidInput
from portal import questions
from portal.questions import Question
from search import language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

LONGEST: Final = 200
FILTERS_LIMIT: Final = 4_000


def _words(label: "StrPromise", help_text: "StrPromise | str" = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONGEST)


def _terms(label: "StrPromise", terms: type[TextChoices]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=terms.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class AdvancedForm(forms.Form):
    """One field for each of `language.Form`, and the filters of the results that the form was opened from."""

    words = _words(gettext_lazy("All of these words"), gettext_lazy("Each must occur, in any order."))
    exact = _words(gettext_lazy("Exactly this phrase"))
    any_words = _words(gettext_lazy("At least one of these words"))
    without = _words(gettext_lazy("None of these words"))
    title = _words(gettext_lazy("In the title"))
    text = _words(gettext_lazy("In the text of the pages"))
    number = _words(gettext_lazy("Document number"), gettext_lazy("Brackets and numerals may be written in any way."))
    code = _words(gettext_lazy("Reference code"), gettext_lazy("An asterisk at the end stands for any continuation."))
    agent = _words(gettext_lazy("Person or body"))
    place = _words(gettext_lazy("Place"))
    date_from = _words(gettext_lazy("Date from"))
    date_to = _words(gettext_lazy("to"))
    amount_from = _words(gettext_lazy("Amount from"))
    amount_to = _words(gettext_lazy("to"))
    kinds = _terms(gettext_lazy("Kind"), Kind)
    dimensions = _terms(gettext_lazy("Dimension"), Dimension)
    mechanisms = _terms(gettext_lazy("Mechanism"), Mechanism)
    filters = forms.CharField(required=False, max_length=FILTERS_LIMIT, widget=forms.HiddenInput)

    @property
    def texts(self) -> list[forms.BoundField]:
        """The fields of words, in their order."""
        names = ("words", "exact", "any_words", "without", "title", "text", "number", "code", "agent", "place")
        return [self[name] for name in names]

    @property
    def choices(self) -> list[forms.BoundField]:
        """The fields of terms, in their order."""
        return [self["kinds"], self["dimensions"], self["mechanisms"]]

    def question(self) -> Question:
        """What the form asks, written in the language of the search box.

        Raises:
            InvalidInput: the filters that it carries do not exist.
        """
        given: dict[str, Any] = {  # Any: words are texts, terms are tuples
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name != "filters"
        }
        filled = language.Form(**given)
        return questions.read_text(self.cleaned_data["filters"]).asking(language.write(filled))


@dataclass(frozen=True, slots=True)
class Example:
    """A query that shows something of the language, and what it finds."""

    query: "StrPromise"
    finds: "StrPromise"


EXAMPLES: Final = (
    Example(gettext_lazy("juncao training"), gettext_lazy("both words, anywhere in a record or on its pages")),
    Example(gettext_lazy('"joint meeting"'), gettext_lazy("exactly this phrase")),
    Example(gettext_lazy("teachers OR doctors"), gettext_lazy("at least one of the two; AND and NOT work likewise")),
    Example(gettext_lazy("(teachers OR doctors) -Xiamen"), gettext_lazy("brackets join; a minus leaves out")),
    Example(gettext_lazy("Minn*"), gettext_lazy("words in Latin letters and numbers that begin so")),
    Example(gettext_lazy("title:school"), gettext_lazy("only in the title; likewise text: and summary:")),
    Example(gettext_lazy("number:2016"), gettext_lazy("in document numbers, however their brackets are written")),
    Example(gettext_lazy("agent:Fujian place:Minning"), gettext_lazy("a person or body; a place")),
    Example(gettext_lazy("year:1996..2001"), gettext_lazy("a stretch of years; date: takes months and days, too")),
    Example(gettext_lazy("amount:>100000000"), gettext_lazy("amounts in yuan, with units such as 亿元 and 万元")),
    Example(gettext_lazy("kind:policy dimension:funding"), gettext_lazy("terms of the archive; also mechanism:")),
)


def holds(query: str) -> bool:
    """Whether the form can hold a query without losing anything of it."""
    return bool(query) and language.form(query) is not None


def years(query: str) -> tuple[str, str]:
    """The first and the last year of a query that the form can hold; empty where none or no whole year is named."""
    form = language.form(query) if query else None
    dates = (form.date_from, form.date_to) if form is not None else ("", "")
    first, last = (date if date.isascii() and date.isdigit() and len(date) == 4 else "" for date in dates)
    return first, last


def sent(asked: QueryDict) -> AdvancedForm | None:
    """The form that was sent, if one was: it always carries its filters, be they empty."""
    return AdvancedForm(asked) if "filters" in asked else None


def filled(question: Question) -> AdvancedForm:
    """The form filled with a question; empty but for the filters where the query says more than it can hold."""
    form = language.form(question.query)
    return AdvancedForm(initial={**asdict(form or language.Form()), "filters": question.asking("").text})


def with_years(question: Question, first: str, last: str) -> Question:
    """The question with a stretch of years in its query, in place of other dates where it has some; an end may be open.

    Raises:
        InvalidInput: a year is none.
    """
    for year in (first, last):
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            raise InvalidInput(_("“%(year)s” is no year. Write four digits, such as 1996.") % {"year": year[:20]})
    form = language.form(question.query)
    if form is not None:
        return question.asking(language.write(replace(form, date_from=first, date_to=last)))
    stretch = language.write(language.Form(date_from=first, date_to=last))
    return question.asking(f"({question.query}) {stretch}")

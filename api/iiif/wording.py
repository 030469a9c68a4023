"""Texts of the IIIF documents: every one in Chinese and English, as language maps (Presentation 3.0, §4)."""

from collections.abc import Callable, Iterable
from typing import Final

from django.db.models import Field, Model, TextChoices
from django.utils import translation

from archive.models import Record

LanguageMap = dict[str, list[str]]

LANGUAGES: Final = {"zh-Hans": "zh-hans", "en": "en"}
"""Tags of BCP 47 as the documents write them, and the interface's own names of the languages."""


def both(text: Callable[[], str]) -> LanguageMap:
    """A text of the interface in every language; ``text`` is called once in each."""
    found: LanguageMap = {}
    for tag, code in LANGUAGES.items():
        with translation.override(code):
            found[tag] = [str(text())]
    return found


def listed(terms: Iterable[TextChoices]) -> LanguageMap:
    """The words for terms of a vocabulary, in their order."""
    found: LanguageMap = {}
    kept = list(terms)
    for tag, code in LANGUAGES.items():
        with translation.override(code):
            found[tag] = [str(term.label) for term in kept]
    return found


def of_record(record: Record, name: str) -> LanguageMap | None:
    """The title or the summary of a record in the languages that it has; None where it has none."""
    pairs = {"zh-Hans": getattr(record, f"{name}_zh"), "en": getattr(record, f"{name}_en")}
    return {tag: [text] for tag, text in pairs.items() if text} or None


def title(record: Record) -> LanguageMap:
    """The title of a record; every record has one."""
    return of_record(record, "title") or {"none": [record.ark_text]}


def plain(text: object, language: str = "none") -> LanguageMap:
    """A text that is the same in every language, such as a reference code, or one in a language of its own."""
    return {language: [str(text)]}


def entry(label: LanguageMap, value: LanguageMap) -> dict[str, LanguageMap]:
    """A label and what stands beside it."""
    return {"label": label, "value": value}


def fields(row: Model, names: Iterable[str]) -> list[dict[str, LanguageMap]]:
    """The fields of a row that are filled, with their own names as labels; choices by their words."""
    found = []
    for name in names:
        field = row._meta.get_field(name)
        value = getattr(row, name)
        assert isinstance(field, Field)
        if value in (None, ""):
            continue
        words = both(getattr(row, f"get_{name}_display")) if field.choices else plain(value, _language_of(str(value)))
        found.append(entry(both(lambda field=field: _named(field)), words))  # type: ignore[misc]  # bound at once
    return found


def _named(field: "Field[object, object]") -> str:
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _language_of(text: str) -> str:
    """What has a Han character is Chinese; a code or a number is in no language."""
    return "zh-Hans" if any("\u3400" <= character <= "\u9fff" for character in text) else "none"

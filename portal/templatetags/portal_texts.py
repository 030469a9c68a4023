"""How values of the archive are written for readers; none of these asks the database anything."""

from django import template

from archive.models import Record, in_english
from portal import fields, terms

register = template.Library()


@register.filter
def when(record: Record) -> str:
    """The date of a record in the reader's language."""
    return fields.when(record)


@register.filter
def term(word: str) -> str:
    """A word of an open vocabulary in the reader's language, where it is a known one."""
    return terms.shown(word)


@register.filter
def other_title(record: Record) -> str:
    """The title in the language that is not the reader's, where there is one that differs."""
    other = record.title_zh if in_english() else record.title_en
    return other if other != record.title else ""


@register.filter
def other_language(record: Record) -> str:
    """The language tag of ``other_title``."""
    return "zh-Hans" if in_english() else "en"


@register.filter
def title_language(record: Record) -> str:
    """The language tag of the title as shown."""
    return "en" if in_english() and record.title_en else "zh-Hans"

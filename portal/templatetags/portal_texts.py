"""How values of the archive are written for readers; none of these asks the database anything."""

import json

from django import template

from archive.models import Kind, Record, in_english
from portal import fields, terms
from search.finding import Snippet

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


@register.filter
def own_summary(record: Record) -> str:
    """The summary where it says more than the title does."""
    summary = record.summary
    return "" if summary.rstrip("。. ") == record.title.rstrip("。. ") else summary


@register.filter
def snippet_language(snippet: Snippet) -> str:
    """The language tag of words from a record: Chinese where any Han character stands among them."""
    return "zh" if any("\u3400" <= character <= "\u9fff" for text, _hit in snippet for character in text) else "en"


@register.simple_tag
def kind_names() -> str:
    """The kinds of records by their codes as JSON, for the script that shows suggestions."""
    return json.dumps({kind.value: str(kind.label) for kind in Kind}, ensure_ascii=False)

"""The labelled fields of a record, kind by kind, ready to be shown."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive.models import (
    Agent,
    Exchange,
    Funding,
    Indicator,
    Kind,
    Place,
    Project,
    Reader,
    Record,
    Source,
    in_english,
)
from core import amounts, dates
from portal import terms


@dataclass(frozen=True, slots=True)
class Field:
    """A label and what stands beside it; ``note`` explains, ``href`` leads on."""

    label: str
    text: str
    note: str = ""
    href: str = ""


PLAIN: dict[Kind, tuple[str, ...]] = {
    Kind.UNIT: (
        "document_number",
        "document_form",
        "version_state",
        "creator_as_written",
        "extent",
        "page_count",
        "language",
        "retention",
        "administrative_history",
        "archival_history",
        "acquisition",
        "arrangement",
        "prior_publication",
        "rights_statement",
        "originals_location",
        "copies_location",
        "described_by",
        "described_on",
    ),
    Kind.POLICY: (
        "document_number",
        "issuer_as_written",
        "issuing_level",
        "in_force",
        "in_force_from",
        "in_force_until",
    ),
    Kind.EXCHANGE: ("direction", "category", "cohort", "post", "from_as_written", "to_as_written"),
    Kind.FUNDING: ("what_counted", "payer_as_written", "payee_as_written", "purpose", "period"),
    Kind.PROJECT: ("state", "place_as_written", "beneficiaries", "outcome_zh"),
    Kind.VENTURE: ("category", "place_as_written", "figures_zh"),
    Kind.INDICATOR: ("measure_zh", "place_as_written"),
    Kind.WORK: ("category", "maker_as_written", "place_as_written"),
    Kind.MEETING: ("ordinal", "place_as_written", "agreements_zh"),
    Kind.PAIRING: ("pairing_level", "fujian_party_as_written", "ningxia_party_as_written", "basis"),
    Kind.EVENT: ("category", "place_as_written"),
    Kind.DISPUTE: (),
    Kind.AGENT: ("type", "category", "history_zh"),
    Kind.PLACE: ("type", "code"),
    Kind.SOURCE: ("carrier", "category", "publisher", "issued", "accessed_on"),
}
"""The fields of the detail that are shown as they are, in this order; empty ones are left out."""

HAN = re.compile(r"[\u4e00-\u9fff]")

OPEN_VOCABULARIES = frozenset({"category", "issuing_level", "in_force", "state", "pairing_level", "type"})
"""Fields whose words are translated where they are known."""


def of(record: Record, reader: Reader) -> list[Field]:
    """The fields of the record's own kind that hold something, in the order an archivist expects them."""
    detail = record.detail
    extra = SPECIAL.get(Kind(record.kind))
    found = list(extra(detail, reader)) if extra else []
    return found + [field for name in PLAIN[Kind(record.kind)] if (field := _plain(detail, name)) is not None]


def date_of(record: Record) -> list[Field]:
    """When: for reading, then the words of the source, the machine-readable form and how the date is known."""
    text = when(record)
    if not text:
        return []
    written = record.date_expression
    notes = (
        _("as written: %(words)s") % {"words": written} if written not in ("", text) else "",
        f"EDTF {record.date_edtf}" if record.date_edtf else "",
        str(record.get_date_basis_display()),
    )
    return [Field(_("Date"), text, " · ".join(note for note in notes if note))]


def when(record: Record) -> str:
    """The date in the reader's language: Chinese as the source writes it, codes and English spelt out."""
    written = record.date_expression
    if not record.date_edtf or (written and not in_english() and HAN.search(written)):
        return written
    return dates.display(dates.from_edtf(record.date_edtf, written), get_language() or "zh-hans")


def day(value: dt.date) -> str:
    """A day in the reader's language."""
    return date_format(value, "Y年n月j日" if (get_language() or "").startswith("zh") else "j F Y")


def _plain(detail: models.Model, name: str) -> Field | None:
    field = detail._meta.get_field(name)
    assert isinstance(field, models.Field)
    value = _in_language(detail, name)
    if value in (None, ""):
        return None
    return Field(_label(field), _text(detail, name, value))


def _label(field: "models.Field[object, object]") -> str:
    """The field's own name; the first letter is capital, as in a form."""
    name = str(field.verbose_name)
    return name[:1].upper() + name[1:]


def _in_language(detail: models.Model, name: str) -> object:
    """The value; of a pair in two languages the reader's, or the Chinese where there is no other."""
    if name.endswith("_zh") and in_english():
        return getattr(detail, f"{name[:-3]}_en") or getattr(detail, name)
    return getattr(detail, name)


def _text(detail: models.Model, name: str, value: object) -> str:
    display = getattr(detail, f"get_{name}_display", None)
    if callable(display):
        return str(display())
    if isinstance(value, dt.date):
        return day(value)
    return terms.shown(str(value)) if name in OPEN_VOCABULARIES else str(value)


def _figure(value: Decimal) -> str:
    """A number without trailing zeros, thousands set apart."""
    whole = value == value.to_integral_value()
    return f"{value.quantize(Decimal(1)) if whole else value.normalize():,f}"


def _yuan(value: Decimal) -> str:
    return _("%(sum)s (exactly %(yuan)s yuan)") % {
        "sum": amounts.display(value, get_language() or "zh-hans"),
        "yuan": _figure(value),
    }


def _funding(detail: models.Model, reader: Reader) -> Iterator[Field]:
    assert isinstance(detail, Funding)
    if detail.amount_as_stated:
        yield Field(_("Amount as stated"), detail.amount_as_stated)
    if detail.amount is not None:
        yield Field(_("Amount in yuan"), _yuan(detail.amount))


def _project(detail: models.Model, reader: Reader) -> Iterator[Field]:
    assert isinstance(detail, Project)
    if detail.investment_as_stated:
        yield Field(_("Investment as stated"), detail.investment_as_stated)
    if detail.investment is not None:
        yield Field(_("Investment in yuan"), _yuan(detail.investment))


def _exchange(detail: models.Model, reader: Reader) -> Iterator[Field]:
    assert isinstance(detail, Exchange)
    if detail.head_count is not None:
        yield Field(_("Number of people"), f"{_figure(detail.head_count)} {detail.count_unit}".strip())


def _indicator(detail: models.Model, reader: Reader) -> Iterator[Field]:
    assert isinstance(detail, Indicator)
    if detail.value_as_stated:
        note = f"{_figure(detail.value)} {detail.unit}".strip() if detail.value is not None else ""
        yield Field(_("Value as stated"), detail.value_as_stated, note if note != detail.value_as_stated else "")
    elif detail.value is not None:
        yield Field(_("Value"), f"{_figure(detail.value)} {detail.unit}".strip())


def _agent(detail: models.Model, reader: Reader) -> Iterator[Field]:
    assert isinstance(detail, Agent)
    yield from _names(detail.record)


def _place(detail: models.Model, reader: Reader) -> Iterator[Field]:
    assert isinstance(detail, Place)
    yield from _names(detail.record)
    above = detail.part_of
    if above is not None and above.record.is_visible_to(reader):
        yield Field(_("Part of"), above.record.title, href=above.record.get_absolute_url())
    if detail.latitude is not None:
        text = f"{detail.latitude.normalize():f}°N, {detail.longitude.normalize() if detail.longitude else 0:f}°E"
        yield Field(_("Coordinates (WGS-84)"), text, detail.coordinates_note)


def _names(record: Record) -> Iterator[Field]:
    for form in record.names.all():
        if form.text not in (record.title_zh, record.title_en):
            used = "–".join((form.used_from, form.used_until)).strip("–")
            yield Field(str(form.get_type_display()), form.text, used)


def _source(detail: models.Model, reader: Reader) -> Iterator[Field]:
    assert isinstance(detail, Source)
    if detail.url:
        yield Field(_("Address"), detail.url, href=detail.url)


SPECIAL: dict[Kind, Callable[[models.Model, Reader], Iterator[Field]]] = {
    Kind.FUNDING: _funding,
    Kind.PROJECT: _project,
    Kind.EXCHANGE: _exchange,
    Kind.INDICATOR: _indicator,
    Kind.AGENT: _agent,
    Kind.PLACE: _place,
    Kind.SOURCE: _source,
}
"""What needs more than a label: sums with their words, names over time, places within places."""

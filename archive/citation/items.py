"""Make the CSL-JSON item of a record, for a reader.

A unit of the catalogue is cited as an archival document by its reference code, a source as the published work that it
is, everything else as an entry of the archive. Agents are named only where the reader may see them; names that the
description itself carries (the creator as written) stand on the record's page too and are used as they are.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils import timezone

from archive.citation.csl_json import ONLINE, Date, Item, date
from archive.models import Kind, Level, Participation, Reader, Record, Source
from archive.models.records import visible
from core import dates
from core.errors import InvalidInput

ARCHIVE: Final = "闽宁协作数字档案"
"""What holds the documents and publishes the entries. GB/T 7714 cites a Chinese holder by its Chinese name."""

RESPONSIBLE: Final = (Participation.Role.CREATOR, Participation.Role.ISSUER, Participation.Role.AUTHOR)
"""Parts in a document that make an agent responsible for it (责任者)."""

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_TYPES: Final[Mapping[str, str]] = {
    "EB": "webpage",
    "N": "article-newspaper",
    "M": "book",
    "J": "article-journal",
    "DS": "dataset",
}


def of(records: Sequence[Record], reader: Reader, *, accessed: dt.date | None = None) -> list[Item]:
    """The items of records, in their order; at most three queries."""
    units = [record for record in records if record.kind == Kind.UNIT]
    prefetch_related_objects(units, "unit")
    prefetch_related_objects([record for record in records if record.kind == Kind.SOURCE], "source")
    makers = _makers([record.pk for record in units if not record.unit.creator_as_written], reader)
    today = _day(accessed or timezone.localdate())
    found = []
    for record in records:
        if record.kind == Kind.UNIT:
            found.append(_of_unit(record, makers.get(record.pk, []), today))
        elif record.kind == Kind.SOURCE:
            found.append(_complete(of_source(record.source, _address(record), today), record))
        else:
            found.append(_of_entry(record, today))
    return found


def of_source(source: Source, otherwise: str = "", today: Date | None = None) -> Item:
    """The item of a published work; ``otherwise`` and ``today`` are the address and the day where it has none.

    The date is the one of the record, else the wording of the source where it can be read as a date, else the wording.
    """
    record = source.record
    mark, _slash, carrier = source.carrier.partition("/")
    item: Item = {"id": record.ark, "type": _TYPES[mark], "title": record.title_zh}
    if source.publisher.strip():
        is_part = mark in {"N", "J", "EB"}
        item["container-title" if is_part else "publisher"] = source.publisher.strip()
    if carrier:
        item["medium"] = ONLINE
    issued = date(record.date_edtf or _edtf(source.issued), source.issued)
    if issued:
        item["issued"] = issued
    if source.url or otherwise:
        item["URL"] = source.url or otherwise
    accessed = _day(source.accessed_on) if source.accessed_on else today if not source.url else None
    if accessed:
        item["accessed"] = accessed
    return item


def _of_unit(record: Record, makers: Sequence[str], today: Date) -> Item:
    """An archival document or, above the level of the item, a collection of such."""
    unit = record.unit
    item: Item = {
        "id": record.ark,
        "type": "manuscript" if unit.level == Level.ITEM else "collection",
        "title": record.title_zh,
        "archive": ARCHIVE,
        "archive_location": unit.reference_code,
        "medium": ONLINE,
        "URL": _address(record),
        "accessed": today,
    }
    names = [unit.creator_as_written] if unit.creator_as_written else makers
    if names:
        item["author"] = [{"literal": name} for name in names]
    if unit.document_number:
        item["number"] = unit.document_number
    issued = date(record.date_edtf, record.date_expression)
    if issued:
        item["issued"] = issued
    if unit.language:
        item["language"] = unit.language.replace("zh-Hans", "zh-CN").replace("zh-Hant", "zh-TW")
    return _complete(item, record)


def _of_entry(record: Record, today: Date) -> Item:
    """An entry of the register or of an authority file: issued when it was changed last, whatever time it tells of."""
    item: Item = {
        "id": record.ark,
        "type": "entry",
        "title": record.title_zh,
        "container-title": ARCHIVE,
        "medium": ONLINE,
        "issued": _day(timezone.localtime(record.changed_at).date()),
        "URL": _address(record),
        "accessed": today,
    }
    told = date(record.date_edtf, record.date_expression)
    if told:
        item["event-date"] = told
    return _complete(item, record)


def _complete(item: Item, record: Record) -> Item:
    """What every item of a record carries."""
    if "language" not in item and _HAN.search(record.title_zh):
        item["language"] = "zh-CN"
    if record.summary_zh:
        item["abstract"] = record.summary_zh
    item["source"] = ARCHIVE
    item["custom"] = {"ark": record.ark_text}
    if record.title_en:
        item["custom"]["title-en"] = record.title_en
    return item


def _makers(keys: Sequence[int], reader: Reader) -> dict[int, list[str]]:
    """Who is responsible for each record, of those whom the reader may see, as the document names them."""
    found: dict[int, list[str]] = defaultdict(list)
    if not keys:
        return found
    rows = Participation.objects.filter(visible(reader, through="agent__"), record__in=keys, role__in=RESPONSIBLE)
    for key, as_written, title in rows.order_by("pk").values_list("record", "name_as_written", "agent__title_zh"):
        name = as_written or title
        if name not in found[key]:
            found[key].append(name)
    return found


def _address(record: Record) -> str:
    return f"{settings.ARCHIVE_PUBLIC_URL}{record.get_absolute_url()}"


def _day(day: dt.date) -> Date:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _edtf(written: str) -> str:
    try:
        return dates.parse(written).edtf if written else ""
    except InvalidInput:
        return ""

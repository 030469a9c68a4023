"""The one question that every tile asks, whether the public may see a page, put to the database without being built.

Building a query of the ORM takes longer than everything else that a copied tile needs. So the query of
`api.iiif.finding.pages` for the public is compiled once a day (its rule on closures holds the day) and asked again and
again with another key. The rule itself stays where it is.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from api.iiif import finding
from media.models import DigitalObject, Page

_COLUMNS: Final = ("id", "number", "frame", "width", "height", "derived_at", "is_masked", "redrawn_at")
_PLACE: Final = 1 << 62
"""Stands for the key in the compiled query; no row has it."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    parameters: tuple[Any, ...]  # Any: what the database takes
    compiler: SQLCompiler
    converters: Any  # Any: the ORM's own, by column


def public_page(key: int) -> Page | None:
    """A page whose image the public may see, with the digest of its file; None where there is none (one query)."""
    compiled = _compiled(DEFAULT_DB_ALIAS, timezone.localdate())
    parameters = tuple(key if value == _PLACE else value for value in compiled.parameters)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(compiled.sql, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    *values, digest = next(iter(compiled.compiler.apply_converters([list(row)], compiled.converters)))
    assert isinstance(digest, str)
    page = Page.from_db(DEFAULT_DB_ALIAS, _COLUMNS, values)
    page.digital_object = DigitalObject(sha512=digest)
    return page


@lru_cache(maxsize=2)
def _compiled(alias: str, _day: dt.date) -> _Compiled:
    rows = finding.pages(AnonymousUser()).filter(pk=_PLACE).values_list(*_COLUMNS, "digital_object__sha512")
    compiler = rows.query.get_compiler(using=alias)
    sql, parameters = compiler.as_sql()
    converters = compiler.get_converters(column for column, _sql, _name in compiler.select)
    return _Compiled(sql, tuple(parameters), compiler, converters)

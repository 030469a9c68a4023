"""A large archive from a seeded generator: the same in every run; built once for a size and kept between runs.

What is kept lies under ``ARCHIVE_HOME/bench``, named by its size and by a digest of what makes it: the generator and
the shape of the database. A measurement works on a copy.
"""

import hashlib
import multiprocessing
import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction

from bench.apparatus import language, rows
from bench.apparatus.home import HOME, PROJECT
from bench.apparatus.rows import ALIKE, GIVEN, Plan, Rows, Value
from media.lines import from_json, join
from media.models import PageText

FILE: Final = "archive.sqlite3"
_AHEAD: Final = 3
"""Stretches made before they are asked for, a process."""

_WHILE_BUILDING: Final = (
    *("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF"),
    *("PRAGMA cache_size=-400000", "PRAGMA locking_mode=EXCLUSIVE"),
)


def take(records: int, pages: int) -> None:
    """Put the archive of this size into the empty database of the measurement's home; builds it where it is not kept.

    Raises:
        ValueError: there are too few records for so many pages.
    """
    kept = _kept(records, pages) / FILE
    if not kept.exists():
        build(records, pages)
        connection.close()
        kept.parent.mkdir(parents=True, exist_ok=True)
        staged = kept.with_suffix(".part")
        shutil.copyfile(HOME / FILE, staged)
        staged.replace(kept)
    else:
        connection.close()
        shutil.copyfile(kept, HOME / FILE)


def forget(records: int, pages: int) -> None:
    """Remove what is kept of this size."""
    shutil.rmtree(_kept(records, pages), ignore_errors=True)


def build(records: int, pages: int) -> None:
    """Fill the home's database, which must be empty or not there: so many records in all, and so many pages.

    Raises:
        ValueError: there are too few records for so many pages.
    """
    plan = Plan(records, pages)
    if plan.facts < 0:
        raise ValueError(f"{records} records are too few: {plan.fonds + plan.items} are needed for {pages} pages.")
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for pragma in _WHILE_BUILDING:
            cursor.execute(pragma)
    for made in _made(plan):
        _insert(made)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA locking_mode=NORMAL")
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA journal_mode=WAL")
    _check()
    connection.close()


def _kept(records: int, pages: int) -> Path:
    content = hashlib.sha256()
    sources = [Path(module.__file__ or "") for module in (language, rows)]
    for path in [*sources, *sorted(PROJECT.glob("*/migrations/*.py"))]:
        content.update(path.read_bytes())
    return HOME.parent / f"corpus-{records}-{pages}-{content.hexdigest()[:12]}"


def _made(plan: Plan) -> Iterator[Rows]:
    """The rows of every stretch, in order, made by several processes where there are several cores."""
    stretches = iter(plan.stretches())
    processes = settings.ARCHIVE_WORKER_PROCESSES
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        ahead = deque(pool.submit(rows.make, plan, one) for one in islice(stretches, _AHEAD * processes))
        while ahead:
            yield ahead.popleft().result()
            ahead.extend(pool.submit(rows.make, plan, one) for one in islice(stretches, 1))


def _insert(made: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for model, columns in GIVEN.items():
            if found := made.get(model.__name__):
                rest = _rest(model, columns)
                names = ", ".join(connection.ops.quote_name(name) for name in (*columns, *rest))
                places = ", ".join(["%s"] * (len(columns) + len(rest)))
                table = connection.ops.quote_name(model._meta.db_table)
                alike = tuple(rest.values())
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", [row + alike for row in found])


def _rest(model: type[models.Model], given: Sequence[str]) -> dict[str, Value]:
    """The other columns of a table with their values; an automatic key is left to the database."""
    rest: dict[str, Value] = {}
    for field in model._meta.concrete_fields:
        if (column := field.column) and column not in given and not isinstance(field, models.AutoField):
            rest[column] = field.get_db_prep_save(field.get_default(), connection)
    return {**rest, **ALIKE.get(model, {})}


def _check() -> None:
    """See that a page was stored as the platform would have stored it."""
    page = PageText.objects.order_by("pk").first()
    if page is not None and join(from_json(page.lines)) != page.text:
        raise RuntimeError("The generated lines of a page are not its text.")

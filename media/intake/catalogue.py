"""What the catalogue and the storage know of a delivery, in a bounded number of questions, however large it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from django.db.models import Q

from archive.models import Level, Unit
from media.intake import names
from media.models import DigitalObject

AT_ONCE = 500
"""Values in one question."""

T = TypeVar("T")
_EXTENT = re.compile(r"(?P<pages>[0-9]+)\s*(?:页|pages?\b|pp?\.)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What a match needs of a unit; ``pages`` is its extent where the catalogue says one (页数)."""

    pk: int
    code: str
    key: str
    path: str
    pages: int | None

    def is_under(self, other: "UnitRow") -> bool:
        """Whether this is the other unit or belongs to it."""
        return self.path.startswith(other.path)


@dataclass(slots=True)
class Kept:
    """What a unit holds already: files, pages, and page numbers by the name of the file that says so."""

    files: int = 0
    pages: int = 0
    numbers: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A kept file of a certain size."""

    pk: int
    sha512: str
    unit_id: int
    unit_code: str


def units_by_code(codes: Iterable[str], repository: str = "000000") -> dict[str, UnitRow]:
    """The units with these normalised codes, by code."""
    rows = Unit.objects.filter(repository_code=repository)
    return {
        row.key: row for some in in_parts(dict.fromkeys(codes)) for row in _rows(rows.filter(reference_key__in=some))
    }


def row_of(unit: Unit) -> UnitRow:
    """What a match needs of this unit."""
    return next(_rows(Unit.objects.filter(pk=unit.pk)))


def expected_under(unit: UnitRow) -> list[UnitRow]:
    """The units below (or the unit itself) to which scans belong: those that contain no other unit, in their order."""
    lowest = Q(numchild=0) | Q(level=Level.ITEM)
    return list(_rows(Unit.objects.filter(lowest, path__startswith=unit.path).order_by("reference_sort", "pk")))


def kept_in(units: Iterable[int]) -> dict[int, Kept]:
    """What these units hold already."""
    kept: dict[int, Kept] = {}
    for some in in_parts(dict.fromkeys(units)):
        rows = DigitalObject.objects.filter(unit__in=some).values_list("unit_id", "original_name", "page_count")
        for unit_id, name, pages in rows.iterator():
            each = kept.setdefault(unit_id, Kept())
            each.files += 1
            each.pages += pages
            number = page_in(names.read(name))
            if number is not None and pages == 1:
                each.numbers[number] = name
    return kept


def known_by_size(sizes: Iterable[int]) -> dict[int, list[KnownFile]]:
    """The kept files that have one of these sizes, by size: only their digests need be compared."""
    known: dict[int, list[KnownFile]] = {}
    for some in in_parts(dict.fromkeys(sizes)):
        rows = DigitalObject.objects.filter(size__in=some)
        for size, pk, sha512, unit_id, code in rows.values_list(
            "size", "pk", "sha512", "unit_id", "unit__reference_code"
        ):
            known.setdefault(size, []).append(KnownFile(pk, sha512, unit_id, code))
    return known


def page_in(name: names.ScanName) -> int | None:
    """The page that a name says within its unit."""
    return name.page if name.page is not None else name.number


def _rows(units: "Iterable[Unit]") -> Iterator[UnitRow]:
    found = units.values_list("pk", "reference_code", "reference_key", "path", "page_count", "extent")  # type: ignore[attr-defined]  # treebeard is published without types
    for pk, code, key, path, pages, extent in found.iterator():
        said = _EXTENT.search(extent)
        yield UnitRow(pk, code, key, path, pages or (int(said["pages"]) if said else None))


def in_parts(values: Iterable[T]) -> Iterator[Sequence[T]]:
    """The values in parts of a size that one question can hold."""
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some

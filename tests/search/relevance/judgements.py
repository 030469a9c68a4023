"""Read the relevance set: queries by class, each with the records that answer it and how well."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from archive.models import Record

HERE: Final = Path(__file__).resolve().parent

Class = Literal["known_items", "topics", "fielded", "forgiving"]

CLASSES: Final[tuple[Class, ...]] = ("known_items", "topics", "fielded", "forgiving")
"""Each is a file beside this one."""

GRADES: Final = (3, 2, 1)
"""3: this is it; 2: a good part of it, or closely about it; 1: touches it. What is not named is 0."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, what is wanted by it, and the grade of every record that answers it, by the record's name."""

    id: str
    class_: Class
    q: str
    want: str
    grades: Mapping[str, int]


def read() -> list[Query]:
    """All queries, class by class, in the order of the files.

    Raises:
        ValueError: an entry has a field that is not known, lacks one, or names a record twice.
    """
    return [query for class_ in CLASSES for query in _read(class_)]


def name_of(record: Record) -> str:
    """How the judgements name a record: its own id in the sample, else its kind and title."""
    return record.local_id or f"{record.kind}/{record.title_zh}"


def _read(class_: Class) -> list[Query]:
    found = tomllib.loads((HERE / f"{class_}.toml").read_text(encoding="utf-8"))
    return [_query(class_, entry) for entry in found["query"]]


def _query(class_: Class, entry: Mapping[str, object]) -> Query:
    fields = {"id", "q", "want", *(f"grade_{grade}" for grade in GRADES)}
    if unknown := entry.keys() - fields:
        raise ValueError(f"{entry.get('id')} in {class_}.toml: there is no field {', '.join(sorted(unknown))}.")
    if missing := {"id", "q", "want"} - entry.keys():
        raise ValueError(f"{entry.get('id')} in {class_}.toml lacks {', '.join(sorted(missing))}.")
    grades: dict[str, int] = {}
    for grade in GRADES:
        names = entry.get(f"grade_{grade}", [])
        if not isinstance(names, list):
            raise ValueError(f"{entry['id']} in {class_}.toml: grade_{grade} is a list of records.")
        for name in map(str, names):
            if name in grades:
                raise ValueError(f"{entry['id']} in {class_}.toml names {name} twice.")
            grades[name] = grade
    return Query(str(entry["id"]), class_, str(entry["q"]), str(entry["want"]), grades)

"""What others do with the same records: Elasticsearch's stock analyzers, and SQLite's trigram index.

All get the same four fields, made of the same public passages and page texts that our own index is made of; line
breaks of the pages are taken out for them, because they stand inside words. Ranking is each one's BM25.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from elasticsearch import BadRequestError, Elasticsearch, helpers

from archive.models import Record
from search import document, loading
from tests.search.relevance import judgements

FIELDS: Final = ("title", "names", "description", "text")
TITLE_WEIGHT: Final = 3

_AREAS: Final = {"title": "title", "names": "names", "numbers": "names"}
_NEGATED: Final = re.compile(r"(?:\bNOT|非)\s+\S+")
_OPERATOR: Final = re.compile(r"(?<!\S)(?:AND|OR|与|或)(?!\S)")
_RANGE: Final = re.compile(r"(?:年|金额):(\S+)")
_FIELD: Final = re.compile(r"(?<![^\s(])[^\s:(]+:(?=\S)")

Fields = dict[str, str]


class Baseline(Protocol):
    """Something that ranks the records for a query, by their names."""

    def find(self, q: str, size: int) -> list[str]:
        """The names of the first ``size`` records."""
        ...


def records() -> dict[str, Fields]:
    """Every record's four fields, by its name."""
    found: dict[str, Fields] = {}
    for loaded in loading.load(Record.objects.order_by("pk")):
        parts: dict[str, list[str]] = {field: [] for field in FIELDS}
        for passage in document.passages(loaded):
            if passage.is_public:
                parts[_AREAS.get(passage.name, "description")].append(passage.text)
        parts["text"] = [text.replace("\n", "") for text in loaded.texts]
        found[judgements.name_of(loaded.record)] = {field: " ".join(dict.fromkeys(own)) for field, own in parts.items()}
    return found


def plain(q: str) -> str:
    """A query of our language without what is ours alone.

    Names of fields, operators and what is negated go, and so do ranges, which no words stand for, unless nothing else
    would be left; words, phrases and the values of all other fields stay.
    """
    q = _OPERATOR.sub(" ", _NEGATED.sub(" ", q))
    words = _FIELD.sub("", _RANGE.sub(" ", q))
    words = words.translate(str.maketrans("()*", "   ")).strip()
    return words or _RANGE.sub(r"\1", q)


class StockAnalyzer:
    """Elasticsearch with one of its own analyzers and a ``multi_match`` of best fields, all else as it comes.

    Raises:
        RuntimeError: the node does not have the analyzer.
    """

    def __init__(self, client: Elasticsearch, index: str, found: Mapping[str, Fields], *, analyzer: str) -> None:
        self._client, self._index, self.title_weight = client, index, 1
        properties = {field: {"type": "text", "analyzer": analyzer} for field in FIELDS}
        try:
            client.indices.create(index=index, mappings={"properties": properties}, settings={"number_of_replicas": 0})
        except BadRequestError as fault:
            raise RuntimeError(
                f"The Elasticsearch node does not take the analyzer {analyzer}. Name one with the stock language "
                f"analyzers (the module analysis-common) in SEARCH_BENCH_URL. It answered: {fault}"
            ) from fault
        actions = ({"_index": index, "_id": name, "_source": own} for name, own in found.items())
        helpers.bulk(client, actions, refresh=True)

    def find(self, q: str, size: int) -> list[str]:
        """The names of the first ``size`` records."""
        fields = [f"title^{self.title_weight}", *FIELDS[1:]]
        query = {"multi_match": {"query": q, "fields": fields, "type": "best_fields"}}
        answer = self._client.search(index=self._index, query=query, size=size, source=False)
        return [hit["_id"] for hit in answer["hits"]["hits"]]


class Trigram:
    """SQLite FTS5 with the trigram tokenizer: every word of the query as a string that must occur.

    Words of fewer than three characters find nothing: that is what this tokenizer does.
    """

    def __init__(self, found: Mapping[str, Fields]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            f"CREATE VIRTUAL TABLE record USING fts5(name UNINDEXED, {', '.join(FIELDS)}, tokenize='trigram')"
        )
        rows = ((name, *(own[field] for field in FIELDS)) for name, own in found.items())
        self._database.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?)", rows)

    def find(self, q: str, size: int) -> list[str]:
        """The names of the first ``size`` records, the title weighted."""
        match = " ".join(f'"{word}"' for word in words(q))
        if not match:
            return []
        rows = self._database.execute(
            f"SELECT name FROM record WHERE record MATCH ? ORDER BY bm25(record, 0, {TITLE_WEIGHT}, 1, 1, 1) LIMIT ?",
            (match, size),
        )
        return [name for (name,) in rows]


def words(q: str) -> Sequence[str]:
    """The words of a query as FTS5 is given them: cut at blanks, without the quotation marks of its own syntax."""
    return [word for word in (one.replace('"', "") for one in q.split()) if word]

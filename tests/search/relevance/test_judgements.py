"""The set is sound: large enough, every record it names exists, every query has an answer."""

from collections import Counter

import pytest

from archive.models import Record
from sample import loading
from tests.search.relevance import judgements
from tests.search.relevance.judgements import CLASSES, Query

LEAST = {"known_items": 60, "topics": 60, "fielded": 10, "forgiving": 10}


@pytest.fixture(scope="module")
def queries() -> list[Query]:
    """The whole set."""
    return judgements.read()


def test_every_class_has_enough_queries(queries: list[Query]) -> None:
    counts = Counter(query.class_ for query in queries)

    assert {class_: counts[class_] >= LEAST[class_] for class_ in CLASSES} == dict.fromkeys(CLASSES, True)
    assert len(queries) >= 140


def test_no_query_is_asked_twice(queries: list[Query]) -> None:
    assert [name for name, count in Counter(query.id for query in queries).items() if count > 1] == []
    assert [q for q, count in Counter((query.class_, query.q) for query in queries).items() if count > 1] == []


def test_every_query_says_what_is_wanted_and_has_an_answer(queries: list[Query]) -> None:
    assert [query.id for query in queries if not query.q.strip() or not query.want.strip()] == []
    assert [query.id for query in queries if 3 not in query.grades.values()] == []


def test_a_known_item_has_few_right_answers(queries: list[Query]) -> None:
    several = [query.id for query in queries if query.class_ == "known_items"]
    right = {query.id: list(query.grades.values()).count(3) for query in queries}

    assert [name for name in several if right[name] > 4] == []


@pytest.mark.django_db
def test_every_judged_record_is_in_the_sample(queries: list[Query]) -> None:
    loading.load()
    held = Counter(map(judgements.name_of, Record.objects.all()))

    named = {name for query in queries for name in query.grades}

    assert sorted(named - held.keys()) == []
    assert sorted(name for name in named if held[name] > 1) == []

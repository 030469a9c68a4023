"""Every engine finds exactly what a plain comparison of texts finds: thousands of documents, hundreds of queries."""

import random
import unicodedata
from collections.abc import Sequence

import opencc
import pytest

from core import text
from search import analysis, language, planning, query, snippets
from search.backends.base import OFFSET_LIMIT, Document, Engine, Order, Reader
from search.criteria import AllOf, AnyOf, Anything, Between, Criteria, Nothing, OneOf, Prefix, Row, Worth
from search.schema import Index

DOCUMENTS = 3_000
QUERIES = 400

CHARACTERS = "闽宁协作福建夏对口扶贫帮镇移民西海固产业一二三人年"
LATIN = ("1996", "1998", "30", "3", "gdp", "min", "ning", "A4", "ａ４", "１９９８", "㎡", "①")
JOINTS = (
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    " ",
    "\n",
    "，",
    "。",
    "、",
    "\n\n",
    "“",
    "”",
    "—",
    "\u200b",
    "　",
    "〔",
    "〕",
    "·",
    ", ",
)
TRADITIONAL = opencc.OpenCC("s2t")


def _random_text(chance: random.Random, length: int) -> str:
    pieces = []
    for _number in range(length):
        piece = chance.choice(LATIN) if chance.random() < 0.08 else chance.choice(CHARACTERS)
        pieces.append(piece + chance.choice(JOINTS))
    made = "".join(pieces)
    return TRADITIONAL.convert(made) if chance.random() < 0.2 else made


def _plain_tokens(original: str) -> list[str]:
    """Tokens by the rule in words, character by character; shares nothing with the analysis but the folding."""
    tokens: list[str] = []
    run, gap = "", ""
    for character in text.fold(original).text + " ":
        is_word = unicodedata.category(character)[0] in "LN"
        if run and (not is_word or text.is_han(character)):
            tokens.append(run)
            run = ""
        if not is_word:
            gap += character
            continue
        gap = gap.translate(dict.fromkeys(map(ord, analysis.QUOTING), " "))
        if tokens and (gap.strip() or "\n\n" in gap.replace(" ", "")):
            tokens.append("|")
        gap = ""
        if text.is_han(character):
            tokens.append(character)
        else:
            run += character
    return tokens


def _row(tokens: Sequence[str]) -> str:
    while tokens and tokens[0] == "|":
        tokens = tokens[1:]
    while tokens and tokens[-1] == "|":
        tokens = tokens[:-1]
    return "/" + "/".join(tokens) + "/"


def _random_query(chance: random.Random, texts: Sequence[str]) -> list[str]:
    """One or two words: pieces of documents, some changed in a way that must not matter, some in one that must."""
    words = []
    for _number in range(chance.choice((1, 1, 1, 2))):
        source = chance.choice(texts)
        start = chance.randrange(len(source))
        word = " ".join(source[start : start + chance.randint(1, 8)].replace("\n", " ").split())
        change = chance.random()
        if change < 0.15:
            word = TRADITIONAL.convert(word)
        elif change < 0.3:
            word = unicodedata.normalize("NFKC", word).translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789gdp"})
        elif change < 0.4:
            word += chance.choice(CHARACTERS)
        if not set(word) & set("“”"):
            words.append(word)
    return words


@pytest.fixture
def texts() -> dict[int, str]:
    chance = random.Random(1996)
    return {key: _random_text(chance, chance.randint(5, 60)) for key in range(1, DOCUMENTS + 1)}


def _index(engine: Engine, texts: dict[int, str]) -> None:
    generation = engine.create()
    with engine.writer(generation) as writer:
        writer.put(_document(key, original) for key, original in texts.items())
        writer.commit()
    engine.switch(generation)


def _document(key: int, original: str) -> Document:
    levelled = analysis.level(original)
    return Document(
        Index.PAGES,
        key,
        {
            "page": [key],
            "record": [key % 7],
            "number": [1],
            "digest": [0],
            "public_scope": [4],
            "closed_until": [1],
            "u": [" ".join(analysis.unigrams(levelled))],
            "b": [" ".join(analysis.bigrams(levelled))],
        },
    )


def _found(engine: Engine, criteria: Criteria) -> set[int]:
    reader = engine.reader()
    assert reader is not None
    found = reader.search(Index.PAGES, criteria, size=DOCUMENTS)
    assert found.count == len(found.keys)
    return set(found.keys)


def test_hits_are_exactly_those_of_a_plain_comparison(engine: Engine, texts: dict[int, str]) -> None:
    _index(engine, texts)
    rows = {key: _row(_plain_tokens(original)) for key, original in texts.items()}
    chance = random.Random(2026)
    hits = 0

    for _number in range(QUERIES):
        words = _random_query(chance, list(texts.values()))
        tree = language.read(" ".join(f'"{word}"' for word in words)).tree
        wanted = [row for row in (_row(_plain_tokens(word)) for word in words) if row != "//"]
        expected = {key for key, row in rows.items() if wanted and all(one in row for one in wanted)}
        filtered = AllOf(parts=[planning.pages(tree, every=True)], filters=[OneOf("record", (1, 2))])

        assert _found(engine, planning.pages(tree, every=True)) == expected, words
        assert _found(engine, filtered) == {key for key in expected if key % 7 in {1, 2}}, words
        hits += len(expected)

    assert hits > QUERIES


def test_the_matcher_of_snippets_finds_what_the_index_finds(texts: dict[int, str]) -> None:
    rows = {key: _row(_plain_tokens(original)) for key, original in list(texts.items())[:500]}
    chance = random.Random(7)

    for _number in range(100):
        (word, *_rest) = _random_query(chance, list(texts.values())) or ["闽宁"]
        tree = language.read(f'"{word}"').tree
        wanted = _row(_plain_tokens(word))
        matcher = snippets.matcher(tree)
        if not query.phrases(tree):
            continue

        assert {key for key in rows if matcher.spans(texts[key])} == {k for k, row in rows.items() if wanted in row}, (
            word
        )


def test_documents_are_replaced_and_removed(engine: Engine) -> None:
    _index(engine, {1: "闽宁", 2: "闽宁", 3: "闽宁"})
    tree = language.read("闽宁").tree

    with engine.writer(engine.current()) as writer:
        writer.put([_document(1, "福建")])
        writer.remove(Index.PAGES, "page", [2])
        writer.commit()

    assert _found(engine, planning.pages(tree, every=True)) == {3}


def test_what_was_not_committed_does_not_show(engine: Engine) -> None:
    _index(engine, {1: "闽宁"})

    with engine.writer(engine.current()) as writer:
        writer.put([_document(2, "闽宁")])

    reader = engine.reader()
    assert reader is not None
    assert reader.count(Index.PAGES) == 1


def test_entries_come_by_key_with_their_digests(engine: Engine) -> None:
    _index(engine, {key: "闽宁" for key in (5, 1, 9, 3)})
    reader = engine.reader()
    assert reader is not None

    assert [entry.key for entry in reader.entries(Index.PAGES, after=1, size=2)] == [3, 5]
    assert reader.entries(Index.PAGES, after=9, size=2) == []


KINDS = ("policy", "event", "meeting")


@pytest.fixture
def facts(engine: Engine) -> Reader:
    """Thirty records: the text counts up, kinds and years go round."""
    generation = engine.create()
    with engine.writer(generation) as writer:
        writer.put([_fact(key) for key in range(1, 31)], fresh=True)
        writer.commit()
    engine.switch(generation)
    reader = engine.reader()
    assert reader is not None
    return reader


def _fact(key: int) -> Document:
    return Document(
        Index.RECORDS,
        key,
        {
            "record": [key],
            "digest": [2**62 + key],
            "public_scope": [4],
            "closed_until": [1],
            "u": [f"闽 宁 n{key} 协 作" if key % 2 else f"闽 n{key} 宁"],
            "title_key": [f"title {key}"],
            "beginning": [f"m mn n{key}"],
            "kind": [KINDS[key % 3]],
            "year": [1996 + key % 5, 2020],
            "weight": [key // 10],
        },
    )


def _keys(reader: Reader, criteria: Criteria) -> list[int]:
    found = reader.search(Index.RECORDS, criteria, size=100)
    assert found.count == len(found.keys) == reader.count(Index.RECORDS, criteria)
    return sorted(found.keys)


ALL = list(range(1, 31))
ODD = [key for key in ALL if key % 2]
EVEN = [key for key in ALL if not key % 2]
FACTS: tuple[tuple[Criteria, list[int]], ...] = (
    (Anything(), ALL),
    (Nothing(), []),
    (Row("u", ("n7",)), [7]),
    (Row("u", ("闽", "宁")), ODD),
    (Row("u", ("宁", "闽")), []),
    (Row("beginning", ("mn",)), ALL),
    (Row("title_key", ("title 3",)), [3]),
    (Prefix("u", "n1"), [1, *range(10, 20)]),
    (Prefix("beginning", "n3"), [3, 30]),
    (Prefix("title_key", "title 2"), [2, *range(20, 30)]),
    (Prefix("title_key", "title .*"), []),
    (OneOf("record", ()), []),
    (OneOf("record", (5, 3, 99)), [3, 5]),
    (OneOf("record", tuple(range(5, 150_000))), ALL[4:]),
    (OneOf("kind", ("event", "nothing")), [key for key in ALL if key % 3 == 1]),
    (OneOf("year", (1996,)), [key for key in ALL if key % 5 == 0]),
    (Between("record", least=28), [28, 29, 30]),
    (Between("record", most=2), [1, 2]),
    (Between("record", least=4, most=6), [4, 5, 6]),
    (Between("year", least=2000, most=2019), [key for key in ALL if key % 5 == 4]),
    (AllOf(), ALL),
    (AllOf(but_not=[OneOf("record", tuple(ODD))]), EVEN),
    (AllOf(parts=[Row("u", ("闽",))], but_not=[Row("u", ("作",)), OneOf("record", (2,))]), EVEN[1:]),
    (AllOf(filters=[OneOf("record", (1, 2, 3))], better=[Row("u", ("n2",))]), [1, 2, 3]),
    (AllOf(parts=[Prefix("u", "n2")], filters=[Row("u", ("作",))], better=[Nothing()]), [21, 23, 25, 27, 29]),
    (AllOf(better=[Row("u", ("n2",))]), ALL),
    (AnyOf([Row("u", ("n1",)), Row("u", ("n9",))]), [1, 9]),
    (AnyOf([Row("u", ("闽",)), Row("u", ("作",)), Prefix("u", "n3")], at_least=3), [3]),
    (AnyOf([Row("u", ("作",)), Prefix("u", "n1"), Nothing()], at_least=2), [1, 11, 13, 15, 17, 19]),
    (AnyOf([Row("u", ("n1",))], at_least=2), []),
    (AnyOf([]), []),
    (Worth(Row("u", ("n4",)), 12.5), [4]),
)
"""What is asked, and the keys of the records that it finds."""


def test_every_kind_of_criteria_finds_what_it_says(facts: Reader) -> None:
    found = [_keys(facts, criteria) for criteria, _due in FACTS]

    assert found == [due for _criteria, due in FACTS]


def test_what_is_better_or_worth_more_stands_first(facts: Reader) -> None:
    lifted = AllOf(parts=[Anything()], better=[Worth(Row("u", ("n20",)), 50.0), Worth(Row("u", ("n10",)), 70.0)])
    near = AllOf(parts=[Row("u", ("闽",))], better=[Row("u", ("闽", "n16", "宁"), slop=2)])
    chosen = AllOf(filters=[OneOf("record", (3, 4))], better=[OneOf("record", (4,))])

    assert facts.search(Index.RECORDS, lifted, size=3).keys[:2] == (10, 20)
    assert facts.search(Index.RECORDS, near, size=1).keys == (16,)
    assert facts.search(Index.RECORDS, chosen, size=2).keys == (4, 3)


def test_hits_come_in_an_order_and_in_stretches(facts: Reader) -> None:
    some = Between("record", least=3)

    up = facts.search(Index.RECORDS, some, size=4, skip=2, order=Order("record"))
    down = facts.search(Index.RECORDS, some, size=4, skip=2, order=Order("record", descending=True))
    heavy = facts.search(Index.RECORDS, Anything(), size=12, order=Order("weight", descending=True))
    end = facts.search(Index.RECORDS, some, size=10, skip=26)

    assert (up.count, up.keys) == (28, (5, 6, 7, 8))
    assert (down.count, down.keys) == (28, (28, 27, 26, 25))
    assert heavy.keys[0] == 30
    assert {key // 10 for key in heavy.keys[1:11]} == {2}
    assert (end.count, len(end.keys)) == (28, 2)
    assert facts.search(Index.RECORDS, some, size=1, skip=OFFSET_LIMIT).keys == ()


def test_stretches_by_rank_are_disjoint_and_complete(facts: Reader) -> None:
    asked = Row("u", ("闽",))

    stretches = [facts.search(Index.RECORDS, asked, size=7, skip=skip).keys for skip in range(0, 35, 7)]

    assert sorted(key for stretch in stretches for key in stretch) == ALL


def test_facets_count_what_matches_and_the_most_frequent_come_first(facts: Reader) -> None:
    counted = facts.facets(Between("record", most=7), ["kind", "year"], size=3)

    assert dict(counted["kind"]) == {"event": 3, "meeting": 2, "policy": 2}
    assert counted["kind"][0] == ("event", 3)
    assert counted["year"][0] == ("2020", 7)
    assert len(counted["year"]) == 3
    assert facts.facets(Nothing(), ["kind"], size=3) == {"kind": []}


def test_pages_are_counted_by_record_and_come_in_page_order(engine: Engine) -> None:
    generation = engine.create()
    with engine.writer(generation) as writer:
        writer.put([_page(key, record=key % 3, number=50 - key) for key in range(1, 31)])
        writer.commit()
        reader = engine.reader_of(generation)

        found = reader.pages_by_record(Row("u", ("宁",)), [2, 0, 77], size=3)

    assert {record: (pages.count, pages.keys) for record, pages in found.items()} == {
        0: (10, (30, 27, 24)),
        2: (10, (29, 26, 23)),
    }


def _page(key: int, *, record: int, number: int) -> Document:
    return Document(
        Index.PAGES,
        key,
        {"page": [key], "record": [record], "number": [number], "digest": [0], "u": ["闽 宁"], "b": ["闽宁"]},
    )


def test_documents_leave_by_any_number(engine: Engine) -> None:
    generation = engine.create()
    with engine.writer(generation) as writer:
        writer.put([_page(key, record=key % 3, number=1) for key in range(1, 10)])
        writer.remove(Index.PAGES, "record", [1, 2])
        writer.put([_page(4, record=1, number=2)], fresh=True)
        writer.remove(Index.PAGES, "page", [9, 10])
        writer.commit()

    reader = engine.reader_of(generation)
    assert [entry.key for entry in reader.entries(Index.PAGES, after=0, size=100)] == [3, 4, 6]


def test_digests_are_whole_numbers_to_the_last_place(facts: Reader) -> None:
    (entry,) = facts.entries(Index.RECORDS, after=29, size=5)

    assert (entry.key, entry.digest) == (30, 2**62 + 30)

"""Every engine finds exactly what a plain comparison of texts finds: thousands of documents, hundreds of queries."""

import random
import unicodedata
from collections.abc import Sequence

import opencc
import pytest

from core import text
from search import analysis, planning, query, snippets
from search.backends.base import Document, Engine
from search.criteria import AllOf, Criteria, OneOf
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
        tree = query.read(" ".join(f'"{word}"' for word in words)).tree
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
        tree = query.read(f'"{word}"').tree
        wanted = _row(_plain_tokens(word))
        matcher = snippets.matcher(tree)
        if not query.phrases(tree):
            continue

        assert {key for key in rows if matcher.spans(texts[key])} == {k for k, row in rows.items() if wanted in row}, (
            word
        )


def test_documents_are_replaced_and_removed(engine: Engine) -> None:
    _index(engine, {1: "闽宁", 2: "闽宁", 3: "闽宁"})
    tree = query.read("闽宁").tree

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

"""How what was typed is read; nothing that is typed is an error."""

import pytest

from search import query
from search.query import All, Everything, Nothing


def _tokens(q: str) -> list[str]:
    return ["".join(phrase.tokens) for phrase in query.phrases(query.read(q).tree)]


def test_words_are_read_one_by_one_and_quotation_marks_make_a_phrase() -> None:
    assert _tokens("闽宁　协作 1998年") == ["闽宁", "协作", "1998年"]
    assert _tokens("“闽宁 协作” 扶贫") == ["闽宁协作", "扶贫"]
    assert _tokens('"fujian province"') == ["fujianprovince"]
    assert _tokens("「闽宁」 『协作』") == ["闽宁", "协作"]


def test_quotation_marks_inside_a_word_are_punctuation() -> None:
    assert _tokens("关于“闽宁”协作") == ["关于|闽宁|协作"]


def test_nothing_typed_asks_for_everything() -> None:
    assert query.read("").tree == Everything()
    assert query.read(" \t　\n").tree == Everything()


@pytest.mark.parametrize("q", ["。", "*", "？？！", '""', "“”", "😀", "((", "\\", "~^:"])
def test_signs_alone_find_nothing_and_are_explained(q: str) -> None:
    reading = query.read(q)

    assert reading.tree == Nothing()
    assert len(reading.notes) == 1


@pytest.mark.parametrize("q", ['"闽宁 协作', '闽宁 协作"', "“闽宁 协作", '闽宁 " 协作'])
def test_a_lone_quotation_mark_is_explained(q: str) -> None:
    reading = query.read(q)

    assert _tokens(q) == ["闽宁", "协作"]
    assert len(reading.notes) == 1


@pytest.mark.parametrize(
    "q", ["\x00", "闽\x00宁", "\ud800", "\x1b[31m闽宁", "闽宁*", "AND OR NOT", "a:b^2~", "+-&&||!(){}[]"]
)
def test_odd_input_never_fails(q: str) -> None:
    query.read(q)


def test_a_very_long_query_is_cut_and_explained() -> None:
    reading = query.read("闽宁协作" * 2500)

    assert isinstance(reading.tree, All)
    assert len(reading.tree.phrases[0].tokens) == query.LONGEST
    assert str(query.LONGEST) in reading.notes[0]


def test_very_many_words_are_cut_and_explained() -> None:
    reading = query.read(" ".join(f"{number}" for number in range(60)))

    assert len(query.phrases(reading.tree)) == query.MOST_PHRASES
    assert reading.notes

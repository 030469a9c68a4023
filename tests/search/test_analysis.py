"""How text becomes tokens, and how a hit leads back to the original."""

import random
from functools import partial

import pytest

from search import analysis, rows


@pytest.mark.parametrize(
    ("original", "levelled"),
    [
        ("闽宁协作", "闽宁协作"),
        ("闽 宁\n协　作", "闽宁协作"),
        ("閩寧協作", "闽宁协作"),
        ("福建、宁夏。", "福建|宁夏"),
        ("闽宁发〔2016〕3号", "闽宁发|2016|3号"),
        ("第一段\n\n第二段", "第一段|第二段"),
        ("第一段\r\n \r\n第二段", "第一段|第二段"),
        ("Fujian  and\nNingxia", "fujian and ningxia"),
        ("１９９６年 10 月", "1996年10月"),
        ("a_b-c", "a|b|c"),
        ("……！？", ""),
        ("零\u200b宽\u00ad度", "零宽度"),
        ("😀闽😀宁😀", "闽|宁"),
        ("闽宁发〔二〇一六〕第三号", "闽宁发|2016|3号"),
        ("二○一六年，二〇一\n七年", "2016年|2017年"),
        ("_闽_", "闽"),
        (" \n\n 闽 \n\n，宁\f", "闽|宁"),
    ],
)
def test_a_text_is_levelled(original: str, levelled: str) -> None:
    assert analysis.level(original) == levelled


def test_levelling_what_is_levelled_changes_nothing() -> None:
    levelled = analysis.level("閩寧  發〔２０１６〕３號，Fujian Ningxia\n\n第二段")

    assert analysis.level(levelled) == levelled


def test_unigrams_are_characters_runs_and_bars() -> None:
    assert analysis.unigrams("协作1998年|min ning") == ["协", "作", "1998", "年", "|", "min", "ning"]


def test_bigrams_overlap_within_a_run_and_never_cross_a_bar() -> None:
    assert analysis.bigrams("闽宁协作|夏1998年度min") == ["闽宁", "宁协", "协作", "|", "夏", "1998", "年度", "min"]


def test_rows_are_the_tokens_of_both_kinds_of_many_texts_at_once() -> None:
    chance = random.Random(11)
    signs = ["闽", "宁", "协", "㐂", "𠮷", "〇", " ，", "a", "1", "|", "\n", "。", "ab", "é", "x" * 70]
    texts = [analysis.level("".join(chance.choices(signs, k=chance.randint(0, 30)))) for _number in range(2_000)]

    found = rows.of_texts(texts)

    assert found == [(" ".join(analysis.unigrams(text)), " ".join(analysis.bigrams(text))) for text in texts]
    assert rows.of_texts([]) == []


def test_long_runs_are_cut_alike_in_documents_and_queries() -> None:
    run = "a" * 100

    tokens = tuple(analysis.unigrams(run))

    assert tokens == ("a" * 64,)
    assert analysis.spans(f"x {run} y", [partial(analysis.exactly, tokens)]) == [(2, 102)]


def test_a_hit_leads_back_to_the_characters_of_the_original() -> None:
    original = "一九九六年，閩\n寧 協作開始。"
    tokens = tuple(analysis.unigrams(analysis.level("闽宁协作")))

    spans = analysis.spans(original, [partial(analysis.exactly, tokens)])

    assert [original[start:end] for start, end in spans] == ["閩\n寧 協作"]


@pytest.mark.parametrize(
    ("q", "original", "is_hit"),
    [
        ("夏福", "宁夏，福建", False),
        ("宁夏、福建", "宁夏，福建", True),
        ("宁夏福建", "宁夏\n\n福建", False),
        ("宁夏福建", "宁夏\n福建", True),
        ("宁夏|福建", "宁夏\n\n福建", True),
        ("宁夏，福建", "宁夏 福建", False),
        ("199", "1998年", False),
        ("1998", "1998年", True),
        ("min", "minning", False),
        ("min", "闽min宁", True),
        ("min ning", "min  ning", True),
        ("min ning", "min-ning", False),
    ],
)
def test_patterns_follow_the_rule_of_the_bar(q: str, original: str, *, is_hit: bool) -> None:
    tokens = tuple(analysis.unigrams(analysis.level(q)))

    assert bool(analysis.spans(original, [partial(analysis.exactly, tokens)])) is is_hit


def test_an_approximate_pattern_forgives_one_character() -> None:
    tokens = tuple("闽宁协作")

    assert analysis.nearly(tokens, 1, "在闽宇协\n作中") == [(1, 6)]
    assert analysis.nearly(tokens, 1, "闽宇协昨") == []
    assert analysis.nearly(tokens, 1, "闽x协作") == []
    assert analysis.nearly(tokens, 1, "闽宁，协作") == []
    assert analysis.nearly(tokens, 1, "宁协作") == []


@pytest.mark.parametrize(
    "q", ["二〇一六", "2016年", "二○一六年", "〔2016〕12号", "(二〇一六)第十二号", "［2016］第12号", "发〔2016"]
)
def test_years_and_document_numbers_match_in_every_writing(q: str) -> None:
    original = "二〇一六年，闽宁发〔二零一六〕第十二号；闽宁发【2016】12號"
    tokens = tuple(analysis.unigrams(analysis.level(q)))

    assert analysis.spans(original, [partial(analysis.exactly, tokens)])


def test_a_piece_of_a_text_is_found_in_it_if_no_numeral_is_cut() -> None:
    chance = random.Random(2016)
    numerals = ["二〇一六年", "一九九六", "二O一六", "一二三产业", "〔二〇一六〕第十二号", "(2016)三号", "gdp", "30"]
    others = ["闽", "宁", "协作", "，", "\n", " ", "閩寧"]

    for _ in range(400):
        pieces = []
        for number in range(9):
            pieces.append(chance.choice(others if number % 2 else numerals + others))
            if number % 2 and not pieces[-1].strip("，\n "):
                pieces.append("夏")
        start = chance.randrange(9)
        part = "".join(pieces[start : chance.randint(start + 1, 10)])
        tokens = tuple(analysis.unigrams(analysis.level(part)))

        if tokens:
            assert analysis.spans("".join(pieces), [partial(analysis.exactly, tokens)]), (pieces, part)

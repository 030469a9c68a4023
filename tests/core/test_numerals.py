"""Chinese numerals in years and in the numbers of documents."""

import random

import pytest

from core import text


@pytest.mark.parametrize(
    "written",
    [
        "二〇一六年",
        "二○一六年",
        "二◯一六年",
        "二零一六年",
        "二O一六年",
        "二0一六年",
        "二〇一\n六年",
        "二 〇 一 六年",
        "２０１６年",
    ],
)
def test_a_year_is_the_same_in_every_writing(written: str) -> None:
    assert text.fold(written).text == "2016年"


@pytest.mark.parametrize(
    ("original", "folded"),
    [
        ("一九九六年至二〇〇〇年", "1996年至2000年"),
        ("一八六〇", "1860"),
        ("二00三年", "2003年"),
        ("二〇二○年", "2020年"),
        ("○二〇一六年工作", "○2016年工作"),
        ("gdp二〇一六a", "gdp 2016 a"),
        ("〔二〇一六〕三号", "〔2016〕3号"),
        ("(2016)第十二號", "(2016)12号"),
        ("【2016】第 12 号", "【2016】12 号"),
        ("［一九九六］第一百零三号", "[1996]103号"),
        ("〔2016〕廿三号", "〔2016〕23号"),
        ("〔2016〕一○五号", "〔2016〕105号"),
        ("〔2016〕\n十\n二号", "〔2016〕\n12号"),
    ],
)
def test_years_and_document_numbers_become_digits(original: str, folded: str) -> None:
    assert text.fold(original).text == folded


@pytest.mark.parametrize(
    "original",
    [
        "一二三产业",
        "三西",
        "五一",
        "二〇",
        "十二五规划",
        "第三号文件",
        "(附件)三号",
        "〔2016〕第三次",
        "〔2016〕百十号",
        "三二〇一六",
        "二〇一六三",
        "二〇一六 三",
        "二〇一\n\n六",
        "二〇一0591",
        "一六二三",
    ],
)
def test_nothing_else_is_converted(original: str) -> None:
    assert text.fold(original).text == original


def test_the_way_back_takes_a_numeral_whole() -> None:
    original = "闽寧發〔二〇一\n六〕第十二號。"
    folded = text.fold(original)

    year = folded.text.index("2016")
    number = folded.text.index("12号")

    assert folded.text == "闽宁发〔2016〕12号。"
    assert original[slice(*folded.span(year, year + 4))] == "二〇一\n六"
    assert original[slice(*folded.span(number, number + 3))] == "第十二號"
    assert original[slice(*folded.span(0, 3))] == "闽寧發"


def test_a_letter_beside_a_year_is_not_part_of_it() -> None:
    original = "gdp二〇一六b"
    folded = text.fold(original)

    spans = [folded.span(*span) for span in ((0, 3), (4, 8), (9, 10))]

    assert [original[slice(*span)] for span in spans] == ["gdp", "二〇一六", "b"]


def test_numerals_keep_offsets_sound_and_folding_twice_changes_nothing() -> None:
    chance = random.Random(2016)
    pool = [
        *"一二八九〇○零六三十百廿号第〔〕()  \n年ag0oO９㈠\u200b",
        "二〇一六",
        "〔2016〕",
        "(一九九六)",
        "第十二号",
        "二O一六",
    ]

    for _ in range(3000):
        original = "".join(chance.choices(pool, k=chance.randint(1, 12)))
        folded = text.fold(original)

        assert text.folded(original) == folded.text
        assert len(folded.offsets) == len(folded.text) + 1
        assert folded.offsets[-1] == len(original)
        assert list(folded.offsets) == sorted(folded.offsets)
        assert text.fold(folded.text).text == folded.text

"""The advanced form writes the language and reads it back."""

import random
from dataclasses import replace

import pytest
from django.utils import translation

from search import analysis, language
from search.language import Form
from search.language.reading import all_of, meaning
from search.query import All, Among, Area, Everything, Not, Nothing, Phrase, Within

PLAIN = (
    "福建",
    "宁夏",
    "闽宁镇",
    "minning",
    "Min-Ning",
    "1996年",
    "minn*",
    "“对口 帮扶”",
    '"Fujian Province"',
    "办法（试行）",
)
HOSTILE = (
    *('"', "“”", "「", '"a', 'b"', 'a"b c"d', "(", ")", "a(b", "(a)"),
    *("a)", "）", "AND", "或", "非", "&&", "|", "-", "-a", "--"),
    *("*", "**", "a*b", "标题:x", "标题:", "年:1996", "a:b", "tilte:x"),
    *("\\", "\\AND", "a\\", "\\\\(", "> 5", "金额>5", "、", "。"),
    *("『x」", "”a“", "\x00", "NOT(a)", "x\\)", "''", '「"』」“"', "http://a/?b=(c)"),
)  # fmt: skip
DATES = (
    "1996",
    "1996年5月",
    "1996-05-31",
    "九十年代",
    "1996年 5月",
    "2008、2016",
    "[1996..1998]",
    ">1996",
    "next week",
    "a) OR (b",
    "不详",
)
AMOUNTS = ("100", "1亿元", "1,500.50元", "3000万", ">1亿元", "1亿元以上", "a lot", '"', "1000万至1亿")


def test_a_form_is_written_in_the_language_of_the_interface() -> None:
    filled = Form(
        words="闽宁 协作",
        exact="对口 帮扶",
        any_words="福建 宁夏",
        without="新闻",
        title="会议 “联席 推进”",
        date_from="1996",
    )
    filled = replace(filled, amount_to="1亿元", kinds=("policy", "exchange"), code="Z109*", number="闽政〔2016〕12号")

    chinese = language.write(filled)
    with translation.override("en"):
        english = language.write(filled)

    assert chinese == (
        '闽宁 协作 "对口 帮扶" (福建 或 宁夏) -新闻 标题:(会议 "联席 推进") 文号:闽政〔2016〕12号 档号:Z109* '
        "日期:>=1996 金额:<=1亿元 类型:政策、人才交流"
    )
    assert english == (
        '闽宁 协作 "对口 帮扶" (福建 OR 宁夏) -新闻 title:(会议 "联席 推进") number:闽政〔2016〕12号 code:Z109* '
        "date:>=1996 amount:<=1亿元 kind:policy,exchange"
    )
    assert language.read(chinese).tree == language.read(english).tree
    assert language.form(chinese) == language.form(english) == replace(filled, title='会议 "联席 推进"')


def test_what_is_written_means_what_the_form_says() -> None:
    filled = Form(words="AND", without="(福建", title="宁夏", date_from="1996", date_to="2001", kinds=("policy",))

    tree = language.read(language.write(filled)).tree

    assert tree == All(
        (
            Phrase(("and",), "AND"),
            Not(Phrase(("福", "建"), "(福建")),
            Phrase(("宁", "夏"), "宁夏", Area.TITLE),
            Within("date", 728659, 730850),
            Among("kind", ("policy",)),
        )
    )


def test_an_empty_form_is_an_empty_query() -> None:
    assert language.write(Form()) == ""
    assert language.form("") == Form()
    assert language.write(Form(words=" \x00 ", exact='""', kinds=("nonsense",))) == ""


@pytest.mark.parametrize(
    "q",
    [
        "福建 或 宁夏 甘肃",
        "(福建 或 宁夏) (甘肃 或 青海)",
        "标题:(福建 或 宁夏)",
        "非 (福建 宁夏)",
        "摘要:福建",
        "年:1996 年:1998",
        "年:(1996 或 1998)",
        "类型:政策 类型:资金",
        "档号:A 档号:B",
        "福建" * 2000,
    ],
)
def test_what_the_form_cannot_say_is_not_read_back(q: str) -> None:
    assert language.form(q) is None


@pytest.mark.parametrize(
    ("q", "filled"),
    [
        ("福建 与 宁夏 -甘肃", Form(words="福建 宁夏", without="甘肃")),
        ("福建 或 宁夏", Form(any_words="福建 宁夏")),
        ("“a b” “c d”", Form(exact="a b", words='"c d"')),
        ("year:1996", Form(date_from="1996", date_to="1996")),
        ("年:>1996", Form(date_from="1997-01-01")),
        ("金额:1000万至1亿元", Form(amount_from="1000万", amount_to="1亿元")),
        ("类型:(政策 或 资金) 维度:民生", Form(kinds=("policy", "funding"), dimensions=("livelihood",))),
        ("时间:下午3点", Form(words="时间:下午3点")),
    ],
)
def test_a_query_is_read_back_into_the_form(q: str, filled: Form) -> None:
    assert language.form(q) == filled


@pytest.mark.parametrize(
    "word", [word for word in HOSTILE if " " not in word and word[0] + word[-1] not in ('""', "“”", "”“")]
)
def test_signs_in_a_field_of_the_form_are_only_signs(word: str) -> None:
    word = word.replace("\x00", "")
    tokens = tuple(analysis.unigrams(analysis.level(word)))

    reading = language.read(language.write(Form(words=f"{word} 福建", title=f"{word} 宁夏", without=f"{word} 甘肃")))

    expected = [Phrase(tokens, word), Phrase(tokens, word, Area.TITLE), Not(Phrase(tokens, word))] if tokens else []
    assert reading.notes == ()
    assert isinstance(reading.tree, All)
    assert set(expected) <= set(reading.tree.parts)
    assert len(reading.tree.parts) == len(expected) + 3


@pytest.mark.parametrize("code", ["zh-hans", "en"])
@pytest.mark.parametrize("seed", range(4))
def test_a_form_comes_back_with_the_same_meaning(code: str, seed: int) -> None:
    chance = random.Random(seed)
    with translation.override(code):
        for _time in range(60):
            filled = _any_form(chance, hostile=seed % 2 == 1)

            q = language.write(filled)
            back = language.form(q)

            assert meaning(language.read(q).tree) == _said(filled), (filled, q)
            assert back is not None, (filled, q)
            assert meaning(language.read(language.write(back)).tree) == meaning(language.read(q).tree), (filled, q)


def _any_form(chance: random.Random, *, hostile: bool) -> Form:
    words = PLAIN + HOSTILE if hostile else PLAIN
    texts = ("words", "exact", "any_words", "without", "title", "text", "agent", "place", "number", "code")
    filled = {name: " ".join(chance.choices(words, k=chance.randint(1, 3))) for name in chance.sample(texts, 4)}
    filled |= {
        name: chance.choice(DATES if hostile else DATES[:5]) for name in chance.sample(("date_from", "date_to"), 1)
    }
    filled |= {name: chance.choice(AMOUNTS if hostile else AMOUNTS[:4]) for name in ("amount_from", "amount_to")}
    return replace(Form(**filled), kinds=("policy", "place")[: chance.randint(0, 2)], mechanisms=("joint_meetings",))  # type: ignore[arg-type]  # only texts are in it


def _said(filled: Form) -> object:
    """What a form says, put together from queries for each of its fields alone."""
    empty = Form()
    alone = [
        replace(empty, **{name: getattr(filled, name)}) for name in Form.__slots__ if name[:4] not in ("date", "amou")
    ]
    dates = replace(empty, date_from=filled.date_from, date_to=filled.date_to)
    sums = replace(empty, amount_from=filled.amount_from, amount_to=filled.amount_to)
    trees = [language.read(language.write(one)).tree for one in (*alone, dates, sums) if one != empty]
    said = all_of(tree for tree in trees if not isinstance(tree, Nothing))
    if said is None:
        return meaning(Nothing() if language.write(filled) else Everything())
    parts = said.parts if isinstance(said, All) else (said,)
    return meaning(All((Everything(), *parts)) if all(isinstance(part, Not) for part in parts) else said)

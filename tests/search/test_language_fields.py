"""How the fields of a query are read: names in two languages, dates, sums, terms, codes, and what is none of them."""

from datetime import date

import pytest
from django.utils import translation

from search import analysis, language
from search.query import All, Among, AnyOne, Area, Not, Phrase, Within


def _word(text: str, area: Area = Area.ANYWHERE, *, is_quoted: bool = False) -> Phrase:
    return Phrase(tuple(analysis.unigrams(analysis.level(text))), text, area, is_quoted=is_quoted)


def _days(first: tuple[int, int, int] | None, last: tuple[int, int, int] | None) -> Within:
    least, most = (date(*day).toordinal() if day else None for day in (first, last))
    return Within("date", least, most)


@pytest.mark.parametrize(
    ("names", "area"),
    [
        (("title", "TITLE", "标题", "標題", "题名", "ｔｉｔｌｅ"), Area.TITLE),
        (("text", "正文", "全文"), Area.TEXT),
        (("summary", "摘要"), Area.SUMMARY),
        (("number", "文号"), Area.NUMBERS),
        (("agent", "creator", "责任者", "机构", "人物"), Area.AGENTS),
        (("place", "地点", "地點"), Area.PLACES),
    ],
)
def test_fields_have_names_in_both_languages(names: tuple[str, ...], area: Area) -> None:
    for name in names:
        assert language.read(f"{name}:福建").tree == _word("福建", area)
        assert language.read(f"{name}： “福建 宁夏”").tree == _word("福建 宁夏", area, is_quoted=True)


def test_a_bracket_after_a_field_belongs_to_it() -> None:
    fujian, ningxia = _word("福建", Area.TITLE), _word("宁夏", Area.TITLE)

    assert language.read("标题:(福建 或 宁夏)").tree == AnyOne((fujian, ningxia))
    assert language.read("标题：（福建 宁夏） 甘肃").tree == All((fujian, ningxia, _word("甘肃")))
    assert language.read("甘肃 -标题:(福建)").tree == All((_word("甘肃"), Not(fujian)))


def test_a_document_number_keeps_its_brackets() -> None:
    assert language.read("文号:闽政（2016）12号").tree == _word("闽政（2016）12号", Area.NUMBERS)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("1996", _days((1996, 1, 1), (1996, 12, 31))),
        ("96", _days((1996, 1, 1), (1996, 12, 31))),
        ("一九九六年五月", _days((1996, 5, 1), (1996, 5, 31))),
        ("1996年5月至11月", _days((1996, 5, 1), (1996, 11, 30))),
        ("1996—2001", _days((1996, 1, 1), (2001, 12, 31))),
        ("1996..2001", _days((1996, 1, 1), (2001, 12, 31))),
        ("1996年5月..2001-06-30", _days((1996, 5, 1), (2001, 6, 30))),
        ("1996..", _days((1996, 1, 1), None)),
        ("..2001", _days(None, (2001, 12, 31))),
        ("1996年至今", _days((1996, 1, 1), None)),
        (">1996", _days((1997, 1, 1), None)),
        (">=1996", _days((1996, 1, 1), None)),
        ("＞＝ 1996", _days((1996, 1, 1), None)),
        ("<1996", _days(None, (1995, 12, 31))),
        ("≤1996", _days(None, (1996, 12, 31))),
        ("九十年代", _days((1990, 1, 1), (1999, 12, 31))),
        ("19960531", _days((1996, 5, 31), (1996, 5, 31))),
        ("(1996 或 1998)", AnyOne((_days((1996, 1, 1), (1996, 12, 31)), _days((1998, 1, 1), (1998, 12, 31))))),
        ("1996、1998", AnyOne((_days((1996, 1, 1), (1996, 12, 31)), _days((1998, 1, 1), (1998, 12, 31))))),
    ],
)
def test_dates_in_any_form(value: str, days: Within | AnyOne) -> None:
    for name in ("年", "日期", "date", "year"):
        assert language.read(f"{name}:{value}").tree == days


def test_a_range_that_runs_backwards_is_turned_round_and_explained() -> None:
    reading = language.read("年:2001..1996")

    assert reading.tree == _days((1996, 1, 1), (2001, 12, 31))
    assert len(reading.notes) == 1


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("1亿元", 10**10, 10**10),
        ("100", 10**4, 10**4),
        ("1,500.50元", 150050, 150050),
        (">1亿元", 10**10 + 1, None),
        (">=1亿", 10**10, None),
        ("1亿元以上", 10**10, None),
        ("<3000万元", None, 3 * 10**9 - 1),
        ("1000万..1亿元", 10**9, 10**10),
        ("1000万元至1亿元", 10**9, 10**10),
        ("..1亿元", None, 10**10),
    ],
)
def test_sums_of_money(value: str, least: int | None, most: int | None) -> None:
    assert language.read(f"金额:{value}").tree == Within("amount", least, most)
    assert language.read(f"amount：{value}").notes == ()


def test_a_comparison_needs_no_colon() -> None:
    assert language.read("金额>=1亿元").tree == Within("amount", 10**10, None)
    assert language.read("年<1996").tree == _days(None, (1995, 12, 31))


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("kind:policy", Among("kind", ("policy",))),
        ("类型:政策", Among("kind", ("policy",))),
        ('类别:"Exchange of people"', Among("kind", ("exchange",))),
        ("类型:人才交流", Among("kind", ("exchange",))),
        ("类型:政策、资金", Among("kind", ("policy", "funding"))),
        ("kind:policy,project|place", Among("kind", ("policy", "project", "place"))),
        ("类型:(政策 或 资金)", Among("kind", ("policy", "funding"))),
        ("类型:(政策 资金)", Among("kind", ("policy", "funding"))),
        ("类型:地点", Among("kind", ("place",))),
        ("类型:机构", Among("kind", ("agent",))),
        ("kind:exch", Among("kind", ("exchange",))),
        ("机制:对口帮扶", Among("mechanism", ("paired_assistance",))),
        ("机制:结对帮扶", Among("mechanism", ("paired_assistance",))),
        ("mechanism:joint_meetings", Among("mechanism", ("joint_meetings",))),
        ("维度:民生", Among("dimension", ("livelihood",))),
        ("档号:Z109-WS•2011", Among("reference", ("Z109-WS·2011",))),
        ("code:Z109*", Among("reference", ("Z109",), is_prefix=True)),
        ("档号:Z109、Z110", Among("reference", ("Z109", "Z110"))),
    ],
)
def test_terms_and_codes(q: str, found: Among) -> None:
    reading = language.read(q)

    assert reading.tree == found
    assert reading.notes == ()


@pytest.mark.parametrize(
    "q",
    [
        "时间:下午3点",
        "金额:很多",
        "类型:飞机",
        "kind:polcy",
        "tilte:福建",
        "主题:福建",
        "金额:" + "9" * 40,
        "日期:民国三十年",
    ],
)
def test_what_no_field_understands_is_searched_for_as_words_and_explained(q: str) -> None:
    reading = language.read(q)

    assert reading.tree == _word(q)
    assert len(reading.notes) == 1


def test_of_several_terms_those_that_are_known_count() -> None:
    reading = language.read("类型:政策、飞机")

    assert reading.tree == Among("kind", ("policy",))
    assert "飞机" in reading.notes[0]


def test_a_mistyped_term_is_answered_with_the_nearest() -> None:
    with translation.override("en"):
        reading = language.read("kind:polcy")

    assert "“Policy”" in reading.notes[0]


@pytest.mark.parametrize("q", ["标题:", "标题: 与", "金额>"])
def test_a_field_without_a_value_is_a_word_and_explained(q: str) -> None:
    reading = language.read(q)

    assert reading.tree == _word(q[:2])
    assert reading.notes


def test_the_notes_are_never_too_many() -> None:
    assert len(language.read(" ".join(f"年:甲{number}" for number in range(200))).notes) <= 6

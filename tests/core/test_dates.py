from collections.abc import Iterator
from datetime import date
from time import struct_time

import pytest
from django.utils import translation
from edtf import parse_edtf

from core import dates
from core.errors import InvalidInput


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language they are written in."""
    with translation.override("en"):
        yield


STANDARD_TABLE = [
    ("1996年5月", "1996-05"),
    ("一九九六年五月三十一日", "1996-05-31"),
    ("约1996年", "1996~"),
    ("1996年前后", "1996~"),
    ("1996年5月上旬", "1996-05-01/1996-05-10"),
    ("1996年2月下旬", "1996-02-21/1996-02-29"),
    ("1996年春", "1996-21"),
    ("九十年代初", "199X"),
    ("20世纪90年代", "199X"),
    ("1996—1999年", "1996/1999"),
    ("二〇一六年七月廿日", "2016-07-20"),
    ("1997年度", "1997"),
    ("1996年5月至11月", "1996-05/1996-11"),
    ("1996年5月8日至12日", "1996-05-08/1996-05-12"),
    ("1996年至今", "1996/.."),
    ("19961108", "1996-11-08"),
    ("19961100", "1996-11"),
    ("[19450815]", "1945-08-15~"),
    ("不详", "XXXX"),
    ("1996年底", "1996~"),
    ("96年5月", "1996-05"),
]
FURTHER_EXPRESSIONS = [
    ("2012-10-22", "2012-10-22"),
    ("1996-11", "1996-11"),
    ("1996-11-05/06", "1996-11-05/1996-11-06"),
    ("1996—2011", "1996/2011"),
    ("1996-2011", "1996/2011"),
    ("1996年11月5—6日", "1996-11-05/1996-11-06"),
    ("1996年5—11月", "1996-05/1996-11"),
    ("1996年5月8日至6月12日", "1996-05-08/1996-06-12"),
    ("1996年12月31日至1997年1月2日", "1996-12-31/1997-01-02"),
    ("1996年春至1997年底", "1996-21/1997~"),
    ("1996年5月上旬至6月中旬", "1996-05-01/1996-06-20"),
    ("约1996—1999年", "1996~/1999~"),
    ("疑为1996年", "1996?"),
    ("约1996年?", "1996%"),
    ("[1996年5月]", "1996-05~"),
    ("1996年上半年", "1996-01/1996-06"),
    ("1996年第四季度", "1996-10/1996-12"),
    ("1996年10月底", "1996-10~"),
    ("1996年元月", "1996-01"),
    ("1996.5.31", "1996-05-31"),
    ("1996/5/31", "1996-05-31"),
    ("1996年5月31日星期五", "1996-05-31"),
    ("１９９６ 年 ５ 月", "1996-05"),
    ("約1996年", "1996~"),
    ("上世纪九十年代末", "199X"),
    ("21世纪10年代", "201X"),
    ("20世纪", "19XX"),
    ("截至2011年8月", "../2011-08"),
    ("至2020", "../2020"),
    ("2016 or later", "2016/.."),
    ("2008、2016", "{2008,2016}"),
    ("1996年5月、11月", "{1996-05,1996-11}"),
    ("c. 1997–1998", "1997~/1998~"),
    ("undated (c. 2021)", "2021~"),
    ("undated (after the plenum)", "XXXX"),
    ("2022-09-23 (repost)", "2022-09-23"),
    ("2022（文中）", "2022"),
    ("1996-11-05T10:00:00+08:00", "1996-11-05"),
]


@pytest.mark.parametrize(("expression", "edtf"), STANDARD_TABLE + FURTHER_EXPRESSIONS)
def test_expressions_become_edtf_and_keep_their_wording(expression: str, edtf: str) -> None:
    when = dates.parse(expression)

    assert (when.edtf, when.expression) == (edtf, expression)
    parse_edtf(when.edtf)


PLAIN_EDTF = [
    *("1996", "1996-05", "1996-05-31", "1996~", "1996?", "1996%", "199X", "19XX", "1996-05-XX", "1996-XX", "1996-21"),
    *("1996-05/1996-11", "1996-05-31?/1996-11~", "1996-~05", "[1996..1998]", "{1996,1997}", "2000-02", "1996/.."),
    *("../1996", "[1996..]", "1996-05-01/1996-05-31"),
]


@pytest.mark.parametrize("edtf", PLAIN_EDTF)
def test_bounds_agree_with_an_independent_reading(edtf: str) -> None:
    reference = parse_edtf(edtf)

    when = dates.from_edtf(edtf)

    for bound, expected in ((when.earliest, reference.lower_strict()), (when.latest, reference.upper_strict())):
        assert bound == (date(*expected[:3]) if isinstance(expected, struct_time) else None)


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("", None, None),
        ("XXXX", None, None),
        ("/1996", None, date(1996, 12, 31)),
        ("1996/", date(1996, 1, 1), None),
        ("1996-24", date(1996, 12, 1), date(1997, 2, 28)),
        ("1996-34", date(1996, 4, 1), date(1996, 6, 30)),
        ("1996-41", date(1996, 7, 1), date(1996, 12, 31)),
        ("198X/..", date(1980, 1, 1), None),
        ("{1996,1998..2000}", date(1996, 1, 1), date(2000, 12, 31)),
    ],
)
def test_bounds_where_nothing_may_be_invented(edtf: str, earliest: date | None, latest: date | None) -> None:
    when = dates.from_edtf(edtf)

    assert (when.earliest, when.latest) == (earliest, latest)


def test_the_empty_expression_says_nothing() -> None:
    when = dates.parse("  ")

    assert (when.edtf, when.earliest, when.latest) == ("", None, None)


@pytest.mark.parametrize(
    ("expression", "basis"),
    [
        ("1996年", dates.STATED),
        ("约1996年", dates.STATED),
        ("[19450815]", dates.RESEARCHED),
        ("[1996?]", dates.RESEARCHED),
        ("[1996..1998]", dates.STATED),
        ("疑为1996年", dates.INFERRED),
        ("1996?", dates.INFERRED),
        ("undated (c. 2021)", dates.INFERRED),
    ],
)
def test_the_basis_follows_from_the_wording(expression: str, basis: str) -> None:
    assert dates.parse(expression).basis == basis


@pytest.mark.parametrize(
    "expression",
    ["丙子年正月初五", "民国三十八年", "光绪二十年", "1996年春节", "1996年正月", "农历五月", "昭和12年"],
)
def test_other_calendars_are_refused_with_their_own_remedy(expression: str) -> None:
    with pytest.raises(InvalidInput, match="Gregorian") as refusal:
        dates.parse(expression)

    assert expression in refusal.value.message


@pytest.mark.parametrize(
    "expression",
    [
        "搬迁前",
        "hello",
        "二十年",
        "1996—11",
        "约",
        "至",
        "/",
        "../..",
        "0000",
        "-0500",
        "Y19960",
        "1996-21-05",
        "976年",
        "99世纪",
        "至" * 500,
    ],
)
def test_what_says_no_date_is_refused_with_the_forms_that_do(expression: str) -> None:
    with pytest.raises(InvalidInput, match="1996年5月31日") as refusal:
        dates.parse(expression)

    assert expression in refusal.value.message


@pytest.mark.parametrize(
    "expression", ["1996年2月30日", "19960230", "1996-13", "1900年2月29日", "2021-04-31", "1996年13月"]
)
def test_days_that_do_not_exist_are_named(expression: str) -> None:
    with pytest.raises(InvalidInput, match="the calendar has no"):
        dates.parse(expression)


@pytest.mark.parametrize("expression", ["1999—1996年", "1996-11/1996-05", "1996年5月12日至8日"])
def test_a_range_may_not_run_backwards(expression: str) -> None:
    with pytest.raises(InvalidInput, match="ends before it begins"):
        dates.parse(expression)


@pytest.mark.parametrize(
    ("expression", "chinese", "english"),
    [
        ("1996-05", "1996年5月", "May 1996"),
        ("1996-05-31", "1996年5月31日", "31 May 1996"),
        ("约1996年", "约1996年", "about 1996"),
        ("1996?", "1996年（存疑）", "1996 (uncertain)"),
        ("1996—2011", "1996—2011年", "1996–2011"),
        ("约1996—1999年", "约1996—1999年", "about 1996–1999"),
        ("1996年5月至11月", "1996年5月至11月", "May–November 1996"),
        ("1996-11-05/06", "1996年11月5日至6日", "5–6 November 1996"),
        ("1996年5月8日至6月12日", "1996年5月8日至6月12日", "8 May – 12 June 1996"),
        ("1996-12-31/1997-01-02", "1996年12月31日至1997年1月2日", "31 December 1996 – 2 January 1997"),
        ("1996年至今", "1996年起", "since 1996"),
        ("至2020", "至2020年", "until 2020"),
        ("九十年代初", "20世纪90年代", "1990s"),
        ("198X/..", "20世纪80年代起", "since the 1980s"),
        ("200X", "21世纪头十年", "2000s"),
        ("20XX", "21世纪", "21st century"),
        ("1996年春", "1996年春", "spring 1996"),
        ("1996-33", "1996年第一季度", "first quarter of 1996"),
        ("2008、2016", "2008年、2016年", "2008, 2016"),
        ("[1996,1997]", "1996年或1997年", "1996 or 1997"),
        ("1996-21/1997~", "1996年春至约1997年", "spring 1996 – about 1997"),
        ("1996-05-XX", "1996年5月", "May 1996"),
        ("不详", "日期不详", "undated"),
        ("", "日期不详", "undated"),
    ],
)
def test_display_in_both_languages(expression: str, chinese: str, english: str) -> None:
    when = dates.parse(expression)

    assert dates.display(when, "zh-hans") == chinese
    assert dates.display(when, "en") == english


@pytest.mark.parametrize(("expression", "_edtf"), [row for row in STANDARD_TABLE if row[0] != "[19450815]"])
def test_what_is_displayed_in_chinese_can_be_read_again(expression: str, _edtf: str) -> None:
    when = dates.parse(expression)

    again = dates.parse(dates.display(when, "zh-hans"))

    assert (again.earliest, again.latest) == (when.earliest, when.latest)

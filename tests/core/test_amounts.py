from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.utils import translation

from core import amounts
from core.errors import InvalidInput


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language they are written in."""
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("stated", "yuan", "unit", "approximate"),
    [
        ("1.5亿元", "150000000", "亿元", False),
        ("3000万元", "30000000", "万元", False),
        ("1亿2000万元", "120000000", "万元", False),
        ("1500元", "1500", "元", False),
        ("1,500.50元", "1500.50", "元", False),
        ("两千三百万元", "23000000", "万元", False),
        ("三亿元", "300000000", "亿元", False),
        ("人民币壹佰万元整", "1000000", "万元", False),
        ("壹拾贰万叁仟肆佰伍拾陆元柒角捌分", "123456.78", "万元", False),
        ("人民幣貳億元", "200000000", "亿元", False),
        ("60多万元", "600000", "万元", True),
        ("一千余万元", "10000000", "万元", True),
        ("百万元", "1000000", "万元", False),
        ("近百万元", "1000000", "万元", True),
        ("上亿元", "100000000", "亿元", True),
        ("1.72亿元", "172000000", "亿元", False),
        ("1490.48万元", "14904800", "万元", False),
        ("三点五亿元", "350000000", "亿元", False),
        ("三万五", "35000", "万元", False),
        ("1亿零5百元", "100000500", "亿元", False),
        ("1.2万亿元", "1200000000000", "万亿元", False),
        ("１００ 万元", "1000000", "万元", False),
        ("约2.64亿元", "264000000", "亿元", True),
        ("5亿元（近）", "500000000", "亿元", True),
        ("15亿元/年以上", "1500000000", "亿元", True),
        ("￥500元", "500", "元", False),
        ("3000万", "30000000", "万元", False),
    ],
)
def test_sums_are_exact_and_keep_their_wording(stated: str, yuan: str, unit: str, approximate: bool) -> None:
    amount = amounts.parse(stated)

    assert amount == amounts.Amount(yuan=Decimal(yuan), stated=stated, unit=unit, approximate=approximate)


@pytest.mark.parametrize(
    ("stated", "unit"), [("", ""), ("不详", ""), ("数百万元", "万元"), ("几千万元", "万元"), ("200万美元", "万美元")]
)
def test_words_without_a_figure_in_yuan_give_none(stated: str, unit: str) -> None:
    amount = amounts.parse(stated)

    assert (amount.yuan, amount.unit, amount.stated) == (None, unit, stated)


@pytest.mark.parametrize(
    "stated",
    ["1500", "万元", "百百元", "1亿亿元", "3.5.2元", "100万—200万元", "八万人", "hello", "-5万元", "1.5亿元和2亿元"],
)
def test_other_wording_is_refused_with_an_example(stated: str) -> None:
    with pytest.raises(InvalidInput, match="亿元") as refusal:
        amounts.parse(stated)

    assert stated in refusal.value.message


@pytest.mark.parametrize(
    ("words", "value"),
    [("廿三", 23), ("一百五", 150), ("一百零五", 105), ("二〇一六", 2016), ("1万2千亿", 1_200_000_000_000), ("十", 10)],
)
def test_numerals(words: str, value: int) -> None:
    assert amounts.numeral(words) == value


@pytest.mark.parametrize("words", ["", "闽", "万万", "十百", "3.5.2", "点"])
def test_what_is_no_numeral(words: str) -> None:
    assert amounts.numeral(words) is None


@pytest.mark.parametrize(
    ("yuan", "chinese", "english"),
    [
        ("150000000", "1.5亿元", "CNY 150 million"),
        ("1343000000", "13.43亿元", "CNY 1.343 billion"),
        ("14904800", "1490.48万元", "CNY 14.9048 million"),
        ("1200000000000", "1.2万亿元", "CNY 1.2 trillion"),
        ("600000", "60万元", "CNY 600,000"),
        ("1500.5", "1500.50元", "CNY 1,500.50"),
        ("123456789.12", "123,456,789.12元", "CNY 123,456,789.12"),
        ("0", "0元", "CNY 0"),
        ("1E+9", "10亿元", "CNY 1 billion"),
        ("-1500", "-1500元", "CNY -1,500"),
    ],
)
def test_display_never_rounds(yuan: str, chinese: str, english: str) -> None:
    assert amounts.display(Decimal(yuan), "zh-hans") == chinese
    assert amounts.display(Decimal(yuan), "en") == english

"""What is found as a number of a person, and what is not."""

import pytest

from media.masking.detectors import detect
from media.masking.numbers import has_right_check, passes_luhn
from media.models import Mask
from tests.media.masking.making import card, identity

Rule = Mask.Rule

OLD_WOMAN = "11010519491231002X"
"""The example of GB 11643."""

PERSON = identity("64010219870305123")
WORKER = identity("35010219801217451")
CARD = card("622202123456789012")
SHORT_CARD = card("621799001122334")

FOUND = [
    # Identity numbers
    (f"身份证号：{OLD_WOMAN}。", OLD_WOMAN, Rule.IDENTITY_NUMBER, 1.0),
    (f"马某，{PERSON}，住某村", PERSON, Rule.IDENTITY_NUMBER, 1.0),
    (f"号码{OLD_WOMAN.lower()}核对", OLD_WOMAN.lower(), Rule.IDENTITY_NUMBER, 1.0),
    (f"No{PERSON}", PERSON, Rule.IDENTITY_NUMBER, 1.0),
    (f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}", None, Rule.IDENTITY_NUMBER, 1.0),
    (f"{PERSON[:6]}-{PERSON[6:14]}-{PERSON[14:]}", None, Rule.IDENTITY_NUMBER, 1.0),
    (" ".join(PERSON), None, Rule.IDENTITY_NUMBER, 1.0),
    (f"{PERSON[:9]}\n{PERSON[9:]}", None, Rule.IDENTITY_NUMBER, 1.0),
    (f"{PERSON[:14]}-\n{PERSON[14:]}", None, Rule.IDENTITY_NUMBER, 1.0),
    ("".join(chr(ord(digit) + 0xFEE0) for digit in PERSON), None, Rule.IDENTITY_NUMBER, 1.0),
    ("".join(chr(ord(digit) + 0xFEE0) for digit in OLD_WOMAN), None, Rule.IDENTITY_NUMBER, 1.0),
    (f"残疾证号 {PERSON}42", f"{PERSON}42", Rule.IDENTITY_NUMBER, 1.0),
    (f"残疾证号 {PERSON}43B1", f"{PERSON}43B1", Rule.IDENTITY_NUMBER, 1.0),
    ("身份证 640102870305123", "640102870305123", Rule.IDENTITY_NUMBER, 0.95),
    ("640102870305123", "640102870305123", Rule.IDENTITY_NUMBER, 0.7),
    ("640102 870305 123", "640102 870305 123", Rule.IDENTITY_NUMBER, 0.7),
    # Misread: one digit wrong, or a letter for a digit
    (f"身份证号 {PERSON[:17]}{(int(PERSON[17], 16) + 1) % 10}", None, Rule.IDENTITY_NUMBER, 0.6),
    (f"身份证号 {PERSON.replace('0', 'O', 1)}", PERSON.replace("0", "O", 1), Rule.IDENTITY_NUMBER, 0.8),
    (f"身份证号 {PERSON[:11] + PERSON[11:].replace('1', 'l', 1)}", None, Rule.IDENTITY_NUMBER, 0.8),
    # Telephones
    ("电话13812345678。", "13812345678", Rule.MOBILE_NUMBER, 1.0),
    ("联系人马某 138 1234 5678", "138 1234 5678", Rule.MOBILE_NUMBER, 1.0),
    ("手机：139-5012-3456", "139-5012-3456", Rule.MOBILE_NUMBER, 1.0),
    ("１３８１２３４５６７８", "１３８１２３４５６７８", Rule.MOBILE_NUMBER, 1.0),
    ("1 3 8 1 2 3 4 5 6 7 8", "1 3 8 1 2 3 4 5 6 7 8", Rule.MOBILE_NUMBER, 1.0),
    ("电话1381234\n5678转告", "1381234\n5678", Rule.MOBILE_NUMBER, 1.0),
    ("手机13812345678户主马某", "13812345678", Rule.MOBILE_NUMBER, 1.0),
    ("救助名单 13812345678", "13812345678", Rule.MOBILE_NUMBER, 1.0),
    ("电话l38l2345678", "l38l2345678", Rule.MOBILE_NUMBER, 0.6),
    ("电话138O0135O00", "138O0135O00", Rule.MOBILE_NUMBER, 0.6),
    ("宅电 0951-5044321", "0951-5044321", Rule.MOBILE_NUMBER, 0.9),
    ("户主马某 电话（0951）5044321", None, Rule.MOBILE_NUMBER, 0.9),
    ("家庭电话：5044321", "5044321", Rule.MOBILE_NUMBER, 0.9),
    # Bank cards
    (f"一卡通账号：{CARD}", CARD, Rule.BANK_CARD, 1.0),
    (f"开户行：某信用社，{SHORT_CARD}", SHORT_CARD, Rule.BANK_CARD, 1.0),
    (f"卡号 {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", None, Rule.BANK_CARD, 1.0),
    (f"帐号{CARD[:10]}\n{CARD[10:]}", None, Rule.BANK_CARD, 1.0),
    (f"账号：{CARD[:-1]}{(int(CARD[-1]) + 1) % 10}", None, Rule.BANK_CARD, 0.6),
]

NOT_FOUND = [
    "闽政办〔1998〕138号文件",
    "中发〔1996〕12号、国办发〔1996〕26号",
    "全年完成投资13812345678元",
    "共13812345678.50元",
    "¥13812345678",
    "合计 1,381,234,567 元",
    "合同编号：13812345678",
    "发票号13812345678",
    "第13812345678号",
    "ISBN 978-7-227-01234-5",
    "统一社会信用代码 913501021581234567",
    "组织机构代码 15812345-6",
    "640102198713051234",  # month 13
    "990102198703051234",  # no such province
    "640102187003051234"[:17],  # 17 digits
    f"1{PERSON}",  # 19 digits, and near no account
    "6222021234567890123",  # no account near
    f"{CARD}",  # a card number with nothing that says so
    "办公室电话 0951-5044321",
    "值班电话：0591-87654321，传真：0591-87654322",
    "自治区扶贫办电话（0951）5044321",
    "服务热线 12345，举报电话 12317",
    "400-810-1234",
    "邮编 750001 750002",
    "1996年10月至1997年4月5日",
    "1996.10.15 1997.04.05 1998.12.31",
    "19961015",
    "档号 Z109-WS·2011-Y-BGS-0001",
    "增长138 12 34 56 78个百分点",
    "138\n\n12345678",  # two cells of a table
    "1 3 8 1 2 3 4 5 6 7 8 9 10 11 12",  # a row of numbers
    "12 345 678 901 234 567 890",
    "序号 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18",
    "面积13812345678亩",
    "东经 106.123456789 北纬 38.123456789",
    "图书编号 123456789012345",
    "QQ群 138123456",
    "水费账单编号 202001010001",
]


@pytest.mark.parametrize(("text", "written", "rule", "certainty"), FOUND)
def test_numbers_of_persons_are_found(text: str, written: str | None, rule: Mask.Rule, certainty: float) -> None:
    found = detect(text)

    assert [each.rule for each in found] == [rule]
    assert found[0].certainty == pytest.approx(certainty)
    if written is not None:
        assert text[found[0].start : found[0].end] == written
    else:
        stretch = text[found[0].start : found[0].end]
        assert sum(character.isdigit() for character in stretch) >= 10


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert detect(text) == []


def test_a_whole_number_is_covered_however_it_is_spaced() -> None:
    spaced = f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}"
    text = f"户籍 {spaced} 完"

    (found,) = detect(text)

    assert text[found.start : found.end] == spaced


def test_several_numbers_in_a_row_are_several_candidates() -> None:
    text = f"马某 {PERSON} 13812345678 卡号{CARD}，陈某 {WORKER}"

    assert [each.rule for each in detect(text)] == [
        Rule.IDENTITY_NUMBER,
        Rule.MOBILE_NUMBER,
        Rule.BANK_CARD,
        Rule.IDENTITY_NUMBER,
    ]


def test_the_check_character_of_the_standard() -> None:
    assert has_right_check(OLD_WOMAN)
    assert has_right_check("440524188001010014")
    assert not has_right_check("110105194912310021")


def test_the_check_digit_of_cards() -> None:
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")
    assert not passes_luhn("0000000000000000")

"""Numbers that name one person: identity cards, telephones, bank accounts (standards: L-23 and its table).

What is told apart from amounts, dates, numbers of documents: a number stands in whole groups of digits; an identity
number has a province, a day of birth and a check character (GB 11643, ISO 7064 MOD 11-2); a card number passes Luhn and
stands near a word for an account; a mobile number has the groups in which people write it and no unit after it.
"""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from media.masking.folding import SLIPS, Found
from media.masking.runs import Number, numbers
from media.models import Mask

Rule = Mask.Rule

PROVINCES: Final = frozenset(
    f"{region}{number}"
    for region, numbers_ in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",
    }.items()
    for number in numbers_
)
_WEIGHTS: Final = tuple(pow(2, 17 - place, 11) for place in range(17))
_CHECKS: Final = "10X98765432"

_USUAL_IDENTITY: Final = {(18,), (6, 8, 4), (6, 4, 4, 4), (6, 4, 2, 2, 4), (17, 1), (14, 4), (6, 12)}
_USUAL_OLD_IDENTITY: Final = {(15,), (6, 6, 3), (6, 9)}
_USUAL_MOBILE: Final = {(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5)}
_DISABILITY: Final = re.compile(r"(?<![0-9])([0-9]{17}[0-9Xx])[1-7][1-4](?:B[0-9])?(?![0-9])")

_UNIT: Final = re.compile(r" ?(?:\.[0-9]|[元万亿吨斤亩株%]|公斤|千瓦|平方|立方|公里|美元|人次|号文)")
_NOT_A_TELEPHONE: Final = re.compile(
    r"(?:[¥￥$第]|[0-9][.,]|(?:编|档|文|发票|凭证|合同|单|序|批)号[码: ]*|(?:代码|邮编|许可证|ISBN|ISSN|No\.?)[: ]*)$"
)
_FIXED: Final = re.compile(r"(?<![0-9-])(?:\(?0[0-9]{2,3}\)?[- ]?)[2-9][0-9]{6,7}(?![0-9])")
_FIXED_ALONE: Final = re.compile(r"(?:宅电|住宅电话|家庭电话|家里电话|家中电话)[:： ]*([2-9][0-9]{6,7})(?![0-9])")
_PERSONAL: Final = re.compile(
    r"宅电|住宅|家庭|家里|家中|户主|本人|家长|监护人|学生|村民|农户|残疾人|亲属|个人|姓名|母亲|父亲"
)
_OFFICIAL: Final = re.compile(r"办公|单位|传真|值班|热线|公司|总机|政府|机关|[局委处院校]电话|中心|客服|举报|监督")

_ACCOUNT: Final = re.compile(r"[账帐]号|[账帐]户|卡号|开户|一卡通|银行卡|存折|打卡|储蓄|信用社|农商行|借记卡")
_ACCOUNT_LABEL: Final = re.compile(r"(?:[账帐]号|卡号|一卡通号?码?|存折号?)[:： ]{0,3}$")
AROUND: Final = 40
"""Characters before a number in which a word tells what it is."""


def identity_numbers(text: str) -> Iterator[Found]:
    """Identity numbers of 18 and of 15 digits in folded text, and those within disability certificates.

    One whose check character is wrong is still a candidate, less certain, where province and day of birth are real and
    it is written as such numbers are: a single digit misread must not uncover a person.
    """
    for found in _DISABILITY.finditer(text):
        if has_right_check(found.group(1)):
            yield Found(found.start(), found.end(), Rule.IDENTITY_NUMBER)
    for number in numbers(text, 18, 18):
        certainty = _certainty_of_identity(number)
        if certainty:
            yield Found(number.start, number.end, Rule.IDENTITY_NUMBER, certainty)
    for number in numbers(text, 15, 15):
        if is_old_identity(number.written) and (number.shape in _USUAL_OLD_IDENTITY or number.is_spaced_out):
            is_told = re.search(r"身份证|证号|公民身份", text[max(number.start - AROUND, 0) : number.start]) is not None
            yield Found(number.start, number.end, Rule.IDENTITY_NUMBER, 0.95 if is_told else 0.7)
    for number in numbers(text, 18, 18, with_slips=True):
        if _slips(number.written) in {1, 2, 3} and len(number.groups) <= 4:
            read = number.written[:17].translate(SLIPS) + number.written[17].translate(SLIPS).upper()
            if is_identity_shaped(read):
                yield Found(number.start, number.end, Rule.IDENTITY_NUMBER, 0.8 if has_right_check(read) else 0.5)


def is_identity_shaped(number: str) -> bool:
    """Whether a number has 17 digits and a check character, a province, and a day of birth."""
    if len(number) != 18 or not number[:17].isdecimal() or number[17] not in "0123456789Xx":
        return False
    return number[:2] in PROVINCES and number[6:8] in {"18", "19", "20"} and _is_day(number[6:14])


def has_right_check(number: str) -> bool:
    """Whether the check character fits (ISO 7064, MOD 11-2), beside everything else."""
    if not is_identity_shaped(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def is_old_identity(number: str) -> bool:
    """Whether a number of 15 digits has a province and a day of birth of the twentieth century."""
    return len(number) == 15 and number.isdecimal() and number[:2] in PROVINCES and _is_day(f"19{number[6:12]}")


def telephones(text: str) -> Iterator[Found]:
    """Mobile numbers in folded text, and fixed lines where the words around speak of a person, not of an office."""
    for number in numbers(text, 11, 11):
        if re.fullmatch(r"1[3-9][0-9]{9}", number.written) and _is_written_as_mobile(text, number):
            yield Found(number.start, number.end, Rule.MOBILE_NUMBER)
    for number in numbers(text, 11, 11, with_slips=True):
        read = number.written.translate(SLIPS)
        is_like_one = _slips(number.written) in {1, 2, 3} and re.fullmatch(r"1[3-9][0-9]{9}", read)
        if is_like_one and _is_written_as_mobile(text, number):
            yield Found(number.start, number.end, Rule.MOBILE_NUMBER, 0.6)
    for fixed in _FIXED.finditer(text):
        line = text[text.rfind("\n", 0, fixed.start()) + 1 : fixed.start()][-24:]
        if _PERSONAL.search(line) and not _OFFICIAL.search(line):
            yield Found(fixed.start(), fixed.end(), Rule.MOBILE_NUMBER, 0.9)
    for alone in _FIXED_ALONE.finditer(text):
        yield Found(alone.start(1), alone.end(1), Rule.MOBILE_NUMBER, 0.9)


def bank_cards(text: str) -> Iterator[Found]:
    """Card and account numbers of 16 to 19 digits that pass Luhn, near a word for an account, in folded text.

    Directly after such a word one that does not pass is a candidate, too, less certain.
    """
    for number in numbers(text, 16, 19):
        if not number.written.isdecimal() or (number.before and number.after and len(number.groups) > 1):
            continue
        if len(number.groups) > 6 and not number.is_spaced_out:
            continue
        before = text[max(number.start - AROUND, 0) : number.start]
        is_near = _ACCOUNT.search(before) or _ACCOUNT.search(text[number.end : number.end + 12])
        if is_near and passes_luhn(number.written):
            yield Found(number.start, number.end, Rule.BANK_CARD)
        elif _ACCOUNT_LABEL.search(before) and not number.after:
            yield Found(number.start, number.end, Rule.BANK_CARD, 0.6)


def passes_luhn(number: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and any(digit != "0" for digit in number)


def _certainty_of_identity(number: Number) -> float:
    if not is_identity_shaped(number.written):
        return 0.0
    if has_right_check(number.written):
        return 1.0
    return 0.6 if number.shape in _USUAL_IDENTITY or number.is_spaced_out else 0.0


def _is_written_as_mobile(text: str, number: Number) -> bool:
    if number.shape not in _USUAL_MOBILE and not number.is_spaced_out:
        return False
    is_amount = _UNIT.match(text, number.end) is not None
    return not is_amount and not _NOT_A_TELEPHONE.search(text[max(number.start - 8, 0) : number.start])


def _slips(written: str) -> int:
    """How many letters stand for digits; a last X is none."""
    return sum(1 for character in written[:-1] if character.isalpha() or character == "|") + (
        1 if written[-1].isalpha() and written[-1] not in "Xx" else 0
    )


def _is_day(written: str) -> bool:
    try:
        dt.datetime.strptime(written, "%Y%m%d")
    except ValueError:
        return False
    return True

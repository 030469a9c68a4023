"""Sums of money: the words of the source beside exact yuan.

A sum keeps its words for good; the figure in yuan is what can be compared and, within one basis of counting, added.
What was counted (到位, 计划, 累计) and the period are fields of their own, elsewhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from core import text
from core.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as stated.

    ``yuan`` is exact; None when the words give no figure in yuan (不详, 数百万元, a foreign currency). ``unit`` is the
    unit that the source counted in (元, 万元, 亿元, 万亿元, 万美元 …). ``approximate`` says that the source rounds
    (约, 多, 余, 近, 超过, 以上).
    """

    yuan: Decimal | None
    stated: str
    unit: str
    approximate: bool


_FIGURES: Final = "0-9.〇零一二三四五六七八九十百千万亿两廿卅点"
_ROUNDED_BEFORE: Final = "大约|约|将近|接近|近|超过|超|逾|突破|不足|不到|至少|高达|上"
_ROUNDED_AFTER: Final = "左右|上下|以上|以下|以内|多|余|近|超"
_CURRENCIES: Final = "美元|美金|港元|港币|欧元|英镑|日元|新台币|台币|澳元|加元|新加坡元|瑞士法郎|马克"

_UNSTATED: Final = re.compile("|不详|未知|不明|无|若干|若干元|数额不详|金额不详")
_SUM: Final = re.compile(
    rf"(?P<before>(?:{_ROUNDED_BEFORE})*)(?:人民币|rmb|cny|¥)?(?P<inside>(?:{_ROUNDED_BEFORE})*)"
    rf"(?:(?P<vague>[数几])(?=[十百千万亿]))?(?P<figure>[{_FIGURES}]+?)(?P<odd>[多余几])?(?P<scale>[十百千万亿]*)"
    rf"(?:(?P<currency>{_CURRENCIES})|(?P<yuan>元|圆|块钱|块)?(?:(?P<jiao>[0-9一二三四五六七八九零])角)?"
    rf"(?:(?P<fen>[0-9一二三四五六七八九零])分)?(?:整|正)?)(?P<rate>/年|每年)?(?P<after>(?:\(?(?:{_ROUNDED_AFTER})\)?)*)"
)
_FORMAL: Final = str.maketrans("壹贰叁参肆伍陆柒捌玖拾佰仟圆弌弍弎○", "一二三三四五六七八九十百千元一二三〇")
_DIGITS: Final = str.maketrans("〇零一二三四五六七八九两点", "00123456789" + "2.")
_PART: Final = re.compile(r"\d+(?:\.\d+)?|[十百千万亿]")
_SMALL_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_UNIT: Final = re.compile("万亿|亿|万")

_UNITS_ZH: Final = (("万亿", 12), ("亿", 8), ("万", 4), ("", 0))
_UNITS_EN: Final = ((" trillion", 12), (" billion", 9), (" million", 6), ("", 0))
_DECIMALS: Final = Decimal("0.0001")
_FEN: Final = Decimal("0.01")
_GROUPED_FROM: Final = 10_000
_BARE_UNIT: Final = re.compile("[万亿]")


def parse(stated: str) -> Amount:
    """Read a sum as Chinese sources print it: 1.5亿元, 1亿2000万元, 60多万元, 人民币壹佰万元整, 1,500.50元.

    Raises:
        InvalidInput: the words are no single sum of money, or a bare figure lacks its unit.
    """
    plain = _plain(stated)
    if _UNSTATED.fullmatch(plain):
        return Amount(yuan=None, stated=stated, unit="", approximate=False)
    found = _SUM.fullmatch(plain)
    if found is None or not _names_a_unit(found):
        raise _unreadable(stated)
    approximate = any(found[name] for name in ("before", "inside", "vague", "odd", "after"))
    unit = _unit_of(found)
    if found["currency"] or found["vague"]:
        return Amount(yuan=None, stated=stated, unit=unit, approximate=approximate)
    figure = found["figure"] + found["scale"]
    if approximate and _BARE_UNIT.match(figure):
        figure = f"1{figure}"  # 上亿元, 近万元
    value = numeral(figure)
    if value is None:
        raise _unreadable(stated)
    yuan = _without_zeros(value + _small_change(found))
    return Amount(yuan=yuan, stated=stated, unit=unit, approximate=approximate)


def display(yuan: Decimal, language: str) -> str:
    """The exact sum in the reader's units: 1.5亿元, or ``CNY 150 million``.

    The largest unit is taken in which the sum needs no more than four decimals, so that nothing is ever rounded.
    """
    chinese = language.lower().startswith("zh")
    units = _UNITS_ZH if chinese else _UNITS_EN
    unit, power = next((unit, power) for unit, power in units if _fits(yuan.scaleb(-power)) or not power)
    figure = _without_zeros(yuan.scaleb(-power))
    if not power and figure.as_tuple().exponent == -1:
        figure = figure.quantize(_FEN)
    shown = f"{figure:,f}" if not chinese or abs(figure) >= _GROUPED_FROM else f"{figure:f}"
    return f"{shown}{unit}元" if chinese else f"CNY {shown}{unit}"


def numeral(words: str) -> Decimal | None:
    """The value of a number in Arabic figures, Chinese numerals or both (1亿2000万, 两千三百万, 三点五亿, 百万, 廿三).

    None when it is not a number. Exact: no floating point is involved.
    """
    mixed = words.replace("廿", "二十").replace("卅", "三十").translate(_DIGITS)
    parts = _PART.findall(mixed)
    if not parts or "".join(parts) != mixed:
        return None
    reader = _NumeralReader()
    if not all(reader.take(part) for part in parts):
        return None
    return reader.value()


class _NumeralReader:
    """Adds up a numeral from left to right: what lies over 亿, over 万, below, and a figure without its unit."""

    def __init__(self) -> None:
        self.over_yi = self.over_wan = self.section = Decimal(0)
        self.figure: str = ""
        self.unit = 0
        """The unit taken last, 0 before the first."""

    def take(self, part: str) -> bool:
        """Take the next figure or unit; False when it cannot stand here."""
        if part in _SMALL_UNITS:
            return self._take_small(_SMALL_UNITS[part])
        if part == "万":
            return self._take_wan()
        if part == "亿":
            return self._take_yi()
        taken = not self.figure
        self.figure = part
        return taken

    def value(self) -> Decimal:
        """The sum; a single last figure counts in the next lower unit, as spoken (三万五 is 35,000)."""
        last = Decimal(self.figure or 0)
        if len(self.figure) == 1 and self.unit > 1:
            last = last * self.unit / 10
        return self.over_yi + self.over_wan + self.section + last

    def _take_small(self, unit: int) -> bool:
        if self.section and self.unit <= unit:
            return False
        self.section += Decimal(self.figure or 1) * unit
        self.figure, self.unit = "", unit
        return True

    def _take_wan(self) -> bool:
        counted = self.section + Decimal(self.figure or 0)
        if self.over_wan or not counted:
            return False
        self.over_wan = counted * 10_000
        self.section, self.figure, self.unit = Decimal(0), "", 10_000
        return True

    def _take_yi(self) -> bool:
        counted = self.over_wan + self.section + Decimal(self.figure or 0)
        if self.over_yi or not counted:
            return False
        self.over_yi = counted * 100_000_000
        self.over_wan = self.section = Decimal(0)
        self.figure, self.unit = "", 100_000_000
        return True


def _fits(figure: Decimal) -> bool:
    return abs(figure) >= 1 and figure == figure.quantize(_DECIMALS)


def _without_zeros(figure: Decimal) -> Decimal:
    """The same value without zeros after the decimal point, and never in exponents."""
    return figure.quantize(Decimal(1)) if figure == figure.to_integral_value() else figure.normalize()


def _plain(stated: str) -> str:
    """Compatible, Simplified, ordinary numerals, without spaces and thousands separators."""
    compatible = unicodedata.normalize("NFKC", stated).lower()
    return re.sub(r"[\s,，、]", "", text.simplify(compatible)).translate(_FORMAL)


def _names_a_unit(found: re.Match[str]) -> bool:
    """A bare figure could be yuan or ten thousand yuan; 万 and 亿 speak for themselves."""
    scaled = any(unit in found["figure"] + found["scale"] for unit in "万亿")
    return bool(found["currency"] or found["yuan"] or found["jiao"] or found["fen"] or scaled)


def _unit_of(found: re.Match[str]) -> str:
    units = _UNIT.findall(found["figure"] + found["scale"])
    return (units[-1] if units else "") + (found["currency"] or "元")


def _small_change(found: re.Match[str]) -> Decimal:
    jiao, fen = (Decimal((found[name] or "0").translate(_DIGITS)) for name in ("jiao", "fen"))
    return jiao / 10 + fen / 100


def _unreadable(stated: str) -> InvalidInput:
    return InvalidInput(
        _("“%(stated)s” is not a sum of money. Write one sum with its unit, such as 1.5亿元, 3000万元 or 1,500.50元.")
        % {"stated": stated}
    )

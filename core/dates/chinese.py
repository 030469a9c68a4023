"""Chinese date expressions, and the ISO forms people type, as EDTF (GB/T 7408.2-2025, ISO 8601-2).

Only the wording is read here: whether there is such a day, and which days a date covers, `core.dates.archival` decides.
"""

import calendar
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from core import text

_LONGEST: Final = 60  # characters; what is longer is a sentence
_DIGITS: Final = "〇一二三四五六七八九"
_TENS: Final = (("",), ("十",), ("二十", "廿"), ("三十", "卅"))


def _small_numbers() -> dict[str, int]:
    """1 to 31 in every form: 5, 05, 五, 十五, 二十一, 廿一, 卅, and 元 for the first month."""
    numbers = {"元": 1}
    for number in range(1, 32):
        tens, ones = divmod(number, 10)
        last = _DIGITS[ones] if ones else ""
        numbers |= {f"{number}": number, f"{number:02d}": number}
        numbers |= {first + last: number for first in _TENS[tens]}
    return numbers


_NUMBERS: Final = _small_numbers()
_NUMBER: Final = "[0-9]{1,2}|元|[一二三四五六七八九十廿卅]{1,3}"
_YEAR: Final = "[0-9〇一二三四五六七八九]{4}|[0-9〇一二三四五六七八九]{2}"
_SEASONS: Final = {"春": 21, "夏": 22, "秋": 23, "冬": 24}
_HALVES: Final = {"上半年": (1, 6), "下半年": (7, 12)}
_TEN_DAYS: Final = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}

_YEAR_EXPRESSION: Final = re.compile(
    rf"(?P<year>{_YEAR})年度?(?:(?P<season>[春夏秋冬])[季天]?|第?(?P<quarter>[一二三四1-4])季度|(?P<half>[上下]半年)"
    rf"|(?P<part>年?[初中底末]|年代[初中末]))?"
)
_MONTH_EXPRESSION: Final = re.compile(
    rf"(?P<year>{_YEAR})年(?P<month>{_NUMBER})月份?(?:(?P<day>{_NUMBER})[日号]|(?P<ten_days>[上中下]旬)|(?P<part>月?[初中底末]))?"
)
_DECADE: Final = re.compile(
    rf"(?:(?P<century>[0-9]{{2}}|[一二]?十[一二三四五六七八九]?)世纪|(?P<relative>上世纪)|(?P<hundreds>1[0-9]|20))?"
    rf"(?P<decade>[{_DIGITS[1:]}]十|[0-9]0)年代(?:初期?|前期|中期?|后期|末期?)?"
)
_CENTURY: Final = re.compile(
    r"(?:(?P<century>[0-9]{2}|[一二]?十[一二三四五六七八九]?)世纪|(?P<relative>上世纪))(?:初|中叶|末)?"
)
_COMPACT: Final = re.compile(r"((?:1[0-9]|20)[0-9]{2})(0[0-9]|1[0-2])([0-3][0-9])?")
_LOOSE_ISO: Final = re.compile(r"([0-9]{4})([-./])([0-9]{1,2})(?:\2([0-9]{1,2}))?")
_MONTH_AND_DAY: Final = re.compile(r"([0-9]{1,2})[-.]([0-9]{1,2})")
_EDTF_POINT: Final = r"[~?%]?(?=[0-9X]{4}(?![0-9X]))[0-9]*X*[~?%]?(?:-[~?%]?(?:[0-9]{2}|XX)[~?%]?){0,2}"
_EDTF: Final = re.compile(
    rf"{_EDTF_POINT}|(?:\.\.|{_EDTF_POINT})?/(?:\.\.|{_EDTF_POINT})?"
    rf"|\[[-0-9X~?%.,]*(?:\.\.|,)[-0-9X~?%.,]*\]|\{{[-0-9X~?%.,]*\}}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9:.+Z-]+"
)
_BRACKETED: Final = re.compile(r"\[([^\],]+?)\]")
_UNDATED: Final = re.compile(
    r"(?:日期不详|时间不详|日期不明|不详|未知|无日期|无|undated|n\.d\.|nodate|unknown)(?:\((?P<guess>.*)\))?", re.I
)
_REMARK: Final = re.compile(r"(?<=.)\([^()]*\)$|(?:星期|周)[一二三四五六日天]$")
_APPROXIMATE: Final = re.compile(r"^(?:大约|大概|约|circa|about|ca?\.|c(?=[0-9]))|(?:前后|左右)$", re.I)
_UNCERTAIN: Final = re.compile(r"^(?:疑为|疑似|疑|可能)|(?:\(存疑\)|\(\?\)|\?)$")
_SINCE: Final = re.compile(r"(.+?)(?:(?:至|到|—|-)(?:今|现在)|以来|以后|之后|开始|起|orlater|—|(?<=[0-9]{4})-)")
_UNTIL: Final = re.compile(r"(?:截至|截止|至|到|—)(.+?)(?:为?止)?|(.+?)(?:以前|之前|为止|止|前)")
_RANGE_MARK: Final = re.compile("—+|--|-|~|至|到|/")
_LIST_MARK: Final = re.compile("[、,，和及]")
_OTHER_CALENDAR: Final = re.compile(
    "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]|农历|阴历|旧历|夏历|[正腊冬]月|闰|初[一二三四五六七八九十]|春节|元宵|端午|中秋"
    "|重阳|除夕|民国|宣统|光绪|同治|咸丰|道光|嘉庆|乾隆|雍正|康熙|顺治|崇祯|万历|洪武|昭和|大正|明治|公元前"
)
_DASHES: Final = str.maketrans(dict.fromkeys("–―‒⸺─━〜", "—") | {"○": "〇", "零": "〇", "‐": "-", "‑": "-", "−": "-"})


def plain(expression: str) -> str:
    """The expression in one spelling: NFKC, Simplified, without spaces, one kind of dash for ranges."""
    compatible = text.simplify(unicodedata.normalize("NFKC", expression.translate(_DASHES)))
    return re.sub(r"\s", "", compatible).translate(_DASHES).removeprefix("公元").removeprefix("西元")


def is_of_another_calendar(wording: str) -> bool:
    """Whether a plain wording names a lunar or reign date, which GB/T 7408.2 leaves out."""
    return _OTHER_CALENDAR.search(wording) is not None


@lru_cache(maxsize=4096)
def to_edtf(wording: str) -> str | None:
    """The EDTF of a plain wording, or None when it says no date. The empty wording gives the empty string."""
    if not wording:
        return ""
    if len(wording) > _LONGEST:
        return None
    for read in _READERS:
        edtf = read(wording)
        if edtf is not None:
            return edtf
    return None


def is_researched(wording: str) -> bool:
    """Whether the archivist found the date by research (考证), which brackets say: [19450815]."""
    return _BRACKETED.fullmatch(wording) is not None and ".." not in wording


def is_inferred(wording: str) -> bool:
    """Whether the date is a guess: put to doubt, or given for something undated."""
    undated = _UNDATED.fullmatch(wording)
    return _UNCERTAIN.search(wording) is not None or (undated is not None and _guess(undated) is not None)


def _undated(wording: str) -> str | None:
    found = _UNDATED.fullmatch(wording)
    return (_guess(found) or "XXXX") if found else None


def _guess(undated: re.Match[str]) -> str | None:
    """What is supposed in the brackets after “undated”; a remark there is no date."""
    return to_edtf(undated["guess"]) if undated["guess"] else None


def _bracketed(wording: str) -> str | None:
    """DA/T 18: dates found by research stand in square brackets; they count as approximate."""
    found = _BRACKETED.fullmatch(wording)
    if found is None or ".." in wording:
        return None
    inner = to_edtf(found[1])
    return _qualified(inner, "~") if inner else None


def _edtf(wording: str) -> str | None:
    code = wording.upper()
    return code if _EDTF.fullmatch(code) and re.search("[0-9]{2}|X", code) else None


def _compact(wording: str) -> str | None:
    """Dates in eight figures (or six); 00 stands for what is not known."""
    found = _COMPACT.fullmatch(wording)
    if found is None:
        return None
    year, month, day = found.groups(default="00")
    if month == "00":
        return year
    return f"{year}-{month}" if day == "00" else f"{year}-{month}-{day}"


def _doubtful(wording: str) -> str | None:
    """约1996年, 1996年前后, 疑为1996年: the date without the doubt, then the mark for it."""
    stripped, approximate = _APPROXIMATE.subn("", wording)
    stripped, uncertain = _UNCERTAIN.subn("", stripped)
    if stripped == wording or not stripped:
        return None
    inner = to_edtf(stripped)
    mark = "%" if approximate and uncertain else "~" if approximate else "?"
    return _qualified(inner, mark) if inner else None


def _without_remark(wording: str) -> str | None:
    """A remark in brackets or a weekday at the end says nothing about the date."""
    stripped = _REMARK.sub("", wording)
    return to_edtf(stripped) if stripped != wording else None


def _decade(wording: str) -> str | None:
    found = _DECADE.fullmatch(wording)
    hundreds = (found["hundreds"] or _hundreds(found["century"])) if found else None
    if found is None or hundreds is None:
        return None
    decade = found["decade"][0]
    return f"{hundreds}{decade if decade.isascii() else _DIGITS.index(decade)}X"


def _century(wording: str) -> str | None:
    found = _CENTURY.fullmatch(wording)
    hundreds = _hundreds(found["century"]) if found else None
    return f"{hundreds}XX" if hundreds else None


def _hundreds(century: str | None) -> str | None:
    """The first two figures of the years of a century; the twentieth when none is named."""
    if century is None:
        return "19"
    number = _NUMBERS.get(century)
    return f"{number - 1:02d}" if number else None


def _open(wording: str) -> str | None:
    """1996年至今, 20世纪80年代以来; 至2020年, 2020年以前."""
    since = _SINCE.fullmatch(wording)
    start = to_edtf(_with_unit(since[1])) if since else None
    if start and "/" not in start:
        return f"{start}/.."
    until = _UNTIL.fullmatch(wording)
    end = to_edtf(_with_unit(until[1] or until[2])) if until else None
    return f"../{end}" if end and "/" not in end else None


def _range(wording: str) -> str | None:
    """Two dates with a mark between them, at the first mark where both sides can be read."""
    for mark in _RANGE_MARK.finditer(wording):
        sides = _completed(wording[: mark.start()], wording[mark.end() :])
        ends = [_point(side) for side in sides]
        if ends[0] and ends[1]:
            return f"{ends[0].split('/')[0]}/{ends[1].split('/')[-1]}"
    return None


def _list(wording: str) -> str | None:
    """Several dates, all of them meant: 2008年、2016年."""
    named = _LIST_MARK.split(wording)
    if len(named) < 2:
        return None
    points = [_point(_completed(named[0], named[1])[0])]
    points += [_point(_completed(named[0], later)[1]) for later in named[1:]]
    dates = [point for point in points if point and "/" not in point]
    return "{" + ",".join(dates) + "}" if len(dates) == len(named) else None


def _point(wording: str) -> str | None:
    """A year, season, month, ten days or day, named in full."""
    loose = _LOOSE_ISO.fullmatch(wording)
    if loose:
        wording = _spelt(wording)
    elif re.fullmatch(r"[0-9]{4}", wording):
        return wording
    month = _MONTH_EXPRESSION.fullmatch(wording)
    if month:
        return _month_point(month)
    year = _YEAR_EXPRESSION.fullmatch(wording)
    return _year_point(year) if year else _decade(wording)


def _year_point(found: re.Match[str]) -> str:
    year = _year(found["year"])
    if found["season"]:
        return f"{year}-{_SEASONS[found['season']]}"
    if found["quarter"]:
        first = 3 * _NUMBERS[found["quarter"]] - 2
        return f"{year}-{first:02d}/{year}-{first + 2:02d}"
    if found["half"]:
        first, last = _HALVES[found["half"]]
        return f"{year}-{first:02d}/{year}-{last:02d}"
    return f"{year}~" if found["part"] else year


def _month_point(found: re.Match[str]) -> str | None:
    year, month = _year(found["year"]), _NUMBERS.get(found["month"], 0)
    if found["day"]:
        return f"{year}-{month:02d}-{_NUMBERS.get(found['day'], 99):02d}"
    if found["ten_days"]:
        first, last = _TEN_DAYS[found["ten_days"]]
        if 1 <= month <= 12:
            last = min(last, calendar.monthrange(int(year), month)[1])
        return f"{year}-{month:02d}-{first:02d}/{year}-{month:02d}-{last:02d}"
    return f"{year}-{month:02d}" + ("~" if found["part"] else "")


def _year(figures: str) -> str:
    """Four figures; two stand for 1930 to 2029."""
    arabic = "".join(str(_DIGITS.index(figure)) if figure in _DIGITS else figure for figure in figures)
    if len(arabic) == 4:
        return arabic
    return f"{'19' if int(arabic) >= 30 else '20'}{arabic}"


def _completed(left: str, right: str) -> tuple[str, str]:
    """Give both sides what they leave to the other: 1996年5—11月, 1996年11月5日至6日, 1996-11-05/06."""
    left, right = _spelt(left), _spelt(right)
    if left[-1:] and left[-1] not in "年月日号" and right[-1:] in ("年", "月", "日", "号") and _ends_in_number(left):
        left += right[-1]
    if re.fullmatch(r"[0-9]{1,2}", right) and left[-1:] in ("月", "日", "号"):
        right += left[-1]
    if "年" not in right:
        year, month = re.match(rf"(?:{_YEAR})年", left), re.match(rf"(?:{_YEAR})年(?:{_NUMBER})月", left)
        borrowed = year if "月" in right else month
        right = (borrowed[0] if borrowed else "") + right
    return _with_unit(left), _with_unit(right)


def _ends_in_number(wording: str) -> bool:
    return re.search(f"(?:^|[年月])(?:{_YEAR}|{_NUMBER})$", wording) is not None


def _spelt(wording: str) -> str:
    """ISO-like figures in Chinese spelling, so that both can be completed alike: 1996-11-05 is 1996年11月05日."""
    full = _LOOSE_ISO.fullmatch(wording)
    if full:
        return f"{full[1]}年{full[3]}月" + (f"{full[4]}日" if full[4] else "")
    part = _MONTH_AND_DAY.fullmatch(wording)
    return f"{part[1]}月{part[2]}日" if part else wording


def _with_unit(wording: str) -> str:
    return f"{wording}年" if re.fullmatch(f"[0-9{_DIGITS}]{{4}}", wording) else wording


def _qualified(edtf: str, mark: str) -> str:
    """Put the mark of doubt on every date of the expression; doubts add up to ``%``."""
    points = re.split(r"([/,{}\[\]]|\.\.)", edtf)
    return "".join(_marked(point, mark) if re.search(r"[0-9X]", point) else point for point in points)


def _marked(point: str, mark: str) -> str:
    present = set(point[-1]) & set("~?%")
    bare = point[:-1] if present else point
    return bare + (mark if not present or present == {mark} else "%")


_READERS: Final[tuple[Callable[[str], str | None], ...]] = (
    _undated,
    _bracketed,
    _compact,
    _edtf,
    _point,
    _decade,
    _century,
    _doubtful,
    _open,
    _range,
    _list,
    _without_remark,
)

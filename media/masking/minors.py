"""Children: a birth or an age that makes somebody younger than fourteen on the day of the document (PIPL, Art. 28)."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from media.masking.folding import Found
from media.models import Mask

OF_AGE: Final = 14

_DAY: Final = r"(?:(?P<day>3[01]|[12][0-9]|0?[1-9])日?)?"
_DATE: Final = rf"(?P<year>(?:19|20)[0-9]{{2}}) ?[年./-] ?(?P<month>1[0-2]|0?[1-9])(?: ?[月./-] ?{_DAY})?"
_NAME: Final = r"(?:[\u4e00-\u9fff]{2,3}[，,、（( ]{1,2}(?:[男女][孩童]?[，,、 ]{0,2})?)?"
_BORN: Final = (
    re.compile(rf"{_NAME}{_DATE} ?(?:出生|生(?=[，,。；;、)） \n]|$))"),
    re.compile(rf"(?:出生(?:年月日?|日期|时间|于)?|生于)[: ：]{{0,2}}{_DATE}"),
)
_AGED: Final = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]某某?)(?:[，,、（( ]{1,2}[男女][孩童]?[，,、 ]{0,2}|[，,（(])"
    r"(?:今年|现年|年仅|刚满|才)?(?P<age>[0-9]{1,2}|十[一二三]?|[一二两三四五六七八九]) ?周?岁(?![以至到\-~])"
)
_NO_NAME: Final = re.compile(r"儿童|学生|孩子|以下|以上|未满|年满|不满|小学|幼儿|其中|少年|适龄|人员|男孩|女孩")
_CHILDREN: Final = re.compile(r"学生|儿童|小学|幼儿|孤儿|学龄|入学|婴儿|少年")


def children(text: str, day: dt.date | None) -> Iterator[Found]:
    """Children named with birth or age in folded text; ``day``: the last day of the document's date, or None.

    Where the day is not known a birth counts on a page that speaks of children, less certain.
    """
    speaks_of_children = _CHILDREN.search(text) is not None
    for pattern in _BORN:
        for found in pattern.finditer(text):
            born = dt.date(int(found["year"]), int(found["month"]), 1)
            if day is not None and _age(born, day) < OF_AGE and born <= day:
                yield Found(found.start(), found.end(), Mask.Rule.MINOR, 0.9)
            elif day is None and speaks_of_children:
                yield Found(found.start(), found.end(), Mask.Rule.MINOR, 0.5)
    for found in _AGED.finditer(text):
        is_child = not found["age"].isdecimal() or int(found["age"]) < OF_AGE
        if is_child and not _NO_NAME.search(found["name"]):
            yield Found(found.start(), found.end(), Mask.Rule.MINOR, 0.9)


def _age(born: dt.date, day: dt.date) -> int:
    """Whole years, counted from the first day of the month of birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

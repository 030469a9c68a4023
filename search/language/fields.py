"""The fields that a query can name, in Chinese and English, and the known values of the closed ones."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from django.db.models import TextChoices
from django.utils import translation
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from archive.models import vocabularies
from core import text
from search import analysis
from search.language.notes import is_chinese
from search.query import Area

Vocabulary = Literal["kind", "dimension", "mechanism"]


class Field(StrEnum):
    """A field by its English name."""

    TITLE = "title"
    TEXT = "text"
    SUMMARY = "summary"
    NUMBER = "number"
    CODE = "code"
    AGENT = "agent"
    PLACE = "place"
    YEAR = "year"
    DATE = "date"
    DIMENSION = "dimension"
    MECHANISM = "mechanism"
    AMOUNT = "amount"
    KIND = "kind"


AREAS: Final[Mapping[Field, Area]] = MappingProxyType(
    {
        Field.TITLE: Area.TITLE,
        Field.TEXT: Area.TEXT,
        Field.SUMMARY: Area.SUMMARY,
        Field.NUMBER: Area.NUMBERS,
        Field.AGENT: Area.AGENTS,
        Field.PLACE: Area.PLACES,
    }
)
"""The fields that hold words."""

RANGES: Final = (Field.YEAR, Field.DATE, Field.AMOUNT)
"""The fields whose values have an order."""

VOCABULARIES: Final[Mapping[Field, Vocabulary]] = MappingProxyType(
    {Field.KIND: "kind", Field.DIMENSION: "dimension", Field.MECHANISM: "mechanism"}
)
"""The fields with a closed list of values."""

LONGEST_NAME: Final = 20

_NAMES: Final[Mapping[Field, tuple[str, ...]]] = MappingProxyType(
    {
        Field.TITLE: ("标题", "题名"),
        Field.TEXT: ("正文", "全文", "fulltext"),
        Field.SUMMARY: ("摘要", "提要"),
        Field.NUMBER: ("文号",),
        Field.CODE: ("档号", "reference"),
        Field.AGENT: ("责任者", "机构", "人物", "作者", "creator", "author"),
        Field.PLACE: ("地点", "地名"),
        Field.YEAR: ("年份", "年"),
        Field.DATE: ("日期", "时间"),
        Field.DIMENSION: ("维度",),
        Field.MECHANISM: ("机制",),
        Field.AMOUNT: ("金额",),
        Field.KIND: ("类型", "类别", "type"),
    }
)
"""The first is what is written in Chinese; in English it is the value of the field itself."""

_BY_NAME: Final = {name: field for field, names in _NAMES.items() for name in (field.value, *names)}
_HAN_NAMES: Final = tuple(name for name in _BY_NAME if not name.isascii() and len(name) > 1)
_LATIN_NAMES: Final = tuple(name for name in _BY_NAME if name.isascii())
_NEAR: Final = 76
_SHORTEST_MISTAKE: Final = 3

_CHOICES: Final[Mapping[Vocabulary, type[TextChoices]]] = MappingProxyType(
    {"kind": vocabularies.Kind, "dimension": vocabularies.Dimension, "mechanism": vocabularies.Mechanism}
)
_OTHER_NAMES: Final[Mapping[Vocabulary, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "kind": {
            "unit": ("档案", "文件", "案卷", "全宗", "卷宗"),
            "policy": ("政策文件", "制度"),
            "exchange": ("交流", "人员交流", "干部交流", "挂职"),
            "funding": ("经费", "款项", "投入", "money"),
            "project": ("工程",),
            "venture": ("产业", "企业", "园区", "company"),
            "indicator": ("数据", "统计", "成效"),
            "work": ("作品", "成果", "文艺作品"),
            "meeting": ("会议",),
            "pairing": ("结对帮扶", "对口帮扶", "帮扶"),
            "event": ("事件", "大事记"),
            "dispute": ("争议", "存疑"),
            "agent": ("机构", "人物", "责任者", "organisation", "person"),
            "place": ("地点", "地方"),
            "source": ("文献", "出处", "引文"),
        },
        "dimension": {
            "policy": ("政策", "制度"),
            "exchange": ("人才", "人员", "交流", "人员交流", "干部"),
            "funding": ("资金", "项目", "经费"),
            "industry": ("产业", "产业合作"),
            "livelihood": ("民生", "生活"),
            "culture": ("文化", "教育", "文教"),
        },
        "mechanism": {
            "joint_meetings": ("联席会议", "联席"),
            "paired_assistance": ("结对帮扶", "对口", "结对", "帮扶"),
            "industry_led": ("产业", "产业协作", "产业帮扶"),
            "mutual_learning": ("互学", "互助", "互惠互利", "互利互惠"),
            "social_participation": ("社会", "社会力量", "社会帮扶"),
        },
    }
)
"""What the values are called besides their labels; each stands for one value only."""


def known(name: str) -> Field | None:
    """The field of this name, in either language and either script, whatever the case."""
    return _BY_NAME.get(text.fold(name).text)


def name_of(field: Field) -> str:
    """What the field is called in the language of the interface."""
    return _NAMES[field][0] if is_chinese() else field.value


def nearest(name: str) -> str | None:
    """The known name that a mistyped one comes near to; None for what looks like an ordinary word before a colon."""
    folded = text.fold(name).text
    if folded.isascii():
        if len(folded) < _SHORTEST_MISTAKE:
            return None
        found = process.extractOne(folded, _LATIN_NAMES, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return found[0] if found else None
    return next((one for one in _HAN_NAMES if Levenshtein.distance(folded, one, score_cutoff=1) <= 1), None)


def code_of(vocabulary: Vocabulary, value: str) -> str | None:
    """The code that a label in either language, another name, or the clear beginning of one of them stands for."""
    key = _key(value)
    names = _values(vocabulary)
    if not key or key in names:
        return names.get(key)
    begun = {code for name, code in names.items() if name.startswith(key)}
    return begun.pop() if len(begun) == 1 else None


def nearest_value(vocabulary: Vocabulary, value: str) -> str | None:
    """The label of the value whose name comes nearest to what was typed, if one is near at all."""
    names = _values(vocabulary)
    found = process.extractOne(_key(value), tuple(names), scorer=fuzz.ratio, score_cutoff=60)
    return label_of(vocabulary, names[found[0]]) if found else None


def label_of(vocabulary: Vocabulary, code: str) -> str:
    """The label of a code in the language of the interface."""
    return str(_CHOICES[vocabulary](code).label)


def codes(vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of a vocabulary in its order."""
    return tuple(_CHOICES[vocabulary].values)


@lru_cache(maxsize=8)
def _values(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Every name of every value, as `_key` makes it, with its code; labels go before other names."""
    names: dict[str, str] = {}
    for choice in _CHOICES[vocabulary]:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                names.setdefault(_key(str(choice.label)), choice.value)
        names.setdefault(_key(choice.value), choice.value)
    for code, others in _OTHER_NAMES[vocabulary].items():
        for other in others:
            names.setdefault(_key(other), code)
    return MappingProxyType(names)


def _key(value: str) -> str:
    return analysis.level(value).replace(" ", "").replace(analysis.BAR, "")

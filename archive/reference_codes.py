"""Reference codes (档号): taken apart, put together, compared and sorted by the profile of their fonds.

Two standards are in use side by side and put the hyphens in different places: DA/T 13-2022《档号编制规则》 by volume
and by item, and DA/T 22-2015《归档文件整理规则》. The same string can be read in more than one way, so the fonds
declares its profile and nothing is guessed. Received codes are never rewritten; historic ones that follow neither
standard are ``legacy``.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from core.errors import InvalidInput


class CodeProfile(StrEnum):
    """How a fonds writes its reference codes."""

    DAT13_ITEM = "dat13_item"
    DAT13_VOLUME = "dat13_volume"
    DAT22 = "dat22"
    LEGACY = "legacy"


@dataclass(frozen=True, slots=True)
class ReferenceCode:
    """A reference code taken apart.

    ``received`` is kept as it came, ``key`` is what uniqueness is decided by. ``parts`` names the components that are
    there: ``fonds`` 全宗号; ``series`` 类别号 as a whole, and by item ``category`` 门类, ``subcategory`` 二级类别,
    ``year`` 年度, ``retention`` 保管期限, ``office`` 机构/问题; ``file`` 案卷号; ``item`` 件号. Legacy codes have none.
    """

    profile: CodeProfile
    received: str
    key: str
    parts: Mapping[str, str]


FONDS, SERIES, FILE, ITEM = "fonds", "series", "file", "item"

_CATEGORIES: Final = "WS|KJ|RS|KU|ZY|ZP|LY|LX|SJ|YJ|WY|MT|SW"
_FONDS_13: Final = r"(?P<fonds>[A-Z][0-9]{3}|[A-Z0-9]{4})"
_FONDS_22: Final = r"(?P<fonds>[A-Z0-9]{4})"
_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_SERIES_ITEM: Final = (
    rf"(?P<series>(?P<category>{_CATEGORIES})(?:·(?P<subcategory>[A-Z0-9]{{2,6}}(?:·[A-Z0-9]{{2,6}}){{0,2}}?))??(?:·{_YEAR})?"
    r"(?:·(?P<retention>Y|D[0-9]{1,2}))?(?:·(?P<office>[A-Z]{2,6}|[0-9]{2,4}|[\u4e00-\u9fff]{2,12}))?)"
)
_SERIES_VOLUME: Final = r"(?P<series>[A-Z0-9]{2,6}(?:·[A-Z0-9\u4e00-\u9fff]{1,12}){0,6}|[0-9]{3})"
_CATEGORY_22: Final = r"(?P<category>[A-Z]{2})(?:·(?P<subcategory>[A-Z0-9]{2}))?"
_RETENTION_22: Final = r"-(?P<retention>Y|D30|D10)(?:-(?P<office>[A-Z]{3}|[0-9]{2,3}|[\u4e00-\u9fff]{2,12}))?"
_SERIES_22: Final = f"(?P<series>{_CATEGORY_22}·{_YEAR}{_RETENTION_22})"
_OPEN_SERIES_22: Final = f"(?P<series>{_CATEGORY_22}·{_YEAR}(?:{_RETENTION_22})?)"

_PATTERNS: Final[Mapping[tuple[CodeProfile, str], re.Pattern[str]]] = {
    (CodeProfile.DAT13_ITEM, FONDS): re.compile(_FONDS_13),
    (CodeProfile.DAT13_ITEM, SERIES): re.compile(f"{_FONDS_13}-{_SERIES_ITEM}"),
    (CodeProfile.DAT13_ITEM, ITEM): re.compile(f"{_FONDS_13}-{_SERIES_ITEM}-(?P<item>[0-9]{{3,6}})"),
    (CodeProfile.DAT13_VOLUME, FONDS): re.compile(_FONDS_13),
    (CodeProfile.DAT13_VOLUME, SERIES): re.compile(f"{_FONDS_13}-{_SERIES_VOLUME}"),
    (CodeProfile.DAT13_VOLUME, FILE): re.compile(f"{_FONDS_13}-{_SERIES_VOLUME}-(?P<file>[0-9]{{3,4}})"),
    (CodeProfile.DAT13_VOLUME, ITEM): re.compile(
        # A file that is described as one piece ends with its own number.
        f"{_FONDS_13}-{_SERIES_VOLUME}-(?P<file>[0-9]{{3,4}})(?:-(?P<item>[0-9]{{3,4}}))?"
    ),
    (CodeProfile.DAT22, FONDS): re.compile(_FONDS_22),
    (CodeProfile.DAT22, SERIES): re.compile(f"{_FONDS_22}-{_OPEN_SERIES_22}"),
    (CodeProfile.DAT22, ITEM): re.compile(f"{_FONDS_22}-{_SERIES_22}-(?P<item>[0-9]{{4}})"),
}
_EXAMPLES: Final = {
    (CodeProfile.DAT13_ITEM, SERIES): "Z109-WS·2011·Y·办公室",
    (CodeProfile.DAT13_ITEM, ITEM): "Z109-WS·2011·Y·办公室-0001",
    (CodeProfile.DAT13_VOLUME, SERIES): "X032-KJ·KY·01",
    (CodeProfile.DAT13_VOLUME, FILE): "X032-KJ·KY·01-003",
    (CodeProfile.DAT13_VOLUME, ITEM): "X032-KJ·JJ·02-005-054",
    (CodeProfile.DAT22, SERIES): "Z109-WS·2011-Y-BGS",
    (CodeProfile.DAT22, ITEM): "Z109-WS·2011-Y-BGS-0001",
}
_ITEM_FIGURES: Final = {CodeProfile.DAT13_ITEM: 3, CodeProfile.DAT13_VOLUME: 3, CodeProfile.DAT22: 4}
_FILE_FIGURES: Final = 3
_SORTED_FIGURES: Final = 12

SORT_KEY_LENGTH: Final = 240
"""No sort key is longer than this many characters."""

_LOOK_ALIKES: Final = str.maketrans(
    dict.fromkeys("•‧∙⋅・･．⸱ᐧ", "·") | dict.fromkeys("—–―‐‑‒－﹣﹘−⁃", "-")
)  # fmt: skip
_SPACE_BESIDE_MARK: Final = re.compile(r"\s*([-·])\s*")


def parse(received: str, profile: CodeProfile, level: str = ITEM) -> ReferenceCode:
    """Take the code of a fonds, series, file or item apart as its profile reads it.

    Raises:
        InvalidInput: the code is empty, or not what the profile expects at this level. Any legacy code will do.
    """
    key = normalise(received)
    if not key:
        raise InvalidInput(_("The reference code is empty. Write the code of the unit."))
    if profile == CodeProfile.LEGACY:
        return ReferenceCode(profile, received, key, MappingProxyType({}))
    pattern = _PATTERNS.get((profile, level))
    if pattern is None:
        raise InvalidInput(
            _("“%(code)s”: a fonds arranged by item has no files. Use the profile by volume, or leave the file out.")
            % {"code": received}
        )
    found = pattern.fullmatch(key)
    if found is None:
        raise InvalidInput(
            _("“%(code)s” is not a reference code of this fonds. At this level it is written like %(example)s.")
            % {"code": received, "example": _EXAMPLES.get((profile, level), "X013")}
        )
    parts = {name: part for name, part in found.groupdict().items() if part is not None}
    return ReferenceCode(profile, received, key, MappingProxyType(parts))


def build(profile: CodeProfile, **parts: str) -> str:
    """Put a code together from its components, named as in `ReferenceCode`; numbers are filled up with zeros.

    ``series`` may be given whole instead of its components. The level follows from the components that are there.

    Raises:
        InvalidInput: the components make no code of the profile, or it is legacy: such codes are only received.
    """
    if profile == CodeProfile.LEGACY:
        raise InvalidInput(_("Historic reference codes are kept as received. Write the whole code."))
    series = parts.get("series") or _series(profile, parts)
    file, item = parts.get("file", ""), parts.get("item", "")
    numbers = [file.zfill(_FILE_FIGURES) if file else "", item.zfill(_ITEM_FIGURES[profile]) if item else ""]
    code = "-".join(component for component in (parts.get("fonds", ""), series, *numbers) if component)
    level = ITEM if item else FILE if file else SERIES if series else FONDS
    parse(code, profile, level)
    return code


def normalise(received: str) -> str:
    """The code as it is compared: NFKC, one kind of middle dot and of hyphen, no spaces beside them.

    What differs only in look-alike dots and dashes is the same code.
    """
    folded = unicodedata.normalize("NFKC", received.translate(_LOOK_ALIKES)).translate(_LOOK_ALIKES)
    return _SPACE_BESIDE_MARK.sub(r"\1", " ".join(folded.split()))


def is_same(one: str, other: str) -> bool:
    """Whether two received codes name the same unit."""
    return normalise(one) == normalise(other)


def sort_key(code: ReferenceCode) -> str:
    """A text whose plain order (by code point, collation ``C``) is the order of the components, numbers by value.

    A unit comes directly before what it contains.
    """
    components = re.split("[-·]", code.key)
    return " ".join(_sorted_component(component) for component in components)[:SORT_KEY_LENGTH]


def _sorted_component(component: str) -> str:
    return re.sub("[0-9]+", lambda figures: figures[0].zfill(_SORTED_FIGURES), component)


def _series(profile: CodeProfile, parts: Mapping[str, str]) -> str:
    """The 类别号 from its components: all joined by middle dots in DA/T 13, by hyphens after the year in DA/T 22."""
    upper = "·".join(parts[name] for name in ("category", "subcategory", "year") if parts.get(name))
    lower = [parts[name] for name in ("retention", "office") if parts.get(name)]
    mark = "-" if profile == CodeProfile.DAT22 else "·"
    return mark.join(component for component in (upper, *lower) if component)

"""Write ``sample/arrangement.json``: fonds → series → file → item, each with its reference code (档号).

The codes follow DA/T 13-2022, arranged by volume: 全宗号-类别号-案卷号-件号.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TypedDict

from sample.make.texts import SheetText

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "arrangement.json"
PROFILE = "dat13_volume"


class Unit(TypedDict):
    """One unit of the catalogue as it stands in ``arrangement.json``."""

    key: str
    parent: str
    level: str
    reference_code: str
    title_zh: str
    title_en: str
    scope_zh: str
    scope_en: str
    dates: str
    order: int
    dimensions: list[str]
    mechanisms: list[str]
    sheet: str


def write(sheets: list[SheetText]) -> int:
    """Write the arrangement of all sheets; returns the number of units."""
    plan = tomllib.loads((HERE / "arrangement.toml").read_text(encoding="utf-8"))
    fonds, series, files = plan["fonds"], plan["series"], plan["file"]
    units = [_unit(fonds, "", "fonds", fonds["code"], 1)]
    for order, group in enumerate(series, start=1):
        units.append(_unit(group, "fonds", "series", f"{fonds['code']}-{group['code']}", order))
        held = [volume for volume in files if volume["series"] == group["key"]]
        for number, volume in enumerate(held, start=1):
            code = f"{fonds['code']}-{group['code']}-{number:03d}"
            units.append(_unit(volume, group["key"], "file", code, number) | {"dimensions": [group["dimension"]]})
            items = [sheet for sheet in sheets if sheet.word("file") == volume["key"]]
            units.extend(_item(sheet, code, place) for place, sheet in enumerate(items, start=1))
    _describe_upwards(units)
    TARGET.write_text(
        json.dumps({"profile": PROFILE, "units": units}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    return len(units)


def _unit(entry: dict[str, str], parent: str, level: str, code: str, order: int) -> Unit:
    return {
        "key": entry["key"],
        "parent": parent,
        "level": level,
        "reference_code": code,
        "title_zh": entry["title_zh"],
        "title_en": entry["title_en"],
        "scope_zh": entry.get("scope_zh", ""),
        "scope_en": entry.get("scope_en", ""),
        "dates": entry.get("dates", ""),
        "order": order,
        "dimensions": [entry["dimension"]] if "dimension" in entry else [],
        "mechanisms": [],
        "sheet": "",
    }


def _item(sheet: SheetText, code: str, order: int) -> Unit:
    return {
        "key": sheet.name,
        "parent": sheet.word("file"),
        "level": "item",
        "reference_code": f"{code}-{order:03d}",
        "title_zh": sheet.word("title_zh"),
        "title_en": sheet.word("title_en"),
        "scope_zh": sheet.word("summary_zh"),
        "scope_en": sheet.word("summary_en"),
        "dates": sheet.word("dates"),
        "order": order,
        "dimensions": sheet.words("dimensions"),
        "mechanisms": sheet.words("mechanisms"),
        "sheet": sheet.name,
    }


def _describe_upwards(units: list[Unit]) -> None:
    """Give files and series the span of their items' years, and a sentence on what they hold."""
    for level in ("file", "series"):
        for unit in units:
            if unit["level"] == level:
                children = [child for child in units if child["parent"] == unit["key"]]
                years = [year for child in children for year in re.findall(r"\d{4}", child["dates"])]
                unit["dates"] = f"{min(years)}/{max(years)}" if min(years) != max(years) else min(years)
                held = Counter(mechanism for child in children for mechanism in child["mechanisms"])
                unit["mechanisms"] = list(held)
                titles_zh = "".join(f"《{child['title_zh']}》" for child in children)
                unit["scope_zh"] = f"含{titles_zh}。"
                unit["scope_en"] = "Holds: " + "; ".join(child["title_en"] for child in children) + "."

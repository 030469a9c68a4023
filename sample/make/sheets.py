"""Write a sheet: its aged images and the JSON with the true text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from sample.make.age import Ageing, Turn, age
from sample.make.layout import compose
from sample.make.page import Page
from sample.make.texts import SheetText

SHEETS = Path(__file__).resolve().parent.parent / "sheets"
PAPERS = {
    "white": (246, 245, 241),
    "cream": (243, 236, 220),
    "yellow": (238, 226, 198),
    "grey": (232, 231, 228),
    "news": (226, 219, 202),
}
COPIED = ("title_zh", "title_en", "summary_zh", "summary_en", "dates", "series", "file", "layout", "script")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of one sheet."""

    lines: int
    facts: int
    kilobytes: int


def ageing_of(sheet: SheetText, page: int) -> Ageing:
    """The ageing that the head of the sheet asks for; pages after the first lie a little differently."""
    marks = sheet.words("marks")
    turn = float(sheet.word("skew", "0.6"))
    return Ageing(
        skew=turn if page == 0 else -turn * 0.7,
        paper=PAPERS[sheet.word("paper", "cream")],
        grey=sheet.word("grey") == "True",
        noise=float(sheet.word("noise", "2.2")),
        blur=float(sheet.word("blur", "0.75")),
        stains=int(sheet.word("stains", "2")),
        ring="ring" in marks,
        holes="holes" in marks,
        staple="staple" in marks and page == 0,
        fold="fold" in marks,
    )


def make(sheet: SheetText) -> Written:
    """Compose, age and write one sheet. The same text always gives the same pixels."""
    pages = compose(sheet)
    scans: list[Image.Image] = []
    described: list[dict[str, object]] = []
    for number, page in enumerate(pages):
        scan, turn = age(page.image, ageing_of(sheet, number), seed=int(sheet.name[:2]) * 100 + number)
        scans.append(scan)
        described.append(_described(page, turn, number + 1))
    names = sheet.words("images")
    _save(scans, names, int(sheet.word("quality", "80")))
    for page_entry, name in zip(described, names if len(names) > 1 else names * len(described), strict=True):
        page_entry["image"] = name
    record: dict[str, object] = {"name": sheet.name}
    record.update({key: sheet.head[key] for key in COPIED})
    record.update(dimensions=sheet.words("dimensions"), mechanisms=sheet.words("mechanisms"), images=names)
    record["pages"] = described
    _write_json(SHEETS / f"{sheet.name}.json", record)
    facts = {fact for page in pages for line in page.lines for fact in line.facts}
    size = sum((SHEETS / name).stat().st_size for name in names)
    return Written(sum(len(page.lines) for page in pages), len(facts), size // 1024)


def _described(page: Page, turn: Turn, number: int) -> dict[str, object]:
    lines: list[dict[str, object]] = [
        {
            "text": line.text,
            "box": turn.box(line.box),
            "direction": line.direction,
            "kind": line.kind,
            "block": line.block,
            "facts": line.facts,
            "sources": line.sources,
        }
        for line in page.lines
    ]
    return {
        "number": number,
        "width": page.image.width,
        "height": page.image.height,
        "lines": lines,
        "statements": _statements(page, turn),
    }


def _statements(page: Page, turn: Turn) -> list[dict[str, object]]:
    """Every sentence or row that states facts: its own words, and one box per line that it runs over."""
    found: dict[tuple[int, int], dict[str, list[object]]] = {}
    for index, line in enumerate(page.lines):
        for part in line.parts:
            entry = found.setdefault((line.block, part.sentence), {"text": [], "boxes": [], "lines": []})
            entry["text"].append(part.text)
            entry["boxes"].append(turn.box(part.box))
            entry["lines"].append(index)
    stated: list[dict[str, object]] = []
    for (block, sentence), entry in found.items():
        cited = page.cited[block, sentence]
        if not cited.facts and not cited.sources:
            continue
        stated.append(
            {
                "text": "".join(str(text) for text in entry["text"]).strip(),
                "facts": list(cited.facts),
                "sources": list(cited.sources),
                "lines": entry["lines"],
                "boxes": entry["boxes"],
            }
        )
    return stated


def _save(scans: list[Image.Image], names: list[str], quality: int) -> None:
    first = SHEETS / names[0]
    if first.suffix == ".tif":
        scans[0].save(
            first, save_all=True, append_images=scans[1:], compression="jpeg", quality=quality, dpi=(300, 300)
        )
    elif first.suffix == ".png":
        _posterise(scans[0]).save(first, dpi=(300, 300), optimize=True)
    else:
        for scan, name in zip(scans, names, strict=True):
            scan.save(SHEETS / name, quality=quality, dpi=(300, 300), optimize=True)


def _posterise(scan: Image.Image) -> Image.Image:
    """Sixteen greys, as old office scanners wrote PNG; without it noise makes the file several times larger."""
    grey = np.asarray(scan.convert("L"), dtype=np.uint16)
    return Image.fromarray(np.minimum(grey // 16 * 17, 255).astype(np.uint8))


def _write_json(path: Path, record: dict[str, object]) -> None:
    """Readable JSON with one line of text per line of the file, so that a changed line shows in a review."""
    pages = record.pop("pages")
    head = json.dumps(record, ensure_ascii=False, indent=2)[:-2]
    shown = []
    for page in pages if isinstance(pages, list) else []:
        lists = [f'"{key}": [\n{_one_a_line(page[key])}\n    ]' for key in ("lines", "statements")]
        rest = {key: value for key, value in page.items() if key not in ("lines", "statements")}
        shown.append("    " + json.dumps(rest, ensure_ascii=False)[:-1] + ", " + ", ".join(lists) + "}")
    path.write_text(head + ',\n  "pages": [\n' + ",\n".join(shown) + "\n  ]\n}\n", encoding="utf-8")


def _one_a_line(entries: list[dict[str, object]]) -> str:
    return ",\n".join("      " + json.dumps(entry, ensure_ascii=False) for entry in entries)

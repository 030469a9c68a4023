"""The sample's sheets, arrangement, disputes and questions hold together and keep to the facts."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from archive.reference_codes import CodeProfile, parse
from core import text as core_text

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
SHEETS = sorted((SAMPLE / "sheets").glob("*.json"))
LARGEST = 25 * 1024 * 1024

Json = dict[str, Any]  # JSON of the sample, read field by field

pytestmark = pytest.mark.usefixtures("chinese")


def read(path: Path) -> Any:  # JSON: its shape is what the tests look at
    return json.loads(path.read_text(encoding="utf-8"))


def rows(table: str) -> list[dict[str, str]]:
    with (SAMPLE / "facts" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def fact_ids() -> set[str]:
    tables = [path.stem for path in (SAMPLE / "facts").glob("*.csv") if path.stem != "sources"]
    return {row["id"] for table in tables for row in rows(table)}


def source_ids() -> set[str]:
    return {row["id"] for row in rows("sources")}


def lines_of(sheet: Json) -> list[Json]:
    return [line for page in sheet["pages"] for line in page["lines"]]


def joined(sheet: Json, page: int) -> str:
    return "".join(line["text"] for line in sheet["pages"][page - 1]["lines"])


def test_the_facts_are_complete() -> None:
    facts, sources = fact_ids(), source_ids()

    assert len(facts) == 509
    assert len(sources) == 145
    for table in ("policies", "events", "funding", "livelihood", "contradictions"):
        assert {row["source_id"] for row in rows(table)} <= sources


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_every_line_cites_known_facts_and_sources(path: Path) -> None:
    facts, sources = fact_ids(), source_ids()

    sheet = read(path)

    for line in lines_of(sheet):
        assert set(line["facts"]) <= facts
        assert set(line["sources"]) <= sources
        if line["kind"] in {"text", "row"}:
            assert line["facts"] or line["sources"], line["text"]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_every_statement_prints_its_sources(path: Path) -> None:
    formal = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")

    sheet = read(path)

    for page in sheet["pages"]:
        assert page["statements"]
        for statement in page["statements"]:
            for source in statement["sources"]:
                shown = source.translate(formal) if sheet["layout"] == "vertical" else source
                assert shown in statement["text"]
            assert all(set(statement["facts"]) <= set(page["lines"][place]["facts"]) for place in statement["lines"])
            assert len(statement["lines"]) == len(statement["boxes"])


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_images_have_300_dpi_and_hold_every_box(path: Path) -> None:
    sheet = read(path)

    frames: list[tuple[int, int]] = []
    for name in sheet["images"]:
        with Image.open(SAMPLE / "sheets" / name) as image:
            assert [round(float(value)) for value in image.info["dpi"]] == [300, 300]
            frames += [frame.size for frame in ImageSequence.Iterator(image)]

    assert frames == [(page["width"], page["height"]) for page in sheet["pages"]]
    for page in sheet["pages"]:
        boxes = [line["box"] for line in page["lines"]]
        boxes += [box for statement in page["statements"] for box in statement["boxes"]]
        for x, y, width, height in boxes:
            assert x >= 0 and y >= 0 and width > 0 and height > 0
            assert x + width <= page["width"] and y + height <= page["height"]


def test_ink_lies_in_the_boxes() -> None:
    sheet = read(SAMPLE / "sheets" / "16-resettlement.json")

    with Image.open(SAMPLE / "sheets" / sheet["images"][0]) as image:
        grey = image.convert("L")
        darkest = [
            min(grey.crop((x, y, x + width, y + height)).tobytes())
            for x, y, width, height in (line["box"] for line in lines_of(sheet))
        ]

    assert max(darkest) < 110


def test_the_sheets_cover_the_layouts_and_most_facts() -> None:
    sheets = [read(path) for path in SHEETS]

    cited = {fact for sheet in sheets for line in lines_of(sheet) for fact in line["facts"]}
    suffixes = {Path(name).suffix for sheet in sheets for name in sheet["images"]}
    weight = sum(path.stat().st_size for path in (SAMPLE / "sheets").iterdir())

    assert {sheet["layout"] for sheet in sheets} == {"plain", "red_head", "columns", "table", "vertical"}
    assert {sheet["script"] for sheet in sheets} == {"zh-Hans", "zh-Hant"}
    assert suffixes == {".jpg", ".png", ".tif"}
    assert sum(len(sheet["pages"]) > 1 for sheet in sheets) >= 2
    assert len(cited) >= 450
    assert weight < LARGEST


def test_every_sheet_says_that_it_is_a_compilation() -> None:
    for path in SHEETS:
        sheet = read(path)

        for page in sheet["pages"]:
            banners = [line["text"] for line in page["lines"] if line["kind"] == "banner"]
            assert any("摘编" in banner or "摘編" in banner for banner in banners)


def test_no_line_begins_with_closing_punctuation() -> None:
    begins = [line["text"][0] for path in SHEETS for line in lines_of(read(path))]

    assert not set(begins) & set("，。、；：？！）》」”’")


def test_reference_codes_are_unique_and_continue_their_parents() -> None:
    arrangement = read(SAMPLE / "arrangement.json")
    profile = CodeProfile(arrangement["profile"])
    units = {unit["key"]: unit for unit in arrangement["units"]}

    parsed = {key: parse(unit["reference_code"], profile, unit["level"]) for key, unit in units.items()}

    assert len({code.key for code in parsed.values()}) == len(units)
    for unit in units.values():
        if unit["parent"]:
            assert unit["reference_code"].startswith(units[unit["parent"]]["reference_code"] + "-")
        assert unit["title_zh"] and unit["title_en"] and unit["dates"]


def test_every_sheet_is_one_item_of_the_arrangement() -> None:
    units = read(SAMPLE / "arrangement.json")["units"]

    items = [unit for unit in units if unit["level"] == "item"]

    assert sorted(item["sheet"] for item in items) == [path.stem for path in SHEETS]
    assert [unit["level"] for unit in units].count("series") == 6
    for item in items:
        assert read(SAMPLE / "sheets" / f"{item['sheet']}.json")["file"] == item["parent"]


def test_every_contradiction_has_two_claims_with_known_sources() -> None:
    facts, sources = fact_ids(), source_ids()

    disputes = {dispute["id"]: dispute for dispute in read(SAMPLE / "disputes.json")}

    assert list(disputes) == [row["id"] for row in rows("contradictions")]
    for row in rows("contradictions"):
        dispute = disputes[row["id"]]
        claims = dispute["claims"]
        assert [claim["text_zh"] for claim in claims[:2]] == [row["claim_a"], row["claim_b"]]
        assert [claim["sources"] for claim in claims[:2]] == [row["source_a"].split(";"), row["source_b"].split(";")]
        assert dispute["assessment_zh"] == row["assessment"] and dispute["assessment_en"]
        for claim in claims:
            assert claim["text_en"] and set(claim["sources"]) <= sources
        assert set(dispute["facts"]) <= facts
        assert all(0 <= place < len(claims) for place in dispute["facts"].values())


def test_a_fact_sides_with_a_claim_of_its_own_source() -> None:
    cited = {
        row["id"]: row["source_id"]
        for path in (SAMPLE / "facts").glob("*.csv")
        if path.stem != "sources"
        for row in rows(path.stem)
    }

    disagreeing = [
        (dispute["id"], fact)
        for dispute in read(SAMPLE / "disputes.json")
        for fact, place in dispute["facts"].items()
        if cited[fact] not in dispute["claims"][place]["sources"]
    ]

    # These say the same from a source that the table of contradictions does not name.
    assert disagreeing == [("CON-002", "EVT-008"), ("CON-017", "EVT-003")]


def test_the_claims_of_every_contradiction_stand_on_a_sheet() -> None:
    printed: dict[str, set[str]] = {}
    for path in SHEETS:
        for page in read(path)["pages"]:
            for statement in page["statements"]:
                for fact in statement["facts"]:
                    printed.setdefault(fact, set()).update(statement["sources"])

    for dispute in read(SAMPLE / "disputes.json"):
        for claim in dispute["claims"]:
            assert set(claim["sources"]) <= printed[dispute["id"]], dispute["id"]


@pytest.mark.parametrize("question", read(SAMPLE / "questions.json"), ids=lambda question: question["kind"])
def test_each_question_stands_where_it_says(question: Json) -> None:
    sheet = read(SAMPLE / "sheets" / f"{question['sheet']}.json")

    asked = core_text.fold(question["q"]).text
    page = core_text.fold(joined(sheet, question["page"])).text

    assert asked in page


def test_the_phrase_across_lines_stands_on_no_single_line() -> None:
    question = next(q for q in read(SAMPLE / "questions.json") if q["kind"] == "phrase_across_lines")

    lines = lines_of(read(SAMPLE / "sheets" / f"{question['sheet']}.json"))

    assert not [line for line in lines if question["q"] in line["text"]]


def test_the_text_only_in_a_scan_stands_in_no_description() -> None:
    question = next(q for q in read(SAMPLE / "questions.json") if q["kind"] == "only_in_scan")

    described = [path.read_text(encoding="utf-8") for path in (SAMPLE / "facts").glob("*.csv")]
    described += [(SAMPLE / name).read_text(encoding="utf-8") for name in ("arrangement.json", "disputes.json")]
    described += [json.dumps({**read(path), "pages": []}, ensure_ascii=False) for path in SHEETS]

    assert not [text for text in described if question["q"] in text]


def test_the_single_character_stands_on_few_pages() -> None:
    question = next(q for q in read(SAMPLE / "questions.json") if q["kind"] == "single_character")

    pages = [joined(read(path), 1) for path in SHEETS]

    assert len(question["q"]) == 1
    assert 1 <= sum(question["q"] in page for page in pages) <= 3

import os
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from lxml import etree

from media.assembly import alto, sheets
from media.lines import TextLine, join, to_json
from media.models import Page, PageText
from tests.makers import make_item, make_page
from tests.media.assembly.sheets_made import column, row

pytestmark = pytest.mark.django_db

SCHEMAS = Path(os.environ.get("SCHEMAS", Path(__file__).resolve().parents[4] / "shared" / "xsd"))
"""The published schemas, which are read where they lie: a folder with ``alto`` and ``xlink-xml``."""

A = {"a": alto.NAMESPACE}


class Local(etree.Resolver):  # type: ignore[misc]  # the library is published without types
    """Answers every address with the file that lies there; nothing is fetched."""

    def resolve(self, url: str, _public: str, context: Any) -> Any:  # Any: the library's own
        """The schema of that address."""
        if url.endswith("xlink.xsd"):
            return self.resolve_filename(str(SCHEMAS / "xlink-xml" / "xlink-loc-mets.xsd"), context)
        if "://" in url:
            raise OSError(url)
        return None


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema | None:
    if not SCHEMAS.is_dir():
        return None
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "alto" / "alto-4-4.xsd"), parser))


def written(page: Page, schema: etree.XMLSchema | None, *, for_desk: bool = False) -> Any:
    """The document, which must be valid where the schema is at hand."""
    document = etree.fromstring(alto.write(sheets.of_page(page, for_desk=for_desk)))
    if schema is not None:
        schema.assertValid(document)
    return document


def contents(document: Any) -> list[str]:
    return [str(each.get("CONTENT")) for each in document.iterfind(".//a:String", A)]


def test_the_schema_is_at_hand_and_refuses_what_is_wrong(schema: etree.XMLSchema | None) -> None:
    if schema is None:
        pytest.skip("documents were not validated: put the schema of ALTO 4.4 into a folder and name it in SCHEMAS")

    assert not schema.validate(etree.fromstring(f'<alto xmlns="{alto.NAMESPACE}"><Layout/><Layout/></alto>'))


def test_every_line_run_and_character_has_its_box(schema: etree.XMLSchema | None) -> None:
    line = row("闽宁协作 1996年", 100, 200, confidences=(0.9,) * 8 + (0.31, 0.5))
    page = make_page(make_item(), lines=[line])

    document = written(page, schema)

    assert contents(document) == ["闽宁协作", "1996年"]
    first, second = document.iterfind(".//a:String", A)
    assert [first.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")] == ["100", "200", "192", "48"]
    glyph = second.findall("a:Glyph", A)[-1]
    assert (glyph.get("CONTENT"), glyph.get("GC")) == ("年", "0.5")
    assert len(document.findall(".//a:SP", A)) == 1


def test_without_confidences_of_characters_the_line_speaks_for_them(schema: etree.XMLSchema | None) -> None:
    document = written(make_page(make_item(), lines=[row("闽宁", 100, 200)]), schema)

    assert document.find(".//a:String", A).get("WC") == "0.97"
    assert document.find(".//a:Glyph", A).get("GC") is None


def test_vertical_text_keeps_its_order_and_says_its_direction(schema: etree.XMLSchema | None) -> None:
    lines = [column("闽宁协作", 900, 100), column("二十年", 840, 100), column("另起一段", 700, 100, block=1)]

    document = written(make_page(make_item(), lines=lines), schema)

    assert contents(document) == ["闽宁协作", "二十年", "另起一段"]
    assert {each.get("BASEDIRECTION") for each in document.iterfind(".//a:TextLine", A)} == {"ttb"}
    order = [each.get("REF") for each in document.iterfind(".//a:ElementRef", A)]
    assert order == [each.get("ID") for each in document.iterfind(".//a:TextBlock", A)]


def test_tables_keep_their_cells(schema: etree.XMLSchema | None) -> None:
    lines = [row(text, 100 + 400 * (n % 2), 100 + 80 * (n // 2), block=n) for n, text in enumerate("年额一二")]

    document = written(make_page(make_item(), lines=lines), schema)

    cells = document.findall(".//a:ComposedBlock[@TYPE='table']/a:TextBlock", A)
    assert [cell.get("TAGREFS").split()[1:] for cell in cells] == [
        ["row1", "column1"],
        ["row1", "column2"],
        ["row2", "column1"],
        ["row2", "column2"],
    ]


def test_the_state_and_the_making_of_the_text_are_told(schema: etree.XMLSchema | None) -> None:
    page = make_page(make_item(), "闽宁协作")
    PageText.objects.filter(page=page).update(settings={"Det.limit_side_len": 1600}, engine_version="3.10 (PP-OCRv6)")

    document = written(page, schema)

    tag = document.find(".//a:OtherTag", A)
    assert (tag.get("LABEL"), tag.get("DESCRIPTION")) == ("machine", "未经校对的机器识别文本")
    step = document.find(".//a:Processing", A)
    assert step.findtext("a:processingSoftware/a:softwareVersion", namespaces=A) == "3.10 (PP-OCRv6)"
    assert step.findtext("a:processingStepSettings", namespaces=A) == '{"Det.limit_side_len": 1600}'
    assert "mean confidence: 0.99" in [each.text for each in step.findall("a:processingStepDescription", A)]
    assert document.find(".//a:Page", A).get("PC") == "0.99"
    assert document.find(".//a:Page", A).get("LANG") == "zh-Hans"


def test_a_correction_is_told_after_the_reading_without_a_name(schema: etree.XMLSchema | None) -> None:
    page = make_page(make_item(), "闽宁协做")
    page.texts.update(is_current=False)
    correct = [row("闽宁协作", 100, 100)]
    PageText.objects.create(
        page=page,
        origin=PageText.Origin.CORRECTED,
        quality=PageText.Quality.PROOFREAD,
        text=join(correct),
        lines=to_json(correct),
        engine="desk",
        engine_version="1",
    )

    document = written(page, schema)

    kinds = [each.text for each in document.iterfind(".//a:processingCategory", A)]
    assert kinds == ["contentGeneration", "contentModification"]
    assert document.find(".//a:processingAgency", A) is None
    assert document.find(".//a:TextBlock", A).get("CS") == "true"


def masked(page: Page, public: list[TextLine]) -> Page:
    """The page with these lines for the public."""
    page.texts.update(public_text=join(public), public_lines=to_json(public))
    Page.objects.filter(pk=page.pk).update(is_masked=True, redrawn_at=timezone.now())
    return Page.objects.get(pk=page.pk)


def test_what_is_masked_is_not_in_the_public_document(schema: etree.XMLSchema | None) -> None:
    page = make_page(make_item(), lines=[row("电话13800138000", 100, 100)])
    page = masked(page, [row("电话█", 100, 100)])

    public, desk = written(page, schema), written(page, schema, for_desk=True)

    assert contents(public) == ["电话█"]
    assert public.find(".//a:String", A).get("TAGREFS") == "masked"
    assert contents(desk) == ["电话13800138000"]


def test_a_page_without_text_is_a_valid_document(schema: etree.XMLSchema | None) -> None:
    document = written(make_page(make_item(), lines=[]), schema)

    assert contents(document) == []
    assert document.find(".//a:OtherTag", A).get("LABEL") == "none"


def test_characters_that_xml_cannot_carry_are_replaced(schema: etree.XMLSchema | None) -> None:
    document = written(make_page(make_item(), lines=[row("闽\x01宁\ufffe𠮷", 100, 100)]), schema)

    assert contents(document) == ["闽\ufffd宁\ufffd𠮷"]

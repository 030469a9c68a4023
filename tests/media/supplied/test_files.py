"""Supplied files: told apart by content, read safely, laid on the page."""

import pytest

from core.errors import InvalidInput
from media.lines import Box, TextLine
from media.supplied import files, placing

ALTO = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#">
  <Description><MeasurementUnit>{unit}</MeasurementUnit>
    <OCRProcessing ID="o"><ocrProcessingStep><processingSoftware>
      <softwareName>某识别系统</softwareName><softwareVersion>8.1</softwareVersion>
    </processingSoftware></ocrProcessingStep></OCRProcessing></Description>
  <Layout><Page ID="p1" PHYSICAL_IMG_NR="1"{size}><PrintSpace>
    <ComposedBlock ID="c1">
    <TextBlock ID="b1"><TextLine HPOS="100" VPOS="200" WIDTH="400" HEIGHT="100">
      <String CONTENT="闽宁" HPOS="100" VPOS="200" WIDTH="200" HEIGHT="100" WC="0.9" CC="0 9"/>
      <String CONTENT="协作" HPOS="300" VPOS="200" WIDTH="200" HEIGHT="100" WC="0.8"/>
    </TextLine></TextBlock></ComposedBlock>
    <TextBlock ID="b2"><TextLine HPOS="700" VPOS="200" WIDTH="100" HEIGHT="600">
      <String CONTENT="一九九七年" HPOS="700" VPOS="200" WIDTH="100" HEIGHT="500"/><SP/>
      <String CONTENT="春" HPOS="700" VPOS="750" WIDTH="100" HEIGHT="50"/>
    </TextLine></TextBlock>
  </PrintSpace></Page></Layout>
</alto>"""

HOCR = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="zh"><head><title></title>
<meta name='ocr-system' content='tesseract 5.3.0'/></head><body>
<div class='ocr_page' id='page_1' title='image "a.jpg"; bbox 0 0 1000 2000; ppageno 0'>
 <div class='ocr_carea' title="bbox 100 100 900 300"><p class='ocr_par'>
  <span class='ocr_line' title="bbox 100 100 500 200; baseline 0 0">
   <span class='ocrx_word' title='bbox 100 100 300 200; x_wconf 96'><strong>干沙</strong></span>
   <span class='ocrx_word' title='bbox 300 100 400 200; x_wconf 40'>滩</span>
   <span class='ocrx_word' title='bbox 420 100 500 200; x_wconf 88'>1997</span>
   <span class='ocrx_word' title='bbox 520 100 600 200; x_wconf 88'>A&amp;B</span>
  </span>
 </p></div>
 <p class='ocr_par'><span class='ocr_header' title="bbox 100 400 500 500">没有单词的行</span></p>
</div></body></html>"""


def lines_of(content: str, *, width: int = 1000, height: int = 2000, dpi: float | None = 300) -> list[TextLine]:
    (sheet,) = files.understand(content.encode(), name="甲.xml").sheets
    return placing.lines_of(sheet, width, height, dpi=dpi, name="甲.xml")


@pytest.mark.parametrize("version", [2, 3, 4])
def test_alto_in_pixels_is_scaled_to_the_image(version: int) -> None:
    text = ALTO.format(version=version, unit="pixel", size=' WIDTH="2000" HEIGHT="4000"')

    first, second = lines_of(text)

    assert first.text == "闽宁协作"
    assert first.box == Box(50, 100, 200, 50)
    assert first.characters == (
        Box(50, 100, 50, 50),
        Box(100, 100, 50, 50),
        Box(150, 100, 50, 50),
        Box(200, 100, 50, 50),
    )
    assert first.confidences == (1.0, 0.0, 0.8, 0.8)
    assert (second.text, second.direction) == ("一九九七年 春", "v")
    assert second.characters[5] == Box(350, 350, 50, 25)
    assert second.confidences == ()
    assert (first.block, second.block) == (0, 1)


@pytest.mark.parametrize(("unit", "scale"), [("mm10", 300 / 254), ("inch1200", 300 / 1200)])
def test_alto_in_parts_of_an_inch_needs_the_resolution_of_the_image(unit: str, scale: float) -> None:
    text = ALTO.format(version=3, unit=unit, size="")

    first, _second = lines_of(text)

    assert first.box.x == round(100 * scale)
    assert first.box.right == round(500 * scale)
    with pytest.raises(InvalidInput, match=r"甲\.xml"):
        lines_of(text, dpi=None)


def test_the_file_of_a_page_of_another_shape_is_refused() -> None:
    text = ALTO.format(version=4, unit="pixel", size=' WIDTH="4000" HEIGHT="3000"')

    with pytest.raises(InvalidInput, match="4000 × 3000"):
        lines_of(text)


def test_a_later_alto_is_refused_by_its_number() -> None:
    with pytest.raises(InvalidInput, match="ALTO 5"):
        files.understand(ALTO.format(version=5, unit="pixel", size="").encode(), name="甲.xml")


def test_what_made_the_file_is_told() -> None:
    given = files.understand(ALTO.format(version=2, unit="pixel", size="").encode(), name="甲.xml")

    assert (given.format, given.maker, given.pages) == ("ALTO 2", "某识别系统 8.1", 1)


def test_hocr_of_others_is_read_with_words_and_without() -> None:
    first, second = lines_of(HOCR)

    assert first.text == "干沙滩1997 A&B"
    assert first.characters[:3] == (Box(100, 100, 100, 100), Box(200, 100, 100, 100), Box(300, 100, 100, 100))
    assert first.confidences[:3] == (0.96, 0.96, 0.4)
    assert second.text == "没有单词的行"
    assert second.box == Box(100, 400, 400, 100)
    assert second.block > first.block


def test_hocr_with_boxes_of_single_characters() -> None:
    text = HOCR.replace(
        "<strong>干沙</strong>",
        "<span class='ocrx_cinfo' title='bbox 100 100 190 200; x_conf 91'>干</span>"
        "<span class='ocrx_cinfo' title='bbox 210 100 300 200; x_conf 35'>沙</span>",
    )

    first, _second = lines_of(text)

    assert first.text == "干沙滩1997 A&B"
    assert first.characters[:2] == (Box(100, 100, 90, 100), Box(210, 100, 90, 100))
    assert first.confidences[:2] == (0.91, 0.35)


BOMB = """<?xml version="1.0"?>
<!DOCTYPE alto [<!ENTITY a "闽宁"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><x>&b;&c;</x></alto>"""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (BOMB.encode(), "DOCTYPE"),
        (b"", "empty|是空的"),
        (b"<?xml version='1.0'?><mets/>", "mets"),
        (b"<?xml version='1.0'?><alto><Page>", "no element found"),
        (b"<html><body><p>text</p></body></html>", "html"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", "UTF-8"),
        (("<a>" * 200).encode(), "nested|嵌套"),
        (ALTO.format(version=4, unit="pixel", size=' WIDTH="NaN" HEIGHT="1"').encode(), "nan|NaN"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_and_reason(content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        files.understand(content, name="坏文件.xml")

    assert "坏文件.xml" in refused.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_in_the_usual_encodings(encoding: str) -> None:
    given = files.understand("移民新村\r\n选址在黄河以西\f第二页".encode(encoding), name="甲.txt")

    assert given.texts == ["移民新村\n选址在黄河以西", "第二页"]
    assert given.pages == 2


def machine(*texts: str) -> list[TextLine]:
    """What a machine read: lines of characters 10 pixels wide, 20 pixels apart."""
    lines = []
    for number, text in enumerate(texts):
        boxes = tuple(Box(10 * place, 20 * number, 10, 10) for place in range(len(text)))
        lines.append(TextLine(text, Box.around(boxes), "h", 0.9, boxes))
    return lines


def test_a_text_without_places_takes_those_that_the_machine_found() -> None:
    found = placing.aligned("移民新村\n选址在黄河\n\n干沙滩", machine("移民薪村", "选址在黄可", "干沙滩"), 500, 700)

    assert [line.text for line in found] == ["移民新村", "选址在黄河", "干沙滩"]
    assert [line.box for line in found] == [Box(0, 0, 40, 10), Box(0, 20, 50, 10), Box(0, 40, 30, 10)]
    assert [line.block for line in found] == [0, 0, 1]


def test_a_line_that_the_machine_did_not_see_is_given_the_whole_page() -> None:
    found = placing.aligned("移民新村\n手写批注", machine("移民新村"), 500, 700)

    assert found[1].characters == (Box(0, 0, 500, 700),) * 4


@pytest.mark.parametrize(
    "size", [' WIDTH="1e-320" HEIGHT="1e-320"', ' WIDTH="1e308" HEIGHT="1e308"', ""], ids=["none", "endless", "unsaid"]
)
def test_numbers_beyond_every_page_are_refused_or_harmless(size: str) -> None:
    content = ALTO.format(version=4, unit="pixel", size=size).replace('HPOS="100"', 'HPOS="1e308"')
    content = content.replace('WIDTH="400"', 'WIDTH="1e308"')
    given = files.understand(content.encode(), name="a.xml")

    try:
        lines = placing.lines_of(given.sheets[0], 1000, 1000, dpi=None, name="a.xml")
    except InvalidInput:
        return

    assert all(0 <= line.box.x < 1000 and line.box.x + line.box.w <= 1000 for line in lines)

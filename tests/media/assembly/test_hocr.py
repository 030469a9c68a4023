from html.parser import HTMLParser

import pytest

from media.assembly import hocr, sheets
from tests.makers import make_item, make_page
from tests.media.assembly.sheets_made import column, row

pytestmark = pytest.mark.django_db


class Boxes(HTMLParser):
    """Class and title of every element that has both."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what it says."""
        given = dict(attrs)
        if given.get("class") and given.get("title"):
            self.found.append((str(given["class"]), str(given["title"])))


def read(content: bytes) -> list[tuple[str, str]]:
    parser = Boxes()
    parser.feed(content.decode())
    return parser.found


def test_page_line_and_word_know_their_boxes_and_confidence() -> None:
    page = make_page(make_item(), lines=[row("闽宁 1996", 100, 200, confidences=(0.9, 0.8, 1.0, 0.5, 0.5, 0.5, 0.5))])

    found = read(hocr.write(sheets.of_page(page)))

    assert [name for name, _title in found] == ["ocr_page", "ocr_carea", "ocr_line", "ocrx_word", "ocrx_word"]
    assert "bbox 0 0 2480 3508; ppageno 0" in found[0][1]
    assert found[3][1].startswith(
        "bbox 100 200 196 248; x_wconf 85; x_bboxes 100 200 148 248 148 200 196 248; x_confs 90 80"
    )


def test_signs_of_html_are_text() -> None:
    page = make_page(make_item('题"名<b>'), lines=[row("<script>&", 100, 200)])

    content = hocr.write(sheets.of_page(page)).decode()

    assert "&lt;script&gt;&amp;" in content
    assert "<b>" not in content


def test_vertical_lines_and_the_state_are_marked() -> None:
    page = make_page(make_item(), lines=[column("闽宁协作", 900, 100)])

    content = hocr.write(sheets.of_page(page)).decode()

    assert 'class="ocr_line vertical"' in content
    assert "未经校对的机器识别文本" in content

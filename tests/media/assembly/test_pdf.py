import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.utils import timezone
from pypdfium2 import raw as pdfium_c

from core.errors import NotFound
from media import storage
from media.assembly import making, pdf, sheets
from media.engines import pdf_actions, vips
from media.lines import Box, TextLine, join, to_json
from media.models import DigitalObject, Page
from tests.makers import make_item
from tests.media.assembly.sheets_made import column, drawn, make_sheet, row

pytestmark = pytest.mark.django_db

PROSE = [
    row("闽宁协作，一九九六年起。", 100, 100),
    row("共投入资金2.64亿元（GDP 3.1%）", 100, 180),
    row("𠮷野家，眞的。", 100, 260),
]
COLUMNS = [
    column("闽宁协作二十年", 1000, 100),
    column("移民吊庄，一九九七年。", 920, 100),
    column("菌草技术", 840, 100),
]
POINTS = 72 / 150


def assembled(*pages: Page) -> Path:
    return making.make(pages[0].unit)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def boxes_of(path: Path, number: int = 0) -> list[tuple[str, Box]]:
    """Each visible character with its box in pixels at 150 dpi, as PDFium sees it: what Chromium's viewer selects."""
    document = pypdfium2.PdfDocument(path)
    page = document[number]
    text = page.get_textpage()
    found = []
    for index in range(text.count_chars()):
        character = chr(pdfium_c.FPDFText_GetUnicode(text, index))
        if character.isspace() or pdfium_c.FPDFText_IsGenerated(text, index) == 1:
            continue
        left, bottom, right, top = (each / POINTS for each in text.get_charbox(index))
        high = page.get_height() / POINTS
        found.append((character, Box(round(left), round(high - top), round(right - left), round(top - bottom))))
    document.close()
    return found


def overlap(one: Box, other: Box) -> float:
    """The share of ``other`` that ``one`` covers."""
    wide = min(one.right, other.right) - max(one.x, other.x)
    high = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(wide, 0) * max(high, 0) / (other.w * other.h)


@pytest.mark.parametrize("lines", [PROSE, COLUMNS], ids=["across", "down"])
def test_every_character_lies_over_its_picture(tmp_path: Path, lines: Sequence[TextLine]) -> None:
    path = assembled(make_sheet(make_item(), lines, tmp_path))

    found = boxes_of(path)

    expected = [
        (character, box)
        for line in lines
        for character, box in zip(line.text, line.characters, strict=True)
        if not character.isspace() and character < "\U00010000"
    ]
    seen = [pair for pair in found if not 0xD800 <= ord(pair[0]) < 0xE000]
    assert [character for character, _box in seen] == [character for character, _box in expected]
    assert min(overlap(box, place) for (_c, box), (_d, place) in zip(seen, expected, strict=True)) > 0.8


def test_characters_set_wide_and_close_are_followed(tmp_path: Path) -> None:
    places = [100, 150, 200, 420, 640, 700, 730, 760]
    boxes = tuple(Box(x, 100, 30, 48) for x in places)
    uneven = TextLine("主席团，委员会议", Box(100, 100, 690, 48), "h", 0.9, boxes)

    found = boxes_of(assembled(make_sheet(make_item(), [uneven], tmp_path)))

    starts = [box.x for _character, box in found]
    assert max(abs(start - place) for start, place in zip(starts, places, strict=True)) <= 12


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed (Debian: poppler-utils)")
@pytest.mark.parametrize("lines", [PROSE, COLUMNS], ids=["across", "down"])
def test_pdftotext_gives_the_stored_text(tmp_path: Path, lines: Sequence[TextLine]) -> None:
    path = assembled(make_sheet(make_item(), lines, tmp_path))

    told = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True).stdout.decode()

    assert told.split() == join(list(lines)).split()


def test_a_jpeg_master_goes_in_as_it_is(tmp_path: Path) -> None:
    page = make_sheet(make_item(), PROSE, tmp_path)
    master = storage.original_path(page.digital_object.sha512).read_bytes()

    with pikepdf.open(assembled(page)) as document:
        image = document.pages[0].Resources.XObject.Picture
        scan = master[master.index(b"\xff\xda") :]
        assert image.read_raw_bytes().endswith(scan)
        assert [float(number) for number in document.pages[0].mediabox] == [0, 0, 595.2, 841.92]


def test_other_masters_are_drawn_at_a_sensible_size(tmp_path: Path) -> None:
    page = make_sheet(make_item(), PROSE, tmp_path, form="PNG", dpi=300)

    with pikepdf.open(assembled(page)) as document:
        image = document.pages[0].Resources.XObject.Picture
        assert [int(image.Width), int(image.Height)] == [827, 1169]
        assert image.Filter == "/DCTDecode"


def hidden_behind(page: Page, tmp_path: Path) -> Page:
    """The page with its telephone number masked: in the text, and black in the picture."""
    public = [row("电话█", 100, 100)]
    page.texts.update(public_text=join(public), public_lines=to_json(public))
    Page.objects.filter(pk=page.pk).update(is_masked=True, redrawn_at=timezone.now())
    page = Page.objects.get(pk=page.pk)
    drawn([row("电话", 100, 100)]).save(tmp_path / "redrawn.png")
    with storage.derived(page, storage.PUBLIC) as target:
        vips.pyramid(tmp_path / "redrawn.png", 0, target)
    return page


def test_a_masked_page_shows_neither_its_words_nor_its_master(tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("电话13800138000", 100, 100)], tmp_path)
    open_document = assembled(page)
    page = hidden_behind(page, tmp_path)

    masked = assembled(page)

    assert squeezed("".join(character for character, _box in boxes_of(masked))) == "电话█"
    pixels = pypdfium2.PdfDocument(masked)[0].render(scale=1 / POINTS).to_numpy()
    assert pixels[100:148, 200:470].min() > 200
    assert not open_document.exists()


def test_a_page_that_waits_to_be_redrawn_stops_the_document(tmp_path: Path) -> None:
    page = make_sheet(make_item(), PROSE, tmp_path)
    assembled(page)
    Page.objects.filter(pk=page.pk).update(is_masked=True, redrawn_at=None)

    assert making.current(page.unit) is None
    with pytest.raises(NotFound):
        making.make(page.unit)
    assert list(storage.document_path(page.unit, "x").parent.glob("*unfinished*")) == []


def test_pages_are_numbered_as_in_the_unit_and_listed(tmp_path: Path) -> None:
    unit = make_item("协作情况")
    pages = [make_sheet(unit, [row(f"第{number}页", 100, 100)], tmp_path) for number in range(1, 4)]
    DigitalObject.objects.filter(pk=pages[1].digital_object_id).update(quarantined_at=timezone.now())

    with pikepdf.open(assembled(*pages)) as document, document.open_outline() as outline:
        assert len(document.pages) == 2
        assert [page.label for page in document.pages] == ["1", "3"]
        assert [re.sub(r"\D", "", item.title) for item in outline.root] == ["1", "3"]


def test_the_document_says_what_it_is_and_how_good_its_text_is(tmp_path: Path) -> None:
    page = make_sheet(make_item("协作情况"), PROSE, tmp_path)

    with pikepdf.open(assembled(page)) as document, document.open_metadata() as metadata:
        assert metadata["dc:title"] == "协作情况"
        assert page.unit.record.ark_text in metadata["dc:identifier"]
        assert page.unit.reference_code in metadata["dc:identifier"]
        assert metadata["dc:description"] == "未经校对的机器识别文本"
        assert metadata.pdfa_status == "2U"
        assert document.Root.Lang == "zh-Hans"
        assert document.check_pdf_syntax() == []


def test_many_pages_are_joined_from_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "AT_ONCE", 2)
    unit = make_item()
    pages = [make_sheet(unit, [row(f"第{number}页的字", 100, 100)], tmp_path) for number in range(1, 6)]

    path = assembled(*pages)

    told = ["".join(character for character, _box in boxes_of(path, number)) for number in range(5)]
    assert told == [f"第{number}页的字" for number in range(1, 6)]


def test_nothing_active_is_ever_in_it(tmp_path: Path) -> None:
    assert pdf_actions.find(assembled(make_sheet(make_item(), PROSE, tmp_path))) == {}


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    page = make_sheet(make_item(), PROSE, tmp_path)

    for name in ("one.pdf", "two.pdf"):
        pdf.write([sheets.of_page(page)], making.about(page.unit), tmp_path / name)

    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_lines_with_boxes_on_one_spot_do_no_harm(tmp_path: Path) -> None:
    line = replace(row("闽宁协作", 100, 100), characters=(Box(100, 100, 0, 48),) * 4)

    found = boxes_of(assembled(make_sheet(make_item(), [line], tmp_path)))

    assert "".join(character for character, _box in found) == "闽宁协作"

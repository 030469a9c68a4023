"""PDF files made here, with text, without, with invisible text, encrypted, broken."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from core.errors import InvalidInput
from media.engines import pdfium, vips
from media.lines import Box

Pages = Callable[..., Path]


def shown(text: str) -> str:
    """A text as the operand of an operator that shows it."""
    return f"<{text.encode('utf-16-be').hex()}>"


def _font(pdf: Pdf, encoding: str) -> Dictionary:
    """A standard Chinese font by its name only: the reader brings the shapes, text and places are in the file."""
    description = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/STSong-Light"),
        Flags=6,
        FontBBox=Array([-25, -254, 1000, 880]),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=880,
        StemV=93,
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=Name("/STSong-Light"),
        DW=1000,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("GB1"), Supplement=2),
        FontDescriptor=pdf.make_indirect(description),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name(f"/STSong-Light-{encoding}"),
        Encoding=Name(f"/{encoding}"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
    )


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    """Writes a PDF with one page of 595 × 842 points for each content stream; ``/H`` is level, ``/V`` standing type."""

    def write(*contents: str, rotation: int = 0, image: Image.Image | None = None) -> Path:
        pdf = Pdf.new()
        fonts = {f"/{name}": pdf.make_indirect(_font(pdf, f"UniGB-UCS2-{name}")) for name in "HV"}
        for content in contents:
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Resources = Dictionary(Font=Dictionary(fonts))
            if image is not None:
                page.Resources.XObject = Dictionary(Scan=_image(pdf, image))
                content = f"q 595 0 0 842 0 0 cm /Scan Do Q {content}"
            page.Contents = pdf.make_stream(content.encode())
            if rotation:
                page.Rotate = rotation
        path = tmp_path / "made.pdf"
        pdf.save(path)
        return path

    return write


def _image(pdf: Pdf, image: Image.Image) -> pikepdf.Object:
    buffer = io.BytesIO()
    image.save(buffer, format="JPEG")
    return pdf.make_stream(
        buffer.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )


LETTER = (
    f"BT /H 16 Tf 72 760 Td {shown('渡口边的邮递员写完了一封信')} Tj "
    f"0 -28 Td {shown('长桥于1998年10月6日通车。')} Tj 300 0 Td {shown('第三页')} Tj ET"
)


def test_pages_with_text_are_told_from_pages_without(pages: Pages) -> None:
    path = pages(LETTER, "", f"BT /H 12 Tf 280 40 Td {shown('第三页')} Tj ET")

    facts = pdfium.inspect(path)

    assert facts == pdfium.PdfFacts(pages=3, has_text=(True, False, False))


def test_invisible_text_under_a_scan_does_not_count(pages: Pages) -> None:
    path = pages(f"BT 3 Tr /H 16 Tf 72 760 Td {shown('山坡上的钟声渐渐远去，河边的灯火静静停下')} Tj ET")

    assert pdfium.inspect(path).has_text == (False,)
    assert pdfium.text_lines(path, 0) == []


def test_a_stamp_on_an_image_that_fills_the_page_does_not_count(pages: Pages) -> None:
    scan = Image.new("RGB", (400, 560), "white")

    path = pages(f"BT /H 10 Tf 72 20 Td {shown('此件由渡口图书馆扫描，共三页')} Tj ET", image=scan)

    assert pdfium.inspect(path).has_text == (False,)


def test_characters_without_meaning_do_not_count(pages: Pages) -> None:
    path = pages(f"BT /H 16 Tf 72 760 Td {shown(''.join(chr(0xE000 + n) for n in range(30)))} Tj ET")

    assert pdfium.inspect(path).has_text == (False,)


def test_lines_stand_where_they_are_drawn(pages: Pages) -> None:
    lines = pdfium.text_lines(pages(LETTER), 0, dpi=300)

    assert [line.text for line in lines] == ["渡口边的邮递员写完了一封信", "长桥于1998年10月6日通车。", "第三页"]
    assert {line.direction for line in lines} == {"h"}
    # 72 points from the left, one em of 16 points wide, in pixels of 300 dpi.
    assert lines[0].characters[0] == Box(300, lines[0].box.y, 67, 67)
    assert lines[0].box.y == pytest.approx((842 - 760 - 0.88 * 16) * 300 / 72, abs=2)
    assert all(len(line.characters) == len(line.text) for line in lines)


def test_standing_lines_are_found_as_such(pages: Pages) -> None:
    content = f"BT /V 16 Tf 500 760 Td {shown('山坡上的钟声渐渐远去')} Tj -28 0 Td {shown('河边的灯火静静停下')} Tj ET"

    lines = pdfium.text_lines(pages(content), 0)

    assert sorted(line.text for line in lines) == ["山坡上的钟声渐渐远去", "河边的灯火静静停下"]
    assert {line.direction for line in lines} == {"v"}


def test_boxes_lie_on_the_page_image_at_every_rotation(pages: Pages, tmp_path: Path) -> None:
    for rotation in (0, 90, 180, 270):
        path, target = pages(LETTER, rotation=rotation), tmp_path / "page.jpg"

        width, height = pdfium.render(path, 0, target, dpi=150)
        lines = pdfium.text_lines(path, 0, dpi=150)

        assert (width, height) == ((1240, 1755) if rotation % 180 == 0 else (1755, 1240))
        assert all(0 <= box.x < box.right <= width for line in lines for box in line.characters)
        assert all(0 <= box.y < box.bottom <= height for line in lines for box in line.characters)


def test_a_page_is_drawn_with_its_colours_and_resolution(pages: Pages, tmp_path: Path) -> None:
    path, target = pages("1 0 0 rg 0 421 595 421 re f"), tmp_path / "page.jpg"

    size = pdfium.render(path, 0, target, dpi=100)

    pixels = vips.rgb_array(target)
    assert size == (827, 1170)
    assert vips.probe(target).dpi == 100
    assert tuple(pixels[300, 400] > 128) == (True, False, False)
    assert pixels[900, 400].min() > 250


def test_a_page_too_large_to_draw_is_refused(pages: Pages, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"长卷\.pdf"):
        pdfium.render(pages(LETTER), 0, tmp_path / "page.jpg", dpi=4800, name="长卷.pdf")


@pytest.mark.parametrize("user", ["secret", ""], ids=["password", "restricted rights"])
def test_an_encrypted_file_is_refused_by_name(pages: Pages, tmp_path: Path, user: str) -> None:
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(pages(LETTER)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user=user))

    with pytest.raises(InvalidInput, match=r"决算\.pdf"):
        pdfium.inspect(locked, name="决算.pdf")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nnothing follows"])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "0a1b2c"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=r"决算\.pdf"):
        pdfium.inspect(path, name="决算.pdf")


def test_a_file_without_pages_is_not_called_encrypted_after_one_that_was(pages: Pages, tmp_path: Path) -> None:
    locked, hollow = tmp_path / "locked.pdf", tmp_path / "hollow.pdf"
    with pikepdf.open(pages(LETTER)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="owner", user="secret"))
    pikepdf.new().save(hollow)
    with pytest.raises(InvalidInput):
        pdfium.inspect(locked, name="决算.pdf")

    with pytest.raises(InvalidInput) as refused:
        pdfium.inspect(hollow, name="空白.pdf")

    assert "空白.pdf" in refused.value.message
    assert refused.value.message == pdfium._broken("空白.pdf").message


def test_the_version_names_both_parts() -> None:
    assert "(PDFium " in pdfium.version()

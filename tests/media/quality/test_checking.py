"""What is measured on a page: each fault is made, and found again; a sound page has none."""

import io
import random
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.db import transaction
from PIL import Image

from archive.models import Unit
from core.errors import InvalidInput
from media import quality
from media.engines import scans
from media.models import Finding, Page
from media.quality import checking, measures
from media.quality.limits import LIMITS, Code
from tests.makers import make_item
from tests.media.making import text_pdf
from tests.media.quality import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_item(extent="1页，A4")


def codes(page: Page) -> set[str]:
    """What is found on a page that is checked now."""
    record = quality.check(page)
    with transaction.atomic():
        record()
    page.refresh_from_db()
    return set(page.findings.values_list("code", flat=True))


def test_a_sound_scan_has_no_fault(unit: Unit) -> None:
    size = (2480, 3508)
    page = sheets.scan(unit, sheets.sheet(size=size), form="TIFF", dpi=(300, 300), compression="tiff_lzw")

    found = codes(page)

    assert found == {Code.TECHNICAL}
    assert page.dpi == 300
    assert page.skew == pytest.approx(0, abs=0.1)
    assert len(page.fingerprint) == 16


@pytest.mark.parametrize("degrees", [-8.0, -3.3, -1.2, -0.4, 0.7, 1.5, 2.85, 6.0])
def test_the_lean_of_print_is_measured_within_a_fifth_of_a_degree(degrees: float) -> None:
    found = measures.measure(sheets.leaning(sheets.sheet(), degrees))

    assert found.skew == pytest.approx(degrees, abs=0.2)


@pytest.mark.parametrize("degrees", [-2.5, 0.0, 1.8])
def test_the_lean_of_vertical_print_is_measured_along_its_columns(degrees: float) -> None:
    found = measures.measure(sheets.leaning(sheets.vertical(), degrees))

    assert found.skew == pytest.approx(degrees, abs=0.2)


def test_a_picture_without_lines_has_no_lean() -> None:
    noise = np.random.default_rng(4).normal(128, 40, (1754, 1240)).clip(0, 255).astype(np.uint8)

    assert measures.measure(np.asarray(cv2.GaussianBlur(noise, (31, 31), 0), np.uint8)).skew is None


def test_the_lean_is_that_of_the_turned_page(unit: Unit) -> None:
    lying = np.ascontiguousarray(np.rot90(sheets.leaning(sheets.sheet(), 2.0)))
    page = sheets.scan(unit, lying)
    page.turn = 90

    codes(page)

    assert page.skew == pytest.approx(2.0, abs=0.2)


def test_a_page_that_lies_aslant_is_found(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.leaning(sheets.sheet(), 2.0))

    found = codes(page)

    assert Code.SKEW in found
    finding = page.findings.get(code=Code.SKEW)
    assert finding.measure == pytest.approx(2.0, abs=0.2)
    assert (finding.rule, finding.limit, finding.measured_in, finding.severity) == ("D-09", 1.0, "°", "warning")


def test_blur_is_found(unit: Unit) -> None:
    sharp = sheets.scan(unit, sheets.sheet())
    blurred = sheets.scan(unit, np.asarray(cv2.GaussianBlur(sheets.sheet(2), (0, 0), 2.5), np.uint8))

    assert Code.BLUR not in codes(sharp)
    assert Code.BLUR in codes(blurred)


def test_a_blank_page_is_found_and_not_one_with_a_single_word(unit: Unit) -> None:
    blank = sheets.scan(unit, sheets.sheet(lines=0))
    nearly = sheets.scan(unit, sheets.sheet(lines=1))

    assert Code.BLANK in codes(blank)
    assert blank.fingerprint == ""
    assert Code.BLANK not in codes(nearly)


def test_cut_tones_are_found(unit: Unit) -> None:
    dark = sheets.sheet()
    dark[1400:1600, 200:1000] = 0

    assert Code.SHADOWS in codes(sheets.scan(unit, dark))
    assert Code.HIGHLIGHTS in codes(sheets.scan(unit, sheets.sheet(paper=255)))


def test_print_that_is_cut_off_at_an_edge_is_found(unit: Unit) -> None:
    cut = np.ascontiguousarray(sheets.sheet()[:, 170:])

    assert Code.CUT_TEXT in codes(sheets.scan(unit, cut))


def test_the_dark_stripe_of_a_scanner_is_no_cut_print(unit: Unit) -> None:
    striped = sheets.sheet()
    striped[:, :25] = 20

    assert Code.CUT_TEXT not in codes(sheets.scan(unit, striped))


def test_a_low_resolution_is_an_error_and_one_too_low_for_recognition_a_warning(unit: Unit) -> None:
    low = sheets.scan(unit, sheets.sheet())
    middling = sheets.scan(unit, sheets.sheet(2, size=(1654, 2339)), dpi=(200, 200))

    assert Code.RESOLUTION_LOW in codes(low)
    assert low.findings.get(code=Code.RESOLUTION_LOW).severity == Finding.Severity.ERROR
    assert Code.RESOLUTION_FOR_TEXT in codes(middling)
    assert Code.RESOLUTION_LOW not in codes(middling)


def test_a_resolution_that_is_not_stated_is_told_from_the_paper(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.sheet(), dpi=None)

    assert {Code.RESOLUTION_MISSING, Code.RESOLUTION_LOW} <= codes(page)
    assert page.dpi == 150
    assert page.findings.get(code=Code.RESOLUTION_LOW).detail == {"paper": "A4", "is_assumed": False}


def test_a_stretched_image_is_found(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.sheet(), dpi=(300, 200))

    assert Code.RESOLUTION_AXES in codes(page)
    assert page.dpi == 200


def test_an_image_that_is_not_as_large_as_its_paper_is_found(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.sheet(), dpi=(300, 300))

    assert Code.PAPER_SIZE in codes(page)
    assert page.findings.get(code=Code.PAPER_SIZE).detail == {"paper": "A4", "width": 105, "height": 149}


@pytest.mark.parametrize("quality_", [30, 60, 75, 85, 92])
def test_the_quality_of_a_jpeg_is_told_from_its_tables(unit: Unit, quality_: int) -> None:
    page = sheets.scan(unit, sheets.sheet(), form="JPEG", quality=quality_)

    seen = checking.look(page)

    assert seen.header is not None
    assert seen.header.quality == pytest.approx(quality_, abs=2)
    assert (Code.COMPRESSION in codes(page)) == (quality_ < 80)


def test_the_quality_of_a_tiff_with_jpeg_inside_is_told(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.sheet(), compression="jpeg", quality=40)

    assert Code.COMPRESSION in codes(page)
    assert page.findings.get(code=Code.COMPRESSION).measure == pytest.approx(40, abs=2)


def test_black_and_white_and_png_are_found(unit: Unit) -> None:
    stream = io.BytesIO()
    Image.fromarray(sheets.sheet()).convert("1").save(stream, "TIFF", compression="group4", dpi=(150, 150))
    bitonal = sheets.keep(unit, stream.getvalue())[0]
    png = sheets.scan(unit, sheets.sheet(2), form="PNG")

    assert Code.COLOUR_BITONAL in codes(bitonal)
    assert Code.SHADOWS not in codes(bitonal)
    assert Code.MASTER_FORMAT in codes(png)


def test_a_jpeg_2000_is_measured_and_is_a_master(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.leaning(sheets.sheet(), 2.0), form="JPEG2000", dpi=None)

    found = codes(page)

    assert {Code.SKEW, Code.RESOLUTION_MISSING, Code.RESOLUTION_LOW} <= found
    assert not {Code.MASTER_FORMAT, Code.COMPRESSION, Code.BLUR} & found
    assert page.skew == pytest.approx(2.0, abs=0.2)


def test_a_camera_that_names_itself_and_its_date_is_enough(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.sheet())
    page.digital_object.technical = {"camera": {"make": "Contex", "model": "HD Ultra", "taken": "2026:01:01 10:00:00"}}
    page.digital_object.save()

    assert Code.TECHNICAL not in codes(page)


def test_each_page_of_a_tiff_is_measured_by_itself(unit: Unit) -> None:
    stream = io.BytesIO()
    first, second = Image.fromarray(sheets.sheet()), Image.fromarray(sheets.leaning(sheets.sheet(2), -3.0))
    first.save(stream, "TIFF", save_all=True, append_images=[second], dpi=(150, 150))
    pages = sheets.keep(unit, stream.getvalue(), frames=2)

    found = [codes(page) for page in pages]

    assert [Code.SKEW in each for each in found] == [False, True]
    assert pages[0].fingerprint != pages[1].fingerprint


def test_a_page_of_a_pdf_is_measured_as_it_is_drawn(unit: Unit, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = text_pdf(tmp_path_factory.mktemp("pdf") / "born.pdf", "This text was born digital")
    page = sheets.scan(unit, sheets.sheet())
    page = sheets.keep(unit, path.read_bytes(), form="TIFF")[0]
    page.digital_object.media_type = "application/pdf"
    page.digital_object.save()
    page.carries_text = True

    found = codes(page)

    assert found == set()
    assert page.dpi is None


def test_a_damaged_scan_is_no_finding_but_an_error(unit: Unit) -> None:
    content = sheets.encoded(sheets.sheet(), "JPEG")
    page = sheets.keep(unit, content[: len(content) // 3], form="JPEG")[0]

    with pytest.raises(InvalidInput, match=r"损坏"):
        quality.check(page)


@pytest.mark.parametrize("form", ["TIFF", "JPEG", "PNG", "JPEG2000"])
def test_whatever_is_wrong_with_a_file_it_is_measured_or_refused(form: str, tmp_path: Path) -> None:
    sound, chance, path = (
        sheets.encoded(sheets.sheet(size=(310, 438)), form, dpi=None),
        random.Random(7),
        tmp_path / "x",
    )
    media_type = f"image/{'jp2' if form == 'JPEG2000' else form.lower()}"
    refused = 0

    for number in range(40):
        broken = bytearray(sound[: chance.randrange(1, len(sound))] if number % 3 == 0 else sound)
        for _flip in range(number % 3 * 10):
            broken[chance.randrange(min(len(broken), 300 if number % 2 else len(broken)))] = chance.randrange(256)
        path.write_bytes(broken)
        header = scans.header(path, 0, media_type)
        try:
            measures.measure(scans.grey_copy(path, 0, dpi=header.dpi if header else None))
        except InvalidInput:
            refused += 1

    assert refused > 10


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (1, 900), (900, 1)])
@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "CMYK"])
def test_odd_pictures_are_measured(size: tuple[int, int], mode: str, tmp_path: Path) -> None:
    Image.new(mode, size).save(tmp_path / "x", "TIFF")

    found = measures.measure(scans.grey_copy(tmp_path / "x", 0, turn=270))

    assert (found.skew, found.sharpness) == (None, None)


def test_checking_again_replaces_what_is_open_and_leaves_what_is_decided(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.leaning(sheets.sheet(), 2.0))
    codes(page)
    page.findings.filter(code=Code.SKEW).update(decision=Finding.Decision.ACCEPTED)
    before = set(page.findings.values_list("pk", flat=True))

    again = codes(page)

    after = list(page.findings.filter(code=Code.SKEW))
    assert [finding.decision for finding in after] == [Finding.Decision.ACCEPTED]
    assert len(page.findings.all()) == len(before) == len(again)


def test_a_finding_that_got_worse_is_open_again(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.leaning(sheets.sheet(), 2.0))
    codes(page)
    page.findings.filter(code=Code.SKEW).update(decision=Finding.Decision.ACCEPTED, measure=1.2)

    codes(page)

    assert sorted(page.findings.filter(code=Code.SKEW).values_list("decision", flat=True)) == ["accepted", "open"]


def test_another_part_may_suggest_a_turn(unit: Unit) -> None:
    page = sheets.scan(unit, sheets.sheet())

    quality.findings.add(page, Code.ORIENTATION, measure=90)
    quality.findings.add(page, Code.ORIENTATION, measure=180)
    codes(page)

    assert [finding.measure for finding in page.findings.filter(code=Code.ORIENTATION)] == [180]


def test_every_limit_says_what_it_is_and_what_to_do() -> None:
    assert set(LIMITS) == set(Code)
    assert all(str(limit.title) and str(limit.remedy) and limit.rule.startswith("D-") for limit in LIMITS.values())

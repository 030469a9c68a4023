"""Names of scans: what they say, and what must not come in with them."""

import pytest
from django.utils import translation

from core.errors import InvalidInput
from media.intake import names
from media.intake.findings import Code


@pytest.mark.parametrize(
    ("received", "code", "page"),
    [
        ("J019-ZY·JC·2019·D30-001-003.tif", "J019-ZY·JC·2019·D30-001", 3),
        ("Z109-WS·2011-Y-BGS-0001-012.TIF", "Z109-WS·2011-Y-BGS-0001", 12),
        ("Ｊ０１９－ＷＳ・２０１９－０００１－００３.tif", "J019-WS·2019-0001", 3),
        ("J019–WS•2019–0001–0107.jpg", "J019-WS·2019-0001", 107),
        ("收到 J019 - 0001 - 003 .tif", "收到 J019-0001", 3),
    ],
)
def test_a_name_says_unit_and_page(received: str, code: str, page: int) -> None:
    name = names.read(received)

    assert (name.code, name.page) == (code, page)


@pytest.mark.parametrize(
    ("received", "number"),
    [
        ("001.tif", 1),
        ("第１２页.jpg", 12),
        ("page_7.png", 7),
        ("IMG 0042.jpg", 42),
        ("封面.jpg", None),
        ("a1.jpg", None),
    ],
)
def test_in_a_folder_a_number_is_enough(received: str, number: int | None) -> None:
    name = names.read(f"J019-0001/{received}")

    assert name.folders == ("J019-0001",)
    assert name.number == number


@pytest.mark.parametrize(
    "received",
    [
        "../../etc/passwd",
        "J019-0001/..\\..\\evil.tif",
        "J019/．．/001.tif",
        "/etc/passwd",
        "C:\\scans\\001.tif",
        "001\0.tif",
        "",
        "\u202e",
        "长" * 600 + ".tif",
    ],
)
def test_a_name_that_leads_out_or_cannot_be_kept_is_refused_by_name(received: str) -> None:
    findings = names.read(received).findings

    assert Code.NAME_UNSAFE in {finding.code for finding in findings}


@pytest.mark.parametrize(
    ("received", "shown", "detail"),
    [
        ("J019-001\u202efit.exe", "J019-001‹U+202E›fit.exe", "U+202E"),
        ("00\x071.tif", "00‹U+0007›1.tif", "U+0007"),
        ("坏\udcff名.tif", "坏‹U+DCFF›名.tif", "U+DCFF"),
        ("\u200b001.tif", "‹U+200B›001.tif", "U+200B"),
    ],
)
def test_what_cannot_be_seen_is_written_out(received: str, shown: str, detail: str) -> None:
    name = names.read(received)

    finding = next(each for each in name.findings if each.code == Code.NAME_CLEANED)
    assert name.shown == finding.file == shown
    assert detail in finding.message
    assert not finding.stops_file
    shown.encode()


def test_full_width_digits_are_read_and_said() -> None:
    with translation.override("en"):
        name = names.read("J019-0001-００３.tif")

    assert name.page == 3
    assert "full-width digits" in name.findings[0].message


@pytest.mark.parametrize(
    "received", ["通知（机密★）.tif", "机密/001.tif", "J019-0001-绝密-001.tif", "绝密★30年.pdf", "机\u202e密★.tif"]
)
def test_a_mark_of_secrecy_stops_everything(received: str) -> None:
    with pytest.raises(InvalidInput) as stop:
        names.require_no_secrets(["好.tif", received])

    assert names.visible(received) in stop.value.message
    assert any(finding.stops_all for finding in names.read(received).findings)


def test_ordinary_words_are_no_marks() -> None:
    names.require_no_secrets(["商业秘密保护条例-001.tif", "秘密战线/001.tif", "J019-WS·2019-0001-001.tif"])

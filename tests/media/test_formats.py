"""Formats beyond scans, and the tools that know the PRONOM registry."""

import struct
import wave
import zipfile
from pathlib import Path

import pytest

from core.errors import InvalidInput
from media import examining
from media.engines import containers, fido, formats, identify, siegfried
from media.engines.formats import Category
from tests.media import making

OPEN_XML = "application/vnd.openxmlformats-officedocument"

SIEGFRIED = """#!/bin/sh
case "$1" in
-version) echo "siegfried 1.11.2"; echo "/usr/share/siegfried/default.sig (2025-03-01)";;
*) echo '{"siegfried":"1.11.2","identifiers":[{"name":"pronom"}],"files":[{"filename":"a","filesize":9,"errors":"",
"matches":[%s]}]}';;
esac
"""
JFIF = (
    '{"ns":"pronom","id":"fmt/43","format":"JPEG File Interchange Format","version":"1.01",'
    '"mime":"image/jpeg","class":"Image (Raster)","basis":"byte match at [[0 14]]","warning":""}'
)
UNKNOWN = '{"ns":"pronom","id":"UNKNOWN","format":"","version":"","mime":"","class":"","basis":"","warning":"no match"}'

FIDO = """#!/bin/sh
case "$1" in
-v) echo "FIDO v1.6.1 (formats-v109.xml, container-signature-20200121.xml, format_extensions.xml)";;
*) echo 'OK,20,fmt/43,"JPEG File Interchange Format","JFIF 1.01",9,"a","image/jpeg","signature"';;
esac
"""


def install(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program that answers as the real one does before all others."""
    program = folder / name
    program.write_text(script)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    siegfried.version.cache_clear()
    fido.version.cache_clear()


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """What is installed is asked anew in every test."""
    siegfried.version.cache_clear()
    fido.version.cache_clear()


def zipped(path: Path, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path


def ole(path: Path, stream_name: str) -> Path:
    """An OLE 2 file of three sectors whose directory names one stream."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *([0xFFFFFFFF] * 108))
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *([0xFFFFFFFF] * 126))
    directory = bytearray(512)
    for place, name in enumerate(("Root Entry", stream_name)):
        encoded = (name + "\0").encode("utf-16-le")
        directory[128 * place : 128 * place + len(encoded)] = encoded
        struct.pack_into("<H", directory, 128 * place + 64, len(encoded))
    path.write_bytes(bytes(header) + table + bytes(directory))
    return path


def recording(path: Path) -> Path:
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 44100, 0, "NONE", ""))
        sound.writeframes(bytes(200))
    return path


MAIL = (
    "Return-Path: <a@example.org>\r\nFrom: 甲 <a@example.org>\r\nDate: Mon, 4 Nov 1996 10:00:00 +0800\r\n\r\n正文\r\n"
)


def test_office_files_letters_and_recordings_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text(MAIL, encoding="utf-8", newline="")
    (tmp_path / "mp4").write_bytes(b"\0\0\0\x18ftypisom" + bytes(40))
    (tmp_path / "sound.m4a").write_bytes(b"\0\0\0\x18ftypM4A " + bytes(40))
    (tmp_path / "rtf").write_bytes(b"{\\rtf1\\ansi }")
    (tmp_path / "mxf").write_bytes(bytes.fromhex("060e2b34020501010d0102010102") + bytes(40))
    (tmp_path / "mkv").write_bytes(b"\x1a\x45\xdf\xa3" + b"\x42\x82\x88matroska" + bytes(40))
    (tmp_path / "avi").write_bytes(b"RIFF\x10\0\0\0AVI LIST" + bytes(40))
    word = {"[Content_Types]_dot_xml": "<Types/>", "word__document_dot_xml": "<w/>"}
    expected = {
        zipped(tmp_path / "docx", **word): f"{OPEN_XML}.wordprocessingml.document",
        zipped(tmp_path / "ods", mimetype="application/vnd.oasis.opendocument.spreadsheet"): (
            "application/vnd.oasis.opendocument.spreadsheet"
        ),
        ole(tmp_path / "doc", "WordDocument"): "application/msword",
        ole(tmp_path / "xls", "Workbook"): "application/vnd.ms-excel",
        recording(tmp_path / "wav"): "audio/vnd.wave",
        tmp_path / "mail": "message/rfc822",
        tmp_path / "mp4": "video/mp4",
        tmp_path / "sound.m4a": "audio/mp4",
        tmp_path / "rtf": "application/rtf",
        tmp_path / "mxf": "application/mxf",
        tmp_path / "mkv": "video/matroska",
        tmp_path / "avi": "video/vnd.avi",
    }

    found = {path: identify.identify(path, path.name).media_type for path in expected}

    assert found == expected


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" * 20,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"From: somebody\r\n\r\nno date, no letter",
        b"\0",
    ],
    ids=["archive", "empty container", "note", "zero"],
)
def test_what_only_begins_like_one_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=r"a\.docx"):
        identify.identify(path, "a.docx")


def test_any_other_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", readme="nothing")

    with pytest.raises(InvalidInput):
        identify.identify(path, "a.zip")


def test_a_directory_that_leads_in_a_circle_comes_to_an_end(tmp_path: Path) -> None:
    path = ole(tmp_path / "doc", "Nothing")
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, 512 + 4, 1)
    path.write_bytes(content)

    assert containers.media_type(path) == ""


def test_every_format_has_its_own_media_type_and_endings() -> None:
    endings = [ending for form in formats.ACCEPTED.values() for ending in form.endings]

    assert len(endings) == len(set(endings))
    assert all(ending.startswith(".") for ending in endings)
    assert formats.known("audio/x-wav") == formats.ACCEPTED["audio/vnd.wave"]
    assert formats.known("application/x-dosexec") is None
    assert {form.category for form in formats.ACCEPTED.values()} == set(Category)


def test_siegfried_gives_the_registrys_identifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "sf", SIEGFRIED % JFIF, monkeypatch)

    found = identify.identify(making.jpeg(tmp_path / "a"), "a")

    assert (found.tool, found.pronom_id) == ("Siegfried", "fmt/43")
    assert found.format_name == "JPEG File Interchange Format 1.01"
    assert "1.11.2" in found.version and "default.sig" in found.version
    assert identify.tool().startswith("Siegfried 1.11.2")


def test_what_siegfried_does_not_know_is_recognised_by_its_signature(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "sf", SIEGFRIED % UNKNOWN, monkeypatch)

    found = identify.identify(making.jpeg(tmp_path / "a"), "a")

    assert (found.tool, found.pronom_id, found.media_type) == ("puremagic", "", "image/jpeg")


def test_a_tool_that_fails_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "sf", '#!/bin/sh\n[ "$1" = -version ] && echo siegfried 1 || exit 3\n', monkeypatch)

    found = identify.identify(making.jpeg(tmp_path / "a"), "a")

    assert found.tool == "puremagic"


def test_fido_is_asked_where_siegfried_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "fido", FIDO, monkeypatch)

    found = identify.identify(making.jpeg(tmp_path / "a"), "a")

    assert (found.tool, found.pronom_id, found.media_type) == ("fido", "fmt/43", "image/jpeg")
    assert identify.tool().startswith("fido v1.6.1")


def test_a_file_is_examined_while_somebody_waits(tmp_path: Path) -> None:
    bundle = examining.examine(making.tiff(tmp_path / "a.tif", *"ABCDEFG"), "a.tif")
    document = examining.examine(making.text_pdf(tmp_path / "a.pdf", "one", "two"), "a.pdf")
    sound = examining.examine(recording(tmp_path / "a.wav"), "a.wav")

    assert (bundle.pages, bundle.category, bundle.media_type) == (7, Category.IMAGE, "image/tiff")
    assert (document.pages, document.category) == (2, Category.PDF)
    assert (sound.pages, sound.category) == (0, Category.AUDIO)
    assert bundle.identified_by.startswith("puremagic ")


def test_a_single_image_that_is_cut_short_is_refused_at_the_door(tmp_path: Path) -> None:
    path = making.truncated_jpeg(tmp_path / "a.jpg")

    with pytest.raises(InvalidInput, match=r"a\.jpg"):
        examining.examine(path, "a.jpg")

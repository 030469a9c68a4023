import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from archive.models import AuditEvent
from core.errors import InvalidInput, Unavailable
from media import conversion, storage
from media.conversion import converting
from media.engines import libreoffice, pdfium
from media.models import DigitalObject
from tests.makers import make_item, make_page

needs_office = pytest.mark.skipif(
    not libreoffice.available(), reason="LibreOffice is not installed (Debian: libreoffice-nogui)"
)

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def docx(*paragraphs: str) -> bytes:
    """A Word file of these paragraphs, the least that Word opens."""
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
        f'2006/main"><w:body>{body}</w:body></w:document>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def text_of(path: Path) -> str:
    return "".join(line.text for line in pdfium.text_lines(path, 0)).replace(" ", "")


@needs_office
def test_a_word_file_becomes_pages_with_its_text(tmp_path: Path) -> None:
    source, target = tmp_path / "original", tmp_path / "as.pdf"
    source.write_bytes(docx("闽宁协作二十年", "1996年起"))

    converting.to_pdf(source, _DOCX, target, name="协作.docx")

    assert pdfium.inspect(target).pages == 1
    assert "闽宁协作二十年" in text_of(target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["as.pdf", "original"]


@needs_office
def test_a_table_and_a_letter_become_pages(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["年份", "援助资金"])
    book.save(tmp_path / "book")
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = (
        "a@example.org",
        "会议通知",
        "Wed, 16 Apr 1997 09:00:00 +0800",
    )
    message.set_content("请准时出席。")
    (tmp_path / "letter").write_bytes(message.as_bytes())

    converting.to_pdf(tmp_path / "book", _XLSX, tmp_path / "book.pdf", name="表.xlsx")
    converting.to_pdf(tmp_path / "letter", converting.LETTER, tmp_path / "letter.pdf", name="信.eml")

    assert "援助资金" in text_of(tmp_path / "book.pdf")
    assert "会议通知" in text_of(tmp_path / "letter.pdf")
    assert "请准时出席" in text_of(tmp_path / "letter.pdf")


@needs_office
def test_a_file_that_is_cut_short_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(docx("闽宁协作")[:-300])

    with pytest.raises(InvalidInput, match=r"坏\.docx"):
        converting.to_pdf(tmp_path / "broken", _DOCX, tmp_path / "as.pdf", name="坏.docx")

    assert not (tmp_path / "as.pdf").exists()


@needs_office
def test_one_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "SECONDS", 0.05)
    (tmp_path / "slow").write_bytes(docx("闽宁协作"))

    with pytest.raises(InvalidInput, match=r"慢\.docx"):
        converting.to_pdf(tmp_path / "slow", _DOCX, tmp_path / "as.pdf", name="慢.docx")


def test_without_libreoffice_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "_PROGRAMS", ("no-such-program",))
    (tmp_path / "a").write_bytes(docx("闽宁协作"))

    with pytest.raises(Unavailable, match="LibreOffice"):
        converting.to_pdf(tmp_path / "a", _DOCX, tmp_path / "as.pdf", name="协作.docx")


def test_what_cannot_be_shown_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"信\.msg"):
        converting.to_pdf(tmp_path / "a", "application/vnd.ms-outlook", tmp_path / "as.pdf", name="信.msg")


@needs_office
@pytest.mark.django_db
def test_a_digital_object_gets_its_pages_from_the_pdf(tmp_path: Path) -> None:
    thing = make_page(make_item()).digital_object
    staged = storage.stage([docx("闽宁协作二十年")])
    storage.keep(staged)
    DigitalObject.objects.filter(pk=thing.pk).update(sha512=staged.sha512, media_type=_DOCX, page_count=0)
    thing.refresh_from_db()

    conversion.prepare(thing)()

    thing.refresh_from_db()
    assert thing.page_count == 1
    assert storage.source_of_pages(thing) == (storage.rendition_path(thing, storage.AS_PDF), "application/pdf")
    assert AuditEvent.objects.filter(action="migration", object_key=str(thing.pk)).count() == 1

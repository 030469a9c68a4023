from email.message import EmailMessage
from pathlib import Path

import pytest

from core.errors import InvalidInput
from media.conversion import letters


def letter(**parts: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "福建省扶贫办 <fj@example.org>"
    message["To"] = "宁夏扶贫办 <nx@example.org>"
    message["Subject"] = "关于第二次联席会议"
    message["Date"] = "Wed, 16 Apr 1997 09:00:00 +0800"
    message.set_content(parts.get("plain", "请查收会议纪要。\n此致\n"))
    return message


def stored(tmp_path: Path, content: bytes | EmailMessage) -> Path:
    path = tmp_path / "letter.eml"
    path.write_bytes(content.as_bytes() if isinstance(content, EmailMessage) else content)
    return path


def test_head_text_and_attachments_are_on_the_page(tmp_path: Path) -> None:
    message = letter()
    message.add_attachment(b"%PDF-1.4 minutes", maintype="application", subtype="pdf", filename="纪要.pdf")

    page = letters.as_page(stored(tmp_path, message), "letter.eml")

    for words in (
        "福建省扶贫办",
        "关于第二次联席会议",
        "请查收会议纪要。",
        "纪要.pdf",
        "application/pdf",
        "16 B",
        "SHA-256",
    ):
        assert words in page


def test_of_html_only_the_words_are_left(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "a@example.org", "通知", "Wed, 16 Apr 1997 09:00:00 +0800"
    html = '<style>p{}</style><p>第一段<img src="http://example.org/spy.png"></p><script>alert(1)</script><p>第二段</p>'
    message.set_content(html, subtype="html")

    page = letters.as_page(stored(tmp_path, message), "letter.eml")

    assert "<p>第一段</p>" in page
    assert "<p>第二段</p>" in page
    assert "http" not in page
    assert "script" not in page
    assert "alert" not in page


def test_a_letter_in_an_old_character_set_is_read(tmp_path: Path) -> None:
    head = b"From: a@example.org\nDate: Wed, 16 Apr 1997 09:00:00 +0800\nSubject: x\n"
    body = (
        head
        + b"Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit\n\n"
        + "闽宁协作".encode("gb18030")
    )

    assert "闽宁协作" in letters.as_page(stored(tmp_path, body), "letter.eml")


def test_marks_of_direction_and_markup_are_harmless(tmp_path: Path) -> None:
    message = letter(plain="<b>粗</b> \u202egpj.exe")

    page = letters.as_page(stored(tmp_path, message), "letter.eml")

    assert "&lt;b&gt;粗&lt;/b&gt; gpj.exe" in page


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02" * 100, "只是文字".encode(), b"Content-Type: multipart/mixed\n" * 50]
)
def test_what_is_no_letter_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"信\.eml"):
        letters.as_page(stored(tmp_path, content), "信.eml")


def test_messages_within_messages_end(tmp_path: Path) -> None:
    content = b"From: a@example.org\nSubject: x\nContent-Type: message/rfc822\n\n" * 3000

    try:
        page = letters.as_page(stored(tmp_path, content), "信.eml")
    except InvalidInput as refused:
        page = refused.message

    assert page

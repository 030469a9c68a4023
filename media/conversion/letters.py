"""An e-mail as a page: who wrote to whom, when, about what, the text, and a list of what was attached.

Only words are taken over: no picture is fetched, no link is live, nothing of the sender's own HTML is kept. What was
attached stays inside the original; the page tells name, size and digest of each piece.
"""

import hashlib
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.text import clean_name

MOST_BYTES = 100 * 1024**2
MOST_PARTS = 1_000
MOST_CHARACTERS = 2_000_000

_HEADERS = ("From", "To", "Cc", "Date", "Subject", "Message-ID")
_BREAKING = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "hr"})
_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class _Words(HTMLParser):
    """Collects the words of an HTML body, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Blocks begin on a line of their own."""
        if tag in _UNSEEN:
            self.hidden += 1
        elif tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """What is not seen ends here."""
        if tag in _UNSEEN:
            self.hidden = max(self.hidden - 1, 0)
        elif tag in _BREAKING:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Words that are seen."""
        if not self.hidden:
            self.parts.append(re.sub(r"\s+", " ", data))


def as_page(path: Path, name: str) -> str:
    """The letter as a web page without any reference to anything.

    Raises:
        InvalidInput: it is no letter, or far larger than one.
    """
    message = _read(path, name)
    rows = "".join(
        f"<tr><th align=left valign=top>{header}</th><td>{_safe(str(message.get(header, '')))}</td></tr>"
        for header in _HEADERS
        if message.get(header)
    )
    body = "".join(f"<p>{_safe(line) or '&nbsp;'}</p>" for line in _body(message)[:MOST_CHARACTERS].splitlines())
    attached = "".join(f"<li>{line}</li>" for line in _attachments(message, name))
    heading = _safe(_("Attached"))
    below = f"<hr><p>{heading}</p><ol>{attached}</ol>" if attached else ""
    shown = f"<table>{rows}</table><hr>{body}{below}"
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{shown}</body></html>'


def _read(path: Path, name: str) -> EmailMessage:
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInput(
            _("“%(name)s” is larger than %(limit)d MB. Save its attachments as files and add them one by one.")
            % {"name": name, "limit": MOST_BYTES // 1024**2}
        )
    try:
        message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
        is_letter = isinstance(message, EmailMessage) and bool(message.get("From") or message.get("Subject"))
    except (MessageError, ValueError, LookupError, RecursionError, AttributeError, IndexError) as fault:
        raise _no_letter(name) from fault
    if not is_letter or not isinstance(message, EmailMessage):
        raise _no_letter(name)
    return message


def _body(message: EmailMessage) -> str:
    """The text of the letter: the plain version if there is one, otherwise the words of the HTML."""
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = _decoded(part)
    if part.get_content_type() != "text/html":
        return text
    words = _Words()
    words.feed(text[: 4 * MOST_CHARACTERS])
    return re.sub(r"\n\s*\n+", "\n\n", "".join(words.parts)).strip()


def _decoded(part: MIMEPart) -> str:
    """The text in the character set that it names; where that fails, in those of the time and place."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", errors="replace")


def _attachments(message: EmailMessage, name: str) -> Iterator[str]:
    for number, part in enumerate(message.iter_attachments(), start=1):
        if number > MOST_PARTS:
            raise _no_letter(name)
        content = part.get_payload(decode=True)
        size = len(content) if isinstance(content, bytes) else 0
        digest = hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else ""
        shown = clean_name(part.get_filename() or _("without a name"))
        yield f"{_safe(shown)} · {_safe(part.get_content_type())} · {size} B<br>SHA-256 {digest}"


def _safe(text: str) -> str:
    """Without what could turn or hide what stands there."""
    return escape(_CONTROL.sub("", text.replace("\t", "    ")))


def _no_letter(name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(name)s” is not a readable e-mail. Save the message again from the mail program (as .eml).")
        % {"name": name}
    )

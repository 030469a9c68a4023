"""Plain text: UTF-8, UTF-16 with its mark, or GB 18030; a form feed begins the next page."""

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media.supplied.sheets import Given

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def decode(content: bytes, *, name: str) -> str:
    """The characters of a text file.

    Raises:
        InvalidInput: it is no text in one of these encodings.
    """
    marked = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(character) < 32 and character not in "\t\n\r\f" for character in text):
            return text
    raise InvalidInput(_("“%(name)s” is not a text in UTF-8, UTF-16 or GB 18030. Save it as UTF-8.") % {"name": name})


def read(text: str) -> Given:
    """The texts of its pages."""
    pages = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\f").split("\f")
    return Given("text", texts=[page.strip("\n") for page in pages])

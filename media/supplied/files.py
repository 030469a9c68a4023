"""Supplied files, told apart by what they hold: ALTO, hOCR, plain text."""

import re

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media.supplied import alto, hocr, plain, trees
from media.supplied.sheets import Given

SUFFIXES = (".xml", ".alto", ".hocr", ".html", ".txt")
"""What a file beside a scan may be called; what it is, its content tells."""

MOST_BYTES = 32 * 1024 * 1024

_HOCR = re.compile(r"class\s*=\s*[\"'][^\"']*\bocr_page\b")
_MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|!--|[a-z])", re.I)


def understand(content: bytes, *, name: str) -> Given:
    """The pages of a supplied file.

    Raises:
        InvalidInput: it is empty, too large, or none of the three; the message says what is wrong.
    """
    if not content.strip():
        raise InvalidInput(_("“%(name)s” is empty.") % {"name": name})
    if len(content) > MOST_BYTES:
        raise InvalidInput(_("“%(name)s” is larger than %(limit)d MB.") % {"name": name, "limit": MOST_BYTES >> 20})
    if not content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return plain.read(plain.decode(content, name=name))
    text = plain.decode(content, name=name) if not content.startswith(b"<?xml") else content.decode("utf-8", "replace")
    if _HOCR.search(text):
        return hocr.read(text, name=name)
    if not _MARKUP.match(text):
        return plain.read(text)
    root = trees.parse(content, name=name)
    if trees.local(root) == "alto":
        return alto.read(root, name=name)
    raise InvalidInput(
        _("“%(name)s” is XML with the root “%(root)s”; ALTO, hOCR and plain text are read.")
        % {"name": name, "root": trees.local(root)[:40]}
    )

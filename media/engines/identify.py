"""What a file is, by its content and never by its name."""

import importlib.metadata
import io
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.utils.translation import gettext as _

from core.errors import InvalidInput

TOOL = "puremagic"
ACCEPTED = {"image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF", "application/pdf": "PDF"}
"""The media types that are taken in, with the names that are shown."""

_HEAD = _FOOT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Identified:
    """An accepted format, and the tool and the tool's version that recognised it (PREMIS 3.0, 1.5.4 format)."""

    media_type: str
    format_name: str
    tool: str
    version: str


def version() -> str:
    """The version of puremagic."""
    return importlib.metadata.version(TOOL)


def identify(path: Path, name: str) -> Identified:
    """Recognise JPEG, PNG, TIFF and PDF by their bytes; ``name`` is the file's own name, for messages only.

    Raises:
        InvalidInput: the file is empty, or is something else than these.
    """
    content = _ends(path)
    if not content:
        raise InvalidInput(_("“%(name)s” is empty. Copy the file again from where it came.") % {"name": name})
    media_type = _media_type(content)
    if media_type not in ACCEPTED:
        raise InvalidInput(
            _(
                "“%(name)s” is, by its content, not a JPEG, PNG, TIFF or PDF file, whatever its name says. "
                "Scan or export the page in one of these formats."
            )
            % {"name": name}
        )
    return Identified(media_type=media_type, format_name=ACCEPTED[media_type], tool=TOOL, version=version())


def _ends(path: Path) -> bytes:
    """The first and the last bytes of the file: signatures stand in one of them."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(size - _FOOT, len(head)))
        return head + stream.read()


def _media_type(content: bytes) -> str:
    """The type of the surest signature, an empty string where there is none; the longest wins among equals."""
    try:
        matches = puremagic.magic_stream(io.BytesIO(content))
    except puremagic.PureError:
        # Versions before 2.0 raise where later ones answer with an empty list.
        return ""
    if not matches:
        return ""
    surest = max(matches, key=lambda match: (match.confidence, len(match.byte_match), match.mime_type in ACCEPTED))
    return str(surest.mime_type)

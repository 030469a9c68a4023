"""What a file is, by its content and never by its name.

Where Siegfried or fido is installed, it gives the PRONOM identifier (DA/T 70, 3-3). What it does not know, and every
file where neither is there, is recognised by puremagic, and by what a container holds.
"""

import importlib.metadata
import io
import logging
from dataclasses import dataclass
from pathlib import Path

import puremagic
from django.utils.translation import gettext as _

from core.errors import InvalidInput, Unavailable
from media.engines import containers, fido, siegfried
from media.engines.formats import ACCEPTED, Category, Format, known

__all__ = ["ACCEPTED", "Category", "Format", "Identified", "identify", "tool", "version"]

logger = logging.getLogger(__name__)

TOOL = "puremagic"
OWN_TOOL = "content signatures"

_HEAD = _FOOT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Identified:
    """An accepted format, and the tool and the tool's version that recognised it (PREMIS 3.0, 1.5.4 format).

    ``pronom_id`` is empty where no tool that knows the registry recognised it.
    """

    media_type: str
    format_name: str
    tool: str
    version: str
    category: Category = Category.IMAGE
    pronom_id: str = ""


def version() -> str:
    """The version of puremagic."""
    return importlib.metadata.version(TOOL)


def tool() -> str:
    """The tool that is asked first, with its version, for the health page."""
    if siegfried.available():
        return f"Siegfried {siegfried.version()}"
    return f"fido {fido.version()}" if fido.available() else f"{TOOL} {version()}"


def identify(path: Path, name: str) -> Identified:
    """Recognise an accepted format by its bytes; ``name`` is the file's own name, for messages only.

    Raises:
        InvalidInput: the file is empty, or is something that is not taken in.
    """
    if path.stat().st_size == 0:
        raise InvalidInput(_("“%(name)s” is empty. Copy the file again from where it came.") % {"name": name})
    found = _by_registry(path) or _by_content(path)
    if found is None:
        raise InvalidInput(
            _(
                "“%(name)s” is, by its content, none of the formats that are taken in (such as TIFF, JPEG, PNG, PDF, "
                "Office, e-mail, WAV, MP4), whatever its name says. Scan or export the page in one of these formats."
            )
            % {"name": name}
        )
    return found


def _by_registry(path: Path) -> Identified | None:
    """What the first tool that is installed says, if it is an accepted format; a tool that fails is passed over."""
    for engine, shown in ((siegfried, "Siegfried"), (fido, "fido")):
        if not engine.available():
            continue
        try:
            match = engine.identify(path)
        except Unavailable as fault:
            logger.warning("A format could not be identified: %s", fault.message)
            continue
        form = next((form for each in match.media_types if (form := known(each))), None) if match else None
        if match is None or form is None:
            return None
        return Identified(form.media_type, match.name, shown, engine.version(), form.category, match.pronom_id)
    return None


def _by_content(path: Path) -> Identified | None:
    """What the bytes say: of containers what they hold, of everything else the surest signature."""
    form = known(containers.media_type(path))
    if form is not None:
        return Identified(form.media_type, form.name, OWN_TOOL, containers.VERSION, form.category)
    form = known(_media_type(_ends(path)))
    # A container by its first bytes alone may hold anything.
    if form is None or form.category.is_converted:
        return None
    return Identified(form.media_type, form.name, TOOL, version(), form.category)


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
    surest = max(
        matches, key=lambda match: (match.confidence, len(match.byte_match), known(match.mime_type) is not None)
    )
    return str(surest.mime_type)

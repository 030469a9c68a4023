"""Office files are ZIP packages: how large they would become is looked at before anything unpacks them."""

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import InvalidInput

MOST_BYTES = 1024**3
"""Of all parts unpacked. A presentation full of pictures has a few hundred megabytes."""

MOST_TEXT = 256 * 1024**2
"""Of a part that is text (XML): a million cells take about 60 megabytes."""

MOST_PARTS = 20_000
MOST_RATIO = 200
"""How many times larger than packed a large part may be; real XML reaches about 50."""

_LARGE = 10 * 1024**2


def check(path: Path, name: str) -> None:
    """Look at the list of parts; nothing is unpacked.

    Raises:
        InvalidInput: no package, protected, or it would unpack to an absurd size (a "ZIP bomb").
    """
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as fault:
        raise InvalidInput(
            _("“%(name)s” is damaged or cut short: its parts cannot be listed. Copy it again from where it came.")
            % {"name": name}
        ) from fault
    if any(part.flag_bits & 0x1 for part in parts):
        raise InvalidInput(
            _("“%(name)s” is protected by a password. Save it without, then add it again.") % {"name": name}
        )
    total = sum(part.file_size for part in parts)
    if total > MOST_BYTES or len(parts) > MOST_PARTS or any(_is_absurd(part) for part in parts):
        raise InvalidInput(
            _(
                "“%(name)s” would unpack to %(size)d MB in %(parts)d parts, far more than a document of its size "
                "holds. "
                "It was not opened. Save it as PDF and add that."
            )
            % {"name": name, "size": total // 1024**2, "parts": len(parts)}
        )


def _is_absurd(part: zipfile.ZipInfo) -> bool:
    if part.file_size <= _LARGE:
        return False
    is_text = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    return part.file_size > MOST_RATIO * max(part.compress_size, 1) or (is_text and part.file_size > MOST_TEXT)

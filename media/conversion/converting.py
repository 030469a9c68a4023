"""From an Office file or a letter to the PDF that its pages are drawn from."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media import storage
from media.conversion import letters, packages
from media.engines import libreoffice
from media.models import DigitalObject

LETTER = "message/rfc822"

OFFICE: Mapping[str, str] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/rtf": ".rtf",
}
"""Media types that LibreOffice converts, with the endings that it knows them by."""

_PACKED = frozenset({".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"})


def convert(digital_object: DigitalObject) -> Path:
    """Make the PDF of a file and put it beside its pages; one that was made before is kept.

    Raises:
        Unavailable: LibreOffice is not installed, or the storage cannot take the PDF.
        InvalidInput: the file is damaged, protected, packed to an absurd size, took too long, or is of a kind that
            cannot be shown.
    """
    place = storage.rendition_path(digital_object, storage.AS_PDF)
    if not place.is_file():
        original = storage.original_path(digital_object.sha512)
        with storage.rendition(digital_object, storage.AS_PDF) as target:
            to_pdf(original, digital_object.media_type, target, name=digital_object.original_name)
    return place


def to_pdf(source: Path, media_type: str, target: Path, *, name: str) -> None:
    """Write one file as PDF.

    Raises:
        Unavailable: LibreOffice is not installed.
        InvalidInput: as `convert`.
    """
    if media_type == LETTER:
        with tempfile.TemporaryDirectory(prefix="letter-") as folder:
            page = Path(folder) / "letter.html"
            page.write_text(letters.as_page(source, name), encoding="utf-8")
            libreoffice.to_pdf(page, target, suffix=".html", name=name)
        return
    suffix = OFFICE.get(media_type)
    if suffix is None:
        raise InvalidInput(
            _(
                "“%(name)s” is kept, but there is no way to show its pages. "
                "Save it as PDF (a message as .eml) and add that."
            )
            % {"name": name}
        )
    if suffix in _PACKED:
        packages.check(source, name)
    libreoffice.to_pdf(source, target, suffix=suffix, name=name)

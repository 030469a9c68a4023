"""The formats that are taken in, and what is done with each kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """What is done with a file: it is cut into pages as it is, converted first, or kept and described."""

    IMAGE = "image"
    PDF = "pdf"
    OFFICE = "office"
    EMAIL = "email"
    AUDIO = "audio"
    VIDEO = "video"

    @property
    def has_pages(self) -> bool:
        """Whether it has pages as it is."""
        return self in {Category.IMAGE, Category.PDF}

    @property
    def is_converted(self) -> bool:
        """Whether its pages are those of a PDF that is made of it."""
        return self in {Category.OFFICE, Category.EMAIL}

    @property
    def is_recording(self) -> bool:
        """Whether it is heard or watched."""
        return self in {Category.AUDIO, Category.VIDEO}


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, the name that is shown, what is done with it, and usual endings for choosing files."""

    media_type: str
    name: str
    category: Category
    endings: tuple[str, ...]


_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

_ALL = (
    Format("image/jpeg", "JPEG", Category.IMAGE, (".jpg", ".jpeg")),
    Format("image/png", "PNG", Category.IMAGE, (".png",)),
    Format("image/tiff", "TIFF", Category.IMAGE, (".tif", ".tiff")),
    Format("image/jp2", "JPEG 2000", Category.IMAGE, (".jp2", ".jpf", ".j2k")),
    Format("application/pdf", "PDF", Category.PDF, (".pdf",)),
    Format("application/msword", "Word 97–2003", Category.OFFICE, (".doc",)),
    Format("application/vnd.ms-excel", "Excel 97–2003", Category.OFFICE, (".xls",)),
    Format("application/vnd.ms-powerpoint", "PowerPoint 97–2003", Category.OFFICE, (".ppt",)),
    Format(f"{_OPEN_XML}.wordprocessingml.document", "Word (Office Open XML)", Category.OFFICE, (".docx",)),
    Format(f"{_OPEN_XML}.spreadsheetml.sheet", "Excel (Office Open XML)", Category.OFFICE, (".xlsx",)),
    Format(f"{_OPEN_XML}.presentationml.presentation", "PowerPoint (Office Open XML)", Category.OFFICE, (".pptx",)),
    Format(f"{_OPEN_DOCUMENT}.text", "OpenDocument text", Category.OFFICE, (".odt",)),
    Format(f"{_OPEN_DOCUMENT}.spreadsheet", "OpenDocument spreadsheet", Category.OFFICE, (".ods",)),
    Format(f"{_OPEN_DOCUMENT}.presentation", "OpenDocument presentation", Category.OFFICE, (".odp",)),
    Format("application/rtf", "Rich Text Format", Category.OFFICE, (".rtf",)),
    Format("message/rfc822", "Internet message (RFC 5322)", Category.EMAIL, (".eml",)),
    Format("audio/vnd.wave", "WAV", Category.AUDIO, (".wav",)),
    Format("audio/flac", "FLAC", Category.AUDIO, (".flac",)),
    Format("audio/mpeg", "MP3", Category.AUDIO, (".mp3",)),
    Format("audio/ogg", "Ogg", Category.AUDIO, (".ogg", ".oga", ".opus")),
    Format("audio/mp4", "MPEG-4 audio", Category.AUDIO, (".m4a",)),
    Format("video/mp4", "MPEG-4", Category.VIDEO, (".mp4", ".m4v")),
    Format("video/quicktime", "QuickTime", Category.VIDEO, (".mov",)),
    Format("video/vnd.avi", "AVI", Category.VIDEO, (".avi",)),
    Format("application/mxf", "MXF", Category.VIDEO, (".mxf",)),
    Format("video/matroska", "Matroska", Category.VIDEO, (".mkv",)),
    Format("video/webm", "WebM", Category.VIDEO, (".webm",)),
    Format("video/mpeg", "MPEG", Category.VIDEO, (".mpg", ".mpeg", ".vob")),
)

ACCEPTED: Mapping[str, Format] = {form.media_type: form for form in _ALL}
"""Every format that is taken in, by its media type."""

_ALIASES: Mapping[str, str] = {
    "image/jpx": "image/jp2",
    "image/jpm": "image/jp2",
    "image/x-tiff": "image/tiff",
    "image/x-png": "image/png",
    "application/x-pdf": "application/pdf",
    "text/rtf": "application/rtf",
    "audio/x-wav": "audio/vnd.wave",
    "audio/wav": "audio/vnd.wave",
    "audio/wave": "audio/vnd.wave",
    "audio/x-flac": "audio/flac",
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "application/ogg": "audio/ogg",
    "video/x-msvideo": "video/vnd.avi",
    "video/avi": "video/vnd.avi",
    "video/x-matroska": "video/matroska",
    "application/x-matroska": "video/matroska",
    "message/x-emlx": "message/rfc822",
}


def known(media_type: str) -> Format | None:
    """The accepted format of this media type, under whichever of its names; None where it is not taken in."""
    return ACCEPTED.get(_ALIASES.get(media_type, media_type))

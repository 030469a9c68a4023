"""A record for machines that read web pages: JSON-LD in the words of schema.org, and the answer to ``?info``."""

import json

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from archive.models import Kind, Level, Record

TYPES: dict[str, str] = {
    Kind.POLICY: "Legislation",
    Kind.PROJECT: "Project",
    Kind.MEETING: "Event",
    Kind.EVENT: "Event",
    Kind.PLACE: "Place",
    Kind.SOURCE: "CreativeWork",
    Kind.WORK: "CreativeWork",
}
"""The type of schema.org for each kind; a plain Thing for the others."""

PERSISTENCE = (
    "The identifier is never given to anything else. While the record is public it leads to the record; "
    "after a withdrawal it leads to a notice saying when and why. The content may change; changes are kept as versions."
)


def described(record: Record) -> dict[str, object]:
    """The record as a JSON-LD object; empty statements are left out."""
    said: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": _type(record),
        "@id": address(record),
        "identifier": record.ark_text,
        "name": _texts(record.title_zh, record.title_en),
        "description": _texts(record.summary_zh, record.summary_en),
        "temporalCoverage": record.date_edtf,
        "dateModified": record.changed_at.date().isoformat(),
        "inLanguage": "zh-Hans" if record.kind == Kind.UNIT else "",
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in said.items() if value}


def script(record: Record) -> SafeString:
    """The JSON-LD for a script element: nothing in it can end the element."""
    text = json.dumps(described(record), ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S308


def info(record: Record) -> str:
    """The answer to ``?info``: an ERC record (who, what, when, where) and what the identifier promises."""
    lines = (
        ("erc", ""),
        ("who", "闽宁协作数字档案 (Min-Ning Digital Archive)"),
        ("what", record.title_zh),
        ("when", record.date_edtf or "(:unkn)"),
        ("where", address(record)),
        ("support-when", record.first_published_at.date().isoformat() if record.first_published_at else "(:unkn)"),
        ("support-what", PERSISTENCE),
    )
    return "".join(f"{name}: {value}".rstrip() + "\n" for name, value in lines)


def address(record: Record) -> str:
    """The record's address for the public, host included."""
    return f"{settings.ARCHIVE_PUBLIC_URL}{record.get_absolute_url()}"


def _type(record: Record) -> str:
    if record.kind == Kind.UNIT:
        return "Collection" if record.unit.level in (Level.FONDS, Level.SERIES) else "ArchiveComponent"
    if record.kind == Kind.AGENT:
        return "Person" if record.agent.type == "person" else "Organization"
    return TYPES.get(record.kind, "Thing")


def _texts(chinese: str, english: str) -> list[dict[str, str]]:
    pairs = (("zh-Hans", chinese), ("en", english))
    return [{"@language": language, "@value": text} for language, text in pairs if text]

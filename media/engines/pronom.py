"""A format as the PRONOM registry names it, whichever program recognised it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """A format: its identifier (such as ``fmt/43``), its name with version, and the media types that belong to it."""

    pronom_id: str
    name: str
    media_types: tuple[str, ...]

"""What files say of their own making, for the technical metadata of a digital object (D-15, D-17 to D-20).

Captions of photographs are suggestions for the archivist: they are kept beside the file, and nothing here ever puts
them into a description or before the public; people are named by the rule of roles alone (L-27, O-06).
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path

from media import storage
from media.conversion import recordings
from media.engines import captions, ffprobe, pdf_actions
from media.engines.ffprobe import RecordingFacts
from media.engines.formats import Category, known
from media.models import DigitalObject

_POSTER_AT = 0.1
_EDITORS = (
    "photoshop",
    "lightroom",
    "gimp",
    "snapseed",
    "meitu",
    "美图",
    "acdsee",
    "pixelmator",
    "affinity",
    "capture one",
)


@dataclass(frozen=True, slots=True)
class Description:
    """For `DigitalObject.technical` and `DigitalObject.duration` (seconds; None for what does not last)."""

    technical: dict[str, object] = field(default_factory=dict)
    duration: float | None = None


def describe(path: Path, media_type: str, *, name: str) -> Description:
    """What a file of this media type says of itself; of others nothing is said.

    Raises:
        InvalidInput: the file cannot be read.
        Unavailable: a recording, and ffprobe is not installed.
    """
    category = _category(media_type)
    if category is Category.IMAGE:
        return _photograph(path, name)
    if category is not None and category.is_recording:
        return _recording(path, name)
    if category is Category.PDF:
        active = pdf_actions.find(path, name=name)
        return Description({"active_content": active} if active else {})
    return Description()


def make_poster(digital_object: DigitalObject, duration: float | None) -> bool:
    """A still of a film, a tenth of its ``duration`` in, beside what else is made of it; False where there is none.

    Raises:
        Unavailable: ffmpeg is not installed, or the storage cannot take the picture.
        InvalidInput: the film cannot be read.
    """
    if _category(digital_object.media_type) is not Category.VIDEO:
        return False
    original = storage.original_path(digital_object.sha512)
    at = _POSTER_AT * (duration or 0.0)
    try:
        with storage.rendition(digital_object, storage.POSTER) as target:
            if not ffprobe.poster(original, target, at=at, name=digital_object.original_name):
                raise _NoStill
    except _NoStill:
        return False
    return True


def _category(media_type: str) -> Category | None:
    form = known(media_type)
    return form.category if form else None


class _NoStill(Exception):
    """There is no picture at that place."""


def _photograph(path: Path, name: str) -> Description:
    found = captions.read(path, name=name)
    technical: dict[str, object] = {}
    if found.camera:
        technical["camera"] = dict(found.camera)
    if found.words:
        technical["captions"] = {source: dict(words) for source, words in found.words.items()}
    if found.has_coordinates:
        technical["has_coordinates"] = True
    software = found.camera.get("software", "")
    if any(editor in software.lower() for editor in _EDITORS):
        technical["edited_with"] = software
    return Description(technical)


def _recording(path: Path, name: str) -> Description:
    facts = ffprobe.probe(path, name=name)
    shortfalls = recordings.check(facts)
    technical: dict[str, object] = {"recording": _told(facts), "described_by": f"ffprobe {ffprobe.version()}"}
    if shortfalls:
        technical["shortfalls"] = [asdict(each) for each in shortfalls]
    return Description(technical, facts.duration)


def _told(facts: RecordingFacts) -> dict[str, object]:
    """The figures, without those that a track does not have."""
    return {
        "container": facts.container,
        "bit_rate": facts.bit_rate,
        "labels": dict(facts.labels),
        "streams": [{key: value for key, value in asdict(stream).items() if value} for stream in facts.streams],
    }

"""Recordings against the rules for digitised sound and film (DA/T 62-2017: D-17, D-18)."""

from dataclasses import dataclass

from media.engines.ffprobe import RecordingFacts, Stream

_LEAST_SAMPLE_RATE = 44_100
_LEAST_BITS = 24
_VIDEO_CODECS = frozenset({"h264", "mpeg2video"})
_HD_HEIGHT = 1080
_SD_RATE, _HD_RATE = 8_000_000, 16_000_000
_SD = (720, 576)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A rule that a recording does not meet: what was measured, and what is asked."""

    rule: str
    code: str
    measure: str
    limit: str


def check(facts: RecordingFacts) -> list[Shortfall]:
    """What falls short of the rules; cover pictures of sound files are no film."""
    films = [stream for stream in facts.streams if stream.kind == "video" and stream.frames_per_second > 0]
    sounds = [stream for stream in facts.streams if stream.kind == "audio"]
    found = _film(films[0], facts) if films else _container(facts, ("wav",), "D-17", "WAV")
    rule = "D-18" if films else "D-17"
    for sound in sounds:
        found += _sound(sound, rule)
    return found


def _film(film: Stream, facts: RecordingFacts) -> list[Shortfall]:
    found = _container(facts, ("avi", "mxf"), "D-18", "AVI, MXF")
    if film.codec not in _VIDEO_CODECS:
        found.append(Shortfall("D-18", "video_codec", film.codec, "H.264, MPEG-2"))
    if film.width < _SD[0] or film.height < _SD[1]:
        found.append(Shortfall("D-18", "frame_size", f"{film.width} × {film.height}", f"{_SD[0]} × {_SD[1]}"))
    if "422" not in film.pixel_format and "444" not in film.pixel_format:
        found.append(Shortfall("D-18", "chroma_sampling", film.pixel_format, "4:2:2"))
    rate, least = film.bit_rate or facts.bit_rate, _HD_RATE if film.height >= _HD_HEIGHT else _SD_RATE
    if rate < least:
        found.append(Shortfall("D-18", "bit_rate", str(rate), str(least)))
    return found


def _sound(sound: Stream, rule: str) -> list[Shortfall]:
    found = []
    if not sound.codec.startswith("pcm_"):
        found.append(Shortfall(rule, "audio_codec", sound.codec, "PCM"))
    if sound.sample_rate < _LEAST_SAMPLE_RATE:
        found.append(Shortfall(rule, "sample_rate", str(sound.sample_rate), str(_LEAST_SAMPLE_RATE)))
    if sound.bits < _LEAST_BITS:
        found.append(Shortfall(rule, "sample_bits", str(sound.bits), str(_LEAST_BITS)))
    return found


def _container(facts: RecordingFacts, allowed: tuple[str, ...], rule: str, told: str) -> list[Shortfall]:
    if any(word in facts.container.lower() for word in allowed):
        return []
    return [Shortfall(rule, "container", facts.container, told)]

"""Sound and moving pictures, by ffprobe and ffmpeg where they are installed: what a file says of itself, one still."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput, Unavailable

SECONDS = 60
MEMORY = 2 * 1024**3
LONGEST_SIDE = 1280
"""Of the still, in pixels."""

_FILES_ONLY = ("-protocol_whitelist", "file")  # the programs also follow addresses of the network


@dataclass(frozen=True, slots=True)
class Stream:
    """One track of a recording; what does not apply, or is not told, is empty or 0."""

    kind: str
    codec: str
    profile: str = ""
    width: int = 0
    height: int = 0
    frames_per_second: float = 0.0
    pixel_format: str = ""
    aspect_ratio: str = ""
    sample_rate: int = 0
    bits: int = 0
    channels: int = 0
    bit_rate: int = 0


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a recording says of itself: its container, its length in seconds, its tracks, its own labels."""

    container: str
    duration: float
    bit_rate: int
    streams: tuple[Stream, ...]
    labels: Mapping[str, str]


def available() -> bool:
    """Whether recordings can be described on this machine."""
    return shutil.which("ffprobe") is not None


def version() -> str:
    """The version of ffprobe, empty where it is not installed."""
    if not available():
        return ""
    told = subprocess.run(["ffprobe", "-version"], capture_output=True, text=True, timeout=30, check=False).stdout
    found = re.match(r"ffprobe version (\S+)", told)
    return found[1] if found else ""


def probe(path: Path, *, name: str = "") -> RecordingFacts:
    """What the file says of itself; ``name`` is its own name, for messages.

    Raises:
        Unavailable: ffprobe is not installed.
        InvalidInput: no sound or moving picture can be read from it.
    """
    shown = name or path.name
    if not available():
        raise Unavailable(
            _(
                "“%(name)s” can only be described where ffprobe is installed (Debian: ffmpeg). "
                "Install it, then try again."
            )
            % {"name": shown}
        )
    command = ["ffprobe", "-v", "error", *_FILES_ONLY, "-print_format", "json", "-show_format", "-show_streams"]
    command.append(_input(path))
    told = _run(command, shown)
    try:
        facts = json.loads(told)
    except ValueError as fault:
        raise _unreadable(shown) from fault
    streams = tuple(_stream(each) for each in facts.get("streams", ()) if each.get("codec_type") in {"audio", "video"})
    if not streams:
        raise _unreadable(shown)
    container = facts.get("format", {})
    return RecordingFacts(
        container=str(container.get("format_long_name") or container.get("format_name", "")),
        duration=_float(container.get("duration")),
        bit_rate=_whole(container.get("bit_rate")),
        streams=streams,
        labels={str(key): str(value)[:500] for key, value in sorted(container.get("tags", {}).items())},
    )


def poster(path: Path, target: Path, *, at: float, name: str = "") -> bool:
    """Write the picture ``at`` seconds as a JPEG; False where none can be had from there.

    Raises:
        Unavailable: ffmpeg is not installed.
        InvalidInput: the file took too long.
    """
    shown = name or path.name
    if shutil.which("ffmpeg") is None:
        raise Unavailable(_("ffmpeg is not installed (Debian: ffmpeg). Install it, then try again."))
    size = f"scale='min({LONGEST_SIDE},iw)':'min({LONGEST_SIDE},ih)':force_original_aspect_ratio=decrease"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *_FILES_ONLY, "-ss", f"{at:.2f}", "-i", _input(path)]
    command += ["-frames:v", "1", "-vf", size, "-map_metadata", "-1", "-f", "image2", "-c:v", "mjpeg", str(target)]
    try:
        _run(command, shown)
    except InvalidInput:
        target.unlink(missing_ok=True)
        raise
    return target.is_file() and target.stat().st_size > 0


def _input(path: Path) -> str:
    """As a file, whatever its name looks like."""
    return f"file:{path.resolve()}"


def _run(command: Sequence[str], name: str) -> str:
    """What the program wrote; it is ended with everything it started when its time is over."""
    limited = ["/bin/sh", "-c", 'ulimit -c 0; ulimit -v "$1"; shift; exec "$@"', "sh", str(MEMORY // 1024), *command]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8"}
    with subprocess.Popen(
        limited, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    ) as process:
        try:
            told, _none = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired as fault:
            os.killpg(process.pid, signal.SIGKILL)
            raise InvalidInput(
                _("“%(name)s” took longer than %(seconds)d seconds to look at. Check the file.")
                % {"name": name, "seconds": SECONDS}
            ) from fault
    if process.returncode:
        raise _unreadable(name)
    return told.decode("utf-8", errors="replace")


def _stream(told: Mapping[str, Any]) -> Stream:  # Any: what the program writes as JSON
    return Stream(
        kind=str(told.get("codec_type", "")),
        codec=str(told.get("codec_name", "")),
        profile=str(told.get("profile", "")),
        width=_whole(told.get("width")),
        height=_whole(told.get("height")),
        frames_per_second=_quotient(str(told.get("avg_frame_rate", ""))),
        pixel_format=str(told.get("pix_fmt", "")),
        aspect_ratio=str(told.get("display_aspect_ratio", "")),
        sample_rate=_whole(told.get("sample_rate")),
        bits=_whole(told.get("bits_per_raw_sample")) or _whole(told.get("bits_per_sample")),
        channels=_whole(told.get("channels")),
        bit_rate=_whole(told.get("bit_rate")),
    )


def _whole(told: object) -> int:
    text = str(told)
    return int(text) if text.isascii() and text.isdigit() else 0


def _float(told: object) -> float:
    text = str(told)
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else 0.0


def _quotient(told: str) -> float:
    above, _slash, below = told.partition("/")
    return round(_float(above) / _float(below), 3) if _float(below) else 0.0


def _unreadable(name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(name)s” is damaged, or no recording: neither sound nor moving picture can be read. Copy it again.")
        % {"name": name}
    )

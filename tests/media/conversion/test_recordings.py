import shutil
import subprocess
import wave
from pathlib import Path

import pytest

from core.errors import InvalidInput, Unavailable
from media import conversion, storage
from media.conversion import describing, recordings
from media.engines import ffprobe
from media.engines.ffprobe import RecordingFacts, Stream
from media.models import DigitalObject
from tests.makers import make_item, make_page

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed (Debian: ffmpeg)")


def sound(path: Path, seconds: int = 2) -> Path:
    with wave.open(str(path), "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(22_050)
        stream.writeframes(bytes(2 * 22_050 * seconds))
    return path


def film(path: Path, seconds: int = 2) -> Path:
    source = f"testsrc=size=320x240:rate=25:duration={seconds}"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-c:v", "mpeg2video", "-f", "mpegts", str(path)]
    subprocess.run(command, check=True)
    return path


def rules(facts: RecordingFacts) -> list[str]:
    return [f"{each.rule} {each.code}" for each in recordings.check(facts)]


def test_a_good_sound_recording_meets_the_rule() -> None:
    track = Stream("audio", "pcm_s24le", sample_rate=96_000, bits=24, channels=2)

    assert recordings.check(RecordingFacts("WAV / WAVE (Waveform Audio)", 60.0, 0, (track,), {})) == []


def test_what_falls_short_is_named_with_measure_and_limit() -> None:
    sound_ = Stream("audio", "aac", sample_rate=22_050, channels=1)
    film_ = Stream("video", "vp9", width=640, height=480, frames_per_second=25.0, pixel_format="yuv420p")

    found = recordings.check(RecordingFacts("Matroska / WebM", 60.0, 900_000, (film_, sound_), {}))

    assert [each.code for each in found] == [
        "container",
        "video_codec",
        "frame_size",
        "chroma_sampling",
        "bit_rate",
        "audio_codec",
        "sample_rate",
        "sample_bits",
    ]
    assert {each.rule for each in found} == {"D-18"}
    assert (found[4].measure, found[4].limit) == ("900000", "8000000")


def test_a_cover_picture_makes_no_film() -> None:
    track = Stream("audio", "mp3", sample_rate=44_100)
    cover = Stream("video", "mjpeg", width=300, height=300)

    assert rules(RecordingFacts("MP2/3 (MPEG audio layer 2/3)", 60.0, 0, (cover, track), {}))[0] == "D-17 container"


@needs_ffmpeg
def test_a_recording_is_described(tmp_path: Path) -> None:
    found = describing.describe(sound(tmp_path / "口述.wav"), "audio/vnd.wave", name="口述.wav")

    assert found.duration == pytest.approx(2.0)
    told = found.technical["recording"]
    assert isinstance(told, dict)
    assert told["streams"] == [
        {"kind": "audio", "codec": "pcm_s16le", "sample_rate": 22050, "bits": 16, "channels": 1, "bit_rate": 352800}
    ]


@needs_ffmpeg
@pytest.mark.django_db
def test_a_film_gets_its_duration_and_a_still(tmp_path: Path) -> None:
    thing = make_page(make_item()).digital_object
    staged = storage.stage([film(tmp_path / "纪录片.mpg").read_bytes()])
    storage.keep(staged)
    DigitalObject.objects.filter(pk=thing.pk).update(sha512=staged.sha512, media_type="video/mpeg")
    thing.refresh_from_db()

    conversion.prepare(thing)()

    thing.refresh_from_db()
    assert thing.duration == pytest.approx(2.0, abs=0.2)
    assert storage.rendition_path(thing, storage.POSTER).read_bytes().startswith(b"\xff\xd8")
    assert "shortfalls" in thing.technical


@needs_ffmpeg
def test_what_is_no_recording_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"RIFF" + bytes(100))

    with pytest.raises(InvalidInput, match=r"录音\.wav"):
        ffprobe.probe(tmp_path / "x", name="录音.wav")


@needs_ffmpeg
def test_lists_of_other_files_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (tmp_path / "list").write_text(f"ffconcat version 1.0\nfile '{sound(tmp_path / 'a.wav')}'\n")
    (tmp_path / "playlist").write_text(f"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x\nfile://{secret}\n")

    for name in ("list", "playlist"):
        with pytest.raises(InvalidInput):
            ffprobe.probe(tmp_path / name)


def test_without_ffprobe_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable, match="ffprobe"):
        ffprobe.probe(sound(tmp_path / "a.wav"), name="a.wav")


@pytest.mark.django_db
def test_without_ffprobe_a_recording_is_kept_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    thing = make_page(make_item()).digital_object
    DigitalObject.objects.filter(pk=thing.pk).update(media_type="audio/vnd.wave")
    thing.refresh_from_db()

    conversion.prepare(thing)()

    thing.refresh_from_db()
    assert thing.technical == {"not_described": "ffprobe"}

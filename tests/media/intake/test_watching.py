"""The watched folder: nothing is taken while it changes, nothing is stranded or doubled."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.models import Batch, Level, Unit
from core.errors import Conflict, Unavailable
from media import storage
from media.intake import watching
from media.intake.watching import Looked
from media.models import DigitalObject, SeenFile
from tests.makers import make_unit
from tests.media import making

pytestmark = pytest.mark.django_db

CODE = "J019-WS·2019-0001"


@pytest.fixture
def unit() -> Unit:
    return make_unit("一件", level=Level.ITEM, parent=make_unit("一个全宗", code="J019"), code=CODE)


@pytest.fixture
def watched(tmp_path: Path, unit: Unit) -> Path:
    folder = tmp_path / "watched"
    (folder / CODE).mkdir(parents=True)
    return folder


def look(folder: Path) -> Looked:
    return watching.look(folder, still=timedelta(0))


def left(folder: Path) -> list[str]:
    """What lies in the folder, by its path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_taken_at_the_second_look_that_finds_it_unchanged(watched: Path, unit: Unit) -> None:
    path = making.jpeg(watched / CODE / "1.jpg")
    content = path.read_bytes()

    first, second, third = look(watched), look(watched), look(watched)

    assert (first, second, third) == (Looked(waiting=1), Looked(taken=1), Looked())
    assert left(watched) == [f"taken/{CODE}/1.jpg"]
    kept = unit.digital_objects.get()
    assert storage.original_path(kept.sha512).read_bytes() == content
    seen = SeenFile.objects.get()
    assert (seen.state, seen.digital_object) == (SeenFile.State.TAKEN, kept)


def test_a_file_that_still_grows_waits(watched: Path, unit: Unit) -> None:
    whole = making.jpeg(watched / "whole").read_bytes()
    (watched / "whole").unlink()
    path = watched / CODE / "1.jpg"
    path.write_bytes(whole[:500])
    look(watched)
    path.write_bytes(whole)

    changed = look(watched)

    assert changed == Looked(waiting=1)
    assert look(watched).taken == 1


def test_a_file_that_is_still_for_too_short_a_time_waits(watched: Path) -> None:
    making.jpeg(watched / CODE / "1.jpg")
    look(watched)

    assert watching.look(watched, still=timedelta(hours=1)) == Looked(waiting=1)


def test_pages_wait_for_the_page_before_them(watched: Path, unit: Unit) -> None:
    making.jpeg(watched / CODE / "2.jpg", "TWO")
    look(watched)
    making.jpeg(watched / CODE / "1.jpg", "ONE")

    assert look(watched) == Looked(waiting=2)
    assert look(watched) == Looked(taken=2)
    assert [kept.original_name for kept in unit.digital_objects.all()] == ["1.jpg", "2.jpg"]


def test_a_refused_file_lies_beside_its_reason(watched: Path) -> None:
    making.jpeg(watched / "J404-001.jpg")
    making.truncated_jpeg(watched / CODE / "1.jpg")
    look(watched)

    assert look(watched) == Looked(refused=2)

    assert left(watched) == [
        "refused/J019-WS·2019-0001/1.jpg",
        "refused/J019-WS·2019-0001/1.jpg.txt",
        "refused/J404-001.jpg",
        "refused/J404-001.jpg.txt",
    ]
    assert "J404" in (watched / "refused" / "J404-001.jpg.txt").read_text()
    assert not DigitalObject.objects.exists()
    assert not Batch.objects.exists()


@pytest.mark.parametrize("moment", ["after the commit", "before the move"])
def test_killed_in_between_it_is_neither_doubled_nor_stranded(
    moment: str, watched: Path, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.jpeg(watched / CODE / "1.jpg")
    look(watched)

    def killed(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watching, "_settle" if moment == "after the commit" else "_free", killed)
        with pytest.raises(KeyboardInterrupt):
            look(watched)
    assert DigitalObject.objects.count() == 1
    while left(watched) != [f"taken/{CODE}/1.jpg"]:
        assert look(watched) != Looked()

    assert DigitalObject.objects.count() == 1
    assert SeenFile.objects.get().state == SeenFile.State.TAKEN


def test_another_file_of_the_same_name_is_another_file(watched: Path, unit: Unit) -> None:
    making.jpeg(watched / CODE / "封面.jpg", "ONE")
    look(watched)
    look(watched)
    making.jpeg(watched / CODE / "封面.jpg", "TWO")
    look(watched)
    look(watched)

    assert unit.digital_objects.count() == 2
    assert left(watched) == [f"taken/{CODE}/封面 (2).jpg", f"taken/{CODE}/封面.jpg"]


def test_while_the_storage_is_away_files_wait(watched: Path, unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    making.jpeg(watched / CODE / "1.jpg")
    look(watched)

    def away(*_arguments: object, **_options: object) -> None:
        raise Unavailable("磁盘已满")

    with monkeypatch.context() as patch:
        patch.setattr(storage, "stage", away)
        assert look(watched) == Looked(waiting=1)
    assert SeenFile.objects.get().message == "磁盘已满"

    look(watched)
    look(watched)
    assert unit.digital_objects.count() == 1


def test_a_mark_of_secrecy_closes_its_folder(watched: Path, unit: Unit) -> None:
    making.jpeg(watched / CODE / "1.jpg")
    making.jpeg(watched / CODE / "机密★.jpg", "TWO")
    look(watched)

    assert look(watched) == Looked(refused=2)
    assert not DigitalObject.objects.exists()


@pytest.mark.parametrize("name", ["坏\udcff名-001.jpg", "J019\u202e-001.jpg", "J019-001\n.jpg", "=cmd.jpg"])
def test_hostile_names_are_refused_and_named(name: str, watched: Path) -> None:
    path = watched / "x.jpg"
    making.jpeg(path)
    path.rename(watched / name)
    look(watched)

    outcome = look(watched)

    assert outcome.taken + outcome.refused == 1
    assert SeenFile.objects.get().state != SeenFile.State.CHANGING


def test_links_and_hidden_files_are_left_alone(watched: Path, tmp_path: Path) -> None:
    outside = making.jpeg(tmp_path / "outside.jpg")
    (watched / CODE / "1.jpg").symlink_to(outside)
    (watched / CODE / ".2.jpg.part").write_bytes(b"half")

    assert look(watched) == Looked()
    assert outside.exists()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="nowhere"):
        look(tmp_path / "nowhere")


def test_two_do_not_look_at_once(watched: Path) -> None:
    with watching._alone(watched), pytest.raises(Conflict):
        look(watched)


def test_the_command_looks_once_and_needs_a_folder(watched: Path, unit: Unit) -> None:
    making.jpeg(watched / CODE / "1.jpg")

    for _look in range(2):
        call_command("watch", str(watched), "--once", "--still=0")

    assert unit.digital_objects.count() == 1
    with pytest.raises(CommandError, match="WATCHED_FOLDER"):
        call_command("watch", "--once")


def test_a_reason_is_written_over_no_file_and_through_no_link(watched: Path, tmp_path: Path) -> None:
    making.plain_text(watched / CODE / "1.tif")
    (watched / "refused" / CODE).mkdir(parents=True)
    (watched / "refused" / CODE / "1.tif.txt").symlink_to(tmp_path / "elsewhere")
    look(watched)

    assert look(watched).refused == 1

    assert not (tmp_path / "elsewhere").exists()
    assert (watched / "refused" / CODE / "1.tif (2).txt").is_file()
    assert (watched / "refused" / CODE / "1.tif").is_file()


def test_what_a_link_has_taken_the_place_of_is_left(watched: Path, tmp_path: Path) -> None:
    path = making.jpeg(watched / CODE / "1.jpg")
    state = path.stat()
    secret = tmp_path / "secret.jpg"
    path.rename(secret)
    path.symlink_to(secret)

    assert not watching._is_same(path, state)

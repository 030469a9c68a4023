"""The one door to stored bytes."""

import hashlib
import os
import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import translation

from core.errors import Unavailable
from media import storage
from tests.makers import make_item, make_page

CONTENT = [b"1997 ", b"annual report"]
DIGEST = hashlib.sha512(b"1997 annual report").hexdigest()


def left_in_staging() -> list[Path]:
    return list((storage.root() / "staging").glob("*"))


def test_arriving_bytes_are_hashed_and_kept_under_their_digest() -> None:
    staged = storage.stage(CONTENT)

    place = storage.keep(staged)

    assert (staged.sha512, staged.size) == (DIGEST, 18)
    assert place == storage.root() / "originals" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert place.read_bytes() == b"1997 annual report"
    assert place.stat().st_mode & 0o222 == 0
    assert left_in_staging() == []


def test_the_same_bytes_are_kept_once() -> None:
    first = storage.keep(storage.stage(CONTENT))
    inode = first.stat().st_ino

    second = storage.keep(storage.stage(CONTENT))

    assert second == first
    assert second.stat().st_ino == inode
    assert left_in_staging() == []


def test_bytes_that_break_off_leave_nothing() -> None:
    def breaking() -> list[bytes]:
        raise RuntimeError("the sender has gone")

    with pytest.raises(RuntimeError):
        storage.stage(piece for piece in [b"some", *breaking()])

    assert left_in_staging() == []


def test_a_storage_that_cannot_be_written_says_what_to_check(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.ARCHIVE_STORAGE = f"file://{tmp_path}/file/objects"

    with translation.override("en"), pytest.raises(Unavailable, match="Check its disk"):
        storage.stage(CONTENT)


@pytest.mark.django_db
def test_a_derived_file_appears_only_when_it_is_whole() -> None:
    page = make_page(make_item())
    place = storage.thumbnail_image(page)

    with storage.derived(page, storage.THUMBNAIL) as target:
        target.write_bytes(b"half")
        assert not place.exists()
        target.write_bytes(b"whole")

    assert place.read_bytes() == b"whole"
    assert [path.name for path in place.parent.iterdir()] == [storage.THUMBNAIL]


@pytest.mark.django_db
def test_a_derived_file_that_fails_leaves_the_one_before() -> None:
    page = make_page(make_item())
    place = storage.thumbnail_image(page)
    with storage.derived(page, storage.THUMBNAIL) as target:
        target.write_bytes(b"first")

    with pytest.raises(RuntimeError), storage.derived(page, storage.THUMBNAIL) as target:
        target.write_bytes(b"second, half")
        raise RuntimeError

    assert place.read_bytes() == b"first"
    assert [path.name for path in place.parent.iterdir()] == [storage.THUMBNAIL]


@pytest.mark.django_db
def test_what_a_killed_attempt_left_goes_with_the_next_one() -> None:
    page = make_page(make_item())
    place = storage.thumbnail_image(page)
    place.parent.mkdir(parents=True)
    (place.parent / f".{'0' * 32}.{storage.THUMBNAIL}").write_bytes(b"half")

    with storage.derived(page, storage.THUMBNAIL) as target:
        target.write_bytes(b"whole")

    assert [path.name for path in place.parent.iterdir()] == [storage.THUMBNAIL]


def test_only_old_strays_are_cleared_from_staging() -> None:
    old, young = storage.stage([b"old"]), storage.stage([b"young"])
    yesterday = time.time() - 90_000
    os.utime(old.path, (yesterday, yesterday))

    removed = storage.clear_staging(older_than=86_400)

    assert removed == 1
    assert left_in_staging() == [young.path]


def test_the_check_leaves_nothing_behind() -> None:
    assert storage.check() == "folder"
    assert left_in_staging() == []


def test_sm3_is_that_of_the_standards_example(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")

    digest = storage.sm3(path)

    # GB/T 32905-2016, A.1; empty where OpenSSL was built without it
    assert digest in {"", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"}


def test_bytes_that_came_piece_by_piece_have_the_digest_of_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"one" + b"two")

    staged = storage.staged_already(path)

    assert staged == storage.Staged(path, hashlib.sha512(b"onetwo").hexdigest(), 6)

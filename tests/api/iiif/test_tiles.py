from pathlib import Path

import pytest

from api.iiif import tiles


def used(home: Path) -> int:
    return sum(path.stat().st_size for path in home.glob("tiles/*/*"))


def test_what_was_kept_is_found_again_by_its_page_and_key() -> None:
    tiles.keep(1, "a", b"image")

    assert tiles.kept(1, "a") == b"image"
    assert tiles.kept(1, "b") is None
    assert tiles.kept(2, "a") is None


def test_a_page_is_forgotten_whole_and_alone() -> None:
    for page in (1, 11):
        for key in "abcdef":
            tiles.keep(page, key, b"image")

    tiles.forget([1])

    assert [tiles.kept(1, key) for key in "abcdef"] == [None] * 6
    assert [tiles.kept(11, key) for key in "abcdef"] == [b"image"] * 6


def test_the_room_is_bounded_and_the_longest_unused_goes_first(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "SHELVES", 1)
    monkeypatch.setattr(tiles, "ROOM", 1000)
    monkeypatch.setattr(tiles, "LARGEST", 500)
    monkeypatch.setattr(tiles, "_path", lambda page, key: own_home / "tiles" / "00" / f"{page}-{key}")

    for number in range(20):
        tiles.keep(number, "a", b"x" * 300)
        tiles.kept(0, "a")
    tiles.keep(99, "large", b"x" * 501)

    assert used(own_home) <= 1000
    assert tiles.kept(0, "a") is not None
    assert tiles.kept(1, "a") is None
    assert tiles.kept(19, "a") is not None
    assert tiles.kept(99, "large") is None


def test_a_disk_that_takes_nothing_only_costs_the_keeping(own_home: Path) -> None:
    (own_home / "tiles").write_text("a file where the folder should be")

    tiles.keep(1, "a", b"image")

    assert tiles.kept(1, "a") is None

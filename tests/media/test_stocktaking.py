"""Rows and files compared, both ways."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from media import ingest, stocktaking, storage
from media.models import DigitalObject, Page
from media.stocktaking import Kind, Stock
from tests.makers import make_item
from tests.media import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(tmp_path: Path) -> DigitalObject:
    """A file with one page whose images lie in their place."""
    source = ingest.ingest(making.jpeg(tmp_path / "a.jpg"), unit=make_item(), by=None)
    page = Page.objects.create(
        unit=source.unit, number=1, digital_object=source, frame=1, width=640, height=200, derived_at=timezone.now()
    )
    for name in (storage.ACCESS, storage.THUMBNAIL):
        with storage.derived(page, name) as target:
            target.write_bytes(b"image")
    return source


def take(*, with_digests: bool = False) -> Stock:
    return stocktaking.take(with_digests=with_digests, settled=0)


def kinds(stock: Stock) -> list[Kind]:
    return [fault.kind for fault in stock.faults]


def stray(*parts: str) -> Path:
    path = storage.root().joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"nobody knows me")
    return path


def test_where_rows_and_files_agree_nothing_is_found(source: DigitalObject) -> None:
    stock = take(with_digests=True)

    assert stock.is_sound
    assert (stock.originals, stock.original_bytes, stock.derived, stock.digests) == (1, source.size, 2, 1)


def test_files_that_no_row_knows_are_found_and_only_originals_are_kept(source: DigitalObject) -> None:
    unknown = "ab" + "0" * 126
    original = stray("originals", "ab", "00", unknown)
    others = [
        stray("derived", "ab", unknown, "1", storage.ACCESS),
        stray("derived", source.sha512[:2], source.sha512, "7", storage.ACCESS),
        stray("derived", source.sha512[:2], source.sha512, "1", "drawing.jpg"),
        stray("derived", source.sha512[:2], source.sha512, "1", ".0123.access.tif"),
        stray("documents", "999999", "document.pdf"),
        stray("staging", "0123"),
    ]

    found = take()
    removed = stocktaking.remove(found)

    assert sorted(kinds(found)) == sorted(
        [Kind.UNKNOWN_ORIGINAL, Kind.STRAY, Kind.UNFINISHED, *[Kind.UNKNOWN_DERIVED] * 4]
    )
    assert removed == 6
    assert original.exists()
    assert not any(path.exists() for path in others)
    assert kinds(take()) == [Kind.UNKNOWN_ORIGINAL]


def test_rows_without_files_are_found(source: DigitalObject) -> None:
    storage.original_path(source.sha512).unlink()
    storage.thumbnail_image(source.pages.get()).unlink()

    assert sorted(kinds(take())) == [Kind.MISSING_DERIVED, Kind.MISSING_ORIGINAL]


def test_a_changed_length_is_found_and_a_changed_byte_by_its_digest(source: DigitalObject) -> None:
    original = storage.original_path(source.sha512)
    content = original.read_bytes()
    original.chmod(0o600)
    original.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    quick, thorough = take(), take(with_digests=True)
    original.write_bytes(content + b"!")

    assert quick.is_sound
    assert kinds(thorough) == [Kind.DIGEST]
    assert kinds(take()) == [Kind.SIZE]


def test_what_has_just_been_written_is_left_alone(source: DigitalObject) -> None:
    stray("staging", "0123")

    assert stocktaking.take().is_sound
    assert source.size > 0


def test_the_command_reports_and_exits_by_what_it_found(
    source: DigitalObject, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_storage", "--digests")
    sound = json.loads(capsys.readouterr().out)
    stray("staging", "0123")

    with pytest.raises(SystemExit) as ending:
        call_command("check_storage", "--settled", "0")
    report = json.loads(capsys.readouterr().out)
    call_command("check_storage", "--settled", "0", "--remove-orphans")
    tidied = json.loads(capsys.readouterr().out)

    assert (sound["originals"], sound["digests_computed"], sound["faults"]) == (1, 1, [])
    assert ending.value.code == 1
    assert report["faults"] == [{"kind": "left in staging", "path": "staging/0123", "detail": ""}]
    assert (tidied["removed"], tidied["faults"]) == (1, [])
    assert source.size == sound["bytes"]

"""Taking a plan in, also after it was killed."""

from itertools import islice
from pathlib import Path

import pytest

from archive.models import Batch, Level, Unit
from core.errors import Conflict, NotPermitted
from media.ingest import Result
from media.intake import plan, take
from media.models import DigitalObject, Job
from tests.makers import make_unit, make_user
from tests.media import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fonds = make_unit("一个全宗", code="J019")
    for number in (1, 2):
        code = f"J019-WS·2019-000{number}"
        make_unit(code, level=Level.ITEM, parent=fonds, code=code)
        (tmp_path / "一批" / code).mkdir(parents=True)
        for page in (1, 2, 10):
            making.jpeg(tmp_path / "一批" / code / f"{page}.jpg", f"{number} {page}")
    return tmp_path / "一批"


def test_a_plan_is_one_batch_in_order(folder: Path) -> None:
    outline = plan.draw_up(plan.entries_in([folder]))

    batch = take.open_batch(outline, label="一批", by=None)
    outcomes = list(take.take(outline, batch=batch, by=None))

    assert [outcome.result for outcome in outcomes] == [Result.RECEIVED] * 6
    first = Unit.objects.get(reference_code="J019-WS·2019-0001")
    assert [kept.original_name for kept in first.digital_objects.all()] == ["1.jpg", "2.jpg", "10.jpg"]
    assert batch.digital_objects.count() == Job.objects.count() == 6


def test_killed_in_the_middle_and_run_again_nothing_is_doubled(folder: Path) -> None:
    outline = plan.draw_up(plan.entries_in([folder]))
    batch = take.open_batch(outline, label="一批", by=None)
    list(islice(take.take(outline, batch=batch, by=None), 2))

    same = take.open_batch(outline, label="一批", by=None)
    outcomes = list(take.take(outline, batch=same, by=None))

    assert same == batch
    assert [outcome.result for outcome in outcomes] == [Result.ALREADY_THERE] * 2 + [Result.RECEIVED] * 4
    assert DigitalObject.objects.count() == batch.digital_objects.count() == 6
    assert Batch.objects.count() == 1


def test_files_of_one_name_and_size_are_different_files(tmp_path: Path) -> None:
    unit = make_unit("一个全宗", code="J019")
    for part, words in (("上", "AB"), ("下", "BA")):
        (tmp_path / "一" / part).mkdir(parents=True)
        making.picture(words).save(tmp_path / "一" / part / "封面.tif", "TIFF")
    outline = plan.draw_up(plan.entries_in([tmp_path / "一"]), unit=unit)
    batch = take.open_batch(outline, label="一", by=None)
    assert len({file.entry.size for file in outline.files}) == 1
    list(islice(take.take(outline, batch=batch, by=None), 1))

    list(take.take(outline, batch=batch, by=None))

    assert unit.digital_objects.count() == 2


def test_a_mark_of_secrecy_opens_no_batch(folder: Path) -> None:
    making.jpeg(folder / "J019-WS·2019-0001" / "绝密★.jpg")
    outline = plan.draw_up(plan.entries_in([folder]))

    with pytest.raises(Conflict, match="绝密"):
        take.open_batch(outline, label="一批", by=None)

    assert not Batch.objects.exists()


def test_who_may_not_digitise_opens_no_batch(folder: Path) -> None:
    outline = plan.draw_up(plan.entries_in([folder]))

    with pytest.raises(NotPermitted):
        take.open_batch(outline, label="一批", by=make_user("reviewer"))

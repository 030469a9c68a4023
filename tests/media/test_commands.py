"""The commands of the digital objects, and serving."""

import socket
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from media.models import DigitalObject, Job, JobStep, PageText, State
from tests.makers import make_item, make_lines, make_page, make_unit
from tests.media import making

pytestmark = pytest.mark.django_db


def run(*arguments: str, **options: int) -> str:
    output = StringIO()
    call_command(*arguments, *(f"--{name}={value}" for name, value in options.items()), stdout=output, stderr=output)
    return output.getvalue()


def test_ingest_reports_every_file_of_a_folder(tmp_path: Path) -> None:
    make_unit("全宗", code="T900")
    making.jpeg(tmp_path / "第2页.jpg", "TWO")
    making.jpeg(tmp_path / "第10页.jpg", "TEN")

    told = run("ingest", str(tmp_path), "--unit", "T900")

    assert told.index("[1/2] “第2页.jpg”") < told.index("[2/2] “第10页.jpg”")
    assert DigitalObject.objects.count() == Job.objects.count() == 2


def test_ingest_fails_if_one_file_was_refused_but_takes_the_others(tmp_path: Path) -> None:
    make_unit("全宗", code="T900")
    bad, good = making.empty(tmp_path / "空.jpg"), making.jpeg(tmp_path / "好.jpg")

    with pytest.raises(CommandError, match="1"):
        run("ingest", str(bad), str(good), "--unit", "T900")

    assert [kept.original_name for kept in DigitalObject.objects.all()] == ["好.jpg"]


def test_ingest_again_changes_nothing_and_succeeds(tmp_path: Path) -> None:
    make_unit("全宗", code="T900")
    path = making.jpeg(tmp_path / "好.jpg")
    run("ingest", str(path), "--unit", "T900")

    told = run("ingest", str(path), "--unit", "T900")

    assert "好.jpg" in told
    assert DigitalObject.objects.count() == 1


def test_ingest_names_the_unit_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="T404"):
        run("ingest", str(making.jpeg(tmp_path / "好.jpg")), "--unit", "T404")

    assert not DigitalObject.objects.exists()


def test_ingest_names_the_path_that_does_not_exist(tmp_path: Path) -> None:
    make_unit("全宗", code="T900")

    with pytest.raises(CommandError, match="nowhere"):
        run("ingest", str(tmp_path / "nowhere"), "--unit", "T900")


def test_waiting_ends_with_the_reason_of_what_failed(tmp_path: Path) -> None:
    make_unit("全宗", code="T900")
    path = making.jpeg(tmp_path / "好.jpg")
    run("ingest", str(path), "--unit", "T900")
    JobStep.objects.update(state=State.FAILED, error="磁盘已满。")
    output = StringIO()

    with pytest.raises(CommandError):
        call_command("ingest", str(path), "--unit", "T900", "--wait", stdout=output, stderr=output)

    assert "“好.jpg”" in output.getvalue()
    assert "磁盘已满。" in output.getvalue()


def test_text_prints_the_pages_of_a_unit_in_reading_order() -> None:
    unit = make_item()
    make_page(unit, lines=[*make_lines("标题"), *make_lines("正文一", "正文二", block=1)])
    make_page(unit, "第二页")

    whole, second = run("text", unit.record.ark_text), run("text", unit.record.ark, page=2)

    assert "标题\n\n正文一\n正文二\n" in whole
    assert whole.index("正文二") < whole.index("\f") < whole.index("第二页")
    assert "正文" not in second and "第二页" in second


def test_text_finds_a_file_by_the_beginning_of_its_digest() -> None:
    page = make_page(make_item(), "只有这一页")
    DigitalObject.objects.update(sha512="ab12cd34" + "0" * 120)

    assert "只有这一页" in run("text", "AB12CD34")
    assert "只有这一页" in run("text", page.digital_object.__class__.objects.get().sha512)


def test_text_says_what_has_not_been_read_yet() -> None:
    unit = make_item()
    make_page(unit)

    assert not PageText.objects.exists()
    with translation.override("en"):
        assert "has not been read yet" in run("text", unit.record.ark)


@pytest.mark.parametrize("name", ["ark:99999/nothing", "0123456789abcdef", "什么"])
def test_text_of_nothing_is_an_error(name: str) -> None:
    with pytest.raises(CommandError):
        run("text", name)


def test_text_names_the_pages_that_there_are() -> None:
    unit = make_item()
    make_page(unit, "一")

    with pytest.raises(CommandError, match="9"):
        run("text", unit.record.ark, page=9)


def test_serve_does_not_begin_on_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=f"{port}.*{port + 1}"):
            run("serve", port=port)

import pytest
from django.utils import timezone

from core.errors import NotFound
from media.assembly import plain, sheets
from media.models import DigitalObject, PageText
from tests.makers import make_item, make_page

pytestmark = pytest.mark.django_db


def test_the_state_stands_above_the_text_of_a_page() -> None:
    page = make_page(make_item(), "闽宁协作", "二十年")

    assert plain.of_page(sheets.of_page(page)) == "未经校对的机器识别文本\n\n闽宁协作\n二十年\n"


def test_a_unit_tells_its_lowest_state_and_where_a_page_differs() -> None:
    unit = make_item("协作情况")
    make_page(unit, "第一页的字")
    second = make_page(unit, "第二页的字")
    second.texts.update(quality=PageText.Quality.PROOFREAD)

    text = "".join(plain.of_unit(unit))

    head, first, last = text.split("\n[")
    assert head.splitlines() == ["协作情况", unit.reference_code, unit.record.ark_text, "未经校对的机器识别文本"]
    assert first.splitlines()[1:] == ["第一页的字"]
    assert "已校对" not in first
    assert "已校对" in last.splitlines()[0]
    assert last.splitlines()[1:] == ["第二页的字"]


def test_pages_of_quarantined_files_are_left_out() -> None:
    unit = make_item()
    make_page(unit, "看得见")
    secret = make_page(unit, "机密")
    DigitalObject.objects.filter(pk=secret.digital_object_id).update(quarantined_at=timezone.now())

    text = "".join(plain.of_unit(unit))

    assert "看得见" in text
    assert "机密" not in text


def test_a_unit_without_pages_has_no_text() -> None:
    with pytest.raises(NotFound):
        list(plain.of_unit(make_item()))

"""A unit is opened only when everything in it has been decided (L-23)."""

import pytest

from accounts.models import User
from archive import opening
from archive.models import Opening, Record, Scope, Unit
from core.errors import Conflict, InvalidInput
from media import masking
from media.masking import proposing
from media.models import Incident, Mask
from tests.makers import make_agent, make_item
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import look, text_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(db: None) -> Unit:
    return make_item("搬迁户登记", public=False)


def label(field: str) -> str:
    return proposing.label_of(Record.objects.latest("pk"), field)


def open_(unit: Unit) -> Record:
    return opening.open_(Record.objects.get(unit=unit), scope=Scope.TEXT, by=None)


def test_undecided_candidates_stand_against_opening_and_their_pages_are_named(closed: Unit, archivist: User) -> None:
    text_page(closed, "目录")
    page = look(text_page(closed, f"电话{MOBILE}。", f"身份证{PERSON}"))

    with pytest.raises(Conflict, match="2"):
        open_(closed)
    first, second = page.masks.all()
    masking.decide(first, Mask.Decision.MASKED, by=archivist)
    with pytest.raises(Conflict):
        open_(closed)
    masking.decide(second, Mask.Decision.SHOWN, by=archivist)

    assert open_(closed).opening == Opening.OPEN


def test_a_number_in_the_description_stands_against_opening_until_the_text_is_changed(closed: Unit) -> None:
    Record.objects.filter(unit=closed).update(note=f"捐赠人电话{MOBILE}")

    with pytest.raises(Conflict, match=label("note")):
        open_(closed)
    Record.objects.filter(unit=closed).update(note="捐赠人电话从略")

    assert open_(closed).opening == Opening.OPEN


def test_or_until_it_is_decided_that_it_may_be_shown(closed: Unit, archivist: User) -> None:
    record = closed.record
    record.note = f"单位手机{MOBILE}"
    record.save()
    (mask,) = masking.look_at_record(record)

    with pytest.raises(InvalidInput):
        masking.decide(mask, Mask.Decision.MASKED, by=archivist)
    masking.decide(mask, Mask.Decision.SHOWN, by=archivist, reason="单位公开号码")

    assert open_(closed).opening == Opening.OPEN
    assert masking.look_at_record(record) == []


def test_another_number_in_the_same_field_is_asked_about_again(closed: Unit, archivist: User) -> None:
    record = closed.record
    record.note = f"单位手机{MOBILE}"
    record.save()
    masking.decide(masking.look_at_record(record)[0], Mask.Decision.SHOWN, by=archivist)

    Record.objects.filter(pk=record.pk).update(note="个人手机13987654321")

    with pytest.raises(Conflict):
        open_(closed)


def test_fields_of_the_detail_are_looked_at_too(closed: Unit) -> None:
    Unit.objects.filter(pk=closed.pk).update(archival_history=f"移交人{PERSON}")

    with pytest.raises(Conflict, match=label("archival_history")):
        open_(closed)


def test_records_that_are_no_units_are_looked_at_by_their_fields() -> None:
    record = make_agent("援宁工作队", public=False)
    Record.objects.filter(pk=record.pk).update(summary_zh=f"联系人手机{MOBILE}")

    with pytest.raises(Conflict, match=label("summary_zh")):
        opening.open_(Record.objects.get(pk=record.pk), scope=Scope.CATALOGUE, by=None)


def test_a_mark_of_secrecy_in_the_description_stands_against_opening(closed: Unit) -> None:
    Record.objects.filter(unit=closed).update(title_zh="关于某事的通知（机密★10年）")

    with pytest.raises(Conflict, match="机密"):
        open_(closed)


def test_a_file_in_quarantine_stands_against_opening(closed: Unit) -> None:
    look(text_page(closed, "机密★10年"))

    with pytest.raises(Conflict):
        open_(closed)
    assert Incident.objects.count() == 1


def test_a_mark_for_the_house_makes_the_unit_controlled_until_a_reviewer_opens_it(item: Unit) -> None:
    page = look(text_page(item, "内部资料 注意保存", "会议纪要"))
    record = Record.objects.get(unit=item)
    assert record.opening == Opening.CONTROLLED and record.public_scope == Scope.NOTHING

    open_(item)
    look(page)

    assert Record.objects.get(unit=item).opening == Opening.OPEN

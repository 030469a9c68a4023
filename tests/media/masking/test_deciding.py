"""Looking, deciding, taking back: what the rows say, and what the public gets."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Role, User
from archive.models import AuditEvent, Unit
from core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from media import masking, storage
from media.lines import Box, join
from media.models import DigitalObject, Mask, Page
from search.loading import current_texts
from tests.makers import make_lines, make_user
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import look, printed_page, text_of, text_page, write_text

pytestmark = pytest.mark.django_db
Decision, Rule = Mask.Decision, Mask.Rule


def test_candidates_are_written_and_kept_from_the_public_until_somebody_decides(item: Unit) -> None:
    page = look(text_page(item, f"马某，{PERSON}，", f"电话{MOBILE}。"))

    masks = list(page.masks.order_by("start"))
    assert [(mask.rule, mask.decision, mask.written) for mask in masks] == [
        (Rule.IDENTITY_NUMBER, Decision.OPEN, PERSON),
        (Rule.MOBILE_NUMBER, Decision.OPEN, MOBILE),
    ]
    text = text_of(page)
    assert text.open_text == "马某，█，\n电话█。"
    assert join(text.open_lines()) == text.open_text
    assert text.text == f"马某，{PERSON}，\n电话{MOBILE}。"
    assert page.is_masked


def test_a_cover_has_the_box_of_the_whole_stretch(item: Unit) -> None:
    page = look(text_page(item, f"马某，{PERSON}，"))

    (line,) = text_of(page).open_lines()

    assert line.characters[3] == Box(100 + 3 * 50, 100, 18 * 50, 50)
    assert len(line.characters) == len(line.text) == 5


def test_nothing_on_a_page_leaves_it_as_it_is(item: Unit) -> None:
    page = look(text_page(item, "会议纪要"))

    assert not page.is_masked and page.redrawn_at is None
    assert text_of(page).public_text is None
    assert storage.public_image(page) == storage.access_image(page)


def test_looking_again_proposes_nothing_twice_and_nothing_that_was_decided(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"马某，{PERSON}，", f"电话{MOBILE}。"))
    first, second = page.masks.order_by("start")
    masking.decide(first, Decision.MASKED, by=archivist)
    masking.decide(second, Decision.SHOWN, by=archivist)

    look(page)

    assert {mask.pk: mask.decision for mask in page.masks.all()} == {first.pk: "masked", second.pk: "shown"}
    assert text_of(page).open_text == f"马某，█，\n电话{MOBILE}。"


def test_a_candidate_that_is_not_found_again_is_gone(item: Unit) -> None:
    page = look(text_page(item, f"电话{MOBILE}。"))

    write_text(page, make_lines("电话不详。"))
    look(page)

    assert not page.masks.exists() and not page.is_masked


def test_showing_opens_the_text_and_the_image_again(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"电话{MOBILE}。"))

    masking.decide(page.masks.get(), Decision.SHOWN, by=archivist, reason="已公开的办公手机")

    page.refresh_from_db()
    assert text_of(page).public_text is None
    assert not page.is_masked
    assert next(iter(current_texts(Page.objects.all())))[2] == f"电话{MOBILE}。"


def test_what_is_masked_is_in_no_text_for_the_index(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"电话{MOBILE}。"))

    masking.decide(page.masks.get(), Decision.MASKED, by=archivist)

    assert next(iter(current_texts(Page.objects.all())))[2] == "电话█。"


def test_a_decision_can_be_taken_back(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"电话{MOBILE}。"))
    masking.decide(page.masks.get(), Decision.SHOWN, by=archivist)

    masking.undo(page.masks.get(), by=archivist)

    mask = page.masks.get()
    assert (mask.decision, mask.decided_by, mask.decided_at) == (Decision.OPEN, None, None)
    page.refresh_from_db()
    assert page.is_masked and text_of(page).open_text == "电话█。"
    with pytest.raises(Conflict):
        masking.undo(mask, by=archivist)


def test_a_box_drawn_over_text_takes_the_characters_under_it(item: Unit, archivist: User) -> None:
    page = look(text_page(item, "马有才家住某村三组"))

    mask = masking.mark_by_hand(page, boxes=[Box(95, 90, 155, 70)], by=archivist, reason="姓名")

    assert (mask.written, mask.decision, mask.rule) == ("马有才", Decision.MASKED, Rule.BY_HAND)
    assert text_of(page).open_text == "█家住某村三组"


def test_a_box_across_lines_takes_what_lies_under_it_in_each(item: Unit, archivist: User) -> None:
    page = look(text_page(item, "马有才家住某村三组", "王小兰家住某村五组"))

    masking.mark_by_hand(page, boxes=[Box(95, 90, 155, 160)], by=archivist)

    assert text_of(page).open_text == "█家住某村三组\n█家住某村五组"


def test_a_box_where_no_text_is_masks_the_image_alone(item: Unit, archivist: User) -> None:
    page = look(text_page(item, "会议纪要"))

    mask = masking.mark_by_hand(page, boxes=[Box(900, 2000, 300, 300)], by=archivist, reason="私章")

    assert mask.start is None and mask.boxes == [[900, 2000, 300, 300]]
    page.refresh_from_db()
    assert page.is_masked and text_of(page).open_text == "会议纪要"


def test_what_was_drawn_by_hand_is_gone_when_it_is_taken_back(item: Unit, archivist: User) -> None:
    page = look(text_page(item, "马有才家住某村三组"))
    mask = masking.mark_by_hand(page, start=0, end=3, by=archivist)
    assert text_of(page).open_text == "█家住某村三组"

    assert masking.undo(mask, by=archivist) is None

    page.refresh_from_db()
    assert not page.is_masked and text_of(page).public_text is None


@pytest.mark.parametrize("box", [Box(3000, 10, 50, 50), Box(10, 10, 0, 50), Box(-100, -100, 50, 50)])
def test_a_box_outside_the_page_is_refused(item: Unit, archivist: User, box: Box) -> None:
    page = text_page(item, "会议纪要")

    with pytest.raises(InvalidInput):
        masking.mark_by_hand(page, boxes=[box], by=archivist)


def test_the_same_in_a_document_is_found_and_decided_alike(item: Unit, archivist: User) -> None:
    first = look(text_page(item, f"马某电话{MOBILE}，又{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}"))
    second = look(text_page(item, f"编号：{MOBILE}"))

    places = masking.alike(first.masks.order_by("start")[0])
    count = masking.decide_all(places, Decision.MASKED, by=archivist, rule=Rule.MOBILE_NUMBER)

    assert [(place.page.number, place.mask is not None) for place in places] == [(1, True), (1, True), (2, False)]
    assert count == 3
    assert text_of(first).open_text == "马某电话█，又█"
    assert text_of(second).open_text == "编号：█"


def test_only_who_masks_decides(item: Unit) -> None:
    page = look(text_page(item, f"电话{MOBILE}。"))
    mask = page.masks.get()

    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_OFFICER, Role.AUDITOR, ""):
        with pytest.raises(NotPermitted):
            masking.decide(mask, Decision.SHOWN, by=make_user(role))
        with pytest.raises(NotPermitted):
            masking.mark_by_hand(page, start=0, end=1, by=make_user(role))
        with pytest.raises(NotPermitted):
            masking.clear(page, by=make_user(role))
    assert masking.decide(mask, Decision.SHOWN, by=make_user(Role.REVIEWER)).decision == Decision.SHOWN


def test_decisions_are_written_down_without_what_stands_there(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"电话{MOBILE}。"))

    masking.decide(page.masks.get(), Decision.MASKED, by=archivist, reason="个人手机")

    event = AuditEvent.objects.get(action="mask")
    assert event.actor == archivist and event.after is not None
    assert (event.after["decision"], event.after["rule"], event.after["reason"]) == (
        "masked",
        "mobile_number",
        "个人手机",
    )
    assert not any(MOBILE in str(row) for row in AuditEvent.objects.values())


def test_a_page_that_was_masked_is_closed_until_it_is_redrawn(
    item: Unit, archivist: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    page = printed_page(item, f"电话{MOBILE}。")

    with django_capture_on_commit_callbacks() as later:
        masking.mark_by_hand(page, start=2, end=13, by=archivist)
    page.refresh_from_db()
    with pytest.raises(NotFound):
        storage.public_image(page)
    for each in later:
        each()

    page.refresh_from_db()
    assert storage.public_image(page).name == storage.PUBLIC
    assert page.redrawn_at is not None


def test_a_page_that_arrives_is_closed_until_it_has_been_looked_at(item: Unit, archivist: User) -> None:
    page = printed_page(item, "会议纪要", veiled=True)
    with pytest.raises(NotFound):
        storage.public_image(page)

    look(page)

    assert storage.public_image(page) == storage.access_image(page)


def test_masks_of_a_page_that_has_no_images_yet_close_it(item: Unit) -> None:
    page = text_page(item, f"电话{MOBILE}。")
    Page.objects.filter(pk=page.pk).update(width=0, height=0)
    page.refresh_from_db()

    look(page)

    assert page.is_masked and page.redrawn_at is None
    assert text_of(page).open_text == "电话█。"


def test_a_page_that_nobody_can_read_stays_closed_until_a_person_has_looked(item: Unit, archivist: User) -> None:
    page = printed_page(item, "会议纪要", veiled=True)
    page.texts.all().delete()

    look(page)
    closed = list(masking.unread_pages())
    masking.clear(page, by=archivist)

    page.refresh_from_db()
    assert closed == [page]
    assert not page.is_masked
    assert AuditEvent.objects.filter(action="looked at", actor=archivist).exists()


def test_views_of_what_is_hidden_are_written_down_once_an_hour(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"电话{MOBILE}。"))

    masking.note_view(page, by=archivist, purpose="masking")
    masking.note_view(page, by=archivist, purpose="masking")

    event = AuditEvent.objects.get(action="view unmasked")
    assert (event.object_key, event.after) == (str(page.pk), {"purpose": "masking"})


def test_the_public_never_sees_candidates(item: Unit) -> None:
    look(text_page(item, f"电话{MOBILE}。"))

    (page,) = Page.objects.visible_to(AnonymousUser())

    assert MOBILE not in text_of(page).open_text


def test_pages_in_quarantine_are_not_shown_as_alike(item: Unit) -> None:
    first = look(text_page(item, f"电话{MOBILE}。"))
    locked = text_page(item, f"绝密事项：{MOBILE}")
    DigitalObject.objects.filter(pk=locked.digital_object_id).update(quarantined_at=timezone.now())

    places = masking.alike(first.masks.get())

    assert [place.page.number for place in places] == [1]

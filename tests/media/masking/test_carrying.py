"""Masks follow the text: corrected, read anew, turned."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from archive.models import Unit
from media import masking
from media.lines import Box
from media.models import Incident, Mask, Page, PageText
from tests.makers import make_lines
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import look, printed_page, text_of, text_page, write_text

pytestmark = pytest.mark.django_db


def correct(page: Page, *texts: str) -> PageText:
    """What proofreading and reading do: a new current text, and the masks with it."""
    old = text_of(page)
    new = write_text(page, make_lines(*texts))
    masking.carry_over(old, new)
    new.refresh_from_db()
    page.refresh_from_db()
    return new


def test_a_decided_mask_moves_with_its_words(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"马某电话{MOBILE}。"))
    masking.decide(page.masks.get(), Mask.Decision.MASKED, by=archivist)

    new = correct(page, "登记表", f"马某某的电话{MOBILE}。")

    mask = page.masks.get()
    assert new.text[mask.start : mask.end] == MOBILE
    assert new.open_text == "登记表\n马某某的电话█。"
    assert mask.decision == Mask.Decision.MASKED


def test_the_boxes_of_what_was_masked_never_become_smaller(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"马某电话{MOBILE}。"))
    masking.decide(page.masks.get(), Mask.Decision.MASKED, by=archivist)
    before = [tuple(box) for box in page.masks.get().boxes]

    correct(page, f"电话{MOBILE}。")

    after = [tuple(box) for box in page.masks.get().boxes]
    assert set(before) <= set(after)


def test_a_new_text_is_covered_from_its_first_moment(item: Unit) -> None:
    page = text_page(item)
    new = write_text(page, make_lines(f"身份证{PERSON}"))

    masking.carry_over(None, new)

    new.refresh_from_db()
    assert new.open_text == "身份证█"


def test_a_number_that_was_misread_and_shown_is_asked_about_when_it_is_corrected(item: Unit, archivist: User) -> None:
    page = look(text_page(item, "电话1381234567B。"))
    if page.masks.exists():
        masking.decide(page.masks.get(), Mask.Decision.SHOWN, by=archivist)

    new = correct(page, f"电话{MOBILE}。")

    assert new.open_text == "电话█。"
    assert page.masks.undecided().count() == 1


def test_what_was_shown_stays_shown_when_something_else_is_corrected(item: Unit, archivist: User) -> None:
    page = look(text_page(item, f"马某电话{MOBILE}。"))
    masking.decide(page.masks.get(), Mask.Decision.SHOWN, by=archivist)

    new = correct(page, f"马英电话{MOBILE}。")

    assert new.open_text == f"马英电话{MOBILE}。"
    assert not page.is_masked


def test_words_that_were_masked_and_are_struck_out_leave_their_box(item: Unit, archivist: User) -> None:
    page = look(text_page(item, "马有才家住某村"))
    masking.mark_by_hand(page, start=0, end=3, by=archivist)

    new = correct(page, "家住某村")

    mask = page.masks.get()
    assert mask.start is None and mask.boxes == [[100, 100, 150, 50]]
    assert page.is_masked and new.public_text is not None


def test_a_mark_of_secrecy_in_a_new_text_closes_the_file_away_at_once(item: Unit) -> None:
    page = look(text_page(item, "机密与否待查"))

    correct(page, "机密★10年")

    assert Incident.objects.get().page == page
    assert not Page.objects.visible_to(AnonymousUser()).exists()


def test_a_new_text_takes_no_veil_off(item: Unit) -> None:
    page = printed_page(item, "会议纪要", veiled=True)

    masking.carry_over(None, text_of(page))

    page.refresh_from_db()
    assert page.is_masked and page.redrawn_at is None


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(90, [3508 - 140, 100, 40, 300]), (180, [2480 - 400, 3508 - 140, 300, 40]), (270, [100, 2480 - 400, 40, 300])],
)
def test_boxes_turn_with_their_page(item: Unit, archivist: User, degrees: int, expected: list[int]) -> None:
    page = text_page(item)
    masking.mark_by_hand(page, boxes=[Box(100, 100, 300, 40)], by=archivist)

    masking.turn(page, degrees)

    assert page.masks.get().boxes == [expected]

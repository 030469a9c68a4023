"""Search and replace in a document, and its undoing."""

import uuid

import pytest
from django.utils import timezone

from accounts.models import User
from archive.models import AuditEvent, Unit
from core.errors import Conflict, InvalidInput, NotFound
from media import proofreading
from media.models import DigitalObject, PageText
from media.proofreading import Edit, Spot, replacing
from tests.makers import make_item, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(db: None) -> Unit:
    """Three pages, on two of which a word is misread, on one of them twice in a line."""
    unit = make_item()
    make_page(unit, "福健省与宁夏", "福健和福健")
    make_page(unit, "没有错字")
    make_page(unit, "援宁的福健省")
    make_page(make_item(), "另一件中的福健")
    return unit


def words(unit: Unit) -> list[str]:
    texts = PageText.objects.filter(page__unit=unit, is_current=True).order_by("page__number")
    return list(texts.values_list("text", flat=True))


def test_the_preview_shows_every_place_and_changes_nothing(document: Unit, archivist: User) -> None:
    found = proofreading.preview(document, "福健", by=archivist)

    assert [(place.page.number, place.spot.line, place.spot.start) for place in found.places] == [
        (1, 0, 0),
        (1, 1, 0),
        (1, 1, 3),
        (3, 0, 3),
    ]
    assert (found.places[3].before, found.places[3].found, found.places[3].after) == ("援宁的", "福健", "省")
    assert (found.page_count, found.is_whole) == (2, True)
    assert PageText.objects.count() == 4


def test_a_long_document_is_replaced_in_stretches(
    document: Unit, archivist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacing, "MOST_PAGES", 1)

    found = proofreading.preview(document, "福健", by=archivist)

    assert ({place.page.number for place in found.places}, found.is_whole) == ({1}, False)


def test_words_are_replaced_everywhere_in_the_document_and_nowhere_else(document: Unit, archivist: User) -> None:
    done = proofreading.replace(document, "福健", "福建", by=archivist)

    assert words(document) == ["福建省与宁夏\n福建和福建", "没有错字", "援宁的福建省"]
    assert (done.places, len(done.texts)) == (4, 2)
    assert PageText.objects.filter(text="另一件中的福健", is_current=True).exists()
    assert AuditEvent.objects.filter(action="text replacement").count() == 2


def test_only_the_chosen_places_are_replaced(document: Unit, archivist: User) -> None:
    places = proofreading.preview(document, "福健", by=archivist).places

    proofreading.replace(document, "福健", "福建省", by=archivist, spots=[places[0].spot, places[2].spot])

    assert words(document)[0] == "福建省省与宁夏\n福健和福建省"
    assert words(document)[2] == "援宁的福健省"


def test_words_can_be_taken_out(document: Unit, archivist: User) -> None:
    proofreading.replace(document, "和福健", "", by=archivist)

    assert words(document)[0] == "福健省与宁夏\n福健"


def test_a_page_corrected_meanwhile_stops_the_whole_replacement(document: Unit, archivist: User) -> None:
    places = proofreading.preview(document, "福健", by=archivist).places
    text = PageText.objects.get(page__unit=document, page__number=3)
    proofreading.correct(text, [Edit("援宁的福健", (0,))], by=archivist)

    with pytest.raises(Conflict):
        proofreading.replace(document, "福健", "福建", by=archivist, spots=[place.spot for place in places])

    assert words(document)[0] == "福健省与宁夏\n福健和福健"


def test_a_replacement_is_taken_back_but_not_where_somebody_went_on(
    document: Unit, archivist: User, reviewer: User
) -> None:
    done = proofreading.replace(document, "福健", "福建", by=archivist)
    later = done.texts[1]
    proofreading.correct(later, [Edit("援宁之福建省", (0,))], by=reviewer)

    undone = proofreading.undo_replace(done.key, by=archivist)

    assert words(document) == ["福健省与宁夏\n福健和福健", "没有错字", "援宁之福建省"]
    assert [page.number for page in undone.left] == [3]
    assert proofreading.undo_replace(done.key, by=archivist).texts == []


def test_what_cannot_be_replaced_is_said(document: Unit, archivist: User) -> None:
    with pytest.raises(InvalidInput):
        proofreading.preview(document, " ", by=archivist)
    with pytest.raises(InvalidInput):
        proofreading.replace(document, "福健", "福健", by=archivist)
    with pytest.raises(NotFound):
        proofreading.replace(document, "广东", "福建", by=archivist)
    with pytest.raises(NotFound):
        proofreading.undo_replace(uuid.uuid4(), by=archivist)


def test_a_place_in_another_document_is_refused(document: Unit, archivist: User) -> None:
    other = PageText.objects.get(text="另一件中的福健")
    spot = proofreading.preview(other.page.unit, "福健", by=archivist).places[0].spot

    with pytest.raises(Conflict):
        proofreading.replace(document, "福健", "福建", by=archivist, spots=[spot])


def test_texts_in_quarantine_are_not_there(document: Unit, archivist: User) -> None:
    done = proofreading.replace(document, "福健", "福建", by=archivist)
    text = PageText.objects.get(page__unit=document, page__number=1, is_current=True)
    DigitalObject.objects.filter(pages=text.page_id).update(quarantined_at=timezone.now())

    with pytest.raises(Conflict):
        proofreading.replace(document, "福建", "福健", by=archivist, spots=[Spot(text.pk, 0, 0)])
    undone = proofreading.undo_replace(done.key, by=archivist)

    assert [each.page.number for each in undone.texts] == [3]
    assert words(document)[0].startswith("福建")

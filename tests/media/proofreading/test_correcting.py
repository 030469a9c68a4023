"""Texts that people correct: rows, locks, masks, the index, the audit."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import Role, User
from archive.models import AuditEvent, Unit
from core.errors import Conflict, InvalidInput, NotPermitted
from media import proofreading
from media.lines import join
from media.models import JobStep, Page, PageText, State
from media.proofreading import Edit
from search import finding, indexing
from search.finding import Request
from tests.makers import make_item, make_page, make_user

pytestmark = pytest.mark.django_db


def make_text(*lines: str, unit: Unit | None = None) -> PageText:
    """The machine's text of a page."""
    return make_page(unit or make_item(), *lines).texts.get()


def edits(*lines: str) -> list[Edit]:
    return [Edit(text, (number,)) for number, text in enumerate(lines)]


def test_a_correction_becomes_the_current_text_and_the_earlier_one_stays(archivist: User) -> None:
    text = make_text("福健宁夏", "对口帮扶")

    new = proofreading.correct(text, edits("福建宁夏", "对口帮扶"), by=archivist, note="照原件")

    text.refresh_from_db()
    assert (new.is_current, text.is_current) == (True, False)
    assert new.text == "福建宁夏\n对口帮扶" == join(new.text_lines())
    assert text.text == "福健宁夏\n对口帮扶"
    assert (new.origin, new.quality) == (PageText.Origin.CORRECTED, PageText.Quality.MACHINE)
    assert (new.made_by, new.made_from, new.note) == (archivist, text, "照原件")
    assert (new.engine, new.confidence) == (text.engine, text.confidence)


def test_what_changes_nothing_writes_nothing(archivist: User) -> None:
    text = make_text("福建宁夏")

    same = proofreading.correct(text, edits("福建宁夏"), by=archivist)

    assert same == text
    assert PageText.objects.count() == 1


def test_the_second_of_two_people_is_told_and_nothing_is_lost(archivist: User, reviewer: User) -> None:
    text = make_text("福健宁夏")
    first = proofreading.correct(text, edits("福建宁夏"), by=archivist)

    with pytest.raises(Conflict) as fault:
        proofreading.correct(text, edits("福建宁厦"), by=reviewer)

    assert archivist.get_username() in fault.value.message
    assert PageText.objects.get(is_current=True) == first


def test_who_has_seen_the_other_text_may_put_theirs_in_its_place(archivist: User, reviewer: User) -> None:
    text = make_text("福健宁夏")
    first = proofreading.correct(text, edits("福建宁厦"), by=archivist)

    second = proofreading.correct(text, edits("福建宁夏"), by=reviewer, seen=first)

    assert second.text == "福建宁夏"
    assert list(PageText.objects.order_by("pk").values_list("is_current", flat=True)) == [False, False, True]


def test_a_correction_can_be_found_at_once(archivist: User) -> None:
    text = make_text("囗囗囗的囗囗囗")
    indexing.drain()
    before = finding.find(Request(q='"葡萄酒"'), AnonymousUser())

    proofreading.correct(text, edits("闽宁镇的葡萄酒"), by=archivist)
    indexing.drain()

    after = finding.find(Request(q='"葡萄酒"'), AnonymousUser())
    assert not any(hit.pages for hit in before.hits)
    assert ["".join(part for part, _hit in page.snippet) for hit in after.hits for page in hit.pages] == [
        "闽宁镇的葡萄酒"
    ]


def test_what_is_masked_stays_masked_in_the_corrected_text(archivist: User) -> None:
    text = make_text("联系电话13800138000，福健省")

    new = proofreading.correct(text, edits("联系电话13800138000，福建省"), by=archivist)

    new.refresh_from_db()
    assert "13800138000" in new.text
    assert "13800138000" not in new.open_text and "福建省" in new.open_text


def test_the_audit_names_the_rows_and_never_the_words(archivist: User) -> None:
    text = make_text("福健宁夏")

    new = proofreading.correct(text, edits("福建宁夏"), by=archivist)

    event = AuditEvent.objects.get(action="text correction")
    assert (event.actor, event.object_type, event.object_key) == (archivist, "page", str(text.page_id))
    assert event.before == {"text": text.pk, "quality": "machine"}
    assert event.after == {"text": new.pk, "quality": "machine", "note": "", "characters": 1}


def test_the_document_is_put_together_again(archivist: User) -> None:
    text = make_text("福健宁夏")
    job = text.page.digital_object.jobs.create(state=State.DONE)
    job.steps.create(name=JobStep.Name.RECOGNISE, page=text.page, state=State.DONE)

    proofreading.correct(text, edits("福建宁夏"), by=archivist)

    assert job.steps.get(name=JobStep.Name.ASSEMBLE).state == State.QUEUED


def test_nothing_is_written_where_the_transaction_fails(archivist: User) -> None:
    text = make_text("福健宁夏")

    with pytest.raises(RuntimeError), transaction.atomic():
        proofreading.correct(text, edits("福建宁夏"), by=archivist)
        raise RuntimeError

    assert PageText.objects.get() == text
    assert not AuditEvent.objects.filter(action="text correction").exists()


def test_who_may_not_proofread_is_refused() -> None:
    text = make_text("福健宁夏")
    auditor = make_user(Role.AUDITOR)

    with pytest.raises(NotPermitted):
        proofreading.correct(text, edits("福建宁夏"), by=auditor)
    with pytest.raises(NotPermitted):
        proofreading.set_quality(text, PageText.Quality.CHECKED, by=auditor)
    with pytest.raises(NotPermitted):
        proofreading.restore(text, by=auditor, seen=text)


def test_a_text_is_checked_by_one_and_proofread_by_another(archivist: User, reviewer: User) -> None:
    text = proofreading.correct(make_text("福健宁夏"), edits("福建宁夏"), by=archivist)

    checked = proofreading.set_quality(text, PageText.Quality.CHECKED, by=archivist)
    with pytest.raises(NotPermitted):
        proofreading.set_quality(checked, PageText.Quality.PROOFREAD, by=archivist)
    proofread = proofreading.set_quality(checked, PageText.Quality.PROOFREAD, by=reviewer)

    assert proofread.pk == text.pk
    assert (proofread.quality, proofread.judged_by) == (PageText.Quality.PROOFREAD, reviewer)
    states = AuditEvent.objects.filter(action="text state").order_by("sequence")
    assert list(states.values_list("before__quality", "after__quality")) == [
        ("machine", "checked"),
        ("checked", "proofread"),
    ]


def test_who_called_an_uncorrected_text_checked_does_not_proofread_it(archivist: User) -> None:
    text = proofreading.set_quality(make_text("福建宁夏"), PageText.Quality.CHECKED, by=archivist)

    with pytest.raises(NotPermitted):
        proofreading.set_quality(text, PageText.Quality.PROOFREAD, by=archivist)


def test_no_text_becomes_proofread_without_having_been_checked(reviewer: User) -> None:
    with pytest.raises(NotPermitted):
        proofreading.set_quality(make_text("福建宁夏"), PageText.Quality.PROOFREAD, by=reviewer)


def test_a_correction_takes_a_proofread_text_back_to_checked(archivist: User, reviewer: User) -> None:
    text = proofreading.set_quality(make_text("福建宁夏"), PageText.Quality.CHECKED, by=archivist)
    text = proofreading.set_quality(text, PageText.Quality.PROOFREAD, by=reviewer)

    new = proofreading.correct(text, edits("福建、宁夏"), by=reviewer)

    assert (new.quality, new.judged_by) == (PageText.Quality.CHECKED, reviewer)


def test_a_state_is_given_to_the_current_text_only(archivist: User) -> None:
    text = make_text("福健宁夏")
    proofreading.correct(text, edits("福建宁夏"), by=archivist)

    with pytest.raises(Conflict):
        proofreading.set_quality(text, PageText.Quality.CHECKED, by=archivist)


def test_history_tells_who_changed_what(archivist: User, reviewer: User) -> None:
    text = make_text("福健宁夏", "对口帮扶")
    second = proofreading.correct(text, edits("福建宁夏", "对口帮扶"), by=archivist)
    third = proofreading.correct(second, edits("福建宁夏", "对口协作"), by=reviewer)

    versions = proofreading.history(text.page)

    assert [(version.text, version.text.made_by) for version in versions] == [
        (third, reviewer),
        (second, archivist),
        (text, None),
    ]
    assert [(span.kind, span.text) for span in versions[1].changes[0].spans] == [
        ("same", "福"),
        ("gone", "健"),
        ("new", "建"),
        ("same", "宁夏"),
    ]
    assert (versions[0].changes[0].line, versions[2].changes) == (2, [])


def test_an_earlier_text_is_restored_as_a_new_row(archivist: User) -> None:
    text = make_text("福建宁夏")
    wrong = proofreading.correct(text, edits("福健宁夏"), by=archivist)

    restored = proofreading.restore(text, by=archivist, seen=wrong)

    assert (restored.text, restored.made_from, restored.is_current) == ("福建宁夏", text, True)
    assert restored.text_lines() == text.text_lines()
    assert PageText.objects.count() == 3
    with pytest.raises(Conflict):
        proofreading.restore(wrong, by=archivist, seen=wrong)
    with pytest.raises(InvalidInput):
        proofreading.restore(make_text("别的一页"), by=archivist, seen=restored)


def test_going_back_to_the_machines_text_makes_it_unchecked(archivist: User) -> None:
    text = make_text("福健宁夏")
    new = proofreading.correct(text, edits("福建宁夏"), by=archivist)
    checked = proofreading.set_quality(new, PageText.Quality.CHECKED, by=archivist)

    restored = proofreading.restore(text, by=archivist, seen=checked)

    assert restored.quality == PageText.Quality.MACHINE


def test_pages_wait_with_the_least_certain_first(archivist: User) -> None:
    unit = make_item()
    certain, doubtful, unknown = (make_text("一", unit=unit) for _ in range(3))
    PageText.objects.filter(pk=doubtful.pk).update(confidence=0.5)
    PageText.objects.filter(pk=unknown.pk).update(confidence=None)
    other = make_text("二")
    proofreading.set_quality(other, PageText.Quality.CHECKED, by=archivist)
    selection = proofreading.Selection(unit=unit)

    pages = list(proofreading.queue(selection, archivist))

    assert pages == [doubtful.page, certain.page, unknown.page]
    assert proofreading.next_page(selection, archivist, doubtful.page, 0.5) == certain.page
    assert proofreading.next_page(selection, archivist, certain.page, 0.99) == unknown.page
    assert proofreading.next_page(selection, archivist, unknown.page, None) == doubtful.page
    in_order = proofreading.Selection(unit=unit, order="pages")
    assert list(proofreading.queue(in_order, archivist)) == [certain.page, doubtful.page, unknown.page]
    assert proofreading.next_page(in_order, archivist, certain.page, 0.99) == doubtful.page
    checked = proofreading.Selection(state="checked")
    assert list(proofreading.queue(checked, archivist)) == [other.page]
    assert proofreading.next_page(checked, archivist, other.page, 0.99) is None


def test_pages_of_quarantined_files_do_not_wait(archivist: User) -> None:
    page = make_text("机密").page
    page.digital_object.quarantined_at = page.digital_object.created_at
    page.digital_object.save()

    assert not proofreading.queue(proofreading.Selection(), archivist).exists()
    assert Page.objects.count() == 1

"""What people decide about a page: verdicts, turns, findings; audited, and taken back."""

import pytest

from accounts.models import Role, User
from archive.models import AuditEvent, Evidence, Unit
from core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from media.models import Finding, JobStep, Lot, LotPage, Mask, Page, PageText
from media.quality import findings, judging, undoing
from media.quality.limits import Code
from tests.makers import make_fact, make_item, make_user
from tests.media.quality import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_item()


@pytest.fixture
def page(unit: Unit) -> Page:
    return sheets.make_pages(unit, 1, sheets.make_batch(), has_job=True)[0]


def test_accepting_a_page_accepts_what_was_found_on_it(page: Page, archivist: User) -> None:
    finding = findings.add(page, Code.SKEW, measure=2)

    judging.accept(page, by=archivist)

    page.refresh_from_db()
    finding.refresh_from_db()
    assert (page.verdict, page.judged_by) == (Page.Verdict.ACCEPTED, archivist)
    assert (finding.decision, finding.decided_by) == (Finding.Decision.ACCEPTED, archivist)
    event = AuditEvent.objects.get(action="quality review")
    assert (event.object_key, event.actor, event.after) == (
        str(page.pk),
        archivist,
        {"verdict": "accepted", "findings": "accepted"},
    )


def test_a_rescan_confirms_what_was_found(page: Page, archivist: User) -> None:
    finding = findings.add(page, Code.BLUR, measure=2)

    judging.rescan(page, by=archivist)

    finding.refresh_from_db()
    assert finding.decision == Finding.Decision.CONFIRMED
    assert Page.objects.get(pk=page.pk).verdict == Page.Verdict.RESCAN


def test_a_verdict_counts_for_the_sample(page: Page, archivist: User) -> None:
    assert page.digital_object.batch is not None
    lot = Lot.objects.create(batch=page.digital_object.batch, seed=1, pages_in_batch=1)
    drawn = LotPage.objects.create(lot=lot, page=page)

    judging.rescan(page, by=archivist)

    drawn.refresh_from_db()
    assert drawn.is_good is False


def test_a_reviewer_judges_the_sample_alone(page: Page, reviewer: User) -> None:
    with pytest.raises(NotPermitted):
        judging.accept(page, by=reviewer)
    assert page.digital_object.batch is not None
    lot = Lot.objects.create(batch=page.digital_object.batch, seed=1, pages_in_batch=1)
    LotPage.objects.create(lot=lot, page=page)

    judging.accept(page, by=reviewer)

    assert Page.objects.get(pk=page.pk).verdict == Page.Verdict.ACCEPTED


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.REVIEWER, ""])
def test_others_may_not_judge(page: Page, role: Role | str) -> None:
    somebody = make_user(role)
    finding = findings.add(page, Code.SKEW, measure=2)

    for attempt in (
        lambda: judging.accept(page, by=somebody),
        lambda: judging.rescan(page, by=somebody),
        lambda: judging.turn(page, 90, by=somebody),
        lambda: judging.decide(finding, Finding.Decision.ACCEPTED, by=somebody),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert not AuditEvent.objects.filter(actor=somebody).exists()


def test_a_turn_has_the_page_made_anew(page: Page, archivist: User) -> None:
    findings.add(page, Code.ORIENTATION, measure=270)

    judging.turn(page, -90, by=archivist)

    page.refresh_from_db()
    waiting = page.steps.filter(state="queued").values_list("name", flat=True)
    assert page.turn == 270
    assert set(waiting) == {JobStep.Name.DERIVE, JobStep.Name.QUALITY}
    assert not page.findings.exists()


def test_a_turn_is_by_quarters(page: Page, archivist: User) -> None:
    with pytest.raises(InvalidInput):
        judging.turn(page, 45, by=archivist)


def test_a_page_whose_text_was_checked_is_not_turned(page: Page, archivist: User) -> None:
    PageText.objects.create(page=page, origin="corrected", quality="proofread", engine="-", engine_version="-")

    with pytest.raises(Conflict):
        judging.turn(page, 90, by=archivist)


def test_a_page_whose_text_was_supplied_is_not_turned(page: Page, archivist: User) -> None:
    PageText.objects.create(page=page, origin="supplied", engine="-", engine_version="-")

    with pytest.raises(Conflict):
        judging.turn(page, 90, by=archivist)


def test_masks_turn_with_their_page(page: Page, archivist: User) -> None:
    mask = Mask.objects.create(page=page, rule=Mask.Rule.BY_HAND, boxes=[[100, 200, 300, 50]])

    judging.turn(page, 90, by=archivist)

    mask.refresh_from_db()
    assert mask.boxes == [[1754 - 200 - 50, 100, 50, 300]]


def test_recognition_does_not_turn_what_a_person_has_turned(page: Page, archivist: User) -> None:
    judging.turn(page, 90, by=archivist)
    judging.turn(page, -90, by=archivist)

    page.refresh_from_db()
    assert (page.turn, page.judged_by, page.verdict) == (0, archivist, Page.Verdict.OPEN)


def test_a_cited_region_stays_on_its_words(page: Page, archivist: User) -> None:
    cited = Evidence(unit=page.unit, page=1, region=[100, 200, 300, 50], claim_zh="五月")
    make_fact(evidence=[cited])

    judging.turn(page, 90, by=archivist)
    turned = Evidence.objects.get().region
    Page.objects.filter(pk=page.pk).update(width=page.height, height=page.width)
    page.refresh_from_db()
    judging.turn(page, -90, by=archivist)

    assert turned == [1754 - 200 - 50, 100, 50, 300]
    assert Evidence.objects.get().region == [100, 200, 300, 50]


def test_a_finding_is_decided(page: Page, archivist: User) -> None:
    finding = judging.decide(findings.add(page, Code.SKEW, measure=2), Finding.Decision.CONFIRMED, by=archivist)

    assert Finding.objects.get(pk=finding.pk).decision == Finding.Decision.CONFIRMED
    with pytest.raises(InvalidInput):
        judging.decide(finding, Finding.Decision.OPEN, by=archivist)


def test_a_verdict_is_taken_back_whole(page: Page, archivist: User) -> None:
    batch = page.digital_object.batch
    assert batch is not None
    finding = findings.add(page, Code.BLUR, measure=2)
    drawn = LotPage.objects.create(lot=Lot.objects.create(batch=batch, seed=1, pages_in_batch=1), page=page)
    judging.rescan(page, by=archivist)

    undoing.undo(batch, by=archivist)

    for row in (page, finding, drawn):
        row.refresh_from_db()
    assert (page.verdict, page.judged_by, page.judged_at) == (Page.Verdict.OPEN, None, None)
    assert (finding.decision, finding.decided_by) == (Finding.Decision.OPEN, None)
    assert drawn.is_good is None


def test_actions_are_taken_back_from_the_last_to_the_first(page: Page, archivist: User) -> None:
    batch = page.digital_object.batch
    assert batch is not None
    finding = findings.add(page, Code.SKEW, measure=2)
    judging.turn(page, 90, by=archivist)
    judging.decide(finding, Finding.Decision.ACCEPTED, by=archivist)
    judging.accept(page, by=archivist)

    states = []
    for _time in range(3):
        undoing.undo(batch, by=archivist)
        page.refresh_from_db()
        finding.refresh_from_db()
        states.append((page.verdict, finding.decision, page.turn))

    assert states == [("open", "accepted", 90), ("open", "open", 90), ("open", "open", 0)]
    with pytest.raises(NotFound):
        undoing.undo(batch, by=archivist)


def test_nobody_takes_back_what_another_did(page: Page, archivist: User) -> None:
    batch = page.digital_object.batch
    assert batch is not None
    judging.accept(page, by=archivist)

    with pytest.raises(NotFound):
        undoing.undo(batch, by=make_user(Role.ARCHIVIST))


def test_what_was_changed_since_is_not_taken_back(page: Page, archivist: User) -> None:
    batch = page.digital_object.batch
    assert batch is not None
    judging.accept(page, by=archivist)
    judging.rescan(page, by=make_user(Role.ARCHIVIST))

    with pytest.raises(Conflict):
        undoing.undo(batch, by=archivist)


def test_a_machine_read_text_does_not_hinder_a_turn(page: Page, archivist: User) -> None:
    PageText.objects.create(page=page, origin="recognised", text="福建", engine="-", engine_version="-")

    judging.turn(page, 180, by=archivist)

    assert Page.objects.get(pk=page.pk).turn == 180


def test_a_mask_is_where_it_was_when_a_turn_is_taken_back_before_the_images_are_made(
    page: Page, archivist: User
) -> None:
    mask = Mask.objects.create(page=page, rule=Mask.Rule.BY_HAND, boxes=[[100, 200, 300, 50]])
    cited = Evidence(unit=page.unit, page=1, region=[100, 200, 300, 50], claim_zh="五月")
    make_fact(evidence=[cited])
    batch = page.digital_object.batch
    assert batch is not None

    judging.turn(page, 90, by=archivist)
    undoing.undo(batch, by=archivist)

    mask.refresh_from_db()
    page.refresh_from_db()
    assert mask.boxes == [[100, 200, 300, 50]]
    assert Evidence.objects.get().region == [100, 200, 300, 50]
    assert (page.turn, page.width, page.height) == (0, 1240, 1754)


def test_two_turns_are_one_by_180_degrees(page: Page, archivist: User) -> None:
    mask = Mask.objects.create(page=page, rule=Mask.Rule.BY_HAND, boxes=[[100, 200, 300, 50]])

    for _time in range(2):
        judging.turn(page, 90, by=archivist)

    mask.refresh_from_db()
    assert mask.boxes == [[1240 - 100 - 300, 1754 - 200 - 50, 300, 50]]


def test_a_masked_page_whose_images_would_stay_is_not_turned(unit: Unit, archivist: User) -> None:
    (page,) = sheets.make_pages(unit, 1, sheets.make_batch())
    Mask.objects.create(page=page, rule=Mask.Rule.BY_HAND, boxes=[[100, 200, 300, 50]])

    with pytest.raises(Conflict):
        judging.turn(page, 90, by=archivist)

    assert Mask.objects.get().boxes == [[100, 200, 300, 50]]

"""Bringing pages to their place: moving, dividing, joining, and taking it back."""

import pytest

from accounts.models import User
from archive import writing
from archive.models import AuditEvent, Evidence, Level, Scope, Status, Unit
from core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from media.models import DigitalObject, JobStep, Page
from media.quality import arranging, undoing
from search.models import IndexOp
from tests.makers import make_fact, make_unit
from tests.media.quality import sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def parent() -> Unit:
    return make_unit("一个全宗", code="T900")


def make_item(parent: Unit, code: str, pages: int = 0, *, public: bool = False) -> Unit:
    unit = make_unit(f"第{code}件", level=Level.ITEM, parent=parent, code=f"T900-{code}", public=public)
    sheets.make_pages(unit, pages, sheets.make_batch())
    return unit


def names(unit: Unit) -> list[str]:
    """The files of a unit's pages in the order of their numbers, which have no gaps."""
    rows = list(unit.pages.order_by("number").values_list("number", "digital_object__original_name"))
    assert [number for number, _name in rows] == list(range(1, len(rows) + 1))
    return [name for _number, name in rows]


@pytest.mark.parametrize(("number", "to"), [(1, 5), (5, 1), (2, 3), (3, 2), (4, 4)])
def test_a_page_moves_and_the_others_make_room(parent: Unit, archivist: User, number: int, to: int) -> None:
    unit = make_item(parent, "001", 5)
    before = names(unit)
    expected = before.copy()
    expected.insert(to - 1, expected.pop(number - 1))

    arranging.move(unit.pages.get(number=number), to, by=archivist)

    assert names(unit) == expected


@pytest.mark.parametrize("to", [0, -1, 6, 10_000_001])
def test_there_is_no_place_outside_the_unit(parent: Unit, archivist: User, to: int) -> None:
    unit = make_item(parent, "001", 5)

    with pytest.raises(InvalidInput):
        arranging.move(unit.pages.get(number=2), to, by=archivist)


def test_evidence_follows_its_page(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001", 4)
    for number in (1, 3, 4):
        make_fact(f"第{number}事", evidence=[Evidence(unit=unit, page=number, claim_zh=str(number))])

    arranging.move(unit.pages.get(number=4), 1, by=archivist)

    assert dict(Evidence.objects.values_list("claim_zh", "page")) == {"1": 2, "3": 4, "4": 1}


def test_the_index_hears_of_moved_pages(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001", 4)
    IndexOp.objects.all().delete()

    arranging.move(unit.pages.get(number=4), 3, by=archivist)

    told = set(IndexOp.objects.values_list("page", flat=True))
    assert set(unit.pages.filter(number__in=[3, 4]).values_list("pk", flat=True)) <= told


def test_a_move_is_audited_and_taken_back(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001", 5)
    before = names(unit)
    page = unit.pages.get(number=2)
    batch = page.digital_object.batch
    assert batch is not None
    arranging.move(page, 5, by=archivist)

    undoing.undo(batch, by=archivist)

    assert names(unit) == before
    assert AuditEvent.objects.get(action="move page").after == {"number": 5}


def test_a_division_makes_a_draft_beside_the_unit(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001", 5)
    make_item(parent, "002")
    before = names(unit)

    new = arranging.split(unit.pages.get(number=4), by=archivist, title="附件")

    assert names(unit) == before[:3]
    assert names(new) == before[3:]
    assert (new.reference_code, new.record.title_zh, new.record.status) == ("T900-003", "附件", Status.DRAFT)
    assert Unit.objects.get_parent(new) == parent
    assert set(new.digital_objects.values_list("original_name", flat=True)) == set(before[3:])


def test_a_division_within_a_file_leaves_the_file_where_it_begins(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001")
    source = sheets.make_pages(unit, 1)[0].digital_object
    for number in (2, 3):
        Page.objects.create(unit=unit, number=number, digital_object=source, frame=number)

    new = arranging.split(unit.pages.get(number=2), by=archivist)

    assert (unit.pages.count(), new.pages.count()) == (1, 2)
    assert DigitalObject.objects.get(pk=source.pk).unit == unit


def test_a_division_into_the_following_unit(parent: Unit, archivist: User) -> None:
    first, second = make_item(parent, "001", 3), make_item(parent, "002", 2)
    before = names(first) + names(second)

    arranging.split(first.pages.get(number=2), by=archivist, into=second)

    assert names(first) == before[:1]
    assert names(second) == before[3:] + before[1:3]


def test_the_first_page_does_not_divide(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001", 3)

    with pytest.raises(InvalidInput):
        arranging.split(unit.pages.get(number=1), by=archivist)


def test_a_fonds_is_not_divided(archivist: User) -> None:
    fonds = make_unit()
    sheets.make_pages(fonds, 2)

    with pytest.raises(Conflict):
        arranging.split(fonds.pages.get(number=2), by=archivist)


def test_joining_brings_the_pages_of_the_following_unit(parent: Unit, archivist: User) -> None:
    first, second, _third = make_item(parent, "001", 2), make_item(parent, "002", 2), make_item(parent, "003", 2)
    before = names(first) + names(second)

    emptied = arranging.merge(first, by=archivist)

    assert emptied == second
    assert names(first) == before
    assert names(second) == []
    assert Unit.objects.filter(pk=second.pk).exists()


def test_nothing_follows_the_last_unit(parent: Unit, archivist: User) -> None:
    make_item(parent, "001", 2)
    last = make_item(parent, "002", 2)
    make_item(parent, "003")

    with pytest.raises(NotFound):
        arranging.merge(last, by=archivist)


def test_pages_never_become_more_open_by_being_moved(parent: Unit, archivist: User) -> None:
    public, draft = make_item(parent, "001", 2, public=True), make_item(parent, "002", 2)
    assert public.record.public_scope > Scope.NOTHING

    with pytest.raises(Conflict, match="T900-001"):
        arranging.merge(public, by=archivist)
    with pytest.raises(Conflict):
        arranging.split(draft.pages.get(number=2), by=archivist, into=public)

    assert (public.pages.count(), draft.pages.count()) == (2, 2)


def test_evidence_follows_into_the_other_unit(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001", 4)
    make_fact(evidence=[Evidence(unit=unit, page=4, claim_zh="五月")])

    new = arranging.split(unit.pages.get(number=3), by=archivist)

    row = Evidence.objects.get()
    assert (row.unit, row.page) == (new, 2)


def test_a_division_and_a_union_are_taken_back(parent: Unit, archivist: User) -> None:
    first, second = make_item(parent, "001", 3), make_item(parent, "002", 2)
    before = names(first), names(second)
    divided = first.pages.get(number=2)
    joined = second.pages.get(number=1)
    assert divided.digital_object.batch is not None
    assert joined.digital_object.batch is not None

    new = arranging.split(divided, by=archivist)
    undoing.undo(divided.digital_object.batch, by=archivist)
    after_division = names(first), names(second), new.pages.count()
    arranging.merge(first, by=archivist)
    undoing.undo(joined.digital_object.batch, by=archivist)

    assert after_division == (*before, 0)
    assert (names(first), names(second)) == before
    assert set(first.digital_objects.values_list("original_name", flat=True)) == set(before[0])


def test_pages_do_not_return_to_a_unit_that_was_opened_since(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001", 3)
    page = unit.pages.get(number=2)
    assert page.digital_object.batch is not None
    arranging.split(page, by=archivist)
    record = writing.published(unit.record, scope=Scope.DOWNLOAD)
    record.public_scope = Scope.DOWNLOAD
    record.save()

    with pytest.raises(Conflict):
        undoing.undo(page.digital_object.batch, by=archivist)


def test_a_reviewer_arranges_nothing(parent: Unit, reviewer: User) -> None:
    unit = make_item(parent, "001", 3)
    make_item(parent, "002", 3)
    page = unit.pages.get(number=2)

    for attempt in (
        lambda: arranging.move(page, 1, by=reviewer),
        lambda: arranging.split(page, by=reviewer),
        lambda: arranging.merge(unit, by=reviewer),
    ):
        with pytest.raises(NotPermitted):
            attempt()


def test_a_division_within_a_file_has_both_documents_made_by_its_job(parent: Unit, archivist: User) -> None:
    unit = make_item(parent, "001")
    source = sheets.make_pages(unit, 1, sheets.make_batch(), has_job=True)[0].digital_object
    for number in (2, 3):
        Page.objects.create(unit=unit, number=number, digital_object=source, frame=number)

    arranging.split(unit.pages.get(number=2), by=archivist)

    step = source.jobs.get().steps.get(name=JobStep.Name.ASSEMBLE)
    assert step.state == "queued"

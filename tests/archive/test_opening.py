import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from archive import opening, workflow
from archive.models import Evidence, Level, Record, Scope, Status
from core.errors import Conflict, InvalidInput, NotPermitted
from tests.makers import make_fact, make_unit, make_user

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


def titles(reader: User | AnonymousUser, scope: Scope = Scope.CATALOGUE) -> set[str]:
    return set(Record.objects.visible_to(reader, scope).values_list("title_zh", flat=True))


def test_a_draft_is_seen_by_the_desk_only(archivist: User) -> None:
    make_fact("草稿", public=False)

    assert titles(PUBLIC) == set()
    assert titles(archivist) == {"草稿"}


def test_somebody_with_an_account_but_no_desk_role_sees_what_the_public_sees() -> None:
    make_fact("草稿", public=False)

    assert titles(make_user(role="")) == set()


def test_authorisation_limits_what_the_public_may_have() -> None:
    make_fact("只公布目录", scope=Scope.CATALOGUE)

    assert titles(PUBLIC, Scope.CATALOGUE) == {"只公布目录"}
    assert titles(PUBLIC, Scope.TEXT) == set()


def test_a_closure_above_closes_everything_below_and_ends_on_its_day() -> None:
    fonds = make_unit("全宗")
    series = make_unit("类别", level=Level.SERIES, parent=fonds)
    make_unit("文件", level=Level.ITEM, parent=series)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    opening.close(series.record, until=tomorrow, reason="延期开放", by=None)
    while_closed = titles(PUBLIC)
    opening.close(series.record, until=timezone.localdate(), reason="延期开放", by=None)

    assert while_closed == {"全宗"}
    assert titles(PUBLIC) == {"全宗", "类别", "文件"}


def test_what_lies_below_a_draft_is_not_public() -> None:
    fonds = make_unit("全宗", public=False)
    make_unit("文件", level=Level.ITEM, parent=fonds)

    assert titles(PUBLIC) == set()


def test_visibility_is_one_condition_on_the_record_row() -> None:
    make_fact("公开的事实")

    with CaptureQueriesContext(connection) as queries:
        list(Record.objects.visible_to(PUBLIC))

    assert len(queries) == 1
    assert "JOIN" not in queries[0]["sql"]


def test_a_closure_needs_a_reason() -> None:
    record = make_fact("事实")

    with pytest.raises(InvalidInput):
        opening.close(record, until=timezone.localdate(), reason=" ", by=None)


def test_the_statutory_opening_date_is_25_years_on() -> None:
    assert opening.statutory_opening_date(dt.date(1996, 11, 6)) == dt.date(2021, 11, 6)
    assert opening.statutory_opening_date(dt.date(1996, 2, 29)) == dt.date(2021, 3, 1)


def test_nobody_publishes_what_they_submitted_themselves() -> None:
    both = make_user(is_superuser=True)
    record = make_fact("草稿", public=False)
    workflow.submit(record, by=both)

    with pytest.raises(NotPermitted):
        workflow.publish(record, by=both)


def test_an_archivist_cannot_publish(archivist: User) -> None:
    record = workflow.submit(make_fact("草稿", public=False), by=archivist)

    with pytest.raises(NotPermitted):
        workflow.publish(record, by=archivist)


def test_the_whole_way_to_the_public_and_back(archivist: User, reviewer: User) -> None:
    record = make_fact("草稿", public=False)

    workflow.submit(record, by=archivist)
    workflow.publish(record, by=reviewer)
    opening.open_(Record.objects.get(pk=record.pk), scope=Scope.TEXT, by=reviewer)
    while_public = titles(PUBLIC)
    withdrawn = workflow.withdraw(record, reason="权利人要求", by=reviewer)

    assert while_public == {"草稿"}
    assert titles(PUBLIC) == set()
    assert (withdrawn.status, withdrawn.withdrawal_reason) == (Status.WITHDRAWN, "权利人要求")


def test_a_draft_cannot_be_withdrawn(reviewer: User) -> None:
    with pytest.raises(Conflict):
        workflow.withdraw(make_fact("草稿", public=False), reason="无", by=reviewer)


def test_what_the_public_never_saw_leaves_no_tombstone(archivist: User, reviewer: User) -> None:
    record = make_fact("从未公开", public=False)
    workflow.submit(record, by=archivist)
    workflow.publish(record, by=reviewer)

    workflow.withdraw(record, reason="发布有误", by=reviewer)

    assert not Record.objects.withdrawn().exists()


def test_evidence_is_words_of_its_document_and_needs_its_text_to_be_public() -> None:
    item = make_unit("只公布目录", scope=Scope.CATALOGUE)
    record = make_fact(evidence=[Evidence(unit=item, page=1, claim_zh="原文中的一句")])

    assert not Evidence.objects.filter(record=record).visible_to(PUBLIC).exists()


def test_what_the_public_gets_no_differently_has_not_changed() -> None:
    fonds = make_unit("全宗")
    item = make_unit("文件", level=Level.ITEM, parent=fonds)
    opening.close(item.record, until=dt.date(2098, 1, 1), reason="延期开放", by=None)
    before = Record.objects.get(pk=item.record.pk).changed_at

    opening.close(fonds.record, until=dt.date(2099, 1, 1), reason="延期开放", by=None)

    assert Record.objects.get(pk=item.record.pk).changed_at == before
    assert Record.objects.get(pk=fonds.record.pk).changed_at > before


def test_control_is_a_change() -> None:
    record = make_fact("内部资料")
    before = record.changed_at

    opening.control(record, reason="内部资料", by=None)

    assert Record.objects.get(pk=record.pk).changed_at > before

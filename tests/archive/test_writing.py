import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from archive import writing
from archive.models import AuditEvent, Evidence, Funding, Kind, Place, Record
from archive.writing import Draft
from core.errors import Conflict, InvalidInput
from tests.makers import make_draft, make_fact, make_source, make_unit

pytestmark = pytest.mark.django_db


def test_a_record_gets_an_ark_and_a_first_version() -> None:
    record = make_fact()

    assert record.ark.startswith("x1")
    assert record.version == 1


def test_many_records_cost_few_queries(django_assert_max_num_queries: Callable[[int], Any]) -> None:
    drafts = [make_draft(f"事实{number}", kind=Kind.FUNDING, detail=Funding()) for number in range(200)]

    with django_assert_max_num_queries(25):
        writing.write(drafts, by=None)

    assert Record.objects.count() == AuditEvent.objects.count() == 200


@pytest.mark.parametrize(
    ("draft", "named"),
    [
        (lambda: make_draft("", detail=None), "题名"),
        (lambda: Draft(Record(kind="weather", title_zh="天气")), "weather"),
        (
            lambda: Draft(
                Record(
                    kind=Kind.EVENT,
                    title_zh="倒置的日期",
                    date_earliest=dt.date(2001, 1, 1),
                    date_latest=dt.date(1996, 1, 1),
                )
            ),
            "倒置的日期",
        ),
        (
            lambda: make_draft("负数", kind=Kind.FUNDING, detail=Funding(amount=Decimal(-1), amount_as_stated="-1元")),
            "负数",
        ),
        (
            lambda: make_draft("无原文的金额", kind=Kind.FUNDING, detail=Funding(amount=Decimal(1))),
            "无原文的金额",
        ),
        (
            lambda: make_draft("极地", kind=Kind.PLACE, detail=Place(latitude=Decimal(91), longitude=Decimal(0))),
            "极地",
        ),
    ],
)
def test_what_cannot_be_accepted_is_named_and_nothing_is_stored(draft: Callable[[], Draft], named: str) -> None:
    good = make_draft("好的记录")

    with pytest.raises(InvalidInput) as caught:
        writing.write([good, draft()], by=None)

    assert named in caught.value.message
    assert not Record.objects.exists()
    assert not AuditEvent.objects.exists()


def test_evidence_comes_from_a_unit_or_a_source_but_not_from_both_or_neither() -> None:
    unit, source = make_unit(), make_source()
    for evidence in (
        Evidence(unit=unit, source=source.source, claim_zh="两处"),
        Evidence(claim_zh="无处"),
        Evidence(source=source.source, page=3, claim_zh="来源没有页"),
    ):
        draft = make_draft("事实")
        draft.evidence = [evidence]

        with pytest.raises(InvalidInput, match="事实"):
            writing.write([draft], by=None)


def test_a_local_identifier_is_given_once_per_kind() -> None:
    make_fact("甲", local_id="EVT-001")

    with pytest.raises(Conflict, match="EVT-001"):
        make_fact("乙", local_id="EVT-001")


def test_two_drafts_with_the_same_local_identifier_are_refused_together() -> None:
    with pytest.raises(Conflict, match="EVT-001"):
        writing.write([make_draft("甲", local_id="EVT-001"), make_draft("乙", local_id="EVT-001")], by=None)

    assert not Record.objects.exists()

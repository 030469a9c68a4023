import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archive import audit
from archive.models import AuditEvent, AuditHead
from tests.makers import make_fact

pytestmark = pytest.mark.django_db


def test_every_written_record_leaves_an_event_in_the_chain() -> None:
    record = make_fact("第一次联席会议召开")

    event = AuditEvent.objects.get(object_key=record.ark)

    assert (event.action, event.object_type) == ("create", "record")
    assert event.after is not None
    assert event.after["title_zh"] == "第一次联席会议召开"
    assert audit.verify().is_intact


def test_an_event_changed_behind_the_applications_back_is_found() -> None:
    for number in range(3):
        make_fact(f"事件{number}")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_auditevent SET action = 'publish' WHERE sequence = 2")

    found = audit.verify()

    assert not found.is_intact
    assert found.broken_at == 2


def test_an_event_removed_from_the_middle_is_found() -> None:
    for number in range(3):
        make_fact(f"事件{number}")
    AuditEvent.objects.filter(sequence=2).delete()

    assert audit.verify().broken_at == 2


def test_events_cut_off_the_end_are_found() -> None:
    for number in range(3):
        make_fact(f"事件{number}")
    AuditEvent.objects.filter(sequence=3).delete()

    assert audit.verify().broken_at == 3


def test_a_forged_event_with_a_digest_of_its_own_breaks_the_link_to_the_next() -> None:
    for number in range(3):
        make_fact(f"事件{number}")
    forged = AuditEvent.objects.get(sequence=2)
    forged.after = {"title_zh": "改过的事件"}
    forged.digest = audit.digest_of(forged)
    forged.save()

    assert audit.verify().broken_at == 3


def test_the_command_says_where_the_chain_is_broken() -> None:
    make_fact("事件")
    AuditHead.objects.update(sequence=5)

    with pytest.raises(CommandError, match="2"):
        call_command("verify_audit")

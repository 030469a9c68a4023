"""Marks of secrecy: quarantine, who sees what, and the security officer's decision (L-18)."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User
from archive.models import AuditEvent, Unit
from core.errors import Conflict, InvalidInput, NotPermitted
from media import jobs, masking
from media.models import DigitalObject, Incident, JobStep, Page, State
from search.loading import current_texts
from tests.makers import make_user
from tests.media.masking.making import look, text_page

pytestmark = pytest.mark.django_db


def quarantined(item: Unit, *texts: str) -> tuple[Page, Incident]:
    page = look(text_page(item, *(texts or ("机密★10年", "关于某事的通知"))))
    return page, Incident.objects.latest("pk")


def test_a_mark_closes_the_file_away_and_opens_an_incident(item: Unit) -> None:
    page, incident = quarantined(item)

    assert DigitalObject.objects.get(pk=page.digital_object_id).quarantined_at is not None
    assert (incident.mark, incident.where, incident.page) == ("机密★10年", Incident.Where.TEXT, page)
    event = AuditEvent.objects.get(action="quarantine")
    assert event.after == {"marks": ["机密★10年"], "page": 1}


def test_nobody_but_the_security_officer_sees_its_pages(item: Unit, officer: User, archivist: User) -> None:
    page, _incident = quarantined(item)

    for reader in (AnonymousUser(), archivist, make_user(Role.REVIEWER), make_user(Role.AUDITOR)):
        assert not Page.objects.visible_to(reader).exists()
    assert list(Page.objects.visible_to(officer)) == [page]
    assert list(current_texts(Page.objects.all())) == []


def test_the_officer_sees_pages_in_quarantine_even_of_units_that_are_not_public(item: Unit, officer: User) -> None:
    page, _incident = quarantined(item)
    item.record.public_scope = 0
    item.record.save()

    assert list(Page.objects.visible_to(officer)) == [page]


def test_marks_in_file_names_and_titles_count_too(item: Unit) -> None:
    page = text_page(item, "通知")
    DigitalObject.objects.filter(pk=page.digital_object_id).update(original_name="通知（机密★）.jpg")
    look(Page.objects.get(pk=page.pk))
    assert Incident.objects.get().where == Incident.Where.NAME

    item.record.title_zh = "秘密★长期 通知"
    item.record.save()
    look(text_page(item, "另一页"))
    assert Incident.objects.filter(where=Incident.Where.DESCRIPTION).count() == 1


def test_its_job_is_stopped_and_goes_on_when_it_is_released(item: Unit, officer: User) -> None:
    page = text_page(item, "机密★10年")
    job = jobs.open_job(page.digital_object, by=None, batch=None)
    jobs.add(job, JobStep.Name.DERIVE, [page])
    look(page)
    job.refresh_from_db()
    assert job.state == State.CANCELLED

    masking.release(Incident.objects.get(), by=officer, note="2005年解密，闽政办〔2005〕3号")

    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_the_officer_releases_with_a_reason_and_the_same_mark_is_not_taken_up_again(item: Unit, officer: User) -> None:
    page, incident = quarantined(item)

    with pytest.raises(InvalidInput):
        masking.release(incident, by=officer, note="  ")
    masking.release(incident, by=officer, note="2005年解密")
    look(page)

    assert DigitalObject.objects.get(pk=page.digital_object_id).quarantined_at is None
    assert Incident.objects.count() == 1
    assert AuditEvent.objects.get(action="unquarantine").actor == officer
    with pytest.raises(Conflict):
        masking.release(incident, by=officer, note="again")


def test_a_file_stays_closed_as_long_as_one_incident_is_not_released(item: Unit, officer: User) -> None:
    page, _last = quarantined(item, "机密★10年", "秘密★5年")
    first, second = Incident.objects.order_by("pk")

    masking.release(first, by=officer, note="已解密")
    assert DigitalObject.objects.get(pk=page.digital_object_id).quarantined_at is not None
    masking.withhold(second, by=officer, note="未解密")
    assert DigitalObject.objects.get(pk=page.digital_object_id).quarantined_at is not None


def test_what_is_malicious_stays_closed_whatever_is_released(item: Unit, officer: User) -> None:
    page, incident = quarantined(item)
    DigitalObject.objects.update(virus_check=DigitalObject.VirusCheck.INFECTED)

    masking.release(incident, by=officer, note="已解密")

    assert DigitalObject.objects.get(pk=page.digital_object_id).quarantined_at is not None


@pytest.mark.parametrize("role", [Role.ARCHIVIST, Role.REVIEWER, Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR, ""])
def test_nobody_else_decides(item: Unit, role: str) -> None:
    _page, incident = quarantined(item)

    with pytest.raises(NotPermitted):
        masking.release(incident, by=make_user(role), note="已解密")
    with pytest.raises(NotPermitted):
        masking.withhold(incident, by=make_user(role), note="未解密")


def test_a_file_that_was_released_by_mistake_is_closed_away_again(item: Unit, officer: User, archivist: User) -> None:
    page, incident = quarantined(item)
    masking.release(incident, by=officer, note="已解密")
    assert Page.objects.visible_to(archivist).exists()

    masking.withhold(incident, by=officer, note="看错了，未解密")

    assert DigitalObject.objects.get(pk=page.digital_object_id).quarantined_at is not None
    assert not Page.objects.visible_to(archivist).exists()
    assert AuditEvent.objects.filter(action="quarantine").latest("sequence").actor == officer

"""A unit at the desk: what stands where, what may be done by whom, what is refused and why, what it costs."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from archive import audit, workflow
from archive.models import Level, Opening, Record, Scope, Status, Unit
from media import jobs
from media.models import Finding, JobStep, Mask, PageText, State
from tests.makers import make_item, make_page, make_unit, make_user
from tests.media.masking.conftest import MOBILE
from tests.media.masking.making import look, text_page

pytestmark = pytest.mark.django_db

LIST = reverse("workbench:units")


@pytest.fixture
def unit(db: None) -> Unit:
    fonds = make_unit("一个全宗", code="J019")
    return make_unit("闽宁协作会议纪要", level=Level.ITEM, parent=fonds, code="J019-WS·2019-0001", public=False)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(unit: Unit) -> str:
    return reverse("workbench:unit", args=[unit.record.ark])


def state(unit: Unit) -> Record:
    return Record.objects.get(pk=unit.record_id)


def shown(client: Client, unit: Unit) -> str:
    return client.get(at(unit)).content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECURITY_OFFICER, ""])
def test_other_roles_may_not_enter(unit: Unit, role: str) -> None:
    client = signed_in(make_user(role))

    assert client.get(LIST).status_code == 403
    assert client.get(at(unit)).status_code == 403


def test_strangers_are_sent_to_the_sign_in_page(unit: Unit, client: Client) -> None:
    assert client.get(at(unit))["Location"] == f"{reverse('workbench:sign_in')}?next={at(unit)}"


def test_what_is_no_unit_is_not_found(archivist: User) -> None:
    client = signed_in(archivist)

    assert client.get(reverse("workbench:unit", args=["nowhere"])).status_code == 404


def test_the_page_leads_to_where_the_work_is_done(unit: Unit, archivist: User) -> None:
    page = make_page(unit, "闽宁协作")
    job = jobs.open_job(page.digital_object, by=archivist, batch=None)
    Finding.objects.create(
        digital_object=page.digital_object, page=page, rule="D-01", code="resolution", severity=Finding.Severity.ERROR
    )

    said = shown(signed_in(archivist), unit)

    assert "闽宁协作会议纪要" in said and "J019-WS·2019-0001" in said
    for way in (
        reverse("workbench:job", args=[job.pk]),
        reverse("workbench:masking_unit", args=[unit.record.ark]),
        f"{reverse('workbench:proofreading')}?unit=J019-WS%C2%B72019-0001&amp;state=machine",
        f"{reverse('workbench:upload')}?unit=J019-WS%C2%B72019-0001",
    ):
        assert way in said, way


def test_a_failed_step_is_shown_beside_its_file(unit: Unit, archivist: User) -> None:
    job = jobs.open_job(make_page(unit).digital_object, by=archivist, batch=None)
    JobStep.objects.update(state=State.FAILED)
    jobs.settle(job.pk)

    assert "1 个步骤失败" in shown(signed_in(archivist), unit) or "1 step failed" in shown(signed_in(archivist), unit)


def test_texts_are_counted_by_state(unit: Unit, archivist: User) -> None:
    make_page(unit, "一")
    make_page(unit, "二").texts.update(quality=PageText.Quality.PROOFREAD)
    make_page(unit)
    client = signed_in(archivist)

    context = client.get(at(unit)).context

    assert (context["texts"].machine, context["texts"].proofread, context["texts"].without) == (1, 1, 1)
    assert context["digitised"].pages == 3


def test_a_unit_goes_from_draft_to_the_public(unit: Unit, archivist: User, reviewer: User) -> None:
    signed_in(archivist).post(at(unit), {"deed": "submit"})
    assert state(unit).status == Status.SUBMITTED
    client = signed_in(reviewer)

    client.post(at(unit), {"deed": "publish"})
    answer = client.post(at(unit), {"deed": "open", "scope": Scope.IMAGE.value}, follow=True)

    assert answer.status_code == 200
    assert (state(unit).status, state(unit).public_scope) == (Status.PUBLISHED, Scope.IMAGE)
    assert f'value="{Scope.IMAGE.value}" required checked' in answer.content.decode()


def test_a_return_needs_a_reason_which_the_archivist_reads(unit: Unit, archivist: User, reviewer: User) -> None:
    workflow.submit(unit.record, by=archivist)
    client = signed_in(reviewer)

    refused = client.post(at(unit), {"deed": "return", "reason": " "})
    client.post(at(unit), {"deed": "return", "reason": "第二页漏扫。"})

    assert refused.status_code == 400 and 'role="alert"' in refused.content.decode()
    assert state(unit).status == Status.RETURNED
    assert "第二页漏扫。" in shown(signed_in(archivist), unit)


def test_a_withdrawal_says_why(unit: Unit, archivist: User, reviewer: User) -> None:
    workflow.submit(unit.record, by=archivist)
    workflow.publish(unit.record, by=reviewer)

    signed_in(archivist).post(at(unit), {"deed": "withdraw", "reason": "权利人要求。"})

    assert state(unit).status == Status.WITHDRAWN
    said = shown(signed_in(archivist), unit)
    assert "权利人要求。" in said and 'name="deed"' not in said


def test_a_reason_that_is_too_long_is_refused_and_kept_in_the_form(unit: Unit, archivist: User, reviewer: User) -> None:
    workflow.submit(unit.record, by=archivist)

    answer = signed_in(reviewer).post(at(unit), {"deed": "return", "reason": "长" * 301})

    assert answer.status_code == 400 and "长" * 301 in answer.content.decode()
    assert state(unit).status == Status.SUBMITTED


def test_what_a_person_may_not_do_is_shown_with_the_reason(unit: Unit, archivist: User) -> None:
    workflow.submit(unit.record, by=archivist)
    client = signed_in(archivist)

    page = client.get(at(unit))
    forced = client.post(at(unit), {"deed": "publish"})

    steps = {step.deed: step for step in page.context["steps"]}
    assert not steps["publish"].answer and steps["publish"].answer.reason in page.content.decode()
    assert 'value="publish"' not in page.content.decode()
    assert forced.status_code == 403 and state(unit).status == Status.SUBMITTED


def test_nobody_publishes_what_they_described_last(unit: Unit, reviewer: User, archivist: User) -> None:
    workflow.submit(unit.record, by=archivist)
    audit.append("change", unit.record, by=reviewer, before={}, after={})

    answer = signed_in(reviewer).post(at(unit), {"deed": "publish"})

    assert answer.status_code == 403 and state(unit).status == Status.SUBMITTED


def test_opening_is_refused_with_what_waits(unit: Unit, reviewer: User, archivist: User) -> None:
    look(text_page(unit, f"电话{MOBILE}。"))
    workflow.submit(unit.record, by=archivist)
    client = signed_in(reviewer)
    client.post(at(unit), {"deed": "publish"})

    answer = client.post(at(unit), {"deed": "open", "scope": "4"})

    said = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="refusal"' in said and 'id="what-waits"' in said
    assert reverse("workbench:masking_unit", args=[unit.record.ark]) in said
    assert MOBILE not in said
    assert state(unit).opening == Opening.NOT_REVIEWED
    assert Mask.objects.undecided().of_unit(unit).count() == 1


@pytest.mark.parametrize("scope", ["0", "5", "", "download"])
def test_a_scope_that_is_none_is_refused(unit: Unit, reviewer: User, scope: str) -> None:
    answer = signed_in(reviewer).post(at(unit), {"deed": "open", "scope": scope})

    assert answer.status_code == 400 and state(unit).opening == Opening.NOT_REVIEWED


def test_an_action_that_does_not_fit_the_state_is_refused(unit: Unit, reviewer: User) -> None:
    client = signed_in(reviewer)

    assert client.post(at(unit), {"deed": "publish"}).status_code == 409
    assert client.post(at(unit), {"deed": "burn"}).status_code == 400


def test_what_lies_above_and_is_not_public_is_named(archivist: User) -> None:
    fonds = make_unit("未公开的全宗", public=False)
    item = make_unit("一份文件", level=Level.ITEM, parent=fonds)

    assert reverse("workbench:unit", args=[fonds.record.ark]) in shown(signed_in(archivist), item)


def test_units_are_found_by_code_title_and_state(unit: Unit, archivist: User) -> None:
    make_item("别的文件")
    client = signed_in(archivist)

    def found(**asked: str) -> list[str]:
        return [each.record.title_zh for each, _pages in client.get(LIST, asked).context["rows"]]

    assert found(q="会议纪要") == ["闽宁协作会议纪要"]
    assert found(q="J019—WS•2019-0001") == ["闽宁协作会议纪要"]
    assert found(status="draft") == ["闽宁协作会议纪要"]
    assert "闽宁协作会议纪要" not in found(status="published")
    assert found(within="J019") == ["闽宁协作会议纪要"]
    assert found(q="没有这样的题名") == []


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_for_one_unit_and_for_many(
    archivist: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fonds = make_unit("一个全宗")
    for number in range(count):
        make_page(make_unit(f"文件{number}", level=Level.ITEM, parent=fonds))
    client = signed_in(archivist)
    client.get(LIST)

    with django_assert_num_queries(5):
        client.get(LIST)


@pytest.mark.parametrize("count", [1, 6])
def test_a_unit_costs_the_same_however_many_pages_it_has(
    unit: Unit, archivist: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        jobs.open_job(make_page(unit, "闽宁").digital_object, by=archivist, batch=None)
    client = signed_in(archivist)
    client.get(at(unit))

    with django_assert_num_queries(28):
        client.get(at(unit))

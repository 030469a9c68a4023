"""Who may enter the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from media import jobs
from media.models import JobStep, State
from tests.makers import make_item, make_page, make_user

pytestmark = pytest.mark.django_db

PAGES = [reverse("workbench:desk"), reverse("workbench:upload"), reverse("workbench:digitisation")]


def signed_in(role: Role | str) -> Client:
    client = Client()
    client.force_login(make_user(role))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_the_sign_in_page(page: str) -> None:
    answer = Client().get(page)

    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('workbench:sign_in')}?next={page}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_OFFICER, ""])
def test_other_roles_may_not_enter(page: str, role: Role | str) -> None:
    assert signed_in(role).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_an_archivist_may_enter(page: str) -> None:
    assert signed_in(Role.ARCHIVIST).get(page).status_code == 200


def test_a_reviewer_follows_the_work_but_does_not_upload() -> None:
    client = signed_in(Role.REVIEWER)

    assert client.get(reverse("workbench:digitisation")).status_code == 200
    assert client.get(reverse("workbench:upload")).status_code == 403


def test_a_reviewer_may_not_retry() -> None:
    job = jobs.open_job(make_page(make_item()).digital_object, by=None, batch=None)
    JobStep.objects.update(state=State.FAILED)
    client = signed_in(Role.REVIEWER)

    answers = [
        client.post(reverse("workbench:retry_step", args=[job.steps.get().pk])),
        client.post(reverse("workbench:retry_job", args=[job.pk])),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert job.steps.get().state == State.FAILED
    assert "/retry/" not in client.get(reverse("workbench:digitisation")).content.decode()


def test_a_page_that_follows_the_work_is_loaded_anew_when_the_session_has_ended() -> None:
    answer = Client().get(PAGES[2], headers={"HX-Request": "true", "HX-Target": "digitisation"})

    assert answer.status_code == 200
    assert answer["HX-Refresh"] == "true"


def test_who_may_not_enter_can_sign_out() -> None:
    page = signed_in(Role.AUDITOR).get(PAGES[0]).content.decode()

    assert reverse("workbench:sign_out") in page
    assert PAGES[1] not in page


def test_signing_in_leads_to_the_page_that_was_asked_for() -> None:
    make_user(username="lin", password="a long test password")
    page = reverse("workbench:digitisation")

    answer = Client().post(
        reverse("workbench:sign_in"), {"username": "lin", "password": "a long test password", "next": page}
    )

    assert answer.status_code == 302
    assert answer["Location"] == page


def test_a_wrong_password_is_said_without_naming_which_part_was_wrong() -> None:
    make_user(username="lin")

    answer = Client().post(reverse("workbench:sign_in"), {"username": "lin", "password": "wrong"})

    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_signing_out_needs_a_form_and_leads_to_the_public_site() -> None:
    client = signed_in(Role.ARCHIVIST)

    by_link, by_form = client.get(reverse("workbench:sign_out")), client.post(reverse("workbench:sign_out"))

    assert by_link.status_code == 405
    assert by_form["Location"] == reverse("portal:home")
    assert client.get(PAGES[0]).status_code == 302


@pytest.mark.parametrize("asked_for", ["", "workbench:desk"])
def test_the_security_officer_is_led_to_the_incidents(asked_for: str) -> None:
    make_user(Role.SECURITY_OFFICER, username="an", password="a long test password")
    form = {"username": "an", "password": "a long test password", "next": reverse(asked_for) if asked_for else ""}
    client = Client()

    answer = client.post(reverse("workbench:sign_in"), form)
    page = client.get(answer["Location"])

    assert answer["Location"] == reverse("workbench:incidents")
    assert page.status_code == 200
    assert f'href="{reverse("workbench:incidents")}" aria-current="page"' in page.content.decode()
    assert reverse("workbench:masking") not in page.content.decode().split("</nav>")[0].split("desk-nav")[-1]


def test_others_are_led_to_the_desk_and_see_no_way_to_the_incidents() -> None:
    client = signed_in(Role.ARCHIVIST)

    answer = client.get(reverse("workbench:sign_in"))
    page = client.get(answer["Location"]).content.decode()

    assert answer["Location"] == reverse("workbench:desk")
    assert reverse("workbench:masking") in page
    assert reverse("workbench:incidents") not in page

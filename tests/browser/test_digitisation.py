"""Digitisation at the desk: followed, paused and hurried by keyboard alone, on a wide screen and on a narrow one."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role, User
from media import jobs
from media.models import Job, JobStep, State
from tests.browser.test_portal import sideways
from tests.makers import make_item, make_page, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def come_in(tab: Tab, user: User, live_server: LiveServer) -> None:
    """Give the browser the session of this person."""
    session = Client()
    session.force_login(user)
    key = session.cookies["sessionid"].value
    tab.context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])


def make_job() -> Job:
    """A file of one page whose images wait."""
    page = make_page(make_item())
    job = jobs.open_job(page.digital_object, by=None, batch=None)
    job.steps.update(state=State.DONE)
    jobs.add(job, JobStep.Name.DERIVE, [page])
    jobs.settle(job.pk)
    return job


def test_orders_are_given_by_keyboard_while_the_page_renews_itself(desktop: Tab, live_server: LiveServer) -> None:
    come_in(desktop, make_user(Role.ARCHIVIST), live_server)
    job = make_job()
    desktop.goto(reverse("workbench:digitisation"))
    pause = desktop.locator(f"#pause-{job.pk}")

    pause.focus()
    with desktop.expect_response("**/digitisation/"):
        pass  # by now it has renewed itself
    desktop.wait_for_timeout(300)
    expect(pause).to_be_focused()
    desktop.keyboard.press("Enter")

    expect(desktop.locator(f"#resume-{job.pk}")).to_be_visible()
    job.refresh_from_db()
    assert job.state == State.PAUSED
    desktop.locator(f"#resume-{job.pk}").focus()
    desktop.keyboard.press("Space")
    expect(desktop.locator(f"#urgent-{job.pk}")).to_be_visible()


def test_the_desks_pages_of_digitisation_fit_the_narrowest_screen(narrow: Tab, live_server: LiveServer) -> None:
    come_in(narrow, make_user(Role.ARCHIVIST), live_server)
    job = make_job()

    for address in (reverse("workbench:digitisation"), reverse("workbench:job", args=[job.pk])):
        narrow.goto(address)
        assert sideways(narrow) <= 0, address

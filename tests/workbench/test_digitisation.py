"""Following digitisation at the desk."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from media import jobs
from media.models import Heartbeat, Job, JobStep, State
from tests.makers import make_item, make_page

pytestmark = pytest.mark.django_db

ALL = reverse("workbench:digitisation")
FRAGMENT = {"HX-Request": "true", "HX-Target": "digitisation"}


@pytest.fixture
def desk(archivist: User, client: Client) -> Client:
    client.force_login(archivist)
    return client


def make_job(state: State = State.QUEUED, error: str = "") -> Job:
    """A file of one page, whose images wait, run, are done or have failed."""
    page = make_page(make_item())
    job = jobs.open_job(page.digital_object, by=None, batch=None)
    job.steps.update(state=State.DONE)
    jobs.add(job, JobStep.Name.DERIVE, [page])
    job.steps.filter(page=page).update(state=state, error=error)
    if state == State.DONE:
        jobs.add(job, JobStep.Name.RECOGNISE, [page])
        job.steps.update(state=state)
    jobs.settle(job.pk)
    job.refresh_from_db()
    return job


def make_worker() -> None:
    Heartbeat.objects.create(role=Heartbeat.Role.WORKER, process="another-host 1 1", seen_at=timezone.now())


def test_the_page_follows_the_work_as_long_as_there_is_some(desk: Client) -> None:
    make_job(State.RUNNING)
    make_worker()

    busy = desk.get(ALL, headers=FRAGMENT).content.decode()
    JobStep.objects.update(state=State.DONE)
    idle = desk.get(ALL, headers=FRAGMENT).content.decode()

    assert 'hx-trigger="every' in busy
    assert "hx-trigger" not in idle
    assert "<html" not in busy


def test_the_page_works_by_reloading_where_there_is_no_script(desk: Client) -> None:
    make_job(State.QUEUED)

    page = desk.get(ALL).content.decode()

    assert '<meta http-equiv="refresh"' in page
    assert "第1页.jpg" in page


def test_the_page_says_that_no_worker_is_alive(desk: Client) -> None:
    make_job(State.QUEUED)

    without = desk.get(ALL).content.decode()
    make_worker()
    with_one = desk.get(ALL).content.decode()

    assert "manage.py serve" in without
    assert "manage.py serve" not in with_one


def test_a_failure_shows_its_reason_and_can_be_retried(desk: Client) -> None:
    job = make_job(State.FAILED, error="“第1页.jpg”已损坏，请重新扫描。")
    step = job.steps.get(state=State.FAILED)

    page = desk.get(ALL).content.decode()
    answer = desk.post(reverse("workbench:retry_step", args=[step.pk]))

    assert step.error in page
    assert reverse("workbench:retry_step", args=[step.pk]) in page
    assert answer["Location"] == reverse("workbench:job", args=[job.pk])
    step.refresh_from_db()
    assert (step.state, step.error) == (State.QUEUED, "")


def test_everything_that_failed_in_a_file_can_be_retried_at_once(desk: Client) -> None:
    job = make_job(State.FAILED)
    job.steps.update(state=State.FAILED)

    desk.post(reverse("workbench:retry_job", args=[job.pk]))

    assert set(job.steps.values_list("state", flat=True)) == {State.QUEUED}


def test_retrying_what_has_not_failed_is_a_conflict_that_says_so(desk: Client) -> None:
    step = make_job(State.DONE).steps.filter(name=JobStep.Name.DERIVE).get()

    assert desk.post(reverse("workbench:retry_step", args=[step.pk])).status_code == 409
    assert desk.get(reverse("workbench:retry_step", args=[step.pk])).status_code == 405


def test_a_file_is_shown_page_by_page(desk: Client) -> None:
    job = make_job(State.FAILED, error="坏了")

    page = desk.get(reverse("workbench:job", args=[job.pk])).content.decode()

    assert job.digital_object.sha512 in page
    assert "state--failed" in page and "坏了" in page


def test_what_does_not_exist_is_not_found(desk: Client) -> None:
    assert desk.get(reverse("workbench:job", args=[404])).status_code == 404
    assert desk.post(reverse("workbench:retry_step", args=[404])).status_code == 404


@pytest.mark.parametrize("files", [1, 6])
def test_the_list_costs_the_same_for_one_file_and_for_many(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries, files: int
) -> None:
    for _number in range(files):
        make_job(State.FAILED)

    with django_assert_num_queries(11):
        desk.get(ALL, headers=FRAGMENT)


def test_the_desk_shows_the_counts_and_the_persons_own_uploads(desk: Client, archivist: User) -> None:
    job = make_job(State.DONE)
    Job.objects.update(created_by=archivist)

    page = desk.get(reverse("workbench:desk")).content.decode()

    assert reverse("workbench:job", args=[job.pk]) in page
    assert reverse("workbench:upload") in page

"""Following digitisation at the desk."""

from datetime import timedelta

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

    with django_assert_num_queries(9):
        desk.get(ALL, headers=FRAGMENT)


def test_the_desk_shows_the_counts_and_the_persons_own_uploads(desk: Client, archivist: User) -> None:
    job = make_job(State.DONE)
    Job.objects.update(created_by=archivist)

    page = desk.get(reverse("workbench:desk")).content.decode()

    assert reverse("workbench:job", args=[job.pk]) in page
    assert reverse("workbench:upload") in page


def give(desk: Client, job: Job, order: str, **fields: object) -> None:
    answer = desk.post(reverse("workbench:job", args=[job.pk]), {"order": order, **fields})
    assert answer.status_code == 302, answer.content.decode()


def test_a_file_is_paused_and_goes_on_by_buttons_that_name_it(desk: Client) -> None:
    job = make_job(State.QUEUED)
    before = desk.get(ALL).content.decode()

    give(desk, job, "pause", back="list")
    paused = desk.get(ALL).content.decode()
    give(desk, job, "resume")

    assert 'value="pause"' in before and 'value="resume"' not in before
    assert 'value="resume"' in paused and 'value="pause"' not in paused
    assert f'id="resume-{job.pk}"' in paused
    assert "第1页.jpg</span></button>" in paused
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_a_cancelled_file_says_who_cancelled_it(desk: Client, archivist: User) -> None:
    job = make_job(State.QUEUED)

    give(desk, job, "cancel")
    page = desk.get(reverse("workbench:job", args=[job.pk])).content.decode()

    assert archivist.get_username() in page and "file__reason" in page
    assert 'value="repeat"' in page


def test_what_is_needed_now_is_marked(desk: Client) -> None:
    job = make_job(State.QUEUED)

    give(desk, job, "prioritise")
    marked = desk.get(ALL).content.decode()
    give(desk, job, "in_turn")

    assert "state--urgent" in marked
    assert "state--urgent" not in desk.get(ALL).content.decode()


def test_a_page_and_a_whole_file_are_done_again(desk: Client) -> None:
    job = make_job(State.DONE)
    page = job.digital_object.pages.get()

    give(desk, job, "repeat_page", page=page.pk)
    of_page = dict(job.steps.values_list("name", "state"))
    give(desk, job, "repeat")

    assert of_page["derive"] == State.QUEUED
    assert list(job.steps.values_list("name", flat=True)) == ["scan"]


def test_an_order_that_does_not_exist_or_has_no_page_is_refused(desk: Client) -> None:
    job = make_job(State.QUEUED)
    address = reverse("workbench:job", args=[job.pk])

    assert desk.post(address, {"order": "explode"}).status_code == 400
    assert desk.post(address, {"order": "repeat_page", "page": "x"}).status_code == 404


def test_who_may_not_digitise_sees_no_orders_and_gives_none(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    job = make_job(State.QUEUED)

    page = client.get(reverse("workbench:job", args=[job.pk])).content.decode()
    answer = client.post(reverse("workbench:job", args=[job.pk]), {"order": "pause"})

    assert 'name="order"' not in page
    assert answer.status_code == 403
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_the_list_shows_what_is_current_and_all_on_request(desk: Client) -> None:
    job = make_job(State.DONE)
    Job.objects.update(state=State.DONE, finished_at=timezone.now() - timedelta(days=3))
    job.steps.update(state=State.DONE)

    current = desk.get(ALL).content.decode()
    everything = desk.get(ALL, {"all": "1"}).content.decode()

    assert "第1页.jpg" not in current
    assert "第1页.jpg" in everything

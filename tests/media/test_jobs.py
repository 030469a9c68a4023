"""Claims, leases, attempts, sweeping, and what the pages show of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import Role
from archive.models import AuditEvent
from core.errors import Conflict, InvalidInput, NotPermitted, Unavailable
from media import jobs, signals
from media.jobs import heartbeats
from media.models import Heartbeat, Job, JobStep, State
from tests.makers import make_item, make_page, make_user

pytestmark = pytest.mark.django_db

ELSEWHERE = "another-host 1 1"


def make_step() -> JobStep:
    job = jobs.open_job(make_page(make_item()).digital_object, by=None, batch=None)
    return job.steps.get()


def claimed(step: JobStep) -> jobs.Claim:
    held = jobs.claim(step.pk)
    assert held is not None
    return held


def change(step: JobStep, **fields: Any) -> None:
    JobStep.objects.filter(pk=step.pk).update(**fields)


def after(step: JobStep) -> JobStep:
    step.refresh_from_db()
    return step


def make_worker(process: str = ELSEWHERE) -> None:
    Heartbeat.objects.create(role=Heartbeat.Role.WORKER, process=process)


@contextmanager
def announced() -> Iterator[list[int]]:
    """The steps that workers are told of."""
    told: list[int] = []

    def note(step_ids: list[int], **_signal: Any) -> None:
        told.extend(step_ids)

    signals.steps_queued.connect(note)
    try:
        yield told
    finally:
        signals.steps_queued.disconnect(note)


def test_a_step_is_given_to_one_worker_only() -> None:
    step = make_step()

    first, second = jobs.claim(step.pk), jobs.claim(step.pk)

    assert first is not None
    assert second is None
    assert after(step).state == State.RUNNING
    assert step.attempts == 1
    assert step.job.state == State.RUNNING


def test_a_step_that_is_done_or_gone_is_not_given_out() -> None:
    step = make_step()
    jobs.finish(claimed(step))

    assert jobs.claim(step.pk) is None
    assert jobs.claim(step.pk + 1000) is None


def test_the_job_is_done_when_its_last_step_is() -> None:
    step = make_step()

    jobs.finish(claimed(step))
    jobs.settle(step.job_id)

    job = Job.objects.get()
    assert job.state == State.DONE
    assert job.finished_at is not None


def test_a_step_passes_on_when_its_lease_has_run_out_and_the_first_holder_is_fenced_off() -> None:
    step = make_step()
    late = claimed(step)
    change(step, leased_until=timezone.now() - timedelta(seconds=1))

    successor = claimed(step)

    with pytest.raises(jobs.Superseded), transaction.atomic():
        jobs.finish(late)
    jobs.fail(late, RuntimeError("late"))
    assert after(step).state == State.RUNNING
    assert (step.token, step.attempts, step.interruptions) == (successor.token, 2, 1)


def test_a_failed_attempt_is_made_again_later_and_says_why(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    step = make_step()
    held = claimed(step)

    with announced() as told, django_capture_on_commit_callbacks(execute=True):
        jobs.fail(held, Unavailable("磁盘已满。"))

    assert after(step).state == State.QUEUED
    assert (step.error_code, step.error) == ("unavailable", "磁盘已满。")
    assert step.queued_at > timezone.now()
    assert told == [step.pk]


def test_the_third_failure_is_final() -> None:
    step = make_step()

    for _attempt in range(jobs.MAX_FAILURES):
        jobs.fail(claimed(step), ZeroDivisionError("by zero"))

    assert after(step).state == State.FAILED
    assert "ZeroDivisionError" in step.error and "by zero" in step.error
    assert Job.objects.get().state == State.FAILED
    assert jobs.claim(step.pk) is None


def test_what_cannot_be_mended_by_trying_again_fails_at_once() -> None:
    step = make_step()

    jobs.fail(claimed(step), InvalidInput("文件已损坏，请重新扫描。"))

    assert after(step).state == State.FAILED
    assert step.error == "文件已损坏，请重新扫描。"


def test_interruptions_do_not_count_as_failures() -> None:
    step = make_step()
    for _kill in range(5):
        claimed(step)
        change(step, leased_until=timezone.now() - timedelta(seconds=1))

    jobs.fail(claimed(step), RuntimeError("once"))

    assert after(step).state == State.QUEUED
    assert (step.attempts, step.interruptions) == (6, 5)


def test_the_sweep_finds_steps_whose_lease_ran_out(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    step = make_step()
    claimed(step)
    change(step, worker=ELSEWHERE, leased_until=timezone.now() - timedelta(seconds=1))

    with announced() as told, django_capture_on_commit_callbacks(execute=True):
        count = jobs.sweep()

    assert count == 1
    assert told == [step.pk]
    assert after(step).state == State.QUEUED
    assert step.interruptions == 1


def test_the_sweep_finds_steps_of_a_dead_process_before_their_lease_runs_out() -> None:
    step = make_step()
    claimed(step)
    host, _pid, _start = heartbeats.this_process().rsplit(" ", 2)
    change(step, worker=f"{host} 999999999 1")

    assert jobs.sweep() == 1
    assert after(step).state == State.QUEUED


def test_the_sweep_leaves_steps_of_the_living() -> None:
    mine, remote = make_step(), make_step()
    claimed(mine)
    claimed(remote)
    change(remote, worker=ELSEWHERE)

    assert jobs.sweep() == 0


def test_a_step_that_was_interrupted_too_often_fails_with_the_reason() -> None:
    step = make_step()
    claimed(step)
    change(step, interruptions=jobs.MAX_INTERRUPTIONS, leased_until=timezone.now() - timedelta(seconds=1))

    assert jobs.claim(step.pk) is None
    jobs.sweep()

    assert after(step).state == State.FAILED
    assert str(jobs.MAX_INTERRUPTIONS) in step.error


def test_the_sweep_announces_what_waits_while_hands_are_idle(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    step = make_step()
    change(step, queued_at=timezone.now() - timedelta(minutes=2))
    make_worker()

    with announced() as told, django_capture_on_commit_callbacks(execute=True):
        jobs.sweep()
        jobs.sweep()

    assert told == [step.pk]


def test_waiting_is_no_sign_of_a_loss_while_all_hands_are_busy_or_none_is_there() -> None:
    waiting, running = make_step(), make_step()
    change(waiting, queued_at=timezone.now() - timedelta(hours=1))

    without_workers = jobs.sweep()
    make_worker()
    claimed(running)
    change(running, worker=ELSEWHERE)

    assert without_workers == 0
    assert jobs.sweep() == 0


def test_a_failed_step_can_be_done_again_by_an_archivist() -> None:
    step, user = make_step(), make_user()
    jobs.fail(claimed(step), InvalidInput("坏"))

    jobs.retry(step, by=user)

    assert (step.state, step.attempts, step.error) == (State.QUEUED, 0, "")
    assert Job.objects.get().state == State.QUEUED
    assert AuditEvent.objects.get(action="retry").actor == user
    with pytest.raises(Conflict):
        jobs.retry(step, by=user)


def test_who_may_not_digitise_may_not_retry() -> None:
    step = make_step()
    jobs.fail(claimed(step), InvalidInput("坏"))

    with pytest.raises(NotPermitted):
        jobs.retry(step, by=make_user(Role.AUDITOR))

    assert after(step).state == State.FAILED


def test_workers_count_while_they_give_signs_of_life() -> None:
    heartbeats.beat(Heartbeat.Role.WORKER)
    make_worker()
    make_worker("silent-host 1 1")
    Heartbeat.objects.filter(process="silent-host 1 1").update(seen_at=timezone.now() - timedelta(minutes=1))

    before = jobs.workers_alive()
    heartbeats.leave(Heartbeat.Role.WORKER)

    assert before == 2
    assert jobs.workers_alive() == 1


def test_the_overview_counts_pages_and_says_when_nobody_works() -> None:
    step = make_step()
    job, page = step.job, step.job.digital_object.pages.get()
    jobs.add(job, JobStep.Name.DERIVE, [page])
    jobs.add(job, JobStep.Name.RECOGNISE, [page])
    change(step, state=State.DONE)
    job.steps.filter(name=JobStep.Name.DERIVE).update(state=State.DONE)

    progress = jobs.overview()

    assert (progress.files, progress.pages_total, progress.pages_with_image, progress.pages_done) == (1, 1, 1, 0)
    assert (progress.steps_waiting, progress.steps_running, progress.steps_failed) == (1, 0, 0)
    assert not progress.is_finished
    assert progress.needs_worker


def test_the_time_left_follows_from_the_pages_read_last() -> None:
    make_worker()
    for number in range(6):
        step = make_step()
        page = step.job.digital_object.pages.get()
        change(step, state=State.DONE)
        jobs.add(step.job, JobStep.Name.RECOGNISE, [page])
        if number < 3:
            finished = timezone.now() - timedelta(seconds=40 * number)
            step.job.steps.filter(page=page).update(state=State.DONE, finished_at=finished)

    progress = jobs.overview()

    assert progress.seconds_left == 120
    assert progress.minutes_left == 2


def test_a_step_is_added_once() -> None:
    step = make_step()
    page = step.job.digital_object.pages.get()

    jobs.add(step.job, JobStep.Name.DERIVE, [page])
    jobs.add(step.job, JobStep.Name.DERIVE, [page])

    assert step.job.steps.filter(name=JobStep.Name.DERIVE).count() == 1


def test_counting_costs_the_same_whatever_there_is(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _number in range(3):
        make_step()

    with django_assert_num_queries(3):
        jobs.overview()
    with django_assert_num_queries(2):
        jobs.progress_of(jobs.recent())

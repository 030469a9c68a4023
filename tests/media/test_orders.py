"""Pausing, going on, cancelling, doing again, "I need this now": what becomes of steps that wait and steps that run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Role
from archive.models import AuditEvent
from core.errors import Conflict, InvalidInput, NotPermitted
from media import jobs, signals, tasks
from media.jobs import bounds
from media.models import Heartbeat, Job, JobStep, Page, State
from tests.makers import make_item, make_page, make_user

pytestmark = pytest.mark.django_db

Name = JobStep.Name


def make_job(*pages: Page) -> Job:
    """A file whose pages are found and whose steps for each page wait."""
    page = pages[0] if pages else make_page(make_item())
    job = jobs.open_job(page.digital_object, by=None, batch=None)
    end(job, Name.SCAN)
    end(job, Name.PAGES)
    return job


def end(job: Job, name: JobStep.Name) -> None:
    """Do a step of the job that waits."""
    held = hold(job, name)
    jobs.finish(held)
    jobs.follow(held.step)


def hold(job: Job, name: JobStep.Name) -> jobs.Claim:
    held = jobs.claim(job.steps.get(name=name).pk)
    assert held is not None, name
    return held


def states(job: Job) -> dict[str, str]:
    return dict(job.steps.values_list("name", "state"))


def now(job: Job) -> Job:
    job.refresh_from_db()
    return job


@contextmanager
def announced() -> Iterator[list[int]]:
    told: list[int] = []

    def note(step_ids: list[int], **_signal: Any) -> None:
        told.extend(step_ids)

    signals.steps_queued.connect(note)
    try:
        yield told
    finally:
        signals.steps_queued.disconnect(note)


def test_quality_and_images_are_done_beside_each_other_and_the_text_after_both() -> None:
    job = make_job()

    first = states(job)
    end(job, Name.DERIVE)
    between = states(job)
    end(job, Name.QUALITY)

    assert first == {"scan": "done", "pages": "done", "derive": "queued", "quality": "queued"}
    assert "recognise" not in between
    assert states(job)["recognise"] == State.QUEUED


def test_a_page_whose_quality_could_not_be_measured_is_read_all_the_same() -> None:
    job = make_job()
    end(job, Name.DERIVE)

    jobs.fail(hold(job, Name.QUALITY), InvalidInput("量不出来"))

    assert states(job)["recognise"] == State.QUEUED


def test_the_document_is_put_together_when_all_pages_are_through_the_failed_ones_included() -> None:
    unit = make_item()
    first, second = make_page(unit), make_page(unit)
    one, other = make_job(first), make_job(second)
    for name in (Name.DERIVE, Name.QUALITY, Name.RECOGNISE, Name.MASK):
        end(one, name)

    before = states(one), states(other)
    jobs.fail(hold(other, Name.DERIVE), InvalidInput("坏页"))
    end(other, Name.QUALITY)
    jobs.settle(one.pk)

    assert "assemble" not in before[0] and "assemble" not in before[1]
    assert states(one)["assemble"] == State.QUEUED
    assert now(other).state == State.FAILED
    assert "assemble" not in states(other)


def test_the_last_file_of_a_unit_puts_the_document_together_once() -> None:
    unit = make_item()
    one, other = make_job(make_page(unit)), make_job(make_page(unit))

    for job in (one, other):
        for name in (Name.DERIVE, Name.QUALITY, Name.RECOGNISE, Name.MASK):
            end(job, name)

    assert now(one).state == State.DONE
    assert "assemble" not in states(one)
    end(other, Name.ASSEMBLE)
    assert now(other).state == State.DONE


def test_a_corrected_document_is_put_together_again_a_little_later(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = make_page(make_item(), "文字")
    job = make_job(page)
    for name in (Name.DERIVE, Name.QUALITY, Name.RECOGNISE, Name.MASK, Name.ASSEMBLE):
        end(job, name)

    with announced() as told, django_capture_on_commit_callbacks(execute=True):
        jobs.reassemble(page.unit)
        jobs.reassemble(page.unit)

    step = job.steps.get(name=Name.ASSEMBLE)
    assert step.state == State.QUEUED and step.queued_at > timezone.now()
    assert set(told) == {step.pk}
    assert now(job).state == State.QUEUED


def test_while_pages_are_under_way_nothing_is_put_together_again() -> None:
    page = make_page(make_item(), "文字")
    job = make_job(page)

    jobs.reassemble(page.unit)

    assert "assemble" not in states(job)


def test_what_is_paused_does_not_begin_and_what_runs_comes_to_its_end() -> None:
    job, user = make_job(), make_user()
    running = hold(job, Name.DERIVE)

    jobs.pause(job, by=user)
    quality = jobs.claim(job.steps.get(name=Name.QUALITY).pk)
    jobs.finish(running)
    jobs.follow(running.step)

    assert quality is None
    assert states(job) == {"scan": "done", "pages": "done", "derive": "done", "quality": "paused"}
    assert now(job).state == State.PAUSED
    assert AuditEvent.objects.get(action="pause").actor == user


def test_a_paused_step_is_not_announced_by_the_sweep(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    job = make_job()
    jobs.pause(job, by=None)
    job.steps.update(queued_at=timezone.now() - timedelta(hours=1))
    Heartbeat.objects.create(role=Heartbeat.Role.WORKER, process="another-host 1 1")

    with announced() as told, django_capture_on_commit_callbacks(execute=True):
        jobs.sweep()

    assert told == []


def test_a_step_that_is_lost_or_fails_while_its_job_pauses_waits_with_it() -> None:
    job = make_job()
    lost, failed = hold(job, Name.DERIVE), hold(job, Name.QUALITY)
    jobs.pause(job, by=None)

    jobs.fail(failed, RuntimeError("once"))
    JobStep.objects.filter(pk=lost.step.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    taken = jobs.claim(lost.step.pk)
    jobs.sweep()

    assert taken is None
    assert (states(job)["derive"], states(job)["quality"]) == (State.PAUSED, State.PAUSED)


def test_a_paused_job_goes_on_where_it_was(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    job = make_job()
    jobs.pause(job, by=None)

    with announced() as told, django_capture_on_commit_callbacks(execute=True):
        jobs.resume(job, by=None)

    assert now(job).state == State.QUEUED
    assert set(told) == set(job.steps.filter(state=State.QUEUED).values_list("pk", flat=True))
    assert len(told) == 2


def test_a_cancelled_job_drops_what_runs_and_can_go_on_again() -> None:
    job = make_job()
    running = hold(job, Name.DERIVE)

    jobs.cancel(job, by=None, reason="不需要了")

    with pytest.raises(jobs.Superseded):
        jobs.finish(running)
    assert now(job).state == State.CANCELLED and job.reason == "不需要了"
    assert states(job)["derive"] == State.CANCELLED
    with pytest.raises(Conflict):
        jobs.cancel(job, by=None)
    jobs.resume(job, by=None)
    assert states(job)["derive"] == State.QUEUED
    assert now(job).reason == ""


def test_a_file_in_quarantine_does_not_go_on() -> None:
    job = make_job()
    jobs.cancel(job, by=None)
    type(job.digital_object).objects.update(quarantined_at=timezone.now())
    job = Job.objects.get()

    with pytest.raises(Conflict):
        jobs.resume(job, by=None)
    with pytest.raises(Conflict):
        jobs.repeat_file(job, by=None)


def test_what_is_needed_now_goes_to_the_urgent_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    job = make_job()
    sent: list[tuple[str, int, int]] = []

    def note(_args: object, *, queue: str, soft_time_limit: int, time_limit: int, **_options: Any) -> None:
        sent.append((queue, soft_time_limit, time_limit))

    monkeypatch.setattr(tasks.run_step, "apply_async", note)
    tasks.publish([job.steps.get(name=Name.DERIVE).pk])
    jobs.prioritise(job, by=None)
    tasks.publish([job.steps.get(name=Name.DERIVE).pk])
    end(job, Name.DERIVE)
    end(job, Name.QUALITY)
    jobs.prioritise(job, by=None, is_urgent=False)
    tasks.publish([job.steps.get(name=Name.RECOGNISE).pk])

    assert [queue for queue, _soft, _hard in sent] == ["quick", "urgent", "heavy"]
    assert sent[0][1:] == (bounds.soft_limit(Name.DERIVE), bounds.hard_limit(Name.DERIVE))
    assert AuditEvent.objects.filter(action="prioritise").count() == 2


def test_a_page_is_done_again_with_all_that_follows_and_the_document() -> None:
    page = make_page(make_item(), "文字")
    job = make_job(page)
    for name in (Name.DERIVE, Name.QUALITY, Name.RECOGNISE, Name.MASK, Name.ASSEMBLE):
        end(job, name)

    jobs.repeat_page(page, by=None)
    first = states(job)
    for name in (Name.DERIVE, Name.QUALITY, Name.RECOGNISE, Name.MASK):
        end(job, name)

    assert (first["derive"], first["quality"], "assemble" in first) == (State.QUEUED, State.QUEUED, False)
    assert states(job)["assemble"] == State.QUEUED


def test_a_reading_of_what_is_made_anew_is_dropped() -> None:
    page = make_page(make_item())
    job = make_job(page)
    end(job, Name.DERIVE)
    end(job, Name.QUALITY)
    reading = hold(job, Name.RECOGNISE)

    jobs.repeat_page(page, by=None)

    with pytest.raises(jobs.Superseded):
        jobs.finish(reading)


def test_a_page_can_be_read_again_alone() -> None:
    page = make_page(make_item())
    job = make_job(page)
    for name in (Name.DERIVE, Name.QUALITY, Name.RECOGNISE, Name.MASK):
        end(job, name)

    jobs.repeat_page(page, by=None, first=Name.RECOGNISE)

    assert (states(job)["derive"], states(job)["recognise"]) == (State.DONE, State.QUEUED)


def test_a_whole_file_is_done_again_from_the_virus_check_on() -> None:
    job = make_job()
    running = hold(job, Name.DERIVE)

    jobs.repeat_file(job, by=None)

    assert states(job) == {"scan": "queued"}
    with pytest.raises(jobs.Superseded):
        jobs.finish(running)


@pytest.mark.parametrize("order", [jobs.pause, jobs.resume, jobs.cancel, jobs.prioritise, jobs.repeat_file])
def test_who_may_not_digitise_gives_no_orders(order: Any) -> None:  # Any: each order has its own further arguments
    job = make_job()

    with pytest.raises(NotPermitted):
        order(job, by=make_user(Role.AUDITOR))

    assert now(job).state == State.QUEUED


def test_orders_that_do_not_fit_are_refused() -> None:
    job = make_job()

    with pytest.raises(Conflict):
        jobs.resume(job, by=None)
    jobs.pause(job, by=None)
    with pytest.raises(Conflict):
        jobs.pause(job, by=None)


def test_a_step_that_lived_until_its_last_limit_counts_as_failed_not_as_interrupted() -> None:
    job = make_job()
    held = hold(job, Name.DERIVE)
    begun = timezone.now() - timedelta(hours=1)
    ended = begun + timedelta(seconds=bounds.hard_limit(Name.DERIVE) + 30)
    JobStep.objects.filter(pk=held.step.pk).update(started_at=begun, leased_until=ended)

    jobs.sweep()

    step = job.steps.get(name=Name.DERIVE)
    assert (step.state, step.interruptions, step.error_code) == (State.QUEUED, 0, "took-too-long")


def test_the_third_time_that_a_step_takes_too_long_is_final() -> None:
    job = make_job()
    held = hold(job, Name.DERIVE)
    begun = timezone.now() - timedelta(hours=1)
    ended = begun + timedelta(seconds=bounds.hard_limit(Name.DERIVE) + 30)
    late = {"started_at": begun, "leased_until": ended, "attempts": jobs.MAX_FAILURES}
    JobStep.objects.filter(pk=held.step.pk).update(**late)

    jobs.sweep()

    step = job.steps.get(name=Name.DERIVE)
    assert (step.state, step.error_code) == (State.FAILED, "took-too-long")
    assert str(bounds.soft_limit(Name.DERIVE)) in step.error


def test_memory_that_is_held_is_told() -> None:
    before = bounds.held_memory()

    block = bytearray(64 * 1024 * 1024)
    block[::4096] = b"x" * len(block[::4096])

    assert bounds.held_memory() - before > 32 * 1024 * 1024
    assert not bounds.is_over_memory()

"""The entry points of the workers: which queues they serve, and steps that are stopped."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded

from media import ingest, pipeline, tasks
from media.jobs import bounds, claims
from media.models import JobStep, State
from tests.makers import make_item
from tests.media import making


def test_every_worker_serves_what_is_urgent_and_that_first() -> None:
    app = Celery("a worker of quick steps", broker="memory://", set_as_current=False)
    app.amqp.queues.select(["quick"])

    tasks.serve_urgent(instance=SimpleNamespace(app=app))

    assert list(app.amqp.queues.consume_from) == ["urgent", "quick"]


def make_step(tmp_path: Path) -> JobStep:
    ingest.ingest(making.jpeg(tmp_path / "a.jpg"), unit=make_item(), by=None)
    return JobStep.objects.get()


@pytest.mark.django_db
def test_a_step_that_takes_too_long_says_so_and_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never_ends(_held: claims.Claim) -> None:
        raise SoftTimeLimitExceeded

    step = make_step(tmp_path)
    monkeypatch.setattr(pipeline, "run", never_ends)

    tasks.run_step.apply((step.pk,), throw=True)

    step.refresh_from_db()
    assert (step.state, step.error_code) == (State.QUEUED, bounds.TookTooLong.code)
    assert str(bounds.soft_limit(step.name)) in step.error


@pytest.mark.django_db
def test_a_process_that_holds_too_much_records_it_and_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    step = make_step(tmp_path)
    held = claims.claim(step.pk)
    assert held is not None
    monkeypatch.setattr("media.jobs.claims.os.kill", lambda _process, number: ended.append(number))

    claims._give_up(held)

    step.refresh_from_db()
    assert ended == [9]
    assert (step.state, step.error_code) == (State.QUEUED, bounds.TookTooMuchMemory.code)

"""A rebuild in several processes gives the same index as one in a single process, and fails as loudly."""

import os
import signal

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser

from core.errors import ArchiveError, Unavailable
from search import filling, finding, rebuilding
from search.backends.base import Engine
from search.finding import Request
from search.processes import Team
from search.schema import Index
from tests.makers import make_fact, make_item, make_page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def several(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, however little there is to do, and a piece of work for every few documents."""
    settings.ARCHIVE_WORKER_PROCESSES = 2
    monkeypatch.setattr(filling, "LEAST", 1)
    monkeypatch.setattr(filling, "WEIGHT", 3)


def fail() -> object:
    """A worker that refuses every piece of work."""

    def refuse(piece: object) -> object:
        raise Unavailable(f"no {piece}")

    return refuse


def die() -> object:
    """A worker that is killed by its first piece of work."""
    return lambda _piece: os.kill(os.getpid(), signal.SIGKILL)


def test_several_processes_build_what_one_builds(engine: Engine, several: None) -> None:
    for number in range(8):
        make_fact(f"闽宁协作{number}")
    item = make_item("一份材料")
    for number in range(4):
        make_page(item, f"第{number}页的字")
    told: list[tuple[int, int]] = []

    rebuilding.rebuild(lambda done, total: told.append((done, total)))

    assert told[-1][0] == told[-1][1]
    assert len(told) > 2
    assert all(rebuilding.compare(index).faults == 0 for index in Index)
    assert finding.find(Request(q="闽宁协作"), AnonymousUser()).count == 8
    assert finding.find(Request(q="页的字"), AnonymousUser()).hits[0].page_count == 4


def test_a_fault_in_a_process_is_raised_where_the_work_is_waited_for(db: None) -> None:
    with Team(1, f"{__name__}.fail") as team, pytest.raises(Unavailable, match="no 1"):
        list(team.outcomes([1, 2]))


def test_a_process_that_is_killed_ends_the_work(db: None) -> None:
    with Team(2, f"{__name__}.die") as team, pytest.raises(ArchiveError, match="WORKER_PROCESSES"):
        list(team.outcomes([1, 2]))

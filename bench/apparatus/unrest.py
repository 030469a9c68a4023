"""What goes on while something is measured: somebody writes, somebody asks."""

import http.client
import random
import threading
import time
from collections.abc import MutableSequence
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

from django.db import transaction

from archive import workflow, writing
from archive.models import Event as EventDetail
from archive.models import Kind, Record
from archive.signals import records_changed
from archive.writing import Draft
from bench.apparatus.language import TERMS

MARK: Final = "往来变动"
"""Stands in the title of everything that is written."""

EVERY: Final = 0.1
"""Seconds from one question to the next."""

_LONGEST: Final = 30.0


def write(seed: float, stop: Event, counts: MutableSequence[int]) -> None:
    """Create, change and withdraw records until told to stop; ``counts`` says how many of each."""
    chance = random.Random(seed)
    mine: list[int] = []
    while not stop.wait(0.05):
        action = chance.choices((0, 1, 2), weights=(5, 4, 1))[0] if mine else 0
        if action == 0:
            title = f"{MARK}{chance.choice(list(TERMS))}{chance.randrange(10**6)}"
            record = writing.published(Record(kind=Kind.EVENT, title_zh=title))
            mine.append(writing.write([Draft(record, detail=EventDetail())], by=None)[0].pk)
        elif action == 1:
            key = chance.choice(mine)
            with transaction.atomic():
                Record.objects.filter(pk=key).update(title_zh=f"{MARK}又改{chance.randrange(10**6)}")
                records_changed.send(sender=Record, record_ids=[key])
        else:
            key = mine.pop(chance.randrange(len(mine)))
            workflow.withdraw(Record.objects.get(pk=key), reason="试", by=None)
        counts[action] += 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: the status, 0 where there was none, and after how long."""

    status: int
    seconds: float
    is_problem: bool = False
    words: str = ""


class Asker:
    """Asks a site one question after the other, ten a second, and keeps what came."""

    def __init__(self, port: int) -> None:
        self.answers: list[Answer] = []
        self._port = port
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        questions = [MARK, *TERMS]
        while not self._ended.wait(EVERY):
            self.answers.append(self._answer(questions[len(self.answers) % len(questions)]))

    def _answer(self, q: str) -> Answer:
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_LONGEST)
        try:
            connection.request("GET", f"/api/v1/search/?q={quote(q)}")
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as fault:
            return Answer(0, time.perf_counter() - start, words=repr(fault))
        finally:
            connection.close()
        is_problem = answer.status == 503 and "problem+json" in (answer.getheader("Content-Type") or "")
        words = "" if answer.status == 200 else body[:200].decode(errors="replace")
        return Answer(answer.status, time.perf_counter() - start, is_problem, words)

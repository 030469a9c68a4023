"""Processes that work for this one: given pieces of work one by one, asked for what came of each.

They are started anew, not forked, and speak over a pipe each. So the end of either side is seen by the other at once:
a process that dies ends the whole work with a fault, and none outlives the one that it works for.
"""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Final, Self

import django
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.errors import Unavailable

AHEAD: Final = 2
"""Pieces that each process has been given: the one it works on, and those after it."""

Piece = Any  # Any, here and below: what is worked on and what comes of it, as the worker and its caller agree
Outcome = Any


class Team:
    """So many processes that do the same.

    ``worker`` is the dotted name of a function or class: called once in each process with ``arguments``, it gives a
    function from a piece of work to its outcome, and for the piece ``None``, the last, ends what was begun.
    """

    def __init__(self, size: int, worker: str, *arguments: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._members: dict[Connection, BaseProcess] = {}
        told = (connection.settings_dict["NAME"], settings.ARCHIVE_SEARCH, worker, arguments)
        for _number in range(size):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, *told), daemon=True)
            process.start()
            theirs.close()
            self._members[ours] = process

    def outcomes(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Outcome]]:
        """Each piece of work with what came of it, in the order in which they are done.

        Raises:
            Exception: what a process raised.
            Unavailable: a process died.
        """
        left = iter(pieces)
        given: dict[Connection, list[Piece]] = {member: [] for member in self._members}
        for member in list(given) * AHEAD:
            _give(member, left, given[member])
        while working := [member for member, mine in given.items() if mine]:
            for ready in wait(working):
                assert isinstance(ready, Connection)
                outcome = _answer(ready)
                piece = given[ready].pop(0)
                _give(ready, left, given[ready])
                yield piece, outcome

    def finish(self) -> None:
        """Have each process end what it has begun.

        Raises:
            Exception: what a process raised.
            Unavailable: a process died.
        """
        for member in self._members:
            _send(member, None)
        for member in self._members:
            _answer(member)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for member, process in self._members.items():
            member.close()
            process.terminate()
            process.join()


def _give(member: Connection, left: Iterator[Piece], given: list[Piece]) -> None:
    for piece in left:
        _send(member, piece)
        given.append(piece)
        return


def _send(member: Connection, piece: Piece) -> None:
    try:
        member.send(piece)
    except BrokenPipeError as fault:
        raise _died() from fault


def _answer(member: Connection) -> Outcome:
    try:
        outcome = member.recv()
    except (EOFError, ConnectionResetError) as fault:
        raise _died() from fault
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _died() -> Unavailable:
    return Unavailable(
        _(
            "A process that made documents for the search index was ended from outside. Rebuild again; if memory was "
            "short, with fewer processes: WORKER_PROCESSES=1."
        )
    )


def _serve(pipe: Connection, database: str, search: str, worker: str, arguments: Sequence[str]) -> None:
    """The life of a process: do what comes until there is no more, or nobody to do it for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal tells the whole group; the one above decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()
    connection.settings_dict["NAME"], settings.ARCHIVE_SEARCH = database, search
    with suppress(EOFError, BrokenPipeError):
        try:
            work: Callable[[Piece], Outcome] = import_string(worker)(*arguments)
            piece: Piece = ...
            while piece is not None:
                piece = pipe.recv()
                pipe.send(work(piece))
        except (EOFError, BrokenPipeError):
            raise
        except Exception as fault:  # noqa: BLE001 (whatever it is: it is raised where it is waited for)
            pipe.send(_sendable(fault))


def _sendable(fault: Exception) -> Exception:
    """The fault itself where it survives the way, otherwise its words."""
    try:
        pickle.loads(pickle.dumps(fault))  # noqa: S301 (our own, of this moment)
    except Exception:  # noqa: BLE001 (pickling a fault may itself raise whatever that fault's class does)
        return RuntimeError(repr(fault))
    return fault


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

"""Run the whole platform on one machine: web server, workers and indexer under one command."""

import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from core.management.supervisor import Program, Supervisor

PROJECT = Path(__file__).resolve().parents[3]
QUEUES = "quick,heavy"
POLITE = 5
"""Workers let the web server go first."""


class Command(BaseCommand):
    """Starts the parts, starts again what dies, and stops all of it on Ctrl-C."""

    help = "Serve the site on this machine, with its workers and its indexer; Ctrl-C stops everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and whether pages are digitised here."""
        parser.add_argument("--port", type=int, default=settings.ARCHIVE_PORT)
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all (behind a proxy)"
        )
        parser.add_argument("--no-worker", action="store_true", help="digitise nothing here; workers run elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Check what must be right before the start, then stay until told to stop."""
        host, port = options["host"], options["port"]
        _require_free(host, port)
        _require_migrated()
        programs = [_web(host, port), _indexer()]
        if not options["no_worker"]:
            programs.append(_worker())
        if settings.ARCHIVE_WATCHED_FOLDER is not None:
            programs.append(_watcher())
        for program in programs:
            self._say(_("Starting %(name)s (log: %(log)s)") % {"name": program.name, "log": program.log})
        address = f"http://{_shown(host)}:{port}"
        greeting = _("Serving on %(address)s. Ctrl-C stops everything.") % {"address": address}
        Supervisor(programs, self._say).run(lambda: _answers(host, port), greeting)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _web(host: str, port: int) -> Program:
    processes = settings.ARCHIVE_WEB_PROCESSES
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(processes), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    return Program(_("the web server"), [*command, "config.wsgi:application"], PROJECT, _log("web"))


def _worker() -> Program:
    processes = settings.ARCHIVE_WORKER_PROCESSES
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--pool", "prefork"]
    command += ["--concurrency", str(processes), "--queues", QUEUES, "--hostname", "worker@%h", "--loglevel", "INFO"]
    # A second message at hand spares each process the wait for the next look into the queue.
    command += ["--prefetch-multiplier", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(_("the worker"), command, PROJECT, _log("worker"), niceness=POLITE)


def _indexer() -> Program:
    return Program(_("the indexer"), [sys.executable, "manage.py", "index", "run"], PROJECT, _log("indexer"))


def _watcher() -> Program:
    command = [sys.executable, "manage.py", "watch"]
    return Program(_("the watched folder"), command, PROJECT, _log("watch"), niceness=POLITE)


def _log(name: str) -> Path:
    return Path(settings.ARCHIVE_HOME) / "logs" / f"{name}.log"


def _require_free(host: str, port: int) -> None:
    """Fail before anything is started if nobody could listen there.

    Raises:
        CommandError: naming the port and the remedy.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as fault:
        raise CommandError(
            _("Port %(port)d of %(host)s cannot be used (%(reason)s). Choose another: manage.py serve --port %(other)d")
            % {"port": port, "host": host, "reason": fault, "other": port + 1 if 1024 <= port < 65535 else 8000}
        ) from fault


def _require_migrated() -> None:
    executor = MigrationExecutor(connection)
    is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    connection.close()
    if is_behind:
        raise CommandError(_("The database is not prepared for this version. Run first: manage.py migrate"))


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((_shown(host), port), timeout=1):
            return True
    except OSError:
        return False


def _shown(host: str) -> str:
    """The address under which this machine reaches itself."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound

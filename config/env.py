"""The only reader of the process environment: every choice is one variable, typed, with a default that works.

A bad value stops the start with a sentence that says what to write instead.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from search import addresses

PROJECT = Path(__file__).resolve().parent.parent


class BadEnvironment(SystemExit):
    """A variable holds something that the platform cannot run with; the start ends here."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment: its name, what it is for, and how its text is read."""

    name: str
    default: str
    purpose: str
    read: Callable[[str], Any]  # Any: each reader has its own type, restored by the fields of Environment
    remedy: str


def _text(value: str) -> str:
    return value


def _integer(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError(value)
    return number


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def _flag(value: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[value.lower()]


def _folder(value: str) -> Path:
    return (PROJECT / Path(value).expanduser()).resolve()


def _folder_or_none(value: str) -> Path | None:
    return _folder(value) if value else None


def _url(*schemes: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            raise ValueError(value)
        return value

    return read


def _search_engine(value: str) -> str:
    if addresses.is_cluster(value):
        addresses.cluster(value)
        return value
    return _url("tantivy")(value)


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError(value)
    return value.rstrip("/")


def _level(value: str) -> str:
    if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError(value)
    return value.upper()


def _recogniser(value: str) -> str:
    if value not in {"rapidocr", "tesseract"}:
        raise ValueError(value)
    return value


def _naan(value: str) -> str:
    if not (value.isascii() and value.isalnum() and len(value) == 5):
        raise ValueError(value)
    return value


VARIABLES = (
    Variable("ARCHIVE_HOME", "var", "folder for everything the running platform writes", _folder, "a folder's path"),
    Variable(
        "SECRET_KEY",
        "",
        "signs sessions and forms; made and kept in ARCHIVE_HOME when empty (embedded only)",
        _text,
        "",
    ),
    Variable("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", "host names the site answers to", _words, "host,host"),
    Variable(
        "PUBLIC_URL",
        "http://127.0.0.1:8000",
        "address under which the public reaches the site",
        _web_address,
        "https://archive.example.org",
    ),
    Variable(
        "DATABASE_URL",
        "",
        "database; empty: SQLite in ARCHIVE_HOME",
        _url("sqlite", "postgres", "postgresql"),
        "postgres://user:password@host:5432/name or sqlite:////path/archive.sqlite3",
    ),
    Variable(
        "SEARCH_URL",
        "",
        "search engine; empty: tantivy in ARCHIVE_HOME",
        _search_engine,
        "tantivy:////path/folder or https://user:password@host:9200/prefix",
    ),
    Variable(
        "BROKER_URL",
        "",
        "job queue; empty: a SQLite file in ARCHIVE_HOME",
        _url("sqlite", "redis", "rediss", "amqp", "amqps"),
        "redis://host:6379/0, amqp://user:password@host// or sqlite:////path/broker.sqlite3",
    ),
    Variable(
        "STORAGE_URL", "", "stored files; empty: a folder in ARCHIVE_HOME", _url("file"), "file:///path/to/folder"
    ),
    Variable("RECOGNISER", "rapidocr", "engine that reads scans", _recogniser, "rapidocr or tesseract"),
    Variable("ARK_NAAN", "99999", "the archive's Name Assigning Authority Number", _naan, "five letters or digits"),
    Variable("WORKER_PROCESSES", str(os.cpu_count() or 1), "pages digitised at the same time", _integer, "1 or more"),
    Variable("WORKER_MEMORY", "1536", "MiB that a worker process may hold at most", _integer, "256 or more"),
    Variable(
        "CLAMD_URL",
        "",
        "virus scanner; empty: clamd at its usual place, if it answers there",
        _url("unix", "tcp"),
        "unix:///run/clamav/clamd.ctl or tcp://host:3310",
    ),
    Variable(
        "WATCHED_FOLDER",
        "",
        "folder from which scans are taken in by themselves; empty: none",
        _folder_or_none,
        "a folder's path",
    ),
    Variable("WEB_PROCESSES", "1", "web server processes of the embedded mode", _integer, "1 or more"),
    Variable("PORT", "8000", "port of the embedded web server", _integer, "a free port, such as 8000"),
    Variable("LOG_LEVEL", "INFO", "least severe event that is logged", _level, "DEBUG, INFO, WARNING or ERROR"),
    Variable(
        "CSRF_TRUSTED_ORIGINS", "", "further origins that forms may come from", _words, "https://host,https://host"
    ),
    Variable("SECURE_COOKIES", "yes", "cookies over HTTPS only (production settings)", _flag, "yes or no"),
)


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment as read: one field per variable."""

    home: Path
    secret_key: str
    allowed_hosts: list[str]
    public_url: str
    database_url: str
    search_url: str
    broker_url: str
    storage_url: str
    recogniser: str
    ark_naan: str
    worker_processes: int
    worker_memory: int
    clamd_url: str
    watched_folder: Path | None
    web_processes: int
    port: int
    log_level: str
    csrf_trusted_origins: list[str]
    secure_cookies: bool

    def database(self) -> dict[str, Any]:  # Any: Django's own shape for DATABASES entries
        """Django's DATABASES entry; SQLite in WAL with foreign keys checked and writers queued, not failed."""
        url = self.database_url or f"sqlite:///{self.home / 'archive.sqlite3'}"
        entry: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
        if entry["ENGINE"].endswith("sqlite3"):
            entry["CONN_HEALTH_CHECKS"] = False
            entry["OPTIONS"] = {
                "timeout": 30,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            }
        return entry

    def kept_secret_key(self) -> str:
        """The secret key: the variable's, or one made once and kept in the home folder, readable by its owner only."""
        if self.secret_key:
            return self.secret_key
        path = self.home / "secret-key"
        if not path.exists():
            self.home.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_urlsafe(50))
        return path.read_text()


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read all variables.

    Raises:
        BadEnvironment: with a sentence for every variable that cannot be used as it is.
    """
    values, faults = [], []
    for variable in VARIABLES:
        text = environ.get(variable.name, "") or variable.default
        try:
            values.append(variable.read(text))
        except (ValueError, KeyError):
            shown = addresses.without_password(text)
            faults.append(f"{variable.name}={shown!r} cannot be used ({variable.purpose}). Write {variable.remedy}.")
    if faults:
        raise BadEnvironment("\n".join(faults))
    return Environment(*values)

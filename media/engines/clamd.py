"""Virus scanning by a clamd that runs somewhere: its protocol over a socket, in a few lines (clamd(8), INSTREAM).

The setting ``ARCHIVE_CLAMD`` says where: ``unix:///run/clamav/clamd.ctl`` or ``tcp://host:3310``; empty means that the
usual place is tried. Where nobody answers, a file is *not checked*, which is never the same as clean.
"""

import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Unavailable

logger = logging.getLogger(__name__)

USUAL = "unix:///run/clamav/clamd.ctl"
PORT = 3310
CHUNK = 256 * 1024
CONNECT_SECONDS = 5
ANSWER_SECONDS = 300
"""A large archive is unpacked while it is scanned."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said: the name of what it found, empty where it found nothing, and which scanner it was."""

    signature: str
    scanner: str


def available() -> bool:
    """Whether a scanner answers."""
    try:
        return _ask(b"PING") == "PONG"
    except OSError:
        return False


def version() -> str:
    """The versions of the scanner and its signatures with their date, empty where none answers."""
    try:
        return _ask(b"VERSION")
    except OSError:
        return ""


def scan(path: Path) -> Verdict | None:
    """Have a file looked at; None where no scanner answers, or where the file is larger than it takes.

    Raises:
        Unavailable: the scanner broke off, or says that it cannot scan at the moment.
    """
    try:
        scanner = _ask(b"VERSION")
    except OSError as fault:
        logger.info("No virus scanner answers: %s", fault)
        return None
    try:
        answer = _stream(path)
    except OSError as fault:
        raise _broken(str(fault)) from fault
    if "size limit exceeded" in answer:
        logger.warning("The virus scanner does not take files of %d bytes", path.stat().st_size)
        return None
    result = answer.removeprefix("stream:").strip()
    if result == "OK":
        return Verdict(signature="", scanner=scanner)
    if result.endswith(" FOUND"):
        return Verdict(signature=result.removesuffix(" FOUND"), scanner=scanner)
    raise _broken(answer)


def _stream(path: Path) -> str:
    """Send the file in pieces, each behind its length in four bytes, and an empty one at the end."""
    with _connected() as connection, path.open("rb") as stream:
        try:
            connection.sendall(b"zINSTREAM\0")
            while chunk := stream.read(CHUNK):
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
        except ConnectionError:
            # It stops listening when a file is too large for it; why, it has said already.
            return _answer(connection)
        return _answer(connection)


def _ask(command: bytes) -> str:
    with _connected() as connection:
        connection.sendall(b"z" + command + b"\0")
        return _answer(connection)


def _answer(connection: socket.socket) -> str:
    """What it says up to the NUL that ends an answer."""
    answer = b""
    while not answer.endswith(b"\0"):
        piece = connection.recv(4096)
        if not piece:
            break
        answer += piece
    if not answer:
        raise ConnectionResetError("it hung up without an answer")
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


@contextmanager
def _connected() -> Iterator[socket.socket]:
    address = urlsplit(settings.ARCHIVE_CLAMD or USUAL)
    if address.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target: str | tuple[str, int] = unquote(address.path)
    else:
        target = (address.hostname or "127.0.0.1", address.port or PORT)
        connection = socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET, socket.SOCK_STREAM)
    with connection:
        connection.settimeout(CONNECT_SECONDS)
        connection.connect(target)
        connection.settimeout(ANSWER_SECONDS)
        yield connection


def _broken(what: str) -> Unavailable:
    return Unavailable(
        _("The virus scanner broke off (%(answer)s). Look into its log; the file is tried again.") % {"answer": what}
    )

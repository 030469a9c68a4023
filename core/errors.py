"""The errors of the archive: one root, each branch with a stable code that interfaces and logs can rely on."""

from typing import ClassVar


class ArchiveError(Exception):
    """Something that a person or a program can be told: what is wrong, where, and what to do about it.

    The message is translated already and names the row, file or field and the remedy.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    """The HTTP status that a face answers with."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(ArchiveError):
    """What was given cannot be accepted as it is."""

    code = "invalid-input"


class NotFound(ArchiveError):
    """There is nothing by that name that this person may see."""

    code = "not-found"
    status = 404


class Withdrawn(ArchiveError):
    """There was something by that name; it has been withdrawn and left a tombstone."""

    code = "withdrawn"
    status = 410


class NotPermitted(ArchiveError):
    """The person may not do this; the message says why."""

    code = "not-permitted"
    status = 403


class Conflict(ArchiveError):
    """The state of the thing does not allow the change."""

    code = "conflict"
    status = 409


class Unavailable(ArchiveError):
    """A part of the platform does not answer at the moment; trying again later may help."""

    code = "unavailable"
    status = 503

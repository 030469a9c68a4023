"""How long a step may take and how much memory: what goes beyond is stopped, and says so.

A step is first asked to stop (an exception in the middle of its work); where it does not listen, because it is deep in
an engine, its process is ended a minute later. Memory is looked at twice a second. A limit set to the address space
(RLIMIT_AS) would not do: the recognition engine reserves several gigabytes that it never touches.
"""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import ArchiveError
from media.models import JobStep

Name = JobStep.Name

SECONDS = {
    Name.SCAN: 600,
    Name.PAGES: 300,
    Name.QUALITY: 120,
    Name.DERIVE: 300,
    Name.RECOGNISE: 600,
    Name.MASK: 120,
    Name.ASSEMBLE: 1800,
}
"""After so long a step is asked to stop; a page takes about two, a document of 10,000 pages four minutes."""

GRACE = 60

MEMORY_LOOK_SECONDS = 0.5


class TookTooLong(ArchiveError):
    """A step was stopped because it took longer than it may."""

    code = "took-too-long"


class TookTooMuchMemory(ArchiveError):
    """A step was stopped because its process held more memory than it may."""

    code = "took-too-much-memory"


def soft_limit(name: str) -> int:
    """Seconds after which a step is asked to stop."""
    return SECONDS[Name(name)]


def hard_limit(name: str) -> int:
    """Seconds after which the process of a step that does not stop is ended."""
    return SECONDS[Name(name)] + GRACE


def too_long(name: str) -> TookTooLong:
    """The failure of a step that took too long."""
    return TookTooLong(
        _("This took longer than %(seconds)d seconds and was stopped. Try again; if it stays so, look at the file.")
        % {"seconds": soft_limit(name)}
    )


def too_much_memory() -> TookTooMuchMemory:
    """The failure of a step that took too much memory."""
    return TookTooMuchMemory(
        _(
            "This took more than %(limit)d MiB of memory and was stopped. Scan the page at a lower resolution, "
            "or allow more (WORKER_MEMORY)."
        )
        % {"limit": settings.ARCHIVE_WORKER_MEMORY}
    )


def is_over_memory() -> bool:
    """Whether this process holds more memory of its own than ``WORKER_MEMORY``; mapped files do not count."""
    return held_memory() > settings.ARCHIVE_WORKER_MEMORY * 1024 * 1024


def held_memory() -> int:
    """Bytes that this process holds for itself; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    sizes = dict(line.split(":", 1) for line in lines)
    return sum(int(sizes.get(kind, "0 kB").split()[0]) for kind in ("RssAnon", "RssShmem")) * 1024

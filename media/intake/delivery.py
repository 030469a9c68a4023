"""The values of a delivery: its files, where each belongs, and the plan that is made of them."""

from dataclasses import dataclass
from pathlib import Path

from media.intake.catalogue import UnitRow
from media.intake.findings import Finding
from media.intake.names import ScanName


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a delivery: its path within it, its size in bytes, and where it lies if that is on this machine."""

    name: str
    size: int
    path: Path | None = None


@dataclass(slots=True)
class Placed:
    """A file whose unit is known; ``page`` is its number there, ``frames`` how many pages it holds, where known."""

    entry: Entry
    name: ScanName
    row: UnitRow
    page: int | None
    frames: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file that will be taken in: its name as it is kept, its unit, and its page within it as far as known."""

    entry: Entry
    name: str
    unit_id: int
    unit_code: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be taken in, in that order, and what was found. ``key`` is the same for the same delivery.

    ``there`` are the digital objects that the units hold already of what came.
    """

    files: tuple[PlannedFile, ...]
    findings: tuple[Finding, ...]
    total: int
    unit_count: int
    key: str
    there: tuple[int, ...] = ()

    @property
    def is_stopped(self) -> bool:
        """Whether nothing at all may be taken in."""
        return any(finding.stops_all for finding in self.findings)

    @property
    def left_out(self) -> int:
        """How many files stay outside."""
        return self.total - len(self.files)

    @property
    def size(self) -> int:
        """Bytes that will be taken in."""
        return sum(file.entry.size for file in self.files)

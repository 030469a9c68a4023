"""Numbers as they stand in print: digits in groups, with blanks, hyphens or one line break between them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_DIGITS: Final = re.compile(r"(?<![0-9])[0-9]+(?:[Xx](?![0-9A-Za-z]))?")
_WORDS: Final = re.compile(r"[0-9A-Za-z|]+")
_LIKE_DIGITS: Final = re.compile(r"[0-9OoQDlI|iZzSsB]+[Xx]?")
_GAP: Final = re.compile(r" ?-? ?|-? *\n *")


@dataclass(frozen=True, slots=True)
class Group:
    """Characters without anything between them; ``is_broken_off``: only a line break parts it from the one before."""

    start: int
    written: str
    is_broken_off: bool = False

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.start + len(self.written)


@dataclass(frozen=True, slots=True)
class Number:
    """Groups that follow each other and may be one number."""

    groups: Sequence[Group]
    before: bool
    after: bool
    """Whether there are more groups of the same row of numbers before and after it."""

    @property
    def written(self) -> str:
        """Its characters without what stands between them."""
        return "".join(group.written for group in self.groups)

    @property
    def start(self) -> int:
        """The offset of the first character."""
        return self.groups[0].start

    @property
    def end(self) -> int:
        """The offset after the last character."""
        return self.groups[-1].end

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of its groups; a line break alone makes no new group."""
        lengths: list[int] = []
        for group in self.groups:
            if group.is_broken_off and lengths:
                lengths[-1] += len(group.written)
            else:
                lengths.append(len(group.written))
        return tuple(lengths)

    @property
    def is_spaced_out(self) -> bool:
        """Whether every character stands alone, and nothing else does beside it."""
        return not (self.before or self.after) and all(len(group.written) == 1 for group in self.groups)


def numbers(text: str, shortest: int, longest: int, *, with_slips: bool = False) -> Iterator[Number]:
    """All that may be a number of so many digits (a last X counts as one), whole groups only.

    With ``with_slips`` words of digits and of letters that look like digits count, if they hold both.
    """
    for run in _runs(text, with_slips):
        for first in range(len(run)):
            length = 0
            for last in range(first, len(run)):
                length += len(run[last].written)
                if length > longest:
                    break
                if length >= shortest:
                    yield Number(run[first : last + 1], before=first > 0, after=last + 1 < len(run))


def _runs(text: str, with_slips: bool) -> Iterator[list[Group]]:
    run: list[Group] = []
    for group in _groups(text, with_slips):
        gap = text[run[-1].end : group.start] if run else ""
        is_next = bool(gap) and _GAP.fullmatch(gap) is not None and run[-1].written[-1:] not in {"X", "x"}
        if run and not is_next:
            yield run
            run = []
        run.append(Group(group.start, group.written, "\n" in gap and is_next))
    if run:
        yield run


def _groups(text: str, with_slips: bool) -> Iterator[Group]:
    if not with_slips:
        for found in _DIGITS.finditer(text):
            yield Group(found.start(), found.group())
        return
    for found in _WORDS.finditer(text):
        if _LIKE_DIGITS.fullmatch(found.group()):
            yield Group(found.start(), found.group())

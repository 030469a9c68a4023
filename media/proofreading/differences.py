"""What differs between two texts of a page, line by line, for people to see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel, Levenshtein

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line: in both texts, only in the earlier or only in the later one."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines that changed: the number of the first of them in the later text, from 1, and their stretches."""

    line: int
    spans: Sequence[Span]


def differences(old: str, new: str) -> list[Difference]:
    """The places where two texts differ, in the order of the later one; lines that are the same are left out."""
    before, after = _lines(old), _lines(new)
    return [
        Difference(into.start + 1, spans("\n".join(before[out_of]), "\n".join(after[into])))
        for out_of, into in _changed(before, after)
    ]


def spans(old: str, new: str) -> list[Span]:
    """One text after the other, cut where they differ."""
    found: list[Span] = []
    for step in Levenshtein.opcodes(old, new):
        gone, come = old[step.src_start : step.src_end], new[step.dest_start : step.dest_end]
        if step.tag == "equal":
            found.append(Span(come, "same"))
            continue
        if gone:
            found.append(Span(gone, "gone"))
        if come:
            found.append(Span(come, "new"))
    return found


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def _changed(old: Sequence[str], new: Sequence[str]) -> list[tuple[slice, slice]]:
    """Which lines of the old text became which of the new one; a removal and the addition beside it are one change."""
    changed: list[tuple[slice, slice]] = []
    follows_on = False
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            follows_on = False
            continue
        out_of, into = slice(step.src_start, step.src_end), slice(step.dest_start, step.dest_end)
        if follows_on:
            first = changed.pop()
            out_of, into = slice(first[0].start, out_of.stop), slice(first[1].start, into.stop)
        changed.append((out_of, into))
        follows_on = True
    return changed

"""What on a page or in a field may be private (L-23): all detectors together, each place once."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from media.lines import TextLine
from media.masking import minors, numbers, rolls
from media.masking.folding import Found, fold
from media.models import Mask

_ORDER: Final = {
    rule: place
    for place, rule in enumerate(
        (
            Mask.Rule.IDENTITY_NUMBER,
            Mask.Rule.BANK_CARD,
            Mask.Rule.MOBILE_NUMBER,
            Mask.Rule.MINOR,
            Mask.Rule.HOUSEHOLD,
        )
    )
}


def detect(text: str, lines: Sequence[TextLine] = (), day: dt.date | None = None) -> list[Found]:
    """Candidates in a text, in its order, none over another.

    Args:
        text: as it is stored; offsets count its characters.
        lines: the lines that `media.lines.join` makes the text of, where there are any.
        day: the last day of the document's date, for who is a child.
    """
    folded = fold(text)
    found = [
        *numbers.identity_numbers(folded),
        *numbers.bank_cards(folded),
        *numbers.telephones(folded),
        *minors.children(folded, day),
        *rolls.lists(folded, lines),
    ]
    return _each_place_once(found)


def _each_place_once(found: Iterable[Found]) -> list[Found]:
    """Of candidates over each other the surer kind of number stays, and of the same kind the longer, then the surer."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (_ORDER[one.rule], -(one.end - one.start), -one.certainty, one.start)):
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda one: one.start)

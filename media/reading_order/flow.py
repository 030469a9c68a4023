"""Where text flows on from one line to the next, and where it does not."""

from collections.abc import Iterable, Sequence
from statistics import median

from media.reading_order.cuts import Step
from media.reading_order.geometry import Piece, Unit

_OTHER_OUTLINE = 1.12
_OTHER_STEP = 1.15
_LINE_GAP = 1.6
_FULL_LINE = 1.5
_INDENT = 1.0
_PIECE_GAP = 3.0


def runs(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps in blocks: within a block the text flows on.

    A cell of a table, a title set larger than what follows, a passage in the other direction and the first line after
    a wide gap start a new block. A column flows on into the next when its last line is full and the next column does
    not start with an indent. Nothing flows on across a ruling line.
    """
    blocks: list[list[Step]] = []
    before: Step | None = None
    for step in steps:
        if before is None or not _flows(before, step):
            blocks.append([])
        blocks[-1].append(step)
        before = step
    return blocks


def _flows(before: Step, after: Step) -> bool:
    a, b = before.unit, after.unit
    if a.is_group or b.is_group or after.is_fresh or before.cell != after.cell:
        return False
    if before.cell is not None:
        return True
    if not _are_of_one_size(a, b):
        return False
    em = max(a.em, b.em)
    if abs(a.middle - b.middle) < 0.5 * em:
        return -em < b.x0 - a.x1 < _PIECE_GAP * em
    if b.middle > a.middle and before.right > after.left and after.right > before.left:
        return b.y0 - a.y1 < _LINE_GAP * em
    # Up again, to the top of the next column.
    return before.right - a.x1 < _FULL_LINE * em and b.x0 - after.left < _INDENT * em


def _are_of_one_size(a: Unit, b: Unit) -> bool:
    """Compared by outline and by step from character to character.

    An outline varies with the shapes of the characters, a step with the spacing of justified lines: type of another
    size differs in both, and in the same sense.
    """
    outline = (a.y1 - a.y0) / max(b.y1 - b.y0, 1.0)
    one, two = _pitch(a.pieces), _pitch(b.pieces)
    if one is None or two is None:
        return 1 / _OTHER_OUTLINE**2 < outline < _OTHER_OUTLINE**2
    is_larger = outline > _OTHER_OUTLINE and one > _OTHER_STEP * two
    is_smaller = outline < 1 / _OTHER_OUTLINE and two > _OTHER_STEP * one
    return not is_larger and not is_smaller


def _pitch(pieces: Iterable[Piece]) -> float | None:
    steps = [piece.pitch for piece in pieces if piece.pitch is not None]
    return median(steps) if steps else None

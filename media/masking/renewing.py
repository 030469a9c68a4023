"""Everything that the public gets of a page, worked out anew from its masks; and masks that follow a text."""

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from media.lines import Box, TextLine, join, to_json
from media.masking import covering, incidents, proposing, redrawing
from media.masking.proposing import LONGEST, current_text
from media.models import Mask, Page, PageText


def renew(page: Page, *, drawn: Sequence[Box] | None = None) -> None:
    """Write, in the caller's transaction, the text for the public, and whether the public image can be shown.

    ``drawn``: the boxes that the files of the public image show, None where they are to be drawn anew. A page that
    nobody has read keeps its veil: there is no telling what stands on it.
    """
    text = current_text(page)
    hiding = list(page.masks.hiding())
    if text is None and not hiding and page.is_masked:
        return
    if text is not None:
        write_public_text(page, text, hiding)
    redrawing.record(page, drawn=drawn)
    redrawing.tell(page)


def renew_after_decision(page: Page, before: Sequence[Box]) -> None:
    """`renew` after a person's decision; the image stays where the same boxes are hidden as ``before``."""
    wanted = redrawing.boxes_now(page)
    if list(before) == wanted and page.is_masked and page.redrawn_at is not None:
        redrawing.note(page)
        return
    renew(page, drawn=None)


def write_public_text(page: Page, text: PageText, hiding: Sequence[Mask]) -> None:
    """Store what everybody may read of a text; None where that is all of it."""
    public: list[TextLine] | None = None
    if hiding:
        public = covering.cover(text.text_lines(), covering.ranges_of(hiding), covering.places_of(hiding))
    text.public_text = None if public is None else join(public)
    text.public_lines = None if public is None else to_json(public)
    text.save(update_fields=["public_text", "public_lines"])


def carry_over(old: PageText | None, new: PageText) -> None:
    """Move the masks of a page to its new current text and look for candidates in it, in the caller's transaction.

    A mark of secrecy closes the file away at once.

    A mask finds its place by aligning the texts. What a person has masked never becomes smaller: the boxes where it
    was stay, those of its new place are added. Nothing is to be seen of the new text before this has been done. The
    caller tells of the change (`media.signals.pages_changed`).
    """
    if not new.is_current:
        return
    page = redrawing.locked(new.page_id)
    before = redrawing.boxes_now(page)
    if old is not None:
        _move(list(page.masks.filter(start__isnull=False)), old.text, new)
    proposing.propose(page, new)
    new.page = page
    write_public_text(page, new, list(page.masks.hiding()))
    wanted = redrawing.boxes_now(page)
    if wanted != before:
        redrawing.record(page, drawn=None)
    elif page.is_masked and page.redrawn_at is None:
        redrawing.ask(page)  # only who has looked at the whole page takes its veil off
    marks = incidents.marks_on(page, new.text)
    if marks:
        incidents.quarantine(page, marks)


def turn(page: Page, degrees: int) -> None:
    """Turn the boxes on a page with it, clockwise by 90, 180 or 270 degrees, in the caller's transaction.

    For a page whose turn is corrected; ``page`` has the size that it had before.
    """
    masks = list(page.masks.all())
    for mask in masks:
        mask.boxes = [_turned(Box(*numbers), page.width, page.height, degrees) for numbers in mask.boxes]
    Mask.objects.bulk_update(masks, ["boxes"])


def _move(masks: Sequence[Mask], old: str, new: PageText) -> None:
    lines = new.text_lines()
    places = _alignment(old, new.text)
    for mask in masks:
        assert mask.start is not None and mask.end is not None, "only such are asked for"
        start, end = places[min(mask.start, len(old))], places[min(mask.end, len(old))]
        if start < end:
            mask.start, mask.end = start, end
            if mask.decision != Mask.Decision.SHOWN:  # what a person has let pass is what stood there then
                mask.written = new.text[start:end][:LONGEST]
            mask.boxes = _with_more(mask.boxes, covering.place_of(lines, start, end))
        else:
            mask.start = mask.end = None
    Mask.objects.bulk_update(masks, ["start", "end", "written", "boxes"])


def _alignment(old: str, new: str) -> list[int]:
    """For each offset of the old text the offset of the new one; what was replaced goes where its heir begins."""
    places = [0] * (len(old) + 1)
    for step in Levenshtein.opcodes(old, new):
        for offset in range(step.src_start, step.src_end):
            places[offset] = min(step.dest_start + offset - step.src_start, step.dest_end)
        places[step.src_end] = step.dest_end
    places[len(old)] = len(new)
    return places


def _with_more(before: list[list[int]], more: list[list[int]]) -> list[list[int]]:
    """The boxes, and of the further ones those that do not lie within one of them."""
    kept = list(before)
    for numbers in more:
        box = Box(*numbers)
        if not any(_holds(Box(*each), box) for each in kept):
            kept.append(numbers)
    return kept


def _holds(outer: Box, inner: Box) -> bool:
    is_across = outer.x <= inner.x and inner.right <= outer.right
    return is_across and outer.y <= inner.y and inner.bottom <= outer.bottom


def _turned(box: Box, width: int, height: int, degrees: int) -> list[int]:
    x, y, w, h = {
        0: (box.x, box.y, box.w, box.h),
        90: (height - box.bottom, box.x, box.h, box.w),
        180: (width - box.right, height - box.bottom, box.w, box.h),
        270: (box.y, width - box.right, box.h, box.w),
    }[degrees % 360]
    return [x, y, w, h]

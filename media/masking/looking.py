"""The step that looks at a page: marks of secrecy, candidates for masking, and the image for the public."""

from collections.abc import Callable

from archive import opening
from media.masking import covering, incidents, proposing, redrawing, renewing, secrecy
from media.models import Mask, Page


def look(page: Page) -> Callable[[], None]:
    """Look for what must not be shown; the second half writes the rows, in a transaction that is open already.

    A mark of secrecy puts the file into quarantine; a mark for internal use makes the unit controlled; everything that
    may be private becomes a candidate and is kept from the public until somebody decides on it. The image for the
    public is drawn here and counts only if nobody has decided otherwise meanwhile.

    Raises:
        InvalidInput: the image of the page cannot be read.
        Unavailable: the storage cannot take the public image.
    """
    text = proposing.current_text(page)
    if text is None:
        return lambda: None
    marks = incidents.marks_on(page, text.text)
    internal = secrecy.internal_marks_in(text.text)
    kept, new = proposing.plan(page, text, page.masks.all())
    hiding = [mask for mask in [*kept, *new] if mask.decision != Mask.Decision.SHOWN]
    drawn = covering.boxes_of(hiding, page.width, page.height)
    if not marks:
        redrawing.draw(page, drawn)

    def record() -> None:
        row = redrawing.locked(page.pk)
        current = proposing.current_text(row)
        if current is None:
            return
        if internal:
            opening.control(row.unit.record, reason=internal[0], by=None)
        proposing.propose(row, current)
        if row.number == 1:
            proposing.look_at_record(row.unit.record)
        renewing.renew(row, drawn=None if marks else drawn)
        if marks:
            incidents.quarantine(row, marks)

    return record

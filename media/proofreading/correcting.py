"""Correct the text of a page, or go back to an earlier one."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from rapidfuzz.distance import Levenshtein

from accounts.models import User
from archive import access
from core.errors import InvalidInput
from media.lines import join
from media.models import PageText
from media.proofreading import storing
from media.proofreading.arranging import Edit, arrange, same
from media.proofreading.storing import Change


def correct(
    page_text: PageText, edits: Sequence[Edit], *, by: User | None, note: str = "", seen: PageText | None = None
) -> PageText:
    """Write a corrected text; the row that it starts from, and all before it, stay.

    ``edits`` count the lines of ``page_text``. Somebody who has been told that another text is current meanwhile, and
    wants theirs all the same, names that one as ``seen``. Where nothing has changed the current row is returned.

    Raises:
        NotPermitted: this person may not proofread.
        InvalidInput: the edits do not fit the text.
        Conflict: ``page_text`` (or ``seen``) is not the current text of the page any more; nothing was written.
    """
    access.require(by, "proofread")
    with transaction.atomic():
        page = storing.lock([page_text.page_id])[page_text.page_id]
        current = storing.require_current(seen or page_text)
        current.page = page
        before = page_text.text_lines()
        lines = arrange(before, edits, page.width, page.height)
        if same(lines, current.text_lines()):
            return current
        said = {"characters": Levenshtein.distance(current.text, join(lines))}
        made_from = page_text if page_text.pk != current.pk else None
        change = Change(current, lines, note=note, made_from=made_from, said=said)
        return storing.store([change], by=by, action="text correction")[0]


def restore(old: PageText, *, by: User | None, seen: PageText) -> PageText:
    """Make an earlier text of a page the current one again, as a new row that says where it comes from.

    Raises:
        NotPermitted: this person may not proofread.
        InvalidInput: the text belongs to another page.
        Conflict: ``seen`` is not the current text any more.
    """
    access.require(by, "proofread")
    if old.page_id != seen.page_id:
        raise InvalidInput(_("This text belongs to another page."))
    with transaction.atomic():
        page = storing.lock([seen.page_id])[seen.page_id]
        current = storing.require_current(seen)
        if old.pk == current.pk:
            return current
        current.page = page
        change = Change(current, old.text_lines(), made_from=old, said={"restored": old.pk})
        return storing.store([change], by=by, action="text restoration")[0]

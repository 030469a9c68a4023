"""How far a text can be trusted (O-04): machine → checked → proofread, each by a person, the last by another one.

Proofread is a text that two people have seen (四眼): whoever says so has neither made the last correction nor called
the text checked. A correction afterwards takes it back to checked.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit
from archive.access import Answer
from core.errors import Conflict, NotPermitted
from media.models import PageText
from media.proofreading import accuracies, storing

Quality = PageText.Quality

ORDER: Final = (Quality.MACHINE, Quality.CHECKED, Quality.PROOFREAD)


def may_judge(page_text: PageText, quality: str, by: User | None) -> Answer:
    """Whether this person may give the text this state; if not, why."""
    allowed = access.may(by, "proofread")
    if not allowed or by is None or quality != Quality.PROOFREAD:
        return allowed
    if page_text.quality == Quality.MACHINE:
        return Answer(allowed=False, reason=_("A text is checked first, then proofread by another person."))
    if by.pk in _had_a_hand(page_text):
        return Answer(
            allowed=False, reason=_("You have corrected or checked this text yourself; a colleague proofreads it.")
        )
    return allowed


def set_quality(page_text: PageText, quality: PageText.Quality, *, by: User | None) -> PageText:
    """Give the current text of a page a state, with the date and the person; in one transaction with the audit.

    A text that becomes proofread is compared with what the machine had read (O-05).

    Raises:
        NotPermitted: this person may not, or has had a hand in the text.
        Conflict: the text is not the current one any more.
    """
    answer = may_judge(page_text, quality, by)
    if not answer:
        raise NotPermitted(answer.reason)
    with transaction.atomic():
        page = storing.lock([page_text.page_id])[page_text.page_id]
        current = storing.require_current(page_text)
        if current.quality == quality:
            return current
        _require_another(current, quality, by)
        before = current.quality
        current.page, current.quality = page, quality
        current.judged_by, current.judged_at = by, timezone.now()
        measured = accuracies.measure(current) if quality == Quality.PROOFREAD else None
        current.machine_errors = measured.errors if measured else None
        current.character_count = measured.characters if measured else None
        current.save(update_fields=["quality", "judged_by", "judged_at", "machine_errors", "character_count"])
        said = {"text": current.pk, "quality": quality}
        audit.append("text state", page, by=by, before={"text": current.pk, "quality": before}, after=said)
        storing.tell([page])
    return current


def _require_another(current: PageText, quality: str, by: User | None) -> None:
    """The same question about the row as it is now that it is locked."""
    answer = may_judge(current, quality, by)
    if not answer:
        raise Conflict(answer.reason)


def _had_a_hand(page_text: PageText) -> set[int]:
    corrector = page_text.made_by_id if page_text.origin == PageText.Origin.CORRECTED else None
    return {each for each in (corrector, page_text.judged_by_id) if each is not None}

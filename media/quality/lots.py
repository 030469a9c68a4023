"""Sign a batch off by a sample: drawn by chance from a seed, judged page by page, signed by somebody else (D-16).

What a machine can check is checked on every page; every error that it found must have been decided. Of the sample at
least 95 percent must be good.
"""

import math
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from archive import access, audit
from archive.models import Batch
from core.errors import Conflict, InvalidInput, NotPermitted
from media.models import Finding, Job, Lot, LotPage, Page, State

LEAST_SHARE: Final = 0.05
"""Of the pages of a batch that a person must look at."""

LEAST_GOOD: Final = 0.95
"""Of the pages looked at that must be good."""

_LARGEST_SEED: Final = 2**32


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a lot is: pages drawn, judged and good; errors of the batch that nobody has decided; new pages."""

    drawn: int
    judged: int
    good: int
    open_errors: int
    confirmed: int
    pages_now: int
    pages_then: int

    @property
    def left(self) -> int:
        """Pages of the sample that nobody has judged."""
        return self.drawn - self.judged

    @property
    def share_good(self) -> float:
        """Of the pages judged, 0 to 1."""
        return self.good / self.judged if self.judged else 0.0

    @property
    def percent_good(self) -> float:
        """The same in percent, rounded down to a tenth, so that 94.96 is not shown as the limit."""
        return math.floor(self.share_good * 1000) / 10

    @property
    def has_grown(self) -> bool:
        """Whether the batch does not have the pages any more that the sample was drawn from."""
        return self.pages_now != self.pages_then

    @property
    def would_pass(self) -> bool:
        """Whether enough of the sample is good."""
        return self.judged == self.drawn and self.share_good >= LEAST_GOOD

    def obstacles(self) -> list[str]:
        """Why the lot cannot be signed yet, in words; empty when it can."""
        found = []
        if self.has_grown:
            found.append(_("The batch has changed since the sample was drawn. Draw again."))
        if self.left:
            found.append(
                ngettext(
                    "%(count)d page of the sample has not been judged.",
                    "%(count)d pages of the sample have not been judged.",
                    self.left,
                )
                % {"count": self.left}
            )
        if self.open_errors:
            found.append(
                ngettext(
                    "%(count)d error found by machine has not been decided.",
                    "%(count)d errors found by machine have not been decided.",
                    self.open_errors,
                )
                % {"count": self.open_errors}
            )
        return found


def pages_of(batch: Batch) -> QuerySet[Page]:
    """The pages of a batch that are worked on: those of quarantined files are not looked at (L-18)."""
    return Page.objects.filter(digital_object__batch=batch, digital_object__quarantined_at__isnull=True)


def current(batch: Batch) -> Lot | None:
    """The sample of a batch that was drawn last; None where none was."""
    return Lot.objects.filter(batch=batch).select_related("signed_by", "drawn_by").first()


@transaction.atomic
def draw(batch: Batch, *, by: User | None, share: float = LEAST_SHARE, seed: int | None = None) -> Lot:
    """Draw the sample of a batch by chance: of each unit as large a share as of the whole.

    The same seed over the same pages gives the same sample. It is drawn once: again only when the batch has changed,
    or the lot was signed as not passed.

    Raises:
        NotPermitted: this person may not digitise or review.
        InvalidInput: the share is less than `LEAST_SHARE` or more than all, or the seed is out of range.
        Conflict: a sample has been drawn, the batch has no pages, or its pages are still being made.
    """
    _require_judge(by)
    if not LEAST_SHARE <= share <= 1:
        raise InvalidInput(_("The sample holds between 5 and 100 percent of the pages."))
    if seed is not None and not 0 <= seed < _LARGEST_SEED:
        raise InvalidInput(_("The seed is a whole number from 0 to 4294967295."))
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    _refuse_second_draw(batch)
    if Job.objects.filter(batch=batch, state__in=[State.QUEUED, State.RUNNING]).exists():
        raise Conflict(_("Pages of this batch are still being made. Draw the sample when all are there."))
    rows = list(pages_of(batch).order_by("unit_id", "number").values_list("unit_id", "pk"))
    if not rows:
        raise Conflict(_("This batch has no pages to draw from."))
    seed = secrets.randbelow(_LARGEST_SEED) if seed is None else seed
    chosen = sample(rows, share, seed)
    lot = Lot.objects.create(batch=batch, seed=seed, pages_in_batch=len(rows), drawn_by=by)
    LotPage.objects.bulk_create((LotPage(lot=lot, page_id=page) for page in chosen), batch_size=500)
    audit.append("draw sample", lot, by=by, after={"seed": seed, "of": len(rows), "pages": chosen}, batch=batch)
    return lot


def sample(rows: Sequence[tuple[int, int]], share: float, seed: int) -> list[int]:
    """Of pages given with their unit, in order, at least ``share``, spread over the units by their size.

    The pages of each unit are shuffled, the units laid one after the other, and every so-manieth page is taken from a
    start by chance (systematic sampling): of no unit one page more or less than its share is taken.
    """
    chance = random.Random(seed)  # noqa: S311 (it must be repeatable, nothing is kept secret by it)
    by_unit: dict[int, list[int]] = {}
    for unit, page in rows:
        by_unit.setdefault(unit, []).append(page)
    laid: list[int] = []
    units = list(by_unit)
    chance.shuffle(units)
    for unit in units:
        pages = by_unit[unit]
        chance.shuffle(pages)
        laid += pages
    count = max(1, math.ceil(round(len(laid) * share, 9)))
    step = len(laid) / count
    start = chance.random() * step
    return sorted(laid[min(int(start + step * number), len(laid) - 1)] for number in range(count))


def standing(lot: Lot) -> Standing:
    """How far a lot is; three queries."""
    counted = lot.drawn.aggregate(
        drawn=Count("pk"),
        judged=Count("pk", filter=Q(is_good__isnull=False)),
        good=Count("pk", filter=Q(is_good=True)),
    )
    found = findings_of(lot.batch).filter(severity=Finding.Severity.ERROR)
    errors = found.aggregate(
        open=Count("pk", filter=Q(decision=Finding.Decision.OPEN)),
        confirmed=Count("pk", filter=Q(decision=Finding.Decision.CONFIRMED)),
    )
    return Standing(
        drawn=counted["drawn"],
        judged=counted["judged"],
        good=counted["good"],
        open_errors=errors["open"],
        confirmed=errors["confirmed"],
        pages_now=pages_of(lot.batch).count(),
        pages_then=lot.pages_in_batch,
    )


def findings_of(batch: Batch) -> QuerySet[Finding]:
    """What was found on the files of a batch."""
    return Finding.objects.filter(digital_object__batch=batch, digital_object__quarantined_at__isnull=True)


@transaction.atomic
def sign(lot: Lot, *, by: User, note: str = "") -> Lot:
    """Sign a lot; it passes where at least `LEAST_GOOD` of the sample is good, and is signed as not passed otherwise.

    Raises:
        NotPermitted: this person may neither digitise nor review, or brought the batch in.
        Conflict: it has been signed, or something is still to be judged or decided.
    """
    _require_judge(by)
    lot = Lot.objects.select_for_update(of=("self",)).select_related("batch").get(pk=lot.pk)
    if lot.batch.created_by_id == by.pk:
        raise NotPermitted(_("Nobody signs off a batch that they brought in themselves; ask a colleague."))
    if lot.signed_at is not None:
        raise Conflict(_("This lot has been signed already."))
    found = standing(lot)
    obstacles = found.obstacles()
    if obstacles:
        raise Conflict(" ".join(obstacles))
    lot.signed_by, lot.signed_at, lot.is_passed, lot.note = by, timezone.now(), found.would_pass, note.strip()
    lot.save(update_fields=["signed_by", "signed_at", "is_passed", "note"])
    after = {"passed": lot.is_passed, "drawn": found.drawn, "good": found.good, "confirmed": found.confirmed}
    audit.append("sign lot", lot, by=by, after=after, batch=lot.batch)
    return lot


def may_judge(user: User | None) -> bool:
    """Whether this person may draw and sign: who digitises, and who reviews."""
    return bool(access.may(user, "ingest")) or bool(access.may(user, "publish"))


def _require_judge(user: User | None) -> None:
    if not may_judge(user):
        access.require(user, "ingest")


def _refuse_second_draw(batch: Batch) -> None:
    earlier = current(batch)
    if earlier is None or earlier.is_passed is False:
        return
    if earlier.is_passed:
        raise Conflict(_("This batch has been signed off already."))
    if not standing(earlier).has_grown:
        raise Conflict(_("The sample of this batch has been drawn already; it is not drawn until it pleases."))

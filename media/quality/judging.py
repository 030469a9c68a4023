"""What a person decides at the light table about one page or one finding; each is audited and can be taken back.

The master is never touched: a turn is a number on the page, from which its images are made anew.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access
from archive.models import Evidence
from core.errors import Conflict, InvalidInput
from media import jobs, masking
from media.models import Finding, Job, LotPage, Page, PageText
from media.quality import actions
from media.quality.actions import Action

Decision = Finding.Decision


def accept(page: Page, *, by: User | None) -> Page:
    """The image is good as it is; with it its open findings are accepted, and the page in an open lot is good.

    Raises:
        NotPermitted: this person may not digitise, nor review a page of a sample.
    """
    return _judge(page, Page.Verdict.ACCEPTED, Decision.ACCEPTED, by)


def rescan(page: Page, *, by: User | None) -> Page:
    """The page must be scanned again; with it its open findings are confirmed, and the page in an open lot is bad.

    Raises:
        NotPermitted: as `accept`.
    """
    return _judge(page, Page.Verdict.RESCAN, Decision.CONFIRMED, by)


@transaction.atomic
def turn(page: Page, degrees: int, *, by: User | None) -> Page:
    """Turn a page clockwise by a multiple of 90 degrees and have its images, measures and text made anew.

    Raises:
        NotPermitted: this person may not digitise.
        InvalidInput: no multiple of 90 degrees.
        Conflict: the text was checked by a person or supplied with the file, and lies on the image as it is.
    """
    access.require(by, "ingest", page.unit.record)
    page = actions.locked(page)
    if degrees % 90:
        raise InvalidInput(_("A page is turned by 90, 180 or 270 degrees."))
    _refuse_if_worked_on(page)
    before, after = page.turn, (page.turn + degrees) % 360
    apply_turn(page, after, by=by)
    actions.write(Action.TURN, page, by=by, before={"turn": before}, after={"turn": after})
    return page


@transaction.atomic
def decide(finding: Finding, decision: Finding.Decision, *, by: User | None) -> Finding:
    """Accept a finding as it is, or confirm that it is a fault.

    Raises:
        NotPermitted: this person may not digitise.
        InvalidInput: no decision was made.
    """
    access.require(by, "ingest", finding.digital_object.unit.record)
    if decision == Decision.OPEN:
        raise InvalidInput(_("Accept the finding or confirm it."))
    finding = Finding.objects.select_for_update().select_related("digital_object").get(pk=finding.pk)
    before = finding.decision
    finding.decision, finding.decided_by, finding.decided_at = decision, by, timezone.now()
    finding.save(update_fields=["decision", "decided_by", "decided_at"])
    actions.write(Action.DECIDE, finding, by=by, before={"decision": before}, after={"decision": decision})
    return finding


def apply_turn(page: Page, turn: int, *, by: User | None) -> None:
    """Set the turn of a page and have everything made anew that depends on it, in the caller's transaction.

    A page without a job, as a loader may have made it, keeps its images until somebody digitises it.
    """
    degrees = (turn - page.turn) % 360
    is_made_anew = Job.objects.filter(digital_object=page.digital_object).exists()
    if degrees and not is_made_anew and page.masks.exists():
        raise Conflict(_("Something on this page is to be masked. Have the file digitised before it is turned."))
    _turn_cited_regions(page, degrees)
    if degrees:
        masking.turn(page, degrees)
    page.turn, page.judged_by = turn, by  # recognition turns no page that a person has looked at
    if degrees % 180 and is_made_anew:
        # Boxes lie on the page as it is turned now; whoever turns it again before its images are made counts on that.
        page.width, page.height = page.height, page.width
    page.save(update_fields=["turn", "judged_by", "width", "height"])
    page.findings.filter(decision=Decision.OPEN, code__in=["orientation", "lying"]).delete()
    if is_made_anew:
        jobs.repeat_page(page, by=by)


def _turn_cited_regions(page: Page, degrees: int) -> None:
    """Evidence cites regions in pixels of the upright page; they lie on the same words when it is turned."""
    rows = list(Evidence.objects.filter(unit=page.unit_id, page=page.number, region__isnull=False))
    width, height = page.width, page.height
    for _quarter in range(degrees // 90):
        for row in rows:
            x, y, w, h = row.region or (0, 0, 0, 0)
            row.region = [height - y - h, x, h, w]
        width, height = height, width
    Evidence.objects.bulk_update(rows, ["region"])


@transaction.atomic
def _judge(page: Page, verdict: Page.Verdict, decision: Finding.Decision, by: User | None) -> Page:
    _require_judge(page, by)
    page = actions.locked(page)
    open_findings = list(page.findings.filter(decision=Decision.OPEN).values_list("pk", flat=True))
    drawn = _drawn(page)
    before = {
        "verdict": page.verdict,
        "judged_by": page.judged_by_id,
        "judged_at": page.judged_at,
        "findings": open_findings,
        "drawn": [[row.pk, row.is_good] for row in drawn],
    }
    now = timezone.now()
    page.verdict, page.judged_by, page.judged_at = verdict, by, now
    page.save(update_fields=["verdict", "judged_by", "judged_at"])
    Finding.objects.filter(pk__in=open_findings).update(decision=decision, decided_by=by, decided_at=now)
    LotPage.objects.filter(pk__in=[row.pk for row in drawn]).update(is_good=verdict == Page.Verdict.ACCEPTED)
    actions.write(Action.JUDGE, page, by=by, before=before, after={"verdict": verdict, "findings": decision})
    return page


def _require_judge(page: Page, by: User | None) -> None:
    """Who digitises judges every page; who reviews, the pages of a sample, for the one who scanned does not sign."""
    if not (access.may(by, "publish") and _drawn(page)):
        access.require(by, "ingest", page.unit.record)


def _drawn(page: Page) -> Sequence[LotPage]:
    """The page in samples that have not been signed."""
    return list(LotPage.objects.filter(page=page, lot__signed_at__isnull=True))


def _refuse_if_worked_on(page: Page) -> None:
    """A turn would part boxes that a person has vouched for from what they lie on."""
    by_machine = Q(quality=PageText.Quality.MACHINE) & ~Q(origin=PageText.Origin.SUPPLIED)
    if page.texts.filter(is_current=True).exclude(by_machine).exists():
        raise Conflict(
            _(
                "The text of this page was checked or came with the file, and lies on the image as it is; "
                "it cannot be turned."
            )
        )

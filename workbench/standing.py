"""Where a unit stands: how far its digitisation, its texts and its masks are, and which decisions are possible now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from archive import access, opening, workflow
from archive.access import Answer
from archive.models import AuditEvent, Batch, Opening, Record, Scope, Status, Unit
from media import jobs, masking
from media.assembly import making
from media.jobs import JobProgress, Progress
from media.models import DigitalObject, Finding, Job, Mask, Page, PageText

FILES_SHOWN: Final = 10
DECISIONS_SHOWN: Final = 10

Deed = Literal["submit", "return", "publish", "open", "withdraw"]

LABELS: Final[dict[Deed, str | Promise]] = {
    "submit": gettext_lazy("Submit for review"),
    "return": gettext_lazy("Return to the archivist"),
    "publish": gettext_lazy("Publish"),
    "open": gettext_lazy("Open to the public"),
    "withdraw": gettext_lazy("Withdraw"),
}
EXPLANATIONS: Final[dict[Deed, str | Promise]] = {
    "submit": gettext_lazy("Hands the unit to the reviewers."),
    "return": gettext_lazy("Gives it back with what is to be done."),
    "publish": gettext_lazy("The public sees it as far as it has been opened."),
    "open": gettext_lazy("Says how much the public gets once the unit is published."),
    "withdraw": gettext_lazy("Takes it down everywhere. Its identifier stays and says that it was withdrawn, and why."),
}
WITH_REASON: Final[frozenset[Deed]] = frozenset({"return", "withdraw"})

DECISIONS: Final[dict[str, str | Promise]] = {
    "create": gettext_lazy("Created"),
    "submit": gettext_lazy("Submitted for review"),
    "return": gettext_lazy("Returned to the archivist"),
    "publish": gettext_lazy("Published"),
    "withdraw": gettext_lazy("Taken down"),
    "open": gettext_lazy("Opened to the public"),
    "close": gettext_lazy("Closed for a time"),
    "control": gettext_lazy("Marked as controlled"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be done with the unit in its present state, and whether this person may do it."""

    deed: Deed
    answer: Answer

    @property
    def label(self) -> str:
        """What the button says."""
        return str(LABELS[self.deed])

    @property
    def explanation(self) -> str:
        """What follows from it."""
        return str(EXPLANATIONS[self.deed])

    @property
    def needs_reason(self) -> bool:
        """Whether a reason must be given."""
        return self.deed in WITH_REASON


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of the past: what, by whom, when, why, up to which scope."""

    event: AuditEvent

    @property
    def label(self) -> str:
        """What was decided."""
        return str(DECISIONS[self.event.action])

    @property
    def reason(self) -> str:
        """Why; empty where no reason was needed."""
        after = self.event.after or {}
        return str(after.get("reason") or after.get("closure_reason") or "")

    @property
    def scope(self) -> str:
        """How far it was opened; empty for every other decision."""
        granted = (self.event.after or {}).get("authorised_scope") if self.event.action == "open" else None
        return str(Scope(granted).label) if granted is not None and granted in Scope.values else ""


@dataclass(frozen=True, slots=True)
class Digitised:
    """The files and pages of a unit. ``files`` are those listed, of ``progress.files``."""

    progress: Progress
    files: Sequence[JobProgress]
    pages: int
    with_image: int
    not_judged: int
    to_rescan: int
    errors: int
    warnings: int
    batches: Sequence[Batch]


@dataclass(frozen=True, slots=True)
class Texts:
    """How many pages have a text in each state."""

    machine: int
    checked: int
    proofread: int
    without: int


@dataclass(frozen=True, slots=True)
class Masks:
    """What was found to be private: undecided, masked, shown; pages whose public image waits to be redrawn."""

    undecided: int
    masked: int
    shown: int
    to_redraw: int
    unread: int


def digitised(unit: Unit, user: User) -> Digitised:
    """Files, pages and findings, in a constant number of queries."""
    files = DigitalObject.objects.filter(Q(unit=unit) | Q(pages__unit=unit)).distinct()
    of_unit = Job.objects.filter(digital_object__in=files)
    counted = (
        Page.objects.visible_to(user)
        .filter(unit=unit)
        .aggregate(
            pages=Count("pk"),
            with_image=Count("pk", filter=Q(derived_at__isnull=False)),
            not_judged=Count("pk", filter=Q(verdict=Page.Verdict.OPEN)),
            to_rescan=Count("pk", filter=Q(verdict=Page.Verdict.RESCAN)),
        )
    )
    here = Q(page__unit=unit) | Q(page__isnull=True, digital_object__unit=unit)
    found = Finding.objects.filter(here, decision=Finding.Decision.OPEN).aggregate(
        errors=Count("pk", filter=Q(severity=Finding.Severity.ERROR)),
        warnings=Count("pk", filter=Q(severity=Finding.Severity.WARNING)),
    )
    batches = Batch.objects.filter(digital_objects__pages__unit=unit)
    return Digitised(
        progress=jobs.overview(of_unit),
        files=jobs.progress_of(jobs.recent(of_unit)[:FILES_SHOWN]),
        batches=list(batches.annotate(first_page=Min("digital_objects__pages")).order_by("pk")),
        **counted,
        **found,
    )


def texts(unit: Unit, user: User) -> Texts:
    """The states of the texts, and how many pages have none."""
    pages = Page.objects.visible_to(user).filter(unit=unit)
    rows = PageText.objects.filter(page__in=pages, is_current=True).order_by()
    by_state = dict(rows.values_list("quality").annotate(Count("pk")))
    known = {state.value: by_state.get(state.value, 0) for state in PageText.Quality}
    return Texts(**known, without=pages.count() - sum(known.values()))


def masks(unit: Unit) -> Masks:
    """The decisions on what may be private."""
    counted = Mask.objects.of_unit(unit).aggregate(
        undecided=Count("pk", filter=Q(decision=Mask.Decision.OPEN)),
        masked=Count("pk", filter=Q(decision=Mask.Decision.MASKED)),
        shown=Count("pk", filter=Q(decision=Mask.Decision.SHOWN)),
    )
    return Masks(
        to_redraw=unit.pages.filter(is_masked=True, redrawn_at__isnull=True).count(),
        unread=masking.unread_pages().filter(unit=unit).count(),
        **counted,
    )


def document_address(unit: Unit) -> str:
    """Where the document of the unit is, if it has been made in its present state; otherwise empty."""
    made = making.current(unit)
    return reverse("api:record_document", args=[unit.record.ark_text]) if made is not None else ""


def steps(record: Record, user: User) -> list[Step]:
    """What can be done with a record in the state it is in, whether or not this person may."""
    deeds: list[Deed] = ["submit", "publish", "return", "open", "withdraw"]
    status = Status(record.status)
    possible = [
        deed
        for deed in deeds
        if (deed == "open" and status != Status.WITHDRAWN) or (deed != "open" and status in workflow.MOVES[deed][0])
    ]
    return [Step(deed, access.may(user, deed, record)) for deed in possible]


def decisions(record: Record) -> list[Decision]:
    """The last decisions on the record, the newest first."""
    events = AuditEvent.objects.filter(object_type="record", object_key=record.ark, action__in=DECISIONS)
    return [Decision(event) for event in events.order_by("-sequence")[:DECISIONS_SHOWN]]


def closing(unit: Unit) -> list[Record]:
    """The records above a unit that keep it from the public: not published, not open, or closed."""
    above = [each.record for each in Unit.objects.get_ancestors(unit).select_related("record")]
    today = timezone.localdate()
    return [
        record
        for record in above
        if opening.own_scope(record) == Scope.NOTHING or (record.own_closed_until and record.own_closed_until > today)
    ]


def is_open(record: Record) -> bool:
    """Whether the record has been marked open up to some scope."""
    return record.opening == Opening.OPEN and record.authorised_scope > Scope.NOTHING

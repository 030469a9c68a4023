"""May this person do this, and if not, why."""

from dataclasses import dataclass
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import Role, User
from archive.models import AuditEvent, Record
from core.errors import NotPermitted

Action = Literal[
    "describe", "ingest", "proofread", "mask", "release", "submit", "publish", "return", "withdraw", "open", "audit"
]

ROLES: dict[Action, frozenset[Role]] = {
    "describe": frozenset({Role.ARCHIVIST}),
    "ingest": frozenset({Role.ARCHIVIST}),
    "proofread": frozenset({Role.ARCHIVIST, Role.REVIEWER}),
    "mask": frozenset({Role.ARCHIVIST, Role.REVIEWER}),
    "release": frozenset({Role.SECURITY_OFFICER}),
    "submit": frozenset({Role.ARCHIVIST}),
    "publish": frozenset({Role.REVIEWER}),
    "return": frozenset({Role.REVIEWER}),
    "withdraw": frozenset({Role.ARCHIVIST, Role.REVIEWER}),
    "open": frozenset({Role.REVIEWER}),
    "audit": frozenset({Role.AUDITOR}),
}

APPROVALS: frozenset[Action] = frozenset({"publish", "open"})
"""What nobody may do to their own work."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, or no with a reason to show."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def may(user: User | AnonymousUser | None, action: Action, record: Record | None = None) -> Answer:
    """Whether ``user`` may do ``action`` (to ``record``). ``None`` is the platform itself: commands and loaders."""
    if user is None:
        return Answer(allowed=True)
    if not isinstance(user, User) or not user.is_active:
        return Answer(allowed=False, reason=_("Sign in first."))
    if not user.is_superuser and user.role not in ROLES[action]:
        return Answer(allowed=False, reason=_("Your role does not include this action."))
    if action in APPROVALS and record is not None and _last_described_by(record) == user.pk:
        return Answer(allowed=False, reason=_("Nobody approves their own work; ask a colleague."))
    return Answer(allowed=True)


def require(user: User | AnonymousUser | None, action: Action, record: Record | None = None) -> None:
    """Go on only if allowed.

    Raises:
        NotPermitted: with the reason.
    """
    answer = may(user, action, record)
    if not answer:
        raise NotPermitted(answer.reason)


def _last_described_by(record: Record) -> int | None:
    event = (
        AuditEvent.objects.filter(
            object_type="record", object_key=record.ark, action__in=["create", "change", "submit"]
        )
        .order_by("-sequence")
        .first()
    )
    return event.actor_id if event else None

"""Check that nothing was changed behind the application's back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from archive import audit


class Command(BaseCommand):
    """Walk the hash chain of the audit trail from its first event to its last."""

    help = "Verify the hash chain of the audit trail; exits 1 at the first broken link."

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Verify and say what was found."""
        result = audit.verify()
        if not result.is_intact:
            raise CommandError(
                _("The audit trail is broken at event %(event)d: %(reason)s")
                % {"event": result.broken_at, "reason": result.reason}
            )
        self.stdout.write(
            _("The audit trail is intact: %(count)d events, last digest %(digest)s.")
            % {"count": result.checked, "digest": result.head}
        )

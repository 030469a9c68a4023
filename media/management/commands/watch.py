"""Watch a folder and take in what is put there."""

import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import ArchiveError, Unavailable
from media.intake import uploads, watching

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Looks again and again until it is told to stop; a folder that vanishes is waited for."""

    help = (
        "Watch a folder (the setting WATCHED_FOLDER, or the one named): files are taken in by the reference codes of "
        "their folders and names once they have stopped changing, and moved to taken/ or refused/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which folder, and how often."""
        parser.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, default=None)
        parser.add_argument("--once", action="store_true", help="look once and end, for a timer of the system")
        parser.add_argument("--seconds", type=float, default=5.0, help="pause between looks (default: %(default)s)")
        parser.add_argument(
            "--still",
            type=float,
            default=watching.STILL.total_seconds(),
            metavar="SECONDS",
            help="how long a file must not have changed (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Look, tell, wait."""
        watched = options["folder"] or watching.folder()
        if watched is None:
            raise CommandError(_("No folder is watched. Set WATCHED_FOLDER, or name one: manage.py watch FOLDER"))
        still = timedelta(seconds=options["still"])
        while True:
            try:
                self._tell(watching.look(watched, still=still))
                uploads.drop_expired()
            except Unavailable as fault:
                if options["once"]:
                    raise CommandError(fault.message) from fault
                logger.warning("The watched folder cannot be looked at: %s", fault.message)
            except ArchiveError as fault:
                raise CommandError(fault.message) from fault
            if options["once"]:
                return
            time.sleep(options["seconds"])

    def _tell(self, looked: watching.Looked) -> None:
        if looked.taken or looked.refused:
            self.stdout.write(
                _("Taken in: %(taken)d. Refused: %(refused)d. Waiting: %(waiting)d.")
                % {"taken": looked.taken, "refused": looked.refused, "waiting": looked.waiting}
            )
            self.stdout.flush()

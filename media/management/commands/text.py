"""Print the stored text of pages, in reading order."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import ArchiveError
from media import pages
from media.pages import StoredText


class Command(BaseCommand):
    """The text as search and reader use it; what it is and where it comes from goes to the error stream."""

    help = "Print the stored text of a unit (by its ARK) or of a file (by its SHA-512 digest, or its beginning)."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to print."""
        parser.add_argument("name", metavar="ARK-or-digest")
        parser.add_argument("--page", type=int, help="print this page only, as numbered within the unit")

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Print page after page, a form feed between two."""
        try:
            found = pages.named(options["name"])
        except ArchiveError as fault:
            raise CommandError(fault.message) from fault
        if options["page"] is not None:
            numbers = [page.number for page in found]
            found = [page for page in found if page.number == options["page"]]
            if not found:
                raise CommandError(
                    _("There is no page %(page)d; there are the pages %(first)d to %(last)d.")
                    % {"page": options["page"], "first": min(numbers), "last": max(numbers)}
                )
        for position, stored in enumerate(pages.stored_texts(found)):
            self._print(stored, is_first=position == 0)

    def _print(self, stored: StoredText, *, is_first: bool) -> None:
        if stored.text is None:
            about = _("has not been read yet")
        else:
            about = f"{stored.text.engine} {stored.text.engine_version}, {stored.text.get_quality_display()}"
            if stored.text.confidence is not None:
                about += f", {stored.text.confidence:.1%}"
        number = _("Page %(number)d") % {"number": stored.page.number}
        self.stderr.write(f"[{number} · {stored.page.digital_object.original_name} · {about}]")
        if not is_first:
            self.stdout.write("\f", ending="")
        if stored.text is not None:
            self.stdout.write(stored.text.text)

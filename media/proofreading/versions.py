"""Every text that a page has had."""

from collections.abc import Sequence
from dataclasses import dataclass

from media.models import Page, PageText
from media.proofreading.differences import Difference, differences

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a page, and what it changed in the text that it was made from; the first one changed nothing."""

    text: PageText
    before: PageText | None
    changes: Sequence[Difference]

    @property
    def is_restored(self) -> bool:
        """Whether it goes back to an earlier text rather than on from the one before."""
        return (
            self.text.made_from_id is not None
            and self.before is not None
            and (self.text.made_from_id != self.before.pk)
        )


def history(page: Page) -> list[Version]:
    """The texts of a page, the newest first, at most `MOST_SHOWN`: who made each, when, and what it changed.

    A text is compared with the one that was current before it: of a reading that came when a person had checked the
    page already, and so never was current, that is the one that stayed.
    """
    rows = list(
        page.texts.select_related("made_by", "judged_by")
        .defer("lines", "public_lines", "public_text")
        .order_by("-pk")[:MOST_SHOWN]
    )
    found = []
    for place, row in enumerate(rows):
        before = rows[place + 1] if place + 1 < len(rows) else None
        found.append(Version(row, before, differences(before.text, row.text) if before else []))
    return found

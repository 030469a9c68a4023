"""The sentences that tell a reader what was read otherwise than typed."""

from typing import Final

from django.utils.translation import get_language

MOST_NOTES: Final = 6
"""Nobody reads more; further ones are left out."""


class Notes:
    """Translated sentences in the order in which they came up, each once."""

    def __init__(self) -> None:
        self._sentences: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        """Take a sentence up, unless it is there or there are enough."""
        if len(self._sentences) < MOST_NOTES:
            self._sentences[sentence] = None

    def all(self) -> tuple[str, ...]:
        """What was taken up."""
        return tuple(self._sentences)


def is_chinese() -> bool:
    """Whether the interface speaks Chinese just now; it does where no language is chosen."""
    return (get_language() or "zh").startswith("zh")


def listed(words: list[str]) -> str:
    """Several words in a row, with the commas of the interface language."""
    return ("、" if is_chinese() else ", ").join(words)

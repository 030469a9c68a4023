"""ARKs (Archival Resource Keys) with the NOID check character: the addresses that outlast software and reference codes.

A name is ``shoulder + eight random characters + check character`` under the number of the naming authority (NAAN). The
check character shows every single wrong character and every transposition of two neighbours.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from core.errors import InvalidInput

NOID_ALPHABET: Final = "0123456789bcdfghjkmnpqrstvwxz"
"""29 characters, no vowels (no words come out) and no l (no mistaken 1)."""

BLADE_LENGTH: Final = 8

_NAAN: Final = re.compile(f"[{NOID_ALPHABET}]{{5,9}}")
_SHOULDER: Final = re.compile(f"[{NOID_ALPHABET}]{{1,8}}")
_ARK: Final = re.compile(
    rf"(?:https?://[^\s?#]*?/)?ark:/?(?P<naan>{_NAAN.pattern})/(?P<name>[A-Za-z0-9=~*+@_$]+)"
    r"(?P<qualifier>(?:[/.][A-Za-z0-9=~*+@_$%]+)*)[/.]*(?:\?.*)?",
    re.ASCII,
)
_LABEL: Final = re.compile("ark:", re.IGNORECASE)
_HYPHENS: Final = re.compile("[-\u00ad\u2010-\u2015]")


@dataclass(frozen=True, slots=True)
class Ark:
    """An identifier taken apart; ``str`` gives ``ark:naan/name``.

    ``qualifier`` is what follows the name, with its first mark: ``/3`` (a part), ``.jpg`` (a variant), or empty.
    """

    naan: str
    name: str
    qualifier: str = ""

    def __str__(self) -> str:
        return f"ark:{self.naan}/{self.name}"


def check_character(text: str) -> str:
    """The NOID check character of ``naan/name``: positions from 1 times ordinals, modulo 29.

    Characters outside the alphabet count nothing and take a position.
    """
    total = sum(place * max(NOID_ALPHABET.find(character), 0) for place, character in enumerate(text, start=1))
    return NOID_ALPHABET[total % len(NOID_ALPHABET)]


def mint(naan: str, shoulder: str) -> str:
    """A new random name; that it is unique is for the database to say.

    Raises:
        InvalidInput: authority number or shoulder are not written in the alphabet.
    """
    return _name(naan, shoulder, "".join(secrets.choice(NOID_ALPHABET) for _place in range(BLADE_LENGTH)))


def for_seed(naan: str, shoulder: str, seed: str) -> str:
    """The name that belongs to ``seed``: the same in every installation, for records that ship with the platform.

    Raises:
        InvalidInput: authority number or shoulder are not written in the alphabet.
    """
    number = int.from_bytes(hashlib.sha256(f"{naan}/{shoulder}/{seed}".encode()).digest())
    blade = ""
    for _place in range(BLADE_LENGTH):
        number, ordinal = divmod(number, len(NOID_ALPHABET))
        blade += NOID_ALPHABET[ordinal]
    return _name(naan, shoulder, blade)


def is_valid(naan: str, name: str) -> bool:
    """Whether the last character of the name is its check character, as with every name minted here."""
    if len(name) < 2 or any(character not in NOID_ALPHABET for character in name):
        return False
    return name[-1] == check_character(f"{naan}/{name[:-1]}")


def parse(text: str) -> Ark:
    """Read an ARK: ``ark:99999/x1…``, the older ``ark:/…``, or an address that ends in one.

    Hyphens mean nothing and vanish, capitals are kept, ``?info`` is left out. Names of other authorities need no check
    character, so none is asked for: see `is_valid`.

    Raises:
        InvalidInput: it has not the form of an ARK.
    """
    labelled = _LABEL.sub("ark:", _without_hyphens(text.strip()), count=1)
    found = _ARK.fullmatch(labelled)
    if found is None:
        raise InvalidInput(
            _("“%(text)s” is not an ARK. Write the whole identifier, such as ark:99999/x1234567890.") % {"text": text}
        )
    return Ark(naan=found["naan"], name=found["name"], qualifier=found["qualifier"])


def _without_hyphens(text: str) -> str:
    """Hyphens stay in front of the label: there they belong to the name of a host."""
    label = _LABEL.search(text)
    start = label.end() if label else 0
    return text[:start] + _HYPHENS.sub("", text[start:])


def _name(naan: str, shoulder: str, blade: str) -> str:
    for part, pattern in ((naan, _NAAN), (shoulder, _SHOULDER)):
        if not pattern.fullmatch(part):
            raise InvalidInput(
                _("“%(part)s” cannot be part of an ARK. Use the characters %(alphabet)s only.")
                % {"part": part, "alphabet": NOID_ALPHABET}
            )
    return f"{shoulder}{blade}{check_character(f'{naan}/{shoulder}{blade}')}"

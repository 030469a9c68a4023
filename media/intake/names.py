"""Names of scans and of their folders: ``<档号>-<page>.tif`` in a folder named by the 档号 (DA/T 31, rule D-07).

A name is evidence and is kept; for finding the unit it is read as its writer meant it: full-width digits as digits,
look-alike dots and dashes as one. What must not come in with it is named, never silently repaired: ways out of the
folder, NUL, control characters, marks that turn the direction of writing.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from archive import reference_codes
from core import text
from core.errors import InvalidInput
from media import ingest
from media.intake.findings import Code, Finding, found
from media.masking import secrecy

LONGEST: Final = ingest.LONGEST_NAME
"""Characters of a name that are kept."""

_PAGE: Final = re.compile(r"(?P<code>.*[^\s-])\s*-\s*(?P<page>[0-9]{3,4})")
_NUMBER: Final = re.compile(r"(?:第|p|page|img|scan)?[ _-]*(?P<page>[0-9]{1,5})(?:页)?", re.IGNORECASE)
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_SEPARATORS: Final = re.compile(r"[\s\-_.()（）]+")
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class ScanName:
    """A name taken apart.

    ``shown`` can be printed anywhere. ``name`` is the file's own name as it is kept. ``folders`` are the codes that its
    folders would be, the nearest first. ``whole`` is the code that the whole name would be; ``code`` and ``page`` what
    it says as a page (D-07), empty and None where it is not written so. ``number`` is the page within a folder that
    gives the unit, where the name is little more than a number.
    """

    received: str
    shown: str
    name: str
    folders: tuple[str, ...]
    whole: str
    code: str
    page: int | None
    number: int | None
    findings: tuple[Finding, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code that must be looked up to find the unit."""
        return tuple(dict.fromkeys(each for each in (*self.folders, self.whole, self.code) if each))


def read(received: str) -> ScanName:
    """Take the path of a file apart, as it was delivered; both kinds of slash separate folders."""
    shown = visible(received)
    parts = [part for part in re.split(r"[/\\]", received) if part not in {"", "."}]
    last = parts[-1] if parts else ""
    name = text.clean_name(last)
    stem = _as_code(_stem(name))
    as_page = _PAGE.fullmatch(stem)
    as_number = _NUMBER.fullmatch(stem)
    folders = tuple(_as_code(part) for part in reversed(parts[:-1]))
    return ScanName(
        received=received,
        shown=shown,
        name=name,
        folders=tuple(each for each in folders if each),
        whole=stem,
        code=as_page["code"] if as_page else "",
        page=int(as_page["page"]) if as_page else None,
        number=int(as_number["page"]) if as_number else None,
        findings=tuple(_faults(received, parts, name, shown)),
    )


def visible(name: str) -> str:
    """The name with everything that cannot be seen written out, such as ‹U+202E›: what a report may print."""
    return "".join(
        f"‹U+{ord(sign):04X}›" if unicodedata.category(sign) in _INVISIBLE else sign for sign in name[: 2 * LONGEST]
    )


def secret_marks(received: str) -> list[str]:
    """The marks of secrecy in a path: in each folder and name as a whole, and in each part of it (L-16, L-18)."""
    pieces: dict[str, None] = {}
    for part in re.split(r"[/\\]", text.clean_name(received)):
        stem = unicodedata.normalize("NFKC", _stem(part))
        pieces |= dict.fromkeys([part, stem, *_SEPARATORS.split(stem)])
    return secrecy.marks_in("\n".join(piece for piece in pieces if piece))


def require_no_secrets(received: Iterable[str]) -> None:
    """Stop a delivery before anything of it is copied if a name carries a mark of secrecy (L-16).

    Raises:
        InvalidInput: naming the first such file, its mark and what must be done.
    """
    for each in received:
        marks = secret_marks(each)
        if marks:
            raise InvalidInput(
                _(
                    "“%(name)s” carries a mark of secrecy (%(mark)s). Nothing of this delivery is taken in. Classified "
                    "material must not be on this system: take it off, report it."
                )
                % {"name": visible(each), "mark": marks[0]}
            )


def _stem(name: str) -> str:
    """The name without its ending; what follows a dot is one only if it is short and of letters and digits."""
    before, dot, ending = name.rpartition(".")
    return before if dot and before and re.fullmatch(r"[A-Za-z0-9]{1,5}", ending.strip()) else name


def _as_code(part: str) -> str:
    """The part of a path as it is compared with reference codes, without what nobody sees."""
    return reference_codes.normalise("".join(sign for sign in part if unicodedata.category(sign) not in _INVISIBLE))


def _faults(received: str, parts: list[str], name: str, shown: str) -> Iterable[Finding]:
    unsafe = _unsafe(received, parts, name)
    if unsafe:
        yield found(Code.NAME_UNSAFE, file=shown, detail=unsafe)
    odd = [sign for sign in dict.fromkeys(received) if unicodedata.category(sign) in _INVISIBLE and sign != "\0"]
    wide = any(
        sign.isdecimal() and not sign.isascii() and unicodedata.normalize("NFKC", sign).isascii() for sign in received
    )
    what = [f"U+{ord(sign):04X}" for sign in odd[:5]] + ([_("full-width digits")] if wide else [])
    if what:
        yield found(Code.NAME_CLEANED, file=shown, detail=", ".join(what))
    marks = secret_marks(received)
    if marks:
        yield found(Code.SECRECY_MARK, file=shown, detail=", ".join(marks))


def _unsafe(received: str, parts: list[str], name: str) -> str:
    """Why a name cannot be kept; empty where it can."""
    if "\0" in received:
        return "NUL"
    if any(unicodedata.normalize("NFKC", part).strip() == ".." for part in parts):
        return "../"
    if received.startswith(("/", "\\")) or _DRIVE.match(received):
        return _("a whole path")
    if not name.strip():
        return _("no name")
    return _("longer than %(most)d characters") % {"most": LONGEST} if len(name) > LONGEST else ""

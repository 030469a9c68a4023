"""Identification by fido (the program of that name), where it is installed: formats by their PRONOM identifiers."""

import csv
import io
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from core.errors import Unavailable
from media.engines.pronom import Match

PROGRAM = "fido"
SECONDS = 120
_COLUMNS = 9
_OUTCOME, _PUID, _NAME, _MEDIA_TYPE = 0, 2, 3, 7


def available() -> bool:
    """Whether the program is installed."""
    return version() != ""


@lru_cache(maxsize=1)
def version() -> str:
    """The versions of the program and of its signatures, empty where it is not installed. Asked once per process."""
    program = shutil.which(PROGRAM)
    if program is None:
        return ""
    answer = subprocess.run([program, "-v"], capture_output=True, text=True, check=False, timeout=SECONDS)
    words = " ".join((answer.stdout or answer.stderr).split())
    return words.removeprefix("FIDO").strip() if answer.returncode == 0 else ""


def identify(path: Path) -> Match | None:
    """The format of a file; None where fido knows none, or where several fit equally well.

    Raises:
        Unavailable: the program fails.
    """
    try:
        answer = subprocess.run(
            [PROGRAM, "-q", "-noextension", str(path)], capture_output=True, text=True, check=True, timeout=SECONDS
        )
    except (OSError, subprocess.SubprocessError) as fault:
        raise Unavailable(f"fido: {fault}") from fault
    rows = [row for row in csv.reader(io.StringIO(answer.stdout)) if len(row) >= _COLUMNS and row[_OUTCOME] == "OK"]
    if len(rows) != 1:
        return None
    only = rows[0]
    media_types = tuple(each.strip() for each in only[_MEDIA_TYPE].split(",") if each.strip() not in {"", "None"})
    return Match(pronom_id=only[_PUID], name=only[_NAME], media_types=media_types)

"""Identification by Siegfried (the program ``sf``), where it is installed: formats by their PRONOM identifiers."""

import json
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

from core.errors import Unavailable
from media.engines.pronom import Match

PROGRAM = "sf"
SECONDS = 120


def available() -> bool:
    """Whether the program is installed with a signature file that it can read."""
    return version() != ""


@lru_cache(maxsize=1)
def version() -> str:
    """The versions of the program and of its signatures, empty where it is not installed. Asked once per process."""
    program = shutil.which(PROGRAM)
    if program is None:
        return ""
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False, timeout=SECONDS)
    words = " ".join(answer.stdout.split())
    return words.removeprefix("siegfried").strip() if answer.returncode == 0 else ""


def identify(path: Path) -> Match | None:
    """The format of a file; None where Siegfried knows none, or where several fit equally well.

    Raises:
        Unavailable: the program fails.
    """
    command = [PROGRAM, "-json", str(path)]
    try:
        answer = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
        matches = json.loads(answer.stdout)["files"][0]["matches"]
    except (OSError, subprocess.SubprocessError, ValueError, LookupError) as fault:
        raise Unavailable(f"Siegfried: {fault}") from fault
    found = [match for match in matches if match.get("ns") == "pronom" and match["id"] != "UNKNOWN"]
    if len(found) != 1:
        return None
    only = found[0]
    return Match(
        pronom_id=only["id"],
        name=" ".join(part for part in (only["format"], only.get("version", "")) if part),
        media_types=tuple(each.strip() for each in only.get("mime", "").split(",") if each.strip()),
    )

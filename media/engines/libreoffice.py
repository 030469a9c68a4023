"""Office files as PDF, by LibreOffice where it is installed.

It runs as a process of its own with a profile of its own that is thrown away: macros never run, linked content is not
fetched, time, memory and processor are bounded. A crash of it is a finding about the file, not of the platform.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import InvalidInput, Unavailable

SECONDS = 180
"""How long one file may take; a report of a hundred pages takes a few seconds."""

MEMORY = 3 * 1024**3
"""Address space of the process in bytes; it maps about 1.5 GB before it has opened anything."""

_PROGRAMS = ("soffice", "libreoffice")

# What the profile says: no macro of any origin runs, no link is followed, no crash is offered for recovery.
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Load", "UpdateDocMode", "0"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "1"),
    ("Recovery/RecoveryInfo", "Enabled", "false"),
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
{items}
</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.Office.{path}">'
    '<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)


def program() -> str | None:
    """Where LibreOffice is, if it is installed."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def available() -> bool:
    """Whether Office files can be converted on this machine."""
    return program() is not None


def version() -> str:
    """The version of LibreOffice, empty where it is not installed or does not answer."""
    place = program()
    if place is None:
        return ""
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        try:
            told = subprocess.run(
                [place, f"-env:UserInstallation=file://{folder}", "--headless", "--version"],
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            return ""
    found = re.search(r"LibreOffice (\S+)", told)
    return found[1] if found else ""


def to_pdf(source: Path, target: Path, *, suffix: str, name: str = "") -> None:
    """Write ``source`` as PDF; ``suffix`` is the ending that names its format, ``name`` its own name, for messages.

    Raises:
        Unavailable: LibreOffice is not installed.
        InvalidInput: it could not open the file, or needed more time or memory than a sound file does.
    """
    place = program()
    if place is None:
        raise Unavailable(
            _(
                "“%(name)s” can only be shown where LibreOffice is installed. "
                "Install it (Debian: libreoffice-nogui), then try again, or add the document as PDF."
            )
            % {"name": name or source.name}
        )
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        work = Path(folder)
        _write_profile(work / "profile")
        # A name of our own: what the file was called may hold anything.
        copy = work / f"document{suffix}"
        copy.symlink_to(source.resolve())
        _run(place, copy, work, name or source.name)
        made = work / "out" / "document.pdf"
        if not made.is_file() or made.stat().st_size == 0:
            raise _unreadable(name or source.name)
        shutil.copyfile(made, target)


def _write_profile(profile: Path) -> None:
    place = profile / "user" / "registrymodifications.xcu"
    place.parent.mkdir(parents=True)
    items = "\n".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    place.write_text(_PROFILE.format(items=items), encoding="utf-8")


def _run(place: str, source: Path, work: Path, name: str) -> None:
    """Run it in a session of its own, so that all of its processes can be ended together."""
    command = [
        *("/bin/sh", "-c", 'ulimit -c 0; ulimit -v "$1"; ulimit -t "$2"; shift 2; exec "$@"', "sh"),
        *(str(MEMORY // 1024), str(SECONDS)),
        *(place, f"-env:UserInstallation=file://{work / 'profile'}"),
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "pdf", "--outdir", str(work / "out"), str(source)),
    ]
    # No way out to the network for what respects it, and no settings of the person who started the platform.
    nowhere = "http://127.0.0.1:9"
    environment = {"PATH": os.defpath, "HOME": str(work), "TMPDIR": str(work)}
    environment |= {"LANG": "C.UTF-8", "http_proxy": nowhere, "https_proxy": nowhere, "SAL_USE_VCLPLUGIN": "svp"}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, cwd=work, start_new_session=True
    ) as process:
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired as fault:
            raise InvalidInput(
                _("“%(name)s” took longer than %(seconds)d seconds to convert. Save it as PDF and add that.")
                % {"name": name, "seconds": SECONDS}
            ) from fault
        finally:
            _end_all(process.pid)


def _end_all(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _unreadable(name: str) -> InvalidInput:
    return InvalidInput(
        _(
            "“%(name)s” could not be opened by LibreOffice: it is damaged, protected, or too large. "
            "Save it as PDF instead."
        )
        % {"name": name}
    )

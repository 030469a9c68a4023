"""A home folder for one measurement, and Django set up on it. Import this before anything that has models.

The folder lies under ``ARCHIVE_HOME``, on the disk that the platform would use, and is removed at the end. Every part
is the embedded one, whatever the environment says, but for the broker that ``ARCHIVE_BENCH_BROKER`` names.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django

PROJECT = Path(__file__).resolve().parents[2]
_BROKER = "ARCHIVE_BENCH_BROKER"
_SHARED = "ARCHIVE_BENCH_HOME"
"""The variable that tells a process of a measurement that there is a home already."""


def _begin() -> Path:
    """A new folder, its variables, and its end."""
    bench = (PROJECT / os.environ.get("ARCHIVE_HOME", "var")).resolve() / "bench"
    bench.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="run-", dir=bench))
    for part in ("DATABASE_URL", "SEARCH_URL", "BROKER_URL", "STORAGE_URL"):
        os.environ.pop(part, None)
    os.environ.update(ARCHIVE_HOME=str(home), DJANGO_SETTINGS_MODULE="config.settings.embedded", LOG_LEVEL="WARNING")
    os.environ[_SHARED] = str(home)
    if _BROKER in os.environ:
        os.environ["BROKER_URL"] = os.environ[_BROKER]
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


HOME = Path(os.environ[_SHARED]) if _SHARED in os.environ else _begin()
"""Everything that the measurement writes; Python processes that it starts share it."""

django.setup()

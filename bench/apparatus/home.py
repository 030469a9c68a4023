"""A home folder for one measurement, and Django set up on it. Import this before anything that has models.

The folder lies under ``ARCHIVE_HOME``, on the disk that the platform would use, and is removed at the end. Every part
is the embedded one, whatever the environment says.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django

PROJECT = Path(__file__).resolve().parents[2]

_bench = (PROJECT / os.environ.get("ARCHIVE_HOME", "var")).resolve() / "bench"
_bench.mkdir(parents=True, exist_ok=True)
HOME = Path(tempfile.mkdtemp(prefix="run-", dir=_bench))
"""Everything that the measurement writes."""

for _part in ("DATABASE_URL", "SEARCH_URL", "BROKER_URL", "STORAGE_URL"):
    os.environ.pop(_part, None)
os.environ.update(ARCHIVE_HOME=str(HOME), DJANGO_SETTINGS_MODULE="config.settings.embedded", LOG_LEVEL="WARNING")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
django.setup()

"""For the tests: a home folder of their own, cheap passwords, and the test database of the chosen engine."""

import os
import tempfile
from pathlib import Path

os.environ["ARCHIVE_HOME"] = os.environ.get("ARCHIVE_TEST_HOME") or tempfile.mkdtemp(prefix="archive-test-")

from config.settings.base import *

SECRET_KEY = "only for tests: it signs nothing that lasts and is long enough for every check"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
LOGGING = {**LOGGING, "root": {"handlers": ["console"], "level": "WARNING"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(HOME) / "test.sqlite3")}

"""A real worker, killed at random moments, on the embedded broker: in the end every page is done exactly once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.media import making

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.worker
@pytest.mark.engine
def test_killing_the_worker_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    scans = [making.jpeg(tmp_path / f"{number}.jpg", f"PAGE {number}") for number in range(4)]
    scans.append(making.tiff(tmp_path / "several.tif", "PAGE A", "PAGE B"))
    environment = {**os.environ, "ARCHIVE_HOME": str(tmp_path / "home"), "WORKER_PROCESSES": "2"}

    result = subprocess.run(
        [sys.executable, "-m", "bench.kill", "--kills", "4", "--least", "1", "--jitter", "0.5", *map(str, scans)],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert "6 of 6" in result.stdout

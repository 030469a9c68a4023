import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.media.bad_files import handling, seeded

PROJECT = Path(__file__).resolve().parents[3]
MOST_MEMORY = 1.5 * 1024**3
MOST_SECONDS = 20.0

Told = list[dict[str, Any]]  # Any: what the process tells as JSON


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What one process tells of all files; it must come to its end."""
    folder = tmp_path_factory.mktemp("broken")
    seeded.write_all(folder)
    command = [*handling.COMMAND, str(folder)]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=280, check=False)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0, (lines[-1], ended.stderr[-2000:])
    return lines


def test_the_files_are_the_same_every_time(tmp_path: Path) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        seeded.write_all(folder)

    first, second = (sorted((tmp_path / name).iterdir()) for name in ("one", "two"))
    kept = [path for path in first if not path.name.endswith("letter")]  # a letter draws its boundary anew
    assert len(first) == seeded.MANY
    assert all(path.read_bytes() == second[first.index(path)].read_bytes() for path in kept)


def test_one_process_survives_them_all(told: Told) -> None:
    done = [line for line in told if "done" in line]

    assert len(done) == seeded.MANY
    assert Counter("taken" in line for line in done)[False] > seeded.MANY / 4


def test_each_refusal_names_the_file(told: Told) -> None:
    refused = [line for line in told if "refused" in line]

    assert [line["done"] for line in refused if line["done"] not in line["refused"]] == []


def test_none_takes_long_or_much_memory(told: Told) -> None:
    assert max(line["seconds"] for line in told if "done" in line) < MOST_SECONDS
    assert told[-1]["memory"] < MOST_MEMORY

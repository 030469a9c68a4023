"""The public validator of the IIIF Image API (PyPI: iiif-validator) against the running site, where it is installed."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw
from pytest_django.live_server_helper import LiveServer

from media.models import Page
from tests.api.iiif.making import store
from tests.makers import make_item, make_page

SCRIPT = shutil.which("iiif-validate.py", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
COLOURS = "from iiif_validator.validator import ValidationInfo; print(ValidationInfo().colorInfo)"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(SCRIPT is None, reason="The validator is not installed: pip install iiif-validator"),
]


def make_test_page(folder: Path, python: str) -> Page:
    """A page with the image that the validator knows: ten by ten squares in colours of its own."""
    asked = subprocess.run([python, "-c", COLOURS], capture_output=True, text=True, check=True)
    picture = Image.new("RGB", (1000, 1000))
    for column, colours in enumerate(ast.literal_eval(asked.stdout.splitlines()[-1])):
        for row, colour in enumerate(colours):
            square = (100 * column, 100 * row, 100 * column + 99, 100 * row + 99)
            ImageDraw.Draw(picture).rectangle(square, fill=colour)
    page = make_page(make_item(), lines=[], width=1000, height=1000)
    store(page, picture, folder)
    return page


@pytest.mark.parametrize("version", [2, 3])
def test_level_2_is_kept_whole(live_server: LiveServer, tmp_path: Path, version: int) -> None:
    assert SCRIPT is not None
    python = Path(SCRIPT).read_text().splitlines()[0].removeprefix("#!")
    page = make_test_page(tmp_path, python)
    place = ["-s", urlsplit(live_server.url).netloc, "-p", f"iiif/{version}", "-i", str(page.pk)]

    asked = subprocess.run(
        [python, SCRIPT, *place, "--version", f"{version}.0", "--level", "2"],
        capture_output=True,
        text=True,
        check=False,
    )

    said = asked.stdout + asked.stderr
    assert asked.returncode == 0, said
    assert "0 failures" in said
    assert said.count("PASS") >= 30

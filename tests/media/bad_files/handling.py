"""Handle every file of a folder as the platform would, in a process of its own (`COMMAND`).

Each file is named before it is touched, so that the last line tells which one ended the process, if one does. The last
line of a run that ends well tells the highest memory.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from core.errors import ArchiveError
from media.conversion import describing, letters, packages
from media.engines import identify, pdfium, vips
from media.engines.formats import Category

COMMAND = (
    sys.executable,
    *("-X", "faulthandler", "-c"),
    "import django; django.setup(); from tests.media.bad_files import handling; handling.main()",
)
"""What starts the process; the folder comes behind it. The settings must be named in the environment."""


def handle(path: Path, work: Path) -> str:
    """What becomes of one file: its category, or why it is refused."""
    name = path.name
    found = identify.identify(path, name)
    if found.category is Category.PDF:
        pages = min(pdfium.inspect(path, name=name).pages, 5)
        for page in range(pages):
            pdfium.text_lines(path, page, name=name)
            pdfium.render(path, page, work / "drawn.jpg", dpi=72, name=name)
        describing.describe(path, found.media_type, name=name)
    elif found.category is Category.IMAGE:
        for page in range(min(vips.probe(path, name=name).pages, 5)):
            vips.check(path, page, name=name)
            vips.pyramid(path, page, work / "access.tif", name=name)
            vips.thumbnail(work / "access.tif", work / "thumbnail.jpg", 400)
        describing.describe(path, found.media_type, name=name)
    elif found.category is Category.EMAIL:
        letters.as_page(path, name)
    elif found.category is Category.OFFICE:
        packages.check(path, name)
    return str(found.category)


def main() -> None:
    """Handle all files of the folder named on the command line, in the order of their names."""
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(Path(sys.argv[1]).iterdir()):
            _tell(begun=path.name)
            started = time.monotonic()
            work = Path(folder)
            for left in work.iterdir():
                left.unlink()
            try:
                outcome = {"taken": handle(path, work)}
            except ArchiveError as refused:
                outcome = {"refused": refused.message}
            _tell(done=path.name, seconds=round(time.monotonic() - started, 3), **outcome)
    _tell(memory=_highest())


def _highest() -> int:
    """The most memory this process has held, in bytes; getrusage would count its parent's before the start, too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()

"""Memory: what one worker process holds at most while it takes a page of A3 at 600 dpi through all its steps.

    python -m bench.memory [--width 7016] [--height 9921]

The page is a colour TIFF made of sheets of the sample archive. All steps run in this one process, one after the other,
as they do in a worker that gets them all; the system's own account of the peak is set back before each step.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import subprocess
import sys
import time
from pathlib import Path

from django.core.management import call_command

from bench.apparatus import report, workers
from bench.apparatus.home import PROJECT
from bench.apparatus.report import Claim
from media import tasks
from media.models import JobStep, State

MOST = 1.5
GIB = 1024**3


def main() -> None:
    """Make the page, take it in, do its steps, report the peak of each."""
    arguments = _arguments()
    call_command("migrate", verbosity=0)
    path = _page(arguments.width, arguments.height)
    print(f"  {arguments.width} × {arguments.height} pixels, {path.stat().st_size / 1e6:.0f} MB on the disk")
    rows, most = [], 0.0
    _forget_peak()
    start = time.perf_counter()
    workers.take_in([path], workers.make_item("M", "A3"))
    rows.append(("taking in", f"{time.perf_counter() - start:.1f}", f"{_peak():.2f}"))
    while step := JobStep.objects.filter(state=State.QUEUED).order_by("pk").first():
        most = max(most, _peak())
        _forget_peak()
        start = time.perf_counter()
        tasks.run_step.apply((step.pk,), throw=True)
        step.refresh_from_db()
        if step.state != State.DONE:
            raise RuntimeError(f"{step}: {step.error}")
        rows.append((step.name, f"{time.perf_counter() - start:.1f}", f"{_peak():.2f}"))
    report.table(("step", "s", "peak, GiB"), rows)
    report.conclude(Claim("peak of one process", max(most, _peak()), MOST, "GiB", is_floor=False))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, default=7016)
    parser.add_argument("--height", type=int, default=9921)
    return parser.parse_args()


def _page(width: int, height: int) -> Path:
    """Made in another process, so that what it takes does not count here."""
    target = HOME / "a3.tif"
    sheets = [str(path) for path in sorted((PROJECT / "sample/sheets").glob("*.jpg"))[:4]]
    subprocess.run([sys.executable, "-c", _MAKE, str(width), str(height), str(target), *sheets], check=True)
    return target


_MAKE = """
import sys
import pyvips
width, height, target, *sheets = sys.argv[1:]
half = (int(width) + 1) // 2, (int(height) + 1) // 2
parts = [pyvips.Image.thumbnail(sheet, half[0], height=half[1], size="force") for sheet in sheets]
page = pyvips.Image.arrayjoin(parts, across=2).crop(0, 0, int(width), int(height)).colourspace("srgb")
page.copy(xres=600 / 25.4, yres=600 / 25.4).tiffsave(target, compression="lzw", predictor="horizontal", resunit="inch")
"""


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """The most that this process has held since the peak was set back, in GiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1024 / GIB


if __name__ == "__main__":
    main()

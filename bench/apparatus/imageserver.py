"""Image servers on loopback: the platform's own, and Debian's iipimage-server behind lighttpd, on the same files."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bench.apparatus.home import HOME, PROJECT

IIPSRV: Final = Path("/usr/lib/iipimage-server/iipsrv.fcgi")
PACKAGES: Final = ("iipimage-server", "lighttpd", "libvips-tools")
START_SECONDS: Final = 60

_LIGHTTPD: Final = """
server.port = {port}
server.bind = "127.0.0.1"
server.document-root = "{folder}"
server.errorlog = "{folder}/lighttpd.log"
server.max-keep-alive-requests = 1000000
server.modules = ( "mod_fastcgi" )
fastcgi.server = ( "/iip" => (( "bin-path" => "{program}", "socket" => "{folder}/iip.socket",
  "max-procs" => {processes}, "check-local" => "disable", "bin-environment" => (
  "VERBOSITY" => "0", "FILESYSTEM_PREFIX" => "{images}/", "JPEG_QUALITY" => "{quality}" ) )) )
"""


def install() -> None:
    """Have what the comparison needs, by apt where it may be used.

    Raises:
        SystemExit: something is missing and cannot be installed.
    """
    missing = [] if IIPSRV.exists() and shutil.which("vips") and _lighttpd() else list(PACKAGES)
    if missing and shutil.which("apt-get") and os.geteuid() == 0:
        command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
        subprocess.run(command, check=False, capture_output=True)
    if not (IIPSRV.exists() and shutil.which("vips") and _lighttpd()):
        raise SystemExit(f"  Not measured: install {', '.join(PACKAGES)} (Debian), then run this again.")


@contextmanager
def platform(processes: int) -> Iterator[int]:
    """The site over the measurement's home, without a session and as `manage.py serve` starts it; its port."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(processes), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    with _started([*command, "config.wsgi:application"], port, "platform.log"):
        yield port


@contextmanager
def iipsrv(images: Path, processes: int, quality: int) -> Iterator[int]:
    """iipimage-server with as many processes, behind lighttpd; its port."""
    port, folder = _free_port(), HOME / f"iip-{time.monotonic_ns()}"
    folder.mkdir()
    settings = _LIGHTTPD.format(
        port=port, folder=folder, program=IIPSRV, processes=processes, images=images, quality=quality
    )
    (folder / "lighttpd.conf").write_text(settings)
    with _started([_lighttpd(), "-D", "-f", str(folder / "lighttpd.conf")], port, "lighttpd.log"):
        yield port


def tiles_per_second(port: int, paths: Sequence[str], concurrency: int) -> float:
    """How many of these addresses are answered in a second by so many kept-open connections at a time.

    Raises:
        RuntimeError: an answer is no image.
    """
    waiting = iter(paths)
    lock, faults = threading.Lock(), list[str]()

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                path = next(waiting, None)
            if path is None:
                return
            connection.request("GET", path)
            answer = connection.getresponse()
            if answer.status != 200 or not answer.read().startswith(b"\xff\xd8"):
                faults.append(f"{path} answered {answer.status}")
                return

    threads = [threading.Thread(target=ask) for _thread in range(concurrency)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return len(paths) / (time.perf_counter() - start)


def _lighttpd() -> str:
    return shutil.which("lighttpd") or shutil.which("lighttpd", path="/usr/sbin") or ""


@contextmanager
def _started(command: Sequence[str], port: int, log: str) -> Iterator[None]:
    with (HOME / log).open("ab") as stream:
        process = subprocess.Popen(command, cwd=PROJECT, env=os.environ, stdout=stream, stderr=stream)
        try:
            _wait(process, port, HOME / log)
            _wake(port)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wake(port: int) -> None:
    """Return once every process of a server answers: connections are dealt out to all of them, ready or not."""

    def ask() -> None:
        for _connection in range(8):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            connection.close()

    threads = [threading.Thread(target=ask) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except (OSError, http.client.HTTPException) as fault:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{log.name}:\n{log.read_text(errors='replace')[-2000:]}") from fault
            time.sleep(0.2)

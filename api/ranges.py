"""A stored file as an answer, whole or a part of it: readers of PDF ask for the pages they show (RFC 9110, 14)."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_CHUNK = 256 * 1024


def answer(request: HttpRequest, path: Path, *, name: str, content_type: str, etag: str) -> HttpResponseBase:
    """The file, or the one range of bytes that is asked for; 304 and 412 by its tag, 416 for a range beyond its end.

    Several ranges in one question are answered with the whole file, as the standard allows.

    Raises:
        FileNotFoundError: the file has been removed.
    """
    found = path.stat()
    modified = int(found.st_mtime)
    early = get_conditional_response(request, etag=etag, last_modified=modified)
    given = early or _ranged(request, path, found.st_size, etag, modified)
    if given.status_code in {200, 206}:
        given["Content-Type"] = content_type
        given["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    given["ETag"] = etag
    given["Last-Modified"] = http_date(modified)
    given["Accept-Ranges"] = "bytes"
    return given


def _ranged(request: HttpRequest, path: Path, size: int, etag: str, modified: int) -> HttpResponseBase:
    wanted = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    condition = request.headers.get("If-Range", etag)
    if wanted is None or not any(wanted.groups()) or condition not in {etag, http_date(modified)}:
        return _stream(path, 0, size, 200)
    first, last = _span(wanted[1], wanted[2], size)
    if first > last:
        beyond = HttpResponse(status=416)
        beyond["Content-Range"] = f"bytes */{size}"
        return beyond
    part = _stream(path, first, last - first + 1, 206)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    return part


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and the last byte; ``-500`` means the last 500 bytes."""
    if not first:
        return max(size - int(last), 0) if int(last) else size, size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _stream(path: Path, first: int, length: int, status: int) -> StreamingHttpResponse:
    given = StreamingHttpResponse(_Part(path, first, length), status=status)
    given["Content-Length"] = str(length)
    return given


class _Part:
    """A part of a file. It is opened at once, so that it can be read to its end even if it is replaced meanwhile."""

    def __init__(self, path: Path, first: int, length: int) -> None:
        self.stream = path.open("rb")
        self.stream.seek(first)
        self.length = length

    def __iter__(self) -> Iterator[bytes]:
        while self.length > 0 and (chunk := self.stream.read(min(_CHUNK, self.length))):
            self.length -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Called by the framework when the answer has been sent, or broke off."""
        self.stream.close()

"""The resumable upload protocol tus 1.0.0: what its headers say, and how its answers look."""

import base64
import binascii
from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.http import http_date
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import ArchiveError, InvalidInput, NotPermitted
from media.intake import uploads
from media.models import Upload

P = ParamSpec("P")

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,expiration,termination"
PIECE_TYPE: Final = "application/offset+octet-stream"


class WrongVersion(InvalidInput):
    """The client speaks another version of the protocol."""

    code = "wrong-version"
    status = 412


class WrongType(InvalidInput):
    """A piece came under another media type."""

    code = "wrong-type"
    status = 415


def for_clients(
    view: Callable[Concatenate[HttpRequest, User, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Hand the view the signed-in desk member; refusals are plain sentences under their status, never pages."""

    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        # The protocol has clients that can only send POST say what they mean (X-HTTP-Method-Override).
        # Only theirs: a GET has not been asked for its CSRF token.
        if request.method == "POST":
            request.method = request.headers.get("X-HTTP-Method-Override", "POST").upper()
        try:
            user = _member(request)
            if request.method != "OPTIONS":
                _require_version(request)
            response = view(request, user, *args, **kwargs)
        except ArchiveError as fault:
            response = HttpResponse(fault.message, status=fault.status, content_type="text/plain; charset=utf-8")
            if fault.status == 412:
                response["Tus-Version"] = VERSION
        response["Tus-Resumable"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    return update_wrapper(answer, view)


def abilities() -> HttpResponse:
    """What this server can do."""
    response = HttpResponse(status=204)
    response["Tus-Version"] = VERSION
    response["Tus-Extension"] = EXTENSIONS
    response["Tus-Max-Size"] = str(uploads.MOST_BYTES)
    return response


def state(upload: Upload, status: int) -> HttpResponse:
    """How far an upload is, without a body."""
    response = HttpResponse(status=status)
    response["Upload-Offset"] = str(uploads.received(upload))
    response["Upload-Length"] = str(upload.size)
    if not upload.is_settled:
        response["Upload-Expires"] = http_date(uploads.expires(upload).timestamp())
    return response


def metadata(request: HttpRequest) -> dict[str, str]:
    """The pairs of Upload-Metadata: keys in ASCII, values UTF-8 in Base64.

    Raises:
        InvalidInput: the header is not written so.
    """
    pairs: dict[str, str] = {}
    for pair in filter(None, (each.strip() for each in request.headers.get("Upload-Metadata", "").split(","))):
        key, _space, value = pair.partition(" ")
        try:
            pairs[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as fault:
            raise InvalidInput(_("The header Upload-Metadata cannot be read. Values are UTF-8 in Base64.")) from fault
    return pairs


def number(request: HttpRequest, header: str) -> int:
    """A header that is a number, not below 0.

    Raises:
        InvalidInput: it is missing or no number.
    """
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise InvalidInput(_("The header %(header)s must be a number.") % {"header": header})
    return int(value)


def pieces(request: HttpRequest) -> Callable[[int], bytes]:
    """A reader of the body; a connection that breaks off ends it, so that what has arrived is kept.

    Raises:
        WrongType: the body is not announced as a piece of an upload.
    """
    if request.content_type != PIECE_TYPE:
        raise WrongType(_("A piece of an upload has the type %(type)s.") % {"type": PIECE_TYPE})

    def read(count: int) -> bytes:
        try:
            return request.read(count)
        except UnreadablePostError:
            return b""

    return read


def _member(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise NotPermitted(_("Sign in first."))
    if not user.is_desk_member:
        raise NotPermitted(_("The desk is for archivists and reviewers. Your account has another role."))
    return user


def _require_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongVersion(_("Uploads speak tus %(version)s here.") % {"version": VERSION})

"""Page images by the IIIF Image API 3.0 and 2.1, level 2, cut from the pyramids.

The public gets what may leave the house: where something on a page is masked, the redrawn image, and nothing until it
is there. Those who digitise, mask or release see the page as it is; their answers are kept nowhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _

from accounts.models import User
from api.iiif import answers, asked_often, asking, description, finding, tiles
from api.iiif.asking import Ask, Version, View
from archive.models import Reader
from core.errors import InvalidInput, NotFound, Unavailable
from media import masking, storage
from media.engines import pyramids, vips
from media.engines.pyramids import Level
from media.models import Page

TYPES: Final = {"jpg": "image/jpeg", "png": "image/png"}
NAMES: Final[dict[Version, str]] = {2: "iiif2", 3: "iiif"}


@dataclass(frozen=True, slots=True)
class Source:
    """The pyramid that a reader's views of a page are cut from, and since when it is so."""

    path: Path
    made_at: datetime
    is_public: bool


@answers.readable_from_anywhere
def base(request: HttpRequest, page: int, version: Version) -> HttpResponse:
    """The image service's own address leads to its description (§2)."""
    return HttpResponseRedirect(reverse(f"api:{NAMES[version]}_info", args=[page]), status=303)


@answers.readable_from_anywhere
def info(request: HttpRequest, page: int, version: Version) -> HttpResponse:
    """The description of a page image (§5); the media type follows the Accept header."""
    row = _page(page, request.user)
    try:
        source = source_of(row, request.user)
    except NotFound as fault:
        return answers.later(fault.message)
    body = description.of(row, _levels(source.path), _address(request, page, version), version)
    answer = answers.linked_data(request, body, description.CONTEXTS[version])
    profile = f'<{description.PROFILES[version]}>;rel="profile"'
    answer["Link"] = ", ".join(link for link in (answer.headers.get("Link", ""), profile) if link)
    return answer


@answers.readable_from_anywhere
def image(
    request: HttpRequest,
    page: int,
    version: Version,
    region: str,
    size: str,
    rotation: str,
    quality: str,
    image_format: str,
) -> HttpResponse:
    """A region of a page at a size, turned, in a quality and format (§4)."""
    row = _page(page, request.user)
    view = asking.view(Ask(region, size, rotation, quality, image_format), version, row.width, row.height)
    try:
        source = source_of(row, request.user)
    except NotFound as fault:
        return answers.later(fault.message)
    if not source.is_public and isinstance(request.user, User):
        masking.note_view(row, by=request.user, purpose="image")
    canonical = asking.canonical(view, version, row.width, row.height)
    headers = _headers(_address(request, page, version), canonical, version)
    if not request.user.is_authenticated:
        etag, moment = _tag(row, source, canonical), int(source.made_at.timestamp())
        headers |= {"ETag": etag, "Last-Modified": http_date(moment)}
        unchanged = get_conditional_response(request, etag=etag, last_modified=moment)
        if unchanged is not None:
            return answers.kept_by(request, unchanged)
    content = _content(row, source, view)
    answer = HttpResponse(content, content_type=TYPES[view.image_format], headers=headers)
    return answers.kept_by(request, answer)


def _page(key: int, reader: Reader) -> Page:
    """A page whose image the reader may see.

    Raises:
        NotFound: there is none.
        Withdrawn: it belonged to a record that was withdrawn.
    """
    found = None if reader.is_authenticated or key >= 1 << 62 else asked_often.public_page(key)
    return found or finding.page(key, reader)


def source_of(page: Page, reader: Reader) -> Source:
    """What a reader's views of a page are cut from.

    Raises:
        NotFound: something on the page is masked and its image has not been redrawn yet.
    """
    assert page.derived_at is not None
    made_at = max(page.derived_at, page.redrawn_at or page.derived_at)
    if page.is_masked and finding.sees_whole(reader):
        return Source(storage.access_image(page), made_at, is_public=False)
    return Source(storage.public_image(page), made_at, is_public=True)


def _headers(address: str, canonical: str, version: Version) -> dict[str, str]:
    links = f'<{address}/{canonical}>;rel="canonical", <{description.PROFILES[version]}>;rel="profile"'
    return {"Link": links}


def _content(page: Page, source: Source, view: View) -> bytes:
    """The bytes of a view: a stored tile as it is, what was made before, or made now."""
    _levels(source.path)
    stored = pyramids.tile(source.path, *view.rectangle, *view.size) if view.is_plain else None
    if stored and view.size == _stored_size(source.path):
        return stored
    key = f"{source.path.name} {source.made_at.isoformat()} {asking.canonical(view, 3, page.width, page.height)}"
    made = tiles.kept(page.pk, key) if source.is_public else None
    if made is None:
        made = vips.corner(stored, *view.size) if stored else _render(source.path, view)
        if source.is_public:
            tiles.keep(page.pk, key, made)
    return made


def _stored_size(path: Path) -> tuple[int, int]:
    full = _levels(path)[0]
    return full.tile_width, full.tile_height


def _render(path: Path, view: View) -> bytes:
    try:
        return vips.region(
            path,
            *view.rectangle,
            *view.size,
            image_format=view.image_format,
            rotation=view.rotation,
            mirrored=view.is_mirrored,
            quality=view.quality,
        )
    except InvalidInput as fault:
        raise Unavailable(_("The image of this page cannot be read at the moment.")) from fault


def _levels(path: Path) -> tuple[Level, ...]:
    """The levels of a pyramid.

    Raises:
        Unavailable: it is not there, or damaged.
    """
    try:
        return pyramids.levels(path)
    except (OSError, InvalidInput) as fault:
        raise Unavailable(_("The image of this page cannot be read at the moment.")) from fault


def _address(request: HttpRequest, page: int, version: Version) -> str:
    return f"{request.scheme}://{request.get_host()}{_path(page, version)}"


@lru_cache(maxsize=4096)
def _path(page: int, version: Version) -> str:
    return reverse(f"api:{NAMES[version]}_base", args=[page])


def _tag(page: Page, source: Source, canonical: str) -> str:
    """A strong validator: the page, the image that is cut and since when it is so, and the cut."""
    said = f"{page.pk} {source.path.name} {source.made_at.isoformat()} {canonical}"
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'

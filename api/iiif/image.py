"""The IIIF Image API 3.0 over the pyramidal images: info.json and regions, sizes, quarter turns, grey."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from archive.models import Scope
from core.errors import InvalidInput, NotFound
from media import storage
from media.engines import vips
from media.models import Page

CONTEXT = "http://iiif.io/api/image/3/context.json"
MOST_PIXELS = 20_000_000
"""Largest image given out in one answer (maxArea), in pixels."""

REGION = re.compile(r"(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})")
PERCENT = re.compile(r"pct:(\d{1,3}(?:\.\d+)?),(\d{1,3}(?:\.\d+)?),(\d{1,3}(?:\.\d+)?),(\d{1,3}(?:\.\d+)?)")
SIZE = re.compile(r"(\^?)(!?)(\d{0,6}),(\d{0,6})")
SCALE = re.compile(r"(\^?)pct:(\d{1,3}(?:\.\d+)?)")
ROTATION = re.compile(r"(!?)(0|90|180|270)(?:\.0+)?")

Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """One image request in the order of its address (IIIF Image API 3.0, §4)."""

    region: str
    size: str
    rotation: str
    quality: str
    image_format: str


@require_safe
def base(request: HttpRequest, page: int) -> HttpResponse:
    """The image service's own address leads to its description (§2)."""
    answer = HttpResponseRedirect(reverse("api:iiif_info", args=[page]))
    answer.status_code = 303
    return _open_to_all(answer)


@require_safe
def info(request: HttpRequest, page: int) -> HttpResponse:
    """The description of a page image (§5); the media type follows the Accept header."""
    row = _page(request, page)
    sizes = [{"width": -(-row.width // f), "height": -(-row.height // f)} for f in (32, 16, 8, 4, 2, 1)]
    body = {
        "@context": CONTEXT,
        "id": request.build_absolute_uri(reverse("api:iiif_base", args=[page])),
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": row.width,
        "height": row.height,
        "maxArea": MOST_PIXELS,
        "sizes": [size for size in sizes if size["width"] >= 64],
        "tiles": [{"width": 512, "scaleFactors": [1, 2, 4, 8, 16, 32]}],
        "extraFormats": ["png"],
        "extraQualities": ["color", "gray"],
        "extraFeatures": ["mirroring", "regionSquare", "sizeUpscaling"],
    }
    ld = f'application/ld+json;profile="{CONTEXT}"'
    content_type = ld if "application/ld+json" in request.headers.get("Accept", "") else "application/json"
    return _open_to_all(JsonResponse(body, content_type=content_type))


@require_safe
def image(
    request: HttpRequest, page: int, region: str, size: str, rotation: str, quality: str, image_format: str
) -> HttpResponse:
    """A region of a page at a size, turned, in a quality and format."""
    row = _page(request, page)
    key = f"iiif:{row.pk}:{row.derived_at}:{region}:{size}:{rotation}:{quality}.{image_format}".replace(" ", "_")
    content = cache.get(key)
    if content is None:
        content = _render(row, Ask(region, size, rotation, quality, image_format))
        cache.set(key, content, timeout=3600)
    answer = HttpResponse(content, content_type="image/png" if image_format == "png" else "image/jpeg")
    answer["Cache-Control"] = "private, max-age=3600"
    return _open_to_all(answer)


def _page(request: HttpRequest, key: int) -> Page:
    page = Page.objects.visible_to(request.user, Scope.IMAGE).filter(pk=key, derived_at__isnull=False).first()
    if page is None:
        raise NotFound(_("There is no image at this address."))
    return page


def _render(page: Page, ask: Ask) -> bytes:
    if ask.image_format not in {"jpg", "png"}:
        raise InvalidInput(_("Formats are jpg and png."))
    if ask.quality not in {"default", "color", "gray"}:
        raise InvalidInput(_("Qualities are default, color and gray."))
    turn = ROTATION.fullmatch(ask.rotation)
    if turn is None:
        raise InvalidInput(_("Rotations are 0, 90, 180 and 270, with ! before them for a mirrored image."))
    x, y, w, h = cut(ask.region, page.width, page.height)
    out_w, out_h = scaled(ask.size, w, h)
    return vips.region(
        storage.access_image(page),
        x,
        y,
        w,
        h,
        out_w,
        out_h,
        image_format=cast(Literal["jpg", "png"], ask.image_format),
        rotation=int(turn[2]),
        mirrored=bool(turn[1]),
        quality="gray" if ask.quality == "gray" else "default",
    )


def cut(region: str, width: int, height: int) -> Rectangle:
    """The rectangle that a region parameter names, within the image (§4.1).

    Raises:
        InvalidInput: it cannot be read, is empty, or lies outside the image.
    """
    if region == "full":
        return 0, 0, width, height
    if region == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    if found := REGION.fullmatch(region):
        x, y, w, h = (int(number) for number in found.groups())
    elif found := PERCENT.fullmatch(region):
        left, top, wide, high = (float(number) for number in found.groups())
        x, y = round(width * left / 100), round(height * top / 100)
        w, h = round(width * wide / 100), round(height * high / 100)
    else:
        raise InvalidInput(_("Regions are full, square, x,y,w,h and pct:x,y,w,h."))
    if w < 1 or h < 1 or x >= width or y >= height:
        raise InvalidInput(_("This region is empty or outside the image."))
    return x, y, min(w, width - x), min(h, height - y)


def scaled(size: str, width: int, height: int) -> tuple[int, int]:
    """The pixel size that a size parameter names for a region of ``width`` × ``height`` (§4.2).

    Raises:
        InvalidInput: it cannot be read, enlarges without ^, or exceeds the largest answer.
    """
    upscale, wanted = _wanted(size, width, height)
    out_w, out_h = max(1, wanted[0]), max(1, wanted[1])
    if not upscale and (out_w > width or out_h > height):
        raise InvalidInput(_("This size is larger than the region; put ^ before it to enlarge."))
    if out_w * out_h > MOST_PIXELS:
        raise InvalidInput(_("This image would be larger than %(most)d pixels; ask for less.") % {"most": MOST_PIXELS})
    return out_w, out_h


def _wanted(size: str, width: int, height: int) -> tuple[bool, tuple[int, int]]:
    if size in {"max", "^max"}:
        factor = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5)
        return size[0] == "^", (int(width * factor), int(height * factor))
    if found := SCALE.fullmatch(size):
        factor = float(found[2]) / 100
        return bool(found[1]), (round(width * factor), round(height * factor))
    found = SIZE.fullmatch(size)
    if found is None or not (found[3] or found[4]):
        raise InvalidInput(_("Sizes are max, w, ,h w,h !w,h and pct:n."))
    upscale, within = bool(found[1]), bool(found[2])
    asked_w, asked_h = int(found[3] or 0), int(found[4] or 0)
    if within and asked_w and asked_h:
        factor = min(asked_w / width, asked_h / height)
        factor = factor if upscale else min(1.0, factor)
        return upscale, (round(width * factor), round(height * factor))
    return upscale, (asked_w or round(width * asked_h / height), asked_h or round(height * asked_w / width))


def _open_to_all(answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = "*"
    return answer

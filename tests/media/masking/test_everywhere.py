"""Nothing that was masked is in anything public (L-24, L-25): every address, every size of the image, every file."""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import numpy as np
import pypdfium2
import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseBase
from django.test import Client
from PIL import Image

from accounts.models import User
from api.records.views import KINDS
from archive.models import Record, Unit
from media import assembly, masking, recognition, storage
from media.engines import vips
from media.lines import Box
from media.models import Job, Mask, Page
from search import indexing
from search.backends.base import Engine
from search.finding import Request, find, suggest
from tests.media.masking.addresses import public_addresses
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import look, printed_page

pytestmark = pytest.mark.django_db

NAME = "马有才"
OTHER = {PERSON: "640102199001010000", MOBILE: "13900000000", NAME: "赵无有"}
"""For each secret something of the same form that is nowhere."""

SILENT = {
    *(f"portal:{action}_search" for action in ("save", "open", "rename", "remove", "take_back")),
    *(f"api:{kind}-detail" for kind in KINDS if kind != "units"),
}
"""Addresses that answer to nothing that this test asks: forms, searches that somebody saved, and other kinds."""

WORDS = ("闽宁村", "搬迁户", "电话", "户籍")


@dataclass(frozen=True)
class Published:
    """A published item whose page has secrets, all masked and redrawn."""

    unit: Unit
    page: Page
    boxes: list[Box]

    @property
    def record(self) -> Record:
        """The description of the item."""
        record: Record = self.unit.record
        return record


@pytest.fixture
def published(engine: Engine, item: Unit, archivist: User) -> Published:
    spaced = f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}"
    page = look(
        printed_page(
            item,
            "闽宁村搬迁户登记",
            f"户籍号码{PERSON}，电话{MOBILE}。",
            f"又，{NAME}，证{spaced}",
            "以上共一户，1998年3月填报。",
        )
    )
    for mask in page.masks.all():
        masking.decide(mask, Mask.Decision.MASKED, by=archivist, reason="个人信息")
    start = page.texts.get(is_current=True).text.index(NAME)
    masking.mark_by_hand(page, start=start, end=start + len(NAME), by=archivist, reason="姓名")
    page.refresh_from_db()
    masking.redraw(page)
    page.digital_object.original_name = f"{NAME}{PERSON}.jpg"
    page.digital_object.save()
    page.texts.update(settings={"file": f"{NAME}{MOBILE}.xml"})
    Job.objects.create(digital_object=page.digital_object)
    assembly.assemble(page.digital_object)()
    indexing.drain()
    boxes = [Box(*numbers) for mask in page.masks.all() for numbers in mask.boxes]
    assert len(boxes) == 4
    return Published(item, Page.objects.select_related("digital_object").get(pk=page.pk), boxes)


def secrets_in(text: str) -> list[str]:
    """Which secrets a text holds, whatever stands between their characters."""
    dense = re.sub(r"[\W_]+", "", text)
    return [secret for secret in (PERSON, MOBILE, NAME) if secret in dense or secret in text]


def everything_said(content: bytes) -> str:
    """The bytes of an answer as text, and the text of a PDF as its readers take it out."""
    said = content.decode("utf-8", "replace") + content.decode("gb18030", "ignore")
    said += re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), said)
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        for page in document:
            said += page.get_textpage().get_text_bounded()
        said += " ".join(str(value) for value in document.get_metadata_dict().values())
    return said


def content_of(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def addresses_of(published: Published, settings: LazySettings) -> dict[str, list[str]]:
    """Every public address, filled so that it leads to the page if it can."""
    page, record = published.page, published.record
    values: dict[str, list[object]] = {
        "naan": [settings.ARCHIVE_NAAN],
        "name": [record.ark],
        "ark": [record.ark_text, record.ark, Unit.objects.get_ancestors(published.unit).get().record.ark_text],
        "page": [page.pk],
        "number": [page.number, 0],
        "part": [1],
        "form": ["csv", "jsonl", "json", "xlsx", "bib", "ris", "txt"],
        "format": ["json", "csv", "xml"],
        "by": ["unit", "place", "agent", "year", "dimension", "mechanism", "kind"],
        "value": ["1998", record.ark],
        "key": [1],
        "region": ["full", f"0,0,{page.width},{page.height // 2}"],
        "size": ["max", "400,", "full"],
        "rotation": ["0", "90"],
        "quality": ["default", "gray"],
        "image_format": ["jpg", "png"],
    }
    return public_addresses(values)


def crawl(client: Client, start: list[str], queries: list[str]) -> Iterator[tuple[str, HttpResponseBase, bytes]]:
    """Every address, alone and with each query, and every address that the answers name (images, feeds, documents)."""
    left = [*start, *(f"{address}?{urlencode({'q': query})}" for address in start for query in queries)]
    seen: set[str] = set()
    while left:
        address = left.pop()
        if address in seen or len(seen) > 3000:
            continue
        seen.add(address)
        answer = client.get(address)
        content = content_of(answer)
        yield address, answer, content
        if answer.status_code in {301, 302, 303}:
            left.append(urljoin(address, str(answer["Location"])))
        if "text/html" in str(answer.get("Content-Type", "")) or "json" in str(answer.get("Content-Type", "")):
            left += _named_in(address, content.decode("utf-8", "replace"))


def _named_in(base: str, said: str) -> Iterator[str]:
    """Addresses of this site that an answer names, without those of the interface itself."""
    found = re.findall(r"(?:href|src|srcset)=\"([^\"]+)\"|\"(https?://testserver/[^\"]+)\"", said)
    for address in {one or other for one, other in found}:
        parts = urlsplit(urljoin(f"http://testserver{base}", address.replace("&amp;", "&")))
        path = parts.path
        is_ours = parts.netloc == "testserver" and not path.startswith(("/static/", "/workbench/", "/i18n/"))
        if is_ours and "," not in path and "q=" not in parts.query:
            yield f"{path}?{parts.query}" if parts.query else path


def test_no_address_says_what_was_masked(published: Published, client: Client, settings: LazySettings) -> None:
    named = addresses_of(published, settings)
    start = [address for filled in named.values() for address in filled]

    assert not [name for name, filled in named.items() if not filled], "teach the test what fills these addresses"
    told, answered = [], set()
    for address, answer, content in crawl(client, start, list(WORDS)):
        if answer.status_code < 400:
            answered.add(address.split("?")[0])
        told += [(address, secret) for secret in secrets_in(everything_said(content))]
    assert told == []
    silent = {name for name, filled in named.items() if not answered.intersection(filled)}
    assert silent <= SILENT, "these addresses were never answered: teach the test how to ask them"


def test_the_answers_that_must_show_the_page_do_show_it(
    published: Published, client: Client, settings: LazySettings
) -> None:
    """The test above would pass on a platform that shows nothing at all."""
    named = addresses_of(published, settings)

    reader = content_of(client.get(named["portal:reader"][0])).decode()

    assert "闽宁村搬迁户登记" in reader and "█" in reader
    for name in ("portal:record", "api:iiif_manifest", "api:iiif_annotations"):
        answers = [client.get(address) for address in named[name]]
        assert 200 in {answer.status_code for answer in answers}, name


def test_asking_for_it_finds_nothing(published: Published) -> None:
    reader = AnonymousUser()
    asked = (PERSON, MOBILE, NAME, " ".join(MOBILE), f"“{PERSON}”", PERSON[6:14], MOBILE[:7])

    results = {q: find(Request(q=q), reader) for q in asked}
    suggested = [each.text for q in asked for each in suggest(q[:6], reader)]

    for q, result in results.items():
        assert not [page for hit in result.hits for page in hit.pages], q
        assert published.record.pk not in {hit.record.pk for hit in result.hits}, q
    assert not secrets_in(" ".join(suggested))


def test_what_stands_beside_it_is_still_found(published: Published) -> None:
    result = find(Request(q="闽宁村搬迁户登记"), AnonymousUser())

    assert published.record.pk in {hit.record.pk for hit in result.hits}


def test_asking_an_address_for_it_tells_no_more_than_asking_for_what_is_nowhere(
    published: Published, client: Client, settings: LazySettings
) -> None:
    start = [address for filled in addresses_of(published, settings).values() for address in filled]
    differing = []
    for address in start:
        if "/iiif/2/" in address or "/iiif/3/" in address:
            continue
        for secret, other in OTHER.items():
            told = _neutral(client, address, secret)
            nowhere = _neutral(client, address, other)
            if told != nowhere:
                differing.append((address, secret, _first_difference(told[1], nowhere[1])))
    assert differing == []


def _first_difference(one: str, other: str) -> str:
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(place - 60, 0) : place + 60]!r} / {other[max(place - 60, 0) : place + 60]!r}"


def _neutral(client: Client, address: str, query: str) -> tuple[int, str]:
    """An answer without what differs from one to the next by itself: the query, the token of forms, moments."""
    answer = client.get(f"{address}?{urlencode({'q': query})}")
    said = _unpacked(content_of(answer)).decode("utf-8", "replace")
    for written in (query, urlencode({"q": query})[2:]):
        said = said.replace(written, "Q")
    said = re.sub(r"csrfmiddlewaretoken\" value=\"\w+\"|(?i:X-CSRFToken)\W+\w+|hx-headers='[^']*'", "", said)
    said = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:Z|\+\d\d:\d\d)?|\d+(?:\.\d+)? (?:ms|毫秒)", "", said)
    return answer.status_code, said


def _unpacked(content: bytes) -> bytes:
    """A table in a ZIP container as its parts, so that the moment in it can be read; anything else as it is."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"\n".join(packed.read(name) for name in sorted(packed.namelist()))


def test_the_boxes_are_black_in_every_size(published: Published, client: Client) -> None:
    page = published.page
    for version, width in itertools.product((2, 3), (page.width, page.width // 2, 300)):
        address = f"/iiif/{version}/{page.pk}/full/{width},/0/default.png"

        pixels = _pixels(content_of(client.get(address)))

        for box in published.boxes:
            _assert_black(pixels, box, pixels.shape[1] / page.width)


def test_the_boxes_are_black_in_every_tile_of_every_level(published: Published, client: Client) -> None:
    page = published.page
    info = client.get(f"/iiif/3/{page.pk}/info.json").json()
    side = info["tiles"][0]["width"]
    for factor in info["tiles"][0]["scaleFactors"]:
        for box in published.boxes:
            step = side * factor
            x, y = box.x // step * step, box.y // step * step
            w, h = min(step, page.width - x), min(step, page.height - y)
            size = f"{-(-w // factor)},{-(-h // factor)}"
            answer = client.get(f"/iiif/3/{page.pk}/{x},{y},{w},{h}/{size}/0/default.jpg")
            assert answer.status_code == 200
            here = Box(box.x - x, box.y - y, min(box.w, x + w - box.x), min(box.h, y + h - box.y))
            _assert_black(_pixels(content_of(answer)), here, 1 / factor)


def test_the_public_gets_the_redrawn_image_and_staff_the_whole_one(
    published: Published, client: Client, archivist: User
) -> None:
    box = published.boxes[0]
    address = f"/iiif/3/{published.page.pk}/{box.x},{box.y},{box.w},{box.h}/max/0/default.png"

    public = _pixels(content_of(client.get(address)))
    client.force_login(archivist)
    whole = _pixels(content_of(client.get(address)))

    assert public.max() < 60 and whole.max() > 200


def test_no_public_file_on_the_disk_holds_it(published: Published, client: Client, settings: LazySettings) -> None:
    page = published.page
    client.get(f"/iiif/3/{page.pk}/full/333,/0/default.jpg")  # a size that the cache keeps
    home = Path(settings.ARCHIVE_HOME)
    public = [storage.public_image(page), storage.public_thumbnail(page)]
    public += [
        path for folder in ("tiles", "objects/documents") for path in (home / folder).rglob("*") if path.is_file()
    ]

    assert len(public) > 2
    for path in public:
        content = path.read_bytes()
        assert not secrets_in(everything_said(content)), path.name
        assert b"Exif\x00\x00" not in content and b"ns.adobe.com/xap" not in content, path.name


def test_the_pictures_of_the_document_are_black_there(published: Published, client: Client) -> None:
    answer = client.get(f"/api/v1/records/{published.record.ark_text}/document.pdf")
    if answer.status_code == 404 and "text_urls" in str(answer):
        pytest.fail("the document has no address")
    document = pypdfium2.PdfDocument(content_of(answer))

    pixels = np.asarray(document[0].render(scale=3).to_pil().convert("RGB"))

    left = pixels.shape[1] / published.page.width
    for box in published.boxes:
        _assert_black(pixels, box, left)


@pytest.mark.engine
def test_reading_the_public_image_finds_nothing_of_it(published: Published) -> None:
    pixels = vips.rgb_array(storage.public_image(published.page))

    reading = recognition.read_pixels(pixels, is_upright=True)

    assert isinstance(reading, recognition.Reading)
    text = "".join(line.text for line in reading.lines)
    assert "搬迁户登记" in text
    assert secrets_in(text) == []


def test_before_it_is_redrawn_the_public_gets_no_image_at_all(
    engine: Engine, item: Unit, archivist: User, client: Client
) -> None:
    page = printed_page(item, "闽宁村搬迁户登记", f"电话{MOBILE}。")
    before = client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg").status_code

    masking.mark_by_hand(page, boxes=[Box(100, 200, 900, 120)], by=archivist)

    assert before == 200
    for address in ("full/max/0/default.jpg", "full/300,/0/default.jpg", "0,0,512,512/max/0/default.png", "info.json"):
        assert client.get(f"/iiif/3/{page.pk}/{address}").status_code in {404, 503}


def _pixels(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def _assert_black(pixels: np.ndarray, box: Box, scale: float) -> None:
    """The box is filled but for its outermost pixels, where a scaled picture mixes neighbours."""
    left, top = int(box.x * scale) + 2, int(box.y * scale) + 2
    right, bottom = int(box.right * scale) - 2, int(box.bottom * scale) - 2
    inside = pixels[top : max(bottom, top + 1), left : max(right, left + 1)]
    assert inside.size and inside.max() < 70
    assert inside.std() < 12

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import Role, User
from api.iiif import tiles
from archive import workflow
from archive.models import AuditEvent, Scope
from media import storage
from media.engines import vips
from media.models import DigitalObject, Page
from tests.api.iiif.making import halves, make_imaged_page, store
from tests.makers import make_user

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def colour(content: bytes, x: int, y: int) -> Any:
    return opened(content).convert("RGB").getpixel((x, y))


def mask(page: Page, *, redrawn: bool, folder: Path) -> None:
    """Something on the page is masked; the public image, where it is made, is black."""
    if redrawn:
        store(page, halves((800, 600), "black", "black"), folder, storage.PUBLIC)
    Page.objects.filter(pk=page.pk).update(is_masked=True, redrawn_at=timezone.now() if redrawn else None)


def test_the_description_by_version_3(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path, size=(1300, 900))

    answer = client.get(f"/iiif/3/{page.pk}/info.json")

    info = answer.json()
    assert (info["width"], info["height"], info["profile"]) == (1300, 900, "level2")
    assert info["id"] == f"http://testserver/iiif/3/{page.pk}"
    assert info["tiles"] == [{"width": 512, "scaleFactors": [1, 2, 4]}]
    assert info["sizes"][-1] == {"width": 1300, "height": 900}
    assert info["maxArea"] and info["maxWidth"]
    assert 'rel="profile"' in answer["Link"]


def test_the_description_by_version_2(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)

    info = client.get(f"/iiif/2/{page.pk}/info.json").json()

    assert info["@id"] == f"http://testserver/iiif/2/{page.pk}"
    assert info["profile"][0] == "http://iiif.io/api/image/2/level2.json"
    assert "type" not in info


@pytest.mark.parametrize("version", [2, 3])
def test_the_media_type_is_negotiated(client: Client, tmp_path: Path, version: int) -> None:
    page = make_imaged_page(tmp_path)
    address = f"/iiif/{version}/{page.pk}/info.json"

    plain, linked = client.get(address), client.get(address, headers={"Accept": "application/ld+json"})

    assert plain["Content-Type"] == "application/json"
    assert linked["Content-Type"] == f'application/ld+json;profile="http://iiif.io/api/image/{version}/context.json"'
    assert "Accept" in plain["Vary"]


@pytest.mark.parametrize("version", [2, 3])
def test_the_base_leads_to_the_description(client: Client, tmp_path: Path, version: int) -> None:
    page = make_imaged_page(tmp_path)

    answer = client.get(f"/iiif/{version}/{page.pk}")

    assert (answer.status_code, answer["Location"]) == (303, f"/iiif/{version}/{page.pk}/info.json")


def test_scripts_of_other_sites_may_ask(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)
    address = f"/iiif/3/{page.pk}/full/max/0/default.jpg"

    asked, given, refused = client.options(address), client.get(address), client.post(address)

    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert given["Access-Control-Allow-Origin"] == "*"
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_region_is_cut_scaled_turned_and_encoded(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)

    answer = client.get(f"/iiif/3/{page.pk}/400,0,400,600/200,/90/default.png")

    picture = opened(answer.content)
    assert (answer["Content-Type"], picture.format, picture.size) == ("image/png", "PNG", (300, 200))
    red, _green, blue = colour(answer.content, 150, 100)
    assert blue > 200
    assert red < 60


def test_mirroring_comes_before_turning(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)

    mirrored = client.get(f"/iiif/3/{page.pk}/full/max/!0/default.png").content

    assert colour(mirrored, 100, 300)[2] > 200
    assert colour(mirrored, 700, 300)[0] > 200


def test_a_stored_tile_is_handed_on_as_it_is(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_imaged_page(tmp_path, size=(2100, 1600))
    made = vips.region(storage.access_image(page), 1024, 0, 1024, 1024, 512, 512)
    monkeypatch.delattr(vips, "region")

    tile = client.get(f"/iiif/3/{page.pk}/1024,0,1024,1024/512,512/0/default.jpg")

    assert opened(tile.content).size == (512, 512)
    differences = [
        abs(a - b)
        for x, y in ((1, 1), (20, 500), (25, 30), (27, 256), (511, 511))
        for a, b in zip(colour(tile.content, x, y), colour(made, x, y), strict=True)
    ]
    assert max(differences) < 12


def test_a_tile_at_the_edge_has_its_own_size(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path, size=(1300, 900))

    tile = client.get(f"/iiif/3/{page.pk}/1024,512,276,388/276,388/0/default.jpg")

    assert opened(tile.content).size == (276, 388)
    assert tiles.kept(page.pk, "anything else") is None


def test_what_was_made_once_is_not_made_again(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_imaged_page(tmp_path)
    address = f"/iiif/3/{page.pk}/full/400,/0/default.jpg"
    first = client.get(address).content
    monkeypatch.delattr(vips, "region")

    again = client.get(f"/iiif/2/{page.pk}/full/!400,300/0/color.jpg")

    assert again.content == first


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("full/max/361/default.jpg", 400),
        ("full/max/45/default.jpg", 501),
        ("full/900,/0/default.jpg", 400),
        ("900,0,10,10/max/0/default.jpg", 400),
        ("full/max/0/sepia.jpg", 400),
        ("full/max/0/default.abc", 400),
        ("full/max/0/default.webp", 501),
        ("0,0,0,10/max/0/default.jpg", 400),
        ("full/,/0/default.jpg", 400),
        ("circle/max/0/default.jpg", 400),
        ("full/max/0/default", 404),
    ],
)
def test_a_wrong_parameter_says_what_is_possible(client: Client, tmp_path: Path, wrong: str, status: int) -> None:
    answer = client.get(f"/iiif/3/{make_imaged_page(tmp_path).pk}/{wrong}")

    assert answer.status_code == status
    if status != 404:
        assert answer["Content-Type"] == "application/problem+json"


def test_an_image_tells_its_canonical_address_and_its_level(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)

    link = client.get(f"/iiif/3/{page.pk}/pct:0,0,100,100/!400,400/0/color.jpg")["Link"]

    assert f'<http://testserver/iiif/3/{page.pk}/full/400,300/0/default.jpg>;rel="canonical"' in link
    assert '<http://iiif.io/api/image/3/level2.json>;rel="profile"' in link


def test_what_has_not_changed_is_not_sent_again(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)
    address = f"/iiif/3/{page.pk}/full/max/0/default.jpg"
    first = client.get(address)

    by_tag = client.get(address, headers={"If-None-Match": first["ETag"]})
    by_time = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    Page.objects.filter(pk=page.pk).update(derived_at=timezone.now())
    later = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, no-cache"
    assert (by_tag.status_code, by_time.status_code, later.status_code) == (304, 304, 200)


def test_an_image_costs_one_query(client: Client, tmp_path: Path, django_assert_num_queries: Queries) -> None:
    page = make_imaged_page(tmp_path)

    with django_assert_num_queries(1):
        client.get(f"/iiif/3/{page.pk}/0,0,512,512/512,512/0/default.jpg")


def test_images_need_more_than_the_text_to_be_public(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path, scope=Scope.TEXT)

    hidden = client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg")
    unknown = client.get(f"/iiif/3/{page.pk + 1}/full/max/0/default.jpg")

    assert client.get(f"/iiif/3/{page.pk}/info.json").status_code == 404
    assert (hidden.status_code, hidden.content) == (404, unknown.content)


def test_a_withdrawn_units_images_are_gone_at_once_even_if_kept(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)
    first = client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg")
    workflow.withdraw(page.unit.record, reason="权利人要求", by=None)

    again = client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 410)
    assert client.get(f"/iiif/2/{page.pk}/info.json").status_code == 410


def test_the_public_gets_the_redrawn_image_of_a_masked_page(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)
    address = f"/iiif/3/{page.pk}/full/400,/0/default.jpg"
    before = client.get(address)
    mask(page, redrawn=True, folder=tmp_path)

    after = client.get(address, headers={"If-None-Match": before["ETag"]})

    assert colour(before.content, 50, 50)[0] > 200
    assert colour(after.content, 50, 50) == (0, 0, 0)


@pytest.mark.parametrize("rest", ["full/max/0/default.jpg", "0,0,512,512/512,512/0/default.jpg", "info.json"])
def test_a_masked_page_is_not_shown_until_it_is_redrawn(client: Client, tmp_path: Path, rest: str) -> None:
    page = make_imaged_page(tmp_path)
    client.get(f"/iiif/3/{page.pk}/{rest}")
    mask(page, redrawn=False, folder=tmp_path)

    answer = client.get(f"/iiif/3/{page.pk}/{rest}")

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.ARCHIVIST, True), (Role.REVIEWER, True), (Role.SECURITY_OFFICER, True), (Role.AUDITOR, False)],
)
def test_who_masks_sees_the_whole_page_and_nobody_keeps_it(
    client: Client, tmp_path: Path, own_home: Path, role: Role, sees: bool
) -> None:
    page = make_imaged_page(tmp_path)
    mask(page, redrawn=True, folder=tmp_path)
    client.force_login(make_user(role))

    answer = client.get(f"/iiif/3/{page.pk}/full/400,/0/default.jpg")

    assert (colour(answer.content, 50, 50)[0] > 200) is sees
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer
    assert bool(list(own_home.glob("tiles/*/*"))) is not sees


def test_a_quarantined_file_is_seen_by_the_security_officer_only(
    client: Client, tmp_path: Path, archivist: User
) -> None:
    page = make_imaged_page(tmp_path)
    DigitalObject.objects.update(quarantined_at=timezone.now())
    address = f"/iiif/3/{page.pk}/full/max/0/default.jpg"

    public = client.get(address).status_code
    client.force_login(archivist)
    desk = client.get(address).status_code
    client.force_login(make_user(Role.SECURITY_OFFICER))

    assert (public, desk, client.get(address).status_code) == (404, 404, 200)


def test_storage_that_is_gone_is_a_503(client: Client, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)
    storage.access_image(page).unlink()

    answer = client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg")

    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text


def test_seeing_a_masked_page_whole_is_written_down(client: Client, archivist: User, tmp_path: Path) -> None:
    page = make_imaged_page(tmp_path)
    mask(page, redrawn=True, folder=tmp_path)
    client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg")
    client.force_login(archivist)

    for region in ("full", "square"):
        assert client.get(f"/iiif/3/{page.pk}/{region}/max/0/default.jpg").status_code == 200

    event = AuditEvent.objects.get(action="view unmasked")
    assert (event.object_key, event.actor, event.after) == (str(page.pk), archivist, {"purpose": "image"})

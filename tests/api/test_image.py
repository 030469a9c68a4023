import io
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from api.iiif import image
from archive import workflow
from archive.models import Scope
from core.errors import InvalidInput
from media import storage
from media.engines import vips
from media.models import Page
from tests.makers import make_item, make_page

pytestmark = pytest.mark.django_db


def make_page_with_image(tmp_path: Path, scope: Scope = Scope.IMAGE) -> Page:
    """A public page, 800 × 600: its left half red, its right half blue."""
    page = make_page(make_item(scope=scope), "闽宁协作", width=800, height=600)
    picture = Image.new("RGB", (800, 600), "red")
    picture.paste(Image.new("RGB", (400, 600), "blue"), (400, 0))
    picture.save(tmp_path / "page.png")
    target = storage.access_image(page)
    target.parent.mkdir(parents=True, exist_ok=True)
    vips.pyramid(tmp_path / "page.png", 0, target)
    Page.objects.filter(pk=page.pk).update(derived_at=timezone.now())
    return page


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_the_description_gives_size_tiles_and_level(client: Client, tmp_path: Path) -> None:
    page = make_page_with_image(tmp_path)

    info = client.get(f"/iiif/3/{page.pk}/info.json").json()

    assert (info["width"], info["height"], info["profile"]) == (800, 600, "level2")
    assert info["id"].endswith(f"/iiif/3/{page.pk}")
    assert client.get(f"/iiif/3/{page.pk}").status_code == 303


def test_a_region_is_cut_scaled_turned_and_encoded(client: Client, tmp_path: Path) -> None:
    page = make_page_with_image(tmp_path)

    answer = client.get(f"/iiif/3/{page.pk}/400,0,400,600/200,/90/default.png")

    picture = opened(answer.content)
    assert (answer["Content-Type"], picture.format, picture.size) == ("image/png", "PNG", (300, 200))
    red, _green, blue = picture.convert("RGB").getpixel((150, 100))  # type: ignore[misc]  # an RGB pixel is a triple
    assert blue > 200
    assert red < 60


@pytest.mark.parametrize(
    "wrong",
    [
        "full/max/45/default.jpg",
        "full/900,/0/default.jpg",
        "900,0,10,10/max/0/default.jpg",
        "full/max/0/bitonal.jpg",
        "full/max/0/default.webp",
        "0,0,0,10/max/0/default.jpg",
        "full/,/0/default.jpg",
        "circle/max/0/default.jpg",
    ],
)
def test_a_wrong_parameter_is_a_400_that_says_what_is_possible(client: Client, tmp_path: Path, wrong: str) -> None:
    answer = client.get(f"/iiif/3/{make_page_with_image(tmp_path).pk}/{wrong}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_images_need_more_than_the_text_to_be_public(client: Client, tmp_path: Path) -> None:
    page = make_page_with_image(tmp_path, scope=Scope.TEXT)

    assert client.get(f"/iiif/3/{page.pk}/info.json").status_code == 404
    assert client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg").status_code == 404


def test_a_withdrawn_units_images_are_gone_at_once_even_if_cached(client: Client, tmp_path: Path) -> None:
    page = make_page_with_image(tmp_path)
    assert client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg").status_code == 200
    workflow.withdraw(page.unit.record, reason="权利人要求", by=None)

    assert client.get(f"/iiif/3/{page.pk}/full/max/0/default.jpg").status_code == 404


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("max", (800, 600)),
        ("400,", (400, 300)),
        (",300", (400, 300)),
        ("pct:50", (400, 300)),
        ("!400,400", (400, 300)),
        ("400,400", (400, 400)),
        ("^1600,", (1600, 1200)),
    ],
)
def test_sizes_follow_the_standard(size: str, expected: tuple[int, int]) -> None:
    assert image.scaled(size, 800, 600) == expected


def test_an_answer_cannot_be_made_larger_than_the_limit() -> None:
    with pytest.raises(InvalidInput):
        image.scaled("^99999,", 800, 600)

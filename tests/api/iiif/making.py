"""Pages with real pyramids, for the tests of the image service and of what names it."""

from pathlib import Path

from PIL import Image

from archive.models import Scope, Unit
from media import storage
from media.engines import vips
from media.models import Page
from tests.makers import make_item, make_page


def make_imaged_page(
    folder: Path,
    *texts: str,
    size: tuple[int, int] = (800, 600),
    unit: Unit | None = None,
    scope: Scope = Scope.DOWNLOAD,
) -> Page:
    """A public page: its left half red, its right half blue."""
    page = make_page(unit or make_item(scope=scope), *texts, width=size[0], height=size[1])
    store(page, halves(size, "red", "blue"), folder)
    return page


def halves(size: tuple[int, int], left: str, right: str) -> Image.Image:
    """A picture in two colours."""
    picture = Image.new("RGB", size, left)
    picture.paste(Image.new("RGB", (size[0] // 2, size[1]), right), (size[0] // 2, 0))
    return picture


def store(page: Page, picture: Image.Image, folder: Path, name: str = storage.ACCESS) -> None:
    """Keep a picture as the pyramid of a page."""
    source, target = folder / "page.png", storage.derived_path(page, name)
    picture.save(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    vips.pyramid(source, 0, target)

import pytest

from api.iiif import asking
from api.iiif.asking import Ask, Version
from api.iiif.errors import NotImplementedHere
from core.errors import InvalidInput


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("max", (800, 600)),
        ("400,", (400, 300)),
        (",300", (400, 300)),
        ("pct:50", (400, 300)),
        ("pct:.5", (4, 3)),
        ("!400,400", (400, 300)),
        ("400,400", (400, 400)),
        ("^1600,", (1600, 1200)),
        ("^!900,900", (900, 675)),
        ("^pct:150", (1200, 900)),
        ("1,", (1, 1)),
    ],
)
def test_sizes_follow_version_3(size: str, expected: tuple[int, int]) -> None:
    assert asking.scaled(size, 800, 600) == expected


@pytest.mark.parametrize(("size", "expected"), [("full", (800, 600)), ("max", (800, 600)), ("!1000,1000", (800, 600))])
def test_sizes_follow_version_2(size: str, expected: tuple[int, int]) -> None:
    assert asking.scaled(size, 800, 600, version=2) == expected


@pytest.mark.parametrize(
    ("size", "version"),
    [
        ("full", 3),
        ("801,", 3),
        ("!900,900", 3),
        ("pct:101", 3),
        ("^max", 2),
        ("^900,", 2),
        ("900,", 2),
        (",", 3),
        ("!400,", 3),
        ("0,", 3),
        ("pct:0", 3),
        ("400，", 3),
        ("４00,", 3),
        ("", 3),
    ],
)
def test_sizes_that_are_none_are_refused(size: str, version: Version) -> None:
    with pytest.raises(InvalidInput):
        asking.scaled(size, 800, 600, version=version)


@pytest.mark.parametrize("size", ["^99999,", "^12001,1", "^5000,5000"])
def test_an_answer_cannot_be_made_larger_than_the_limit(size: str) -> None:
    with pytest.raises(InvalidInput):
        asking.scaled(size, 800, 600)


def test_a_page_beyond_the_limits_is_given_as_large_as_they_allow() -> None:
    width, height = asking.scaled("max", 20_000, 28_000)

    assert width * height <= asking.MOST_PIXELS
    assert max(width, height) <= asking.MOST_SIDE
    assert abs(width / height - 20 / 28) < 0.001


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("full", (0, 0, 800, 600)),
        ("square", (100, 0, 600, 600)),
        ("10,20,30,40", (10, 20, 30, 40)),
        ("700,500,900,900", (700, 500, 100, 100)),
        ("pct:25,50,12.5,10", (200, 300, 100, 60)),
    ],
)
def test_regions_lie_within_the_page(region: str, expected: tuple[int, int, int, int]) -> None:
    assert asking.cut(region, 800, 600) == expected


@pytest.mark.parametrize(
    ("ask", "version", "expected"),
    [
        (Ask("full", "max", "0", "default", "jpg"), 3, "full/max/0/default.jpg"),
        (Ask("0,0,800,600", "800,", "360", "color", "jpg"), 3, "full/max/0/default.jpg"),
        (Ask("pct:0,0,50,50", "!100,100", "!90", "gray", "png"), 3, "0,0,400,300/100,75/!90/gray.png"),
        (Ask("full", "^1600,", "0", "default", "jpg"), 3, "full/^1600,1200/0/default.jpg"),
        (Ask("full", "max", "0", "default", "jpg"), 2, "full/full/0/default.jpg"),
        (Ask("full", ",300", "0", "default", "jpg"), 2, "full/400,/0/default.jpg"),
        (Ask("full", "400,400", "0", "default", "jpg"), 2, "full/400,400/0/default.jpg"),
    ],
)
def test_every_view_has_one_canonical_address(ask: Ask, version: Version, expected: str) -> None:
    view = asking.view(ask, version, 800, 600)

    assert asking.canonical(view, version, 800, 600) == expected


@pytest.mark.parametrize(
    "ask",
    [
        Ask("full", "max", "45", "default", "jpg"),
        Ask("full", "max", "22.5", "default", "jpg"),
        Ask("full", "max", "0", "default", "webp"),
        Ask("full", "max", "0", "default", "tif"),
    ],
)
def test_what_the_standard_has_and_the_service_has_not(ask: Ask) -> None:
    with pytest.raises(NotImplementedHere):
        asking.view(ask, 3, 800, 600)

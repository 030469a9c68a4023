"""Sizes of paper."""

import pytest

from media.quality import paper


@pytest.mark.parametrize(
    ("extent", "name"),
    [
        ("12页，A4", "A4"),
        ("3页 16开", "16开"),
        ("2页(８Ｋ)", "8开"),
        ("a3 图纸1张", "A3"),
        ("5页", None),
        ("A4 2页，A3 1页", None),
        ("DA45", None),
    ],
)
def test_the_paper_is_read_from_the_extent(extent: str, name: str | None) -> None:
    found = paper.declared(extent)

    assert (found.name if found else None) == name


def test_sides_are_compared_lying_or_standing() -> None:
    found, off = paper.nearest(297, 211)

    assert found.name == "A4"
    assert off == pytest.approx(0.5)

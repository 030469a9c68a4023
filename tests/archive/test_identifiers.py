import random
from collections.abc import Iterator

import pytest
from django.utils import translation

from archive import identifiers
from archive.identifiers import NOID_ALPHABET, Ark
from core.errors import InvalidInput


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language they are written in."""
    with translation.override("en"):
        yield


def test_the_published_example() -> None:
    assert identifiers.check_character("13030/xf93gt2") == "q"
    assert identifiers.is_valid("13030", "xf93gt2q")


def test_minted_names_are_valid_and_differ() -> None:
    names = {identifiers.mint("99999", "x1") for _ in range(200)}

    assert len(names) == 200
    assert all(name.startswith("x1") and len(name) == 11 for name in names)
    assert all(identifiers.is_valid("99999", name) for name in names)


def test_a_seed_always_gives_the_same_name() -> None:
    assert identifiers.for_seed("99999", "x1", "POL-001") == "x1kd1grmjbc"
    assert identifiers.for_seed("99999", "x1", "POL-002") != identifiers.for_seed("99999", "x1", "POL-001")
    assert identifiers.is_valid("99999", identifiers.for_seed("99999", "x1", "闽宁"))


def test_every_single_wrong_character_is_found() -> None:
    chance = random.Random(1996)
    for _ in range(50):
        name = identifiers.for_seed("99999", "x1", str(chance.random()))
        for place in range(len(name)):
            for other in NOID_ALPHABET.replace(name[place], ""):
                assert not identifiers.is_valid("99999", name[:place] + other + name[place + 1 :])


def test_every_transposition_of_neighbours_is_found() -> None:
    chance = random.Random(2012)
    for _ in range(200):
        name = identifiers.for_seed("99999", "x1", str(chance.random()))
        for place in range(len(name) - 1):
            swapped = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
            assert swapped == name or not identifiers.is_valid("99999", swapped)


@pytest.mark.parametrize("name", ["", "q", "XF93GT2Q", "xf93gt2l", "xf93 gt2q"])
def test_names_outside_the_alphabet_are_not_valid(name: str) -> None:
    assert not identifiers.is_valid("13030", name)


@pytest.mark.parametrize(
    ("text", "ark"),
    [
        ("ark:13030/xf93gt2q", Ark("13030", "xf93gt2q")),
        ("ark:/13030/xf93gt2q", Ark("13030", "xf93gt2q")),
        ("ARK:13030/xf93gt2q", Ark("13030", "xf93gt2q")),
        (" ark:13030/xf93-gt2q ", Ark("13030", "xf93gt2q")),
        ("ark:13030/xf93\u2010gt2q", Ark("13030", "xf93gt2q")),
        ("ark:13030/XF93gt2q", Ark("13030", "XF93gt2q")),
        ("ark:13030/xf93gt2q/3.jpg", Ark("13030", "xf93gt2q", "/3.jpg")),
        ("ark:13030/xf93gt2q.txt", Ark("13030", "xf93gt2q", ".txt")),
        ("ark:13030/xf93gt2q/", Ark("13030", "xf93gt2q")),
        ("ark:13030/xf93gt2q?info", Ark("13030", "xf93gt2q")),
        ("ark:13030/xf93gt2q??", Ark("13030", "xf93gt2q")),
        ("https://min-ning.example/ark:13030/xf93gt2q", Ark("13030", "xf93gt2q")),
    ],
)
def test_arks_are_read_in_every_form(text: str, ark: Ark) -> None:
    assert identifiers.parse(text) == ark


def test_an_ark_is_shown_without_its_qualifier() -> None:
    assert str(identifiers.parse("ark:/13030/xf93-gt2q/3")) == "ark:13030/xf93gt2q"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "xf93gt2q",
        "13030/xf93gt2q",
        "ark:13030",
        "ark:13030/",
        "ark:abc/x1",
        "ark:13030/闽宁",
        "ark:13030/a b",
        "doi:10.1/x",
    ],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not an ARK"):
        identifiers.parse(text)


@pytest.mark.parametrize(("naan", "shoulder"), [("99999", ""), ("99999", "A1"), ("999", "x1"), ("99999", "x 1")])
def test_names_are_not_minted_outside_the_alphabet(naan: str, shoulder: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be part of an ARK"):
        identifiers.mint(naan, shoulder)

import itertools
from collections.abc import Iterator

import pytest
from django.utils import translation

from archive import reference_codes
from archive.reference_codes import CodeProfile
from core.errors import InvalidInput


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are compared in the language they are written in."""
    with translation.override("en"):
        yield


BY_VOLUME = {
    "J019-ZY·JC·CC·2019·D30-001-001": ("J019", "ZY·JC·CC·2019·D30", "001", "001"),
    "J019-KU·01·2017-001-001": ("J019", "KU·01·2017", "001", "001"),
    "A002-RS-001-002": ("A002", "RS", "001", "002"),
    "X032-KJ·KY·01-003": ("X032", "KJ·KY·01", "003", None),
    "X032-KJ·JJ·02-005-054": ("X032", "KJ·JJ·02", "005", "054"),
    "K021-ZP·2019·D30-025-005": ("K021", "ZP·2019·D30", "025", "005"),
    "C038-001-002-003": ("C038", "001", "002", "003"),
}
BY_ITEM = {
    "A439-WS·2015·D30·003-005": ("A439", "WS", None, "2015", "D30", "003", "005"),
    "Z109-WS·2011·Y·办公室-0001": ("Z109", "WS", None, "2011", "Y", "办公室", "0001"),
    "Z008-WS·2019·Y-037": ("Z008", "WS", None, "2019", "Y", None, "037"),
    "J019-LY·2019·Y-001": ("J019", "LY", None, "2019", "Y", None, "001"),
    "C015-WY·TZGG·2019·D10-00001": ("C015", "WY", "TZGG", "2019", "D10", None, "00001"),
    "B168-SW·2015·Y-001": ("B168", "SW", None, "2015", "Y", None, "001"),
    "X033-ZP·2008-001": ("X033", "ZP", None, "2008", None, None, "001"),
}
DAT22 = "Z109-WS·2011-Y-BGS-0001"


@pytest.mark.parametrize("received", BY_VOLUME)
def test_published_codes_by_volume(received: str) -> None:
    code = reference_codes.parse(received, CodeProfile.DAT13_VOLUME)

    assert tuple(code.parts.get(name) for name in ("fonds", "series", "file", "item")) == BY_VOLUME[received]
    assert reference_codes.build(CodeProfile.DAT13_VOLUME, **code.parts) == received


@pytest.mark.parametrize("received", BY_ITEM)
def test_published_codes_by_item(received: str) -> None:
    names = ("fonds", "category", "subcategory", "year", "retention", "office", "item")

    code = reference_codes.parse(received, CodeProfile.DAT13_ITEM)

    assert tuple(code.parts.get(name) for name in names) == BY_ITEM[received]
    components = {name: code.parts[name] for name in names if name in code.parts}
    assert reference_codes.build(CodeProfile.DAT13_ITEM, **components) == received


def test_the_published_code_of_the_other_standard() -> None:
    code = reference_codes.parse(DAT22, CodeProfile.DAT22)

    assert dict(code.parts) == {
        "fonds": "Z109", "series": "WS·2011-Y-BGS", "category": "WS", "year": "2011", "retention": "Y", "office": "BGS",
        "item": "0001",
    }  # fmt: skip


def test_the_profile_decides_what_an_ambiguous_code_means() -> None:
    received = "A439-WS·2015·D30-005"

    by_item = reference_codes.parse(received, CodeProfile.DAT13_ITEM)
    by_volume = reference_codes.parse(received, CodeProfile.DAT13_VOLUME)

    assert by_item.parts["item"] == "005"
    assert by_volume.parts["file"] == "005"
    assert "item" not in by_volume.parts


@pytest.mark.parametrize(
    ("received", "profile", "level", "last"),
    [
        ("X001", CodeProfile.DAT13_VOLUME, "fonds", "X001"),
        ("X001-WS·2016", CodeProfile.DAT13_VOLUME, "series", "WS·2016"),
        ("X001-WS·2016-001", CodeProfile.DAT13_VOLUME, "file", "001"),
        ("X001-WS·2016-001-002", CodeProfile.DAT13_VOLUME, "item", "002"),
        ("X001-WS·2016", CodeProfile.DAT13_ITEM, "series", "WS·2016"),
        ("Z109-WS·2011", CodeProfile.DAT22, "series", "WS·2011"),
        ("Z109-WS·2011-Y-BGS", CodeProfile.DAT22, "series", "WS·2011-Y-BGS"),
    ],
)
def test_codes_of_every_level(received: str, profile: CodeProfile, level: str, last: str) -> None:
    assert reference_codes.parse(received, profile, level).parts[level] == last


@pytest.mark.parametrize(
    ("received", "profile", "level", "example"),
    [
        (DAT22, CodeProfile.DAT13_ITEM, "item", "Z109-WS·2011·Y·办公室-0001"),
        ("Z109-WS·2011·Y·办公室-0001", CodeProfile.DAT22, "item", "Z109-WS·2011-Y-BGS-0001"),
        ("X001-WS·2016", CodeProfile.DAT13_VOLUME, "item", "X032-KJ·JJ·02-005-054"),
        ("x001", CodeProfile.DAT13_VOLUME, "fonds", "X013"),
        ("LS031-001-0001-001", CodeProfile.DAT13_VOLUME, "item", "X032"),
    ],
)
def test_a_refusal_names_the_code_and_the_expected_form(
    received: str, profile: CodeProfile, level: str, example: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        reference_codes.parse(received, profile, level)

    assert received in refusal.value.message
    assert example in refusal.value.message


def test_a_fonds_by_item_has_no_files() -> None:
    with pytest.raises(InvalidInput, match="no files"):
        reference_codes.parse("X001-WS·2016-001", CodeProfile.DAT13_ITEM, "file")


@pytest.mark.parametrize("received", ["LS031-001-0001-001", "04-01-35-0399-039", "闽宁卷 7"])
def test_historic_codes_are_taken_as_they_are(received: str) -> None:
    code = reference_codes.parse(received, CodeProfile.LEGACY, "file")

    assert (code.received, dict(code.parts)) == (received, {})


@pytest.mark.parametrize("profile", CodeProfile)
def test_an_empty_code_is_refused_by_every_profile(profile: CodeProfile) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        reference_codes.parse(" \u3000", profile)


def test_look_alike_dots_and_dashes_are_one_code_and_the_received_one_stays() -> None:
    for dot, dash in itertools.product("·•‧∙⋅・･．", "-—–‐‑―−－"):
        received = f" X033{dash}ZP{dot}2008 {dash} 001"

        code = reference_codes.parse(received, CodeProfile.DAT13_ITEM)

        assert code.key == "X033-ZP·2008-001"
        assert code.received == received
        assert reference_codes.is_same(received, "X033-ZP·2008-001")
    assert not reference_codes.is_same("X033-ZP·2008-001", "X033-ZP·2008-002")


def test_codes_sort_by_component_and_number() -> None:
    ordered = [
        "A002-RS-001-002",
        "A002-RS-001-0010",
        "A002-RS-002-001",
        "X001-WS·1998-001-001",
        "X001-WS·1998-1000-001",
        "X001-WS·2001-002-001",
        "X010-WS·1996-001-001",
    ]
    codes = [reference_codes.parse(received, CodeProfile.DAT13_VOLUME) for received in reversed(ordered)]

    by_key = sorted(codes, key=reference_codes.sort_key)

    assert [code.received for code in by_key] == ordered


def test_a_unit_sorts_before_what_it_contains() -> None:
    levels = {"X001": "fonds", "X001-WS·2016": "series", "X001-WS·2016-001": "file", "X001-WS·2016-001-001": "item"}
    keys = [
        reference_codes.sort_key(reference_codes.parse(received, CodeProfile.DAT13_VOLUME, level))
        for received, level in levels.items()
    ]

    assert keys == sorted(keys)


def test_sort_keys_stay_short() -> None:
    code = reference_codes.parse("1-" * 59 + "1", CodeProfile.LEGACY)

    assert len(reference_codes.sort_key(code)) <= reference_codes.SORT_KEY_LENGTH


def test_building_fills_numbers_up_and_joins_as_the_profile_does() -> None:
    parts = {"fonds": "Z109", "category": "WS", "year": "2011", "retention": "Y", "office": "BGS", "item": "1"}

    assert reference_codes.build(CodeProfile.DAT22, **parts) == "Z109-WS·2011-Y-BGS-0001"
    assert reference_codes.build(CodeProfile.DAT13_ITEM, **parts) == "Z109-WS·2011·Y·BGS-001"
    assert (
        reference_codes.build(CodeProfile.DAT13_VOLUME, fonds="X001", series="WS·2016", file="1") == "X001-WS·2016-001"
    )
    assert reference_codes.build(CodeProfile.DAT13_VOLUME, fonds="X001") == "X001"


@pytest.mark.parametrize("parts", [{"fonds": "x1"}, {"fonds": "X001", "item": "1"}, {"item": "1"}, {}])
def test_building_refuses_what_makes_no_code(parts: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        reference_codes.build(CodeProfile.DAT13_ITEM, **parts)


def test_historic_codes_are_not_built() -> None:
    with pytest.raises(InvalidInput, match="as received"):
        reference_codes.build(CodeProfile.LEGACY, fonds="X001")

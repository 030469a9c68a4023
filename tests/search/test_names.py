"""Names as people type them."""

from search import names


def test_letters_are_cut_into_syllables_in_every_way_and_read_as_initials() -> None:
    assert names.readings("xian") == [("xian",), ("xi", "an"), ("x.", "i.", "a.", "n.")]
    assert ("min", "ning", "zhen") in names.readings("minningzhen")
    assert names.readings("mnz") == [("m.", "n.", "z.")]


def test_a_long_row_of_letters_is_read_quickly() -> None:
    assert len(names.readings("an" * 31 + "vx")) == 1
    assert len(names.readings("xian" * 16)) == names.MOST_READINGS + 1


def test_a_name_can_be_typed_in_characters_pinyin_or_initials() -> None:
    found = set(names.beginnings("闽宁镇"))

    assert {"闽", "闽宁", "闽宁镇", "m", "min", "minningz", "minningzhen", "mn", "mnz"} <= found
    assert "宁" not in found


def test_what_is_typed_is_levelled() -> None:
    assert names.typed("閩 寧·鎮") == "闽宁镇"


def test_names_that_sound_alike_have_one_key() -> None:
    assert names.homophones_key("闽宁镇") == "min ning zhen"
    assert names.homophones_key("闽宁镇") == names.homophones_key("閩寧鎮") == names.homophones_key("民宁震")
    assert names.homophones_key("——") == ""

from media import stretches
from media.lines import Box
from media.stretches import Quote
from tests.makers import make_lines

FIRST_END = Box(200, 100, 50, 50)
SECOND_START = Box(100, 180, 50, 50)


def test_a_box_leads_back_to_its_characters() -> None:
    lines = make_lines("闽宁协作", "三十年")

    found = stretches.stretch(Box(150, 180, 100, 50), lines)

    assert found is not None
    assert (found.line, found.first, found.last, found.of(lines)) == (1, 1, 3, "十年")
    assert stretches.stretch(Box(2000, 2000, 10, 10), lines) is None


def test_a_word_cut_by_a_line_break_is_one_hit() -> None:
    lines = make_lines("福建宁", "夏结对")

    assert stretches.grouped([FIRST_END, SECOND_START], lines, 2) == [[FIRST_END, SECOND_START]]
    assert stretches.grouped([FIRST_END, SECOND_START], lines, 1) == [[FIRST_END], [SECOND_START]]


def test_two_words_of_neighbouring_lines_stay_apart() -> None:
    lines = make_lines("福建宁夏", "夏结对")

    assert stretches.grouped([FIRST_END, SECOND_START], lines, 2) == [[FIRST_END], [SECOND_START]]


def test_a_quote_runs_over_line_breaks() -> None:
    lines = make_lines("一九九六年", "福建宁", "夏结对")
    held = [stretches.stretch(box, lines) for box in (Box(200, 180, 50, 50), Box(100, 260, 50, 50))]

    quote = stretches.quote([each for each in held if each], lines, around=4)

    assert quote == Quote("六年福建", "宁夏", "结对")


def test_latin_words_are_kept_apart_by_a_blank() -> None:
    assert stretches.flat("Fujian\nand 宁\n夏") == "Fujian and 宁夏"
    assert stretches.flat("\n") == ""

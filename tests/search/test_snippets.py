"""Snippets and boxes from the stored text."""

import json
import random

from media.lines import join, locate, to_json
from search import language, snippets
from search.results import Snippet
from tests.makers import make_lines


def _joined(snippet: Snippet) -> str:
    return "".join(text for text, _is_hit in snippet)


def test_a_snippet_is_cut_around_its_first_hit() -> None:
    original = "前" * 100 + "闽宁" + "后" * 200 + "闽宁"

    snippet = snippets.cut(original, snippets.matcher(language.read("闽宁").tree).spans(original))

    assert snippet[0] == ("…", False)
    assert snippet[-1] == ("…", False)
    assert ("闽宁", True) in snippet
    assert len(_joined(snippet)) == snippets.LONGEST + 2


def test_line_breaks_vanish_beside_han_characters_and_are_blanks_in_latin() -> None:
    assert _joined(snippets.whole("闽宁\n协作 Fujian\nprovince", [])) == "闽宁协作 Fujian province"


def test_a_hit_longer_than_a_snippet_is_shown_in_part() -> None:
    original = "协" * 500

    snippet = snippets.cut(original, [(0, 500)])

    assert len(_joined(snippet)) <= 2 * snippets.LONGEST + 1


def test_boxes_are_those_that_the_lines_themselves_give() -> None:
    chance = random.Random(30)
    lines = [
        *make_lines("第一栏第一行", "第一栏第二行", block=0),
        *make_lines("", "竖排一行", "竖排二行", direction="v", block=1),
        *make_lines("末行", block=2),
    ]
    stored, text = to_json(lines), join(lines)

    for _number in range(200):
        start = chance.randrange(len(text))
        end = chance.randint(start + 1, len(text))

        assert snippets.boxes(json.dumps(stored), [(start, end)]) == locate(lines, start, end)


def test_a_page_without_lines_gives_no_boxes() -> None:
    assert snippets.boxes("[]", [(0, 2)]) == []

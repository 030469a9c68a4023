"""What the baselines are asked is what was typed, less what only our language knows."""

import pytest

from bench.apparatus import baselines


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("标题:移民", "移民"),
        ("标题:井窖 OR 标题:水窖", "井窖   水窖"),
        ("年:1996..1997 联席会议", "联席会议"),
        ("金额:>1亿元", ">1亿元"),
        ("维度:产业协作 标题:菌草", "产业协作 菌草"),
        ("档号:M001-WS·CY*", "M001-WS·CY"),
        ("“对口帮扶” 年:1996", "“对口帮扶”"),
        ("(支教 OR 支医) AND 莆田", "支教   支医    莆田"),
        ("菌草 NOT 林占熺", "菌草"),
        ("闽宁协作", "闽宁协作"),
    ],
)
def test_what_only_our_language_knows_is_taken_out(q: str, words: str) -> None:
    assert baselines.plain(q).split() == words.split()


def test_the_trigram_index_finds_words_of_three_characters_only() -> None:
    found = {
        "one": {"title": "闽宁镇成立", "names": "", "description": "设镇", "text": ""},
        "two": {"title": "移民", "names": "", "description": "闽宁镇", "text": ""},
    }

    trigram = baselines.Trigram(found)

    assert trigram.find("闽宁镇", 10) == ["one", "two"]
    assert trigram.find("闽宁镇 成立了", 10) == []
    assert trigram.find("设镇", 10) == []

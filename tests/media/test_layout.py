"""What a page looks like: its script and its layout."""

from dataclasses import replace

import pytest

from media import layout
from media.lines import Cell
from tests.makers import make_lines


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("移民搬迁安置户登记表", "hans"),
        ("閩寧協作紀事與賀蘭山", "hant"),
        ("一二三四五六人口", "none"),
        ("1997", "none"),
        ("闽宁协作发展与移民搬迁安置户：閩寧", "mixed"),
        ("关于印发移民安置区供水管理办法的通知，各县区人民政府，开发区管委会，题名《論》", "hans"),
    ],
)
def test_the_script_is_told_by_characters_that_the_two_do_not_share(text: str, script: str) -> None:
    assert layout.script(text) == script


def test_a_page_is_described() -> None:
    prose = make_lines("扬黄工程四级泵站全线贯通", "菌草技术是两地协作的")
    beside = [
        replace(line, box=replace(line.box, x=600 * number), block=number)
        for number in range(3)
        for line in make_lines(*["扬黄工程四级"] * 5)
    ]

    assert layout.describe(prose) == {"script": "hans", "layout": "prose"}
    assert layout.describe(beside)["layout"] == "columns"
    assert layout.describe(make_lines("閩寧紀事", direction="v")) == {"script": "hant", "layout": "vertical"}
    assert layout.describe([replace(line, cell=Cell(0, 0, 0)) for line in prose])["layout"] == "table"
    assert layout.describe([]) == {"script": "none", "layout": "empty"}

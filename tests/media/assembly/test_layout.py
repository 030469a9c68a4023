from media.assembly import layout
from media.assembly.layout import Block, Table
from tests.media.assembly.sheets_made import column, row


def test_lines_that_flow_on_are_one_block() -> None:
    lines = [row("闽宁协作", 100, 100), row("二十年", 100, 160), row("第二段", 100, 300, block=1)]

    arranged = layout.arrange(lines)

    assert [len(part.lines) for part in arranged if isinstance(part, Block)] == [2, 1]
    assert arranged[0].box.y == 100
    assert arranged[0].box.bottom == 208


def test_cells_side_by_side_in_rows_are_a_table() -> None:
    cells = [["年份", "金额"], ["1996", "1500万元"], ["1997", "1600万元"]]
    lines = [row("援助资金表", 300, 20)]
    for number, (left, right) in enumerate(cells):
        lines.append(row(left, 100, 100 + 80 * number, block=1 + 2 * number))
        lines.append(row(right, 500, 100 + 80 * number, block=2 + 2 * number))

    title, table = layout.arrange(lines)

    assert isinstance(title, Block)
    assert isinstance(table, Table)
    assert [["".join(line.text for line in cell.lines) for cell in row_] for row_ in table.rows] == cells


def test_columns_of_prose_are_no_table() -> None:
    left = [row("一二三四五", 100, 100 + 60 * number) for number in range(9)]
    right = [row("六七八九十", 500, 100 + 60 * number, block=1) for number in range(9)]

    arranged = layout.arrange([*left, *right])

    assert all(isinstance(part, Block) for part in arranged)


def test_a_block_is_vertical_if_most_of_its_characters_are() -> None:
    arranged = layout.arrange([column("闽宁协作二十年", 900, 100), column("一九九六年", 840, 100)])

    assert [part.direction for part in arranged if isinstance(part, Block)] == ["v"]


def test_runs_are_divided_at_blanks_only() -> None:
    line = row("1996年 GDP 3.2亿元 ", 100, 100)

    assert [line.text[start:end] for start, end in layout.words(line)] == ["1996年", "GDP", "3.2亿元"]


def test_lines_of_blanks_are_left_out() -> None:
    assert layout.arrange([row("  ", 100, 100)]) == []

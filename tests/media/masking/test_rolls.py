"""Lists of households and of children: found by cells, by place, and by the words of rows."""

import datetime as dt
from dataclasses import replace

import pytest

from media.lines import Box, Cell, TextLine, join
from media.masking.detectors import detect
from media.models import Mask

Rule = Mask.Rule


def table(*rows: tuple[str, ...], cells: bool = False) -> list[TextLine]:
    """A table with columns 400 pixels wide, each cell a line and a block of its own."""
    lines: list[TextLine] = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            boxes = tuple(Box(100 + 400 * column + 40 * i, 200 + 100 * row, 40, 40) for i in range(len(text)))
            line = TextLine(text, Box.around(boxes), "h", 0.9, boxes, len(lines))
            lines.append(replace(line, cell=Cell(0, row, column)) if cells else line)
    return lines


def written(text: str, lines: list[TextLine] | None = None, day: dt.date | None = None) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.rule) for each in detect(text, lines or (), day)]


HOUSEHOLDS = (
    ("序号", "户主", "性别", "家庭人口", "致贫原因"),
    ("1", "马有才", "男", "5", "因病"),
    ("2", "王 兰", "女", "3", "缺劳力"),
    ("3", "马哈·穆罕", "男", "4", "因学"),
    ("", "合计", "", "12", ""),
)


@pytest.mark.parametrize("cells", [True, False])
def test_names_and_private_columns_of_a_table_are_found(cells: bool) -> None:
    rows = tuple(tuple(text or "—" for text in row) for row in HOUSEHOLDS)
    lines = table(*rows, cells=cells)

    found = written(join(lines), lines)

    names = [text for text, rule in found if rule == Rule.HOUSEHOLD]
    assert {"马有才", "王 兰", "马哈·穆罕", "因病", "缺劳力", "因学"} <= set(names)
    assert "合计" not in names and "5" not in names and "男" not in names


def test_names_are_found_where_rows_are_lines_of_words() -> None:
    text = "某村建档立卡贫困户花名册\n序号 户主姓名 性别 人口\n1 马有才 男 5\n2 王兰 女 3\n"

    assert written(text) == [("马有才", Rule.HOUSEHOLD), ("王兰", Rule.HOUSEHOLD)]


def test_a_list_of_officials_is_no_list_of_households() -> None:
    lines = table(("姓名", "职务", "单位"), ("陈建国", "主任", "扶贫办"), ("李志强", "副主任", "发改委"))

    assert written(join(lines), lines) == []


def test_numbers_in_a_column_for_them_are_found_even_if_they_are_misread() -> None:
    lines = table(("姓名", "身份证号码", "一卡通账号"), ("马有才", "64O1O2198703O5", "62179900112233"))

    found = written(join(lines), lines)

    assert ("马有才", Rule.HOUSEHOLD) in found
    assert ("64O1O2198703O5", Rule.IDENTITY_NUMBER) in found
    assert ("62179900112233", Rule.BANK_CARD) in found


def test_pupils_are_minors_and_students_of_a_university_are_not() -> None:
    rows = (("序号", "姓名", "班级"), ("1", "马小兰", "三年级"))
    pupils = [*table(("希望小学学生花名册",)), *(replace(line, block=line.block + 5) for line in table(*rows)[0:])]

    assert ("马小兰", Rule.MINOR) in written("学生花名册\n序号 姓名 班级\n1 马小兰 三年级")
    assert ("马小兰", Rule.MINOR) not in written("大学生资助名册\n序号 姓名 学号\n1 马小兰 20010101")
    assert pupils


def test_names_after_a_list_in_prose_are_found() -> None:
    assert written("受助学生名单：马小兰、王小军、李小花。") == [
        ("马小兰", Rule.MINOR),
        ("王小军", Rule.MINOR),
        ("李小花", Rule.MINOR),
    ]
    assert written("贫困户名单：马有才、王兰") == [("马有才", Rule.HOUSEHOLD), ("王兰", Rule.HOUSEHOLD)]


def test_names_beside_their_label_are_found() -> None:
    assert written("户主：马有才 家庭人口：5") == [("马有才", Rule.HOUSEHOLD)]
    assert written("申请人：王兰\n申请日期：2001年") == [("王兰", Rule.HOUSEHOLD)]
    assert written("姓名：陈建国 职务：主任") == []


PROSE = [
    "会议听取了户主会议的情况，要求各户主动配合。",
    "学生姓名以学籍为准。",
    "贫困户名单由村委会公示。",
    "加强对农户的技术培训，提高家庭成员的收入。",
    "十二岁以下儿童免费",
    "义务教育阶段，6岁以上儿童入学",
    "工程于1998年3月生产出第一批产品",
    "福建省与宁夏回族自治区1996年10月结对",
]


@pytest.mark.parametrize("text", PROSE)
def test_prose_about_households_and_children_names_nobody(text: str) -> None:
    assert written(text, day=dt.date(1998, 5, 1)) == []


def test_somebody_younger_than_fourteen_on_the_day_of_the_document_is_a_minor() -> None:
    text = "马小兰，女，1990年5月出生，读小学。"

    assert written(text, day=dt.date(1998, 5, 1)) == [("马小兰，女，1990年5月出生", Rule.MINOR)]
    assert written(text, day=dt.date(2008, 5, 1)) == []
    assert written(text) == [("马小兰，女，1990年5月出生", Rule.MINOR)]


@pytest.mark.parametrize("age", ["9岁", "13周岁", "九岁", "十三岁"])
def test_an_age_below_fourteen_with_a_name_is_a_minor(age: str) -> None:
    assert written(f"马小兰，女，{age}。") == [(f"马小兰，女，{age}", Rule.MINOR)]


@pytest.mark.parametrize("age", ["14岁", "35岁", "63周岁"])
def test_an_age_above_is_none(age: str) -> None:
    assert written(f"马有才，男，{age}。") == []

"""Lists of persons: what stands in the columns of a table below 户主, 姓名, 身份证号 …, and names after 名单 (L-22).

A table is seen in one of three ways: by its cells, where recognition has found them; by where lines stand under the
words of a head; by the words of a row, where a whole row was read as one line. A list of officials (姓名, 职务) is not
meant: there must be a column or a heading that speaks of households, or of something that belongs to one
person alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from media.lines import Box, TextLine
from media.masking.folding import Found, fold
from media.models import Mask

Rule = Mask.Rule

_HOUSEHOLDER: Final = re.compile(
    r"户主(?:姓名)?|家庭成员(?:姓名)?|成员姓名|农户姓名|贫困户(?:姓名)?|搬迁户(?:姓名)?|移民户(?:姓名)?|残疾人(?:姓名)?"
    r"|监护人(?:姓名)?|家长(?:姓名)?|受助人(?:姓名)?|受助学生|学生姓名|领款人|受益人|户名|申请人|低保户"
)
_NAME: Final = re.compile(r"姓名|名字")
_COLUMNS: Final = (
    (re.compile(r"(?:居民)?身份证(?:号码?)?|公民身份号码|证件号码?|残疾证号?码?"), Rule.IDENTITY_NUMBER),
    (re.compile(r".{0,4}(?:[账帐]号|卡号|存折号码?)|(?:惠农)?一卡通(?:号码?)?"), Rule.BANK_CARD),
    (re.compile(r"(?:联系|家庭)?电话(?:号码)?|手机(?:号码?)?|联系方式"), Rule.MOBILE_NUMBER),
    (
        re.compile(
            r"(?:家庭|现|户籍)?(?:住址|地址)|致贫(?:主要)?原因|残疾(?:等级|类别|类型|程度)|健康状况|患病情况|所患疾病"
            r"|(?:家庭)?(?:年|人均|人均纯|年人均纯|总)收入|出生(?:年月|日期|年月日)"
        ),
        Rule.HOUSEHOLD,
    ),
)
_ORDINARY: Final = re.compile(
    r"序号|编号|性别|年龄|民族|人口数?|家庭人口|与户主关系|关系|备注|金额|补助金额|村组|村|组|班级|年级|学校|学历|政治面貌|签[字名]|手印|面积|职务|单位|职称"
)
_HEADING: Final = re.compile(
    r"花名册|一户一档|建档立卡|贫困户|低保户|农户|移民户|搬迁户|受助|救助|帮扶对象|残疾人|特困|五保|困难群众"
)
_PUPILS: Final = re.compile(r"学生|在校生|幼儿|儿童|寄宿生|孤儿|少年")
_PUPILS_LISTED: Final = re.compile(r"(?:学生|在校生|幼儿|儿童|寄宿生)[^\n]{0,8}(?:名册|名单|花名|一览)")
_STUDENTS: Final = re.compile(r"大学生|研究生|高校")
_PERSON: Final = re.compile(
    r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff] {1,2}[\u4e00-\u9fff]|[\u4e00-\u9fff]{1,6}[·•・][\u4e00-\u9fff]{1,6}"
)
_NO_PERSON: Final = re.compile(
    r"合计|小计|总计|共计|备注|姓名|户主|负责人|制表.?|审核.?|填表.?|日期|单位|盖章|其他|没有|本人|汉族|回族|小学|初中|高中|文盲"
)
_INLINE: Final = re.compile(
    r"(?P<of>贫困户|低保户|农户|搬迁户|受助学生|受助儿童|学生|残疾人|困难群众|孤儿)[^：:\n]{0,6}(?:名单|花名册)[^：:\n]{0,4}[:：]\s*"
    r"(?P<names>[\u4e00-\u9fff·]{2,7}(?:[、，,；; ]+[\u4e00-\u9fff·]{2,7})*)"
)
_LABELLED: Final = re.compile(
    r"(?P<label>户主姓名|户主|学生姓名|家庭成员|申请人姓名|申请人|监护人|受助人|领款人|残疾人姓名|姓名)"
    r"(?:[:：] ?| {1,4})(?P<name>[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,6}[·•・][\u4e00-\u9fff]{1,6})"
    r"(?=[ \n，,。；;、（(]|$)"
)
_LONGEST_VALUE: Final = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of folded text, where it begins on the page, and where it stands."""

    text: str
    start: int
    box: Box
    row: int = -1
    column: int = -1
    table: int = -1

    @property
    def word(self) -> str:
        """The text as the word of a head: without blanks and what stands in brackets."""
        return re.sub(r"[(（\[].*?[)）\]]|[ :：*]", "", self.text)


@dataclass(frozen=True, slots=True)
class Column:
    """A word of a head, the rule for what stands below it, and from where to where the column reaches."""

    head: Piece
    rule: Mask.Rule
    holds_names: bool
    left: float
    right: float


def lists(text: str, lines: Sequence[TextLine]) -> Iterator[Found]:
    """Names and other values in tables and lists of persons; ``lines`` are those of the text, or none."""
    yield from _inline(text)
    yield from _labelled(text)
    pieces = _pieces(text, lines)
    for head in _heads(pieces):
        yield from _below(head, pieces, text)


def _pieces(text: str, lines: Sequence[TextLine]) -> list[Piece]:
    """The cells, lines, or words of rows; without boxes a word stands at its number within its row."""
    if not lines:
        return _words(text)
    found, offset = [], 0
    for line in lines:
        start = text.find(fold(line.text), offset)
        if start < 0:
            return _words(text)
        offset = start + len(line.text)
        words = re.split(r"[ |│┃]+", fold(line.text).strip())
        if line.cell is not None:
            found.append(Piece(fold(line.text), start, line.box, line.cell.row, line.cell.column, line.cell.table))
        elif line.direction == "h" and len(words) > 2:
            found += _words_of_line(line, start)
        else:
            found.append(Piece(fold(line.text), start, line.box))
    return found


def _words_of_line(line: TextLine, start: int) -> Iterator[Piece]:
    for found in re.finditer(r"[^ |│┃]+", fold(line.text)):
        yield Piece(found.group(), start + found.start(), Box.around(line.characters[found.start() : found.end()]))


def _words(text: str) -> list[Piece]:
    found, offset = [], 0
    for row, line in enumerate(text.split("\n")):
        for column, word in enumerate(re.finditer(r"[^ |│┃]+", line)):
            found.append(Piece(word.group(), offset + word.start(), Box(100 * column, 100 * row, 80, 80)))
        offset += len(line) + 1
    return found


def _heads(pieces: Sequence[Piece]) -> Iterator[list[Column]]:
    """The columns of every row of words of which at least two belong into the head of a table, one for names."""
    left = [piece for piece in pieces if _rule_of(piece) is not None or _ORDINARY.fullmatch(piece.word)]
    while left:
        first = left[0]
        row = sorted((piece for piece in left if _on_one_row(first, piece)), key=lambda piece: piece.box.x)
        left = [piece for piece in left if piece not in row]
        names = [piece for piece in row if _is_for_names(piece)]
        if len(row) > 1 and names:
            yield _columns(row)


def _columns(row: Sequence[Piece]) -> list[Column]:
    columns = []
    for place, piece in enumerate(row):
        before = row[place - 1].box.right if place else piece.box.x - 4 * piece.box.h
        after = row[place + 1].box.x if place + 1 < len(row) else piece.box.right + 8 * piece.box.h
        rule = _rule_of(piece)
        if rule is not None:
            middle = ((before + piece.box.x) / 2, (piece.box.right + after) / 2)
            columns.append(Column(piece, rule, _is_for_names(piece), *middle))
    return columns


def _below(head: Sequence[Column], pieces: Sequence[Piece], text: str) -> Iterator[Found]:
    is_of_households = any(_HOUSEHOLDER.fullmatch(column.head.word) for column in head)
    is_personal = any(not column.holds_names and column.rule != Rule.MOBILE_NUMBER for column in head)
    if not (is_of_households or is_personal or _HEADING.search(text) or _PUPILS.search(text)):
        return
    words = " ".join(column.head.word for column in head)
    is_of_pupils = _PUPILS.search(words) or re.search(
        r"(?:学生|在校生|幼儿|儿童|寄宿生)[^\n]{0,8}(?:名册|名单|花名|一览)", text
    )
    for column in head:
        for piece in _in_column(column, pieces):
            if column.holds_names and not _is_person(piece.text):
                continue
            if not column.holds_names and not _is_value(piece, column.rule):
                continue
            is_minor = column.holds_names and is_of_pupils and not _STUDENTS.search(text)
            blanks = len(piece.text) - len(piece.text.lstrip())
            start = piece.start + blanks
            yield Found(start, start + len(piece.text.strip()), Rule.MINOR if is_minor else column.rule, 0.9)


def _in_column(column: Column, pieces: Sequence[Piece]) -> Iterator[Piece]:
    head = column.head
    for piece in pieces:
        if head.table >= 0 and piece.table == head.table:
            if piece.column == head.column and piece.row > head.row:
                yield piece
        elif piece.box.y >= head.box.y + head.box.h // 2 and piece is not head:
            middle = piece.box.x + piece.box.w / 2
            if column.left <= middle < column.right and len(piece.text) <= _LONGEST_VALUE:
                yield piece


def _inline(text: str) -> Iterator[Found]:
    for found in _INLINE.finditer(text):
        rule = Rule.MINOR if _PUPILS.search(found["of"]) else Rule.HOUSEHOLD
        for name in re.finditer(r"[\u4e00-\u9fff·]+", found["names"]):
            if _is_person(name.group()):
                start = found.start("names") + name.start()
                yield Found(start, start + len(name.group()), rule, 0.8)


def _labelled(text: str) -> Iterator[Found]:
    """Names in forms, beside their label; beside 姓名 alone only on a page of households or with identity numbers."""
    is_personal = _HEADING.search(text) or re.search(r"身份证|家庭成员|户主", text)
    for found in _LABELLED.finditer(text):
        is_told = found["label"] != "姓名" or is_personal
        is_head = (
            _HOUSEHOLDER.fullmatch(found["name"]) or _NAME.fullmatch(found["name"]) or _ORDINARY.search(found["name"])
        )
        if is_told and not is_head and _is_person(found["name"]):
            yield Found(found.start("name"), found.end("name"), Rule.HOUSEHOLD, 0.8)


def _rule_of(piece: Piece) -> Mask.Rule | None:
    if _is_for_names(piece):
        return Rule.HOUSEHOLD
    return next((rule for pattern, rule in _COLUMNS if pattern.fullmatch(piece.word)), None)


def _is_for_names(piece: Piece) -> bool:
    return _HOUSEHOLDER.fullmatch(piece.word) is not None or _NAME.fullmatch(piece.word) is not None


def _is_person(written: str) -> bool:
    return _PERSON.fullmatch(written.strip()) is not None and not _NO_PERSON.fullmatch(written.strip())


def _is_value(piece: Piece, rule: Mask.Rule) -> bool:
    """Whether a cell holds what its column is for: numbers are long, everything else is not of a head or a sum."""
    digits = sum(character.isdigit() for character in piece.text)
    if rule == Rule.HOUSEHOLD:
        is_head = _rule_of(piece) is not None or _ORDINARY.fullmatch(piece.word) is not None
        return bool(piece.word) and not is_head and not _NO_PERSON.search(piece.text)
    return digits >= (7 if rule == Rule.MOBILE_NUMBER else 10)


def _on_one_row(one: Piece, other: Piece) -> bool:
    if one.table >= 0 and one.table == other.table:
        return one.row == other.row
    shared = min(one.box.bottom, other.box.bottom) - max(one.box.y, other.box.y)
    return 2 * shared >= min(one.box.h, other.box.h)

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from archive.models import Dimension, Funding, Location, Mechanism, Participation, Record
from core.errors import InvalidInput, NotFound
from search import exporting, indexing, tables
from search.finding import Request
from tests.makers import make_agent, make_fact, make_funding, make_item, make_place, make_policy, make_source

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()


def every(form: str, records: Sequence[Record] | None = None) -> bytes:
    return b"".join(exporting.stream(Record.objects.order_by("pk") if records is None else records, form, PUBLIC))


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def rows_of_xlsx(content: bytes) -> list[tuple[object, ...]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return list(sheet.iter_rows(values_only=True))


def make_rich_fact() -> Record:
    return make_fact(
        "闽宁镇，“建镇”",
        title_en="Minning Town",
        date="1996年5月31日",
        summary_zh="第一行\n第二行",
        dimensions=(Dimension.EXCHANGE, Dimension.FUNDING),
        mechanisms=(Mechanism.JOINT_MEETINGS,),
        locations=[Location(place=make_place("闽宁镇")), Location(place=make_place("未公开地", public=False))],
        participations=[
            Participation(agent=make_agent("工作队"), role=Participation.Role.PARTICIPANT),
            Participation(agent=make_agent("未公开者", public=False), role=Participation.Role.SUBJECT),
        ],
    )


def test_csv_holds_what_the_page_shows() -> None:
    fact = make_rich_fact()

    content = every("csv", [fact])
    names, row = rows_of_csv(content)
    found = dict(zip(names, row, strict=True))

    assert content.startswith(b"\xef\xbb\xbf") and content.endswith(b"\r\n")
    assert row[0] == fact.ark_text and row[-1].endswith(fact.get_absolute_url())
    assert {fact.title_zh, "Minning Town", "1996年5月31日", "1996-05-31", "第一行\n第二行"} <= set(row)
    assert (found["维度"], found["机制"]) == (
        f"{Dimension.EXCHANGE.label}; {Dimension.FUNDING.label}",
        str(Mechanism.JOINT_MEETINGS.label),
    )
    assert {"闽宁镇", "工作队"} <= set(row)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_do_not_name_what_the_reader_may_not_see(form: str) -> None:
    content = every(form, [make_rich_fact()])

    text = str(rows_of_xlsx(content) if form == "xlsx" else rows_of_csv(content))
    assert "闽宁镇" in text
    assert "未公开" not in text


@pytest.mark.parametrize("start", list("=+-@\t\r＝＋－＠"))
def test_csv_cells_are_never_formulas(start: str) -> None:
    make_fact(f"{start}HYPERLINK(1)")

    _names, row = rows_of_csv(every("csv"))

    assert row[2] == f"'{start}HYPERLINK(1)"


def test_xlsx_cells_are_text_and_sums_numbers() -> None:
    formula = make_fact('=HYPERLINK("x")\x0b')
    funding = make_funding(detail=Funding(amount=Decimal("264000000.50"), amount_as_stated="2.64亿元"))

    content = every("xlsx", [formula, funding])
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    cells = list(sheet.iter_rows(min_row=2))

    assert (cells[0][2].value, cells[0][2].data_type) == ('=HYPERLINK("x")', "s")
    assert (cells[1][10].value, cells[1][10].data_type) == (264000000.5, "n")
    assert [cell.value for cell in next(sheet.iter_rows(max_row=1))] == tables.headings()


def test_tables_give_codes_numbers_and_sums() -> None:
    item = make_item(code="0101-WS·1996·Y-0123").record
    policy = make_policy(document_number="闽政〔1996〕1号")
    funding = make_funding(detail=Funding(amount=Decimal(264_000_000), amount_as_stated="2.64亿元"))

    _names, *rows = rows_of_csv(every("csv", [item, policy, funding]))

    assert [row[8:11] for row in rows] == [
        ["0101-WS·1996·Y-0123", "", ""],
        ["", "闽政〔1996〕1号", ""],
        ["", "", "264000000"],
    ]


def test_headings_are_in_the_language_of_the_call() -> None:
    with translation.override("en"):
        pieces = exporting.stream([], "csv", PUBLIC)

    (content,) = pieces

    assert rows_of_csv(content)[0][:3] == ["ARK", "Kind", "Title"]


def test_json_is_one_array_over_all_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    titles = [make_fact(f"事件{number}").title_zh for number in range(5)]

    items = json.loads(every("json"))

    assert [item["title"] for item in items] == titles


def test_references_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "CHUNK", 2)
    for number in range(3):
        make_source(f"著作{number}")

    text, ris, bib = (every(form).decode() for form in ("txt", "ris", "bib"))

    assert [line.split("[")[0] for line in text.splitlines()] == [f"福建日报. 著作{number}" for number in range(3)]
    assert re.findall(r"^TI  - (.*)\r$", ris, re.MULTILINE) == ["著作0", "著作1", "著作2"]
    assert ris.count("\r\nER  - \r\n") == 3
    assert len(re.findall(r"^@online\{\w+,$", bib, re.MULTILINE)) == 3


@pytest.mark.parametrize(("form", "expected"), [("json", []), ("csv", 1), ("xlsx", 1), ("bib", b""), ("txt", b"")])
def test_an_empty_list_is_a_valid_file(form: str, expected: object) -> None:
    content = every(form)

    read: dict[str, Callable[[bytes], object]] = {
        "json": json.loads,
        "csv": lambda file: len(rows_of_csv(file)),
        "xlsx": lambda file: len(rows_of_xlsx(file)),
    }
    assert read.get(form, bytes)(content) == expected


@pytest.mark.parametrize(("form", "queries"), [("csv", 5), ("xlsx", 5), ("bib", 3), ("json", 3), ("txt", 3)])
def test_queries_do_not_grow_with_a_chunk(
    form: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_rich_fact()
        make_item()
        make_source()
        make_funding()
    records = list(Record.objects.order_by("pk"))

    with django_assert_num_queries(queries):
        every(form, records)


def test_nothing_is_read_before_it_is_asked_for() -> None:
    taken: list[int] = []

    def records() -> "list[Record]":
        taken.append(1)
        return []

    pieces = exporting.stream((record for _ in range(1) for record in records()), "csv", PUBLIC)
    next(pieces)

    assert taken == []


# --- what a search finds ----------------------------------------------------------------------------------------------


def test_an_export_holds_all_matches_and_nothing_else() -> None:
    for number in range(130):
        make_fact(f"支教{number}")
    make_fact("未发布的支教", public=False)
    make_fact("水窖")
    indexing.drain()

    taken = exporting.export(Request(q="支教", size=3), "csv", PUBLIC)
    _names, *rows = rows_of_csv(b"".join(taken.content))

    assert sorted(row[2] for row in rows) == sorted(f"支教{number}" for number in range(130))
    assert re.fullmatch(r"闽宁协作数字档案-支教-\d{4}-\d\d-\d\d\.csv", taken.name)


def test_an_unknown_form_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="csv, xlsx, bib, ris, json, txt"):
        exporting.export(Request(), "docx", PUBLIC)


def test_too_much_is_refused_for_the_public_only(monkeypatch: pytest.MonkeyPatch, archivist: User) -> None:
    monkeypatch.setattr(exporting, "MOST", 1)
    make_fact("支教一")
    make_fact("支教二")
    indexing.drain()

    with pytest.raises(InvalidInput, match="/api/v1/"):
        exporting.export(Request(q="支教"), "csv", PUBLIC)
    taken = exporting.export(Request(q="支教"), "csv", archivist)

    assert len(rows_of_csv(b"".join(taken.content))) == 3


@pytest.mark.parametrize("query", ["../../etc", '"; rm -rf', "\r\nX: y", "一" * 500, "？！"])
def test_a_query_makes_a_harmless_name(query: str) -> None:
    indexing.drain()

    name = exporting.export(Request(q=query), "txt", PUBLIC).name

    assert re.fullmatch(r"[\w.-]+", name)
    assert len(name) < 80

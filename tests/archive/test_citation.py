import datetime as dt
import json
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from archive import citation
from archive.citation import bibtex, csl_json, gbt7714, ris
from archive.citation.csl_json import Item
from archive.models import Agent, Kind, Level, Participation, Record, Source, Unit
from tests.makers import make_agent, make_fact, make_item, make_place, make_source, make_unit

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()
DAY = dt.date(2026, 8, 1)
CODE = "0101-WS·1996·Y-0123"
VARIABLES = {"id", "type", "title", "author", "container-title", "publisher", "archive", "archive_location", "number"}
VARIABLES |= {"medium", "issued", "event-date", "accessed", "URL", "language", "abstract", "source", "custom"}
"""Variables of CSL 1.0.2 that an item may have."""

TYPES = {"manuscript", "collection", "article-newspaper", "article-journal", "book", "webpage", "dataset", "entry"}
RIS_LINE = re.compile(r"[A-Z][A-Z0-9]  - [^\r\n]*")


def make_letter(**fields: str) -> Record:
    """An item of the catalogue, its unit filled with ``fields``."""
    unit = make_item("关于对口帮扶的请示", date="1996-10-16", code=fields.pop("code", CODE))
    Unit.objects.filter(pk=unit.pk).update(**fields)
    return Record.objects.get(pk=unit.record_id)


def make_named_letter(*agents: Record, code: str = "", role: Participation.Role = Participation.Role.CREATOR) -> Record:
    letter = make_letter(code=code)
    for agent in agents:
        Participation.objects.create(record=letter, agent=agent, role=role)
    return letter


def address(record: Record) -> str:
    return f"{settings.ARCHIVE_PUBLIC_URL}{record.get_absolute_url()}"


def cited(record: Record, form: str = "gbt7714") -> str:
    return citation.cite(record, PUBLIC, form, accessed=DAY)


def tagged(entry: str) -> dict[str, list[str]]:
    """An entry in RIS taken apart again."""
    found: dict[str, list[str]] = {}
    for line in entry.split("\r\n"):
        if line:
            found.setdefault(line[:2], []).append(line[6:])
    return found


# --- what is cited, as what -------------------------------------------------------------------------------------------


def test_a_document_is_cited_by_its_reference_code_and_holder() -> None:
    letter = make_letter(creator_as_written="福建省人民政府办公厅")

    text = cited(letter)

    assert text == (
        "福建省人民政府办公厅. 关于对口帮扶的请示：0101-WS·1996·Y-0123[A/OL]. "
        f"闽宁协作数字档案，1996-10-16. {address(letter)}."
    )


def test_a_fonds_is_a_collection() -> None:
    item = citation.csl(make_unit("一个全宗", level=Level.FONDS).record, PUBLIC)

    assert item["type"] == "collection"


def test_a_fact_is_an_entry_dated_by_its_last_change() -> None:
    fact = make_fact("闽宁镇成立", date="1996-05-31")
    Record.objects.filter(pk=fact.pk).update(changed_at=dt.datetime(2026, 7, 30, 4, tzinfo=dt.UTC))
    fact.refresh_from_db()

    text, item = cited(fact), citation.csl(fact, PUBLIC, accessed=DAY)

    assert text == f"闽宁协作数字档案. 闽宁镇成立[DB/OL]. （2026-07-30）[2026-08-01]. {address(fact)}."
    assert item["event-date"] == {"date-parts": [[1996, 5, 31]]}


@pytest.mark.parametrize(
    ("carrier", "expected"),
    [
        ("EB/OL", "福建日报. 闽宁协作二十年[EB/OL]. （2016-07）."),
        ("DS/OL", "福建日报. 闽宁协作二十年[DS/OL]. （2016-07）."),
        ("N/OL", "闽宁协作二十年[N/OL]. 福建日报，2016-07."),
        ("N", "闽宁协作二十年[N]. 福建日报，2016-07."),
        ("J", "闽宁协作二十年[J]. 福建日报，2016-07."),
        ("M", "闽宁协作二十年[M]. 福建日报，2016."),
    ],
)
def test_sources_are_cited_by_their_carrier(carrier: str, expected: str) -> None:
    source = make_source("闽宁协作二十年").source
    source.carrier, source.issued = Source.Carrier(carrier), "2016-07"

    assert citation.reference(source) == expected


def test_a_source_is_cited_with_its_own_address_and_day_of_access() -> None:
    record = make_source("闽宁协作二十年", url="https://news.example.org/1")
    Source.objects.filter(record=record).update(accessed_on=dt.date(2026, 3, 2))
    record = Record.objects.get(pk=record.pk)

    item = citation.csl(record, PUBLIC, accessed=DAY)

    assert cited(record) == "福建日报. 闽宁协作二十年[EB/OL]. [2026-03-02]. https://news.example.org/1."
    assert item["custom"]["ark"] == record.ark_text


def test_a_source_without_an_address_is_found_at_its_record() -> None:
    record = make_source("闽宁协作二十年")

    assert citation.csl(record, PUBLIC)["URL"] == address(record)


@pytest.mark.parametrize(
    ("edtf", "written", "expected"),
    [
        ("1996-05-31", "", {"date-parts": [[1996, 5, 31]]}),
        ("1996-05/1996-11", "", {"date-parts": [[1996, 5], [1996, 11]]}),
        ("1996~", "约1996年", {"date-parts": [[1996]], "circa": True}),
        ("1996-21", "1996年春", {"date-parts": [[1996]], "season": 1}),
        ("199X", "九十年代", {"literal": "九十年代"}),
        ("1996/..", "1996年至今", {"literal": "1996年至今"}),
        ("{1996,1997}", "", {"literal": "{1996,1997}"}),
        ("", "约在世纪末", {"literal": "约在世纪末"}),
        ("XXXX", "不详", None),
        ("", "", None),
    ],
)
def test_dates_keep_what_csl_can_say(edtf: str, written: str, expected: object) -> None:
    assert csl_json.date(edtf, written) == expected


def test_estimated_dates_stand_in_brackets_and_intervals_have_a_dash() -> None:
    estimated: Item = {
        "type": "manuscript",
        "id": "1",
        "title": "一",
        "issued": {"date-parts": [[1996]], "circa": True},
    }
    interval: Item = {"type": "manuscript", "id": "1", "title": "一", "issued": {"date-parts": [[1996], [1999]]}}

    assert gbt7714.line(estimated) == "一[A]. [1996]."
    assert gbt7714.line(interval) == "一[A]. 1996—1999."


def test_more_than_three_authors_are_and_others() -> None:
    item: Item = {"type": "manuscript", "id": "1", "title": "一", "author": [{"literal": name} for name in "甲乙丙丁"]}

    assert gbt7714.line(item).startswith("甲，乙，丙，等. ")


# --- who may be named -------------------------------------------------------------------------------------------------


def test_an_agent_that_the_reader_may_not_see_is_not_named(archivist: User) -> None:
    letter = make_named_letter(make_agent("公开的机构"), make_agent("未公开的机构", public=False))

    for_public, for_desk = citation.csl(letter, PUBLIC), citation.csl(letter, archivist)

    assert for_public["author"] == [{"literal": "公开的机构"}]
    assert for_desk["author"] == [{"literal": "公开的机构"}, {"literal": "未公开的机构"}]
    assert not any("未公开" in cited(letter, form) for form in citation.FORMATS)


def test_whoever_is_only_named_in_a_document_has_not_written_it() -> None:
    letter = make_named_letter(make_agent("被提及的机构"), role=Participation.Role.SUBJECT)

    assert "author" not in citation.csl(letter, PUBLIC)


# --- forms ------------------------------------------------------------------------------------------------------------


def every_kind() -> list[Record]:
    return [
        make_letter(creator_as_written="省政府", document_number="闽政〔1996〕1号"),
        make_unit("一个全宗").record,
        make_fact("事件", date="1996", title_en="An event", summary_zh="一\n二"),
        make_agent("机构", type=Agent.Type.PERSON),
        make_place("地方"),
        make_source("著作", date="2016-07"),
    ]


def test_items_hold_only_what_csl_knows() -> None:
    items = citation.csl_of(every_kind(), PUBLIC)

    for item in items:
        assert set(item) <= VARIABLES
        assert item["type"] in TYPES
        assert item["custom"]["ark"].startswith("ark:")
        assert item["URL"] and item["accessed"]["date-parts"]
    assert len({item["id"] for item in items}) == len(items)


def test_three_queries_however_many_records(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        make_named_letter(make_agent("机构"), code=f"T900-{number}")
        make_source("著作")
        make_fact()
    records = list(Record.objects.of_kind(Kind.UNIT, Kind.SOURCE, Kind.EVENT))

    with django_assert_num_queries(3):
        citation.csl_of(records, PUBLIC)


@pytest.mark.parametrize("form", ["bibtex", "ris", "gbt7714", "csl-json"])
def test_every_kind_can_be_cited_in_every_form(form: str) -> None:
    for record in every_kind():
        assert record.title_zh in cited(record, form)
        assert record.ark in cited(record, form)


def test_json_can_be_read_back() -> None:
    letter = make_letter()

    assert json.loads(cited(letter, "csl-json")) == citation.csl(letter, PUBLIC, accessed=DAY)


def test_text_is_one_line_without_control_characters() -> None:
    fact = make_fact("一\n二\x01三\u2028四")

    assert "一 二三 四[DB/OL]" in cited(fact)


def test_ris_lines_have_a_tag_and_hold_the_values() -> None:
    letter = make_letter(creator_as_written="省政府\r\nER  - ", document_number="闽政〔1996〕1号")

    entry = cited(letter, "ris")
    tags = tagged(entry)

    assert all(RIS_LINE.fullmatch(line) for line in entry.removesuffix("\r\n\r\n").split("\r\n"))
    assert next(iter(tags)) == "TY" and entry.endswith("\r\nER  - \r\n\r\n") and tags["ER"] == [""]
    assert (tags["TI"], tags["AU"]) == (["关于对口帮扶的请示"], ["省政府 ER -"])
    assert (tags["CN"], tags["M1"]) == ([CODE], ["闽政〔1996〕1号"])
    assert (tags["PY"], tags["DA"], tags["Y2"]) == (["1996"], ["1996/10/16/"], ["2026/08/01/"])
    assert (tags["UR"], tags["AN"]) == ([address(letter)], [letter.ark_text])


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ({"date-parts": [[1996]]}, "1996///"),
        ({"date-parts": [[1996, 5]], "circa": True}, "1996/05//circa"),
        ({"date-parts": [[1996], [1999, 1]]}, "1996///1999-01"),
        ({"literal": "1990/1999"}, "///1990-1999"),
    ],
)
def test_ris_dates_have_four_parts(issued: csl_json.Date, expected: str) -> None:
    item: Item = {"type": "entry", "id": "1", "title": "一", "issued": issued}

    assert tagged(ris.entry(item))["DA"] == [expected]


def test_bibtex_values_are_escaped_and_their_braces_balanced() -> None:
    item: Item = {
        "type": "webpage",
        "id": "x1",
        "title": "100% {半开} \\cmd $5 A&B #1 a_b ~ ^",
        "URL": "https://example.org/a{b}?q=一&r=%20",
        "issued": {"date-parts": [[1996, 5]], "circa": True},
    }

    entry = bibtex.entry({**item, "author": [{"literal": "开 { 括号 and 甲"}]})

    assert entry.count("{") == entry.count("}")
    assert r"title = {100\% \textbraceleft{}半开\textbraceright{} \textbackslash{}cmd \$5 A\&B \#1 a\_b" in entry
    assert r"author = {{开 \textbraceleft{} 括号 and 甲}}" in entry
    assert "url = {https://example.org/a%7Bb%7D?q=%E4%B8%80&r=%20}" in entry
    assert "date = {1996-05~}" in entry and "year = {1996}" in entry


def test_bibtex_names_the_record_by_its_ark() -> None:
    letter = make_letter()

    entry = cited(letter, "bibtex")

    assert entry.startswith(f"@misc{{{letter.ark},\n") and entry.endswith("\n}\n\n")
    assert f"eprint = {{{letter.ark_text}}}" in entry
    assert "number = {0101-WS·1996·Y-0123}" in entry
    assert "urldate = {2026-08-01}" in entry

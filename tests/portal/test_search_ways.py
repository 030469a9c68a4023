"""Ways beside the list of results: bars of years, the form, all pages with hits, the feed, what is alike."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.conf import LazySettings
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from core.errors import InvalidInput
from portal import advanced, questions, searching
from portal.questions import Question
from search import indexing, language
from tests.makers import make_fact, make_funding, make_item, make_page

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def shown(client: Client, **asked: str) -> searching.SearchPage:
    page = client.get("/search/", asked).context["page"]
    assert isinstance(page, searching.SearchPage)
    return page


# --- years ------------------------------------------------------------------------------------------------------------


def test_years_are_bars_without_gaps_and_each_narrows_the_search(client: Client) -> None:
    for date in ("1996", "1996", "1999"):
        make_fact("支教", date=date)
    indexing.drain()

    bars = shown(client, q="支教").bars

    assert [(bar.label, bar.count, bar.height) for bar in bars] == [
        ("1996", 2, 100),
        ("1997", 0, 0),
        ("1998", 0, 0),
        ("1999", 1, 50),
    ]
    assert bars[3].href.endswith("&year=1999")
    assert client.get(bars[3].href).context["page"].count == 1


def test_a_chosen_year_leads_back_and_the_others_stay_in_sight(client: Client) -> None:
    for date in ("1996", "1999"):
        make_fact("支教", date=date)
    indexing.drain()

    bars = shown(client, q="支教", year="1999").bars

    assert [bar.is_selected for bar in bars] == [False, False, False, True]
    assert "year" not in bars[3].href


def test_what_runs_through_several_years_counts_in_each(client: Client) -> None:
    make_fact("支教", date="1996/1998")
    indexing.drain()

    assert [(bar.label, bar.count) for bar in shown(client, q="支教").bars] == [("1996", 1), ("1997", 1), ("1998", 1)]


def test_many_years_are_drawn_narrow_and_a_narrow_screen_begins_where_most_is(client: Client) -> None:
    for date in ("1972", "2016", "2016"):
        make_fact("支教", date=date)
    indexing.drain()

    page = shown(client, q="支教")

    assert page.has_many_years and page.has_crowded_years
    assert [bar.label for bar in page.bars if bar.is_start] == ["2016"]
    assert [bar.label for bar in page.bars if bar.is_fifth][:2] == ["1975", "1980"]


def test_the_years_of_the_query_stand_in_their_fields(client: Client) -> None:
    asked = {query: shown(client, q=query).years_asked for query in ("支教 年:1996..2001", "支教 日期:1996-10", "支教")}

    assert asked == {"支教 年:1996..2001": ("1996", "2001"), "支教 日期:1996-10": ("", ""), "支教": ("", "")}


def test_a_stretch_of_years_becomes_part_of_the_query(client: Client) -> None:
    for date in ("1996", "1999", "2005"):
        make_fact("支教", date=date)
    indexing.drain()

    answer = client.get("/search/", {"q": "支教", "kind": "event", "year_from": "1997", "year_to": "2001"})

    assert answer.status_code == 302
    page = client.get(answer["Location"]).context["page"]
    assert (page.count, page.question.filters) == (1, {"kind": ["event"]})


def test_other_years_take_the_place_of_those_in_the_query() -> None:
    first = advanced.with_years(Question("支教"), "1997", "2001")
    other = advanced.with_years(first, "", "2010")

    form = language.form(other.query)
    assert form is not None
    assert (form.words, form.date_from, form.date_to) == ("支教", "", "2010")
    with pytest.raises(InvalidInput):
        advanced.with_years(first, "97", "")


# --- facets, suggestion -----------------------------------------------------------------------------------------------


def test_amounts_are_a_facet(client: Client) -> None:
    make_funding("财政援助")
    indexing.drain()

    (facet,) = [facet for facet in shown(client, q="援助").facets if facet.name == "amount"]

    assert [(choice.value, choice.count) for choice in facet.first] == [("100m-1b", 1)]


def test_did_you_mean_keeps_the_filters(client: Client) -> None:
    make_fact("对口帮扶协作纪要")
    indexing.drain()

    answer = client.get("/search/", {"q": "对口帮扶协做纪要", "kind": "event"})

    page = answer.context["page"]
    assert page.suggestion
    assert page.suggestion_href.endswith("&kind=event")
    assert client.get(page.suggestion_href).context["page"].count == 1
    assert "did-you-mean" in answer.text


def test_notes_are_a_live_region_and_a_fragment_renews_them(client: Client) -> None:
    indexing.drain()

    whole = client.get("/search/", {"q": "“支教"}).text
    fragment = client.get("/search/", {"q": "“支教"}, headers={"hx-request": "true"}).text

    assert 'id="search-notes" class="search-notes" role="status" aria-live="polite"' in whole
    assert '<div id="search-notes" hx-swap-oob="innerHTML">' in fragment


# --- the form ---------------------------------------------------------------------------------------------------------


def test_the_form_writes_a_query_and_reads_it_back(client: Client) -> None:
    make_fact("支教教师")
    indexing.drain()

    sent = client.get(
        "/search/advanced/",
        {"words": "支教", "title": "教师", "date_from": "1996", "kinds": ["event"], "filters": "dimension=exchange"},
    )
    question = questions.read(QueryDict(sent["Location"].partition("?")[2]))
    form = client.get(question.address("portal:advanced")).context["form"]

    assert sent.status_code == 302
    assert question.filters == {"dimension": ["exchange"]}
    initial = {name: form.initial[name] for name in ("words", "title", "date_from", "kinds", "filters")}
    assert initial == {
        "words": "支教",
        "title": "教师",
        "date_from": "1996",
        "kinds": ("event",),
        "filters": "dimension=exchange",
    }


def test_results_lead_into_the_form_only_where_it_holds_the_query(client: Client) -> None:
    indexing.drain()

    assert shown(client, q="支教 标题:教师").form_href.startswith("/search/advanced/?q=")
    assert shown(client, q="(支教 或 (教师 非 医生)) 与 福建").form_href == ""


def test_a_query_beyond_the_form_is_said(client: Client) -> None:
    answer = client.get("/search/advanced/", {"q": "(支教 或 (教师 非 医生)) 与 福建"})

    assert answer.status_code == 200
    assert answer.context["does_not_fit"]


def test_a_filter_of_the_list_is_not_taken_for_the_form(client: Client) -> None:
    answer = client.get("/search/advanced/", {"q": "支教", "place": "x1abc"})

    assert answer.status_code == 200
    assert answer.context["form"].initial["filters"] == "place=x1abc"


@pytest.mark.parametrize(
    "asked",
    [
        {"filters": "", "words": "x" * 300},
        {"filters": "", "kinds": "nothing"},
        {"filters": "colour=red"},
        {"words": "支教", "colour": "red"},
    ],
)
def test_a_form_that_cannot_be_is_a_page(client: Client, asked: dict[str, str]) -> None:
    assert client.get("/search/advanced/", asked).status_code == 400


@pytest.mark.parametrize("example", advanced.EXAMPLES, ids=lambda example: str(example.finds)[:20])
def test_every_example_of_the_help_is_read_without_a_remark(example: advanced.Example) -> None:
    assert language.read(str(example.query)).notes == ()


# --- all pages of a record --------------------------------------------------------------------------------------------


def test_all_pages_with_hits_can_be_reached(client: Client) -> None:
    item = make_item("大案卷")
    for _number in range(55):
        make_page(item, "菌草技术")
    indexing.drain()

    (found,) = shown(client, q="菌草").found
    first = client.get(found.all_href).context["page"]
    second = client.get(first.next_href).context["page"]

    assert (len(found.pages), found.page_count) == (3, 55)
    assert [page.number for page in (*first.pages, *second.pages)] == list(range(1, 56))
    assert first.pages[7].href == f"{item.record.get_absolute_url()}/pages/8/?q=%E8%8F%8C%E8%8D%89"
    assert (second.next_href, second.first, second.last) == ("", 51, 55)


@pytest.mark.parametrize("number", ["-1", "0", "2", "x", "9" * 30, ""])
def test_a_stretch_that_is_not_there_is_refused(client: Client, number: str) -> None:
    item = make_item()
    make_page(item, "菌草")
    indexing.drain()

    assert client.get(f"{item.record.get_absolute_url()}/hits/", {"q": "菌草", "page": number}).status_code == 400


def test_pages_of_what_is_not_public_are_not_listed(client: Client) -> None:
    item = make_item(public=False)
    make_page(item, "菌草")
    indexing.drain()

    assert client.get(f"{item.record.get_absolute_url()}/hits/", {"q": "菌草"}).status_code == 404


def test_hits_state_their_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    item = make_item()
    for _number in range(12):
        make_page(item, "菌草")
    indexing.drain()
    client.get("/about/")

    with django_assert_num_queries(5):
        client.get(f"{item.record.get_absolute_url()}/hits/", {"q": "菌草"})


# --- the feed ---------------------------------------------------------------------------------------------------------


def feed(client: Client, **asked: str) -> ET.Element:
    answer = client.get("/feed.atom", asked)
    assert answer.status_code == 200
    return ET.fromstring(answer.content)


def test_the_feed_of_a_search_has_its_matches_newest_first(client: Client) -> None:
    day = timezone.now()
    new = make_fact("支教新事", first_published_at=day)
    old = make_fact("支教旧事", first_published_at=day - dt.timedelta(days=2))
    make_fact("别的")
    indexing.drain()

    atom = feed(client, q="支教", kind="event")

    ids = [entry.findtext(f"{ATOM}id") or "" for entry in atom.iter(f"{ATOM}entry")]
    assert [one.rpartition("/")[2] for one in ids] == [new.ark, old.ark]
    assert "支教" in (atom.findtext(f"{ATOM}title") or "")
    own = {link.get("rel"): link.get("href") for link in atom.findall(f"{ATOM}link")}
    assert (own["self"] or "").endswith("/feed.atom?q=%E6%94%AF%E6%95%99&kind=event")
    assert atom.findtext(f"{ATOM}id") == own["self"]
    assert atom.find(f"{ATOM}author") is not None
    assert atom.findtext(f"{ATOM}updated")


@pytest.mark.parametrize("query", ["绝无此词", "“”（", "😀", "*"])
def test_a_feed_in_which_nothing_stands_is_valid_and_stays_the_same(client: Client, query: str) -> None:
    make_fact("支教")
    indexing.drain()

    first, second = client.get("/feed.atom", {"q": query}), client.get("/feed.atom", {"q": query})

    atom = ET.fromstring(first.content)
    assert atom.findtext(f"{ATOM}updated")
    assert list(atom.iter(f"{ATOM}entry")) == []
    assert first["ETag"] == second["ETag"]


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    make_fact("支教")
    indexing.drain()

    first = client.get("/feed.atom", {"q": "支教"})
    same = client.get("/feed.atom", {"q": "支教"}, headers={"if-none-match": first["ETag"]})
    by_time = client.get("/feed.atom", {"q": "支教"}, headers={"if-modified-since": first["Last-Modified"]})
    make_fact("支教又一")
    indexing.drain()
    changed = client.get("/feed.atom", {"q": "支教"}, headers={"if-none-match": first["ETag"]})

    assert (same.status_code, by_time.status_code, changed.status_code) == (304, 304, 200)


def test_the_feed_shows_only_what_is_public_even_to_the_desk(client: Client, archivist: object) -> None:
    make_fact("支教草稿", public=False)
    indexing.drain()
    client.force_login(archivist)  # type: ignore[arg-type]  # a fixture

    assert list(feed(client, q="支教").iter(f"{ATOM}entry")) == []


# --- more like this ---------------------------------------------------------------------------------------------------


def test_a_record_leads_to_others_like_it(client: Client) -> None:
    record = make_fact("福建支教教师到隆德县任教")
    alike = make_fact("福建支教教师到西吉县任教")
    make_fact("葡萄酒品鉴会")
    make_fact("隐去的福建支教教师任教", public=False)
    indexing.drain()

    page = client.get(record.get_absolute_url()).context["page"]
    answer = client.get(f"/api/v1/records/{record.ark_text}/like/").json()

    assert [other.pk for other in page.alike][:1] == [alike.pk]
    assert answer["results"][0]["ark"] == alike.ark_text
    assert "隐去" not in str(answer)


# --- when the engine is down ------------------------------------------------------------------------------------------


def test_without_the_engine_pages_say_what_still_works(client: Client, settings: LazySettings) -> None:
    item = make_item("案卷")
    make_page(item, "菌草")
    indexing.drain()
    settings.ARCHIVE_SEARCH = "http://127.0.0.1:9"

    answers = {
        address: client.get(address, {"q": "菌草"})
        for address in ("/search/", f"{item.record.get_absolute_url()}/hits/", "/feed.atom")
    }
    api = client.get("/api/v1/search/", {"q": "菌草"})

    assert {answer.status_code for answer in answers.values()} == {503}
    assert all("/catalogue/" in answer.text and answer["Retry-After"] for answer in answers.values())
    assert (api.status_code, api["Content-Type"]) == (503, "application/problem+json")
    assert client.get(item.record.get_absolute_url()).status_code == 200
    assert client.get(f"{item.record.get_absolute_url()}/pages/1/", {"q": "菌草"}).status_code == 200
    for address in ("/", "/catalogue/", "/browse/", "/searches/", "/search/advanced/"):
        assert client.get(address).status_code == 200


def test_a_fragment_that_cannot_be_sends_the_browser_to_the_whole_page(client: Client, settings: LazySettings) -> None:
    settings.ARCHIVE_SEARCH = "http://127.0.0.1:9"

    answer = client.get("/search/", {"q": "a"}, headers={"hx-request": "true"})

    assert answer["HX-Redirect"] == "/search/?q=a"


# --- odd input --------------------------------------------------------------------------------------------------------

ODD = {
    "long": "支教" * 5_000,
    "only punctuation": "，。；：！？、……——",
    "unbalanced quotes": "“支教 \"福建 '",
    "unbalanced brackets": "((((支教 或 ) ) )))) (",
    "control characters": "支\x00教\x07\x1b[31m",
    "private use": "\ue000\uf8ff\U000f0000",
    "emoji": "😀👨‍👩‍👧 支教",
    "asterisk": "*",
    "many alternatives": " OR ".join(f"词{number}" for number in range(1_000)),
    "field without value": "标题: 金额:> 年:",
    "nonsense values": "年:昨天 金额:>很多 kind:nothing 颜色:红",
    "deep": "(" * 500 + "支教" + ")" * 500,
    "backslashes": "\\" * 100,
    "bidi": "\u202e支教\u200b\ufeff",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(
    "address", ["/search/", "/api/v1/search/", "/feed.atom", "/search/advanced/", "/api/v1/suggest/"]
)
def test_every_odd_query_has_an_answer(client: Client, address: str, name: str) -> None:
    make_fact("支教")
    indexing.drain()

    assert client.get(address, {"q": ODD[name]}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "page", "api"),
    [
        ({"page": "-1"}, 400, 400),
        ({"colour": "red"}, 400, 400),
        ({"cursor": "nonsense"}, 400, 400),
        ({"cursor": "\x00"}, 400, 400),
        ({"year": "abc"}, 400, 400),
        ({"place": "a\x00b"}, 200, 400),
        ({"kind": "nothing"}, 400, 400),
        ({"utm_source": "x"}, 200, 400),
        ({"from": "timeline", "isappinstalled": "0"}, 200, 400),
    ],
)
def test_odd_parameters_are_refused_in_words_or_passed_over(
    client: Client, asked: dict[str, str], page: int, api: int
) -> None:
    make_fact("支教")
    indexing.drain()

    shown_page = client.get("/search/", {"q": "支教", **asked})
    answer = client.get("/api/v1/search/", {"q": "支教", **asked})

    assert (shown_page.status_code, answer.status_code) == (page, api)
    assert "<h1" in shown_page.text
    if api == 400:
        assert answer["Content-Type"] == "application/problem+json"


def test_a_cursor_of_another_query_is_refused(client: Client) -> None:
    for number in range(25):
        make_fact(f"支教{number}")
    indexing.drain()

    onward = shown(client, q="支教").next_href.partition("cursor=")[2]

    assert client.get(f"/search/?q=福建&cursor={onward}").status_code == 400
    assert client.get(f"/api/v1/search/?q=福建&cursor={onward}").status_code == 400

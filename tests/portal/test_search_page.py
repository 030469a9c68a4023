import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Dimension, Kind, Scope
from portal import questions, searching
from search import indexing
from tests.makers import make_fact, make_item, make_page, make_place, make_policy

pytestmark = pytest.mark.django_db


def found(client: Client, address: str) -> searching.SearchPage:
    page = client.get(address).context["page"]
    assert isinstance(page, searching.SearchPage)
    return page


def test_finds_marks_the_words_and_leads_to_the_page(client: Client) -> None:
    item = make_item("移民搬迁")
    make_page(item, "二〇〇一年批准在闽宁村", "基础上设镇")
    indexing.drain()

    answer = client.get("/search/", {"q": "闽宁村"})

    (hit,) = answer.context["page"].found
    (page,) = hit.pages
    assert page.href == f"{item.record.get_absolute_url()}/pages/1/?q=%E9%97%BD%E5%AE%81%E6%9D%91"
    assert "<mark>闽宁村</mark>" in answer.text


def test_the_title_is_marked_in_its_place(client: Client) -> None:
    make_fact("闽宁镇镇史馆")
    indexing.drain()

    answer = client.get("/search/", {"q": "镇史馆"})

    assert "闽宁镇<mark>镇史馆</mark></a>" in answer.text


def test_facets_narrow_and_filters_can_be_taken_away(client: Client) -> None:
    make_fact("支教教师", dimensions=(Dimension.EXCHANGE,))
    make_policy("支教办法", dimensions=(Dimension.POLICY,))
    indexing.drain()

    page = found(client, "/search/?q=支教&dimension=exchange&kind=event")

    assert [hit.record.title_zh for hit in page.found] == ["支教教师"]
    assert [(filter_.label) for filter_ in page.filters] == [str(Kind.EVENT.label), str(Dimension.EXCHANGE.label)]
    assert page.filters[0].href_without == "/search/?q=%E6%94%AF%E6%95%99&dimension=exchange"
    chosen = {facet.name: [c.value for c in facet.first if c.is_selected] for facet in page.facets}
    assert (chosen["kind"], chosen["dimension"]) == (["event"], ["exchange"])


def test_several_values_of_a_facet_are_alternatives(client: Client) -> None:
    make_fact("支教教师", dimensions=(Dimension.EXCHANGE,))
    make_fact("支教之歌", dimensions=(Dimension.CULTURE,))
    make_fact("支教经费", dimensions=(Dimension.FUNDING,))
    indexing.drain()

    page = found(client, "/search/?q=支教&dimension=exchange&dimension=culture")

    assert sorted(hit.record.title_zh for hit in page.found) == ["支教之歌", "支教教师"]


def test_unpublished_is_neither_found_nor_counted(client: Client) -> None:
    make_fact("尚未发布的支教", public=False)
    make_page(make_item("只公布目录", scope=Scope.CATALOGUE), "支教全文")
    indexing.drain()

    page = found(client, "/search/?q=支教")

    assert (page.count, page.found) == (0, [])


@pytest.mark.parametrize("query", ["", "   ", "绝无此词", "“”（", "x" * 5000, "\x00", "支教 OR (", "a\u0301"])
def test_any_query_has_an_answer(client: Client, query: str) -> None:
    indexing.drain()

    assert client.get("/search/", {"q": query}).status_code == 200


def test_a_cursor_of_another_query_is_refused_in_words(client: Client) -> None:
    indexing.drain()

    answer = client.get("/search/", {"q": "支教", "cursor": "nonsense"})

    assert answer.status_code == 400
    assert "<h1>" in answer.text


def test_pages_of_results_follow_each_other(client: Client) -> None:
    for number in range(25):
        make_fact(f"支教记录{number}")
    indexing.drain()

    first = client.get("/search/", {"q": "支教"}).context["page"]
    second = client.get(first.next_href).context["page"]

    seen = [hit.record.pk for hit in (*first.found, *second.found)]
    assert (len(seen), len(set(seen)), second.next_href) == (25, 25, "")


def test_facet_forms_and_links_keep_crawlers_out(client: Client) -> None:
    make_fact("支教", dimensions=(Dimension.EXCHANGE,))
    indexing.drain()

    answer = client.get("/search/?q=支教&dimension=exchange").text

    assert '<meta name="robots" content="noindex, nofollow">' in answer
    assert 'class="filter" href="/search/?q=%E6%94%AF%E6%95%99" rel="nofollow"' in answer


def test_htmx_gets_the_results_alone(client: Client) -> None:
    indexing.drain()

    assert "<html" not in client.get("/search/", {"q": "支教"}, headers={"hx-request": "true"}).text


def test_the_reader_counts_a_hit_across_a_line_once(client: Client) -> None:
    item = make_item()
    make_page(item, "闽宁协作始于", "一九九六年闽宁", "结对，闽宁")
    indexing.drain()

    split = client.get(f"{item.record.get_absolute_url()}/pages/1/", {"q": "始于一九九六"}).context["page"]
    plain = client.get(f"{item.record.get_absolute_url()}/pages/1/", {"q": "闽宁", "hit": "2"}).context["page"]

    assert ([len(hit.boxes) for hit in split.hits], len(split.marks)) == ([2], 2)
    assert (len(plain.hits), plain.hit.number) == (3, 2)
    assert plain.previous_hit.endswith("hit=1")
    assert plain.next_hit.endswith("hit=3")


def test_the_reader_leads_to_hits_on_other_pages(client: Client) -> None:
    item = make_item()
    for text in ("菌草", "无关", "菌草"):
        make_page(item, text)
    indexing.drain()

    page = client.get(f"{item.record.get_absolute_url()}/pages/2/", {"q": "菌草"}).context["page"]

    assert page.hit is None
    assert "/pages/1/" in page.previous_hit
    assert "/pages/3/" in page.next_hit


def test_states_its_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(12):
        make_page(make_item(f"样张{number}"), "支教")
    indexing.drain()
    client.get("/about/")

    with django_assert_num_queries(5):
        client.get("/search/", {"q": "支教"})


def test_what_stands_above_a_hit_is_not_said_again(client: Client) -> None:
    make_fact("支教", date="1996-09", summary_zh="支教。", note="1996年支教。")
    indexing.drain()

    page = found(client, "/search/?q=支教 1996")

    texts = ["".join(text for text, _hit in snippet) for snippet in page.found[0].snippets]
    assert texts == ["1996年支教。"]


def test_other_names_that_match_are_called_so(client: Client) -> None:
    make_place("闽宁镇", names=["闽宁村"])
    indexing.drain()

    page = found(client, "/search/?q=闽宁村")

    assert page.found[0].also_called == [(("闽宁村", True),)]


def test_of_very_many_values_of_a_facet_only_so_many_are_taken(client: Client) -> None:
    indexing.drain()

    page = found(client, "/search/?" + "&".join(f"year={year}" for year in (*range(1000, 1200), 1000)))

    assert len(page.filters) == questions.VALUES_LIMIT

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from archive.models import Evidence, Level, Scope
from media.lines import Box, to_json
from media.models import Page, PageText
from media.stretches import Quote
from portal import images, marking
from portal.marking import Hit
from search import indexing
from tests.makers import make_fact, make_item, make_lines, make_page, make_unit

pytestmark = pytest.mark.django_db


def test_page_shows_image_text_and_the_state_of_the_text(client: Client) -> None:
    item = make_item("闽宁结对由来")
    page = make_page(item, "一九九六年", "两省区结对")

    answer = client.get(f"{item.record.get_absolute_url()}/pages/1/").text

    assert f"/iiif/3/{page.pk}/full/1200,/0/default.jpg" in answer
    assert f"/iiif/3/{page.pk}/info.json" in answer
    assert "两省区结对" in answer
    assert "text-state" in answer


def test_region_is_drawn_and_its_line_marked(client: Client) -> None:
    item = make_item()
    make_page(item, "第一行", "第二行")

    answer = client.get(f"{item.record.get_absolute_url()}/pages/1/", {"region": "90,170,300,70"})

    assert 'x="90" y="170" width="300" height="70"' in answer.text
    assert [line.is_cited for block in answer.context["page"].blocks for line in block] == [False, True]


@pytest.mark.parametrize("region", ["", "1,2,3", "a,b,c,d", "1,2,0,4", "1,2,3,99999999", "-1,2,3,4"])
def test_a_region_that_is_none_marks_nothing(client: Client, region: str) -> None:
    item = make_item()
    make_page(item, "一行")

    answer = client.get(f"{item.record.get_absolute_url()}/pages/1/", {"region": region})

    assert answer.context["page"].region is None


def test_text_without_image_where_only_the_text_is_public(client: Client) -> None:
    item = make_item(scope=Scope.TEXT)
    make_page(item, "一行文字")

    answer = client.get(f"{item.record.get_absolute_url()}/pages/1/").text

    assert "一行文字" in answer
    assert "/iiif/3/" not in answer


@pytest.mark.parametrize(("public", "scope"), [(False, Scope.DOWNLOAD), (True, Scope.CATALOGUE)])
def test_pages_that_are_not_public_are_not_found(client: Client, public: bool, scope: Scope) -> None:
    item = make_item(public=public, scope=scope)
    make_page(item, "一行文字")

    answer = client.get(f"{item.record.get_absolute_url()}/pages/1/")

    assert answer.status_code == 404
    assert "一行文字" not in answer.text


def test_a_page_that_does_not_exist_and_a_record_without_pages(client: Client) -> None:
    item, fact = make_item(), make_fact()
    make_page(item, "一行")

    assert client.get(f"{item.record.get_absolute_url()}/pages/2/").status_code == 404
    assert client.get(f"{fact.get_absolute_url()}/pages/1/").status_code == 404


def test_leads_to_the_neighbouring_pages_with_the_query(client: Client) -> None:
    item = make_item()
    for _page in range(3):
        make_page(item, "一行")

    page = client.get(f"{item.record.get_absolute_url()}/pages/2/", {"q": "闽宁"}).context["page"]

    assert page.previous_page.endswith("/pages/1/?q=%E9%97%BD%E5%AE%81")
    assert page.next_page.endswith("/pages/3/?q=%E9%97%BD%E5%AE%81")


def test_lists_the_facts_that_rest_on_the_page(client: Client) -> None:
    item = make_item()
    make_page(item, "一行")
    make_fact("据本页", evidence=[Evidence(unit=item, page=1, claim_zh="一行")])
    make_fact("据别页", evidence=[Evidence(unit=item, page=2, claim_zh="另行")])

    page = client.get(f"{item.record.get_absolute_url()}/pages/1/").context["page"]

    assert [statement.record.title_zh for statement in page.statements] == ["据本页"]


def test_unit_page_shows_its_pages_and_what_lies_below(client: Client) -> None:
    fonds = make_unit("全宗")
    item = make_unit("一件", level=Level.ITEM, parent=fonds)
    make_page(item, "一行")

    above = client.get(fonds.record.get_absolute_url()).text
    itself = client.get(item.record.get_absolute_url()).text

    assert item.record.get_absolute_url() in above
    assert f"{item.record.get_absolute_url()}/pages/1/" in itself


def test_a_hit_marks_exactly_its_characters() -> None:
    lines = make_lines("闽宁协作三十年")
    hit = Hit(1, 1, [Box(200, 100, 100, 50)])

    ((line,),) = marking.blocks(lines, [hit], hit, None)

    assert [(span.text, span.is_hit) for span in line.spans] == [("闽宁", False), ("协作", True), ("三十年", False)]


def test_a_hit_without_boxes_is_marked_by_its_words() -> None:
    lines = make_lines("闽宁协作，再协作")
    hit = Hit(1, 1, [], ["协作"])

    ((line,),) = marking.blocks(lines, [hit], hit, None)

    assert [span.text for span in line.spans if span.is_hit] == ["协作", "协作"]


def test_images_are_never_asked_for_larger_than_they_are() -> None:
    page = make_page(make_item(), "一行", width=800, height=1000)

    assert images.address(page, 1200).endswith("/full/800,/0/default.jpg")
    assert images.address(page, 900, Box(10, 10, 300, 40)).endswith("/10,10,300,40/300,/0/default.jpg")


def test_margin_stays_on_the_page() -> None:
    page = make_page(make_item(), "一行", width=800, height=1000)

    assert images.with_margin(page, Box(0, 990, 800, 10)) == Box(0, 966, 800, 34)


def test_lines_carry_their_place_and_a_link_to_it(client: Client) -> None:
    item = make_item()
    make_page(item, "第一行", "第二行")

    answer = client.get(f"{item.record.get_absolute_url()}/pages/1/").text

    assert 'id="line-2" data-box="100,180,150,50"' in answer
    assert 'href="?region=100,180,150,50"' in answer


def test_a_place_can_be_taken_along(client: Client) -> None:
    item = make_item("闽宁结对由来")
    page = make_page(item, "一行")
    address = f"{item.record.get_absolute_url()}/pages/1/"

    whole = client.get(address).context["page"].sharing
    region = client.get(address, {"region": "10,20,300,40"}).context["page"].sharing

    assert whole.place == f"http://testserver{address}"
    assert region.place == f"http://testserver{address}?region=10,20,300,40"
    assert region.image == f"http://testserver/iiif/3/{page.pk}/10,20,300,40/max/0/default.jpg"
    assert region.citation.startswith("闽宁结对由来：") or "闽宁结对由来" in region.citation
    assert region.citation.endswith(f"：1. {region.place}.")
    assert region.manifest == f"http://testserver/iiif/manifest/{item.record.ark}"


def test_hits_are_listed_with_what_surrounds_them(client: Client) -> None:
    item = make_item()
    make_page(item, "福建与宁夏结对")
    make_page(item, "宁夏")
    indexing.drain()

    page = client.get(f"{item.record.get_absolute_url()}/pages/1/", {"q": "宁夏"}).context["page"]

    assert [(each.hit.page, each.is_current) for each in page.hit_list] == [(1, True), (2, False)]
    assert page.hit_list[0].hit.quote == Quote("福建与", "宁夏", "结对")
    assert page.hit_list[1].href.endswith("/pages/2/?q=%E5%AE%81%E5%A4%8F&hit=2")


def test_the_strip_shows_the_pages_around(client: Client) -> None:
    item = make_item()
    for _number in range(30):
        make_page(item, "一行")

    page = client.get(f"{item.record.get_absolute_url()}/pages/28/").context["page"]

    assert [small.number for small in page.strip] == list(range(9, 31))
    assert all(small.image for small in page.strip)


def test_vertical_text_is_shown_vertically(client: Client) -> None:
    item = make_item()
    make_page(item, lines=make_lines("竖排文字", direction="v"))

    assert "page-text--vertical" in client.get(f"{item.record.get_absolute_url()}/pages/1/").text


def test_nobody_reads_here_what_is_masked(client: Client, archivist: User) -> None:
    item = make_item()
    page = make_page(item, "身份证号110101199003074477")
    masked = make_lines("身份证号█")
    PageText.objects.filter(page=page).update(public_text="身份证号█", public_lines=to_json(masked))
    Page.objects.filter(pk=page.pk).update(is_masked=True)
    client.force_login(archivist)

    answer = client.get(f"{item.record.get_absolute_url()}/pages/1/", {"q": "110101199003074477"})

    assert "110101199003074477</" not in answer.text.replace('value="110101199003074477"', "")
    assert not answer.context["page"].shows_image
    assert answer.context["page"].hits == []


def test_the_reader_costs_the_same_however_long_the_document(
    client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    item = make_item()
    for _number in range(25):
        make_page(item, "一行")
    address = f"{item.record.get_absolute_url()}/pages/12/"
    client.get(address)

    with django_assert_max_num_queries(16):
        client.get(address)

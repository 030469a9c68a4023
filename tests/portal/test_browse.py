import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Dimension, Level, Location, Mechanism, Participation
from portal import paging
from tests.makers import make_agent, make_fact, make_item, make_place, make_unit

pytestmark = pytest.mark.django_db

WAYS = ("dimension", "mechanism", "year", "place", "agent", "kind")


def titles(client: Client, address: str) -> list[str]:
    return [record.title_zh for record in client.get(address).context["stretch"].records]


@pytest.mark.parametrize("by", WAYS)
def test_every_way_lists_its_shelves(client: Client, by: str) -> None:
    place, agent = make_place("西吉县"), make_agent("福建省")
    make_fact(
        date="1997年",
        dimensions=(Dimension.POLICY,),
        mechanisms=(Mechanism.PAIRED_ASSISTANCE,),
        locations=[Location(place=place)],
        participations=[Participation(agent=agent, role=Participation.Role.PAYER)],
    )

    answer = client.get(f"/browse/{by}/")

    assert sum(shelf.count for case in answer.context["cases"] for shelf in case.shelves) >= 1


def test_by_dimension_and_by_mechanism(client: Client) -> None:
    make_fact("在内", dimensions=(Dimension.CULTURE,), mechanisms=(Mechanism.MUTUAL_LEARNING,))
    make_fact("在外", dimensions=(Dimension.POLICY,))

    assert titles(client, "/browse/dimension/culture/") == ["在内"]
    assert titles(client, "/browse/mechanism/mutual_learning/") == ["在内"]


def test_a_year_lists_what_begins_in_it_and_what_runs_through_it(client: Client) -> None:
    make_fact("始于当年", date="1999年3月")
    make_fact("跨越当年", date="1996—2011年")
    make_fact("已结束", date="1997年")

    context = client.get("/browse/year/1999/").context

    assert [record.title_zh for record in context["stretch"].records] == ["始于当年"]
    assert [record.title_zh for record in context["running"]] == ["跨越当年"]


def test_a_place_includes_its_parts(client: Client) -> None:
    county = make_place("永宁县")
    town = make_place("闽宁镇", part_of=county)
    make_fact("在镇上", locations=[Location(place=town)])
    make_fact("在别处", locations=[Location(place=make_place("西吉县"))])

    assert titles(client, f"/browse/place/{county.ark}/") == ["在镇上"]
    assert "在镇上" in client.get(county.get_absolute_url()).text


def test_by_agent(client: Client) -> None:
    agent = make_agent("福建省")
    make_fact("出资", participations=[Participation(agent=agent, role=Participation.Role.PAYER)])

    assert titles(client, f"/browse/agent/{agent.ark}/") == ["出资"]


@pytest.mark.parametrize(
    "address",
    [
        "/browse/colour/",
        "/browse/colour/red/",
        "/browse/dimension/nothing/",
        "/browse/year/20x6/",
        "/browse/place/x1no/",
    ],
)
def test_what_does_not_exist_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_unpublished_is_neither_listed_nor_counted(client: Client) -> None:
    make_fact("未发布", dimensions=(Dimension.POLICY,), public=False)

    answer = client.get("/browse/dimension/policy/")

    assert answer.context["count"] == 0
    assert "未发布" not in answer.text


def test_cursors_walk_through_everything_once_those_without_date_last(client: Client) -> None:
    for number in range(paging.PAGE_SIZE):
        make_fact(f"有日期{number}", date="1999年", dimensions=(Dimension.POLICY,))
    for number in range(paging.PAGE_SIZE):
        make_fact(f"无日期{number}", dimensions=(Dimension.POLICY,))

    seen: list[str] = []
    cursor = ""
    for _stretch in range(2):
        stretch = client.get("/browse/dimension/policy/", {"cursor": cursor}).context["stretch"]
        seen += [record.title_zh for record in stretch.records]
        cursor = stretch.next_cursor

    assert cursor == ""
    assert len(set(seen)) == len(seen) == 2 * paging.PAGE_SIZE
    assert seen[0].startswith("有日期")
    assert seen[-1].startswith("无日期")


@pytest.mark.parametrize("cursor", ["x", "2016-13-45_1", "_", "_99999999999999999999999", "'; drop"])
def test_a_cursor_nobody_gave_out_is_ignored(client: Client, cursor: str) -> None:
    make_fact("在内", dimensions=(Dimension.POLICY,))

    assert client.get("/browse/dimension/policy/", {"cursor": cursor}).status_code == 200


def test_catalogue_shows_codes_and_opens_branch_by_branch(client: Client) -> None:
    fonds = make_unit("全宗甲", code="M001")
    make_unit("类别乙", level=Level.SERIES, parent=fonds, code="M001-ZC")

    whole = client.get("/catalogue/")
    branch = client.get("/catalogue/", {"under": fonds.record.ark}, headers={"hx-request": "true"})

    assert "M001" in whole.text
    assert "类别乙" in branch.text
    assert "<html" not in branch.text


def test_catalogue_does_not_tell_of_units_that_are_not_public(client: Client) -> None:
    fonds = make_unit("全宗甲")
    make_unit("未公布的件", level=Level.ITEM, parent=fonds, public=False)

    assert "未公布的件" not in client.get("/catalogue/", {"under": fonds.record.ark}).text


def test_states_its_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(12):
        make_fact(f"史实{number}", dimensions=(Dimension.POLICY,))
        make_item(f"件{number}")
    client.get("/about/")

    with django_assert_num_queries(3):
        client.get("/browse/dimension/policy/")
    with django_assert_num_queries(1):
        client.get("/catalogue/")


def test_a_hidden_place_is_not_named_as_the_one_around_its_parts(client: Client) -> None:
    county = make_place("永宁县", public=False)
    make_place("闽宁镇", part_of=county)

    answer = client.get("/browse/place/")

    assert "闽宁镇" in answer.text
    assert "永宁县" not in answer.text

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive.models import Dimension, Kind, Meeting
from tests.makers import make_fact, make_item, make_page

pytestmark = pytest.mark.django_db


def test_counts_what_is_public_by_dimension(client: Client) -> None:
    make_fact("一", dimensions=(Dimension.LIVELIHOOD, Dimension.POLICY))
    make_fact("二", dimensions=(Dimension.LIVELIHOOD,))
    make_fact("三", dimensions=(Dimension.LIVELIHOOD,), public=False)

    shelves = client.get("/").context["dimensions"]

    assert {shelf.value: shelf.count for shelf in shelves if shelf.count} == {"livelihood": 2, "policy": 1}
    assert len(shelves) == 6


def test_timeline_has_every_year_and_marks_the_meetings(client: Client) -> None:
    make_fact(date="1997年4月")
    make_fact("第二次联席会议", kind=Kind.MEETING, detail=Meeting(ordinal=2), date="1997年4月")
    make_fact(date="1972年")

    answer = client.get("/")

    timeline = answer.context["timeline"]
    assert [year.year for year in timeline.years] == list(range(1996, 2027))
    assert [(year.year, year.count, year.meetings, year.height) for year in timeline.years if year.count] == [
        (1997, 2, 1, 100)
    ]
    assert timeline.before == 1
    assert 'href="/browse/year/1997/"' in answer.text


def test_an_empty_archive_has_a_front_page(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 200
    assert answer.context["sample"] is None


def test_in_english(client: Client) -> None:
    answer = client.get("/", headers={"accept-language": "en"})

    assert '<html lang="en">' in answer.text
    assert "Six dimensions" in answer.text


def test_states_its_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(8):
        make_page(make_item(f"样张{number}"), "一行")
        make_fact(f"史实{number}", date="1999年", dimensions=(Dimension.POLICY,))
    client.get("/about/")

    with django_assert_num_queries(5):
        client.get("/")

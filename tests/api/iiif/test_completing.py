import pytest
from django.test import Client

from api.iiif import completing
from tests.makers import make_item, make_page

TEXT = "闽宁协作三十年，闽宁协作与闽宁镇。\n闽宁镇在宁夏。Project A, project B; 1996年"


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("闽宁", [("闽宁", 4), ("闽宁镇", 2), ("闽宁协作", 2)]),
        ("閩寧協", [("闽宁协作", 2)]),
        ("宁夏", [("宁夏", 1)]),
        ("proj", [("Project", 2)]),
        ("ject", []),
        ("没有", []),
    ],
)
def test_terms_are_what_is_repeated(beginning: str, expected: list[tuple[str, int]]) -> None:
    assert completing.terms([TEXT], beginning) == expected


def test_rare_terms_can_be_left_out() -> None:
    assert completing.terms([TEXT, "闽宁协作"], "闽宁", least=3) == [("闽宁", 5), ("闽宁协作", 3)]


def test_a_term_runs_over_a_line_break() -> None:
    assert completing.terms(["闽宁协\n作。闽宁协作"], "闽宁") == [("闽宁协作", 2)]


@pytest.mark.django_db
def test_the_answer_is_a_page_of_terms(client: Client) -> None:
    item = make_item()
    make_page(item, "闽宁协作，闽宁协作")

    found = client.get(f"/iiif/autocomplete/{item.record.ark}?q=闽宁&user=x").json()

    assert (found["type"], found["ignored"]) == ("TermPage", ["user"])
    (term,) = found["items"]
    assert (term["value"], term["total"]) == ("闽宁协作", 2)
    assert term["service"][0]["id"].startswith(f"http://testserver/iiif/search/{item.record.ark}?q=")
    assert client.get(f"/iiif/autocomplete/{item.record.ark}").status_code == 400


@pytest.mark.django_db
def test_a_number_that_is_none_counts_for_nothing(client: Client) -> None:
    item = make_item()
    make_page(item, "闽宁协作，闽宁协作")

    assert client.get(f"/iiif/autocomplete/{item.record.ark}?q=闽宁&min={'9' * 5000}").status_code == 200

import json

import pytest
from django.test import Client

from search import exporting, indexing
from tests.makers import make_fact

pytestmark = pytest.mark.django_db


def test_matches_come_as_csl_json(client: Client) -> None:
    fact = make_fact("支教教师")
    make_fact("未发布的支教", public=False)
    indexing.drain()

    answer = client.get("/api/v1/search/export.json", {"q": "支教"})

    assert answer.streaming
    assert [item["custom"]["ark"] for item in json.loads(answer.getvalue())] == [fact.ark_text]
    assert answer["Content-Type"].startswith("application/vnd.citationstyles.csl+json")
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_a_client_may_say_that_it_accepts_the_form(client: Client) -> None:
    indexing.drain()

    answer = client.get("/api/v1/search/export.csv", headers={"Accept": "text/csv"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("export.docx", 404, "not-found"),
        ("export.csv?colour=red", 400, "invalid-input"),
        ("export.csv?cursor=x", 400, "invalid-input"),
        ("export.csv?kind=nonsense", 400, "invalid-input"),
        ("export.csv?year=abcd", 400, "invalid-input"),
    ],
)
def test_what_cannot_be_is_a_problem(client: Client, address: str, status: int, code: str) -> None:
    indexing.drain()

    answer = client.get(f"/api/v1/search/{address}")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code


def test_too_many_records_are_refused_with_the_way_around(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST", 0)
    make_fact("支教教师")
    indexing.drain()

    answer = client.get("/api/v1/search/export.csv", {"q": "支教"})

    assert answer.status_code == 400
    assert "/api/v1/" in answer.json()["detail"]


def test_the_export_is_described(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()

    (form,) = [
        parameter
        for parameter in described["paths"]["/api/v1/search/export.{form}"]["get"]["parameters"]
        if parameter["name"] == "form"
    ]
    assert set(form["schema"]["enum"]) == set(exporting.FORMS)

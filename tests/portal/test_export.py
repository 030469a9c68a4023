import csv
import io
from urllib.parse import unquote

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from archive.models import Dimension
from search import indexing
from tests.makers import make_fact

pytestmark = pytest.mark.django_db


def content(answer: object) -> bytes:
    assert isinstance(answer, StreamingHttpResponse)
    return answer.getvalue()


def test_a_list_can_be_taken_along(client: Client) -> None:
    make_fact("支教教师", dimensions=(Dimension.EXCHANGE,))
    make_fact("支教经费", dimensions=(Dimension.FUNDING,))
    indexing.drain()

    answer = client.get("/search/export.csv", {"q": "支教", "dimension": "exchange"})

    _names, *rows = csv.reader(io.StringIO(content(answer).decode("utf-8-sig"), newline=""))
    assert [row[2] for row in rows] == ["支教教师"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "闽宁协作数字档案-支教-" in unquote(answer["Content-Disposition"])
    assert "noindex" in answer["X-Robots-Tag"]


@pytest.mark.parametrize("form", ["csv", "xlsx", "bib", "ris", "json", "txt"])
def test_every_form_is_streamed(client: Client, form: str) -> None:
    make_fact("支教教师")
    indexing.drain()

    answer = client.get(f"/search/export.{form}", {"q": "支教"})

    assert answer.status_code == 200
    assert content(answer)


def test_an_unknown_form_is_explained(client: Client) -> None:
    answer = client.get("/search/export.docx")

    assert answer.status_code == 404
    assert "csv, xlsx, bib, ris, json, txt" in answer.text


@pytest.mark.parametrize("query", ["year=abcd", "colour=red"])
def test_a_bad_filter_is_explained_before_anything_is_sent(client: Client, query: str) -> None:
    indexing.drain()

    answer = client.get(f"/search/export.csv?{query}")

    assert answer.status_code == 400
    assert "<h1>" in answer.text

"""Saved searches: by an account, or by the cookie of a browser."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal import questions, saved
from portal.models import SavedSearch
from portal.saved import Holder
from portal.views.saved import COOKIE
from search import indexing
from tests.makers import make_fact, make_user

pytestmark = pytest.mark.django_db


def save(client: Client, question: str, name: str = "") -> SavedSearch:
    answer = client.post("/searches/save/", {"question": question, "name": name})
    assert answer.status_code == 303, answer.text
    found = SavedSearch.objects.order_by("pk").last()
    assert found is not None
    return found


def test_somebody_without_an_account_keeps_a_search_by_a_cookie(client: Client) -> None:
    indexing.drain()
    before = client.get("/searches/").cookies

    save(client, "q=%E6%94%AF%E6%95%99&kind=event", "支教大事")

    cookie = client.cookies[COOKIE]
    assert COOKIE not in before
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert "支教大事" in client.get("/searches/").text
    assert "支教大事" not in Client().get("/searches/").text


def test_only_a_digest_of_the_token_is_stored_and_a_forged_cookie_opens_nothing(client: Client) -> None:
    search = save(client, "q=a")
    token = client.cookies[COOKIE].value.split(":")[0]
    stranger = Client()
    stranger.cookies[COOKIE] = f"{token}:forged"

    answer = stranger.get("/searches/")

    assert token not in search.holder
    assert search.name not in answer.text.split("<main")[1].split("saved-list")[-1] or answer.context["searches"] == []


def test_new_matches_are_counted_until_the_search_is_opened(client: Client) -> None:
    indexing.drain()
    search = save(client, "q=%E6%94%AF%E6%95%99")
    SavedSearch.objects.update(seen_at=timezone.now() - dt.timedelta(hours=1))
    make_fact("支教教师到校", first_published_at=timezone.now() - dt.timedelta(minutes=1))
    make_fact("支教旧事", first_published_at=timezone.now() - dt.timedelta(days=9))
    indexing.drain()

    (before,) = client.get("/searches/").context["searches"]
    opened = client.post(f"/searches/{search.pk}/open/")
    (after,) = client.get("/searches/").context["searches"]

    assert (before.new, after.new) == (1, 0)
    assert opened["Location"] == "/search/?q=%E6%94%AF%E6%95%99"


def test_rename_remove_and_undo(client: Client) -> None:
    search = save(client, "q=a", "旧名")

    client.post(f"/searches/{search.pk}/rename/", {"name": "新名"})
    removed = client.post(f"/searches/{search.pk}/remove/")
    with_undo = client.get(removed["Location"])
    empty = with_undo.context["searches"]
    client.post(f"/searches/{search.pk}/take-back/")

    assert empty == []
    assert f"/searches/{search.pk}/take-back/" in with_undo.text
    assert [kept.search.name for kept in client.get("/searches/").context["searches"]] == ["新名"]


def test_a_name_that_cannot_be_is_said_on_the_list(client: Client) -> None:
    search = save(client, "q=a", "名")

    answer = client.post(f"/searches/{search.pk}/rename/", {"name": " \n "}, follow=True)

    assert "notice--red" in answer.text
    assert SavedSearch.objects.get().name == "名"


@pytest.mark.parametrize("way", ["open", "rename", "remove", "take-back"])
def test_nobody_touches_what_somebody_else_saved(client: Client, way: str) -> None:
    search = save(client, "q=a", "名")
    stranger = Client()
    save(stranger, "q=b")

    answer = stranger.post(f"/searches/{search.pk}/{way}/", {"name": "他名"})

    search.refresh_from_db()
    assert answer.status_code == 404
    assert (search.name, search.removed_at) == ("名", None)


def test_forms_need_their_token() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/searches/save/", {"question": "q=a"}).status_code == 403
    assert SavedSearch.objects.count() == 0


def test_changes_are_not_made_by_following_a_link(client: Client) -> None:
    search = save(client, "q=a")

    assert client.get(f"/searches/{search.pk}/remove/").status_code == 405


def test_what_a_browser_kept_joins_the_account_at_sign_in(client: Client) -> None:
    user = make_user(username="reader", password="a long test password")
    saved.keep(Holder(user), questions.read_text("q=b"), "已有")
    save(client, "q=a", "甲")
    save(client, "q=b", "乙")

    client.post("/workbench/sign-in/", {"username": "reader", "password": "a long test password"})

    names = sorted(search.name for search in SavedSearch.objects.filter(owner=user))
    assert names == ["已有", "甲"]
    assert SavedSearch.objects.exclude(owner=user).count() == 0


@pytest.mark.parametrize(
    "question",
    ["", "colour=red", "q=" + "支" * 2_000],
)
def test_what_cannot_be_saved_is_refused_in_words(client: Client, question: str) -> None:
    answer = client.post("/searches/save/", {"question": question})

    assert answer.status_code == 400
    assert "<h1>" in answer.text
    assert COOKIE not in client.cookies


def test_a_holder_keeps_so_many_and_the_same_only_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 2)
    for question in ("q=a", "q=a", "q=b"):
        save(client, question)

    refused = client.post("/searches/save/", {"question": "q=c"})

    assert refused.status_code == 400
    assert SavedSearch.objects.count() == 2


def test_the_list_shows_while_the_search_does_not_answer(client: Client, settings: LazySettings) -> None:
    search = save(client, "q=a", "名")
    settings.ARCHIVE_SEARCH = "http://127.0.0.1:9"

    answer = client.get("/searches/")

    assert answer.status_code == 200
    assert search.name in answer.text
    assert not answer.context["can_count"]


def test_states_its_number_of_queries(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for word in "abcdef":
        save(client, f"q={word}")
    indexing.drain()
    client.get("/searches/")

    with django_assert_num_queries(1):
        client.get("/searches/")

import pytest
from django.test import Client

from accounts.models import User
from media.models import Job
from tests.makers import make_fact, make_item, make_page

pytestmark = pytest.mark.django_db


def test_robots_close_search_and_interfaces(client: Client) -> None:
    answer = client.get("/robots.txt").text

    assert "Disallow: /search/\n" in answer
    assert "Disallow: /api/\n" in answer
    assert "Sitemap: http" in answer


def test_sitemap_and_feed_hold_only_what_is_public(client: Client) -> None:
    public, hidden = make_fact("公开"), make_fact("不公开", public=False)

    index = client.get("/sitemap.xml").text
    part = client.get("/sitemap-1.xml").text
    feed = client.get("/feed.atom").text

    assert "/sitemap-1.xml" in index
    assert public.ark in part
    assert hidden.ark not in part + feed
    assert "公开" in feed
    assert client.get("/sitemap-2.xml").status_code == 404


def test_language_is_switched_and_remembered(client: Client) -> None:
    chinese = client.get("/about/").text
    client.post("/i18n/setlang/", {"language": "en", "next": "/about/"})
    english = client.get("/about/").text

    assert '<html lang="zh-Hans">' in chinese
    assert "About this archive" in english


@pytest.mark.parametrize(
    "address", ["/", "/about/", "/catalogue/", "/browse/", "/progress/", "/search/", "/nothing-here/"]
)
def test_every_page_has_a_skip_link_landmarks_and_a_heading(client: Client, address: str) -> None:
    page = client.get(address).text

    assert 'href="#content"' in page
    assert all(mark in page for mark in ("<header", "<nav", '<main id="content"', "<footer", "<h1"))


def test_progress_counts_files_and_pages(client: Client) -> None:
    page = make_page(make_item(), "一行")
    Job.objects.create(digital_object=page.digital_object)

    progress = client.get("/progress/").context["progress"]

    assert (progress.files, progress.files_done, progress.pages, progress.pages_with_text) == (1, 0, 1, 1)
    assert progress.needs_worker


def test_progress_names_no_file_of_a_unit_that_is_not_public(client: Client) -> None:
    page = make_page(make_item(public=False), "一行")
    Job.objects.create(digital_object=page.digital_object)

    answer = client.get("/progress/")

    assert page.digital_object.original_name not in answer.text
    assert answer.context["progress"].files == 0


def test_progress_names_files_as_they_came_for_the_desk_alone(client: Client, archivist: User) -> None:
    page = make_page(make_item(), "一行")
    Job.objects.create(digital_object=page.digital_object)

    public = client.get("/progress/").text
    client.force_login(archivist)
    desk = client.get("/progress/").text

    name = page.digital_object.original_name
    assert name not in public and f"{page.unit.reference_code} · 1" in public
    assert name in desk


def test_the_site_says_when_no_worker_is_alive(client: Client) -> None:
    page = make_page(make_item(), "一行")
    Job.objects.create(digital_object=page.digital_object)

    assert "site-notice" in client.get("/about/").text


def test_htmx_gets_the_fragment_only(client: Client) -> None:
    answer = client.get("/progress/", headers={"hx-request": "true"})

    assert "<html" not in answer.text


def test_a_failure_of_ours_has_a_page_of_its_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("portal.views.pages.digitisation.progress", fail)
    client.raise_request_exception = False

    answer = client.get("/progress/")

    assert answer.status_code == 500
    assert "500" in answer.text

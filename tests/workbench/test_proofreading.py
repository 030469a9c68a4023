"""The proofreading desk as it answers: lists, the form without JavaScript, conflicts, history, replacing, figures."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from archive.models import AuditEvent, Unit
from media import proofreading
from media.lines import Box, TextLine
from media.models import DigitalObject, Page, PageText
from media.proofreading import Edit
from tests.makers import make_item, make_lines, make_page, make_user

pytestmark = pytest.mark.django_db

QUEUE = reverse("workbench:proofreading")
JSON = {"Accept": "application/json"}
QUERIES_OF_LIST = 6  # session, person, fonds, count, pages, texts


@pytest.fixture
def desk(archivist: User, client: Client) -> Client:
    client.force_login(archivist)
    return client


def address(page: Page) -> str:
    return reverse("workbench:proofread", args=[page.pk])


def form(page: Page, *lines: str, order: str = "save", origins: list[str] | None = None, **more: Any) -> dict[str, Any]:
    """What the form of a page sends."""
    text = PageText.objects.filter(page=page).order_by("pk")[0]
    own = origins if origins is not None else [str(number) for number in range(len(lines))]
    return {"text_key": text.pk, "text": list(lines), "origins": own, "order": order, **more}


def current(page: Page) -> PageText:
    return PageText.objects.get(page=page, is_current=True)


def test_the_list_shows_what_waits_and_its_state(desk: Client) -> None:
    page = make_page(make_item("援宁工作简报"), "福建")

    shown = desk.get(QUEUE).content.decode()

    assert "援宁工作简报" in shown and address(page) in shown
    assert "未经校对的机器识别文本" in shown and "99 %" in shown


def test_the_list_is_narrowed_by_state_and_unit(desk: Client, archivist: User) -> None:
    page, other = make_page(make_item(), "福建"), make_page(make_item(), "宁夏")
    proofreading.set_quality(current(other), PageText.Quality.CHECKED, by=archivist)

    machine = desk.get(QUEUE, {"state": "machine"}).content.decode()
    fonds = Unit.objects.get_root(page.unit)
    of_fonds = desk.get(QUEUE, {"state": "any", "fonds": fonds.reference_code}).content.decode()

    assert address(page) in machine and address(other) not in machine
    assert address(page) in of_fonds and address(other) not in of_fonds
    assert desk.get(QUEUE, {"unit": "没有这个档号"}).status_code == 400


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_costs_the_same_for_few_and_many(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    unit = make_item()
    for _ in range(count):
        make_page(unit, "福建")
    desk.get(QUEUE)  # what is kept between requests is there

    with django_assert_num_queries(QUERIES_OF_LIST):
        desk.get(QUEUE)


@pytest.mark.parametrize("lines", [1, 40])
def test_a_page_costs_the_same_for_few_lines_and_many(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries, lines: int
) -> None:
    page = make_page(make_item(), *["福建省"] * lines)
    desk.get(QUEUE)  # what is kept between requests is there

    with django_assert_num_queries(4):
        desk.get(address(page))


def test_every_line_has_its_image_above_its_field_and_its_doubts_marked(desk: Client) -> None:
    line = make_lines("福健省")[0]
    doubtful = TextLine(line.text, line.box, "h", 0.8, line.characters, confidences=(0.99, 0.4, 0.98))
    page = make_page(make_item(), lines=[doubtful])

    shown = desk.get(address(page)).content.decode()

    assert f"/iiif/3/{page.pk}/94,94,162,62/,62/0/default/jpg" in shown.replace(".jpg", "/jpg")
    assert 'viewBox="94 94 162 62"' in shown
    assert "<mark>健</mark>" in shown and re.search(r'id="doubt-1">[^<]* 健<', shown)
    assert 'id="line-1"' in shown and 'aria-describedby="doubt-1"' in shown
    assert '<rect class="doubt" x="150" y="100" width="50" height="50"/>' in shown


def test_a_line_written_downwards_is_laid_out_from_left_to_right(desk: Client) -> None:
    page = make_page(make_item(), lines=make_lines("福建省", direction="v"))

    shown = desk.get(address(page)).content.decode()

    assert 'viewBox="0 0 186 62"' in shown
    assert '<svg x="62" y="6" width="62" height="50" viewBox="1994 150 62 50">' in shown


def test_the_form_saves_without_javascript(desk: Client, archivist: User) -> None:
    page = make_page(make_item(), "福健", "宁夏")

    answer = desk.post(address(page), form(page, "福建", "宁夏", note="照原件"))

    assert answer["Location"] == address(page)
    assert (current(page).text, current(page).made_by, current(page).note) == ("福建\n宁夏", archivist, "照原件")


def test_checked_leads_to_the_next_page_of_the_selection(desk: Client) -> None:
    unit = make_item()
    page, following = make_page(unit, "福健"), make_page(unit, "宁夏")
    query = f"?unit={unit.reference_code}&order=pages"

    answer = desk.post(address(page) + query, form(page, "福建", order="checked"))
    last = desk.post(address(following) + query, form(following, "宁夏", order="checked"))

    assert answer["Location"] == address(following) + query
    assert current(page).quality == PageText.Quality.CHECKED
    assert last["Location"] == QUEUE + query


def test_saving_by_script_answers_with_what_was_saved(desk: Client) -> None:
    page = make_page(make_item(), "福健", "宁夏")

    saved = desk.post(address(page), form(page, "福建", "宁夏"), headers=JSON).json()

    assert saved["text"] == current(page).pk
    assert saved["lines"] == [{"text": "福建", "doubts": ""}, {"text": "宁夏", "doubts": ""}]
    assert (saved["next"], saved["refusal"]) == ("", "")


def test_who_corrected_a_text_is_told_that_a_colleague_proofreads_it(desk: Client, archivist: User) -> None:
    page = make_page(make_item(), "福健")
    text = proofreading.correct(current(page), [Edit("福建", (0,))], by=archivist)
    proofreading.set_quality(text, PageText.Quality.CHECKED, by=archivist)

    sent = form(page, "福建", order="proofread") | {"text_key": text.pk}
    answer = desk.post(address(page), sent, headers=JSON).json()

    assert answer["refusal"] and answer["next"] == ""
    assert current(page).quality == PageText.Quality.CHECKED


def test_a_reviewer_proofreads_what_an_archivist_has_checked(client: Client, archivist: User, reviewer: User) -> None:
    page = make_page(make_item(), "福健")
    text = proofreading.correct(current(page), [Edit("福建", (0,))], by=archivist)
    proofreading.set_quality(text, PageText.Quality.CHECKED, by=archivist)
    client.force_login(reviewer)

    shown = client.get(address(page)).content.decode()
    client.post(address(page), form(page, "福建", order="proofread") | {"text_key": text.pk})

    assert 'value="proofread"' in shown
    assert current(page).quality == PageText.Quality.PROOFREAD


def test_a_conflict_shows_both_texts_and_keeps_what_was_typed(desk: Client, reviewer: User) -> None:
    page = make_page(make_item(), "福健", "宁厦")
    theirs = proofreading.correct(current(page), [Edit("福建", (0,)), Edit("宁厦", (1,))], by=reviewer)

    answer = desk.post(address(page), form(page, "福健", "宁夏"))
    shown = answer.content.decode()

    assert answer.status_code == 409
    assert reviewer.get_username() in shown
    assert 'value="宁夏"' in shown and f'name="seen" value="{theirs.pk}"' in shown
    assert "<del>" in shown
    assert current(page) == theirs

    again = desk.post(address(page), form(page, "福建", "宁夏", seen=theirs.pk))

    assert again.status_code == 302
    assert current(page).text == "福建\n宁夏"


@pytest.mark.parametrize(
    ("order", "texts"),
    [
        ("join:1", ["甲乙", "丙"]),
        ("up:2", ["乙", "甲", "丙"]),
        ("down:1", ["乙", "甲", "丙"]),
        ("insert:1", ["甲", "", "乙", "丙"]),
        ("remove:2", ["甲", "丙"]),
        ("up:1", ["甲", "乙", "丙"]),
    ],
)
def test_lines_are_rearranged_without_javascript_and_not_saved_yet(desk: Client, order: str, texts: list[str]) -> None:
    page = make_page(make_item(), "甲", "乙", "丙")

    answer = desk.post(address(page), form(page, "甲", "乙", "丙", order=order))

    assert [line.text for line in answer.context["lines"]] == texts
    assert PageText.objects.count() == 1


def test_rearranged_lines_are_saved_with_their_boxes(desk: Client) -> None:
    page = make_page(make_item(), "甲", "乙", "丙")

    desk.post(address(page), form(page, "丙", "甲乙", origins=["2", "0 1"]))

    assert [line.box for line in current(page).text_lines()] == [Box(100, 260, 50, 50), Box(100, 100, 50, 130)]


@pytest.mark.parametrize("broken", [{"origins": ["9", "0"]}, {"origins": ["x", "1"]}, {"origins": ["0"]}])
def test_a_form_that_is_not_ours_is_refused(desk: Client, broken: dict[str, Any]) -> None:
    page = make_page(make_item(), "甲", "乙")

    assert desk.post(address(page), form(page, "甲", "乙") | broken).status_code == 400
    assert desk.post(address(page), form(page, "甲", "乙") | {"text_key": "1e9"}).status_code == 404


def test_history_shows_differences_and_goes_back(desk: Client, archivist: User) -> None:
    page = make_page(make_item(), "福建")
    first = current(page)
    wrong = proofreading.correct(first, [Edit("福健", (0,))], by=archivist)

    shown = desk.get(reverse("workbench:text_history", args=[page.pk])).content.decode()
    answer = desk.post(reverse("workbench:restore_text", args=[first.pk]), {"seen": wrong.pk})

    assert "建</del>" in shown and "健</ins>" in shown and archivist.get_username() in shown
    assert answer["Location"] == reverse("workbench:text_history", args=[page.pk])
    assert current(page).text == "福建"


def test_history_costs_the_same_for_few_texts_and_many(
    desk: Client, archivist: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page = make_page(make_item(), "福建")
    for number in range(6):
        proofreading.correct(current(page), [Edit(f"福建{number}", (0,))], by=archivist)
    desk.get(QUEUE)  # what is kept between requests is there

    with django_assert_num_queries(4):
        desk.get(reverse("workbench:text_history", args=[page.pk]))


def test_words_are_replaced_in_chosen_places_and_taken_back(desk: Client) -> None:
    unit = make_item()
    first, second = make_page(unit, "福健省"), make_page(unit, "福健和福健")
    place = reverse("workbench:replace_text")
    asked = {"unit": unit.reference_code, "find": "福健", "by": "福建"}

    preview = desk.get(place, asked).content.decode()
    spots = [f"{current(first).pk}.0.0", f"{current(second).pk}.0.3"]
    answer = desk.post(place, {**asked, "spot": spots})
    replaced = desk.get(answer["Location"]).content.decode()

    assert preview.count('name="spot"') == 3
    assert (current(first).text, current(second).text) == ("福建省", "福健和福建")
    assert replaced.count("<del>") == 2

    desk.post(answer["Location"])

    assert (current(first).text, current(second).text) == ("福健省", "福健和福健")
    assert desk.post(place, {**asked, "spot": ["x"]}).status_code == 400
    assert desk.post(place, asked).status_code == 400


def test_accuracy_is_shown_and_exported(desk: Client, archivist: User, reviewer: User) -> None:
    page = make_page(make_item(), "福健省宁夏")
    text = proofreading.correct(current(page), [Edit("福建省宁夏", (0,))], by=archivist)
    text = proofreading.set_quality(text, PageText.Quality.CHECKED, by=archivist)
    proofreading.set_quality(text, PageText.Quality.PROOFREAD, by=reviewer)
    make_page(page.unit, "另一页")

    shown = desk.get(reverse("workbench:text_accuracy"), {"size": "5", "seed": "1996"}).content.decode()
    table = desk.get(reverse("workbench:text_accuracy_table"))

    assert "20.00 %" in shown and "另一页" not in shown
    assert "第 2 页" in shown
    rows = table.content.decode("utf-8-sig").splitlines()
    assert rows[1].endswith(",1,5,1,20.00") and len(rows) == 3
    assert table["Content-Disposition"].endswith('.csv"')


def test_who_sees_what_is_masked_is_written_down(desk: Client, archivist: User) -> None:
    page = make_page(make_item(), "联系电话13800138000")
    Page.objects.update(is_masked=True)

    desk.get(address(page))
    desk.get(reverse("workbench:text_history", args=[page.pk]))

    event = AuditEvent.objects.get(action="view unmasked")
    assert (event.actor, event.object_key, event.after) == (archivist, str(page.pk), {"purpose": "proofreading"})


def test_the_desk_is_closed_to_others(client: Client) -> None:
    page = make_page(make_item(), "福建")
    places = [
        QUEUE,
        address(page),
        reverse("workbench:text_history", args=[page.pk]),
        reverse("workbench:text_accuracy"),
    ]

    anonymous = {client.get(place).status_code for place in places}
    client.force_login(make_user(Role.AUDITOR))
    auditor = {client.get(place).status_code for place in places}

    assert (anonymous, auditor) == ({302}, {403})


def test_pages_that_are_not_there_are_not_found(desk: Client) -> None:
    unread = make_page(make_item(), lines=[])

    assert desk.get(address(unread)).status_code == 404
    assert desk.get(reverse("workbench:proofread", args=[999_999])).status_code == 404
    assert desk.post(reverse("workbench:restore_text", args=[999_999]), {"seen": "1"}).status_code == 404
    assert desk.get(reverse("workbench:replace_text"), {"unit": "没有"}).status_code == 404


def test_a_replacement_does_not_show_what_is_in_quarantine(desk: Client, archivist: User) -> None:
    unit = make_item()
    locked = make_page(unit, "福健绝密")
    make_page(unit, "福健公开")
    done = proofreading.replace(unit, "福健", "福建", by=archivist)
    DigitalObject.objects.filter(pk=locked.digital_object_id).update(quarantined_at=timezone.now())

    shown = desk.get(reverse("workbench:replaced_text", args=[done.key])).content.decode()

    assert "公开" in shown and "绝密" not in shown

"""The search as it is used: suggestions by keyboard and with an input method, filters, narrow screens."""

import re

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from search import indexing
from tests.browser.test_portal import sideways
from tests.makers import make_fact, make_item, make_page, make_place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_places() -> None:
    for name in ("闽宁镇", "闽宁镇镇史馆", "闽侯县"):
        make_place(name)
    indexing.drain()


def test_suggestions_are_chosen_by_keyboard_and_announced(desktop: Tab) -> None:
    make_places()
    desktop.goto("/search/")
    box = desktop.get_by_role("combobox")

    box.press_sequentially("闽宁")
    options = desktop.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(2)
    expect(desktop.locator(".search-box [role=status]")).to_contain_text("2")
    box.press("ArrowDown")

    assert box.get_attribute("aria-expanded") == "true"
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    expect(options.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    desktop.wait_for_url(re.compile(r"/search/\?q="))
    assert desktop.get_by_role("combobox").input_value().startswith("闽宁镇")


def test_escape_closes_the_list_and_gives_back_what_was_typed(desktop: Tab) -> None:
    make_places()
    desktop.goto("/search/")
    box = desktop.get_by_role("combobox")

    box.press_sequentially("闽宁")
    expect(desktop.get_by_role("option")).to_have_count(2)
    box.press("ArrowDown")
    box.press("Escape")

    assert box.input_value() == "闽宁"
    assert box.get_attribute("aria-expanded") == "false"
    expect(desktop.get_by_role("listbox")).to_have_count(0)


def test_nothing_is_asked_or_sent_while_an_input_method_composes(desktop: Tab) -> None:
    make_places()
    desktop.goto("/search/")
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url) if "suggest" in request.url else None)
    box = desktop.get_by_role("combobox")
    box.focus()

    box.dispatch_event("compositionstart")
    box.evaluate("box => { box.value = 'minning'; box.dispatchEvent(new InputEvent('input', {isComposing: true})); }")
    box.press("Enter")
    desktop.wait_for_timeout(400)
    during = (list(asked), desktop.url)
    box.evaluate("box => { box.value = '闽宁'; box.dispatchEvent(new CompositionEvent('compositionend')); }")
    expect(desktop.get_by_role("option")).to_have_count(2)

    assert during[0] == []
    assert during[1].endswith("/search/")


def test_without_scripts_the_box_is_a_plain_form(narrow: Tab) -> None:
    make_places()
    narrow.goto("/")

    narrow.locator("#home-q").fill("闽宁镇")
    narrow.locator(".search-box button").click()

    assert "/search/?q=" in narrow.url
    assert narrow.locator(".record-item").count() >= 1


def test_pages_of_the_search_fit_the_narrowest_screen(narrow: Tab) -> None:
    item = make_item("菌草样张")
    for _number in range(5):
        make_page(item, "菌草技术")
    for year in range(1990, 2024):
        make_fact("菌草", date=str(year))
    indexing.drain()
    hits = f"{item.record.get_absolute_url()}/hits/?q=菌草"
    addresses = ["/search/?q=菌草&year=1996&kind=event", "/search/advanced/?q=菌草", "/searches/", hits]

    wide = {}
    for address in addresses:
        narrow.goto(address)
        wide[address] = sideways(narrow)

    assert set(wide.values()) == {0}


def test_a_search_is_saved_removed_and_taken_back(desktop: Tab) -> None:
    make_fact("菌草")
    indexing.drain()
    desktop.goto("/search/?q=菌草")

    desktop.locator(".list-ways .menu > summary").first.click()
    desktop.locator("#save-name").fill("我的菌草")
    desktop.locator("#save-name").press("Enter")
    desktop.locator("form[action$='/remove/'] button").click()
    expect(desktop.locator(".saved")).to_have_count(0)
    desktop.locator("form[action$='/take-back/'] button").click()

    expect(desktop.locator(".saved__name")).to_have_text("我的菌草")


def test_suggestions_of_the_front_page_are_not_cut_off(desktop: Tab) -> None:
    make_places()
    desktop.goto("/")

    desktop.get_by_role("combobox").press_sequentially("闽宁")
    options = desktop.get_by_role("listbox").get_by_role("option")
    expect(options).to_have_count(2)
    hero = desktop.locator(".hero").evaluate("hero => getComputedStyle(hero).overflowY")

    assert hero == "visible"


def test_a_chosen_filter_keeps_the_keyboard_where_it_was(desktop: Tab) -> None:
    make_fact("菌草")
    indexing.drain()
    desktop.goto("/search/?q=菌草")

    box = desktop.locator(".facet__value input").first
    name = box.get_attribute("id")
    box.focus()
    desktop.keyboard.press("Space")
    expect(desktop.locator(".filter")).to_have_count(1)

    assert name
    assert desktop.evaluate("document.activeElement.id") == name

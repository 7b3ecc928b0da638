"""The map, its list and its filters over published files of known content."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import h3
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import fixture
from tests.browser.visit import DESKTOP, PHONE, Visitor, pixels, settled

WARSAW_NEAR = "#/map?at=14/52.2298/21.0118"
LEAD = ".panel-body .lead"


def number_in(text: str) -> int:
    """The first number of a Polish sentence, without its spaces."""
    found = re.search(r"\d[\d\s\u00a0\u202f]*", text)
    assert found is not None
    return int(re.sub(r"\D", "", found.group()))


def lead(page: Page) -> int:
    return number_in(page.inner_text(LEAD))


def test_hexagons_are_really_drawn(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    settled(page)
    # Hexagons are laid on the land at 78 %, so their own colours mix with it: land must have given way.
    land = pixels(page, "own-land", 0)
    page.goto(f"{site}/#/map?category=none_such")
    expect(page.locator(LEAD)).to_contain_text("nie ma zgłoszeń")
    settled(page)
    assert pixels(page, "own-land", 0) - land > 20_000


@pytest.mark.parametrize("status", sorted(fixture.STATUSES))
def test_points_of_every_status_are_really_drawn(visitor: Visitor, site: str, status: str) -> None:
    page = visitor.open(f"{site}/{WARSAW_NEAR.replace('14/', '13/')}&status={status}")
    settled(page)
    assert pixels(page, f"status-{status}") > 200
    others = {"status-new", "status-confirmed", "status-verifying"} - {f"status-{status}"}
    assert all(pixels(page, other) == 0 for other in others)


def test_the_sentence_counts_every_report_of_the_country(visitor: Visitor, site: str) -> None:
    assert lead(visitor.open(site)) == len(fixture.reports())


def test_a_shorter_window_counts_less_and_stands_in_the_address(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    page.click("text=Filtry")
    page.click("label:has-text('Ostatnie 28 dni')")
    page.click("button:has-text('Pokaż')")
    assert "window=28d" in page.url
    since = fixture.DAY - timedelta(days=28)
    assert lead(page) == sum(report.day > since for report in fixture.reports())


def test_a_shared_address_shows_the_same(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    page.click("text=Filtry")
    page.click("label.check:has-text('Dzikie wysypiska')")
    page.click("button:has-text('Pokaż')")
    expected = sum(report.category == "illegal_dump" for report in fixture.reports())
    assert lead(page) == expected
    assert "category=illegal_dump" in unquote(page.url)
    assert lead(visitor.open(page.url)) == expected


def test_a_chip_takes_its_filter_away(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}/#/map?category=illegal_dump")
    page.click(".chip:has-text('Dzikie wysypiska')")
    expect(page.locator(LEAD)).to_contain_text("zgłosze")
    assert "category" not in page.url
    assert lead(page) == len(fixture.reports())


def test_the_list_names_places_and_never_ids(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    text = page.inner_text(".panel-body")
    assert "okolice: Warszawa" in text
    assert not re.search(r"\b8[0-9a-f]{14}\b", text)


def test_a_click_on_a_hexagon_opens_its_story_in_words(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}/#/map?at=6/53.1781/22.0594")
    cell = h3.latlng_to_cell(53.1781, 22.0594, 5)
    expected = sum(h3.cell_to_parent(report.cell, 5) == cell for report in fixture.reports())
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".detail h1")).to_have_text("okolice: Łomża")
    assert number_in(page.inner_text(".figures p:first-child")) == expected
    assert f"show={cell}" in page.url
    page.go_back()
    expect(page.locator(".detail")).to_have_count(0)


def test_a_report_in_the_list_opens_with_status_place_and_day(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}/{WARSAW_NEAR}")
    page.click(".listing >> nth=0 >> .item >> nth=0")
    detail = page.locator(".detail")
    expect(detail.locator(".badge")).to_be_visible()
    expect(detail).to_contain_text("2026")
    expect(detail).to_contain_text("okolice: Warszawa")


def test_when_the_police_checked_is_said_on_asking(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}/{WARSAW_NEAR}&status=unconfirmed")
    body = {"checked": [{"day": "2026-11-20", "part": "evening"}], "recheck_day": "2026-11-27"}
    page.route("**/v1/reports/*", lambda route: route.fulfill(json=body))
    page.click(".listing >> nth=0 >> .item >> nth=0")
    page.get_by_role("button", name="Kiedy policja sprawdzała?").click()
    detail = page.locator(".detail")
    expect(detail).to_contain_text("Sprawdzono: 20 listopada 2026, wieczorem (18–22).")
    expect(detail).to_contain_text("Policja sprawdzi jeszcze raz do: 27 listopada 2026.")


def test_the_search_ignores_diacritics_and_goes_there(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    page.fill("#search input", "lomza")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".panel-body")).to_contain_text("okolice: Łomża")
    assert "/53.17" in page.url


def test_the_map_moves_by_keyboard_alone(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    before = page.url
    page.focus("#map")
    page.keyboard.press("+")
    page.wait_for_url(lambda url: url != before)
    nearer = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != nearer)


def test_no_map_yet_is_said_in_words(visitor: Visitor, empty_site: str) -> None:
    visitor.allow("/data/manifest.json", "status of 404")
    page = visitor.open(empty_site)
    expect(page.locator(".notice")).to_contain_text("Tu jeszcze nic nie ma")
    expect(page.locator(".panel-foot a")).to_have_text("Zgłoś zagrożenie")


def test_a_failed_map_says_what_still_works_and_comes_back(visitor: Visitor, site: str) -> None:
    visitor.allow("/data/manifest.json", "status of 503")
    page = visitor.page(site)
    page.route("**/data/manifest.json", lambda route: route.fulfill(status=503))
    page.goto(site)
    expect(page.locator(".notice")).to_contain_text("Zgłaszanie działa mimo to")
    page.unroute("**/data/manifest.json")
    page.click("text=Spróbuj ponownie")
    expect(page.locator(LEAD)).to_contain_text("zgłosze")


def test_a_module_that_was_tampered_with_is_refused(visitor: Visitor, site: str) -> None:
    visitor.allow("digest", "Failed to fetch dynamically imported module")
    page = visitor.page(site)

    def tampered(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + "\ndocument.title = 'stolen';")

    page.route("**/v/*/h3.js", tampered)
    with page.expect_console_message(lambda said: "digest" in said.text or "integrity" in said.text):
        page.goto(site)
    expect(page.locator(".panel-foot a")).to_be_visible()
    assert page.title() != "stolen"
    assert page.locator("body[data-ready]").count() == 0


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_only_published_files_are_asked_for(
    visitor: Visitor, site: str, published: Path, size: tuple[int, int]
) -> None:
    page = visitor.open(site, size, touch=size == PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    for zoom in (7, 9, 11, 13, 15):
        page.goto(f"{site}/#/map?at={zoom}/52.2298/21.0118")
        expect(page.locator(LEAD)).to_contain_text("zgłosze")
        page.wait_for_load_state("networkidle")
    files = [path for path in asked if path.startswith("/data/")]
    assert len(files) > 10
    assert all((published / path.removeprefix("/")).is_file() for path in files)
    assert not any(path.startswith("/v1/") for path in asked)


def test_a_filter_keeps_the_focus_where_it_was_set(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    page.click("text=Filtry")
    box = page.locator("label.check:has-text('Dzikie wysypiska') input")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    page.click("button:has-text('Wyczyść')")
    expect(box).not_to_be_checked()
    page.click("button:has-text('Pokaż')")
    assert lead(page) == len(fixture.reports())


def clusters(column: str) -> int:
    """Cells of the first view's resolution that are more than chance would give."""
    return sum(sure > 0 for file in fixture.cell_files(fixture.reports(), 5).values() for sure in file[column])


def test_what_the_map_shows_is_said_in_words_and_again_when_it_changes(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    assert f"W {clusters('hot365')} miejscach jest ich więcej, niż dałby przypadek" in page.inner_text(LEAD)
    announcer = page.locator("#announcer")
    page.wait_for_timeout(1200)
    expect(announcer).to_have_text("")
    page.click("text=Filtry")
    page.click("label:has-text('Ostatnie 28 dni')")
    expect(announcer).to_contain_text("w ciągu 28 dni")
    expect(announcer).to_contain_text(f"W {clusters('hot28')} miejscach")
    page.click("label.check:has-text('Dzikie wysypiska')")
    expect(announcer).not_to_contain_text("niż dałby przypadek")
    expect(announcer).to_contain_text("Najwięcej w okolicy")

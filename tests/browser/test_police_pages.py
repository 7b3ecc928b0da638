"""The console's pages about a unit: settings, figures, plan of patrols; and whom a case is passed on to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import TypeAdapter

from chalicelib.http.police import case_shapes, plan_shapes, stats_shapes, unit_shapes
from tests.browser import police_figures
from tests.browser.police_answers import Desk, case, row
from tests.browser.police_figures import ANSWERS
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import DESKTOP, PHONE, Scheme, Visitor

VIEWS = {"unit": "#/unit", "figures": "#/figures", "behind": "#/behind?key=speeding", "plan": "#/plan"}
CONFIRMED = f"{3:032x}"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def coordinator(visitor: Visitor, site: str, desk: Desk) -> Page:
    """A coordinator in front of the queue."""
    visitor.allow("409", "422")
    page = visitor.page(site, DESKTOP)
    desk.open(page, site)
    return page


def go(page: Page, fragment: str) -> None:
    """Go to a view and wait until it is drawn."""
    page.evaluate("(to) => { location.hash = to }", fragment)
    page.wait_for_selector(f"body[data-drawn='{fragment.removeprefix('#/').split('?')[0].split('/')[0]}']")


def test_the_navigation_shows_what_the_role_may_do(visitor: Visitor, site: str, desk: Desk) -> None:
    desk.leads = False
    page = visitor.page(site, DESKTOP)
    desk.open(page, site)
    assert page.locator("#nav a").all_inner_texts() == ["Sprawy", "Plan patroli", "Liczby", "Klawisze"]
    desk.leads = True
    page.reload()
    expect(page.locator("#nav a[href='#/unit']")).to_be_visible()


def test_settings_are_saved_and_what_is_wrong_is_said_beside_the_address(coordinator: Page, desk: Desk) -> None:
    go(coordinator, "#/unit")
    expect(coordinator.locator(".flags")).to_contain_text("dyzurny@police.example")
    coordinator.get_by_role("button", name="Dodaj adres").first.click()
    coordinator.keyboard.type("bez małpy")
    coordinator.get_by_role("button", name="Zapisz").click()
    expect(coordinator.locator(".problem")).to_contain_text("bez małpy: To nie jest adres.")
    expect(coordinator.locator("input[aria-invalid]")).to_have_value("bez małpy")
    coordinator.locator("input[aria-invalid]").fill("zastepca@police.example")
    coordinator.get_by_role("button", name="Zapisz").click()
    expect(coordinator.locator(".said")).to_contain_text("zapisane")
    expect(coordinator.locator(".flags")).to_have_count(0)
    assert desk.settings["addresses"][2:] == ["zastepca@police.example"]
    assert desk.put[-1]["version"] == 4


def test_settings_that_somebody_else_has_saved_are_shown_beside_ones_own(coordinator: Page, desk: Desk) -> None:
    go(coordinator, "#/unit")
    desk.settings = {**desk.settings, "version": 5, "budget": {"mails_per_hour": 3}}
    coordinator.fill("#budget", "7")
    coordinator.get_by_role("button", name="Zapisz").click()
    both = coordinator.locator(".conflict .both > div")
    expect(both.nth(0)).to_contain_text("7")
    expect(both.nth(1)).to_contain_text("3")
    assert desk.settings["version"] == 5
    coordinator.get_by_role("button", name="Zapisz moje").click()
    expect(coordinator.locator(".said")).to_be_visible()
    assert (desk.settings["budget"], desk.put[-1]["version"]) == ({"mails_per_hour": 7}, 5)


def test_a_test_mail_says_whom_it_has_reached(coordinator: Page) -> None:
    go(coordinator, "#/unit")
    coordinator.get_by_role("button", name="Wyślij e-mail próbny").click()
    said = coordinator.locator(".part [role=status]")
    expect(said).to_contain_text("Wysłano na: dzielnicowi@police.example.")
    expect(said).to_contain_text("nie przyjmują poczty: dyzurny@police.example.")


def test_a_number_leads_to_its_reports_and_the_sheet_comes_with_the_token(coordinator: Page, desk: Desk) -> None:
    go(coordinator, "#/figures")
    expect(coordinator.locator(".tile").first).to_contain_text("Więcej niż przedtem: +32%")
    expect(coordinator.locator(".paces")).to_contain_text("Połowa w czasie do: 6 godz.")
    with coordinator.expect_download() as download:
        coordinator.get_by_role("button", name="Pobierz CSV").click()
    assert download.value.suggested_filename == "figures-2026-10-26-2026-11-22-category.csv"
    assert desk.sheets == [("stats", "text/csv")]
    coordinator.locator(".numbers a").first.click()
    coordinator.wait_for_selector("body[data-drawn='behind']")
    assert "key=speeding" in coordinator.url
    expect(coordinator.locator(".behind a")).to_have_count(2)


def test_a_period_and_its_rows_stand_in_the_address(coordinator: Page) -> None:
    go(coordinator, "#/figures")
    coordinator.select_option("#figures-by", "powiat")
    coordinator.wait_for_function("location.hash.includes('by=powiat')")
    coordinator.fill("#figures-from", "2026-11-01")
    coordinator.get_by_role("button", name="Pokaż", exact=True).click()
    coordinator.wait_for_function("location.hash.includes('from=2026-11-01')")


def test_the_plan_ranks_places_shows_them_and_prints(coordinator: Page, desk: Desk) -> None:
    go(coordinator, "#/plan")
    expect(coordinator.locator(".plan-row")).to_have_count(4)
    expect(coordinator.locator(".plan-row").first).to_contain_text("spodziewane: 3,4")
    expect(coordinator.locator(".plan-place").first).to_have_text("Piątnica 53.1780, 22.0600 · KMP Łomża")
    # Two times of one place are one marker.
    expect(coordinator.locator(".plan-marker")).to_have_count(3)
    coordinator.locator(".plan-marker").first.click()
    expect(coordinator.locator(".plan-row:focus")).to_have_count(1)
    coordinator.locator(".plan-row summary").first.click()
    expect(coordinator.locator(".plan-row").first.locator("a")).to_have_count(12)
    expect(coordinator.locator(".plan-reports").first).to_contain_text("i jeszcze 51")
    coordinator.get_by_role("link", name="Wersja do druku").click()
    expect(coordinator.locator(".card-sheet h1")).to_have_text("Plan")
    assert desk.sheets == [("patrol-plan", "text/html")]


RECORDED = {
    "the plan": (plan_shapes.Plan, ANSWERS["patrol-plan"]),
    "figures": (stats_shapes.Stats, ANSWERS["stats"]),
    "settings": (unit_shapes.UnitSettingsNow, police_figures.settings()),
    "a case": (case_shapes.PoliceCase, case(row(1))),
}


@pytest.mark.parametrize("what", RECORDED)
def test_what_is_recorded_has_the_shape_that_the_interface_gives(what: str) -> None:
    shape, recorded = RECORDED[what]
    TypeAdapter(shape).validate_json(json.dumps(recorded), strict=True)


def test_a_row_of_the_plan_says_why_it_is_there(coordinator: Page) -> None:
    go(coordinator, "#/plan")
    assert coordinator.locator(".plan-why").first.locator("li").all_inner_texts() == [
        "63 zgłoszenia w ciągu 364 dni",
        "w ostatnich 28 dniach: 9",
        "przybywa: w ostatnich 28 dniach 9, w poprzednich 28 dniach 4",
        "właśnie ten dzień tygodnia i ta pora: 22 z 80 wskazań",
        "ta pora w dowolnym dniu: 41 z 80 wskazań",
        "2 sprawy jeszcze otwarte",
    ]


def test_a_week_without_a_plan_says_so_and_leads_to_its_neighbours(
    coordinator: Page, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.allow("404")
    monkeypatch.delitem(ANSWERS, "patrol-plan")
    go(coordinator, "#/plan/2027-W01")
    expect(coordinator.locator(".notice h2")).to_have_text("Na ten tydzień nie ma planu")
    expect(coordinator.locator(".lead")).to_have_text("od 4 stycznia 2027 do 10 stycznia 2027")
    link = coordinator.get_by_role("link", name="Poprzedni tydzień")
    expect(link).to_have_attribute("href", "#/plan/2026-W53")


@pytest.mark.parametrize(("monday", "following"), [("2026-12-21", "2026-W53"), ("2026-12-28", "2027-W01")])
def test_weeks_follow_each_other_over_the_end_of_a_year(
    coordinator: Page, monkeypatch: pytest.MonkeyPatch, monday: str, following: str
) -> None:
    monkeypatch.setitem(ANSWERS["patrol-plan"], "from", monday)
    go(coordinator, "#/plan")
    link = coordinator.get_by_role("link", name="Następny tydzień")
    expect(link).to_have_attribute("href", f"#/plan/{following}")


@pytest.mark.parametrize("whom", ["Zarząd Dróg", "Inna instytucja"])
def test_a_case_is_passed_on_to_a_partner_or_to_another_body(coordinator: Page, desk: Desk, whom: str) -> None:
    coordinator.evaluate("(to) => { location.hash = to }", f"#/case/{CONFIRMED}")
    coordinator.click("[data-act=passed_on]")
    expect(coordinator.locator("#addressee")).to_be_hidden()
    coordinator.click("dialog [type=submit]")
    expect(coordinator.locator("dialog .problem")).to_be_visible()
    coordinator.get_by_label(whom).check()
    partner = whom == "Zarząd Dróg"
    coordinator.fill("#brief" if partner else "#addressee", "Gmina Łomża")
    coordinator.click("dialog [type=submit]")
    coordinator.wait_for_selector(".said")
    wanted = {"partner": "ZDW-OLSZTYN", "note": "Gmina Łomża"} if partner else {"name": "Gmina Łomża"}
    assert desk.posted[0]["addressee"] == wanted


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE, (320, 640)], ids=["desk", "phone", "narrow"])
def test_no_page_is_inaccessible_too_small_or_too_wide(
    visitor: Visitor, site: str, desk: Desk, artifacts: Path, scheme: Scheme, size: tuple[int, int]
) -> None:
    page = visitor.page(site, size, scheme, touch=size == PHONE)
    desk.open(page, site)
    for name, view in VIEWS.items():
        go(page, view)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=artifacts / f"police-{name}-{size[0]}-{scheme}.png", full_page=True)
        assert (view, axe(page)) == (view, [])
        assert (view, page.evaluate(OVERFLOW)) == (view, 0)
        assert (view, page.evaluate(TARGETS % (SMALLEST, SMALLEST))) == (view, [])

"""The police console against recorded answers: keyboard, offline and conflict, phone, accessibility in both themes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.police_answers import NOW, Desk, token
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import DESKTOP, PHONE, Scheme, Visitor
from tests.support.ahead import ZONE

FIRST = f"{0:032x}"
SECOND = f"{1:032x}"
KEPT = "() => JSON.stringify({ ...localStorage })"


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def officer(visitor: Visitor, site: str, desk: Desk) -> Page:
    """An officer at the desk, in front of the queue."""
    # A network that fails and a conflict are what some of these tests are about.
    visitor.allow("ERR_INTERNET_DISCONNECTED", "409")
    page = visitor.page(site, DESKTOP)
    desk.open(page, site)
    return page


def test_V01_a_case_goes_from_the_list_to_its_verdict_by_keyboard_alone(officer: Page, desk: Desk) -> None:
    officer.keyboard.press("j")
    expect(officer.locator(".row-link:focus")).to_have_count(1)
    officer.keyboard.press("Enter")
    officer.wait_for_selector("article.case[data-status='new']")
    expect(officer.locator("#case-title")).to_be_focused()
    officer.keyboard.press("1")
    expect(officer.locator("dialog[open]")).to_be_visible()
    officer.locator("dialog [type=submit]").focus()
    officer.keyboard.press("Enter")
    officer.wait_for_selector("article.case[data-status='verifying']")
    expect(officer.locator(".said")).to_be_focused()
    officer.keyboard.press("1")
    officer.locator("dialog input[value=seen_at_check]").focus()
    officer.keyboard.press("Space")
    officer.locator("#public-note").focus()
    officer.keyboard.type("Patrol był na miejscu.")
    officer.locator("dialog [type=submit]").focus()
    officer.keyboard.press("Enter")
    officer.wait_for_selector("article.case[data-status='confirmed']")
    assert [(each["to"], each["reason"]) for each in desk.posted] == [
        ("verifying", "taken_up"),
        ("confirmed", "seen_at_check"),
    ]
    assert desk.posted[1]["public_note"] == "Patrol był na miejscu."
    officer.keyboard.press("u")
    officer.wait_for_selector("body[data-drawn='cases']")


def test_overdue_cases_come_first_and_say_so_in_words(officer: Page) -> None:
    dues = officer.locator(".due strong").all_inner_texts()
    assert [bool(re.match("po terminie", text)) for text in dues[:4]] == [True, True, True, False]
    expect(officer.locator(".late-count")).to_contain_text("po terminie")


def test_filters_stand_in_the_address(officer: Page) -> None:
    officer.select_option("#filter-status", "verifying")
    expect(officer.locator(".queue tbody tr")).to_have_count(3)
    assert officer.evaluate("location.hash") == "#/cases?status=verifying"
    officer.go_back()
    expect(officer.locator(".queue tbody tr")).to_have_count(9)


def test_many_new_cases_are_taken_up_at_once(officer: Page, desk: Desk) -> None:
    boxes = officer.locator(".row-choice")
    boxes.nth(0).check()
    boxes.nth(1).check()
    officer.click("#bulk-take-up")
    expect(officer.locator(".row-choice")).to_have_count(3)
    assert len(desk.posted[0]["ids"]) == len(desk.posted[0]["versions"]) == 2


def test_whoever_saw_nothing_says_when_they_looked(officer: Page, desk: Desk) -> None:
    officer.goto(officer.url.split("#")[0] + f"#/case/{SECOND}")
    officer.click("[data-act=unconfirmed]")
    officer.check("dialog input[value=not_present]")
    officer.click("dialog [type=submit]")
    expect(officer.locator("dialog .problem")).to_contain_text("kiedy")
    officer.locator("[data-window]").first.check()
    officer.click("dialog [type=submit]")
    officer.wait_for_selector(".said")
    assert len(desk.posted[0]["checked"]) == 1


def test_a_look_after_midnight_counts_for_the_night_that_began_the_day_before(officer: Page, desk: Desk) -> None:
    before = NOW.astimezone(ZONE) - timedelta(days=1)
    desk.rows[SECOND]["created_at"] = before.replace(hour=0, minute=30).isoformat()
    officer.clock.set_fixed_time(before.replace(hour=2, minute=30))
    officer.goto(officer.url.split("#")[0] + f"#/case/{SECOND}")
    officer.click("[data-act=unconfirmed]")
    windows = [box.get_attribute("data-window") for box in officer.locator("[data-window]").all()]
    day = (before - timedelta(days=1)).date()
    assert windows == [f"{day}:{part}" for part in ("morning", "afternoon", "evening", "night")]


def test_a_deed_without_a_network_waits_and_goes_out_once_with_its_key(officer: Page, desk: Desk) -> None:
    officer.goto(officer.url.split("#")[0] + f"#/case/{FIRST}")
    officer.wait_for_selector("article.case")
    desk.offline = True
    officer.click("[data-act=verifying]")
    officer.click("dialog [type=submit]")
    expect(officer.locator(".banner")).to_contain_text("czeka na wysłanie")
    officer.click("a.back")
    expect(officer.locator(f"tr[data-id='{FIRST}'] .waiting")).to_be_visible()
    assert desk.posted == []
    desk.offline = False
    officer.click(".banner button")
    expect(officer.locator(".banner .strip")).to_have_count(0)
    assert desk.rows[FIRST]["status"] == "verifying"
    assert [each["to"] for each in desk.posted] == ["verifying"]
    assert desk.posted[0]["key"] in desk.done


def test_a_conflict_shows_both_states_and_lets_the_officer_choose(officer: Page, desk: Desk) -> None:
    officer.goto(officer.url.split("#")[0] + f"#/case/{SECOND}")
    officer.wait_for_selector("article.case")
    desk.offline = True
    officer.click("[data-act=confirmed]")
    officer.check("dialog input[value=seen_at_check]")
    officer.click("dialog [type=submit]")
    officer.wait_for_selector(".banner .strip")
    desk.offline = False
    desk.move(SECOND, "confirmed")
    officer.click(".banner button")
    both = officer.locator(".conflict .both > div")
    expect(both.nth(0)).to_contain_text("Potwierdź")
    expect(both.nth(1)).to_contain_text("Potwierdzone")
    officer.click(".conflict button:has-text('Zostaw')")
    expect(officer.locator(".conflict")).to_have_count(0)
    officer.wait_for_selector("article.case[data-status='confirmed']")
    assert len(desk.posted) == 1


def test_no_word_of_a_report_is_kept_on_the_device_and_the_logout_wipes_the_rest(officer: Page) -> None:
    officer.goto(officer.url.split("#")[0] + f"#/case/{FIRST}")
    expect(officer.locator(".words").first).to_contain_text("przy szkole")
    kept = officer.evaluate(KEPT)
    assert "KMP" in kept
    assert "przy szkole" not in kept
    assert "wskazań" not in kept
    officer.click("#log-out")
    expect(officer.locator(".login [role=status]")).to_contain_text("Wylogowano")
    assert "police" not in officer.evaluate(KEPT)
    assert officer.evaluate("() => sessionStorage.length") == 0


def test_the_queue_is_there_without_a_network(officer: Page, desk: Desk) -> None:
    desk.offline = True
    officer.evaluate("location.hash = '#/cases?overdue=true'")
    expect(officer.locator(".queue tbody tr")).to_have_count(3)
    officer.locator(".row-link").first.click()
    expect(officer.locator(".case .allowance")).to_contain_text("Bez połączenia")


def test_the_token_leaves_the_address_bar(officer: Page) -> None:
    assert token().split(".")[0] not in officer.url


def test_a_mails_link_does_nothing_until_its_button_is_pressed_and_leaves_the_address(
    visitor: Visitor, site: str
) -> None:
    page, asked = visitor.page(site, PHONE), []
    linked = {
        "id": FIRST,
        "category": "speeding",
        "status": "new",
        "reason": None,
        "unit": {"code": "KMP-LOMZA", "name": "Komenda Miejska Policji w Łomży", "short": "KMP Łomża"},
        "area": "2062",
        "area_name": "Łomża",
        "created_at": "2026-11-20T10:00:00Z",
        "take_up_due_at": "2026-11-23T10:00:00Z",
        "may_take_up": True,
        "valid_until": "2026-11-27",
    }

    def answer(route: Route) -> None:
        asked.append((route.request.method, route.request.headers["take-up"]))
        route.fulfill(json=linked)

    page.route("**/v1/police/take-up-link", answer)
    page.goto(f"{site}/policja/#/przyjmij/signed")
    button = page.get_by_role("button", name="Przyjmij sprawę")
    expect(button).to_be_visible()
    assert asked == [("GET", "signed")]
    assert "signed" not in page.url
    button.click()
    expect(page.locator("h1")).to_have_text("Sprawa przyjęta")
    assert asked == [("GET", "signed"), ("POST", "signed")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE, (320, 640)], ids=["desk", "phone", "narrow"])
def test_nothing_is_inaccessible_too_small_or_too_wide(
    visitor: Visitor, site: str, desk: Desk, artifacts: Path, scheme: Scheme, size: tuple[int, int]
) -> None:
    page = visitor.page(site, size, scheme, touch=size == PHONE)
    desk.open(page, site)
    for view in ("#/cases", "#/cases?as=map", f"#/case/{SECOND}", "#/keys"):
        page.evaluate("(to) => { location.hash = to }", view)
        page.wait_for_selector(f"body[data-drawn='{view.removeprefix('#/').split('/')[0].split('?')[0]}']")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=artifacts / f"police-{re.sub('[^a-z]+', '-', view)}-{size[0]}-{scheme}.png")
        assert (view, axe(page)) == (view, [])
        assert (view, page.evaluate(OVERFLOW)) == (view, 0)
        assert (view, page.evaluate(TARGETS % (SMALLEST, SMALLEST))) == (view, [])
    page.evaluate("(to) => { location.hash = to }", f"#/case/{SECOND}")
    page.wait_for_selector("[data-act=unconfirmed]", state="attached")
    page.evaluate("() => document.querySelector('[data-act=unconfirmed]').click()")
    page.wait_for_selector("dialog[open]")
    page.screenshot(path=artifacts / f"police-dialog-{size[0]}-{scheme}.png")
    assert axe(page) == []

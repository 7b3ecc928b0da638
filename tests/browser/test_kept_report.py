"""A report that waits on the device: sent by itself only where the person wants it, once, and never losing a word."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.filing import TEXT, stored, title, to_details, to_summary
from tests.browser.test_report_photos import photo
from tests.browser.visit import PHONE, READY, Visitor, until
from tests.support.whole import Whole

OFFLINE = ("Failed to load resource", "net::ERR", "/v1/", "/data/manifest.json")
SEND = "text=Zachowaj i wyślij, gdy wróci połączenie"
KEEP = "text=Zachowaj na tym urządzeniu"
RECORD = """() => new Promise((done) => {
  const opening = indexedDB.open("czujka", 1);
  opening.onsuccess = () => {
    const asking = opening.result.transaction("kept").objectStore("kept").get(1);
    asking.onsuccess = () => { opening.result.close(); done(asking.result ?? null); };
  };
})"""
NO_STORE = """
Object.defineProperty(window, "indexedDB", { get: () => { throw new DOMException("no", "SecurityError"); } });
Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => undefined });
Object.defineProperty(window, "caches", { get: () => { throw new DOMException("no", "SecurityError"); } });
"""


class Api:
    """The API as pages meet it where there is no stack: down at first, then with one answer to a report."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.down = True
        self.status, self.body = 503, dict[str, Any]()
        self.sent: list[str] = []
        page.context.route("**/v1/**", self.answer)

    def answer(self, route: Route) -> None:
        path = route.request.url.partition("/v1/")[2]
        if self.down:
            route.abort("internetdisconnected")
            return
        self.sent.append(path)
        status, body = (
            (200, {"challenge": None, "may_report": True}) if path == "challenge" else (self.status, self.body)
        )
        route.fulfill(status=status, body=json.dumps(body), content_type="application/json")

    def back(self, status: int = 503, **body: object) -> None:
        """The connection returns, and reports get this answer."""
        self.down, self.status, self.body = False, status, body
        self.page.evaluate("() => dispatchEvent(new Event('online'))")


def refused_offline(page: Page) -> None:
    """Fill in the form and learn at its end that there is no connection."""
    to_summary(page)
    page.click(".panel-foot button")
    expect(page.locator(".problem:visible")).to_contain_text("Nie ma połączenia")


def kept_for(page: Page, button: str) -> None:
    refused_offline(page)
    page.click(button)
    expect(page.locator(".problem:visible")).to_contain_text("na 7 dni")


@pytest.fixture
def page(visitor: Visitor, site: str) -> Page:
    visitor.allow(*OFFLINE)
    return visitor.open(site, PHONE)


@pytest.fixture
def api(page: Page) -> Api:
    return Api(page)


def test_two_tabs_send_what_waits_once_and_both_know(
    visitor: Visitor, stack: Whole, origin: str, tmp_path: Path
) -> None:
    visitor.allow(*OFFLINE, f"asked another origin: {stack.running.endpoint}")
    page = visitor.open(origin)
    other = page.context.new_page()
    other.goto(origin)
    other.wait_for_selector(READY)
    page.bring_to_front()
    (tmp_path / "photo.jpg").write_bytes(photo())
    to_details(page)
    page.fill("#description", TEXT)
    page.set_input_files("input[type=file]", tmp_path / "photo.jpg")
    expect(page.locator(".photos li")).to_have_count(1)
    page.click(".panel-foot button")
    title(page, "Czy wszystko się zgadza?")
    page.context.set_offline(True)
    page.click(".panel-foot button")
    page.click(SEND)
    expect(page.locator(".problem:visible")).to_contain_text("na 7 dni")

    sent: list[str] = []
    page.context.on("request", lambda request: sent.append(f"{request.method} {request.url.partition('/v1/')[2]}"))
    page.context.set_offline(False)
    title(page, "Zgłoszenie przyjęte")
    receipt = page.inner_text("#receipt-code")
    other.goto(f"{origin}/#/kept")
    expect(other.locator("#kept-list")).to_contain_text("Kod wysłanego zgłoszenia")
    other.click("#kept-list >> text=Pokaż kod")
    expect(other.locator("#receipt-code")).to_have_text(receipt)
    until(lambda: bool(stored(stack, receipt)["photos"]))
    assert stored(stack, receipt)["category"] == "illegal_parking"
    until(lambda: other.evaluate(RECORD)["sent"][0]["photos"] == [])
    assert len(stored(stack, receipt)["photos"]) == 1
    assert sent.count("POST reports") == sent.count("POST receipt/uploads") == 1


def test_nothing_goes_without_the_persons_word_nor_after_a_change(page: Page, api: Api, site: str) -> None:
    kept_for(page, KEEP)
    assert page.evaluate(RECORD)["report"]["send"] is False
    page.reload()
    page.wait_for_selector("form .answers")
    page.click(".panel-foot button")
    page.click(SEND)
    expect(page.locator(".waiting")).to_contain_text("czeka na połączenie")
    page.goto(f"{site}/#/report/text")
    title(page, "Coś jeszcze?")
    assert page.evaluate(RECORD)["report"]["send"] is True
    page.fill("#description", "Inne słowa.")
    expect(page.locator(".waiting")).to_have_text("")
    assert page.evaluate(RECORD)["report"]["send"] is False
    api.back(201)
    page.goto(f"{site}/#/kept")
    expect(page.locator("#kept-list")).to_contain_text("Zachowane zgłoszenie")
    assert "reports" not in api.sent


def test_a_refusal_keeps_every_word_and_says_why(page: Page, api: Api, site: str) -> None:
    kept_for(page, SEND)
    page.goto(f"{site}/#/map")
    api.back(429, code="quota_used", resets_at="2026-11-24T00:00:00+01:00", detail="no")
    expect(page.locator(".waiting")).to_contain_text("Wszystko, co napisane, czeka")
    api.back(201)
    page.click(".waiting a")
    expect(page.locator("#kept-list")).to_contain_text("Następne możesz wysłać od: wt., 24 listopada 00:00")
    page.click("#kept-list >> text=Otwórz")
    expect(page.locator(".answers")).to_contain_text(TEXT)
    assert api.sent.count("reports") == 1


def test_a_service_that_is_down_is_asked_again_and_the_code_finds_its_reader(page: Page, api: Api, site: str) -> None:
    kept_for(page, SEND)
    with page.expect_response("**/v1/reports"):
        api.back()
    page.goto(f"{site}/#/kept")
    expect(page.locator("#kept-list")).to_contain_text("czeka na połączenie")
    answer = {"receipt": "AAAA-BBBB", "category": "illegal_parking", "created_at": "2026-11-22T10:00:00Z"}
    api.back(201, **answer)
    expect(page.locator("#kept-list")).to_contain_text("Kod wysłanego zgłoszenia")
    assert page.evaluate(RECORD)["report"] is None
    assert page.evaluate(RECORD)["sent"][0]["answer"] == answer
    assert api.sent.count("reports") == 2


def test_what_is_kept_ends_after_its_days(page: Page, api: Api, site: str) -> None:
    kept_for(page, SEND)
    left = page.evaluate(RECORD)["report"]["until"] - page.evaluate("() => Date.now()")
    assert 6.9 < left / 86_400_000 <= 7
    page.evaluate("() => sessionStorage.clear()")
    page.clock.set_fixed_time(page.evaluate(RECORD)["report"]["until"] + 60_000)
    page.goto(f"{site}/?later#/kept")
    expect(page.locator("#kept-list")).to_contain_text("Znak urządzenia")
    expect(page.locator("#kept-list")).not_to_contain_text("Zachowane zgłoszenie")
    assert "reports" not in api.sent


def test_all_that_is_kept_can_be_seen_and_deleted(visitor: Visitor, site: str, artifacts: Path) -> None:
    visitor.allow(*OFFLINE)
    page = visitor.page(site, PHONE, worker=True)
    page.goto(site)
    page.wait_for_selector(READY)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.evaluate("() => localStorage.setItem('theme', 'light')")
    Api(page)
    kept_for(page, KEEP)
    page.goto(f"{site}/#/kept")
    things = page.locator("#kept-list h2")
    expect(things).to_have_text(
        ["Zachowane zgłoszenie", "Ustawienia", "Strona i mapa na czas bez połączenia", "Znak urządzenia"]
    )
    page.screenshot(path=artifacts / "kept-phone-light.png", full_page=True)
    page.click("#kept-list button:has-text('Usuń') >> nth=0")
    assert page.evaluate(RECORD) is not None
    page.click("text=Usuń na zawsze")
    expect(things.first).to_have_text("Ustawienia")
    assert page.evaluate(RECORD) is None
    every = page.locator(".deed button")
    every.click()
    every.click()
    expect(things).to_have_text(["Strona i mapa na czas bez połączenia", "Znak urządzenia"])
    expect(page.locator("#kept-list")).to_contain_text("Nic nie jest zapisane")
    assert page.evaluate("() => caches.keys()") == []
    assert page.evaluate("() => ({ ...localStorage, ...sessionStorage })") == {"offline": "off"}
    # The page that is still open asks through the worker that it has: nothing comes back.
    page.evaluate("() => fetch('/data/manifest.json').then((answer) => answer.text())")
    page.reload()
    page.wait_for_selector(READY)
    assert page.evaluate("() => caches.keys()") == []
    assert page.evaluate("() => navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0


def test_a_browser_that_keeps_nothing_says_so_and_loses_nothing(visitor: Visitor, site: str) -> None:
    visitor.allow(*OFFLINE)
    page = visitor.page(site, PHONE)
    page.add_init_script(NO_STORE)
    page.goto(site)
    page.wait_for_selector(READY)
    Api(page)
    refused_offline(page)
    page.click(SEND)
    expect(page.locator(".problem:visible")).to_contain_text("nie pozwala niczego zachować")
    expect(page.locator(".answers")).to_contain_text(TEXT)
    page.goto(f"{site}/#/kept")
    expect(page.locator("#kept-list")).to_contain_text("Zaczęte zgłoszenie")

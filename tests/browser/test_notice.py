"""The operator's notice: over the map and in the form, before anybody writes in vain."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.filing import to_summary
from tests.browser.visit import PHONE, READY, Visitor

CLOSED = {"intake": "closed", "since": "2026-11-23T10:00:00Z", "until": None, "notice": {"pl": "Naprawiamy usterkę."}}
OPENS = {**CLOSED, "until": "2099-11-24T06:00:00+01:00", "notice": {}}
OVER = {**CLOSED, "until": "2020-11-24T06:00:00+01:00"}
WORDS_ALONE = {**CLOSED, "intake": "open"}
NOTHING: dict[str, Any] = {"intake": "open", "since": None, "until": None, "notice": {}}
BANNER = ".announced"


def told(page: Page, notice: dict[str, Any]) -> None:
    """Let the site's notice be this one."""

    def answer(route: Route) -> None:
        route.fulfill(body=json.dumps(notice), content_type="application/json")

    page.context.route("**/data/notice.json", answer)


@pytest.mark.parametrize(
    ("notice", "says"),
    [
        (CLOSED, ["Zgłoszeń chwilowo nie przyjmujemy", "Naprawiamy usterkę."]),
        (OPENS, ["Zgłoszeń chwilowo nie przyjmujemy", "24 listopada"]),
        (WORDS_ALONE, ["Naprawiamy usterkę."]),
        (OVER, []),
        (NOTHING, []),
    ],
    ids=["closed", "until", "words", "over", "nothing"],
)
def test_the_notice_stands_above_the_list(
    visitor: Visitor, site: str, artifacts: Path, notice: dict[str, Any], says: list[str]
) -> None:
    page = visitor.page(site, PHONE)
    told(page, notice)
    page.goto(site)
    page.wait_for_selector(READY)
    for words in says:
        expect(page.locator(BANNER)).to_contain_text(words)
    if not says:
        expect(page.locator(BANNER)).to_have_count(0)
    if notice is CLOSED:
        page.screenshot(path=artifacts / "notice-phone.png")


def test_the_form_says_so_first_and_keeps_what_is_written(visitor: Visitor, site: str, artifacts: Path) -> None:
    page = visitor.page(site, PHONE)
    visitor.allow("Failed to load resource", "/v1/")
    told(page, CLOSED)
    refused = {"status": 503, "code": "intake_closed", "title": "Zamknięte", "detail": "Zachowaj to, co napisane."}

    def answer(route: Route) -> None:
        asked = route.request.url.endswith("/v1/challenge")
        body = {"challenge": None, "may_report": True} if asked else refused
        route.fulfill(status=200 if asked else 503, body=json.dumps(body), content_type="application/json")

    page.context.route("**/v1/**", answer)
    page.goto(f"{site}/#/report")
    page.wait_for_selector(READY)
    expect(page.locator(".allowance.warn")).to_contain_text("zachować na tym urządzeniu")
    expect(page.locator(BANNER)).to_contain_text("Naprawiamy usterkę.")
    page.screenshot(path=artifacts / "notice-form-phone.png")
    page.click(".panel-body a[href='#/map']")
    to_summary(page)
    page.click(".panel-foot button")
    expect(page.locator(".problem:visible")).to_contain_text("Zachowaj to, co napisane.")
    expect(page.locator("text=Zachowaj i wyślij, gdy wróci połączenie")).to_be_visible()

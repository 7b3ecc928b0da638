"""The page of institutions outside the police, against recorded answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import DESKTOP, PHONE, Scheme, Visitor

UNIT = {"code": "KMP-LOMZA", "name": "Komenda Miejska Policji w Łomży", "short": "KMP Łomża"}


def case(number: int) -> dict[str, Any]:
    """A case as the institution sees it; the second has no public place."""
    return {
        "id": f"{number:032x}",
        "category": "road_infrastructure",
        "category_name": "Niewłaściwa infrastruktura drogowa",
        "status": "passed_on",
        "passed_at": "2026-11-20T10:00:00Z",
        "unit": UNIT,
        "location": None if number else {"lat": 53.1781, "lon": 22.0594, "precision_m": 0},
        "place": None if number else "Łomża, Stary Rynek",
        "area": "2062",
        "area_name": "Łomża",
        "note": None if number else "Dziura przy przejściu dla pieszych.",
        "public_note": "Przekazaliśmy zarządcy drogi.",
        "public": None,
        "answer": None,
    }


@dataclass
class Institution:
    """What one token opens, and what was answered with it."""

    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: set[str | None] = field(default_factory=set)
    valid: bool = True

    def answer(self, route: Route) -> None:
        """One request."""
        request = route.request
        self.tokens.add(request.headers.get("partner-token"))
        if not self.valid:
            problem = {"status": 401, "code": "partner_invalid", "detail": "Poproś operatora mapy o nowy link."}
            route.fulfill(status=401, json=problem)
        elif request.url.endswith("/me"):
            partner = {"code": "ZDM", "kind": "road", "names": {"pl": "Zarząd Dróg", "en": "Roads", "uk": "Дороги"}}
            route.fulfill(json={"partner": partner, "expires_at": "2027-11-20T10:00:00Z"})
        elif request.method == "POST":
            case_id = request.url.split("/")[-2]
            self.given[case_id] = request.post_data_json or {}
            route.fulfill(json=self.shown(int(case_id, 16)))
        else:
            wanted = "status=answered" in request.url
            cases = [self.shown(n) for n in range(2)]
            found = [each for each in cases if (each["answer"] is not None) == wanted]
            route.fulfill(json={"cases": found, "cursor": None})

    def shown(self, number: int) -> dict[str, Any]:
        """A case with its answer."""
        found = case(number)
        body = self.given.get(found["id"])
        if body is not None:
            found["answer"] = {"text": None, "whose": None, **body, "at": "2026-11-21T10:00:00Z"}
        return found

    def open(self, page: Page, site: str) -> None:
        """Open the institution's link."""
        page.route("**/v1/partner/**", self.answer)
        page.goto(f"{site}/partner/#token=czp_ZDM_secret")
        page.wait_for_selector("body[data-drawn='open']")


@pytest.fixture
def institution() -> Institution:
    return Institution()


@pytest.fixture
def roads(visitor: Visitor, site: str, institution: Institution) -> Page:
    """The page as an institution opens it on a phone."""
    page = visitor.page(site, PHONE, touch=True)
    institution.open(page, site)
    return page


def test_the_token_leaves_the_address_stays_in_the_tab_and_goes_in_a_header(
    roads: Page, institution: Institution
) -> None:
    assert "secret" not in roads.url
    roads.reload()
    expect(roads.locator("h1")).to_have_text("Zarząd Dróg")
    assert institution.tokens == {"czp_ZDM_secret"}
    assert "secret" not in roads.evaluate("() => JSON.stringify({ ...localStorage })")
    roads.get_by_role("button", name="Zamknij dostęp").click()
    expect(roads.locator("h1")).to_have_text("Otwórz link, który otrzymaliście")
    assert roads.evaluate("() => sessionStorage.length") == 0


def test_what_was_passed_on_says_where_and_leads_there(roads: Page) -> None:
    first, second = roads.locator(".partner-case").all()
    expect(first).to_contain_text("Dziura przy przejściu")
    expect(first.get_by_role("link", name="Nawiguj")).to_have_attribute(
        "href", "geo:53.17810,22.05940?q=53.17810,22.05940"
    )
    expect(second).to_contain_text("Dokładnego miejsca tu nie pokazujemy")
    expect(second.get_by_role("link")).to_have_count(0)


def test_done_is_answered_with_a_few_words(roads: Page, institution: Institution) -> None:
    roads.locator("[data-answer=done]").first.click()
    roads.keyboard.type("Naprawione.")
    roads.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(roads.locator(".partner-said")).to_contain_text("Dziękujemy")
    assert institution.given == {f"{0:032x}": {"answer": "done", "text": "Naprawione."}}
    roads.get_by_role("link", name="Z odpowiedzią").click()
    expect(roads.locator(".partner-given")).to_contain_text("Zrobione")


def test_not_ours_needs_whose_it_is(roads: Page, institution: Institution) -> None:
    roads.locator("[data-answer=not_ours]").first.click()
    roads.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(roads.locator(".problem")).to_contain_text("do kogo")
    assert institution.given == {}
    roads.get_by_label("Do kogo to należy?").fill("Gmina Łomża")
    roads.get_by_role("button", name="Wyślij odpowiedź").click()
    expect(roads.locator(".partner-given")).to_contain_text("Gmina Łomża")
    assert institution.given == {f"{0:032x}": {"answer": "not_ours", "whose": "Gmina Łomża"}}


def test_a_link_that_has_ended_says_so(visitor: Visitor, site: str, institution: Institution) -> None:
    visitor.allow("401")
    institution.valid = False
    page = visitor.page(site, PHONE)
    institution.open(page, site)
    expect(page.locator("h1")).to_have_text("Ten link już nie działa")
    expect(page.locator("main")).to_contain_text("Poproś operatora")


def test_the_language_chosen_last_stays_though_an_earlier_one_arrives_later(roads: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    roads.route("**/languages/uk.json", hold)
    roads.locator("#tools select").select_option("uk")
    roads.locator("#tools select").select_option("en")
    expect(roads.locator("html")).to_have_attribute("lang", "en")
    with roads.expect_response("**/languages/uk.json") as late:
        held[0].continue_()
    late.value.finished()
    roads.reload()
    expect(roads.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE, (320, 640)], ids=["desk", "phone", "narrow"])
def test_the_page_is_accessible_in_every_size_and_language(
    visitor: Visitor, site: str, institution: Institution, artifacts: Path, scheme: Scheme, size: tuple[int, int]
) -> None:
    page = visitor.page(site, size, scheme, touch=size == PHONE)
    institution.open(page, site)
    for language in ("pl", "en", "uk"):
        page.locator("#tools select").select_option(language)
        page.wait_for_selector(f"html[lang='{language}'] body[data-drawn='open'] .partner-case")
        assert (language, page.evaluate(OVERFLOW)) == (language, 0)
        assert (language, page.evaluate(TARGETS % (SMALLEST, SMALLEST))) == (language, [])
    page.locator("[data-answer=not_ours]").first.click()
    page.screenshot(path=artifacts / f"partner-{size[0]}-{scheme}.png", full_page=True)
    assert axe(page) == []

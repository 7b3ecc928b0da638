"""The page about privacy: it draws the rules that the API serves, in every language."""

import json

import pytest
from playwright.sync_api import expect

from chalicelib.domain.instance import Instance
from chalicelib.domain.retention import RETENTION
from chalicelib.domain.rules import rules
from infra.local.emulator import ROOT
from tests.browser.visit import PHONE, Visitor

AXE = ROOT / "static-site" / "node_modules" / "axe-core" / "axe.min.js"
POLAND = ROOT / "instances" / "pl"
DOCUMENTS = [json.loads((POLAND / f"{name}.json").read_text("utf-8")) for name in ("instance", "catalogue", "units")]
SAID = {
    "pl-PL": (
        ("Opisy i odpowiedzi", "30 dni od zamknięcia sprawy"),
        "miesiąc",
        "tylko okolica: pole o boku około 531 m",
    ),
    "en-GB": (("Texts and answers", "30 days from the closing of the case"), "one month", "sides of about 531 m"),
    "uk-UA": (("Описи й відповіді", "30 днів від закриття справи"), "місяць", "стороною близько 531 м"),
}


@pytest.mark.parametrize("locale", SAID)
def test_the_page_says_what_the_rules_say(visitor: Visitor, site: str, locale: str) -> None:
    page = visitor.page(site, PHONE, locale=locale)
    served = json.dumps(rules(Instance.from_documents(*DOCUMENTS)))
    page.route("**/v1/rules", lambda route: route.fulfill(body=served, content_type="application/json"))
    page.goto(f"{site}/#/privacy")
    (what, rule), *said = SAID[locale]
    for words in said:
        expect(page.locator("article")).to_contain_text(words)
    lists = page.locator("article dl")
    expect(lists).to_have_count(3)
    kept = lists.nth(2).locator(".answer")
    expect(kept).to_have_count(len(RETENTION))
    expect(kept.filter(has=page.get_by_text(what, exact=True)).locator("dd").first).to_contain_text(rule)
    expect(page.locator("article")).not_to_contain_text("{")
    page.evaluate(AXE.read_text("utf-8"))
    faults = page.evaluate("async () => (await axe.run('article')).violations.map((each) => each.id)")
    assert faults == []


def test_without_an_answer_the_page_says_so(visitor: Visitor, site: str) -> None:
    visitor.allow("/v1/rules", "Failed to load resource")
    page = visitor.page(site, PHONE)
    page.goto(f"{site}/#/privacy")
    expect(page.get_by_role("alert")).to_contain_text("Nie udało się wczytać reguł")

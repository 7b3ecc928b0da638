"""Pages that are read without JavaScript: what they say, where they lead, and how they look to whom."""

import json
import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from chalicelib.domain.retention import RETENTION
from chalicelib.domain.steps import STEPS
from infra.local.emulator import ROOT
from infra.local.front import HeaderRules
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import Scheme, Visitor

LANGUAGES = ("pl", "en", "uk")
PAGES = ("", "rules/", "privacy/", "about/", "developers/", "accessibility/")
# By these ids a monitoring finds the parts of a declaration.
DECLARED = {
    *("a11y-wstep", "a11y-podmiot", "a11y-url", "a11y-data-publikacja", "a11y-data-aktualizacja", "a11y-status"),
    *("a11y-data-sporzadzenie", "a11y-kontakt", "a11y-osoba", "a11y-email", "a11y-telefon", "a11y-procedura"),
    *("a11y-architektura", "a11y-aplikacje"),
}


def page_of(folder: Path, language: str, path: str) -> str:
    return (folder / "info" / language / path / "index.html").read_text("utf-8")


@pytest.mark.package
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_its_language_and_runs_nothing_of_its_own(site_folder: Path, language: str) -> None:
    titles = set()
    for path in PAGES:
        page = page_of(site_folder, language, path)
        assert f'<html lang="{language}">' in page
        assert 'href="tel:112"' in page
        assert not re.search(r"\{\{|undefined|\[object|\son\w+=|\sstyle=", page)
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
        titles |= set(re.findall(r"<title>(.*?)</title>", page))
    assert len(titles) == len(PAGES)


@pytest.mark.package
def test_the_policy_of_plain_pages_lets_nothing_in(site_folder: Path) -> None:
    headers = HeaderRules.read((site_folder / "headers.json").read_text("utf-8")).of("/info/pl/rules/")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';")
    assert "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-cache"


@pytest.mark.package
def test_every_link_leads_to_a_page_of_the_site(site_folder: Path) -> None:
    from_elsewhere = ("/v1/", "/open311/", "/data/manifest.json")
    for language in LANGUAGES:
        for path in PAGES:
            for link in re.findall(r'<a [^>]*href="([^"#][^"]*)"', page_of(site_folder, language, path)):
                target = urlsplit(urljoin(f"http://127.0.0.1:8080/info/{language}/{path}", link))
                if target.netloc != "127.0.0.1:8080" or target.path.startswith(from_elsewhere):
                    continue
                assert (site_folder / target.path.removeprefix("/") / "index.html").is_file(), link


@pytest.mark.package
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_declaration_has_every_part_that_the_law_names(site_folder: Path, language: str) -> None:
    page = page_of(site_folder, language, "accessibility/")
    ids = re.findall(r'id="(a11y-[\w-]+)"', page)
    assert set(ids) >= DECLARED
    assert len(ids) == len(set(ids))
    assert re.search(r'<time id="a11y-data-sporzadzenie" datetime="\d{4}-\d\d-\d\d">', page)


@pytest.mark.package
def test_the_tables_are_those_of_the_code(site_folder: Path) -> None:
    rows = {name: page_of(site_folder, "pl", f"{name}/").count('<th scope="row">') for name in ("rules", "privacy")}
    catalogue = json.loads((ROOT / "instances" / "pl" / "catalogue.json").read_text("utf-8"))["categories"]
    current = [category for category in catalogue if category["valid_to"] is None]
    assert rows["rules"] == len(current) + len(STEPS)
    assert rows["privacy"] > len(RETENTION)


def test_without_javascript_the_essentials_are_all_there(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="pl-PL")
    page = context.new_page()
    page.goto(site)
    page.get_by_role("link", name="Mapa w skrócie").click()
    assert page.get_by_role("link", name="Zadzwoń pod 112").get_attribute("href") == "tel:112"
    assert page.get_by_role("heading", name="Jak zgłosić").is_visible()
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="Rules", exact=True).click()
    assert page.get_by_role("heading", name="Rules of the map").is_visible()
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_plain_pages_are_open_to_everybody(visitor: Visitor, site: str, width: int, scheme: Scheme) -> None:
    page = visitor.page(site, (width, 800), scheme)
    for number, path in enumerate(PAGES):
        page.goto(f"{site}/info/{LANGUAGES[number % 3]}/{path}")
        assert (path, axe(page)) == (path, [])
        assert page.evaluate(OVERFLOW) == 0
        # Links in tables and lists stand in lines of text.
        small = [target for target in page.evaluate(TARGETS % (SMALLEST, SMALLEST)) if "/info/" in target]
        assert (path, small) == (path, [])

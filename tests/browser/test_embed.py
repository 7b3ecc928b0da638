"""The widget that other sites show: figures of one area, and nothing kept anywhere."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from infra.local.front import HeaderRules
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import Scheme, Visitor

DRAWN = "body[data-drawn]"


@pytest.mark.package
def test_only_the_instance_s_own_friends_may_frame_the_widget(site_folder: Path) -> None:
    rules = HeaderRules.read((site_folder / "headers.json").read_text("utf-8"))
    policies = {path: rules.of(path)["Content-Security-Policy"] for path in ("/embed/", "/", "/dane/", "/policja/")}
    ancestors = {path: policy.rpartition("frame-ancestors ")[2] for path, policy in policies.items()}
    assert ancestors.pop("/embed/") == "'self' https://*.policja.gov.pl https://*.policja.pl"
    assert set(ancestors.values()) == {"'none'"}


@pytest.mark.parametrize(
    ("query", "title", "more"),
    [("?teryt=2062&lang=pl", "Łomża", "Więcej liczb"), ("?teryt=2062&lang=en&theme=dark", "Łomża", "More figures")],
)
def test_the_widget_tells_of_its_area_in_the_language_asked_for(
    visitor: Visitor, site: str, published: Path, query: str, title: str, more: str
) -> None:
    page = visitor.page(site, (320, 420))
    page.goto(f"{site}/embed/{query}")
    page.wait_for_selector(DRAWN)
    manifest = json.loads((published / "data" / "manifest.json").read_text("utf-8"))
    area = json.loads((published / manifest["areas"].replace("{area}", "2062").removeprefix("/")).read_text("utf-8"))
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    assert page.locator(".embed-sum strong").inner_text() == str(sum(area["categories"]["all"]["reports"][-12:]))
    expect(page.get_by_role("listitem")).to_have_count(3)
    link = page.get_by_role("link", name=more)
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("/dane/#/2062", "_blank")


@pytest.mark.parametrize("query", ["?teryt=9999", "?teryt=../../x&lang=xx&theme=y"])
def test_an_area_or_a_language_that_is_not_there_breaks_nothing(visitor: Visitor, site: str, query: str) -> None:
    visitor.allow("/data/", "Failed to load resource")
    page = visitor.page(site)
    page.goto(f"{site}/embed/{query}")
    page.wait_for_selector(DRAWN)
    expect(page.get_by_role("link", name="Zgłoś zagrożenie")).to_be_visible()


def test_the_widget_keeps_nothing_on_the_device(visitor: Visitor, site: str) -> None:
    page = visitor.page(site)
    page.goto(f"{site}/embed/?teryt=2062&lang=uk&theme=dark")
    page.wait_for_selector(DRAWN)
    assert page.context.cookies() == []
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("() => indexedDB.databases()") == []


@pytest.mark.parametrize(("width", "scheme"), [(260, "light"), (600, "dark")])
def test_the_widget_is_open_to_everybody(visitor: Visitor, site: str, width: int, scheme: Scheme) -> None:
    page = visitor.page(site, (width, 460), scheme)
    page.goto(f"{site}/embed/?teryt=1465&lang=pl")
    page.wait_for_selector(DRAWN)
    assert axe(page) == []
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(TARGETS % (SMALLEST, SMALLEST)) == []

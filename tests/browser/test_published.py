"""What the deployed nightly and publishing functions write is what the map shows."""

import json
import uuid
from datetime import time

import h3
import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visitor, pixels, settled
from tests.support.ahead import ahead
from tests.support.whole import Whole

# Zakopane; no other test reports there.
LAT, LON = 49.29899, 19.94885
CATEGORY = "illegal_parking"


@pytest.fixture(scope="module")
def reported(stack: Whole) -> str:
    """The id of a report that both functions have published, as if it were tomorrow."""
    key = str(uuid.uuid4())
    device = stack.call("POST", "/v1/challenge", {"idempotency_key": key, "client": "api"}).json["device"]
    filed = stack.call(
        "POST",
        "/v1/reports",
        {"category": CATEGORY, "lat": LAT, "lon": LON},
        {"Idempotency-Key": key, "Device-Token": device},
    )
    assert filed.status == 201, filed.body
    tomorrow = ahead(1, time(12))
    stack.running.invoke("nightly", {"day": tomorrow.date().isoformat(), "now": tomorrow.isoformat()})
    stack.running.invoke("publish", {"now": tomorrow.isoformat()})
    return str(filed.json["id"])


def test_a_report_stands_on_the_map_as_point_and_hexagon(visitor: Visitor, stack: Whole, reported: str) -> None:
    manifest = json.loads(stack.call("GET", "/data/manifest.json").body)
    assert h3.latlng_to_cell(LAT, LON, 5) in manifest["points_parents"]
    page = visitor.open(f"{stack.base_url}/#/map?at=14/{LAT}/{LON}&status=new")
    settled(page)
    assert pixels(page, "status-new") > 60
    expect(page.locator(".panel-body .lead")).to_contain_text("1 zgłoszenie")
    page.click(".listing >> nth=0 >> .item >> nth=0")
    expect(page.locator(".detail h1")).to_have_text("Nieprawidłowe parkowanie")
    expect(page.locator(".detail .badge")).to_have_text("Nowe")
    assert f"show={reported}" in page.url


def test_a_link_to_a_report_finds_its_place_by_itself(visitor: Visitor, stack: Whole, reported: str) -> None:
    page = visitor.open(f"{stack.base_url}/#/map?show={reported}")
    expect(page.locator(".detail h1")).to_have_text("Nieprawidłowe parkowanie")
    expect(page.locator(".detail")).to_contain_text("okolice: Zakopane")


def test_the_data_page_offers_what_was_published(visitor: Visitor, stack: Whole, reported: str) -> None:
    assert reported
    page = visitor.page(stack.base_url)
    page.goto(f"{stack.base_url}/#/data")
    page.wait_for_url("**/dane/**")
    links = page.locator(".files .item")
    expect(links.first).to_be_visible()
    addresses = [str(link.get_attribute("href")) for link in links.all()]
    assert all(stack.call("GET", address.removeprefix(stack.base_url)).status == 200 for address in addresses)
    expect(page.locator("h1")).to_have_text("Polska")
    assert int(page.locator(".tile strong").first.inner_text()) >= 1
    page.get_by_label("Obszar").select_option("małopolskie")
    page.get_by_label("Dokładniej").select_option("Powiat tatrzański")
    expect(page.locator("h1")).to_have_text("Powiat tatrzański")
    page.get_by_label("Kategoria").select_option(CATEGORY)
    expect(page.locator("h1")).to_have_text("Powiat tatrzański: Nieprawidłowe parkowanie")

"""What the form asks before it sends, on the deployed stack: words, similar cases, the day's report, the network."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from chalicelib.clock import system_clock
from infra.commands.importing import import_file
from tests.browser.filing import TEXT, stored, title, to_details, to_summary, to_summary_at
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import DESKTOP, PHONE, Visitor
from tests.support.whole import Whole

DUMP = "Dzikie wysypiska śmieci"
TREES = "Nielegalna wycinka drzew"
NORTH = 1 / 111_195.08
FULL = 1_000


def sound(page: Page) -> None:
    """A view without a fault that a tool can find."""
    assert axe(page) == []
    assert page.evaluate(TARGETS % (SMALLEST, SMALLEST)) == []
    assert page.evaluate(OVERFLOW) == 0


def sent(page: Page) -> list[dict[str, Any]]:
    """The bodies of the reports that the page sends from now on."""
    bodies: list[dict[str, Any]] = []

    def keep(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/v1/reports"):
            bodies.append(json.loads(request.post_data or "{}"))

    page.on("request", keep)
    return bodies


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_words_of_urgency_and_of_persons_are_asked_about_once(
    quiet: Visitor, origin: str, size: tuple[int, int]
) -> None:
    page = quiet.open(origin, size)
    to_details(page)
    words = "Właśnie bije ludzi kierowca WA 12345, tel. 601 234 567."
    page.fill("#description", words)
    page.click(".panel-foot button")
    title(page, "Czy to dzieje się teraz?")
    expect(page.locator(".asked")).to_contain_text("„Właśnie”, „bije”")
    expect(page.locator(".asked .alarm")).to_have_attribute("href", "tel:112")
    assert page.evaluate("() => document.activeElement.tagName") == "H1"
    sound(page)
    page.click(".panel-foot button")
    title(page, "Czy na pewno ma to zostać w opisie?")
    expect(page.locator(".findings li")).to_have_text(
        ["To wygląda na numer telefonu: 601\u00a0234\u00a0567", "To wygląda na numer rejestracyjny: WA\u00a012345"]
    )
    sound(page)
    page.click("text=Popraw")
    title(page, "Coś jeszcze?")
    expect(page.locator("#description")).to_have_value(words)
    page.click(".panel-foot button")
    # That nothing is urgent has been said of these very words.
    title(page, "Czy na pewno ma to zostać w opisie?")
    page.click("text=Wyślij mimo to")
    title(page, "Czy wszystko się zgadza?")
    expect(page.locator(".answers")).to_contain_text(words)
    page.click("text=Wstecz")
    page.fill("#description", "Stoi tu WA 12345.")
    page.click(".panel-foot button")
    title(page, "Czy na pewno ma to zostać w opisie?")


def test_words_that_reached_the_summary_unasked_are_asked_about_before_sending(quiet: Visitor, origin: str) -> None:
    page = quiet.open(origin)
    to_details(page)
    page.fill("#description", "Piszcie: jan@example.pl")
    page.goto(f"{origin}/#/report/summary")
    title(page, "Czy wszystko się zgadza?")
    bodies = sent(page)
    page.click(".panel-foot button")
    title(page, "Czy na pewno ma to zostać w opisie?")
    assert bodies == []


@pytest.fixture
def cases(stack: Whole, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[str, float, float]:
    """Two cases of the last days, at a place and of a category that no other test reports."""
    category, name, lat, lon = request.param
    file = tmp_path / "cases.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["category", "lat", "lon", "created_at"])
        for metres, days in ((30, 2), (60, 5)):
            moment = system_clock() - timedelta(days=days)
            rows.writerow([category, lat + metres * NORTH, lon, moment.isoformat()])
    assert import_file(stack.running, file).written == 2
    return name, lat, lon


@pytest.mark.parametrize("cases", [("illegal_dump", DUMP, 53.4101, 22.3201)], indirect=True)
def test_what_is_another_thing_is_sent_with_what_it_is_not(
    quiet: Visitor, stack: Whole, origin: str, artifacts: Path, cases: tuple[str, float, float]
) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "409 /v1/reports")
    page = quiet.open(origin, PHONE, touch=True)
    to_summary_at(page, *cases)
    bodies = sent(page)
    page.click(".panel-foot button")
    title(page, "Czy to ta sama sprawa?")
    cards = page.locator(".candidate")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("ok. 30 m stąd")
    expect(cards.first).to_contain_text("Nowe")
    expect(page.locator(".sketch .case")).to_have_count(2)
    sound(page)
    page.screenshot(path=artifacts / "similar-phone.png")
    page.click("text=Wstecz")
    title(page, "Czy wszystko się zgadza?")
    page.click(".panel-foot button")
    title(page, "Czy to ta sama sprawa?")
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    assert [len(body.get("acknowledge", [])) for body in bodies] == [0, 0, 2]
    assert stored(stack, page.inner_text("#receipt-code"))["category"] == "illegal_dump"


@pytest.mark.parametrize("cases", [("illegal_felling", TREES, 53.4302, 22.3502)], indirect=True)
def test_who_sees_the_same_adds_to_the_case_and_may_still_report(
    quiet: Visitor, stack: Whole, origin: str, cases: tuple[str, float, float]
) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "409 /v1/reports")
    page = quiet.open(origin)
    to_summary_at(page, *cases)
    page.click(".panel-foot button")
    title(page, "Czy to ta sama sprawa?")
    with page.expect_response("**/corroborations") as answered:
        page.locator(".candidate button").first.click()
    title(page, "Dopisane do sprawy")
    told = answered.value.json()
    assert (answered.value.status, told["counted"], told["sources"]) == (201, True, 2)
    assert stack.call("GET", f"/v1/reports/{told['id']}").status == 200
    sound(page)
    page.click(".panel-foot a")
    page.goto(f"{origin}/#/report")
    expect(page.locator(".allowance")).to_contain_text("można dziś wysłać")


def test_a_draft_for_another_day_is_kept_on_the_device(quiet: Visitor, origin: str) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "429 /v1/reports")
    page = quiet.open(origin)
    to_summary(page)
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    page.click(".panel-foot a")
    page.goto(f"{origin}/#/report")
    allowance = page.locator(".allowance")
    expect(allowance).to_contain_text("Dziś z tego urządzenia wysłano już zgłoszenie")
    expect(allowance).to_contain_text("zachować na tym urządzeniu")
    page.goto(f"{origin}/#/map")
    to_summary(page)
    page.click(".panel-foot button")
    page.click("text=Zachowaj na tym urządzeniu")
    expect(page.locator(".problem:visible")).to_contain_text("Zachowane na tym urządzeniu na 7 dni")
    sound(page)

    # Another tab, as it is opened the next day.
    other = page.context.new_page()
    page.close()
    other.goto(f"{origin}/#/report")
    expect(other.locator(".kept")).to_contain_text("czeka zachowane zgłoszenie")
    sound(other)
    other.click("text=Dokończ")
    expect(other.locator(".answers")).to_contain_text(TEXT)
    expect(other.locator(".answers")).to_contain_text("pt., sob.: wieczorem")
    other.goto(f"{origin}/#/report")
    other.click(".kept >> text=Usuń")
    expect(other.locator(".kept")).to_have_count(0)
    other.reload()
    expect(other.locator(".allowance").first).to_contain_text("Dziś z tego")
    expect(other.locator(".kept")).to_have_count(0)


@pytest.fixture
def full_network(stack: Whole) -> Iterator[None]:
    """Every network that has reported today has used its budget, until the test is over."""
    table = stack.running.client("dynamodb")
    name = stack.running.names["QUOTA_TABLE"]

    def counters() -> list[dict[str, Any]]:
        found = table.scan(
            TableName=name, FilterExpression="begins_with(PK, :n)", ExpressionAttributeValues={":n": {"S": "N#"}}
        )
        return list(found["Items"])

    assert counters()
    for item in counters():
        table.put_item(TableName=name, Item={**item, "n": {"N": str(FULL)}})
    yield
    for item in counters():
        table.delete_item(TableName=name, Key={"PK": item["PK"], "SK": item["SK"]})


def test_a_held_report_is_told_what_that_means(
    quiet: Visitor, stack: Whole, origin: str, request: pytest.FixtureRequest
) -> None:
    first = quiet.open(origin)
    to_summary(first)
    first.click(".panel-foot button")
    title(first, "Zgłoszenie przyjęte")
    expect(first.locator(".receipt")).to_contain_text("Na mapie pokaże się o pełnej godzinie")
    request.getfixturevalue("full_network")
    page = quiet.open(origin)
    to_summary(page)
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    expect(page.locator(".receipt")).to_contain_text("Z Twojej sieci przyszło dziś dużo zgłoszeń")
    expect(page.locator(".receipt")).to_contain_text("gdy policja je potwierdzi")
    assert stored(stack, page.inner_text("#receipt-code"))["status"] == "new"

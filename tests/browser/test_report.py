"""Reports filed through the form on the deployed stack, by keyboard alone and by touch, and followed by their code."""

import json
import re
from datetime import UTC, datetime

from playwright.sync_api import Route, expect

from chalicelib.domain.trace import Trace
from tests.browser.filing import CODE, PLACE, TEXT, UNIT, press, stored, tab_to, title, to_summary
from tests.browser.visit import DESKTOP, PHONE, Visitor
from tests.support.whole import Whole


def test_a_report_is_filed_by_keyboard_alone(quiet: Visitor, stack: Whole, origin: str) -> None:
    page = quiet.open(origin)
    tab_to(page, ".panel-foot a")
    press(page, "Enter")
    title(page, "Czy komuś coś teraz grozi?")
    expect(page.locator(".allowance")).to_contain_text("można dziś wysłać")
    tab_to(page, ".panel-foot a")
    press(page, "Enter")
    title(page, "Co się dzieje?")
    tab_to(page, "input[name=category]")
    press(page, "Space", "ArrowDown")
    expect(page.locator("input[value=speeding]")).to_be_checked()
    press(page, "Enter")
    title(page, "Gdzie?")
    tab_to(page, "#panel [role=combobox]")
    page.keyboard.type(PLACE)
    expect(page.locator("#panel [role=option]").first).to_contain_text("Łomża")
    press(page, "ArrowDown", "Enter")
    expect(page.locator(".found")).to_contain_text("okolice: Łomża")
    named = page.inner_text(".found")
    tab_to(page, "#map")
    press(page, "ArrowRight")
    expect(page.locator(".found")).not_to_have_text(named)
    page.keyboard.press("Shift+Tab")
    page.focus(".panel h1")
    tab_to(page, ".panel-foot button")
    press(page, "Enter")
    title(page, "Kiedy?")
    tab_to(page, "input[name=when]")
    expect(page.locator("input[value=now]")).to_be_checked()
    tab_to(page, ".panel-foot button")
    press(page, "Enter")
    title(page, "Coś jeszcze?")
    tab_to(page, "#description")
    page.keyboard.type(TEXT)
    tab_to(page, ".panel-foot button")
    press(page, "Enter")
    title(page, "Czy wszystko się zgadza?")
    tab_to(page, ".panel-foot button")
    press(page, "Enter")
    title(page, "Zgłoszenie przyjęte")
    receipt = page.inner_text("#receipt-code")
    assert re.fullmatch(CODE, receipt)
    report = stored(stack, receipt)
    assert (report["category"], report["status"]) == ("speeding", "new")
    assert UNIT in report["unit"]["name"]
    assert abs(report["location"]["lat"] - 53.178) < 0.01


def test_a_report_is_filed_by_touch_and_followed_by_its_link(quiet: Visitor, stack: Whole, origin: str) -> None:
    page = quiet.open(origin, PHONE, touch=True)
    to_summary(page, touch=True)
    expect(page.locator(".answers")).to_contain_text("pt., sob.: wieczorem")
    trains: list[Trace | None] = []
    page.on("request", lambda request: trains.append(Trace.parse(request.headers.get("traceparent"))))
    page.tap(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    receipt = page.inner_text("#receipt-code")
    assert stored(stack, receipt)["category"] == "illegal_parking"
    assert any(trains), "a click begins a trace"
    assert len({train.trace_id for train in trains if train}) == sum(map(bool, trains)), "of its own"

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{origin}/#/follow?receipt={receipt}")
    expect(page.locator(".story .badge")).to_have_text("Nowe")
    expect(page.locator(".timeline li")).to_have_count(1)
    assert receipt not in page.url
    assert not any(receipt in url for url in asked)


def test_a_second_report_of_the_day_is_refused_at_once_and_keeps_each_word(quiet: Visitor, origin: str) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "429 /v1/reports")
    page = quiet.open(origin, DESKTOP)
    to_summary(page)
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    page.click(".panel-foot a")
    page.click(".panel-foot a")
    expect(page.locator(".allowance")).to_contain_text("Dziś z tego urządzenia wysłano już zgłoszenie")
    page.goto(f"{origin}/#/map")
    to_summary(page)
    page.click(".panel-foot button")
    expect(page.locator(".problem:visible")).to_contain_text("Dziś z tego urządzenia wysłano już zgłoszenie")
    expect(page.locator(".answers")).to_contain_text(TEXT)
    page.reload()
    expect(page.locator(".answers")).to_contain_text(TEXT)


def test_an_answer_that_got_lost_is_fetched_by_sending_again(quiet: Visitor, origin: str) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "net::ERR")
    page = quiet.open(origin)
    to_summary(page)
    keys: list[str] = []
    receipts: list[str] = []

    def lost(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        answer = route.fetch()
        receipts.append(answer.json()["receipt"])
        if len(keys) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    page.route("**/v1/reports", lost)
    page.click(".panel-foot button")
    expect(page.locator(".problem:visible")).to_contain_text("Nie ma połączenia")
    page.click(".panel-foot button")
    title(page, "Zgłoszenie przyjęte")
    assert keys == [keys[0]] * 2
    assert receipts == [page.inner_text("#receipt-code")] * 2


def test_what_the_server_finds_wrong_is_shown_at_its_question(quiet: Visitor, origin: str) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "422 /v1/reports")
    page = quiet.open(origin)
    to_summary(page)

    def too_early(route: Route) -> None:
        body = json.loads(route.request.post_data or "{}")
        body.pop("pattern", None)
        body["occurred_at"] = datetime(2001, 1, 1, tzinfo=UTC).isoformat()
        route.continue_(post_data=json.dumps(body))

    page.route("**/v1/reports", too_early)
    page.click(".panel-foot button")
    fault = page.locator(".problem:visible li a")
    expect(fault).to_have_count(1)
    fault.click()
    title(page, "Kiedy?")
    expect(page.locator("input[value=pattern]")).to_be_checked()


def test_a_place_beyond_the_border_is_caught_before_sending(quiet: Visitor, origin: str) -> None:
    page = quiet.open(f"{origin}/#/report/what")
    page.click("label.option:has-text('Nieprawidłowe parkowanie')")
    page.click("summary:has-text('Mam współrzędne')")
    page.fill("#lat", "50,0755")
    page.fill("#lon", "14.4378")
    page.click("text=Ustaw")
    page.click(".panel-foot button")
    expect(page.locator("#problem")).to_contain_text("poza obszarem tej mapy")
    title(page, "Gdzie?")


def test_the_way_back_loses_nothing(quiet: Visitor, origin: str) -> None:
    page = quiet.open(origin)
    to_summary(page)
    for expected in ("Coś jeszcze?", "Kiedy?", "Gdzie?", "Co się dzieje?"):
        page.click("text=Wstecz")
        title(page, expected)
    expect(page.locator("input[value=illegal_parking]")).to_be_checked()
    page.goto(f"{origin}/#/report/summary")
    expect(page.locator(".answers")).to_contain_text("okolice: Łomża")
    expect(page.locator(".answers")).to_contain_text(TEXT)


def test_a_wrong_code_says_so(quiet: Visitor, origin: str) -> None:
    quiet.allow("/data/manifest.json", "Failed to load resource", "422 /v1/receipt")
    page = quiet.open(f"{origin}/#/follow")
    page.fill("#receipt", "0000-0000-0000-0000-0000-0000")
    page.click("button:has-text('Pokaż')")
    expect(page.locator(".result .notice")).to_contain_text("Nie możemy pokazać zgłoszenia")


def test_the_length_is_counted_in_code_points(quiet: Visitor, origin: str) -> None:
    page = quiet.open(origin)
    to_summary(page)
    page.click("text=Wstecz")
    page.fill("#description", "🚧" * 500)
    expect(page.locator("#text-count")).to_have_text("Zostało 0 znaków.")
    page.fill("#description", "e\u0301" * 501)
    expect(page.locator("#text-count")).to_have_text("O 1 znak za dużo.")
    page.click(".panel-foot button")
    title(page, "Coś jeszcze?")
    expect(page.locator("#problem")).to_be_visible()

"""The page of charts says what the files say, on any device, in any language, and when there is nothing."""

import copy
import csv
import io
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.area_files import GUARDED, MONTHS, area_files
from tests.browser.test_quality import OVERFLOW, SMALLEST, TARGETS, axe
from tests.browser.visit import DESKTOP, PHONE, Scheme, Visitor

AREAS = area_files()
YEAR = slice(-13, -1)


def show(page: Page, site: str, fragment: str) -> Page:
    """Open a view and wait until it is drawn."""
    page.goto(f"{site}/dane/{fragment}")
    page.wait_for_selector("body[data-drawn]")
    return page


@pytest.fixture
def poland(visitor: Visitor, site: str) -> Page:
    return show(visitor.page(site), site, "")


def figure(page: Page) -> str:
    """The first number of the page, without the spaces that part its thousands."""
    return "".join(sign for sign in page.locator(".tile strong").first.inner_text() if sign.isdigit())


def test_sums_are_those_of_the_twelve_whole_months(poland: Page) -> None:
    assert figure(poland) == str(sum(AREAS["country"]["categories"]["all"]["reports"][YEAR]))
    expect(poland.locator("#by-month + .finding")).to_be_visible()
    expect(poland.locator(".card", has=poland.locator("#by-month"))).to_contain_text("do 21 lis 2026")


def test_choices_stand_in_the_address_and_come_back_from_it(poland: Page) -> None:
    poland.get_by_label("Obszar").select_option("podlaskie")
    poland.get_by_label("Dokładniej").select_option("Łomża")
    poland.get_by_label("Kategoria").select_option("illegal_parking")
    expect(poland.locator("h1")).to_have_text("Łomża: Nieprawidłowe parkowanie")
    poland.get_by_label("Porównaj").focus()
    poland.get_by_label("Porównaj").select_option("year")
    poland.wait_for_url("**/dane/#/2062?category=illegal_parking&with=2024-11")
    expect(poland.get_by_label("Porównaj")).to_be_focused()
    reports = AREAS["2062"]["categories"]["illegal_parking"]["reports"]
    assert figure(poland) == str(sum(reports[YEAR]))
    expect(poland.locator("#by-month + .finding")).to_contain_text(f": {sum(reports[-25:-13])}.")
    poland.reload()
    expect(poland.get_by_label("Kategoria")).to_have_value("illegal_parking")
    poland.go_back()
    expect(poland.get_by_label("Porównaj")).to_have_value("")


def test_a_row_of_a_chart_leads_on(poland: Page) -> None:
    poland.locator(".rank a", has_text="podlaskie").click()
    poland.locator(".rank a", has_text="Łomża").click()
    expect(poland.locator("h1")).to_have_text("Łomża")
    poland.locator(".rank a", has_text="Nieprawidłowe parkowanie").first.click()
    poland.wait_for_url("**/dane/#/2062?category=illegal_parking")


def test_a_month_is_read_by_the_arrow_keys(poland: Page) -> None:
    slider = poland.locator(".plot-slider").first
    slider.focus()
    poland.keyboard.press("ArrowLeft")
    count = AREAS["country"]["categories"]["all"]["reports"][-2]
    text = (slider.get_attribute("aria-valuetext") or "").replace("\xa0", "")
    assert text == f"październik 2026, {count}"
    expect(poland.locator(".plot-read").first).to_contain_text("październik 2026")


def test_each_chart_is_a_table_too(poland: Page) -> None:
    card = poland.locator(".card", has=poland.locator("#by-month"))
    card.locator("summary").click()
    rows = [
        [cell.replace("\xa0", "") for cell in row.split("\t")] for row in card.locator("tbody").inner_text().split("\n")
    ]
    months = AREAS["country"]["categories"]["all"]
    assert [row[1] for row in rows] == [str(value) for value in months["reports"][-13:]]
    assert [row[2] for row in rows] == [str(value) for value in months["confirmed"][-13:]]


def test_what_is_seen_is_downloaded(visitor: Visitor, site: str) -> None:
    page = show(visitor.page(site), site, "#/2062?with=20")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Pobierz CSV: Miesiąc po miesiącu").click()
    assert waiting.value.suggested_filename == "months-2062-all-2025-11-2026-10-20.csv"
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8"))))
    assert [row["month"] for row in rows] == MONTHS[-13:] * 2
    for code, part in (("2062", rows[:13]), ("20", rows[13:])):
        assert {row["area"] for row in part} == {code}
        for column in ("reports", "confirmed", "open"):
            assert [int(row[column]) for row in part] == AREAS[code]["categories"]["all"][column][-13:]


def test_a_chart_is_a_picture_that_stands_alone(poland: Page) -> None:
    with poland.expect_download() as waiting:
        poland.get_by_role("button", name="Pobierz SVG: Miesiąc po miesiącu").click()
    drawn = waiting.value.path().read_text(encoding="utf-8")
    assert not re.search(r"\s(class|style)=", drawn)
    assert ">Miesiąc po miesiącu</text>" in drawn
    assert "nie przestępstwa" in drawn
    with poland.expect_download() as waiting:
        poland.get_by_role("button", name="Pobierz PNG: Miesiąc po miesiącu").click()
    picture = waiting.value.path().read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 10_000


def test_guarded_kinds_are_told_in_steps_of_five_and_nowhere_else(visitor: Visitor, site: str) -> None:
    page = show(visitor.page(site), site, "#/country?category=homeless_person")
    told = AREAS["country"]["guarded"]["categories"]["homeless_person"]
    values = page.locator(".rank-value b").all_inner_texts()
    assert values == ["mniej niż 5" if n == 0 else f"co najmniej {n}" for n in reversed(told)][: len(values)]
    expect(page.locator(".tile, #by-month")).to_have_count(0)
    kinds = show(page, site, "#/country").locator(".card", has=page.locator("#by-kind"))
    kinds.locator("summary").click()
    assert not any(kind in kinds.inner_text() for kind in ("bezdomna", "Żebractwo", "odurzających"))
    assert GUARDED.keys() == AREAS["country"]["guarded"]["categories"].keys()


def test_an_instance_without_a_night_says_when_there_will_be_something(visitor: Visitor, empty_site: str) -> None:
    visitor.allow("/data/manifest.json", "Failed to load resource")
    page = show(visitor.page(empty_site), empty_site, "")
    expect(page.locator("h1")).to_have_text("Tu jeszcze nic nie ma")
    expect(page.locator("#method")).to_be_visible()


def test_in_its_first_month_an_instance_shows_what_has_begun(visitor: Visitor, site: str) -> None:
    page = visitor.page(site)
    country = copy.deepcopy(AREAS["country"])
    for months in country["categories"].values():
        for row in months.values():
            row[:-1] = [0] * (len(row) - 1)
    page.route("**/areas/country.json", lambda route: route.fulfill(json=country))
    show(page, site, "")
    assert figure(page) == str(country["categories"]["all"]["reports"][-1])
    expect(page.locator(".card", has=page.locator("#by-month"))).to_contain_text("jest niepełny: do 21 lis 2026")


def test_an_area_without_reports_leads_back_to_the_country(visitor: Visitor, site: str) -> None:
    visitor.allow("/areas/9999.json", "Failed to load resource")
    page = show(visitor.page(site), site, "#/9999?category=speeding")
    expect(page.locator("h1")).to_have_text("Nie znamy takiego obszaru")
    page.get_by_role("link", name="Pokaż cały kraj").click()
    expect(page.locator("h1")).to_have_text("Polska: Przekraczanie dozwolonej prędkości")


def test_a_slow_or_failing_network_is_told_and_tried_again(visitor: Visitor, site: str) -> None:
    visitor.allow("Failed to load resource")
    page = visitor.page(site)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/areas/country.json", hold)
    page.goto(f"{site}/dane/")
    expect(page.locator("#wait")).to_have_text("Wczytujemy liczby…")
    held.pop().abort()
    expect(page.locator("h1")).to_have_text("Nie udało się wczytać liczb")
    page.unroute("**/areas/country.json")
    page.get_by_role("button", name="Spróbuj ponownie").click()
    expect(page.locator("h1")).to_have_text("Polska")


def test_a_build_that_is_gone_is_followed_by_the_next(visitor: Visitor, site: str) -> None:
    visitor.allow("/gone/", "Failed to load resource")
    page = visitor.page(site)
    body = page.request.get(f"{site}/data/manifest.json").json()
    old = {**body, "build": "gone", "areas": "/data/builds/gone/areas/{area}.json"}
    answers = [json.dumps(old), json.dumps(body)]
    page.route("**/data/manifest.json", lambda route: route.fulfill(body=answers.pop(0)))
    show(page, site, "#/2062")
    expect(page.locator("h1")).to_have_text("Łomża")


def test_the_map_leads_to_the_charts(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    page.get_by_role("link", name="Dane", exact=True).click()
    expect(page.locator("h1")).to_have_text("Polska")


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark"), ((320, 640), "light")], ids=["desk", "phone", "narrow"]
)
def test_the_page_is_accessible_in_every_size_and_language(
    visitor: Visitor, site: str, artifacts: Path, size: tuple[int, int], scheme: Scheme
) -> None:
    page = show(visitor.page(site, size, scheme, touch=size == PHONE), site, "#/2062?with=20")
    if size != DESKTOP:
        page.get_by_role("button", name="Menu").click()
    for language in ("en", "uk", "pl"):
        page.locator("#language").select_option(language)
        page.wait_for_selector(f"html[lang='{language}'] .card")
        assert (language, page.evaluate(OVERFLOW)) == (language, 0)
        assert (language, page.evaluate(TARGETS % (SMALLEST, SMALLEST))) == (language, [])
    page.locator(".card summary").first.click()
    page.screenshot(path=artifacts / f"charts-{size[0]}-{scheme}.png", full_page=True)
    assert axe(page) == []

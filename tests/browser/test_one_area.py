"""One area or one unit alone: map, list and download show what lies in it, and a link shows the same."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import h3
import pytest
from playwright.sync_api import Page, expect

from tests.browser import fixture
from tests.browser.outline_files import RES, outline_files
from tests.browser.test_map import LEAD, lead
from tests.browser.test_quality import OVERFLOW, axe
from tests.browser.visit import PHONE, Visitor, pixels, settled, until

LOMZA = "/#/map?at=9/53.18/22.06&area=2062"
NEAR = "/#/map?at=13/53.178/22.06&area=20"


def inside(*areas: str) -> Callable[[str], bool]:
    """Whether a cell lies in one of the areas, by all their cells."""
    files = outline_files()
    cells = {cell for area in areas for cell in h3.uncompact_cells(files[area]["cells"], RES)}
    return lambda cell: (
        (h3.cell_to_center_child(cell, RES) if h3.get_resolution(cell) < RES else h3.cell_to_parent(cell, RES)) in cells
    )


def reports_of(res: int, *areas: str) -> int:
    """Reports in the hexagons of a resolution whose centres lie in the areas."""
    holds = inside(*areas)
    return sum(holds(h3.cell_to_parent(report.cell, res)) for report in fixture.reports())


def saved(page: Page, button: str) -> list[dict[str, str]]:
    """The rows of the file that a button saves."""
    page.click("button:has-text('Pobierz to, co widać')")
    with page.expect_download() as download:
        page.click(f".button:has-text('{button}')")
    return list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))


def test_an_area_is_chosen_from_a_list_and_stands_in_the_address(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    page.click("text=Filtry")
    page.select_option("#filter-area", label="Łomża")
    page.click("button:has-text('Pokaż')")
    expect(page.locator(".chip")).to_contain_text(["Filtry", "Łomża"])
    assert "area=2062" in unquote(page.url)
    # The whole area is in view: nothing of it is left out of the count.
    until(lambda: lead(page) == reports_of(8, "2062"))


def test_a_link_shows_the_area_where_it_says(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}{LOMZA}")
    expect(page.locator(LEAD)).to_contain_text("zgłosze")
    assert "at=9/53.18" in unquote(page.url)
    until(lambda: lead(page) == reports_of(7, "2062"))


def test_a_unit_is_the_areas_that_it_answers_for(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}{LOMZA.replace('area=2062', 'unit=KMP-LOMZA')}")
    expect(page.locator(".chip").nth(1)).to_contain_text("Łomż")
    both = reports_of(7, "2062", "2007")
    assert both > reports_of(7, "2062")
    until(lambda: lead(page) == both)


def test_units_whose_area_is_not_known_are_not_offered(visitor: Visitor, site: str) -> None:
    page = visitor.open(site)
    page.click("text=Filtry")
    offered = page.locator("#filter-area option")
    expect(offered.filter(has_text="Komenda Miejska Policji w Łomży")).to_have_count(1)
    expect(offered.filter(has_text="Suwałk")).to_have_count(0)


def test_a_chip_gives_the_whole_map_back(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}{LOMZA}")
    few = reports_of(7, "2062")
    until(lambda: lead(page) == few)
    page.click(".chip:has-text('Łomża')")
    expect(page.locator(".chip")).to_have_count(1)
    assert "area" not in page.url
    until(lambda: lead(page) > few)


def test_an_area_that_there_is_not_hides_nothing(visitor: Visitor, site: str) -> None:
    visitor.allow("/data/outlines/fixture/9999.json", "Failed to load resource")
    page = visitor.open(f"{site}/#/map?area=9999")
    assert lead(page) == len(fixture.reports())
    expect(page.locator(".chip").nth(1)).to_have_text("9999")


def test_what_lies_beyond_steps_back(visitor: Visitor, site: str) -> None:
    """The country's own land, drawn as elsewhere within the outline alone, gives way around it."""
    page = visitor.open(f"{site}/#/map?at=8/53.18/22.06")
    settled(page)
    land = pixels(page, "own-land", 0)
    page = visitor.open(f"{site}/#/map?at=8/53.18/22.06&area=2062")
    settled(page)
    assert 0 < pixels(page, "own-land", 0) < land / 5


def test_the_table_of_hexagons_is_what_the_list_counts(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}{LOMZA}")
    total = reports_of(7, "2062")
    until(lambda: lead(page) == total)
    rows = saved(page, "sześciokąt")
    assert sum(int(row["reports"]) for row in rows) == total
    assert all(inside("2062")(row["cell"]) for row in rows)
    assert {row["window"] for row in rows} == {"365d"}


def test_the_table_of_reports_has_those_in_view_that_the_filters_leave(visitor: Visitor, site: str) -> None:
    page = visitor.open(f"{site}{NEAR}&status=confirmed&category=speeding")
    rows = saved(page, "zgłosze")
    known = {report.id: report for report in fixture.reports()}
    assert len(rows) > 3
    for row in rows:
        report = known[row["id"]]
        assert (row["category"], row["status"], row["created_day"]) == ("speeding", "confirmed", report.day.isoformat())
        assert (report.category, report.status) == ("speeding", "confirmed")
        assert inside("20")(report.cell)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_of_filters_and_the_offer_are_accessible(visitor: Visitor, site: str, scheme: str) -> None:
    page = visitor.open(f"{site}{LOMZA}", PHONE, scheme, touch=True)  # type: ignore[arg-type]
    page.tap("#handle")
    page.tap("button:has-text('Pobierz to, co widać')")
    expect(page.locator(".button:has-text('CSV')").first).to_be_focused()
    assert axe(page) == []
    page.tap(".filter-button")
    expect(page.locator("#filter-area")).to_have_value("area:2062")
    assert axe(page) == []
    assert page.evaluate(OVERFLOW) <= 0

"""What a hexagon says of chance, trend and time: the published statistics and nothing else, in plain words."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import h3
import pytest
from playwright.sync_api import Page, expect

from tests.browser import fixture
from tests.browser.test_modules import Modules, modules
from tests.browser.test_quality import OVERFLOW, axe
from tests.browser.visit import PHONE, Visitor

__all__ = ["modules"]

RES = 7
ALL = {"categories": [], "window": "365d"}


@pytest.fixture(scope="module")
def tile() -> dict[str, Any]:
    """The tile around Warsaw."""
    return fixture.cell_files(fixture.reports(), RES)[h3.latlng_to_cell(52.2297, 21.0122, RES - 3)]


def hexagon(tile: dict[str, Any], position: int) -> dict[str, Any]:
    return {"file": tile, "position": position, "lat": 0, "lon": 0}


def cells(tile: dict[str, Any]) -> list[str]:
    """The cells of a tile in their order."""
    children, rank, found = sorted(h3.cell_to_children(tile["parent"], tile["res"])), 0, []
    for step in tile["ranks"]:
        rank += step
        found.append(children[rank])
    return found


def test_of_all_together_the_columns_are_told(modules: Modules, tile: dict[str, Any]) -> None:
    for position in range(len(tile["ranks"])):
        for window, local, national in (("365d", "hot365", "national365"), ("28d", "hot28", "national28")):
            told = modules.call("views/chance", "marksOf", hexagon(tile, position), {**ALL, "window": window})
            assert told == {
                "expected": tile["expected"][position],
                "local": tile[local][position],
                "national": tile[national][position],
                "trend": tile["trend"][position],
                "surprise": tile["surprise"][position],
            }


def test_of_one_category_its_row_is_told_and_nothing_where_it_does_not_stand_out(
    modules: Modules, tile: dict[str, Any]
) -> None:
    row = tile["standing_out"][0]
    one = {"categories": [tile["categories"][row[0]]], "window": "28d"}
    told = modules.call("views/chance", "marksOf", hexagon(tile, row[1]), one)
    assert told == {"expected": None, "local": row[3], "national": row[5], "trend": row[6], "surprise": row[7]}
    assert modules.call("views/chance", "marksOf", hexagon(tile, row[1]), {**one, "categories": ["no_such"]}) is None


def test_of_several_categories_and_of_fine_cells_nothing_is_told(modules: Modules, tile: dict[str, Any]) -> None:
    several = {"categories": tile["categories"][:2], "window": "365d"}
    assert modules.call("views/chance", "marksOf", hexagon(tile, 0), several) is None
    bare = {name: value for name, value in tile.items() if name in {"res", "parent", "categories", "ranks", "n365"}}
    assert modules.call("views/chance", "marksOf", hexagon(bare, 0), ALL) is None
    assert modules.call("views/chance", "standingOut", hexagon(bare, 0), "365d") == []


def test_the_surest_of_what_stands_out_comes_first_and_no_more_than_three(modules: Modules) -> None:
    rows = [[0, 4, 90, 0, 0, 0, 1, 0], [1, 4, 99, 0, 0, 0, 1, 0], [2, 5, 99, 0, 0, 0, 1, 0], [3, 4, 0, 99, 0, 0, 1, 0]]
    rows += [[4, 4, 95, 0, 0, 0, 1, 0], [5, 4, 90, 0, 0, 0, 1, 0]]
    file = {"categories": list("abcdef"), "standing_out": rows}
    assert modules.call("views/chance", "standingOut", hexagon(file, 4), "365d") == ["b", "e", "a"]
    assert modules.call("views/chance", "standingOut", hexagon(file, 4), "28d") == ["d"]


@pytest.mark.parametrize(
    ("grid", "expected"),
    [
        ([[7, 0, 0, 0]] * 7, None),
        ([[1, 2, 3, 4]] * 4 + [[1, 2, 9, 9]] + [[1, 2, 3, 4]] * 2, {"day": 5, "part": "night"}),
        ([[10, 10, 10, 10]] + [[0, 0, 0, 9]] * 6, {"day": 1, "part": "night"}),
        ([], None),
    ],
    ids=["too few", "a Friday", "a Monday by day and the night by part", "nothing told"],
)
def test_a_pattern_is_told_of_fifty_reports_and_more(
    modules: Modules, grid: list[list[int]], expected: dict[str, Any] | None
) -> None:
    assert modules.call("views/chance", "busiest", grid) == expected


def test_of_several_categories_it_says_why_nothing_is_told(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site, (1280, 800), more="&category=illegal_parking,speeding")
    expect(page.locator(".chance")).to_contain_text("Dla kilku kategorii razem tego nie liczymy.")


def test_of_a_field_that_is_too_small_it_says_so(visitor: Visitor, site: str) -> None:
    page = visitor.page(site)
    ((cell, _),) = Counter(h3.cell_to_parent(report.cell, 9) for report in fixture.reports()).most_common(1)
    page.goto(f"{site}/#/map?show={cell}")
    expect(page.locator(".chance")).to_contain_text("Dla tak małego pola tego nie liczymy.")


def test_a_category_that_does_not_stand_out_is_said_not_to(modules: Modules, tile: dict[str, Any]) -> None:
    why = """async ([path, hex, sensitivity]) => (await import(path)).whyNot(hex, ["speeding"], () => sensitivity)"""
    path = f"{modules.base}/views/chance.js"
    for sensitivity, expected in (("ordinary", "not_alone"), ("vulnerable", "guarded")):
        assert modules.page.evaluate(why, [path, hexagon(tile, 0), sensitivity]) == expected


def opened(visitor: Visitor, site: str, size: tuple[int, int], locale: str = "pl-PL", more: str = "") -> Page:
    """The hexagon of Warsaw that has most, by its link."""
    page = visitor.page(site, size, locale=locale)
    found = fixture.cell_files(fixture.reports(), 5)[h3.latlng_to_cell(52.2297, 21.0122, 2)]
    cell = cells(found)[found["n365"].index(max(found["n365"]))]
    page.goto(f"{site}/#/map?show={cell}{more}")
    page.wait_for_selector("body[data-ready]")
    page.locator(".chance h2").wait_for()
    return page


def test_a_hexagon_says_how_sure_in_words_and_when(visitor: Visitor, site: str, published: Path) -> None:
    page = opened(visitor, site, (1280, 800))
    said = page.locator(".chance")
    expect(said).to_contain_text("Więcej zgłoszeń, niż dałby przypadek w tym powiecie. Pewność: 99%.")
    expect(said).to_contain_text("Na tle całego kraju też. Pewność: 99%.")
    expect(said).to_contain_text("Skupisko trwa od dawna i narasta.")
    expect(said).to_contain_text("rzadziej niż raz na 1000.")
    expect(said).to_contain_text("Wyróżnia się:")
    manifest = json.loads((published / "data" / "manifest.json").read_text("utf-8"))
    area = json.loads((published / manifest["areas"].replace("{area}", "1465").removeprefix("/")).read_text("utf-8"))
    days = [sum(parts) for parts in area["pattern"]["all"]]
    names = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
    expect(said).to_contain_text(f"najwięcej zgłoszeń dotyczy dnia: {names[days.index(max(days))]}")
    expect(said.get_by_role("link", name="Jak to liczymy")).to_have_attribute("href", "/info/pl/about/")


def test_without_the_file_of_the_area_the_rest_still_stands(visitor: Visitor, site: str) -> None:
    visitor.allow("/areas/", "Failed to load resource")
    page = visitor.page(site)
    page.route("**/areas/*.json", lambda route: route.fulfill(status=404))
    page.goto(f"{site}/#/map?show={h3.latlng_to_cell(52.2297, 21.0122, 5)}")
    expect(page.locator(".chance h2")).to_be_visible()
    expect(page.locator(".chance")).not_to_contain_text("Kiedy?")


@pytest.mark.parametrize("locale", ["en-GB", "uk-UA"])
def test_on_a_phone_it_is_open_to_everybody(visitor: Visitor, site: str, locale: str) -> None:
    page = opened(visitor, site, PHONE, locale)
    assert axe(page) == []
    assert page.evaluate(OVERFLOW) == 0


def test_numbers_are_of_the_categories_that_the_filter_leaves(modules: Modules) -> None:
    shares = [{"code": "a", "year": 9, "month": 4}, {"code": "b", "year": 5, "month": None}]
    hexagon = {"year": 20, "month": 6, "categories": shares}
    for chosen, expected in (([], (20, 6)), (["a"], (9, 4)), (["a", "b"], (14, 4)), (["c"], (0, 0))):
        told = modules.call("views/hexagon", "countsOf", hexagon, chosen)
        assert (told["year"], told["month"]) == expected


def test_a_filter_is_said_beside_the_numbers(visitor: Visitor, site: str) -> None:
    page = opened(visitor, site, (1280, 800), more="&category=illegal_parking")
    cell = page.evaluate("() => new URLSearchParams(location.hash.split('?')[1]).get('show')")
    inside = [one for one in fixture.reports() if h3.cell_to_parent(one.cell, 5) == cell]
    parked = sum(one.category == "illegal_parking" for one in inside)
    expect(page.locator(".detail .figures strong").first).to_have_text(str(parked))
    expect(page.locator(".detail")).to_contain_text("Tylko: nieprawidłowe parkowanie.")

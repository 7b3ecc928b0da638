"""The site's own modules, called in the browser that will run them and compared with an independent reckoning."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h3
import pytest
from playwright.sync_api import Browser, Page

from tests.browser import fixture
from tests.browser.visit import Visitor
from tests.support.published import listed_tiles

CALL = """async ([path, name, args]) => {
  const module = await import(path);
  return module[name](...args);
}"""


class Modules:
    """Calls functions of the built site's modules in a page of it."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.base = "/" + str(next((folder / "a").iterdir()).relative_to(folder))

    def call(self, module: str, name: str, *args: Any) -> Any:
        return self.page.evaluate(CALL, [f"{self.base}/{module}.js", name, list(args)])


@pytest.fixture(scope="module")
def modules(browser: Browser, site: str, site_folder: Path) -> Iterator[Modules]:
    visitor = Visitor(browser)
    yield Modules(visitor.open(site), site_folder)
    visitor.close()


@pytest.mark.parametrize(
    ("day", "time", "zone", "expected"),
    [
        ("2026-11-22", "14:05", "Europe/Warsaw", "2026-11-22T14:05:00+01:00"),
        ("2026-07-01", "00:00", "Europe/Warsaw", "2026-07-01T00:00:00+02:00"),
        # The clock goes from 02:00 to 03:00: the hour that is left out is moved on.
        ("2026-03-29", "02:30", "Europe/Warsaw", "2026-03-29T03:30:00+02:00"),
        ("2026-03-29", "03:00", "Europe/Warsaw", "2026-03-29T03:00:00+02:00"),
        # It comes twice: the first is meant.
        ("2026-10-25", "02:30", "Europe/Warsaw", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25", "03:00", "Europe/Warsaw", "2026-10-25T03:00:00+01:00"),
        ("2026-07-01", "10:00", "America/Vancouver", "2026-07-01T10:00:00-07:00"),
        ("2026-07-01", "10:00", "Asia/Kathmandu", "2026-07-01T10:00:00+05:45"),
    ],
)
def test_a_wall_clock_time_gets_the_offset_of_its_zone(
    modules: Modules, day: str, time: str, zone: str, expected: str
) -> None:
    assert modules.call("lib/time", "zonedMoment", day, time, zone) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Łódź", "lodz"), ("Świętokrzyska-Żółta", "swietokrzyska zolta"), ("  ÄÖß ", "aoss"), ("Київ", "киів"), ("!", "")],
)
def test_search_words_lose_case_and_diacritics(modules: Modules, text: str, expected: str) -> None:
    assert modules.call("data/places", "folded", text) == expected


def test_an_address_says_all_and_nothing_that_it_should_not(modules: Modules) -> None:
    fragment = "#/map?at=12.5/53.1781/22.0594&category=speeding,begging&status=new&window=28d&show=85abc"
    route = modules.call("lib/route", "parseRoute", fragment)
    assert modules.call("lib/route", "formatRoute", route) == fragment
    secret = modules.call("lib/route", "parseRoute", "#/follow?receipt=0ABC-DEFG")
    assert secret["receipt"] == "0ABC-DEFG"
    assert modules.call("lib/route", "formatRoute", secret) == "#/follow"


@pytest.mark.parametrize("fragment", ["", "#/none", "#/map?at=x/y/z", "#/map?at=12/91/200", "#/map?category=%3Cb%3E"])
def test_a_senseless_address_is_the_plain_map(modules: Modules, fragment: str) -> None:
    route = modules.call("lib/route", "parseRoute", fragment)
    assert (route["view"], route["zoom"], route["categories"]) == ("map", None, [])


@pytest.mark.parametrize("res", fixture.RESOLUTIONS)
def test_every_hexagon_is_decoded_with_its_counts(modules: Modules, res: int) -> None:
    reports = fixture.reports()
    seen: Counter[str] = Counter()
    for file in fixture.cell_files(reports, res).values():
        for cell in modules.call("data/hexes", "hexesOf", file):
            seen[cell["id"]] += cell["year"]
    assert seen == Counter(h3.cell_to_parent(report.cell, res) for report in reports)


@pytest.mark.parametrize("res", fixture.RESOLUTIONS)
def test_lists_of_tiles_are_read_as_they_are_written(modules: Modules, res: int) -> None:
    parents = sorted(fixture.cell_files(fixture.reports(), res))
    listed = fixture.tile_list(res, parents) | {"versions": ["old", "new"], "version": [0, 1] * (len(parents) // 2)}
    listed["version"] += [0] * (len(parents) % 2)
    page = f"async (list) => [...(await import('{modules.base}/data/published.js')).tilesOf(list)]"
    assert modules.page.evaluate(page, listed) == [list(row) for row in listed_tiles(listed)]
    nothing: dict[str, Any] = {"res": res, "first": None, "steps": [], "versions": [], "version": []}
    assert modules.page.evaluate(page, nothing) == []


@pytest.mark.parametrize("res", fixture.RESOLUTIONS)
def test_a_view_asks_for_every_file_that_has_a_cell_in_it(modules: Modules, res: int) -> None:
    cells = {h3.cell_to_parent(report.cell, res) for report in fixture.reports()}
    parents = sorted({h3.cell_to_parent(cell, res - 3) for cell in cells})
    chance = random.Random(res)
    inside = 0
    for _ in range(40):
        south, west = chance.uniform(49, 54), chance.uniform(14, 23)
        tall, wide = chance.uniform(0.02, 3), chance.uniform(0.02, 4)
        view = {"south": south, "north": south + tall, "west": west, "east": west + wide}
        asked = set(modules.call("data/hexes", "parentsInView", parents, res - 3, view))
        for cell in cells:
            touches = any(
                south <= lat <= south + tall and west <= lon <= west + wide for lat, lon in h3.cell_to_boundary(cell)
            )
            inside += touches
            assert not touches or h3.cell_to_parent(cell, res - 3) in asked
    assert inside > 100


def test_classes_of_filtered_counts_grow_with_the_count(modules: Modules) -> None:
    file = next(iter(fixture.cell_files(fixture.reports(), 5).values()))
    hexes = modules.call("data/hexes", "hexesOf", file)
    kept = modules.call("data/hexes", "filteredHexes", hexes, {"categories": ["speeding"], "window": "365d"})
    ordered = sorted(kept, key=lambda cell: int(cell["count"]))
    assert len(ordered) > 5
    assert [cell["level"] for cell in ordered] == sorted(cell["level"] for cell in ordered)
    assert {cell["level"] for cell in ordered} <= {1, 2, 3, 4, 5}
    assert ordered[-1]["level"] == 5

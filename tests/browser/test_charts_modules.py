"""The pure parts of the page of charts, called in the browser that will run them."""

import csv
import io
import itertools
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from playwright.sync_api import Browser

from chalicelib.services.tables import safe
from infra.local.emulator import ROOT
from tests.browser.area_files import MONTHS, THROUGH, area_files
from tests.browser.test_modules import Modules
from tests.browser.visit import Visitor

FIRST, WHOLE = MONTHS[0], MONTHS[-2]


@pytest.fixture(scope="module")
def charts(browser: Browser, site: str, site_folder: Path) -> Iterator[Modules]:
    visitor = Visitor(browser)
    page = visitor.page(site)
    page.goto(f"{site}/dane/")
    page.wait_for_selector("body[data-drawn]")
    yield Modules(page, site_folder)
    visitor.close()


def test_the_made_up_areas_are_such_as_a_night_writes() -> None:
    schema = json.loads((ROOT / "chalicelib" / "schemas" / "areas.json").read_text(encoding="utf-8"))
    for area in area_files().values():
        jsonschema.validate(area, schema)


def test_a_download_is_written_as_the_bulk_exports_are(charts: Modules) -> None:
    words = ["=1+1", "+48", "-5", "@x", "\tx", "\uff1dx", 'say "x"', "a,b", "a\r\nb", "'x", "", "Łomża", "2026-11"]
    rows: list[list[Any]] = [[word, number, None] for word, number in zip(words, [-5, 0.25, 7] * 5, strict=False)]
    sheet = io.StringIO()
    csv.writer(sheet).writerows([["name", "n", "nothing"], *(safe(row) for row in rows)])
    expected = sheet.getvalue()
    assert charts.call("shared/csv", "csv", ["name", "n", "nothing"], rows) == expected


def test_an_axis_has_round_steps_that_reach_its_largest_value(charts: Modules) -> None:
    chance = random.Random(20261122)
    for most in [0, 1, 2, 7, 60, 99, 100, 1072, *(round(10 ** chance.uniform(0, 7)) for _ in range(60))]:
        steps = charts.call("dane/scale", "ticks", most, 4, True)
        assert steps[0] == 0
        assert most <= steps[-1] < max(2, 2.5 * most)
        assert len(steps) <= 6
        assert {b - a for a, b in itertools.pairwise(steps)} == {steps[1]}
        assert all(step == int(step) for step in steps)
    assert charts.call("dane/scale", "ticks", 0.31, 4, False) == [0, 0.1, 0.2, 0.3, 0.4]


@pytest.mark.parametrize(("months", "width", "step"), [(12, 900, 1), (12, 250, 2), (60, 900, 3), (60, 250, 12)])
def test_labels_of_months_do_not_touch(charts: Modules, months: int, width: int, step: int) -> None:
    assert charts.call("dane/scale", "labelStep", months, width, 34) == step


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ((None, None), (47, 58)),
        (("2026-01", None), (49, 58)),
        ((None, "2024-12"), (25, 36)),
        (("2026-11", "2026-11"), (59, 59)),
        (("2026-03", "2025-03"), (39, 51)),
        (("1999-01", "2031-01"), (0, 59)),
    ],
)
def test_asked_months_are_cut_to_those_there_are(
    charts: Modules, asked: tuple[str | None, str | None], expected: tuple[int, int]
) -> None:
    found = charts.call("dane/months", "spanOf", MONTHS, THROUGH.isoformat(), *asked)
    assert (found["first"], found["last"]) == expected


@pytest.mark.parametrize(
    ("through", "expected"), [("2026-11-21", [59, True]), ("2026-11-30", [60, False]), ("2026-10-31", [59, False])]
)
def test_a_month_that_has_begun_is_not_a_whole_one(charts: Modules, through: str, expected: list[int]) -> None:
    assert list(charts.call("dane/months", "complete", MONTHS, through).values()) == expected


@pytest.mark.parametrize(
    ("start", "expected"), [(MONTHS[35], {"first": 35, "last": 46}), ("2020-01", None), (MONTHS[55], None)]
)
def test_a_period_is_compared_with_one_as_long_or_with_none(
    charts: Modules, start: str, expected: dict[str, int] | None
) -> None:
    assert charts.call("dane/months", "otherSpan", MONTHS, {"first": 47, "last": 58}, start) == expected


@pytest.mark.parametrize(
    ("now", "before"), [(0, 0), (5, 0), (0, 5), (12, 9), (120, 90), (1200, 1190), (90, 120), (10, 3), (11, 3)]
)
def test_a_difference_is_told_from_chance(charts: Modules, now: int, before: int) -> None:
    found = charts.call("dane/numbers", "change", now, before)
    assert found["sure"] == (now + before > 0 and abs(now - before) / math.sqrt(now + before) > 1.96)
    assert found["change"] == (None if before == 0 else pytest.approx(now / before - 1))


def test_areas_of_different_size_stand_on_one_axis(charts: Modules) -> None:
    assert charts.call("dane/numbers", "comparable", [10, 20, 30], 5000, True) == [2, 4, 6]
    assert charts.call("dane/numbers", "comparable", [10, 20, 30], None, False) == [50, 100, 150]
    assert charts.call("dane/numbers", "comparable", [0, 0], None, False) == [0, 0]


def test_shades_grow_with_the_count_and_nothing_is_no_shade(charts: Modules) -> None:
    assert charts.call("shared/week", "shades", [[0, 1, 20], [21, 60, 100]]) == [[0, 1, 1], [2, 3, 5]]
    assert charts.call("shared/week", "shades", [[0, 0]]) == [[0, 0]]


@pytest.mark.parametrize(
    "fragment",
    [
        "#/country",
        "#/2062?category=speeding&from=2025-01&to=2026-11&with=20",
        "#/20?with=2024-11",
        "#/greater-vancouver?category=graffiti",
    ],
)
def test_an_address_says_all_that_is_shown(charts: Modules, fragment: str) -> None:
    route = charts.call("dane/route", "parseRoute", fragment)
    assert charts.call("dane/route", "formatRoute", route) == fragment


@pytest.mark.parametrize(
    "fragment", ["", "#", "#/%3Cb%3E", "#/a/b", "#/country?category=<b>&from=2026-13&to=x&with=a b"]
)
def test_a_senseless_address_is_the_whole_country(charts: Modules, fragment: str) -> None:
    route = charts.call("dane/route", "parseRoute", fragment)
    assert route == {"area": "country", "category": "all", "from": None, "to": None, "other": None}

"""The statistics of a night in a small country of two powiats, as its readers have them."""

import json
from collections import Counter
from datetime import timedelta
from itertools import accumulate
from math import sqrt

import h3
import jsonschema
import pytest

from infra.local.emulator import ROOT
from tests.nightly.powiats import EAST, NORTH, SOUTH, say_where_the_country_is
from tests.nightly.world import ORDINARY, VULNERABLE, WARSAW, Night, reach_back

RES = 8
BEYOND = (52.45, 21.02)
Row = dict[str, str]


@pytest.fixture(scope="module")
def country(shared_night: Night) -> Night:
    """A place with many reports of late, a few everywhere, some beyond the border, and guarded ones that count not."""
    night = shared_night
    with pytest.MonkeyPatch.context() as patch:
        reach_back(patch, gap=timedelta(days=3))
        fill(night)
        night.run()
    return night


def fill(night: Night) -> None:
    """Say where the country is, and file reports."""
    say_where_the_country_is(night)
    days = [night.today - timedelta(days=1 + number) for number in range(20)]
    night.load([(day, WARSAW, ORDINARY) for day in days] * 2, "hot")
    spread = [(SOUTH + 0.01 * number, 20.72 + 0.019 * number) for number in range(28)]
    night.load([(days[number % 20], place, ORDINARY) for number, place in enumerate(spread)], "spread")
    night.load([(days[0], place, "speeding") for place in spread[::4]], "others")
    night.load([(days[3], BEYOND, ORDINARY)] * 2, "beyond")
    night.load([(days[4], WARSAW, VULNERABLE)] * 40, "guarded")
    night.load([(day - timedelta(days=400), WARSAW, ORDINARY) for day in days], "old")


@pytest.fixture(scope="module")
def table(country: Night) -> list[Row]:
    """The published table."""
    return country.table("cells")


def rows(table: list[Row], category: str, window: str = "365d", res: int = RES) -> dict[str, Row]:
    wanted = (category, window, str(res))
    return {row["cell"]: row for row in table if (row["category"], row["window"], row["resolution"]) == wanted}


def land() -> dict[str, str]:
    """Every cell of the country and its powiat."""
    ring = [[(20.7, SOUTH), (21.3, SOUTH), (21.3, NORTH), (20.7, NORTH), (20.7, SOUTH)]]
    cells = h3.geo_to_cells({"type": "Polygon", "coordinates": ring}, RES)
    inside = {str(cell): h3.cell_to_latlng(cell)[1] for cell in cells}
    return {cell: "1465" if lon < EAST else "1432" for cell, lon in inside.items()}


@pytest.mark.parametrize("window", ["365d", "28d"])
def test_z_is_gi_star_over_the_powiat_and_over_the_country(country: Night, table: list[Row], window: str) -> None:
    days = int(window.removesuffix("d"))
    counts = {cell: n for (cell, code), n in country.recount(RES, country.today, days).items() if code == ORDINARY}
    areas = land()
    beyond = counts.keys() - areas.keys()
    assert str(h3.latlng_to_cell(*BEYOND, RES)) in beyond
    areas |= dict.fromkeys(beyond, "1465")
    found = rows(table, ORDINARY, window)
    assert found.keys() == counts.keys()
    for cell, row in found.items():
        for column, wanted in (("z", areas[cell]), ("z_national", None)):
            group = [counts.get(one, 0) for one, area in areas.items() if wanted in {None, area}]
            near = [one for one in h3.grid_disk(cell, 1) if one in areas]
            n, mean = len(group), sum(group) / len(group)
            spread = sqrt(sum(y * y for y in group) / n - mean**2)
            bottom = spread * sqrt(max(n * len(near) - len(near) ** 2, 0) / max(n - 1, 1))
            z = (sum(counts.get(one, 0) for one in near) - mean * len(near)) / bottom if bottom else 0.0
            assert float(row[column]) == pytest.approx(z, abs=6e-4)


def test_the_place_with_many_reports_is_hot_and_new_and_nothing_else_is(table: list[Row]) -> None:
    found = rows(table, ORDINARY)
    hot = {cell for cell, row in found.items() if row["hot"] != "0"}
    here = str(h3.latlng_to_cell(*WARSAW, RES))
    assert here in hot <= set(h3.grid_disk(here, 1))
    assert (found[here]["hot"], found[here]["hot_national"], found[here]["trend"]) == ("99", "99", "new")
    assert float(found[here]["surprise"]) > 4
    assert {row["trend"] for cell, row in found.items() if cell not in hot} == {"none"}


def test_statistics_are_of_ordinary_categories_down_to_the_resolution_of_the_instance(table: list[Row]) -> None:
    computed: Counter[tuple[str, bool, bool]] = Counter()
    for row in table:
        values = [row[name] for name in list(row)[6:]]
        assert all(values) or not any(values)
        computed[row["category"], int(row["resolution"]) <= RES, all(values)] += 1
    assert {key for key in computed if key[2]} == {(code, True, True) for code in ("all", ORDINARY, "speeding")}
    assert computed[ORDINARY, False, False] > 20
    assert not computed[VULNERABLE, True, True]


def test_all_is_told_as_if_there_were_no_guarded_reports(table: list[Row]) -> None:
    together, ordinary = rows(table, "all"), rows(table, ORDINARY)
    alone = [cell for cell in together if together[cell]["reports"] == ordinary.get(cell, {}).get("reports")]
    here = str(h3.latlng_to_cell(*WARSAW, RES))
    assert float(together[here]["expected"]) == pytest.approx(float(ordinary[here]["expected"]), rel=0.3)
    assert len(alone) > 10


def test_tiles_tell_what_the_table_tells(country: Night, table: list[Row]) -> None:
    schema = json.loads((ROOT / "chalicelib" / "schemas" / "cells.json").read_text())
    everything, seen = rows(table, "all"), 0
    for tile in country.tiles(RES):
        jsonschema.validate(tile, schema)
        children = sorted(h3.cell_to_children(tile["parent"], RES))
        cells = [children[rank] for rank in accumulate(tile["ranks"])]
        for position, cell in enumerate(cells):
            row = everything[cell]
            assert [tile[name][position] for name in ("hot365", "national365")] == [
                int(row["hot"]),
                int(row["hot_national"]),
            ]
            assert tile["expected"][position] == pytest.approx(float(row["expected"]), rel=0.06, abs=0.06)
            seen += tile["hot365"][position] > 0
        for category, position, *values in tile["standing_out"]:
            row = rows(table, tile["categories"][category])[cells[position]]
            assert [values[0], values[2]] == [int(row["hot"]), int(row["hot_national"])]
            assert any(value > 0 for value in values)
    assert seen


def test_a_night_that_is_run_again_finds_the_country_as_it_was_surveyed(country: Night) -> None:
    before = country.objects("state/regions/", country.work)
    assert len(before) == 1
    assert country.run()["state"] == "unchanged"
    assert country.objects("state/regions/", country.work) == before


def test_a_country_without_reports_has_a_map_of_nothing(night: Night) -> None:
    say_where_the_country_is(night)
    assert night.run()["state"] == "published"
    assert night.table("cells") == []

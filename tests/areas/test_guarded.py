"""What areas tell of guarded categories: nothing that is not told of cells, or steps of five told once."""

import json
import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Catalogue
from chalicelib.hotspots.periods import closed, first_day
from chalicelib.hotspots.region import Region
from chalicelib.services.area_counts import gather
from chalicelib.services.area_files import AreaFiles
from chalicelib.services.area_tables import _guarded
from chalicelib.services.area_tellings import Told, hidden, powiats, sums
from chalicelib.services.tellings import COUNTRY, Telling, tell
from chalicelib.store.objects import Objects, Pointer
from tests.areas.history import DAY, Row, state, workshop

ROOT = Path(__file__).parents[2]
VULNERABLE, HIDDEN, K = "begging", "drug_use", 5
EAST = 21.0
ABOVE = h3.latlng_to_cell(52.2, EAST, 5)
GROUND = sorted(h3.cell_to_children(ABOVE, 8))
CELLS = sorted(int(cell, 16) for near in h3.grid_disk(ABOVE, 2) for cell in h3.cell_to_children(near, 8))
PERIODS = closed(DAY)
LAST = PERIODS.stop - 1


def area_at(cell: str) -> str:
    """Two powiats of two voivodeships, with a border through the cells."""
    return "1465" if h3.cell_to_latlng(cell)[1] < EAST else "2062"


REGION = Region(
    np.array(CELLS, dtype=np.uint64),
    np.array([["1465", "2062"].index(area_at(f"{cell:x}")) for cell in CELLS], dtype=np.int64),
    ["1465", "2062"],
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.from_document(json.loads((ROOT / "instances" / "pl" / "catalogue.json").read_text("utf-8")))


def row(number: int, category: str, cell: str, day: date, status: str = "new") -> Row:
    return Row(
        id=f"r{number}",
        category=category,
        status=status,
        reason=None,
        day=day,
        created=datetime.combine(day, datetime.min.time()),
        area=area_at(cell),
        unit=None,
        cell=int(h3.cell_to_center_child(cell, 11), 16),
    )


def told_of(cells: list[int]) -> Telling:
    """What the night tells of one period with so many reports in cells of the ground."""
    fine = [int(h3.cell_to_center_child(GROUND[place], 9), 16) for place in cells]
    return tell(np.array(fine, dtype=np.uint64), np.zeros(len(fine), dtype=np.int64), [VULNERABLE])


bunch = st.tuples(st.sampled_from(range(len(GROUND))), st.integers(1, 9))
# Few of them are told of one powiat alone, many of both.
bunches = st.lists(bunch, min_size=1, max_size=2) | st.lists(bunch, min_size=3, max_size=12)


def test_whatever_is_subtracted_is_nothing_or_at_least_five() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None)
    @given(bunches)
    def check(rows: list[tuple[int, int]]) -> None:
        told = told_of([place for place, times in rows for _ in range(times)])
        if not told:
            return
        number = {**sums(powiats(told[VULNERABLE], REGION)), COUNTRY: told[VULNERABLE][COUNTRY]}
        both = number.get("1465", 0) + number.get("2062", 0)
        assert (number.get("14", 0), number.get("20", 0)) == (number.get("1465", 0), number.get("2062", 0))
        cells = told[VULNERABLE]
        assert number["country"] == cells["country"] == sum(times for _, times in rows)
        rest = number["country"] - both
        left = {area: number.get(area, 0) for area in ("1465", "2062")}
        # The cells that are told, each without those in it: taken from its area, nothing small is ever left.
        for cell, count in cells.items():
            if cell != "country":
                below = sum(cells.get(child, 0) for child in h3.cell_to_children(cell))
                left[area_at(h3.cell_to_center_child(cell, 8))] -= count - below
                assert count == below or count - below >= K
        assert set(left.values()) == {0}
        assert rest == 0 or rest >= K
        assert all(count >= K for count in number.values())
        seen["split" if len(number) == 5 else "one"] += 1

    check()
    assert seen["split"] > 2
    assert seen["one"] > 2


def test_steps_of_five_by_true_area_would_tell_small_counts_of_cells_on_a_border() -> None:
    """Why vulnerable counts of areas are reckoned from cells: seven and two in the west, three in the east."""
    west = [cell for cell in GROUND if area_at(cell) == "1465"]
    inside = next(cell for cell in west if all(area_at(child) == "1465" for child in h3.cell_to_children(cell, 11)))
    across = next(
        cell
        for cell in GROUND
        if cell != inside and {area_at(child) for child in h3.cell_to_children(cell, 11)} == {"1465", "2062"}
    )
    told = told_of([GROUND.index(inside)] * 7 + [GROUND.index(across)] * 5)[VULNERABLE]
    assert (told[inside], told[across], told["country"]) == (7, 5, 12)
    by_area_in_steps = {"1465": (7 + 2) // K * K, "2062": 3 // K * K}
    # The west has at most nine, seven of them in its own cell: so at most two of the five across lie there.
    most_in_the_west = by_area_in_steps["1465"] + K - 1 - told[inside]
    least_in_the_east = told[across] - most_in_the_west
    most_in_the_east = by_area_in_steps["2062"] + K - 1
    assert (least_in_the_east, most_in_the_east) == (3, 4)


class Work:
    """A bucket with one pointer."""

    body: bytes | None = None

    def read_pointer(self, _key: str) -> Pointer | None:
        return None if self.body is None else Pointer(self.body, "1")

    def flip_pointer(self, _key: str, body: bytes, _etag: str | None) -> None:
        self.body = body


def nights(catalogue: Catalogue, folder: Path, states: list[list[Row]]) -> list[Told]:
    work = cast("Objects", Work())
    return [
        hidden(workshop(folder), work, [state(folder, history, f"s{number}")], catalogue, DAY)
        for number, history in enumerate(states)
    ]


def test_hidden_categories_are_told_in_steps_of_five_once(catalogue: Catalogue, tmp_path: Path) -> None:
    chance = random.Random(2)
    west = [cell for cell in GROUND if area_at(cell) == "1465"]
    east = [cell for cell in GROUND if area_at(cell) == "2062"]
    last, before = first_day(LAST), first_day(LAST - 1)
    history = [row(n, HIDDEN, chance.choice(west), last + timedelta(days=n)) for n in range(14)]
    history += [row(20 + n, HIDDEN, chance.choice(east), last) for n in range(4)]
    history += [row(30 + n, HIDDEN, chance.choice(west), before) for n in range(4)]
    history += [row(40 + n, VULNERABLE, chance.choice(west), last) for n in range(9)]
    history += [row(60 + n, HIDDEN, chance.choice(east), last, "joke") for n in range(9)]
    more = [*history, row(50, HIDDEN, east[0], last), row(51, HIDDEN, west[0], last), row(52, HIDDEN, west[0], before)]
    fewer = [row for row in more if row.id not in {"r0", "r1", "r2", "r3", "r4", "r5"}]
    first, second, third = nights(catalogue, tmp_path, [history, more, fewer])
    assert {period: told for period, told in first.items() if told} == {LAST: {HIDDEN: {"1465": 10}}}
    # What was told stays, whatever came or went; a period of which nothing was told is open until something can be.
    assert second[LAST] == third[LAST] == first[LAST]
    assert second[LAST - 1] == {HIDDEN: {"1465": 5}}
    assert sums(second[LAST][HIDDEN]) == {"1465": 10, "14": 10, "country": 10}


def test_before_the_country_is_known_no_powiat_is_told() -> None:
    assert powiats(told_of([0] * 6)[VULNERABLE], None) == {}


def test_cells_that_lie_outside_or_are_finer_than_the_region_are_laid_where_they_can_be() -> None:
    told = told_of([0] * 6)[VULNERABLE]
    above = np.array(sorted({int(h3.cell_to_parent(cell, 7), 16) for cell in GROUND}), dtype=np.uint64)
    assert powiats(told, Region(above, np.zeros(49, dtype=np.int64), ["1465"])) == {"1465": 6}
    abroad = np.array([int(h3.latlng_to_cell(48, 2, 8), 16)], dtype=np.uint64)
    assert powiats(told, Region(abroad, np.zeros(1, dtype=np.int64), ["x"])) == {}


def test_periods_from_before_the_first_month_of_the_table_are_left_out() -> None:
    told = {period: {VULNERABLE: {"1465": 5}} for period in (LAST - 1, LAST)}
    rows = list(_guarded(told, {}, {}, first_day(LAST)))
    assert [row[4] for row in rows] == [first_day(LAST)]


def test_an_area_of_which_only_guarded_categories_are_told_has_a_file(catalogue: Catalogue, tmp_path: Path) -> None:
    shop = workshop(tmp_path)
    found = gather(shop, [], catalogue, DAY)
    told = {LAST: {VULNERABLE: {"1465": 5}}}
    documents = dict(AreaFiles(found, told, {}, {}, DAY).documents(shop))
    assert (documents["1465"]["categories"], documents["1465"]["pattern"]) == ({}, {})
    assert documents["1465"]["guarded"]["categories"] == {VULNERABLE: [0] * (len(PERIODS) - 1) + [5]}

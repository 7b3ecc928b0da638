"""Counts by subtraction: nothing may be learnt of what is published, and much of what is published carelessly."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Catalogue
from chalicelib.hotspots import privacy
from chalicelib.hotspots.periods import SETTLING, first_day, period_of
from chalicelib.services import cells
from tests.disclosure.attacker import Claim, Seen
from tests.disclosure.publisher import (
    HIDDEN,
    ORDINARY,
    OTHER,
    VULNERABLE,
    Publisher,
    Told,
    attacker,
    naive,
    truth,
)
from tests.support.thorough import tries

ROOT = Path(__file__).parents[2]
FIRST = first_day(period_of(date(2026, 6, 1)))
CLOSED = FIRST + timedelta(days=28) + SETTLING
DAYS = [CLOSED + timedelta(days=number) for number in (-1, 0, 1, 2, 14, 27, 28, 29, 56)]
"""Days on which a build is made: on both sides of three closings, and one day after the other."""

GROUND = sorted(h3.cell_to_children(h3.latlng_to_cell(52.2, 21.0, 6), 8))[:16]
GROUND += sorted(h3.cell_to_children(h3.latlng_to_cell(52.5, 21.9, 5), 8))[:3]
seen: Counter[str] = Counter()

bunches = st.tuples(
    st.sampled_from([VULNERABLE, VULNERABLE, OTHER, ORDINARY, HIDDEN]),
    st.sampled_from(range(len(GROUND))),
    st.integers(0, 85),
    st.integers(1, 9),
    st.one_of(st.none(), st.integers(0, 60)),
    st.sampled_from([1, 1, 1, 2]),
    st.sampled_from([None, None, "guard"]),
)


def reports(category: str, place: int, day: int, times: int, mistake: int | None, tier: int, source: str | None) -> Any:
    """Some reports of one kind at one place within a few days; the first of them may turn out to be a mistake."""
    cell = h3.cell_to_center_child(GROUND[place], 11)
    for number in range(times):
        filed = FIRST + timedelta(days=day + number % 3)
        wrong = filed + timedelta(days=mistake) if mistake is not None and number == 0 else None
        yield Told(category, cell, filed, wrong, tier, source)


histories = st.lists(bunches, min_size=4, max_size=40).map(
    lambda rows: [told for row in rows for told in reports(*row)]
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The catalogue of the first instance."""
    return Catalogue.from_document(json.loads((ROOT / "instances" / "pl" / "catalogue.json").read_text()))


@pytest.fixture
def town() -> list[Told]:
    """One long history in which every way has something to find."""
    chance = random.Random(5)
    rows = [
        (
            VULNERABLE,
            chance.choice(range(7)),
            chance.randrange(80),
            chance.randrange(1, 4),
            chance.choice([None, 40]),
            1,
        )
        for _ in range(120)
    ]
    rows += [(OTHER, 3, 3, 3, None, 1), (HIDDEN, 5, 3, 6, None, 1), (ORDINARY, 0, 5, 9, None, 1)]
    sources = [None, None, "guard"]
    return [told for number, row in enumerate(rows) for told in reports(*row, sources[number % 3])]


def claims(catalogue: Catalogue, history: Sequence[Told]) -> list[Claim]:
    """What is claimed of the builds that the night's code makes of a history."""
    with TemporaryDirectory() as folder:
        return attacker(catalogue).claims(Publisher(Path(folder), catalogue).builds(history, DAYS))


def test_nothing_is_learnt_from_any_history(catalogue: Catalogue) -> None:
    @settings(max_examples=tries(48), deadline=None)
    @given(histories)
    def check(history: list[Told]) -> None:
        with TemporaryDirectory() as folder:
            builds = Publisher(Path(folder), catalogue).builds(history, DAYS)
        assert attacker(catalogue).claims(builds) == []
        seen["told"] += sum(code in {VULNERABLE, OTHER} for build in builds for _, code in build.counts)
        # The same history without any defence: what is claimed is true.
        for claim in attacker(catalogue, moving=True).claims(naive(history, DAYS)):
            seen[claim.way] += 1

    check()
    assert seen["told"] > 100
    for way in ("told", "windows", "builds", "finer", "totals"):
        assert seen[way] > 10, way


def test_of_careless_builds_claims_come_true(catalogue: Catalogue, town: list[Told]) -> None:
    town = [replace(told, mistake=None) for told in town]
    found = attacker(catalogue, moving=True).claims(naive(town, DAYS))
    ways = Counter(claim.way for claim in found)
    for way, least in {"told": 40, "windows": 50, "builds": 50, "sources": 10, "finer": 50}.items():
        assert ways[way] >= least, (way, ways)
    for claim in found:
        if claim.way in {"told", "windows", "builds"} and claim.place != "country":
            assert truth(town, claim.category, claim.place, claim.days, claim.without) == claim.reports


def test_of_a_long_history_nothing_is_learnt_and_something_is_told(catalogue: Catalogue, town: list[Told]) -> None:
    assert claims(catalogue, town) == []
    with TemporaryDirectory() as folder:
        last = Publisher(Path(folder), catalogue).builds(town, DAYS)[-1]
    assert {h3.get_resolution(cell) for cell, code in last.counts if code == VULNERABLE} == {5, 6, 7, 8}


def without_k(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(privacy, "K", 1)


def without_complement(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(privacy, "_sacrificed", lambda numbers, *_: np.zeros(len(numbers), dtype=np.bool_))


def without_coarsening(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(privacy, "FINEST", 9)


def without_periods(patch: pytest.MonkeyPatch) -> None:
    """All days to date are one period, which is told anew every day; nothing is ever found to be a mistake."""
    true = cells.telling
    patch.setattr(cells, "first_day", lambda period: FIRST + timedelta(days=200 * period))
    patch.setattr(cells, "DAYS", 10**7)
    patch.setattr(
        "tests.disclosure.publisher.telling",
        lambda shop, paths, catalogue, _periods, _known: true(shop, paths, catalogue, range(1), {}),
    )
    patch.setattr("tests.disclosure.publisher.is_mistake", lambda *_: False)


def forgetting(patch: pytest.MonkeyPatch) -> None:
    true = cells.telling
    patch.setattr(
        "tests.disclosure.publisher.telling",
        lambda shop, paths, catalogue, periods, _known: true(shop, paths, catalogue, periods, {}),
    )


@pytest.mark.parametrize(
    ("undo", "way"),
    [
        (without_k, "told"),
        (without_complement, "children"),
        (without_coarsening, "finer"),
        (without_periods, "verdicts"),
        (forgetting, "verdicts"),
    ],
)
def test_without_one_of_the_defences_an_attack_succeeds(
    catalogue: Catalogue,
    town: list[Told],
    undo: Callable[[pytest.MonkeyPatch], None],
    way: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undo(monkeypatch)
    assert [claim for claim in claims(catalogue, town) if claim.way == way]


def published(catalogue: Catalogue, history: Sequence[Told], day: date) -> Iterator[Seen]:
    """What is published on a day and the next."""
    with TemporaryDirectory() as folder:
        yield from Publisher(Path(folder), catalogue).builds(history, [day, day + timedelta(days=1)])


@pytest.mark.parametrize(
    "one",
    [
        Told(HIDDEN, h3.cell_to_center_child(GROUND[0], 11), FIRST + timedelta(days=3)),
        Told(VULNERABLE, h3.cell_to_center_child(GROUND[0], 11), FIRST + timedelta(days=3), tier=2),
        Told(VULNERABLE, h3.cell_to_center_child(GROUND[0], 11), CLOSED - timedelta(days=1)),
    ],
    ids=["hidden", "held", "in an open period"],
)
def test_one_report_more_changes_no_published_count(catalogue: Catalogue, town: list[Told], one: Told) -> None:
    assert list(published(catalogue, [*town, one], CLOSED)) == list(published(catalogue, town, CLOSED))


HALF = {("1465", OTHER, FIRST): 5, ("14", OTHER, FIRST): 5, ("", OTHER, FIRST): 5}


@pytest.mark.parametrize(
    ("areas", "later", "way"),
    [
        ({("", OTHER, FIRST): 4}, {}, "areas"),
        ({("", HIDDEN, FIRST): 7, ("14", HIDDEN, FIRST): 7, ("1465", HIDDEN, FIRST): 7}, {}, "areas"),
        (HALF | {("14", OTHER, FIRST): 8, ("", OTHER, FIRST): 8}, {}, "areas in areas"),
        (HALF | {("2062", OTHER, FIRST): 5}, {}, "areas in areas"),
        (HALF | {("", OTHER, FIRST): 10}, {}, "areas less cells"),
        (HALF, {("1465", OTHER, FIRST): 6}, "verdicts"),
    ],
    ids=["few", "not in fives", "few beside the powiats", "untold above", "few beside the cells", "told anew"],
)
def test_of_careless_areas_claims_are_made(
    catalogue: Catalogue,
    areas: dict[tuple[str, str, date], int],
    later: dict[tuple[str, str, date], int],
    way: str,
) -> None:
    cell = h3.cell_to_parent(GROUND[0], 5)
    counts = {(cell, OTHER): (8, 0)}
    builds = [Seen(CLOSED, counts, {cell: (8, 0)}, (8, 0), [], told) for told in (areas, areas | later)]
    assert way in {claim.way for claim in attacker(catalogue).claims(builds)}

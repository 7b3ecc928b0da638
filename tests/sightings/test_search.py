"""The search by place finds what looking at every case would find."""

import math
import random
from datetime import UTC, datetime, timedelta

import h3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.location import cell_at, degrees, metres
from chalicelib.domain.report import Status
from chalicelib.services import around
from chalicelib.services.duplicates import similar
from chalicelib.store import keys, nearby
from chalicelib.store.models import ReportItem
from tests.http.world import WARSAW, World
from tests.sightings.cases import METRE, item, north, put
from tests.support.thorough import least, tries

NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
BORDER = h3.cell_to_boundary(h3.latlng_to_cell(*WARSAW, 7))[0]
"""Where three index cells meet."""


def beside(point: tuple[float, float], bearing: float, away: float) -> tuple[float, float]:
    """The point so many metres from another, in a direction in radians."""
    lat, lon = point
    return (
        lat + away * math.cos(bearing) * METRE,
        lon + away * math.sin(bearing) * METRE / math.cos(math.radians(lat)),
    )


def ids(world: World, at: tuple[float, float] = WARSAW, category: str = "illegal_dump") -> list[str]:
    """The cases that a report may repeat."""
    instance = world.box.instance
    return [case.id for case in similar(*at, instance.catalogue.categories[category], instance, world.clock())]


@pytest.mark.parametrize("radius", [50, 150, 500])
def test_no_exact_place_within_the_radius_is_missed(radius: int) -> None:
    chance = random.Random(radius)
    crossed = within = 0
    for _ in range(tries(1_000)):
        corner = h3.cell_to_boundary(h3.latlng_to_cell(chance.uniform(49, 54.8), chance.uniform(14.2, 24), 7))
        # On a side between two corners, where the index cell of two neighbours differs.
        (lat, lon), (to_lat, to_lon), share = corner[0], corner[1], chance.random()
        start = beside((lat + share * (to_lat - lat), lon + share * (to_lon - lon)), chance.uniform(0, 7), radius / 2)
        end = beside(start, chance.uniform(0, 7), radius * chance.uniform(0.5, 0.999))
        if metres(*start, *end) <= radius:
            within += 1
            crossed += keys.place(cell_at(*start)) != keys.place(cell_at(*end))
            assert keys.place(cell_at(*end)) in around.cells_of_exact(*start, radius)
    assert within >= tries(900)
    assert crossed >= least(100)


def test_a_search_reads_one_cell_mostly() -> None:
    chance = random.Random(7)
    counts = [len(around.cells_of_exact(chance.uniform(49, 54.8), chance.uniform(14.2, 24), 100)) for _ in range(1_000)]
    assert sum(counts) / len(counts) < 1.3
    assert max(counts) <= 3


def test_the_search_equals_a_look_at_every_case(world: World) -> None:
    chance = random.Random(3)
    kinds = [("illegal_dump", 100), ("illegal_dump", 100), ("vandalism", 50)]
    statuses = [*Status, Status.NEW, Status.NEW, Status.VERIFYING]
    world.clock.now = NOW
    items = []
    for _ in range(500):
        category, _radius = chance.choice(kinds)
        created = NOW - timedelta(days=chance.uniform(0.1, 110))
        status = chance.choice(statuses)
        at = beside(BORDER, chance.uniform(0, 7), 600 * math.sqrt(chance.random()))
        changes = {"resolved": created} if status not in {Status.NEW, Status.VERIFYING} else {}
        items.append(item(world, created, at, category, status=status.value, **changes))
    with ReportItem.batch_write() as batch:
        for each in items:
            batch.save(each)
    searched = found = 0

    @settings(max_examples=tries(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.floats(0, 7), st.floats(0, 600), st.sampled_from(kinds))
    def compare(bearing: float, away: float, kind: tuple[str, int]) -> None:
        nonlocal searched, found
        at = beside(BORDER, bearing, away)
        expected = everything(items, at, *kind)
        assert ids(world, at, kind[0]) == expected
        searched += 1
        found += len(expected)

    compare()
    assert searched >= tries(60)
    assert found >= least(60)


def everything(items: list[ReportItem], at: tuple[float, float], category: str, radius: int) -> list[str]:
    """The rule again, over a plain list and by a formula of its own."""
    found = []
    for case in items:
        created = keys.moment(case.created)
        age, stands = NOW - created, Status(case.status)
        closed = {Status.UNCONFIRMED: 7, Status.ELIMINATED: 30}.get(stands)
        lasting = closed is None or age < timedelta(days=closed)
        shown = stands not in {Status.JOKE, Status.WITHDRAWN, Status.MERGED}
        distance = haversine(at, (degrees(int(case.lat6)), degrees(int(case.lon6))))
        if case.category == category and shown and lasting and age <= timedelta(days=90) and distance <= radius:
            found.append((distance, age, case.id))
    return [case for _, _, case in sorted(found)[:5]]


def haversine(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Metres on a sphere with the Earth's authalic radius, as h3 takes it."""
    (lat, lon), (other_lat, other_lon) = ((math.radians(a), math.radians(b)) for a, b in (here, there))
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * 6_371_007.180918475 * math.asin(math.sqrt(half))


@pytest.mark.parametrize(("metres_north", "found"), [(99, True), (101, False)])
def test_D01_a_case_is_found_within_the_radius_and_not_beyond(
    world: World, metres_north: float, *, found: bool
) -> None:
    case = put(world, world.clock() - timedelta(days=1), north(metres_north))
    assert ids(world) == [case] * found


@pytest.mark.parametrize(("created", "found"), [("2026-03-13T12:00:00Z", True), ("2026-03-11T12:00:00Z", False)])
def test_D03_ninety_days_reach_over_the_ends_of_months(world: World, created: str, *, found: bool) -> None:
    for month in range(4, 7):
        put(world, datetime(2026, month, 1, tzinfo=UTC) - timedelta(milliseconds=1), category="vandalism")
    case = put(world, datetime.fromisoformat(created))
    assert ids(world) == [case] * found


@pytest.mark.parametrize("moment", ["2026-04-30T23:59:59.999Z", "2026-05-01T00:00:00Z", "2026-05-31T23:59:59.999Z"])
def test_D03_a_case_of_the_last_moment_of_a_month_is_found(world: World, moment: str) -> None:
    case = put(world, datetime.fromisoformat(moment))
    assert ids(world) == [case]


def test_a_coarse_case_is_found_in_its_public_cell(world: World) -> None:
    children = sorted(h3.cell_to_children(h3.latlng_to_cell(*WARSAW, 8), 11))
    case = put(world, world.clock() - timedelta(days=2), h3.cell_to_latlng(children[0]), category="begging")
    assert ids(world, h3.cell_to_latlng(children[-1]), "begging") == [case]


def test_a_hidden_case_is_never_found(world: World) -> None:
    put(world, world.clock() - timedelta(days=2), category="drug_use")
    assert ids(world, category="drug_use") == []


def test_a_search_for_what_is_never_found_reads_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the table was read")

    monkeypatch.setattr(nearby, "exact", refuse)
    assert ids(world, category="drug_use") == []

"""What a surge is: its rule, its name, and how sources are counted across borders."""

from datetime import UTC, datetime

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import surge
from chalicelib.domain.location import metres
from chalicelib.domain.surge import About, Deed, Rule
from tests.alerts.test_surges import METRE, RULE
from tests.alerts.world import LAT, LON


def test_the_id_of_a_surge_names_no_place() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    about = About(surge.name_of("substances", surge.area_of(LAT, LON), now), "substances", 7)
    assert About.read(str(about)) == about
    assert surge.area_of(LAT, LON) not in str(about)
    with pytest.raises(ValueError, match="other"):
        About.read("other-a-b-3")


@pytest.mark.parametrize(
    "change", [{"sources": 1}, {"radius_m": 0}, {"radius_m": 501}, {"hours": 0}, {"quiet_hours": 1}]
)
def test_a_rule_out_of_range_is_refused(change: dict[str, int]) -> None:
    document = {"sources": 5, "radius_m": 300, "hours": 2, "quiet_hours": 6}
    assert Rule.of_document(document).document() == document
    with pytest.raises(ValueError, match="out of range"):
        Rule.of_document(document | change)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=12))
def test_sources_are_devices_wherever_the_borders_run(deeds: list[tuple[int, float, float]]) -> None:
    """Four devices are four sources at most, and exactly those within reach of the last deed."""
    places = [(device, LAT + north * METRE, LON + east * METRE) for device, north, east in deeds]
    made = [
        Deed(lat, lon, {area: f"{device}@{area}" for area in surge.areas_around(lat, lon, RULE.radius_m)})
        for device, lat, lon in places
    ]
    *_, (_, lat, lon) = places
    near = {device for device, *at in places if metres(lat, lon, at[0], at[1]) <= RULE.radius_m}
    assert surge.sources(made, lat, lon, RULE) == len(near) <= 4
    gathered = {surge.gathered(area) for area in surge.areas_around(lat, lon, RULE.radius_m)}
    assert all(
        str(h3.cell_to_parent(surge.area_of(*at), surge.GATHERED_RESOLUTION)) in gathered
        for device, *at in places
        if metres(lat, lon, at[0], at[1]) <= RULE.radius_m
    )

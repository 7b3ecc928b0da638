import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Sensitivity
from chalicelib.domain.location import cell_at, degrees, micro, public_location

LATS = st.floats(49.0, 54.9)
LONS = st.floats(14.1, 24.2)


@given(lat=st.floats(-89.9, 89.9), lon=st.floats(-180, 180), sensitivity=st.sampled_from(["ordinary", "vulnerable"]))
def test_true_place_is_never_farther_than_the_precision_says(lat: float, lon: float, sensitivity: str) -> None:
    shown = public_location(cell_at(lat, lon), Sensitivity(sensitivity))
    assert shown is not None
    # Five decimals of a degree move the centre by at most 0.8 m.
    assert h3.great_circle_distance((lat, lon), (shown.lat, shown.lon), unit="m") <= shown.precision_m + 0.8


@given(lat=LATS, lon=LONS)
def test_every_point_of_a_cell_is_shown_alike(lat: float, lon: float) -> None:
    cell = cell_at(lat, lon)
    centre = h3.cell_to_latlng(cell)
    for sensitivity in (Sensitivity.ORDINARY, Sensitivity.VULNERABLE):
        assert public_location(cell, sensitivity) == public_location(cell_at(*centre), sensitivity)


@pytest.mark.parametrize(("sensitivity", "resolution"), [(Sensitivity.ORDINARY, 11), (Sensitivity.VULNERABLE, 8)])
def test_sensitivity_sets_the_size_of_the_cell(sensitivity: Sensitivity, resolution: int) -> None:
    shown = public_location(cell_at(53.1781, 22.0593), sensitivity)
    assert shown is not None
    assert h3.get_resolution(shown.cell) == resolution
    assert (shown.lat, shown.lon) == tuple(round(value, 5) for value in h3.cell_to_latlng(shown.cell))


def test_hidden_report_has_no_public_place() -> None:
    assert public_location(cell_at(53.1781, 22.0593), Sensitivity.HIDDEN) is None


def test_siblings_under_a_coarse_cell_cannot_be_told_apart() -> None:
    coarse = h3.latlng_to_cell(53.1781, 22.0593, 8)
    shown = {public_location(str(cell), Sensitivity.VULNERABLE) for cell in h3.cell_to_children(coarse, 11)}
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("value", "micros"), [(52.1234564, 52_123_456), (52.1234566, 52_123_457), (-123.1, -123_100_000), (0.0, 0)]
)
def test_G09_coordinates_are_whole_millionths(value: float, micros: int) -> None:
    assert micro(value) == micros


@given(st.integers(-180_000_000, 180_000_000))
def test_G09_millionths_survive_the_way_there_and_back(micros: int) -> None:
    assert micro(degrees(micros)) == micros


@pytest.mark.parametrize(("sensitivity", "least", "most"), [("ordinary", 25, 36), ("vulnerable", 460, 660)])
def test_precision_is_about_the_edge_of_the_cell_and_no_vaguer(sensitivity: str, least: int, most: int) -> None:
    for lat, lon in ((49.2, 22.7), (52.23, 21.01), (54.83, 18.3), (51.1, 15.0)):
        shown = public_location(cell_at(lat, lon), Sensitivity(sensitivity))
        assert shown is not None
        assert least <= shown.precision_m <= most

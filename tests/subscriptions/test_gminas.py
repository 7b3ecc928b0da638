"""Subscriptions to a gmina, where the boundaries in force know gminas."""

import h3
import pytest

from infra.places.areas import Area
from infra.places.compiler import compile_areas
from tests.http.world import WARSAW, errors, publish_pack
from tests.subscriptions.town import Town

GMINA = "1465011"
WEST, SOUTH, EAST, NORTH = 20.5, 51.8, 21.5, 52.8


@pytest.fixture
def gminas(town: Town) -> Town:
    """A country of one gmina."""
    square = [(WEST, SOUTH), (EAST, SOUTH), (EAST, NORTH), (WEST, NORTH), (WEST, SOUTH)]
    publish_pack(town.world.stack, compile_areas([Area(GMINA, [square])]).pack)
    town.world.clock.pass_by(minutes=1)
    return town


def test_A02_a_gmina_that_is_known_may_be_asked_for(gminas: Town) -> None:
    assert gminas.ask(area={"gmina": GMINA}).status == 202
    assert errors(gminas.ask(area={"gmina": "1465022"})) == {("area.gmina", "unknown_area")}


def test_A02_what_happens_in_a_gmina_is_told_there(gminas: Town) -> None:
    gminas.subscriber(area={"gmina": GMINA})
    gminas.report(lat=WARSAW[0], lon=WARSAW[1])
    assert gminas.next_morning()["sent"] == 1


def test_a_public_place_beyond_the_border_belongs_to_no_gmina_and_still_to_its_powiat(gminas: Town) -> None:
    # The exact place is inside the country, the centre of its coarse cell is not.
    lat = SOUTH + 1e-4
    lon = next(
        lon
        for lon in (WEST + step / 100 for step in range(1, 100))
        if h3.cell_to_latlng(h3.latlng_to_cell(lat, lon, 8))[0] < SOUTH
    )
    gminas.subscriber(area={"gmina": GMINA})
    gminas.subscriber(email="b@example.org", area={"powiat": "1465"})
    gminas.report(lat=lat, lon=lon, category="begging")
    assert gminas.next_morning()["sent"] == 1
    assert gminas.mails()[-1]["To"] == ["b@example.org"]

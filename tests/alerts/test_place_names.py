"""The names that mails give to places, from the gazetteer that the site publishes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.services.place_names import FARTHEST_KM, KEY, Gazetteer, PlaceNames
from chalicelib.store.objects import Objects
from tests.alerts.world import World

DOCUMENT: dict[str, Any] = {
    "names": ["Łomża", "Piątnica"],
    "lat": [53.178, 53.2],
    "lon": [22.059, 22.1],
    "areas": [{"code": "2062", "name": "Łomża"}, {"code": "2007", "name": ""}],
}


@pytest.fixture
def publish(world: World) -> Any:
    """Put a body where the site publishes its gazetteer."""

    def put(body: bytes) -> None:
        bucket = world.container.settings.site_bucket
        world.post.stack.client("s3").put_object(Bucket=bucket, Key=KEY, Body=body)

    return put


@pytest.mark.parametrize(
    ("lat", "lon", "name"),
    [(53.179, 22.06, "Łomża"), (53.199, 22.11, "Piątnica"), (54.0, 20.0, None)],
)
def test_the_nearest_place_gives_its_name(lat: float, lon: float, name: str | None) -> None:
    assert Gazetteer.from_document(DOCUMENT).nearest(lat, lon) == name


@pytest.mark.parametrize(("km", "name"), [(FARTHEST_KM - 0.1, "Here"), (FARTHEST_KM + 0.1, None)])
@pytest.mark.parametrize("way", ["north", "east"])
def test_a_place_too_far_away_gives_no_name(km: float, way: str, name: str | None) -> None:
    gazetteer = Gazetteer(((60.0, 20.0, "Here"),), {})
    degrees = km / 111.32
    # At 60° a degree of longitude is half as long.
    point = (60.0 + degrees, 20.0) if way == "north" else (60.0, 20.0 + 2 * degrees)
    assert gazetteer.nearest(*point) == name


def test_a_gazetteer_without_places_names_none() -> None:
    assert Gazetteer((), {}).nearest(53.0, 22.0) is None


def test_a_mail_names_place_and_area(world: World, publish: Any) -> None:
    publish(json.dumps(DOCUMENT).encode())
    world.relay(world.report())
    (mail,) = world.mails()
    assert "Nieprawidłowe parkowanie, okolice: Łomża" in mail["Subject"]
    assert "Obszar: Łomża (2062)" in mail["BodyText"]


@pytest.mark.parametrize("body", [b"no json", b"{}", b'{"names": ["A"], "lat": [], "lon": [], "areas": []}'])
def test_a_broken_gazetteer_delays_no_alert(world: World, publish: Any, body: bytes) -> None:
    publish(body)
    world.relay(world.report())
    (mail,) = world.mails()
    assert "okolice" not in mail["Subject"]


def test_a_gazetteer_that_appears_is_noticed_after_a_minute_and_then_kept(world: World, publish: Any) -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    moments = [now, now + timedelta(seconds=59), now + timedelta(seconds=60), now + timedelta(days=1)]
    clock = iter(moments)
    names = PlaceNames(Objects(world.container.s3, world.container.settings.site_bucket), lambda: next(clock))
    assert names.area("2062") is None
    publish(json.dumps(DOCUMENT).encode())
    assert names.area("2062") is None
    assert names.area("2062") == "Łomża"
    publish(b"no json")
    assert names.place(53.178, 22.059) == "Łomża"


def test_an_area_without_a_name_has_none(world: World, publish: Any) -> None:
    publish(json.dumps(DOCUMENT).encode())
    names = PlaceNames(Objects(world.container.s3, world.container.settings.site_bucket), lambda: world.now)
    assert (names.area("2007"), names.area("9999")) == (None, None)

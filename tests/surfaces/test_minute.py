"""The minute of filing cannot be read off anything public."""

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.report import Status, Tier
from chalicelib.store.models import MainItem
from tests.http.world import World, publish_pack
from tests.nightly.world import Night, reach_back
from tests.support.thorough import ALL
from tests.surfaces.people import Age, person_of

ZONE = ZoneInfo("Europe/Warsaw")
ENDS, WITHIN = ("09:30:01", "10:30"), ("09:59", "10:07:33")
Seen = dict[str, tuple[str, str]]


def day_of_publishing(world: World, world_pack: bytes, minute: str) -> tuple[Seen, list[str]]:
    """File three reports at a minute, publish through the day and the night; return what the public could note.

    That is every object under ``data/`` with the told time at which its bytes were new, and the answers about them.
    """
    world.stack.clear()
    publish_pack(world.stack, world_pack)
    filed = Age("", f"2026-11-21T{minute}", f"2026-11-21T{minute}")
    people = []
    with MainItem.batch_write() as batch:
        for number, sensitivity in enumerate(("ordinary", "vulnerable", "hidden")):
            place = (52.1 + number / 10, 21.0)
            person, items = person_of(world, number, sensitivity, Status.NEW, Tier.ORDINARY, filed, place)
            people.append(person)
            for item in items:
                batch.save(item)
    night = Night(world.stack, datetime(2026, 11, 21, 0, 10, tzinfo=ZONE).astimezone(UTC))
    seen: Seen = {}
    answers = []
    for now in moments():
        night.now = world.clock.now = now
        night.run() if (now.astimezone(ZONE).hour, now.minute) == (0, 10) else night.publish()
        for key, body in night.objects().items():
            noted = hashlib.sha256(body).hexdigest()
            if seen.get(key, ("",))[0] != noted:
                seen[key] = (noted, now.isoformat())
        for target in ("/v1/reports?lat=52.1&lon=21&radius_m=2000", *(f"/v1/reports/{person.id}" for person in people)):
            # The page of an ordinary report is there at once for whoever has its id: looked at from the map's hour on.
            if now >= datetime(2026, 11, 21, 11, tzinfo=ZONE):
                answers += [world.stranger().call("GET", target).text]
    return seen, answers


def moments() -> list[datetime]:
    """The night, the runs around the filing and the full hours, and the night after."""
    clock = ["2026-11-21T00:10", *(f"2026-11-21T{hour}" for hour in ("10:05", "10:30", "10:55", "11:00", "12:00"))]
    clock += ["2026-11-22T00:10", "2026-11-22T00:15"]
    return [datetime.fromisoformat(moment).replace(tzinfo=ZONE).astimezone(UTC) for moment in clock]


def test_V01_files_names_times_and_answers_are_the_same_whatever_the_minute(
    world: World, country_pack: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach_back(monkeypatch, gap=timedelta(days=3))
    first, *others = (day_of_publishing(world, country_pack, minute) for minute in (*ENDS, *(WITHIN if ALL else ())))
    assert len(first[0]) >= 10
    assert any("points" in key for key in first[0])
    for other in others:
        assert other == first
    # An hour later is another thing: the test would notice.
    assert day_of_publishing(world, country_pack, "10:31") != first

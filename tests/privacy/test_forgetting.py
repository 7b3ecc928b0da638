"""What could tell a device from another is gone in the night that follows, and by itself if no night ever comes."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from chalicelib.domain.calendar import day_bounds
from chalicelib.domain.quota import device_hash
from chalicelib.domain.window import GRACE, LENGTH, window_of
from chalicelib.events import nightly
from tests.http.world import World
from tests.nightly.world import reach_back

DAY = date(2026, 6, 10)
OF_A_DAY, OF_A_WINDOW = {"Q", "N", "K", "S", "V"}, {"P", "W"}


def busy_day(world: World) -> tuple[str, bytes]:
    """Let two devices report and one of them see the other's case; return the other's hash and the day's salt."""
    one, other = (world.citizen(address) for address in ("203.0.113.142", "2001:db8:aa:bb::1"))
    case = one.file().body["id"]
    world.clock.pass_by(hours=2)
    assert other.file(category="vandalism").status == 201
    seen = other.call("POST", f"/v1/reports/{case}/corroborations", {}, Idempotency_Key=str(uuid4()))
    assert seen.status == 201, seen.text
    (salt,) = (bytes(item["salt"]["B"]) for item in world.items("quota", f"S#{DAY}"))
    hashes = {item["SK"]["S"] for item in world.items("quota", f"Q#{DAY}")}
    (found,) = {item["SK"]["S"] for item in world.items("quota", f"K#{DAY}")}
    assert found in hashes
    assert device_hash(salt, str(other.token).split(".")[1]) == found, "whoever has both can tell the device"
    return found, salt


def test_N04_the_hash_of_a_device_and_the_salt_of_its_day_are_gone_after_the_night(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reach_back(monkeypatch, gap=timedelta(days=3))
    hashed, salt = busy_day(world)
    kinds = {item["PK"]["S"].split("#")[0] for item in world.items("quota")}
    assert kinds == OF_A_DAY | OF_A_WINDOW
    world.clock.now = day_bounds(DAY + timedelta(days=1), world.box.instance.zone)[0] + timedelta(minutes=10)
    told = nightly.handle({}, world.box)
    assert (told["purge_left"], told["purged"] > 0) == (0, True)
    recent = [item for item in world.items("quota") if item["PK"]["S"].startswith("V#")]
    assert {item["PK"]["S"].split("#")[1] for item in recent} == {DAY.isoformat()}, "needed for two hours more"
    world.clock.now += timedelta(days=1)
    assert nightly.handle({}, world.box)["purge_left"] == 0
    left = world.items("quota")
    # What remains belongs to the window that is still open, and was not made with the day's salt.
    assert {item["PK"]["S"].split("#")[0] for item in left} == OF_A_WINDOW
    assert {item["PK"]["S"].split("#")[1] for item in left} == {window_of(DAY).isoformat()}
    for kept in (left, world.items("main")):
        assert hashed not in repr(kept)
        assert repr(salt)[2:-1] not in repr(kept)


def test_N04_everything_about_devices_expires_by_itself_if_no_night_ever_comes(world: World) -> None:
    busy_day(world)
    midnight, _ = day_bounds(DAY, world.box.instance.zone)
    end, _ = day_bounds(window_of(DAY) + LENGTH, world.box.instance.zone)
    latest = {**dict.fromkeys(OF_A_DAY, midnight + timedelta(hours=48)), **dict.fromkeys(OF_A_WINDOW, end + GRACE)}
    expiries = [
        (item["PK"]["S"].split("#")[0], datetime.fromtimestamp(int(item["ttl"]["N"]), UTC))
        for item in world.items("quota")
    ]
    assert {kind for kind, _ in expiries} == OF_A_DAY | OF_A_WINDOW
    assert [(kind, at) for kind, at in expiries if not world.clock.now < at <= latest[kind]] == []

"""Requests at the same moment, and moments on both sides of a midnight."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from chalicelib.domain.errors import QuotaUsed
from chalicelib.domain.report import NewReport
from chalicelib.services.intake import Filed, Intake, Submission
from chalicelib.store.quota import DeviceQuota, Salts
from chalicelib.store.quota_items import SaltItem
from chalicelib.store.secrets import Device
from tests.http.world import WARSAW, Citizen, World

POSTS = 25
ONE = {"report": 1, "event": 1, "outbox": 1, "quota": 1}

Outcome = Filed | QuotaUsed


def at_once(deed: Callable[[int], Any], count: int = POSTS) -> list[Any]:
    """Do something many times, all released by one barrier."""
    barrier = Barrier(count)

    def wait_and_do(number: int) -> Any:
        barrier.wait()
        return deed(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_do, range(count)))


def post(world: World, device: Device, key: Any, salts: Salts) -> Outcome:
    """File as a process of its own would: with its own memory of salts."""
    box = world.box
    intake = Intake(box.instance, lambda: box.places, DeviceQuota(salts), world.clock())
    submission = Submission.of(box.secrets.keyring, device, key)
    try:
        return intake.file(submission, lambda: NewReport("illegal_dump", *WARSAW))
    except QuotaUsed as used:
        return used


def warmed(world: World) -> Device:
    """A device, with keys and places read, so that the threads race for the table and not for a cache."""
    assert world.box.places is not None
    return world.box.secrets.new_device()


def test_L03_of_25_posts_of_one_device_one_is_accepted(world: World) -> None:
    device = warmed(world)
    outcomes = at_once(lambda _: post(world, device, uuid4(), Salts()))
    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Filed": 1, "QuotaUsed": POSTS - 1}
    assert world.census() == ONE


def test_L03_a_race_within_one_process_has_one_winner_too(world: World) -> None:
    device, salts = warmed(world), Salts()
    outcomes = at_once(lambda _: post(world, device, uuid4(), salts))
    assert sum(isinstance(outcome, Filed) for outcome in outcomes) == 1
    assert world.census() == ONE


def test_25_posts_of_one_submission_get_one_answer(world: World) -> None:
    device, key = warmed(world), uuid4()
    outcomes: list[Filed] = at_once(lambda _: post(world, device, key, Salts()))
    assert sum(outcome.new for outcome in outcomes) == 1
    assert len({(outcome.id, outcome.receipt, outcome.created, outcome.due) for outcome in outcomes}) == 1
    assert world.census() == ONE


def test_25_devices_do_not_hinder_each_other(world: World) -> None:
    devices = [warmed(world) for _ in range(POSTS)]
    outcomes = at_once(lambda number: post(world, devices[number], uuid4(), Salts()))
    assert all(isinstance(outcome, Filed) and outcome.new for outcome in outcomes)
    assert world.census() == dict.fromkeys(ONE, POSTS)


def test_SALT_IS_NEW_leaves_one_salt_that_all_use(world: World) -> None:
    day, zone = world.clock().date(), world.box.instance.zone
    slots = at_once(lambda _: DeviceQuota(Salts()).claim("device", uuid4(), day, zone))
    assert len({slot.device for slot in slots}) == 1
    assert len(world.items("quota", "S#")) == 1


def test_a_process_forgets_the_salt_of_a_day_that_is_over(world: World) -> None:
    quota, zone = DeviceQuota(Salts()), world.box.instance.zone
    monday, tuesday = datetime(2026, 6, 8).date(), datetime(2026, 6, 9).date()  # noqa: DTZ001
    before = quota.claim("device", uuid4(), monday, zone).device
    quota.claim("device", uuid4(), tuesday, zone)
    SaltItem.get("S#2026-06-08", "S").delete()
    assert quota.claim("device", uuid4(), monday, zone).device != before, "nobody can make the old hash again"


def statuses(world: World, citizen: Citizen, *moments: str) -> list[int]:
    """File one new report at each moment, each elsewhere, and return how each was answered."""
    answers = []
    for number, moment in enumerate(moments):
        world.clock.now = datetime.fromisoformat(moment)
        answers.append(citizen.file(lat=WARSAW[0] + number / 100).status)
    return answers


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (["2026-06-10T23:59:59.999+02:00", "2026-06-11T00:00:00+02:00", "2026-06-11T23:59:59+02:00"], [201, 201, 429]),
        (["2026-06-10T00:00:00+02:00", "2026-06-10T23:59:59.999+02:00"], [201, 429]),
        (["2026-01-31T23:59:59.999+01:00", "2026-02-01T00:00:00+01:00"], [201, 201]),
        # UTC's midnight is no midnight here.
        (["2026-06-10T23:59:59+00:00", "2026-06-11T00:00:00+00:00"], [201, 429]),
        # The day of 23 hours: 29 March 2026 begins at 23:00 and ends at 22:00 UTC.
        (["2026-03-28T22:59:59.999Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59.999Z"], [201, 201, 429]),
        (["2026-03-29T21:59:59.999Z", "2026-03-29T22:00:00Z", "2026-03-30T21:59:59.999Z"], [201, 201, 429]),
        # The day of 25 hours: 25 October 2026 begins at 22:00 and ends at 23:00 UTC; 02:30 comes twice.
        (["2026-10-24T21:59:59.999Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59.999Z"], [201, 201, 429]),
        (["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T23:00:00Z"], [201, 429, 201]),
    ],
)
def test_L07_a_device_reports_once_a_warsaw_day(world: World, moments: list[str], expected: list[int]) -> None:
    assert statuses(world, world.citizen(), *moments) == expected


@pytest.mark.parametrize(
    ("moment", "resets_at", "wait"),
    [
        ("2026-03-29T00:30:00+01:00", "2026-03-29T22:00:00.000Z", 22 * 3600 + 1800),
        ("2026-10-25T00:30:00+02:00", "2026-10-25T23:00:00.000Z", 24 * 3600 + 1800),
        ("2026-06-10T23:59:59.999+02:00", "2026-06-10T22:00:00.000Z", 1),
    ],
)
def test_L07_a_used_device_is_told_the_true_midnight(world: World, moment: str, resets_at: str, wait: int) -> None:
    citizen = world.citizen()
    world.clock.now = datetime.fromisoformat(moment)
    citizen.file()
    answer = citizen.file()
    assert (answer.body["resets_at"], answer.headers["retry-after"]) == (resets_at, str(wait))


def test_the_day_is_decided_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that arrives before midnight and is written after it belongs to the day of its arrival."""
    citizen = world.citizen()
    world.clock.now = datetime.fromisoformat("2026-06-10T23:59:59.999+02:00")
    located = type(world.box.places).locate

    def slowly(self: Any, lat: float, lon: float) -> Any:
        world.clock.pass_by(seconds=5)
        return located(self, lat, lon)

    monkeypatch.setattr(type(world.box.places), "locate", slowly)
    assert citizen.file().status == 201
    (report,) = [item for item in world.items("main") if item["t"]["S"] == "report"]
    (slot,) = world.items("quota", "Q#")
    assert report["day"]["S"] == "2026-06-10"
    assert report["created"]["S"] == "2026-06-10T21:59:59.999Z"
    assert slot["PK"]["S"].startswith("Q#2026-06-10#")

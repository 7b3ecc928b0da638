"""A world of cases with all kinds of ends, worked on as officers do, and an account of it kept beside, case by case.

What a case's deadlines were is read from the case itself before each step: the account knows no rule of the figures.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil
from typing import Any

from chalicelib.domain.calendar import Part, day_of
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor
from chalicelib.events import nightly
from chalicelib.services.pausing import Pausing
from chalicelib.services.routing import Routing
from chalicelib.store import keys
from tests.http.world import World

START = datetime(2026, 4, 20, 8, tzinfo=UTC)
WEST, EAST = (52.23, 21.01), (52.23, 21.6)
"""Points in the areas 1465 and 1434."""

CATEGORIES = ("illegal_dump", "illegal_parking", "dangerous_venue")
UNITS = ("KRP-WARSZAWA-1", "KPP-WOLOMIN", "KMP-LOMZA")


@dataclass
class Account:
    """What became of one case, as it was seen when it happened; durations are whole minutes."""

    id: str
    day: date
    category: str
    powiat: str
    unit: str
    status: str = "new"
    reason: str | None = None
    take_up: int | None = None
    verification: int | None = None
    elimination: int | None = None
    late_take_up: bool = False
    late_verification: bool = False
    reopened: int = 0

    @property
    def counts(self) -> bool:
        """Whether it counts; none of these is over a soft budget."""
        return self.status not in {"joke", "merged", "withdrawn"} and self.reason != "not_a_threat"


@dataclass
class Town:
    """The world, the chances, and the account by id."""

    world: World
    chance: random.Random = field(default_factory=lambda: random.Random(5))
    accounts: dict[str, Account] = field(default_factory=dict)

    def file(self, at: datetime, category: str = CATEGORIES[0], place: tuple[float, float] = WEST) -> Account:
        """File a case at a moment, to which the clock is set."""
        self.world.clock.now = at
        filed = self.world.citizen().file(
            category=category, lat=place[0], lon=place[1], description="Opis", acknowledge=[]
        )
        if filed.status == 409:
            known = [each["id"] for each in filed.body["candidates"]]
            filed = self.world.citizen().file(
                category=category, lat=place[0], lon=place[1], description="Opis", acknowledge=known
            )
        assert filed.status == 201, filed.text
        case = Account(
            filed.body["id"],
            day_of(at, self.world.box.instance.zone),
            category,
            "1465" if place is WEST else "1434",
            filed.body["unit"]["code"],
        )
        self.accounts[case.id] = case
        return case

    def step(self, case: Account, to: str, reason: str, actor: str = "police") -> None:
        """Take a step at the clock's moment."""
        self.world.step(case.id, to, reason, actor)
        case.status, case.reason = to, reason

    def take_up(self, case: Account, hours: float) -> None:
        """Take a case up so many hours later."""
        filed = self.world.clock.now
        self.world.clock.pass_by(hours=hours)
        due = keys.moment(str(self.world.current(case.id).due_take_up))
        case.take_up = minutes(self.world.clock.now - filed)
        case.late_take_up = self.world.clock.now > due
        self.step(case, "verifying", "taken_up")

    def judge(self, case: Account, hours: float, to: str, reason: str) -> None:
        """Give the first verdict so many hours later."""
        self.world.clock.pass_by(hours=hours)
        now = self.world.current(case.id)
        due = keys.moment(str(now.recheck or now.due_verify))
        case.verification = minutes(timedelta(hours=hours))
        case.late_verification = self.world.clock.now > due
        self.step(case, to, reason)

    def eliminate(self, case: Account, hours: float) -> None:
        """Remove the threat so many hours after its confirmation."""
        self.world.clock.pass_by(hours=hours)
        if case.elimination is None:
            case.elimination = minutes(timedelta(hours=hours))
        self.step(case, "eliminated", "removed_by_police")

    def pause(self, case: Account, hours: float, days: int) -> None:
        """Stop the clock so many hours later, for some days."""
        self.world.clock.pass_by(hours=hours)
        instance, now = self.world.box.instance, self.world.clock.now
        until = day_of(now, instance.zone) + timedelta(days=days)
        Pausing(instance, now).pause(case.id, "pause_weather", until, self.world.current(case.id).version)

    def resume(self, case: Account) -> None:
        """Let the clock go on."""
        Pausing(self.world.box.instance, self.world.clock.now).resume(case.id, self.world.current(case.id).version)

    def look(self, case: Account) -> None:
        """Look once at the clock's moment, and meet nothing."""
        instance, now = self.world.box.instance, self.world.clock.now
        local = now.astimezone(instance.zone)
        part = next(part for part in Part if _in(local.hour, part))
        day = local.date() - timedelta(days=part is Part.NIGHT and local.hour < 6)
        self.world.casework.take_step(
            case.id,
            Status.UNCONFIRMED,
            "not_present",
            Actor.POLICE,
            self.world.current(case.id).version,
            looked=((day, part),),
        )

    def transfer(self, case: Account, unit: str) -> None:
        """Hand a case over."""
        Routing(self.world.box.instance, self.world.clock.now).transfer(
            case.id, unit, self.world.current(case.id).version
        )
        case.unit = unit

    def correct(self, case: Account, place: tuple[float, float]) -> None:
        """Put a case where it really is."""
        places = self.world.box.places
        routing = Routing(self.world.box.instance, self.world.clock.now)
        after = routing.correct(case.id, *place, self.world.current(case.id).version, lambda: places)
        case.unit, case.powiat = after.unit, "1465" if place is WEST else "1434"

    def live(self, start: datetime, days: int, cases: int) -> None:
        """Let cases come over some days, and go every way that cases go."""
        ways: list[Callable[[Account], None]] = [
            *(self._waits, self._joke, self._withdrawn, self._no_threat, self._removed, self._back_again),
            *(self._paused, self._second_look, self._handed_over, self._elsewhere, self._slow),
        ]
        for number in range(cases):
            at = start + timedelta(days=self.chance.randrange(days), minutes=self.chance.randrange(10 * 60))
            case = self.file(at, CATEGORIES[number % 3], self.chance.choice([WEST, EAST]))
            ways[number % len(ways)](case)

    def run(self, day: date, **more: Any) -> dict[str, Any]:
        """Run the night of a day, at its hour."""
        self.world.clock.now = datetime(day.year, day.month, day.day, 0, 10, tzinfo=self.world.box.instance.zone)
        return nightly.handle({"day": day.isoformat(), **more}, self.world.box)

    def files(self, prefix: str = "figures/") -> dict[str, bytes]:
        """The stored files of the figures."""
        s3, bucket = self.world.stack.client("s3"), self.world.stack.names["WORK_BUCKET"]
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        names = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return {name: s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}

    def _hours(self, most: float) -> float:
        return self.chance.randrange(1, int(most * 60)) / 60

    def _waits(self, case: Account) -> None:
        """Nobody has come to it yet."""

    def _joke(self, case: Account) -> None:
        self.step(case, "joke", "joke")

    def _withdrawn(self, case: Account) -> None:
        self.step(case, "withdrawn", "taken_back", "reporter")

    def _no_threat(self, case: Account) -> None:
        self.take_up(case, self._hours(70))
        self.judge(case, self._hours(160), "unconfirmed", "not_a_threat")

    def _removed(self, case: Account) -> None:
        self.take_up(case, self._hours(70))
        self.judge(case, self._hours(160), "confirmed", "seen_at_check")
        self.eliminate(case, self._hours(300))

    def _back_again(self, case: Account) -> None:
        self._removed(case)
        self.world.clock.pass_by(hours=self._hours(100))
        self.step(case, "verifying", "check_again")
        case.reopened += 1
        self.world.clock.pass_by(hours=self._hours(100))
        self.step(case, "confirmed", "seen_at_check")
        self.eliminate(case, self._hours(100))

    def _paused(self, case: Account) -> None:
        self.take_up(case, self._hours(70))
        taken = self.world.clock.now
        self.pause(case, self._hours(100), 9)
        paused = self._hours(190)
        self.world.clock.pass_by(hours=paused)
        self.resume(case)
        self.judge(case, self._hours(120), "unconfirmed", "not_checkable")
        case.verification = minutes(self.world.clock.now - taken - timedelta(hours=paused))

    def _second_look(self, case: Account) -> None:
        self.take_up(case, self._hours(20))
        taken = self.world.clock.now
        self.world.clock.pass_by(hours=150 + self._hours(15))
        self.look(case)
        self.judge(case, 40 + self._hours(60), "unconfirmed", "not_checkable")
        case.verification = minutes(self.world.clock.now - taken)

    def _handed_over(self, case: Account) -> None:
        filed = self.world.clock.now
        self.world.clock.pass_by(hours=60 + self._hours(10))
        self.transfer(case, UNITS[2])
        self.take_up(case, 10 + self._hours(20))
        case.take_up = minutes(self.world.clock.now - filed)

    def _elsewhere(self, case: Account) -> None:
        self.take_up(case, self._hours(80))
        self.correct(case, EAST if case.powiat == "1465" else WEST)
        self.judge(case, self._hours(170), "confirmed", "known_to_police")

    def _slow(self, case: Account) -> None:
        self.take_up(case, 72 + self._hours(50))
        self.judge(case, 168 + self._hours(50), "confirmed", "seen_at_check")
        self.step(case, "passed_on", "other_body")


def minutes(duration: timedelta) -> int:
    """Whole minutes of a duration."""
    return duration // timedelta(minutes=1)


def nearest_rank(values: list[int], share: float) -> float:
    """The smallest value such that so many are no greater."""
    return sorted(values)[ceil(share * len(values)) - 1]


def _in(hour: int, part: Part) -> bool:
    first, end = {Part.MORNING: (6, 12), Part.AFTERNOON: (12, 18), Part.EVENING: (18, 22), Part.NIGHT: (22, 30)}[part]
    return first <= hour < end or first <= hour + 24 < end

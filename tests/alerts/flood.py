"""A flood: many reports for one unit within a minute, brought in and sent on as the deployed map does it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.alerting import LINES
from chalicelib.domain.calendar import day_of
from chalicelib.domain.report import NewReport
from chalicelib.events import relay
from chalicelib.services import police_queue
from chalicelib.services.case import NewCase
from chalicelib.services.police_queue import MOST, Wanted
from chalicelib.store.accept import Writes, accept
from chalicelib.store.claims import Slot
from tests.alerts.world import LAT, LON, UNIT, World, hooked

BATCH = 25
"""Records that the stream hands over at once, as deployed."""

CATEGORIES = {1: "car_racing", 2: "speeding", 3: "illegal_parking"}
"""One of each priority."""

SUBJECT = re.compile(r"Zgłoszenia: (\d+), w tym pilne: (\d+)")
COUNTED = re.compile(r"(pilne|ważne|zwykłe): (\d+)")
PRIORITIES = {"pilne": 1, "ważne": 2, "zwykłe": 3}


class Stream:
    """The main table's stream, from now on."""

    def __init__(self, world: World) -> None:
        self._client = world.post.stack.client("dynamodbstreams")
        name = world.post.stack.names["MAIN_TABLE"]
        arn = world.post.dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"]
        (shard,) = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._iterator = self._client.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
        )["ShardIterator"]

    def alerts(self) -> list[dict[str, Any]]:
        """The records since the last look that the event source lets through: of alerts that have entered."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._client.get_records(ShardIterator=self._iterator, Limit=1000)
            self._iterator = page["NextShardIterator"]
            if not page["Records"]:
                return found
            found += [record for record in page["Records"] if relay._entered(record) is not None]


@dataclass
class Flood:
    """Reports by their priority, when mails came of them, and in how many of these each report was told."""

    world: World
    filed: dict[str, int] = field(default_factory=dict)
    accepted_at: list[datetime] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    """How many mails told of a report, by name or by number."""

    def __post_init__(self) -> None:
        self.stream = Stream(self.world)
        self._seen = len(self.world.mails())

    def file(self, priority: int) -> None:
        """Accept a report of a device of its own, now."""
        world, number = self.world, len(self.filed)
        instance = world.container.instance
        category, unit = instance.catalogue.categories[CATEGORIES[priority]], instance.units[UNIT]
        case = NewCase(
            id=f"f{number:020d}",
            key_version=1,
            created=world.now,
            day=day_of(world.now, instance.zone),
            zone=instance.zone,
            draft=NewReport(category.code, LAT + number % 40 / 9_000, LON + number // 40 / 6_000),
            category=category,
            area="2062",
            boundaries="approximate",
            unit=unit,
            garrison=instance.units.garrison(UNIT),
        )
        device = Slot(case.day, f"device-{number}", "submission", world.now + timedelta(days=2))
        assert accept(Writes(device, case.report(), case.event(), case.alert())).new
        self.filed[case.id] = priority

    def pass_on(self) -> None:
        """Let the relay have what the stream has for it; the mails of this are of one report each."""
        records = self.stream.alerts()
        with self._timed():
            for start in range(0, len(records), BATCH):
                batch = {"Records": records[start : start + BATCH]}
                assert relay.handle(batch, self.world.container) == {"batchItemFailures": []}
        for mail in self._new_mails():
            (report,) = re.findall(r"/policja/#/sprawa/(\w+)", mail["BodyText"])
            assert self.filed[report] == 1
            self.told[report] += 1

    def come_round(self) -> None:
        """Let the schedules come round: the sweeper and the bulletins."""
        before = self._lines()
        with self._timed():
            self.world.sweep()
            summary = self.world.bulletins()
        mails = self._new_mails()
        assert summary["bulletins_sent"] == len(mails) <= 1
        for mail in mails:
            told = before - self._lines()
            self._read(mail, told)
            self.told.update(told)

    def _read(self, mail: dict[str, Any], told: frozenset[str]) -> None:
        """Hold a bulletin to what was taken from the box for it: each case is named or counted, the urgent first."""
        named = re.findall(r"/policja/#/sprawa/(\w+)", mail["BodyText"])
        counted = {PRIORITIES[word]: int(number) for word, number in COUNTED.findall(mail["BodyText"])}
        rest = told.difference(named)
        assert told.issuperset(named)
        assert len(set(named)) == len(named) == min(len(told), LINES)
        assert counted == Counter(self.filed[report] for report in rest)
        if rest:
            assert max(self.filed[report] for report in named) <= min(self.filed[report] for report in rest)
        if len(told) > 1:
            urgent = sum(self.filed[report] == 1 for report in told)
            assert [tuple(map(int, each)) for each in SUBJECT.findall(mail["Subject"])] == [(len(told), urgent)]

    def queue(self) -> Counter[str]:
        """Every case that the unit's officers see in their queue, page after page, and how often."""
        seen: Counter[str] = Counter()
        cursor: str | None = None
        while True:
            page = police_queue.page(
                Wanted(frozenset({UNIT})), cursor, MOST, self.world.container.instance, self.world.now
            )
            seen.update(line.report.id for line in page.lines)
            cursor = page.cursor
            if cursor is None:
                return seen

    def most_within(self, span: timedelta) -> int:
        """The most mails in any stretch of time of that length, wherever it begins."""
        return max(sum(begin <= at < begin + span for at in self.accepted_at) for begin in self.accepted_at)

    def _timed(self) -> Any:
        return hooked(
            self.world.container.ses, "after-call.sesv2.SendEmail", lambda **_: self.accepted_at.append(self.world.now)
        )

    def _lines(self) -> frozenset[str]:
        return frozenset(line.alert.report for line in self.world.lines())

    def _new_mails(self) -> Sequence[dict[str, Any]]:
        mails = self.world.mails()
        new, self._seen = mails[self._seen :], len(mails)
        return new

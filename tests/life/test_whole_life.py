"""Whole lives of reports: filed, told, worked on, counted and forgotten, with deaths and clocks that jump.

What is done goes through the handlers that are deployed, over the tables, buckets, topics and mails of the emulator.
What must come of it is reckoned by `tests.life.account`, which asks nobody.
"""

import json
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from chalicelib.domain.errors import Conflict
from chalicelib.events import bulletins, escalation, nightly, publish, relay, sweeper
from chalicelib.services.daybook import Daybook
from chalicelib.services.verifying import verify
from chalicelib.store import keys, models
from chalicelib.store.models import OutboxItem
from chalicelib.store.objects import Objects
from infra.commands.mail import sent_mails
from tests.alerts.world import record
from tests.http.gateway import Answer
from tests.http.world import Citizen, World, draft, publish_pack
from tests.life.account import ZONE, Account, Attempt, Case, local
from tests.life.deaths import Died, dying
from tests.nightly.world import Night, reach_back
from tests.support.thorough import ALL, least, tries

DEVICES = 4
CATEGORIES = ("illegal_dump", "car_racing", "drug_use")
"""One waits for its bulletin, one is mailed at once, one is told to nobody but the police."""
ENDS = ("joke", "unconfirmed", "eliminated")
EVE_OF_WINTER = datetime(2026, 10, 24, 9, 0, tzinfo=UTC)
"""The clocks go back in the night that follows."""

# How a process ends: at which of its calls, before or after; most do not.
DEATHS = st.tuples(st.sampled_from([0, 0, 1, 2, 3, 4, 6, 9]), st.sampled_from(["before", "after"]))
WELL = (0, "before")
LATE_DEATHS = st.tuples(st.sampled_from([0, 5, 20, 40, 60, 90, 120, 160]), st.sampled_from(["before", "after"]))


class Lives(RuleBasedStateMachine):
    """Four people with devices, the police, and every function, in any order."""

    world: World
    seen: Counter[str]
    pack: bytes

    @initialize()
    def begin(self) -> None:
        names = self.world.stack.names
        models.bind(names["MAIN_TABLE"], names["QUOTA_TABLE"])
        self.world.stack.clear()
        publish_pack(self.world.stack, self.pack)
        for remembered in ("salts", "windows"):
            vars(self.world.box._resources).pop(remembered, None)
        self.world.clock.now = self.latest = EVE_OF_WINTER
        self.account = Account()
        self.people: list[Citizen] = [self.world.citizen() for _ in range(DEVICES)]
        self.open: dict[int, Attempt] = {}
        self.deaths = 0
        self.queue = listening(self.world)
        # Somebody in a tunnel: whatever has been done already when the answer is lost, asking again ends well.
        for call in range(1, 16):
            if not self.account.cases:
                self.file(0, CATEGORIES[0], (call, "after"))
        self.crowd(set(range(1, DEVICES)), CATEGORIES[0], WELL)
        self.file(1, CATEGORIES[0], WELL)
        # One of each end that leaves the numbers, and of one that does not.
        self.merge(0, 1, WELL)
        self.withdraw(2, WELL)
        self.work(3, "unconfirmed", WELL)
        self.work(3, "unconfirmed", WELL)
        self.night_falls(1, WELL, CATEGORIES[1], {0, 1, 2}, 1)

    # -- citizens

    @rule(
        who=st.sets(st.integers(0, DEVICES - 1), min_size=1),
        what=st.sampled_from(CATEGORIES),
        death=DEATHS,
    )
    def crowd(self, who: set[int], what: str, death: tuple[int, str]) -> None:
        for device in sorted(who):
            self.file(device, what, death)

    def file(self, who: int, what: str, death: tuple[int, str]) -> None:
        """File a report, or send one again that had no answer."""
        # A place of its own for each: whatever lies near another would have to be told apart from it.
        spot = len(self.account.cases) + 7 * who
        body = draft(category=what, lat=51.9 + 0.013 * (spot % 40), lon=20.6 + 0.017 * (spot // 40 + 10 * who))
        attempt = self.open.pop(who, None) or Attempt(str(uuid4()), body, [])
        attempt.moments.append(self.world.clock.now)
        answer = self.sent(self.people[who], attempt, death)
        if answer is None or answer.status == 503:
            self.open[who] = attempt
            self.seen["unanswered"] += 1
        elif answer.status == 429:
            assert not self.account.may_file(who, self.world.clock.now), "refused though the day was free"
            self.seen["refused"] += 1
        else:
            self.accepted(who, attempt, answer)

    def sent(self, citizen: Citizen, attempt: Attempt, death: tuple[int, str]) -> Answer | None:
        def send() -> Answer:
            return citizen.call("POST", "/v1/reports", attempt.body, Idempotency_Key=str(UUID(attempt.key)))

        answer: Answer | None = self.lived(death, send)
        return answer

    def accepted(self, who: int, attempt: Attempt, answer: Answer) -> None:
        assert answer.status in {200, 201}, answer.text
        created = datetime.fromisoformat(answer.body["created_at"])
        assert keys.instant(created) in {keys.instant(moment) for moment in attempt.moments}
        assert answer.status == 200 or self.account.may_file(who, created), "a second report of one day"
        assert answer.body["id"] not in {case.id for case in self.account.cases}
        place = float(str(attempt.body["lat"])), float(str(attempt.body["lon"]))
        category = str(attempt.body["category"])
        self.account.cases.append(Case(answer.body["id"], answer.body["receipt"], category, place, local(created)))
        # A night that has come meanwhile has forgotten who filed before it.
        if self.account.last_night is None or local(created) >= self.account.last_night:
            self.account.used.add((who, local(created)))
        self.seen["accepted"] += 1
        self.seen["accepted late"] += answer.status == 200

    def withdraw(self, which: int, death: tuple[int, str]) -> None:
        case = self.case(which)
        if case is None:
            return

        def send() -> Answer:
            return self.world.stranger().call("POST", "/v1/receipt/withdraw", None, Receipt=case.receipt)

        answer = self.lived(death, send)
        if answer is None:
            self.look(case, ("withdrawn", "taken_back"))
        elif answer.status == 200:
            case.status, case.reason = "withdrawn", "taken_back"
            self.seen["moved"] += 1

    # -- police

    @rule(
        deeds=st.lists(st.sampled_from(["work", "work", "merge", "overtake", "withdraw"]), min_size=1, max_size=4),
        which=st.integers(0, 99),
        other=st.integers(0, 99),
        end=st.sampled_from(ENDS),
        death=DEATHS,
    )
    def desk(self, deeds: list[str], which: int, other: int, end: str, death: tuple[int, str]) -> None:
        """What officers do with the cases on their desk, and reporters with theirs; the last deed may be cut short."""
        for number, deed in enumerate(deeds):
            cut = death if number == len(deeds) - 1 else WELL
            case = which + number * other
            match deed:
                case "merge":
                    self.merge(case, case + 1 + other, cut)
                case "overtake":
                    self.overtake(case)
                case "withdraw":
                    self.withdraw(case, cut)
                case _:
                    self.work(case, end, cut)

    def work(self, which: int, end: str, death: tuple[int, str]) -> None:
        """Take the next step towards an end, of the version that is there."""
        case = self.case(which)
        ways = {
            "new": ("joke", "mistake") if end == "joke" else ("verifying", "taken_up"),
            "verifying": ("unconfirmed", "not_a_threat") if end == "unconfirmed" else ("confirmed", "known_to_police"),
            "confirmed": ("eliminated", "gone"),
            "unconfirmed": ("verifying", "check_again"),
            "eliminated": ("verifying", "check_again"),
        }
        step = None if case is None else ways.get(case.status)
        if case is None or step is None:
            return
        self.world.clock.pass_by(minutes=1)
        if self.lived(death, lambda: self.world.step(case.id, *step)) is None:
            self.look(case, step)
        else:
            case.status, case.reason = step
        self.seen["moved"] += case.status == step[0]

    def overtake(self, which: int) -> None:
        """Somebody else has moved the case since it was read."""
        case = self.case(which)
        if case is not None and case.status == "verifying":
            version = self.world.current(case.id).version
            with pytest.raises(Conflict):
                self.world.step(case.id, "confirmed", "known_to_police", version=version - 1)
            self.seen["overtaken"] += 1

    def merge(self, which: int, other: int, death: tuple[int, str]) -> None:
        case, into = self.case(which), self.case(other)
        if (
            case is None
            or into is None
            or case is into
            or case.status != "new"
            or into.status not in {"new", "verifying", "confirmed"}
        ):
            return
        version = self.world.current(case.id).version
        if self.lived(death, lambda: self.world.casework.merge(case.id, into.id, version)) is None:
            self.look(case, ("merged", "same_case"))
        else:
            case.status, case.reason = "merged", "same_case"
        self.seen["moved"] += case.status == "merged"

    # -- functions and time

    def stream(self, death: tuple[int, str]) -> None:
        """The stream tells of everything that waits, once more of what it has told before."""
        waiting = [item for shard in range(keys.SHARDS) for item in OutboxItem.query(keys.outbox(shard))]
        records = {"Records": [record(item) for item in waiting]}
        self.lived(death, lambda: relay.handle(records, self.world.box))

    @rule(death=DEATHS, what=st.sampled_from([relay, relay, sweeper, bulletins, escalation, publish]))
    def function(self, death: tuple[int, str], what: ModuleType) -> None:
        """One of the functions runs, and may die."""
        if what is relay:
            self.stream(death)
        else:
            self.lived(death, lambda: what.handle({}, self.world.box))

    @rule(minutes=st.sampled_from([30, 180, 420, -1, -45, -180]))
    def clock(self, minutes: int) -> None:
        """Time passes, or turns out to be earlier than it was."""
        self.latest = max(self.latest, self.world.clock.now)
        self.world.clock.pass_by(minutes=minutes)
        self.seen["back"] += minutes < 0

    @rule(
        days=st.sampled_from([1, 1, 2, 9]),
        death=LATE_DEATHS,
        what=st.sampled_from(CATEGORIES),
        who=st.sets(st.integers(0, DEVICES - 1)),
        back=st.sampled_from([0, 1, 45, 180]),
    )
    def night_falls(self, days: int, death: tuple[int, str], what: str, who: set[int], back: int) -> None:
        """Ten past midnight, some days on: the night runs, dies, runs again, is held to the account; people wake up."""
        today = local(self.world.clock.now)
        day = max(today, self.account.last_night or today) + timedelta(days=days)
        self.world.clock.now = datetime.combine(day, time(0, 10), ZONE).astimezone(UTC)
        with pytest.MonkeyPatch.context() as patch:
            reach_back(patch, timedelta(days=2), gap=timedelta(days=3))
            summary = self.lived(death, lambda: nightly.handle({}, self.world.box))
            if summary is None:
                # Another process finds the lease held until it ends.
                self.world.clock.pass_by(minutes=30)
                summary = nightly.handle({}, self.world.box)
                self.seen["night died"] += 1
        assert summary["state"] in {"published", "unchanged"}, summary
        self.account.night(day)
        self.settle_attempts()
        self.audit()
        self.world.clock.pass_by(hours=7)
        self.crowd(who, what, WELL)
        # A mail names the first of many cases and counts the rest: whoever wants to see each named tells them daily.
        self.stream(WELL)
        self.function(WELL, bulletins)
        self.clock(-back)

    def settle_attempts(self) -> None:
        """Whoever has no answer asks again: until then nobody can say what should be in the numbers."""
        before = len(self.account.cases)
        for who in list(self.open):
            self.file(who, "", WELL)
        if len(self.account.cases) > before:
            with pytest.MonkeyPatch.context() as patch:
                reach_back(patch, timedelta(days=2), gap=timedelta(days=3))
                nightly.handle({}, self.world.box)

    def audit(self) -> None:
        """Hold what is published and kept to the account."""
        night = Night(self.world.stack, self.world.clock.now)
        day = local(self.world.clock.now)
        for res in (5, 7, 9):
            told = night.cells(res)
            for window, place in ((365, 0), (28, 1)):
                shown = Counter(
                    {
                        (cell, category): counts[place]
                        for cell, row in told.items()
                        for category, counts in row["by_category"].items()
                        if counts[place]
                    }
                )
                assert shown == self.account.cells(res, day, window), (res, window)
        total = sum(self.account.cells(5, day, 365).values())
        assert night.manifest()["totals"]["reports_365d"] == total
        self.seen["counted"] += total
        days = {item["PK"]["S"] for item in self.world.items("quota", "Q#")}
        assert not [kept for kept in days if kept < f"Q#{day.isoformat()}"], "a quota outlives its night"
        assert "drug_use" not in json.dumps([row["by_category"] for row in night.cells(5).values()])

    def teardown(self) -> None:
        """However it went, at last everything has been told, counted once, and stands in the ledger."""
        self.settle_attempts()
        self.drain()
        told = heard(self.world, self.queue)
        for case in self.account.cases:
            assert told[case.id, "accepted"] >= 1, "a report of which nobody was told"
            answer = self.world.stranger().call("GET", "/v1/receipt", Receipt=case.receipt)
            assert (answer.status, answer.body["status"]) == (200, case.status)
        assert {report for report, _ in told} <= {case.id for case in self.account.cases}, "told of what is not"
        repeated = sum(count - 1 for (_, kind), count in told.items() if kind == "accepted")
        assert repeated <= self.deaths, "a repeat that no death explains"
        mailed = "".join(mail["text"] for mail in sent_mails(self.world.stack.access.endpoint))
        silent = [case for case in self.account.cases if case.id not in mailed and case.status != "withdrawn"]
        assert silent == []
        self.seen["told"] += len(self.account.cases)
        self.night_falls(1, WELL, "", set(), 0)
        box = self.world.box
        book = Daybook(Objects(box.s3, box.settings.site_bucket), box.feed, ZONE)
        proof = verify(book, local(self.world.clock.now))
        assert proof["breaks"] == [], proof
        relay.alerts.cache_clear()

    def drain(self) -> None:
        """Let the schedules run until nothing waits."""
        # What was filed before a clock went back is seen when its time has come again.
        self.world.clock.now = max(self.world.clock.now, self.latest)
        swept = sent = {}
        for _ in range(40):
            self.world.clock.pass_by(minutes=20)
            swept = sweeper.handle({}, self.world.box)
            sent = bulletins.handle({}, self.world.box)
            assert swept["parked"] == 0
            if not swept["outbox_oldest_s"] and not sent["bulletin_oldest_s"]:
                return
        raise AssertionError((swept, sent))

    # -- how it is done

    def case(self, which: int) -> Case | None:
        # Not a precondition: whether a dying process has filed a report may differ when Hypothesis tries it again.
        return self.account.cases[which % len(self.account.cases)] if self.account.cases else None

    def lived(self, death: tuple[int, str], deed: Any) -> Any:
        """Do something in a process that may die; None where it did."""
        call, moment = death
        died = self.deaths
        try:
            with dying(self.world.box, call, moment):
                return deed()
        except Died:
            self.deaths = died + 1
            self.seen["died"] += 1
            return None

    def look(self, case: Case, step: tuple[str, str]) -> None:
        """See what became of a step whose process died: it was taken wholly, or not at all."""
        answer = self.world.stranger().call("GET", "/v1/receipt", Receipt=case.receipt)
        assert answer.body["status"] in {case.status, step[0]}
        if answer.body["status"] == step[0] != case.status:
            case.status, case.reason = step


def listening(world: World) -> str:
    """Return a queue that hears the topic of the only garrison here."""
    sqs, sns = world.stack.client("sqs"), world.stack.client("sns")
    url = str(sqs.create_queue(QueueName=f"life-{uuid4().hex}")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    policy = {"Version": "2012-10-17", "Statement": [{**allow, "Resource": arn}]}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    sns.subscribe(TopicArn=f"{world.stack.names['TOPIC_PREFIX']}KSP", Protocol="sqs", Endpoint=arn)
    return url


def heard(world: World, queue: str) -> Counter[tuple[str, str]]:
    """Count the messages of a queue by report and kind."""
    sqs, found = world.stack.client("sqs"), Counter[tuple[str, str]]()
    while batch := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
        for held in batch:
            message = json.loads(json.loads(held["Body"])["Message"])
            if "report" in message:
                found[message["report"], message["kind"]] += 1
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=held["ReceiptHandle"])
    sqs.delete_queue(QueueUrl=queue)
    return found


def test_whatever_happens_every_report_is_told_counted_once_and_forgotten_in_time(
    world: World, country_pack: bytes
) -> None:
    seen: Counter[str] = Counter()
    Lives.world, Lives.seen, Lives.pack = world, seen, country_pack
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=tries(12),
            stateful_step_count=12,
            # An example is a life in the store: making a failing one smaller would take many times as long.
            phases=[Phase.generate],
            deadline=None,
            # The short run is the same each time; `make test-all` looks elsewhere each time.
            derandomize=not ALL,
            suppress_health_check=list(HealthCheck),
        ),
    )
    wanted = {"accepted": 100, "refused": 4, "died": 30, "night died": 6, "counted": 100, "told": 100, "moved": 40}
    wanted |= {"unanswered": 50, "accepted late": 10, "back": 4}
    minimum = {name: least(number) for name, number in wanted.items()}
    assert {name: seen[name] for name, number in minimum.items() if seen[name] < number} == {}, seen

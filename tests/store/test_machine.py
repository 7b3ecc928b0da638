"""Quota and idempotency as properties: whatever devices send, whatever fails on the way, whenever it is."""

from collections import Counter
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from chalicelib.domain.calendar import day_of
from chalicelib.store import models
from tests.http.world import World, publish_pack
from tests.store.faults import Fault, conflict, faults, lost_after, lost_before, throttled
from tests.support.thorough import least, tries

DEVICES = 3
SUBMISSIONS = [str(UUID(int=number)) for number in range(8)]
EVENINGS = ["2026-06-10T20:00:00+02:00", "2026-03-28T20:00:00+01:00", "2026-10-24T20:00:00+02:00"]

# What the client and the transaction's own tries overcome, what they do not, and what they do without hearing of it.
PASSING: list[list[Fault]] = [
    [throttled],
    [conflict] * 4,
    [lost_before],
    [lost_after],
    [lost_after, conflict],
    [throttled, lost_after],
]
LASTING: list[list[Fault]] = [[throttled] * 3, [conflict] * 5, [lost_before] * 3]
LOST: list[Fault] = [lost_after] * 3
LUCK: list[list[Fault]] = [*[[]] * 6, *PASSING, *LASTING, LOST]


class Filing(RuleBasedStateMachine):
    """Devices file under a handful of keys while the store fails and the clock runs."""

    world: World
    seen: Counter[str]
    pack: bytes

    @initialize(evening=st.sampled_from(EVENINGS))
    def begin(self, evening: str) -> None:
        names = self.world.stack.names
        # A new client: botocore allows each only so many retries in a row, and would then behave as its past was.
        models.bind(names["MAIN_TABLE"], names["QUOTA_TABLE"])
        self.world.stack.clear()
        publish_pack(self.world.stack, self.pack)
        vars(self.world.box._resources).pop("salts", None)
        self.world.clock.now = datetime.fromisoformat(evening)
        self.citizens = [self.world.citizen() for _ in range(DEVICES)]
        self.answers: dict[tuple[int, str], str] = {}
        self.used: dict[tuple[int, str], str] = {}
        self.in_doubt: set[tuple[int, str]] = set()

    @rule(hours=st.sampled_from([3, 4, 9, 23, 24, 25]))
    def wait(self, hours: float) -> None:
        self.world.clock.pass_by(hours=hours)

    @rule(who=st.integers(0, DEVICES - 1), key=st.sampled_from(SUBMISSIONS), planned=st.sampled_from(LUCK))
    def file(self, who: int, key: str, planned: list[Fault]) -> None:
        """Whether the faults are met depends on whether the request gets as far as the transaction."""
        with faults(*planned) as left:
            # Of a hidden category no earlier report is ever named as a possible duplicate.
            answer = self.citizens[who].file(key, category="drug_use")
        if left or planned not in [*LASTING, LOST]:
            self.check(who, key, answer.status, answer.text)
            return
        assert answer.status == 503, answer.text
        self.seen["lost" if planned == LOST else "in vain"] += 1
        if planned == LOST and (who, key) not in self.answers and (who, self.today) not in self.used:
            self.in_doubt.add((who, key))
            self.used[who, self.today] = key

    @precondition(lambda self: self.answers)
    @rule(which=st.integers(0, 99), planned=st.sampled_from(LUCK))
    def file_again(self, which: int, planned: list[Fault]) -> None:
        known = sorted(self.answers)
        who, key = known[which % len(known)]
        self.file(who, key, planned)

    def check(self, who: int, key: str, status: int, text: str) -> None:
        """Compare an answer with what the history allows."""
        known = self.answers.get((who, key))
        if known is not None or (who, key) in self.in_doubt:
            assert status == 200, text
            assert known in (None, text)
            self.seen["again"] += 1
        elif (who, self.today) in self.used:
            assert status == 429, text
            self.seen["refused"] += 1
            return
        else:
            assert status == 201, text
            self.used[who, self.today] = key
            self.seen["accepted"] += 1
        self.in_doubt.discard((who, key))
        self.answers[who, key] = text

    @property
    def today(self) -> str:
        return day_of(self.world.clock(), self.world.box.instance.zone).isoformat()

    def teardown(self) -> None:
        """Each used slot has one report with one event and one alert, and there is nothing else."""
        if hasattr(self, "used"):
            assert self.world.census() == dict.fromkeys(("report", "event", "outbox", "quota"), len(self.used))


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between tries are not waited."""
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.mark.usefixtures("no_waiting")
def test_quota_and_idempotency_hold_whatever_fails(world: World, country_pack: bytes) -> None:
    seen: Counter[str] = Counter()

    class Machine(Filing):
        pass

    Machine.world, Machine.seen, Machine.pack = world, seen, country_pack
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=tries(25),
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # A machine whose every request failed would hold the invariants too.
    minimum = {"accepted": 40, "again": 20, "refused": 20, "in vain": 10, "lost": 5}
    assert {name: seen[name] for name in minimum if seen[name] < least(minimum[name])} == {}, seen

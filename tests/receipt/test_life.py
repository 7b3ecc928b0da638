"""A case's life as a property: whatever officers, reporter and map try, in whatever order and with whatever faults."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chalicelib.domain.errors import Conflict, Invalid, Problem
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, STEPS, Actor, Reason
from chalicelib.store import keys, models
from chalicelib.store.models import EventItem, MainItem, OutboxItem, ReportItem
from chalicelib.store.proving import chained
from tests.http.world import NOON, World, publish_pack
from tests.receipt.cases import Held, held, held_at
from tests.store.faults import Fault, conflict, faults, lost_after, throttled
from tests.support.thorough import least, tries

LUCK: list[list[Fault]] = [*[[]] * 6, [conflict], [throttled], [lost_after], [lost_after, conflict]]
ENDS = {Status.WITHDRAWN, Status.MERGED, Status.JOKE}
LEGAL = {(row.source, row.target): row for row in STEPS}


class Life(RuleBasedStateMachine):
    """One case, everybody who may move it, and a second one to merge it into."""

    world: World
    seen: Counter[str]
    pack: bytes

    @initialize(status=st.sampled_from([Status.NEW, Status.NEW, Status.UNCONFIRMED, Status.ELIMINATED]))
    def begin(self, status: Status) -> None:
        names = self.world.stack.names
        # A new client: botocore allows each only so many retries in a row, and would then behave as its past was.
        models.bind(names["MAIN_TABLE"], names["QUOTA_TABLE"])
        self.world.stack.clear()
        # Each life begins at noon: a case that is filed in the morning has no two windows to be looked for in.
        self.world.clock.now = NOON
        publish_pack(self.world.stack, self.pack)
        vars(self.world.box._resources).pop("salts", None)
        self.case: Held = held_at(self.world, status)
        self.other: Held = held(self.world, category="vandalism")
        self.version = self.world.current(self.case.id).version

    @rule(hours=st.sampled_from([1, 20, 24 * 3, 24 * 29]))
    def wait(self, hours: float) -> None:
        self.world.clock.pass_by(hours=hours)

    @rule(number=st.integers(0, 11), luck=st.sampled_from(LUCK))
    def next_step(self, number: int, luck: list[Fault]) -> None:
        """A step that the table has for the case as it stands, of those that do not end its life."""
        status = self.world.current(self.case.id).status
        rows = [row for row in STEPS if row.source == status and row.target not in ENDS]
        if rows:
            row = rows[number % len(rows)]
            actor = sorted(row.actors)[number % len(row.actors)]
            self.attempt(row.target, row.reasons[number % len(row.reasons)], actor, luck)

    @rule(number=st.integers(0, 11), luck=st.sampled_from(LUCK))
    def another_step(self, number: int, luck: list[Fault]) -> None:
        self.next_step(number, luck)

    @rule(
        to=st.sampled_from(Status),
        reason=st.sampled_from(Reason),
        actor=st.sampled_from(Actor),
        luck=st.sampled_from(LUCK),
    )
    def any_step(self, to: Status, reason: Reason, actor: Actor, luck: list[Fault]) -> None:
        self.attempt(to, reason, actor, luck)

    def attempt(self, target: Status, reason: str, actor: Actor, luck: list[Fault]) -> None:
        before = self.world.current(self.case.id)
        row = LEGAL.get((Status(before.status), target))
        legal = row is not None and actor in row.actors and reason in row.reasons
        try:
            with faults(*luck):
                if target is Status.MERGED and actor is Actor.POLICE and reason == Reason.SAME_CASE:
                    self.world.casework.merge(self.case.id, self.other.id, before.version)
                else:
                    legal = legal and target is not Status.MERGED
                    self.world.step(self.case.id, target, reason, actor)
        except Invalid:
            assert not legal
            self.seen["refused"] += 1
        else:
            assert legal
            self.seen["taken"] += 1
            self.version += 1

    @rule(luck=st.sampled_from(LUCK))
    def stale_step(self, luck: list[Fault]) -> None:
        with faults(*luck), pytest.raises(Conflict):
            self.world.step(self.case.id, "verifying", "taken_up", version=self.version - 1)
        self.seen["stale"] += 1

    @rule()
    def ask(self) -> None:
        try:
            self.case.ask()
        except Problem:
            return
        self.version += 1
        self.seen["asked"] += 1

    @rule(
        deed=st.sampled_from(["possible", "possible", "text", "gone", "still_there", "withdraw"]),
        words=st.sampled_from(["a", "b"]),
        luck=st.sampled_from(LUCK),
    )
    def reporter(self, deed: str, words: str, luck: list[Fault]) -> None:
        looked = self.case.look()
        may = looked.body["may"]
        if deed == "possible":
            deed = {"answer": "text"}.get(may[0], may[0]) if may else "text"
        with faults(*luck):
            if deed == "withdraw":
                answer = self.case.withdraw()
            else:
                answer = self.case.say(deed, words if deed == "text" else None)
        done = {"text": "answer"}.get(deed, deed) in may
        assert answer.status in ({200} if done else {200, 409})
        after = self.world.current(self.case.id).version
        assert after == self.version + done, "what is possible is done, and nothing else changes anything"
        self.version = after
        if answer.status == 409:
            assert answer.body["may"] == may
        self.seen[deed if done else "not done"] += 1

    @invariant()
    def the_report_is_the_fold_of_its_events(self) -> None:
        items = list(MainItem.query(keys.report(self.case.id), consistent_read=True))
        (report,) = [item for item in items if isinstance(item, ReportItem)]
        events = [item for item in items if isinstance(item, EventItem)]
        assert [event.seq for event in events] == list(range(1, self.version + 1))
        assert (report.v, report.status) == (self.version, events[-1].status)
        times = [event.at for event in events]
        assert times == sorted(set(times)), "each later than the one before"
        status = "new"
        for event in events[1:]:
            assert event.from_status in {None, status}
            status = event.status
        is_open = Status(report.status) in OPEN
        assert str(report.g2pk).startswith("U#" if is_open else "Z#")
        assert (report.resolved is None) is is_open
        told = [(e.seq, e.by, e.type) for e in events if e.by in {"reporter", "system"}]
        alerts = [item for s in range(4) for item in OutboxItem.query(keys.outbox(s)) if item.id == self.case.id]
        assert sorted(alert.seq for alert in alerts) == [1, *(sequence for sequence, _, _ in told)]
        assert chained(self.case.id).breaks() == []


@pytest.mark.slow
def test_S01_a_case_s_life_keeps_every_rule_whatever_is_tried(world: World, country_pack: bytes) -> None:
    seen: Counter[str] = Counter()
    Life.world, Life.seen, Life.pack = world, seen, country_pack
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda _: None)
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=tries(60),
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    minimum = {"taken": 30, "refused": 10, "stale": 30, "asked": 5, "still_there": 1, "withdraw": 2, "not done": 20}
    assert {name: seen[name] for name, number in minimum.items() if seen[name] < least(number)} == {}, seen

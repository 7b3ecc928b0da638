"""Any history of faults ends with every alert delivered or parked, and repeats only what nobody could know."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.events import relay, sweeper
from chalicelib.store import outbox
from chalicelib.store.models import OutboxItem
from tests.alerts.world import World, hooked, record

STEPS = ("claim", "publish", "mark", "mail", "finish", "release")
OPERATIONS = {"Publish": "publish", "SendEmail": "mail", "DeleteItem": "finish"}

# Where a service has accepted and our note of it is not written: only these may lead to a repeat, and of what.
UNKNOWABLE = {
    ("publish", "after"): "topic",
    ("mark", "before"): "topic",
    ("mail", "after"): "mail",
    ("finish", "before"): "mail",
}


class Killed(BaseException):
    """The process is gone: nothing of ours runs after it."""


@dataclass
class Fault:
    """Breaks one step off, before or after the service has done it, by a kill or by an error."""

    step: str
    moment: str
    kills: bool
    fired: bool = False
    _now: str = ""

    def hook(self, client: Any, stack: ExitStack) -> None:
        """Watch the calls of a client for as long as `stack` lasts."""
        stack.enter_context(hooked(client, "provide-client-params", self._name))
        stack.enter_context(hooked(client, "before-call", lambda **_: self._fire("before")))
        stack.enter_context(hooked(client, "after-call", lambda **_: self._fire("after")))

    def _name(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._now = OPERATIONS.get(model.name, "")
        if model.name == "UpdateItem":
            names = params["ExpressionAttributeNames"].values()
            self._now = "mark" if "sns_done" in names else "release" if "last_error" in names else "claim"

    def _fire(self, moment: str) -> None:
        if not self.fired and (self._now, moment) == (self.step, self.moment):
            self.fired = True
            raise Killed if self.kills else ConnectionError


@dataclass
class History:
    """What was filed and what was broken."""

    world: World
    filed: list[OutboxItem] = field(default_factory=list)
    excused: Counter[str] = field(default_factory=Counter)
    faults: int = 0

    @contextmanager
    def broken(self, fault: Fault) -> Iterator[None]:
        """Run a handler with a fault in it, as the platform does: what it raises is its own affair."""
        with ExitStack() as stack:
            for client in (OutboxItem._get_connection().connection.client, *self._services()):
                fault.hook(client, stack)
            stack.enter_context(suppress(Killed, ConnectionError))
            yield
        if fault.fired:
            self.faults += 1
            self.excused[UNKNOWABLE.get((fault.step, fault.moment), "nothing")] += 1

    def _services(self) -> tuple[Any, Any]:
        return self.world.container.sns, self.world.container.ses


# Dealt out like cards, so that no history repeats one; the moments that may lead to a repeat are in it twice.
decks = st.permutations([*product(STEPS, ("before", "after")), *UNKNOWABLE])
acts = st.tuples(st.sampled_from(["file", "again", "sweep", "wait"]), st.booleans(), st.integers(1, 30))


def run(history: History, act: str, fault: Fault, minutes: int) -> None:
    """Do one thing of a history."""
    world = history.world
    if act == "wait":
        world.wait(minutes=minutes)
    elif act == "sweep":
        with history.broken(fault):
            sweeper.handle({}, world.container)
    else:
        if act == "file" or not history.filed:
            history.filed.append(world.report())
        with history.broken(fault):
            relay.handle({"Records": [record(history.filed[-1])]}, world.container)


def test_Q09_whatever_breaks_every_alert_arrives_and_only_the_unknowable_repeats(world: World) -> None:
    total: Counter[str] = Counter()
    before = 0

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(decks, st.lists(acts, min_size=3, max_size=12))
    def check(deck: list[tuple[str, str]], history_of: list[tuple[str, bool, int]]) -> None:
        nonlocal before
        # No earlier history's mails count any more in the hour of this one.
        world.wait(hours=2)
        history = History(world)
        for (act, kills, minutes), (step, moment) in zip(history_of, deck, strict=False):
            run(history, act, Fault(step, moment, kills), minutes)
        for _ in range(outbox.MAX_ATTEMPTS + 2):
            if not world.waiting():
                break
            world.wait(minutes=61)
            world.sweep()
        assert world.waiting() == []
        filed = {item.id for item in history.filed}
        parked = filed.intersection(alert.report for alert in outbox.parked())
        messages = Counter(message["report"] for message in world.messages())
        sent = world.mails()
        mails = Counter(mail["BodyText"].partition("Numer: ")[2].split()[0] for mail in sent[before:])
        before = len(sent)
        assert filed == (messages.keys() & mails.keys()) | parked
        assert messages.total() <= len(filed) + history.excused["topic"]
        assert mails.total() <= len(filed) + history.excused["mail"]
        total.update(filed=len(filed), faults=history.faults, parked=len(parked), **history.excused)

    check()
    # Without these the histories would show nothing.
    assert total["filed"] >= 25
    assert total["faults"] >= 25
    assert total["topic"] >= 3
    assert total["mail"] >= 3

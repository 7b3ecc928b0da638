"""Nights that were missed, cut short, run ahead, or met by somebody else."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pynamodb.exceptions import TransactWriteError, UpdateError

from chalicelib.domain.retention import Kept
from chalicelib.services.retention import Erased, Retention
from chalicelib.store import retention
from tests.http.world import World
from tests.receipt.cases import held
from tests.retention.nights import CANARY, erase, night_after, raw, texts
from tests.retention.test_erasing import closed
from tests.store.faults import faults, forbidden


def test_missed_nights_are_made_good(world: World) -> None:
    erase(world)
    cases = []
    for _ in range(4):
        cases.append(closed(world, "joke"))
        world.clock.pass_by(days=30)
    world.clock.pass_by(days=400)
    erased = erase(world)
    assert (erased.things["texts"], erased.things["places"], erased.left) == (4, 4, 0)
    assert [texts(case) for case in cases] == [[]] * 4


def test_what_one_night_cannot_do_the_next_one_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        closed(world, "joke")
    monkeypatch.setattr("chalicelib.services.retention.LIMIT", 2)
    monkeypatch.setattr("chalicelib.services.retention.CHUNK", 2)
    night_after(world, 31)
    first = erase(world)
    assert (first.things["texts"], first.left, retention.reached()) == (2, 3, None)
    assert (erase(world).left, erase(world).left) == (1, 0)
    assert retention.reached() == date(2026, 7, 11)
    assert CANARY not in raw(world)


def test_what_the_store_refuses_is_left_and_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    closed(world, "joke")
    night_after(world, 31)
    with monkeypatch.context() as patch:
        refusal = UpdateError()
        patch.setattr("chalicelib.store.retention.ReportItem.update", lambda *_, **__: (_ for _ in ()).throw(refusal))
        erased = erase(world)
    assert (erased.left, retention.reached()) == (1, None)
    assert (erase(world).left, CANARY in raw(world)) == (0, False)


def test_a_night_that_runs_ahead_comes_again(world: World) -> None:
    erase(world)
    case = closed(world, "joke")
    today = world.clock.now
    ahead = Ahead(world)
    assert ahead.erase(days=40).things["texts"] == 1
    world.clock.now = today
    late = closed(world, "joke")
    night_after(world, 31)
    assert erase(world).things["texts"] == 1
    assert texts(case) == texts(late) == []


class Ahead:
    """A night that is told a later day than the clock's."""

    def __init__(self, world: World) -> None:
        self._world = world

    def erase(self, days: int) -> Erased:
        """Run the night so many days ahead."""
        real = self._world.clock.now.date()
        return Retention(lambda _report: 0).run(real + timedelta(days=days), real)


@pytest.mark.usefixtures("world")
def test_the_mark_of_the_last_night_moves_only_forward() -> None:
    assert retention.reached() is None
    for night, then in [("2026-06-10", "2026-06-10"), ("2026-06-12", "2026-06-12"), ("2026-06-11", "2026-06-12")]:
        retention.reach(date.fromisoformat(night))
        assert retention.reached() == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("closed_at", "kept_in", "gone_in"),
    [
        # The clocks go back on 25 October and forward on 28 March: days are days all the same.
        ("2026-10-24T23:59:00+02:00", "2026-11-23T00:10:00+01:00", "2026-11-24T00:10:00+01:00"),
        ("2026-10-25T00:00:00+02:00", "2026-11-24T00:10:00+01:00", "2026-11-25T00:10:00+01:00"),
        ("2027-02-28T23:59:59+01:00", "2027-03-30T00:10:00+02:00", "2027-03-31T00:10:00+02:00"),
        ("2027-01-31T12:00:00+01:00", "2027-03-02T00:10:00+01:00", "2027-03-03T00:10:00+01:00"),
    ],
)
def test_N01_days_are_local_ones_when_the_clocks_change_and_at_the_end_of_a_month(
    world: World, closed_at: str, kept_in: str, gone_in: str
) -> None:
    world.clock.now = datetime.fromisoformat(closed_at)
    case = held(world, description=CANARY)
    world.step(case.id, "joke", "joke")
    for night, words in ((kept_in, [CANARY]), (gone_in, [])):
        world.clock.now = datetime.fromisoformat(night)
        erase(world)
        assert texts(case) == words


def test_N01_a_case_that_is_opened_again_while_the_night_looks_at_it_is_passed_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed(world, "verifying", "confirmed", "eliminated")
    night_after(world, 31)
    plain = retention.erase

    def late(*given: Any) -> None:
        world.step(case.id, "verifying", "check_again")
        plain(*given)

    monkeypatch.setattr(retention, "erase", late)
    erased = erase(world)
    assert (erased.left, sum(erased.things.values()), CANARY in raw(world)) == (0, 0, True)


def test_a_transaction_that_fails_is_not_mistaken_for_a_case_that_was_opened_again(world: World) -> None:
    case = closed(world, "joke")
    night_after(world, 31)
    seen = retention.look(case.id, date(2026, 6, 10))
    assert seen is not None
    with faults(forbidden), pytest.raises(TransactWriteError):
        retention.erase(seen, frozenset({Kept.ROW}), lambda _report: 0)
    assert CANARY in raw(world)

"""The fold is a union of sets: order, repetition and division of the events into nights do not matter."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.services.facts import changed_at, created_at, resolved_day
from chalicelib.services.fold import fold
from chalicelib.services.state import State, workshop
from chalicelib.store.feed import FeedEvent, ImportBatch
from chalicelib.store.objects import Objects
from tests.nightly.world import NOON, WARSAW, Night
from tests.support.thorough import tries

ZONE = ZoneInfo("Europe/Warsaw")
LAST = date(2026, 11, 22)
FIRST_EVENT = FeedEvent(
    id="",
    seq=1,
    type="accepted",
    at="2026-11-21T10:00:00.000Z",
    status="new",
    reason=None,
    day="2026-11-21",
    category="speeding",
    cell=h3.latlng_to_cell(*WARSAW, 11),
    area="1465",
    unit="KRP-WARSZAWA-1",
    occurred_day=None,
    part=None,
    tier=1,
    origin="web",
    source=None,
    resolved_day=None,
)


@dataclass
class Script:
    """A feed that delivers what it is told, in that order: the index does not promise any."""

    events: list[FeedEvent] = field(default_factory=list)

    def recorded(self, _: date) -> bool:
        return False

    def day_events(self, day: date) -> Iterator[FeedEvent]:
        return iter(self.events if day == LAST else [])

    def import_batches(self, _: date) -> list[ImportBatch]:
        return []


def histories(count: int) -> list[FeedEvent]:
    """Reports of two months, each with up to four events."""
    steps = [("verifying", "taken_up"), ("confirmed", "seen_at_check"), ("eliminated", "gone")]
    made = []
    for number in range(count):
        day = date(2026, 10 + number % 2, 20)
        name = f"r{number:025d}"
        made.append(FIRST_EVENT._replace(id=name, day=day.isoformat(), at=f"{day}T10:00:00.000Z"))
        for place, (status, reason) in enumerate(steps[: number % 4], start=2):
            made.append(
                FeedEvent(name, place, "status", f"2026-11-21T1{place}:00:00.000Z", status, reason, *[None] * 11)
            )
        last = made[-1]
        for place in range(last.seq + 1, last.seq + 1 + number % 3):
            moved = FeedEvent(name, place, "transfer", last.at, last.status, "other_area", *[None] * 11)
            where = {"type": "location", "cell": MOVED, "area": "1434"}
            made.append(moved._replace(unit=f"U{place}") if place % 2 else moved._replace(**where))
    return made


MOVED = h3.latlng_to_cell(52.3, 21.6, 11)
EVENTS = histories(9)


@pytest.fixture
def work(night: Night) -> Objects:
    return Objects(night.s3, night.work)


def folded(work: Objects, nights: list[list[FeedEvent]]) -> State:
    state = State()
    for events in nights:
        with workshop() as shop:
            state, _ = fold(shop, work, Script(events), State.load(state.dump()), ZONE, LAST, NOON)  # type: ignore[arg-type]
    return state


def test_order_repetition_and_division_do_not_matter(work: Objects) -> None:
    at_once = folded(work, [EVENTS]).version

    @settings(max_examples=tries(10), deadline=None)
    @given(st.permutations(EVENTS * 2), st.lists(st.integers(0, len(EVENTS) * 2), max_size=2).map(sorted))
    def check(events: list[FeedEvent], cuts: list[int]) -> None:
        bounds = [0, *cuts, len(events)]
        state = folded(work, [events[begin:end] for begin, end in pairwise(bounds)])
        assert state.version == at_once
        assert (state.rows, state.orphans) == (9, None)

    check()


def test_later_events_wait_for_the_first(work: Objects) -> None:
    late = [event for event in EVENTS if event.seq > 1]
    state = folded(work, [late])
    assert state.rows == 0
    assert state.orphans is not None
    assert state.orphans.rows == len({event.id for event in late})
    assert folded(work, [late, EVENTS]).orphans is None


def test_the_state_is_the_latest_status_and_unit_and_the_facts_of_the_first(work: Objects) -> None:
    report = [event for event in EVENTS if event.id == EVENTS[-1].id or event.id.endswith("7")]
    state = folded(work, [report])
    with workshop() as shop:
        paths = [str(path) for path in shop.fetch(work, state.months).values()]
        row = shop.database.execute(
            "SELECT seq, status, reason, changed, changed_day, resolved_day, created, day, category, cell, area, unit,"
            " tier, origin FROM read_parquet($1) WHERE id = $2",
            [paths, f"r{7:025d}"],
        ).fetchone()
    assert row == (
        4,
        "eliminated",
        "gone",
        datetime(2026, 11, 20, 23),  # noqa: DTZ001 - DuckDB's timestamps are naive, in UTC
        date(2026, 11, 21),
        date(2026, 11, 21),
        datetime(2026, 11, 20, 10, 30),  # noqa: DTZ001
        date(2026, 11, 20),
        "speeding",
        int(str(FIRST_EVENT.cell), 16),
        "1465",
        "U5",
        1,
        "web",
    )


def test_events_that_change_no_status_leave_the_report_as_it_is(work: Objects) -> None:
    reminder = FIRST_EVENT._replace(id=EVENTS[0].id, seq=9, type="escalated", status="verifying")
    assert folded(work, [[*EVENTS, reminder]]).version == folded(work, [EVENTS]).version


def kept(work: Objects, state: State, report: str, columns: str) -> tuple[Any, ...] | None:
    """Some columns of one report's row."""
    with workshop() as shop:
        paths = [str(path) for path in shop.fetch(work, state.months).values()]
        query = f"SELECT {columns} FROM read_parquet($1) WHERE id = $2"  # noqa: S608 - names of columns
        found: tuple[Any, ...] | None = shop.database.execute(query, [paths, report]).fetchone()
        return found


def test_a_move_changes_place_and_unit_and_nothing_else(work: Objects) -> None:
    steps = [event for event in EVENTS if event.id == "r" + f"{3:025d}"]
    moves = [
        FeedEvent(steps[0].id, seq, kind, f"2026-11-22T0{seq}:00:00.000Z", "eliminated", "other_area", *[None] * 11)
        for seq, kind in ((5, "transfer"), (6, "location"), (7, "transfer"))
    ]
    moves = [
        moves[0]._replace(unit="U5"),
        moves[1]._replace(cell=MOVED, area="1434", unit="U6"),
        moves[2]._replace(unit="U7"),
    ]
    state = folded(work, [[*moves, *steps], moves[:1], steps[:1]])
    columns = "seq, status, reason, changed_day, resolved_day, cell, area, unit"
    before = kept(work, folded(work, [steps]), steps[0].id, columns)
    assert before is not None
    assert kept(work, state, steps[0].id, columns) == (*before[:5], int(MOVED, 16), "1434", "U7")


def test_what_was_kept_before_there_were_moves_is_the_first_events(work: Objects) -> None:
    steps = [event for event in EVENTS if event.id == "r" + f"{3:025d}"]
    state = folded(work, [steps])
    with workshop() as shop:
        ((month, file),) = state.months.items()
        (path,) = shop.fetch(work, state.months).values()
        old = shop.folder / "old.parquet"
        shop.database.execute(f"COPY (SELECT * EXCLUDE (placed, routed) FROM '{path}') TO '{old}' (FORMAT parquet)")  # noqa: S608
        work.put(file.key, old.read_bytes(), "application/vnd.apache.parquet")
    moved = steps[-1]._replace(seq=9, type="transfer", unit="U9")
    with workshop() as shop:
        after, _ = fold(shop, work, Script([moved, steps[0]]), state, ZONE, LAST, NOON)  # type: ignore[arg-type]
    assert list(after.months) == [month]
    assert kept(work, after, steps[0].id, "seq, status, area, unit") == (4, "eliminated", "1465", "U9")


def test_a_fold_that_dies_has_changed_nothing(work: Objects) -> None:
    before = folded(work, [EVENTS[:6]])
    folded(work, [EVENTS])
    with workshop() as shop:
        paths = shop.fetch(work, before.months)
        count = shop.database.execute("SELECT count(*) FROM read_parquet($1)", [[str(path) for path in paths.values()]])
        assert count.fetchone() == (before.rows,)


@pytest.mark.parametrize(
    ("event", "created", "changed", "resolved"),
    [
        (FIRST_EVENT, FIRST_EVENT.at, FIRST_EVENT.at, None),
        (
            FIRST_EVENT._replace(type="imported", at="2026-11-22T11:00:00.000Z", day="2026-07-01"),
            "2026-06-30T22:00:00+00:00",
            "2026-06-30T22:00:00+00:00",
            None,
        ),
        (
            FIRST_EVENT._replace(type="imported", at="2026-11-22T11:00:00.000Z", day="2026-11-22"),
            "2026-11-22T11:00:00.000Z",
            "2026-11-22T11:00:00.000Z",
            None,
        ),
        (
            FIRST_EVENT._replace(
                type="imported",
                status="eliminated",
                at="2026-11-22T11:00:00.000Z",
                day="2026-07-01",
                resolved_day="2026-10-25",
            ),
            "2026-06-30T22:00:00+00:00",
            "2026-10-24T22:00:00+00:00",
            "2026-10-25",
        ),
        (
            FIRST_EVENT._replace(seq=2, type="status", status="eliminated", at="2026-11-22T23:30:00.000Z"),
            None,
            "2026-11-22T23:30:00.000Z",
            "2026-11-23",
        ),
        (
            FIRST_EVENT._replace(seq=2, type="status", status="verifying", at="2026-11-22T23:30:00.000Z"),
            None,
            "2026-11-22T23:30:00.000Z",
            None,
        ),
    ],
)
def test_what_an_event_says_of_its_report(
    event: FeedEvent, created: str | None, changed: str, resolved: str | None
) -> None:
    assert (created_at(event, ZONE), changed_at(event, ZONE), resolved_day(event, ZONE)) == (created, changed, resolved)


def test_an_import_batch_that_the_index_does_not_show_whole_is_read_again(night: Night) -> None:
    rows = [(date(2026, 5, 4), WARSAW, "speeding")] * 3
    night.load(rows[:2], announced=3)
    assert night.run()["reports"] == 2
    third = night.load(rows[:1], batch="rest")
    night.stack.client("dynamodb").delete_item(
        TableName=night.stack.names["MAIN_TABLE"], Key={"PK": {"S": "IMPORT#2026-11-22"}, "SK": {"S": "rest"}}
    )
    assert night.run()["reports"] == 2
    _move(night, third[0], "b1")
    assert night.run()["reports"] == 3
    # Whole now: the batch is not read any more.
    assert night.run()["folded"] == 0


def test_an_import_that_was_finished_days_later_is_found(night: Night) -> None:
    assert night.run()["reports"] == 0
    began = night.now
    night.now = began.replace(day=28)
    night.run()
    night.now = began
    night.load([(date(2026, 5, 4), WARSAW, "speeding")])
    night.now = began.replace(day=29)
    assert night.run()["reports"] == 1


def test_days_missed_are_made_good(night: Night) -> None:
    night.run()
    for number in range(1, 8):
        night.file(at=NOON.replace(day=22 + number))
    night.now = datetime(2026, 12, 1, 0, 10, tzinfo=UTC)
    summary = night.run()
    assert summary["reports"] == 7
    assert summary["caught_up"] == [f"2026-11-{day}" for day in range(23, 31)]
    assert summary["totals"]["reports_28d"] == 7


def _move(night: Night, report: str, batch: str) -> None:
    night.stack.client("dynamodb").update_item(
        TableName=night.stack.names["MAIN_TABLE"],
        Key={"PK": {"S": f"R#{report}"}, "SK": {"S": "E#000001"}},
        UpdateExpression="SET G1PK = :pk",
        ExpressionAttributeValues={":pk": {"S": f"I#2026-11-22#{batch}"}},
    )

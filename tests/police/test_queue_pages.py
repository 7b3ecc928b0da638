"""The lists of a unit's cases: every case once, in order, whatever happens while somebody turns the pages."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid
from chalicelib.services.police_queue import LOOKED_AT, Page, Wanted, page
from chalicelib.store import keys
from chalicelib.store.models import ReportItem
from tests.http.world import NOON, World
from tests.police.cases import FAR, NEIGHBOUR, UNIT, closed, metered, put, report

ALL = frozenset({UNIT, NEIGHBOUR})


def pages(world: World, wanted: Wanted, limit: int = 50) -> Iterator[list[str]]:
    """Walk all pages of a list; each is read when it is asked for."""
    cursor, more = None, True
    while more:
        found = page(wanted, cursor, limit, world.box.instance, world.clock())
        yield [line.report.id for line in found.lines]
        cursor, more = found.cursor, found.cursor is not None


def walked(world: World, limit: int = 50, **wanted: Any) -> list[str]:
    """All ids of a list, in its order."""
    return [case for each in pages(world, Wanted(**{"units": ALL, **wanted}), limit) for case in each]


def hours(number: int) -> Any:
    """A due time so many hours after noon."""
    return NOON + timedelta(hours=number)


def close(item: ReportItem) -> None:
    """Take a case out of the open list, as a step that closes it does."""
    item.g2pk, item.g2sk = keys.closed("2026-06-10"), keys.at_id(keys.instant(NOON), item.id)
    item.status, item.resolved = "joke", keys.instant(NOON)
    item.save()


def test_cases_come_by_due_time_the_overdue_first(world: World) -> None:
    put([report(world, 1, hours(5)), report(world, 2, hours(-5)), report(world, 3, hours(1), unit=NEIGHBOUR)])
    assert walked(world) == ["case0002", "case0003", "case0001"]


def test_cases_of_other_units_are_not_among_them(world: World) -> None:
    put([report(world, 1), report(world, 2, unit=FAR)])
    assert walked(world) == ["case0001"]


def test_what_waits_for_nobody_comes_last_and_is_due_never(world: World) -> None:
    waiting = report(world, 1, status="passed_on")
    waiting.g2sk = keys.at_id(keys.NO_DUE, waiting.id)
    put([waiting, report(world, 2, hours(100))])
    found = page(Wanted(ALL), None, 50, world.box.instance, NOON)
    assert [(line.report.id, line.due is None) for line in found.lines] == [("case0002", False), ("case0001", True)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"status": "verifying"}, ["case0002"]),
        ({"category": "speeding"}, ["case0003"]),
        ({"priority": 3}, ["case0001", "case0002"]),
        ({"tier": 2}, ["case0004"]),
        ({"overdue": True}, ["case0001"]),
        ({"units": frozenset({NEIGHBOUR})}, ["case0004"]),
        ({"status": "verifying", "overdue": True}, []),
    ],
)
def test_a_filter_leaves_what_it_asks_for(world: World, wanted: dict[str, Any], expected: list[str]) -> None:
    put(
        [
            report(world, 1, hours(-1)),
            report(world, 2, hours(1), status="verifying"),
            report(world, 3, hours(2), category="speeding"),
            report(world, 4, hours(3), category="vandalism", tier=2, unit=NEIGHBOUR),
        ]
    )
    assert walked(world, limit=2, **wanted) == expected


def test_what_is_due_this_very_moment_is_not_overdue(world: World) -> None:
    put([report(world, 1, NOON), report(world, 2, NOON - timedelta(milliseconds=1))])
    assert walked(world, overdue=True) == ["case0002"]


def test_the_closed_ones_of_a_day_come_by_the_time_of_closing(world: World) -> None:
    put(
        [
            closed(world, 1, hours(1)),
            closed(world, 2, NOON),
            closed(world, 3, hours(2), unit=FAR),
            closed(world, 4, hours(13)),
            report(world, 5),
        ]
    )
    assert walked(world, limit=1, closed=date(2026, 6, 10)) == ["case0002", "case0001"]


def test_a_page_has_at_most_its_limit_and_the_last_one_no_cursor(world: World) -> None:
    put([report(world, number, hours(number)) for number in range(6)])
    assert [len(each) for each in pages(world, Wanted(ALL), limit=3)] == [3, 3]
    assert [len(each) for each in pages(world, Wanted(frozenset({UNIT})), limit=6)] == [6]


def test_cases_due_at_the_same_moment_are_each_told_once(world: World) -> None:
    put([report(world, number, NOON, unit=(UNIT, NEIGHBOUR)[number % 2]) for number in range(7)])
    assert walked(world, limit=2) == [f"case{number:04d}" for number in range(7)]


# Each example clears up after itself.
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), limit=st.integers(1, 5))
def test_walking_pages_is_one_list_whatever_is_closed_meanwhile(world: World, data: st.DataObject, limit: int) -> None:
    """Without loss and repeat: what is open throughout is told once, in order; what was closed before is never told."""
    dues = data.draw(st.lists(st.tuples(st.integers(-3, 3), st.sampled_from([UNIT, NEIGHBOUR])), max_size=9))
    items = [report(world, number, hours(due), unit=unit) for number, (due, unit) in enumerate(dues)]
    put(items)
    told: list[str] = []
    gone: set[str] = set()
    for each in pages(world, Wanted(ALL), limit):
        assert not set(each) & gone
        told += each
        doomed = data.draw(st.none() | st.sampled_from(items)) if items else None
        if doomed is not None:
            close(doomed)
            gone.add(doomed.id)
    for item in items:
        item.delete()
    order = [item.id for item in sorted(items, key=lambda item: str(item.g2sk)) if item.id not in gone]
    assert [case for case in told if case not in gone] == order
    assert len(set(told)) == len(told)


def test_a_case_that_moved_since_the_index_was_read_is_left_out(world: World) -> None:
    """The index may be behind the cases: what it still names as open is looked at before it is told."""
    put([report(world, 1), report(world, 2)])
    behind = report(world, 1, status="joke", resolved=keys.instant(NOON))
    behind.save()
    assert walked(world) == ["case0002"]


@pytest.mark.parametrize("cursor", ["", "x", "!", "é", "MjAyNg", "fn5-", "MjAyNi0wNi0xMFQxMDowMDowMC4wMDBaIy4uLw"])
def test_a_cursor_that_nobody_gave_is_refused(world: World, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        page(Wanted(ALL), cursor, 50, world.box.instance, NOON)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("cursor", "mistyped")]


def test_after_the_last_overdue_case_there_is_none(world: World) -> None:
    put([report(world, 1, hours(-1)), report(world, 2, hours(1)), report(world, 3, hours(2))])
    later = page(Wanted(ALL), None, 2, world.box.instance, NOON).cursor
    assert page(Wanted(ALL, overdue=True), later, 2, world.box.instance, NOON) == Page((), None)


def test_a_page_costs_what_is_on_it_and_asks_by_query_alone(world: World) -> None:
    put([report(world, number, hours(number)) for number in range(60)])
    with metered() as few:
        first = next(pages(world, Wanted(frozenset({UNIT}))))
    put([closed(world, number, NOON) for number in range(100, 220)])
    with metered() as many:
        again = next(pages(world, Wanted(frozenset({UNIT}))))
    assert len(first) == 50
    assert again == first
    # Half a unit for the entries of the index and half for each case with its sightings: nothing for what is closed.
    assert few == many == {"Query": 25.5}


def test_a_request_looks_through_so_many_entries_and_no_further(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.services.police_queue.LOOKED_AT", 4)
    put([report(world, number, hours(number), tier=1 + (number == 9)) for number in range(10)])
    assert list(islice(pages(world, Wanted(ALL, tier=2), limit=3), 4)) == [[], [], ["case0009"]]
    assert LOOKED_AT == 1_000

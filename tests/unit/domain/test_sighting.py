"""When and by how many a case was seen."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendar import Part
from chalicelib.domain.report import Pattern
from chalicelib.domain.sighting import (
    PARTS,
    Sighting,
    Times,
    fold,
    from_grid,
    grid,
    of_moment,
    of_pattern,
    of_report,
)

WARSAW = ZoneInfo("Europe/Warsaw")
AT = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
"""A Friday evening."""

SLOTS = st.tuples(st.integers(1, 7), st.sampled_from(PARTS))
TIMES: st.SearchStrategy[Times] = st.dictionaries(SLOTS, st.integers(1, 50))


def sighting(times: Times | None = None, sources: int = 1) -> Sighting:
    return Sighting("mark", AT, {} if times is None else times, sources)


@pytest.mark.parametrize(
    ("moment", "day", "part"),
    [
        ("2026-11-20T20:30:00+01:00", 5, "evening"),
        ("2026-11-20T22:00:00+01:00", 5, "night"),
        ("2026-11-21T05:59:59+01:00", 5, "night"),
        ("2026-11-21T06:00:00+01:00", 6, "morning"),
        ("2026-11-23T03:00:00+01:00", 7, "night"),
        # The clocks change in the night of a Sunday, which is Saturday's.
        ("2026-10-25T02:30:00+01:00", 6, "night"),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, day: int, part: str) -> None:
    assert of_moment(datetime.fromisoformat(moment), WARSAW) == {(day, Part(part)): 1}


def test_a_pattern_counts_once_on_each_of_its_days_and_parts() -> None:
    pattern = Pattern.of([6, 5], ["night", "evening"])
    assert of_pattern(pattern) == {(day, part): 1 for day in (5, 6) for part in (Part.EVENING, Part.NIGHT)}


@pytest.mark.parametrize(
    ("occurred", "pattern", "times"),
    [
        (None, None, {}),
        (AT, None, {(5, Part.EVENING): 1}),
        (None, Pattern((1,), (Part.NIGHT,)), {(1, Part.NIGHT): 1}),
    ],
)
def test_a_report_counts_when_it_says_when(occurred: Any, pattern: Any, times: Times) -> None:
    assert of_report(occurred, pattern, WARSAW) == times


def test_a_case_alone_has_its_reporter_as_its_source() -> None:
    seen = fold({}, [])
    assert (seen.sources, seen.pattern) == (1, [])


def test_every_counted_sighting_adds_a_source_and_its_times() -> None:
    seen = fold({(5, Part.EVENING): 1}, [sighting({(5, Part.EVENING): 1}), sighting({(1, Part.MORNING): 1}, 3)])
    assert seen.sources == 5
    assert seen.pattern == [(1, Part.MORNING, 1), (5, Part.EVENING, 2)]


def test_a_sighting_over_a_soft_budget_adds_nothing() -> None:
    seen = fold({}, [sighting({(5, Part.EVENING): 1}, 0)])
    assert (seen.sources, seen.pattern) == (1, [])


@given(TIMES)
def test_a_grid_comes_back_as_it_went(times: Times) -> None:
    assert len(grid(times)) == 28
    assert from_grid(grid(times)) == times


@given(TIMES, st.lists(st.builds(sighting, TIMES, st.integers(0, 4))), st.randoms())
def test_the_order_of_sightings_does_not_matter(first: Times, sightings: list[Sighting], chance: Any) -> None:
    shuffled = chance.sample(sightings, len(sightings))
    assert fold(first, sightings) == fold(first, shuffled)


@pytest.mark.parametrize("length", [0, 27, 29])
def test_a_grid_of_another_size_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="argument"):
        from_grid([1] * length)

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.calendar import Part
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault
from chalicelib.domain.report import Pattern, Tier, occurrence_faults

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_pattern_is_put_in_calendar_order() -> None:
    pattern = Pattern.of([7, 1, 5], ["night", "morning"])
    assert pattern == Pattern((1, 5, 7), (Part.MORNING, Part.NIGHT))


@pytest.mark.parametrize(
    ("days", "parts", "faults"),
    [
        ([], [], [("pattern.days", Fault.EMPTY), ("pattern.parts", Fault.EMPTY)]),
        ([0], ["night"], [("pattern.days", Fault.UNKNOWN_VALUE)]),
        ([8], ["night"], [("pattern.days", Fault.UNKNOWN_VALUE)]),
        ([1, 1], ["night"], [("pattern.days", Fault.REPEATED)]),
        ([1], ["noon"], [("pattern.parts", Fault.UNKNOWN_VALUE)]),
        ([1], ["night", "night"], [("pattern.parts", Fault.REPEATED)]),
        ([9], ["noon"], [("pattern.days", Fault.UNKNOWN_VALUE), ("pattern.parts", Fault.UNKNOWN_VALUE)]),
    ],
)
def test_pattern_names_every_fault(days: list[int], parts: list[str], faults: list[tuple[str, Fault]]) -> None:
    with pytest.raises(Invalid) as refusal:
        Pattern.of(days, parts)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == faults


def test_unknown_part_is_answered_with_the_parts_there_are() -> None:
    with pytest.raises(Invalid) as refusal:
        Pattern.of([1], ["noon"])
    assert refusal.value.faults[0].params == {"allowed": "morning, afternoon, evening, night"}


@pytest.mark.parametrize(
    ("occurred", "codes"),
    [
        (NOW - timedelta(days=30), []),
        (NOW - timedelta(days=30, microseconds=1), [Fault.TOO_OLD]),
        (NOW, []),
        (NOW + timedelta(minutes=5), []),
        (NOW + timedelta(minutes=5, microseconds=1), [Fault.IN_THE_FUTURE]),
    ],
)
def test_thing_reported_happened_in_the_last_thirty_days(occurred: datetime, codes: list[Fault]) -> None:
    assert [fault.code for fault in occurrence_faults(occurred, NOW)] == codes


def test_tiers_are_kept_as_these_numbers() -> None:
    assert [(tier.name, tier.value) for tier in Tier] == [("ORDINARY", 1), ("HELD", 2)]

"""How long a unit took, worked out by hand from the events of a case."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.timing import Event, Timing, timing
from infra.build.packages import ROOT

DOCUMENT = json.loads((ROOT / "instances" / "pl" / "catalogue.json").read_text("utf-8"))
DUMP = Catalogue.from_document(DOCUMENT).categories["illegal_dump"]
"""Three days for the take-up, seven for the verdict, of 24 hours each."""

FILED = datetime(2026, 6, 10, 10, tzinfo=UTC)


def at(hours: float) -> datetime:
    """So many hours after the filing."""
    return FILED + timedelta(hours=hours)


def accepted() -> Event:
    return Event("accepted", FILED, None, "new")


def step(hours: float, source: str, target: str) -> Event:
    return Event("status", at(hours), source, target)


def act(hours: float, kind: str, status: str, until: float | None = None, *, moved: bool = False) -> Event:
    return Event(kind, at(hours), None, status, moved, None if until is None else at(until))


TAKEN = step(2.5, "new", "verifying")
LATE_TAKEN = step(72.5, "new", "verifying")

CASES: dict[str, tuple[Sequence[Event], Timing]] = {
    "nothing has happened": ([accepted()], Timing()),
    "taken up": ([accepted(), TAKEN], Timing(150)),
    "taken up at the last moment": ([accepted(), step(72, "new", "verifying")], Timing(72 * 60)),
    "taken up late": ([accepted(), LATE_TAKEN], Timing(4350, late_take_up=True)),
    "judged": ([accepted(), TAKEN, step(4, "verifying", "unconfirmed")], Timing(150, 90)),
    "judged at the last moment": ([accepted(), TAKEN, step(170.5, "verifying", "unconfirmed")], Timing(150, 10080)),
    "judged late": (
        [accepted(), TAKEN, step(171.5, "verifying", "unconfirmed")],
        Timing(150, 10140, late_verification=True),
    ),
    "both late": (
        [accepted(), LATE_TAKEN, step(72.5 + 169, "verifying", "confirmed")],
        Timing(4350, 10140, late_take_up=True, late_verification=True),
    ),
    "eliminated": (
        [accepted(), TAKEN, step(4, "verifying", "confirmed"), step(28, "confirmed", "eliminated")],
        Timing(150, 90, 1440),
    ),
    "passed on, and back, and eliminated": (
        [
            *(accepted(), TAKEN, step(4, "verifying", "confirmed"), step(5, "confirmed", "passed_on")),
            *(step(20, "passed_on", "confirmed"), step(24, "confirmed", "eliminated")),
        ],
        Timing(150, 90, 1200),
    ),
    "opened again: the first verdict and the first removal are timed": (
        [
            *(accepted(), TAKEN, step(4, "verifying", "confirmed"), step(5, "confirmed", "eliminated")),
            *(step(500, "eliminated", "verifying"), step(900, "verifying", "confirmed")),
            *(step(901, "confirmed", "eliminated"), step(950, "eliminated", "verifying")),
        ],
        Timing(150, 90, 60, reopened=2),
    ),
    "a pause counts for nothing and moves the verdict": (
        [
            *(accepted(), TAKEN, act(10, "pause", "verifying", 110)),
            *(act(60, "resume", "verifying"), step(220.5, "verifying", "unconfirmed")),
        ],
        Timing(150, (218 - 50) * 60),
    ),
    "a minute more than the pause is late": (
        [
            *(accepted(), TAKEN, act(10, "pause", "verifying", 110)),
            *(act(60, "resume", "verifying"), step(220.5 + 1 / 60, "verifying", "unconfirmed")),
        ],
        Timing(150, (218 - 50) * 60 + 1, late_verification=True),
    ),
    "a pause ends by itself": (
        [accepted(), TAKEN, act(10, "pause", "verifying", 110), step(270.5, "verifying", "unconfirmed")],
        Timing(150, (268 - 100) * 60),
    ),
    "two pauses": (
        [
            *(accepted(), TAKEN, act(10, "pause", "verifying", 110), act(120, "pause", "verifying", 220)),
            step(370.5, "verifying", "unconfirmed"),
        ],
        Timing(150, (368 - 200) * 60),
    ),
    "judged while the clock stands": (
        [accepted(), TAKEN, act(10, "pause", "verifying", 110), step(12, "verifying", "unconfirmed")],
        Timing(150, 450),
    ),
    "a first look that met nothing leaves three days, once": (
        [
            *(accepted(), TAKEN, act(160, "recheck", "verifying"), act(200, "recheck", "verifying")),
            step(232, "verifying", "unconfirmed"),
        ],
        Timing(150, 13770),
    ),
    "and not more": (
        [accepted(), TAKEN, act(160, "recheck", "verifying"), step(232.5, "verifying", "unconfirmed")],
        Timing(150, 13800, late_verification=True),
    ),
    "nor again at the second one": (
        [
            *(accepted(), TAKEN, act(160, "recheck", "verifying"), act(200, "recheck", "verifying")),
            step(232.5, "verifying", "unconfirmed"),
        ],
        Timing(150, 13800, late_verification=True),
    ),
    "a new case that is handed over leaves a day": (
        [accepted(), act(70, "transfer", "new", moved=True), step(94, "new", "verifying")],
        Timing(5640),
    ),
    "a corrected place that leads to another unit does, too": (
        [accepted(), act(70, "location", "new", moved=True), step(94.5, "new", "verifying")],
        Timing(5670, late_take_up=True),
    ),
    "a corrected place of the same unit does not": (
        [accepted(), act(70, "location", "new"), step(73, "new", "verifying")],
        Timing(4380, late_take_up=True),
    ),
    "a case that is being verified keeps its deadline wherever it goes": (
        [accepted(), TAKEN, act(170, "transfer", "verifying", moved=True), step(171, "verifying", "confirmed")],
        Timing(150, 10110, late_verification=True),
    ),
    "an imported case is only opened again": (
        [step(1, "new", "verifying"), step(2, "verifying", "unconfirmed"), step(3, "unconfirmed", "verifying")],
        Timing(reopened=1),
    ),
    "an imported case has no pause and no look": (
        [
            *(act(1, "transfer", "new", moved=True), step(1, "new", "verifying"), act(2, "recheck", "verifying")),
            *(act(3, "pause", "verifying", 5), act(4, "resume", "verifying")),
        ],
        Timing(),
    ),
    "nothing to go on with": ([accepted(), TAKEN, act(3, "resume", "verifying")], Timing(150)),
}


@pytest.mark.parametrize(("events", "expected"), CASES.values(), ids=CASES)
def test_timings_by_hand(events: Sequence[Event], expected: Timing) -> None:
    assert timing(DUMP, events) == expected

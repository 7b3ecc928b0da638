"""A flood of reports: no mailbox is flooded with it, and not one of them is lost."""

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.alerting import MAILS_PER_HOUR, RESERVED
from chalicelib.store import outbox
from tests.alerts.flood import Flood
from tests.alerts.world import World

HOUR = timedelta(hours=1)
URGENT, IMPORTANT = 40, 100
"""How many reports of the flood are urgent, and how many important: more than the mailbox may get by themselves."""


def priority(number: int, reports: int) -> int:
    """Of the reports of a flood in their order: spread evenly over it."""
    if number * URGENT % reports < URGENT:
        return 1
    return 2 if number * IMPORTANT % reports < IMPORTANT else 3


@pytest.mark.parametrize("reports", [250, pytest.param(1000, marks=pytest.mark.slow)])
def test_A08_a_minute_s_flood_is_twenty_mails_in_any_hour_and_every_case_is_told_once(
    world: World, reports: int
) -> None:
    """The minute lies across the clock's hour; in the next two hours three more urgent ones come in each quarter."""
    flood = Flood(world)
    begun = world.now.replace(hour=10, minute=59, second=30)
    for number in range(reports):
        world.now = begun + number * timedelta(minutes=1) / reports
        flood.file(priority(number, reports))
        if number % 50 == 49:
            flood.pass_on()
    assert len(flood.accepted_at) == MAILS_PER_HOUR - RESERVED, "urgent ones beyond these wait for the bulletin"
    quarter = begun.replace(hour=11, minute=0, second=0)
    for _ in range(12):
        quarter += timedelta(minutes=15)
        world.now = quarter
        flood.come_round()
        if quarter.hour < 13:
            for _ in range(3):
                world.wait(minutes=4)
                flood.file(1)
                flood.pass_on()
    once = Counter(list(flood.filed))
    assert flood.queue() == once
    assert Counter(message["report"] for message in world.messages()) == once
    assert flood.told == once
    assert (world.waiting(), world.lines(), list(outbox.parked())) == ([], [], [])
    assert MAILS_PER_HOUR - RESERVED < flood.most_within(HOUR) <= MAILS_PER_HOUR

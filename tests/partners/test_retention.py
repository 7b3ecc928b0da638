"""What an institution sees goes with the words of a case."""

from collections.abc import Callable

from tests.http.world import World
from tests.partners.institutions import Institution, passed
from tests.police.officers import Staff
from tests.retention.nights import erase, night_after, raw


def test_N05_what_institutions_were_told_and_said_goes_thirty_days_after_the_closing(
    world: World, staff: Callable[..., Staff], hire: Callable[..., Institution]
) -> None:
    partner = hire()
    report = passed(staff(), world)
    world.clock.pass_by(minutes=1)
    assert partner.answer(report, text="sroka").status == 200
    world.clock.pass_by(minutes=1)
    world.step(report, "eliminated", "removed_by_other")
    night_after(world, 30)
    assert erase(world).things["texts"] == 0
    assert "sroka" in raw(world)
    assert "Od strony szkoły" in raw(world)
    night_after(world, 1)
    # The reporter's own words, those beside two events, and the list's item.
    assert erase(world).things["texts"] == 4
    kept = raw(world)
    for word in ("sroka", "Od strony szkoły", "kanarek", "TP#"):
        assert word not in kept
    assert partner.listed("answered") == []

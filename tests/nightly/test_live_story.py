"""The published points are a function of the events and of the clock, whatever came between."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.services import base as bases
from chalicelib.services.base import Base
from chalicelib.services.live import compose, overlay
from chalicelib.services.points import Point, Stage, parent_of
from chalicelib.store.feed import FeedEvent
from tests.nightly.test_fold import FIRST_EVENT
from tests.nightly.world import AFTER_CONFIRMATION, HIDDEN, ORDINARY, VULNERABLE, Night

STATUSES = ["verifying", "confirmed", "unconfirmed", "eliminated", "joke"]
seen: Counter[str] = Counter()


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[list[FeedEvent]], int]:
    """Histories of a few reports in three tiles, and how many of the events the base has already."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        name, cell = f"r{number:025d}", draw(st.sampled_from(CELLS))
        category = draw(st.sampled_from([ORDINARY, VULNERABLE, HIDDEN, AFTER_CONFIRMATION]))
        hour = draw(st.integers(0, 9))
        events = [
            FIRST_EVENT._replace(
                id=name, cell=cell, category=category, tier=draw(st.integers(1, 2)), at=f"2026-11-21T0{hour}:00:00.000Z"
            )
        ]
        for seq, status in enumerate(draw(st.lists(st.sampled_from(STATUSES), max_size=3)), start=2):
            at = f"2026-11-2{draw(st.integers(1, 2))}T1{seq}:00:00.000Z"
            events.append(FeedEvent(name, seq, "status", at, status, None, *[None] * 11))
        made.append(events)
    return made, draw(st.integers(0, 5))


CELLS = [FIRST_EVENT.cell or "", "8b1e24a8d0f5fff", "8b1f53c93b41fff"]


def test_the_result_is_a_function_of_the_events_and_the_clock(night: Night) -> None:
    stage = Stage(night.container.instance)

    @settings(max_examples=200, deadline=None)
    @given(stories(), st.randoms(use_true_random=False), st.integers(0, 60))
    def check(story: tuple[list[list[FeedEvent]], int], chance: random.Random, hours: int) -> None:
        histories, known = story
        now = datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(hours=hours)
        base, stored = _base(histories[:known], stage)
        reference = compose(Base("b", base.at, base.since), overlay(histories, stage), now, lambda _: [])
        shuffled = [chance.sample(events * 2, 2 * len(events)) for events in chance.sample(histories, len(histories))]
        found = compose(base, overlay(shuffled, stage), now, lambda parent: stored[parent])
        assert found.hashes == reference.hashes
        for parent, body in found.fresh.items():
            assert bases.tile_hash(parent, body) == found.hashes[parent]
        seen["points"] += len(found.hashes)
        seen["from base"] += len(found.hashes) - len(found.fresh)
        # Without anything since the fold, the base alone and the clock give the same.
        alone = compose(_base(histories, stage)[0], {}, now, lambda parent: _base(histories, stage)[1][parent])
        assert alone.hashes == reference.hashes

    check()
    assert seen["points"] > 100
    assert seen["from base"] > 4


@pytest.mark.parametrize("known", [1, 2, 3])
def test_a_corrected_place_moves_the_point_from_tile_to_tile(night: Night, known: int) -> None:
    stage, now = Stage(night.container.instance), datetime(2026, 11, 22, 12, tzinfo=UTC)
    history = [
        FIRST_EVENT._replace(id="r", category=ORDINARY),
        *(
            FeedEvent("r", seq, "location", f"2026-11-21T1{seq}:00:00.000Z", "new", None, *[None] * 11)._replace(
                cell=cell
            )
            for seq, cell in enumerate(CELLS[1:], start=2)
        ),
    ]
    # The base knows the case where it was filed, after one correction, or where it is now.
    base, stored = _base([history[:known]], stage)
    found = compose(base, overlay([history[::-1]], stage), now, lambda parent: stored[parent])
    reference = compose(Base("b", base.at, base.since), overlay([history], stage), now, lambda _: [])
    assert found.hashes == reference.hashes
    assert {parent for parent, sha256 in found.hashes.items() if sha256} == {parent_of(CELLS[2])}


def test_a_transfer_leaves_the_point_as_it_is(night: Night) -> None:
    stage = Stage(night.container.instance)
    first = FIRST_EVENT._replace(id="r", category=ORDINARY)
    moved = FeedEvent("r", 2, "transfer", "2026-11-21T12:00:00.000Z", "new", "other_area", *[None] * 11)
    assert overlay([[first, moved._replace(unit="KSP")]], stage) == overlay([[first]], stage)


def _base(histories: list[list[FeedEvent]], stage: Stage) -> tuple[Base, dict[str, list[Point]]]:
    at = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp())
    stored: dict[str, list[Point]] = {}
    for parents, point in overlay(histories, stage).values():
        if point is not None and (point.ends is None or point.ends > at):
            stored.setdefault(parents[-1], []).append(point)
    tiles = {parent: bases.base_files("b", parent, points, at)[0] for parent, points in stored.items()}
    return Base("b", at, "2026-11-21T12:00:00.000Z", tiles), stored

"""The promise as a property: whatever happens to cases, and whichever nights are run, words go when they should."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.domain.answers import Answer
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Invalid
from chalicelib.domain.report import Status
from chalicelib.domain.retention import Kept
from chalicelib.domain.steps import OPEN, STEPS, Actor
from chalicelib.store import models, retention
from chalicelib.store.proving import chained
from chalicelib.store.retention import Case, Photos
from tests.http.world import NOON, World, publish_pack
from tests.receipt.cases import REASONS, Held, held
from tests.retention.nights import erase, night_after, texts

CASES = 4
SERIAL = count()


@dataclass
class Story:
    """One case as the test has followed it: the words said since the last erasure, and when it was closed."""

    held: Held
    words: list[str] = field(default_factory=list)
    status: Status = Status.NEW
    closed: date | None = None

    def is_due(self, night: date) -> bool:
        """Tell whether its words must be gone: the 31st day after the closing has begun, or the 1st."""
        days = 0 if self.status is Status.WITHDRAWN else 30
        return self.closed is not None and (night - self.closed).days > days


class Histories(RuleBasedStateMachine):
    """Up to three cases, everybody who may move them, and nights that come, are missed, and are raced."""

    world: World
    seen: Counter[str]
    pack: bytes

    @initialize()
    def begin(self) -> None:
        names = self.world.stack.names
        models.bind(names["MAIN_TABLE"], names["QUOTA_TABLE"])
        self.world.stack.clear()
        publish_pack(self.world.stack, self.pack)
        for remembered in ("salts", "windows"):
            vars(self.world.box._resources).pop(remembered, None)
        self.world.clock.now = NOON
        self.stories: list[Story] = []
        # The first erasure of all looks back no further than a month; there have been others here.
        retention.reach(day_of(NOON, self.world.box.instance.zone))
        for ways in ("joke",), ("verifying", "unconfirmed"), ("verifying",):
            self.file()
            for to in ways:
                self.move(self.stories[-1], Status(to), REASONS[to], Actor.POLICE, wordy=True)
        self.talk(len(self.stories) - 1)

    @precondition(lambda self: len(self.stories) < CASES)
    @rule()
    def file(self) -> None:
        said = self.say()
        # Apart from each other, or the one before would have to be acknowledged.
        latitude = 51.9 + len(self.stories) * 0.1
        self.stories.append(Story(held(self.world, lat=latitude, description=said), [said]))

    @rule(which=st.integers(0, CASES - 1), number=st.integers(0, 11), wordy=st.booleans())
    def step(self, which: int, number: int, wordy: bool) -> None:  # noqa: FBT001
        story = self.story(which)
        rows = [row for row in STEPS if row.source is story.status and row.target is not Status.MERGED]
        if rows:
            row = rows[number % len(rows)]
            actor = sorted(row.actors)[number % len(row.actors)]
            self.move(story, row.target, row.reasons[number % len(row.reasons)], actor, wordy=wordy)

    @rule(which=st.integers(0, CASES - 1))
    def end(self, which: int) -> None:
        """Bring a case to one of its ends, so that many are closed."""
        story = self.story(which)
        ways = {Status.NEW: ("joke", "mistake"), Status.VERIFYING: ("unconfirmed", "not_present")}
        if story.status in ways:
            to, reason = ways[story.status]
            self.move(story, Status(to), reason, Actor.POLICE, wordy=True)

    @rule(which=st.integers(0, CASES - 1))
    def reopen(self, which: int) -> None:
        story = self.story(which)
        if story.status in {Status.UNCONFIRMED, Status.ELIMINATED}:
            self.move(story, Status.VERIFYING, "check_again", Actor.POLICE, wordy=True)
            self.seen["opened again"] += 1

    @rule(which=st.integers(0, CASES - 1))
    def talk(self, which: int) -> None:
        """A question and its answer while the case is open; no word once it is closed."""
        story, said = self.story(which), self.say()
        if story.status not in OPEN:
            with pytest.raises(Invalid):
                self.world.casework.answer(self.world.current(story.held.id), Answer.TEXT, said)
            self.seen["refused"] += 1
        elif self.world.current(story.held.id).asked is None:
            story.held.ask(said)
            reply = self.say()
            self.world.casework.answer(self.world.current(story.held.id), Answer.TEXT, reply)
            story.words += [said, reply]
            self.seen["talked"] += 1

    @rule(days=st.sampled_from([0, 1, 29]), hours=st.sampled_from([1, 9, 13]))
    def wait(self, days: int, hours: int) -> None:
        self.world.clock.pass_by(days=days, hours=hours)

    @rule(days=st.sampled_from([1, 30, 31]))
    def night(self, days: int) -> None:
        night = night_after(self.world, days)
        erased = erase(self.world)
        assert bool(erased.things["texts"]) is any(story.words and story.is_due(night) for story in self.stories)
        assert erased.left == 0
        for story in self.stories:
            if story.is_due(night):
                self.seen["erased"] += bool(story.words)
                story.words = []
            else:
                self.seen["kept open" if story.closed is None else "kept closed"] += bool(story.words)

    @rule()
    def raced_night(self) -> None:
        """A night that has seen what is due, and somebody who opens every case again before it erases any."""
        night = night_after(self.world, 31)
        raced = [story for story in self.stories if story.status in {Status.UNCONFIRMED, Status.ELIMINATED}]
        sound = retention.erase

        def late(case: Case, parts: frozenset[Kept], photos: Photos) -> None:
            for story in raced:
                if story.held.id == case.id and story.closed is not None:
                    self.seen["raced"] += 1
                    self.move(story, Status.VERIFYING, "check_again", Actor.POLICE, wordy=True)
            sound(case, parts, photos)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(retention, "erase", late)
            assert erase(self.world).left == 0
        for story in self.stories:
            if story.is_due(night):
                self.seen["erased"] += bool(story.words)
                story.words = []

    def teardown(self) -> None:
        """However it went, a month later nothing is left of what was closed then, and all of what was open."""
        self.night(31)
        self.what_is_kept_is_what_was_said_and_not_yet_due()

    @invariant()
    def what_is_kept_is_what_was_said_and_not_yet_due(self) -> None:
        for story in self.stories:
            assert Counter(texts(story.held)) == Counter(story.words), story
            assert chained(story.held.id).breaks() == []

    def story(self, which: int) -> Story:
        return self.stories[which % len(self.stories)]

    def say(self) -> str:
        return f"Kanarek numer {next(SERIAL)}"

    def move(self, story: Story, to: Status, reason: str, actor: Actor, *, wordy: bool) -> None:
        if wordy:
            public, note = self.say(), self.say()
            self.world.step(story.held.id, to, reason, actor, public=public, note=note)
            story.words += [public, note]
        else:
            self.world.step(story.held.id, to, reason, actor)
        story.status = to
        today = day_of(self.world.clock.now, self.world.box.instance.zone)
        story.closed = None if to in OPEN else today


@pytest.mark.slow
def test_N01_whatever_happens_an_open_case_keeps_its_words_and_a_closed_one_loses_them(
    world: World, country_pack: bytes
) -> None:
    seen: Counter[str] = Counter()
    Histories.world, Histories.seen, Histories.pack = world, seen, country_pack
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            # An example is a life in the store: making a failing one smaller would take many times as long.
            phases=[Phase.generate],
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    minimum = {
        "erased": 6,
        "kept open": 4,
        "kept closed": 1,
        "opened again": 1,
        "raced": 1,
        "refused": 2,
        "talked": 2,
    }
    assert {name: seen[name] for name, least in minimum.items() if seen[name] < least} == {}, seen

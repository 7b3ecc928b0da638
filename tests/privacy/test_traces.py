"""Nothing that the map keeps, says or publishes leads to a device, or from one of its reports to another.

Four devices file over three days, from addresses and under keys that are looked for afterwards. Each
place and day is shared by two devices, so that whatever two reports of one device have in common, and no report of
another, is a link between them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

import h3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.window import LENGTH, window_of
from chalicelib.events import nightly, publish, relay, sweeper
from tests.http.world import Citizen, World
from tests.privacy.traces import Sent, objects, spellings, values
from tests.support.thorough import tries

WINDOW = window_of(date(2026, 11, 22))
LAST = WINDOW + LENGTH - timedelta(days=1)
CORNER, ELSEWHERE = (52.2297, 21.0122), (52.4093, 20.9312)
AGENTS = "canary-agent/1.0 (kanarek)"
CLAIMED = "203.0.113.199"

# Which device files what where, on days counted from the window's last; everything twice, by another device too.
PLAN = [
    (-2, "abcd", "illegal_dump", {"a": CORNER, "b": CORNER, "c": ELSEWHERE, "d": ELSEWHERE}),
    (-1, "abcd", "vandalism", {"a": CORNER, "b": ELSEWHERE, "c": CORNER, "d": ELSEWHERE}),
    (0, "abcd", "illegal_parking", {"a": ELSEWHERE, "b": ELSEWHERE, "c": CORNER, "d": CORNER}),
]


@dataclass
class Deed:
    """One report, and what is known of it in the tables."""

    device: str
    day: date
    place: tuple[float, float]
    id: str
    facts: set[str] = field(default_factory=set)

    @property
    def where_and_when(self) -> tuple[date, str]:
        """The one window and area in which a device may be known again."""
        return window_of(self.day), str(h3.latlng_to_cell(*self.place, 8))


@dataclass
class History:
    """Everything that was done, and everything that was ever kept of it."""

    sent: Sent
    deeds: list[Deed] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    kept: list[str] = field(default_factory=list)
    hashes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def look(self, world: World) -> None:
        """Take note of what the tables hold now, under each report, and under each day of the quota table."""
        quota, main, stream = world.items("quota"), world.items("main"), self.sent.records()
        self.kept += [repr(quota), repr(main), repr(stream), repr(objects(world)), repr(self.sent.mails())]
        for item in quota:
            if item["PK"]["S"].startswith(("Q#", "N#", "K#", "S#")):
                day = item["PK"]["S"].split("#")[1]
                self.hashes[day] |= {value for value in values([item]) if len(value) > 20}
        for deed in self.deeds:
            deed.facts |= values(item for item in [*main, *quota, *stream] if deed.id in repr(item))

    def forget_facts(self) -> None:
        """Know nothing any more of what was kept before."""
        for deed in self.deeds:
            deed.facts.clear()

    def deed(self, report: str) -> Deed:
        """Return the deed that made a report."""
        return next(deed for deed in self.deeds if deed.id == report)

    def links(self) -> dict[tuple[str, str], set[str]]:
        """Return what two reports of one device have in common that no report of another device has."""
        found = {}
        for one, other in combinations(self.deeds, 2):
            if one.device == other.device:
                strangers = set().union(*(deed.facts for deed in self.deeds if deed.device != one.device))
                found[one.id, other.id] = (one.facts & other.facts) - strangers
        return found


def at(world: World, day: date, hour: int = 12) -> None:
    """Let it be an hour of a local day."""
    world.clock.now = datetime.combine(day, time(hour), world.box.instance.zone)


def night(world: World, day: date) -> dict[str, Any]:
    """Run the night that begins a day."""
    at(world, day, 0)
    world.clock.pass_by(minutes=10)
    return nightly.handle({}, world.box)


def file_all(world: World, history: History, citizens: dict[str, Citizen], step: tuple[Any, ...]) -> None:
    """Let the devices of one day of the plan report, under keys of their own."""
    offset, devices, category, places = step
    day = LAST + timedelta(days=offset)
    at(world, day)
    for name in devices:
        citizen, key = citizens[name], str(uuid4())
        body = {"category": category, "lat": places[name][0], "lon": places[name][1]}
        headers = {"Idempotency_Key": key, "User_Agent": AGENTS, "X_Forwarded_For": CLAIMED}
        answer = citizen.call("POST", "/v1/reports", body, **headers)
        assert answer.status == 201, answer.text
        history.secrets |= {key, answer.body["receipt"], answer.body["receipt"].replace("-", "")}
        history.deeds.append(Deed(name, day, places[name], answer.body["id"]))
        world.clock.pass_by(minutes=1)


def some_are_seen_too(world: World, citizens: dict[str, Citizen], history: History) -> None:
    """Let a device confirm two cases of others, in two areas."""
    world.clock.pass_by(hours=2)
    for place in (ELSEWHERE, CORNER):
        case = next(deed for deed in history.deeds if deed.place == place and deed.device != "a")
        answer = citizens["a"].call("POST", f"/v1/reports/{case.id}/corroborations", {}, Idempotency_Key=str(uuid4()))
        assert answer.status == 201, answer.text


def filed_over_three_days(world: World, capfd: pytest.CaptureFixture[str]) -> History:
    """Three days of a window, two sightings, the alerts delivered, the points published, a night."""
    history = History(Sent(world))
    at(world, LAST - timedelta(days=2), 11)
    addresses = {"a": "198.51.100.213", "b": "2001:db8:aa:bb:cc:dd:ee:ff", "c": "203.0.113.142", "d": "192.0.2.56"}
    citizens = {name: world.citizen(address) for name, address in addresses.items()}
    for name, citizen in citizens.items():
        token = str(citizen.token)
        history.secrets |= {token, *token.split(".")[1:], addresses[name]}
    history.secrets |= {AGENTS, CLAIMED}
    for step in PLAN[:3]:
        file_all(world, history, citizens, step)
        if step is PLAN[1]:
            some_are_seen_too(world, citizens, history)
        history.look(world)
    world.clock.pass_by(minutes=5)
    assert sweeper.handle({}, world.box)["alerts_delivered"] == len(history.deeds)
    publish.handle({}, world.box)
    assert night(world, LAST)["purge_left"] == 0
    history.look(world)
    history.kept.append(capfd.readouterr().out)
    return history


def test_no_trace_of_a_person_is_anywhere_and_no_link_outlives_its_area_and_window(
    world: World, capfd: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(relay.alerts.cache_clear)
    history = filed_over_three_days(world, capfd)
    whole = "".join(history.kept)
    assert all(deed.id in whole for deed in history.deeds), "what is looked through holds the reports"
    found = {secret for secret in history.secrets for form in spellings(secret) if form in whole}
    assert found == set(), "tokens, keys, receipts and addresses, in the clear or hashed without a salt"

    for (one, other), links in history.links().items():
        together = history.deed(one).where_and_when == history.deed(other).where_and_when
        assert together or not links, (history.deed(one), history.deed(other), links)
    days = list(history.hashes)
    for day, later in combinations(days, 2):
        assert not history.hashes[day] & history.hashes[later], "no hash of a device or network comes twice"

    # The window ends: what has linked two reports until now is gone, wherever one looks today.
    assert night(world, LAST + timedelta(days=1))["purge_left"] == 0
    assert world.items("quota") == []
    history.forget_facts()
    history.look(world)
    assert {links for found in history.links().values() for links in found} == set()


@pytest.mark.parametrize("other_window", [False, True])
def test_two_days_of_a_device_are_joined_in_one_area_and_window_only(world: World, *, other_window: bool) -> None:
    history = History(Sent(world))
    days = (LAST, LAST + timedelta(days=1)) if other_window else (LAST - timedelta(days=1), LAST)
    at(world, days[0])
    citizens = {name: world.citizen() for name in "ab"}
    for day, category in zip(days, ("illegal_dump", "vandalism"), strict=True):
        offset = (day - LAST).days
        file_all(world, history, citizens, (offset, "ab", category, {"a": CORNER, "b": CORNER}))
        history.look(world)
    assert [bool(links) for links in history.links().values()] == [not other_window] * 2


ATTEMPTS = tries(300)
MADE = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.", max_size=60)


@dataclass
class Attack:
    """What has been tried, and how it was answered."""

    answers: Counter[int] = field(default_factory=Counter)


def mutations(token: str) -> st.SearchStrategy[str]:
    """Tokens that are one step away from a true one, or nothing like it."""
    places = st.integers(0, len(token) - 1)
    letters = st.sampled_from("ABCXYZabcxyz019-_.")
    changed = st.builds(lambda at, letter: token[:at] + letter + token[at + 1 :], places, letters)
    cut = st.builds(lambda at: token[:at], places)
    doubled = st.builds(lambda at: token[:at] + token[at:] + token[at:], places)
    return (changed | cut | doubled | MADE.map(lambda text: f"v1.{text}")).filter(lambda made: made != token)


def test_L14_no_mutated_token_is_believed(world: World) -> None:
    citizen = world.citizen()
    token = str(citizen.token)
    attack = Attack()

    @settings(max_examples=ATTEMPTS, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(mutations(token))
    def tried(made: str) -> None:
        attack.answers[Citizen(world.clock, token=made).file().status] += 1

    tried()
    assert attack.answers == {401: attack.answers.total()}
    assert attack.answers.total() >= ATTEMPTS * 0.9
    assert world.census()["report"] == 0
    assert citizen.file().status == 201, "and the true one still is"


def test_R14_no_other_key_of_another_device_finds_a_report(world: World) -> None:
    owner, thief, key = world.citizen(), world.citizen(), uuid4()
    first = owner.file(str(key))
    assert first.status == 201
    attack = Attack()

    @settings(max_examples=ATTEMPTS // 2, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.integers(0, 127), st.booleans())
    def tried(bit: int, mine: bool) -> None:  # noqa: FBT001
        other = UUID(int=key.int ^ (1 << bit))
        answer = owner.file(str(other)) if mine else thief.file(str(other if bit % 2 else key))
        attack.answers[answer.status] += 1
        assert first.body["receipt"] not in answer.text

    tried()
    # Of the thief's keys the first is a report of its own; the same again finds that.
    assert set(attack.answers) <= {200, 201, 429}
    assert attack.answers[201] == 1
    assert attack.answers[429] >= ATTEMPTS // 4
    assert world.census()["report"] == 2


@pytest.mark.parametrize("spelling", [str.upper, lambda text: f" {text} "])
def test_R14_a_key_is_the_same_however_it_is_spelt(world: World, spelling: Callable[[str], str]) -> None:
    citizen, key = world.citizen(), str(uuid4())
    first = citizen.file(key)
    assert citizen.file(spelling(key)).text == first.text

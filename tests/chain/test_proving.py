"""The proof: it names whatever was done to the cases or to the pages of the ledger, and nothing else."""

import gzip
import json
from datetime import date, timedelta

import pytest

from chalicelib.domain.calendar import Part
from chalicelib.domain.chain import genesis, link
from chalicelib.domain.report import Status
from chalicelib.services.daybook import LATEST, Page
from chalicelib.store.models import EventItem, MainItem, ReportItem
from chalicelib.store.proving import chained
from tests.acts.test_second_look import look, newest
from tests.chain.ledgers import book, hashes, next_night, proof, repage, today, two_days, written
from tests.http.world import World
from tests.receipt.cases import Held, held, held_at

pytestmark = pytest.mark.emulator


def faults(world: World) -> set[tuple[str, ...]]:
    """What is wrong, without the hashes."""
    told = proof(world)
    assert told["holds"] is not bool(told["breaks"])
    return {tuple(str(value) for name, value in found.items() if name != "hash") for found in told["breaks"]}


def test_before_the_first_night_the_cases_are_proved_all_the_same(world: World) -> None:
    case = held(world)
    assert proof(world) == {
        "holds": True,
        "day": None,
        "root": None,
        "chained": None,
        "days": 0,
        "events": 1,
        "reports": 1,
        "unchained": 0,
        "breaks": [],
    }
    EventItem(case_key(case), "E#000001").update([EventItem.reason.set("x")])
    assert faults(world) == {("altered", case.id, "1")}


def test_one_day_is_proved_alone(world: World) -> None:
    day = today(world)
    first, second = two_days(world)
    told = proof(world, day)
    page = written(world)[f"{day}.json"]
    assert (told["holds"], told["day"], told["root"], told["chained"]) == (
        True,
        str(day),
        page["root"],
        page["chained"],
    )
    assert (told["days"], told["events"], told["reports"]) == (1, 1, 1)
    EventItem(case_key(second), "E#000001").update([EventItem.reason.set("x")])
    assert proof(world, day)["holds"]
    EventItem(case_key(first), "E#000002").update([EventItem.reason.set("x")])
    assert proof(world, day)["breaks"] == [{"what": "altered", "report": first.id, "event": 2}]


def case_key(case: Held) -> str:
    return f"R#{case.id}"


def rewrite(case: Held) -> None:
    """Change an event and make its chain fit, as somebody with all rights to the table can."""
    event = EventItem.get(case_key(case), "E#000001", consistent_read=True)
    fields = {**chained(case.id).links[0].fields, "reason": "x"}
    forged = link(genesis(case.id), fields)
    event.update([EventItem.reason.set("x"), EventItem.chain.set(forged)])
    ReportItem(case_key(case), "R").update([ReportItem.chain.set(forged)])


def vanish(case: Held) -> None:
    """Take a case away with all that belongs to it."""
    for item in MainItem.query(case_key(case), consistent_read=True):
        item.delete()


def backdate(case: Held) -> None:
    """Let an event of today stand among those of the day before."""
    event = EventItem.get(case_key(case), "E#000001", consistent_read=True)
    day, rest = str(event.g1pk).split("#")[1:]
    earlier = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    event.update([EventItem.g1pk.set(f"D#{earlier}#{rest}")])


def test_a_forger_who_makes_the_chain_fit_meets_the_ledger(world: World) -> None:
    day = today(world)
    _, second = two_days(world)
    rewrite(second)
    later = str(day + timedelta(days=1))
    assert faults(world) == {("unpublished", later, second.id, "1"), ("lost", later)}


def test_a_case_that_was_taken_away_whole_leaves_its_hash(world: World) -> None:
    day = today(world)
    _, second = two_days(world)
    gone = hashes(second)
    vanish(second)
    assert proof(world)["breaks"] == [{"what": "lost", "day": str(day + timedelta(days=1)), "hash": gone[0]}]


def test_an_event_moved_to_another_day_is_named_on_both(world: World) -> None:
    day = today(world)
    _, second = two_days(world)
    backdate(second)
    assert faults(world) == {("unpublished", str(day), second.id, "1"), ("lost", str(day + timedelta(days=1)))}


def test_pages_that_were_changed_or_taken_away_are_named(world: World) -> None:
    day = today(world)
    two_days(world)
    later = day + timedelta(days=1)
    before = written(world)
    repage(world, day, lambda page: {**page, "root": "00" * 32})
    assert faults(world) == {("page", str(day))}
    repage(world, day, lambda page: {**page, "previous": "11" * 32})
    assert ("link", str(day)) in faults(world)
    repage(world, day, lambda page: {**page, **Page.of(day, ["22" * 32], "0" * 64).document()})
    assert {("link", str(later)), ("lost", str(day))} <= faults(world)
    repage(world, day, lambda _: before[f"{day}.json"])
    assert faults(world) == set()
    site = book(world).site
    site.put(LATEST, json.dumps({**before["latest.json"], "events": 7}).encode(), "application/json")
    assert faults(world) == {("page", str(later))}
    site.put(LATEST, json.dumps(before["latest.json"]).encode(), "application/json")
    site.delete_many([f"data/ledger/{later}.json"])
    assert faults(world) == {("no_page", str(later))}
    site.put(f"data/ledger/{later}.json", gzip.compress(json.dumps(before[f"{later}.json"]).encode()), "x/y")
    site.delete_many([f"data/ledger/{day}.json"])
    assert faults(world) == {("link", str(later))}


def test_what_is_from_before_there_was_a_chain_is_counted_and_not_published(world: World) -> None:
    case = held(world)
    event = EventItem.get(case_key(case), "E#000001", consistent_read=True)
    event.update([EventItem.chain.remove(), EventItem.salt.remove()])
    ReportItem(case_key(case), "R").update([ReportItem.chain.remove()])
    world.step(case.id, "verifying", "taken_up")
    next_night(world)
    told = proof(world)
    assert (told["holds"], told["events"], told["unchained"]) == (True, 2, 1)
    assert written(world)["latest.json"]["events"] == 1


def test_what_an_event_lists_is_proved_with_it(world: World) -> None:
    case = held_at(world, Status.VERIFYING)
    look(world, case, (today(world), Part.AFTERNOON))
    assert (proof(world)["holds"], newest(case).checked) == (True, [f"{today(world)}:afternoon"])
    newest(case).update([EventItem.checked.set([f"{today(world)}:night"])])
    assert faults(world) == {("altered", case.id, str(newest(case).seq))}

"""What a night erases of cases, and what it leaves."""

from datetime import date, timedelta

import pytest
from pynamodb.exceptions import UpdateError

from chalicelib.domain.answers import Answer
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault
from chalicelib.domain.location import centre, micro
from chalicelib.domain.report import Status
from chalicelib.domain.retention import Kept
from chalicelib.services.retention import FIRST_REACH
from chalicelib.store import keys, reports, retention
from chalicelib.store.models import MainItem, ReportItem, TombstoneItem
from tests.http.world import WARSAW, World
from tests.receipt.cases import WAYS, Held, held
from tests.retention.nights import CANARY, erase, item, night_after, quiet_nights, raw, texts

SHORT = timedelta(days=2)


def closed(world: World, *steps: str, **changes: str) -> Held:
    """A case with words in it that has just taken these steps."""
    case = held(world, description=CANARY, **changes)
    case.go(*steps)
    return case


def test_N01_texts_of_a_closed_case_go_after_thirty_days_and_not_before(world: World) -> None:
    case = held(world, description=CANARY)
    world.step(case.id, "verifying", "taken_up", note=f"{CANARY}, notatka")
    case.ask(f"{CANARY}?")
    world.casework.answer(world.current(case.id), Answer.TEXT, f"{CANARY}!")
    world.step(case.id, "unconfirmed", "not_present", public=f"{CANARY}.")
    assert len(texts(case)) == 5
    night_after(world, 30)
    assert (erase(world).things["texts"], len(texts(case))) == (0, 5)
    night_after(world, 1)
    erased = erase(world)
    assert (erased.things, erased.left) == ({"texts": 5, "photos": 0, "places": 0, "rows": 0}, 0)
    assert texts(case) == []
    assert CANARY not in raw(world)
    assert item(case).lat6 == micro(WARSAW[0])
    # The reporter still sees the whole history, without the words.
    assert [entry["type"] for entry in case.look().body["history"]][-1] == "status"


@pytest.mark.parametrize("status", [Status.NEW, Status.VERIFYING, Status.CONFIRMED, Status.PASSED_ON])
def test_N01_an_open_case_keeps_everything_however_old(world: World, status: Status) -> None:
    case = held(world, description=CANARY)
    for to, reason in WAYS[status]:
        world.step(case.id, to, reason)
    before = item(case).attribute_values
    for days in (31, 400):
        quiet_nights(world, days)
        assert sum(erase(world).things.values()) == 0
    assert item(case).attribute_values == before
    assert texts(case) == [CANARY]


def test_N01_a_case_without_a_text_is_passed_over(world: World) -> None:
    case = held(world)
    case.go("joke")
    night_after(world, 31)
    before = world.items("main", "R#")
    erased = erase(world)
    assert (sum(erased.things.values()), erased.left) == (0, 0)
    assert world.items("main", "R#") == before


@pytest.mark.parametrize(("days", "reach"), [(0, SHORT), (29, SHORT), (31, SHORT), (56, FIRST_REACH)])
@pytest.mark.parametrize("answer", list(Answer))
def test_N01_no_words_come_to_a_closed_case(world: World, answer: Answer, days: int) -> None:
    case = closed(world, "verifying", "confirmed", "eliminated")
    night_after(world, days)
    erase(world)
    before = world.items("main")
    with pytest.raises(Invalid) as refusal:
        world.casework.answer(world.current(case.id), answer, CANARY)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("text", Fault.CLOSED)]
    assert world.items("main") == before
    # What needs no words is noted all the same.
    noted = world.casework.answer(world.current(case.id), Answer.GONE)
    assert noted.version == world.current(case.id).version == 5


@pytest.mark.parametrize("reach", [FIRST_REACH])
def test_N01_words_that_open_a_case_again_wait_for_its_next_closing(world: World) -> None:
    case = closed(world, "verifying", "confirmed", "eliminated")
    night_after(world, 35)
    erase(world)
    assert texts(case) == []
    world.step(case.id, "verifying", "check_again", note=CANARY)
    night_after(world, 100)
    assert (erase(world).things["texts"], texts(case)) == (0, [CANARY])
    case.go("unconfirmed")
    night_after(world, 30)
    assert (erase(world).things["texts"], texts(case)) == (0, [CANARY])
    night_after(world, 1)
    assert (erase(world).things["texts"], texts(case)) == (1, [])


def test_what_was_taken_back_loses_its_text_in_the_next_night(world: World) -> None:
    case = held(world, description=CANARY)
    world.step(case.id, "withdrawn", "taken_back", "reporter")
    assert texts(case) == [CANARY]
    night_after(world, 1)
    assert erase(world).things["texts"] == 1
    assert CANARY not in raw(world)
    assert case.look().body["status"] == "withdrawn"


def test_the_exact_place_gives_way_to_the_centre_of_its_cell_after_twelve_months(world: World) -> None:
    case = closed(world, "verifying", "confirmed", "eliminated")
    lat6, lon6 = (micro(degrees) for degrees in WARSAW)
    night_after(world, 365)
    erase(world)
    assert (item(case).lat6, item(case).lon6, item(case).kv) == (lat6, lon6, 1)
    night_after(world, 1)
    assert erase(world).things["places"] == 1
    kept = item(case)
    assert (kept.lat6, kept.lon6) == centre(kept.cell) != (lat6, lon6)
    assert kept.kv is None
    assert str(lat6) not in raw(world)
    assert erase(world).things["places"] == 0


def test_a_case_goes_five_years_after_it_left_the_map_but_for_its_number_and_its_events(world: World) -> None:
    citizen = world.citizen()
    filed = citizen.file(key := "6b0d2f0e-3f77-4c4e-9d0e-0d2b3e5a7f11", description=CANARY).body
    case = Held(world, filed["id"], filed["receipt"])
    case.go("verifying", "unconfirmed")
    night_after(world, 2)
    erase(world)
    # Closed on 10 June 2026, on the map for seven days more, then five years.
    quiet_nights(world, (date(2031, 6, 17) - date(2026, 6, 12)).days)
    assert erase(world).things["rows"] == 0
    night_after(world, 1)
    erased = erase(world)
    assert (erased.things["rows"], erased.left) == (1, 0)
    left = world.items("main", f"R#{case.id}")
    assert [(each["SK"]["S"], each["t"]["S"]) for each in left if each["t"]["S"] != "event"] == [("R", "tombstone")]
    (stone,) = (each for each in left if each["t"]["S"] == "tombstone")
    assert set(stone) == {"PK", "SK", "t", "id", "day"}
    assert sum(erase(world).things.values()) == 0
    assert list(reports.many([case.id])) == []
    # Everywhere it is as if it had never been, only that the same submission begins no new case.
    assert case.look().status == 404
    assert world.stranger().call("GET", f"/v1/reports/{case.id}").status == 404
    assert world.stranger().call("POST", "/v1/receipt/withdraw", Receipt=case.receipt).status == 404
    assert world.stranger().call("POST", f"/v1/reports/{case.id}/corroborations", {}).status in {401, 404}
    before = world.census()
    again = citizen.file(key, description=CANARY)
    assert again.status in {200, 401}
    assert world.census() == before
    assert CANARY not in raw(world)


def test_a_case_with_much_beside_it_goes_whole(world: World) -> None:
    case = closed(world, "joke")
    crowd = [keys.text(number) for number in range(10, 10 + 2 * retention.DELETES + 3)]
    with MainItem.batch_write() as batch:
        for key in crowd:
            batch.save(TombstoneItem(keys.report(case.id), key, id=case.id, day="2026-06-10"))
    night_after(world, 31)
    assert erase(world).things["texts"] == len(crowd) + 1
    with MainItem.batch_write() as batch:
        for key in crowd:
            batch.save(TombstoneItem(keys.report(case.id), key, id=case.id, day="2026-06-10"))
    quiet_nights(world, (date(2031, 6, 18) - date(2026, 7, 11)).days)
    assert erase(world).things["rows"] == 1
    assert [each["SK"]["S"] for each in world.items("main", f"R#{case.id}") if each["t"]["S"] != "event"] == ["R"]


def test_N01_a_case_that_is_opened_again_meanwhile_loses_nothing(world: World) -> None:
    case = closed(world, "verifying", "confirmed", "eliminated")
    day = date(2026, 6, 10)
    night_after(world, 31)
    seen = retention.look(case.id, day)
    assert seen is not None
    world.step(case.id, "verifying", "check_again")
    before = world.items("main", "R#")
    for parts in ({Kept.TEXT}, {Kept.PLACE}, {Kept.ROW}, set(Kept)):
        with pytest.raises(retention.Reopened):
            retention.erase(seen, frozenset(parts), lambda _report: 0)
    assert world.items("main", "R#") == before
    assert sum(erase(world).things.values()) == 0
    # Closed again, its days begin anew.
    case.go("unconfirmed")
    night_after(world, 30)
    assert erase(world).things["texts"] == 0
    night_after(world, 1)
    assert erase(world).things["texts"] == 1


def test_words_beside_an_event_go_on_the_same_condition(world: World) -> None:
    case = held(world)
    world.step(case.id, "joke", "joke", note=CANARY)
    seen = retention.look(case.id, date(2026, 6, 10))
    assert seen is not None
    item(case).update([ReportItem.g2pk.set("Z#2026-06-11")])
    with pytest.raises(retention.Reopened):
        retention.erase(seen, frozenset({Kept.TEXT}), lambda _report: 0)
    assert texts(case) == [CANARY]
    assert retention.look(case.id, date(2026, 6, 10)) is None


def test_photos_go_with_the_texts_and_what_a_failure_left_goes_the_next_night(world: World) -> None:
    case = closed(world, "joke")
    with_photo, asked = {"photos": 1}, []
    TombstoneItem(keys.report(case.id), "U#1", id=case.id, day="2026-06-10").save()

    def photos(report: str) -> int:
        asked.append(report)
        # As the real one does: what names the files is gone before they are.
        TombstoneItem(keys.report(report), "U#1").delete()
        if len(asked) == 1:
            raise UpdateError
        return 1

    night_after(world, 31)
    assert (erase(world, photos).left, texts(case)) == (1, [])
    erased = erase(world, photos)
    assert (erased.left, erased.things) == (0, {"texts": 0, "places": 0, "rows": 0, **with_photo})
    assert asked == [case.id] * 2
    assert sum(erase(world, photos).things.values()) == 0
    assert "erasing" not in raw(world)

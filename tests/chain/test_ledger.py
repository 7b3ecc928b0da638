"""The public ledger: a page a day over all that happened, which says of a case nothing but hashes."""

import hashlib
import io
import json
from contextlib import redirect_stdout
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.domain.chain import genesis, link
from chalicelib.store.models import EventItem, ImportItem, ReportItem
from chalicelib.store.objects import Objects, PointerMoved
from chalicelib.store.proving import chained
from tests.chain.ledgers import book, hashes, next_night, proof, repage, today, two_days, written
from tests.http.world import World
from tests.receipt.cases import held

pytestmark = pytest.mark.emulator


def test_a_page_holds_the_hash_of_every_event_of_its_day(world: World) -> None:
    day = today(world)
    first, second = two_days(world)
    pages = written(world)
    assert set(pages) == {f"{day}.json", f"{day + timedelta(days=1)}.json", "latest.json"}
    one, two = pages[f"{day}.json"], pages[f"{day + timedelta(days=1)}.json"]
    assert one["leaves"] == [chained(first.id).links[0].chain]
    assert sorted([*one["leaves"], *two["leaves"]]) == hashes(first, second)
    assert (one["events"], two["events"]) == (1, 2)
    assert one["root"] == hashlib.sha256(b"\0" + bytes.fromhex(one["leaves"][0])).hexdigest()
    assert (one["previous"], two["previous"]) == ("0" * 64, one["chained"])
    whole = bytes.fromhex(two["previous"]) + two["day"].encode() + bytes.fromhex(two["root"])
    assert two["chained"] == hashlib.sha256(whole).hexdigest()
    assert pages["latest.json"] == {name: value for name, value in two.items() if name != "leaves"}
    schema = json.loads((files("chalicelib.schemas") / "ledger.json").read_text("utf-8"))
    for page in pages.values():
        Draft202012Validator(schema).validate(page)


def snippet() -> str:
    """The program that the page on published files gives to everybody."""
    chapter = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text("utf-8").split("## Ledger")[1]
    return chapter.split("```python")[1].split("```")[0]


def run_by_an_outsider(world: World, day: date, mine: str, monkeypatch: pytest.MonkeyPatch) -> str:
    site = book(world).site

    def read(url: str) -> io.BytesIO:
        return io.BytesIO(site.get(url.removeprefix("https://map/")) or b"")

    monkeypatch.setattr("urllib.request.urlopen", read)
    monkeypatch.setattr("sys.argv", ["page.py", "https://map", day.isoformat(), mine])
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(snippet(), "data.md", "exec"), {})  # noqa: S102 - the project's own page
    return said.getvalue()


def test_a_reporter_finds_the_hashes_of_the_receipt_in_the_ledger_without_our_help(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = today(world)
    first, second = two_days(world)
    mine = [entry["hash"] for entry in first.look().body["history"]]
    assert mine == [link.chain for link in chained(first.id).links]
    assert run_by_an_outsider(world, day, mine[0], monkeypatch) == "page holds\nmine is in it\n"
    later = day + timedelta(days=1)
    assert run_by_an_outsider(world, later, mine[1], monkeypatch) == "page holds\nmine is in it\n"
    assert run_by_an_outsider(world, day, hashes(second)[0], monkeypatch) == "page holds\nmine is not in it\n"
    repage(world, day, lambda page: {**page, "leaves": [*page["leaves"], "ff" * 32]})
    assert run_by_an_outsider(world, day, mine[0], monkeypatch) == "page does not hold\nmine is in it\n"


def test_the_ledger_says_of_a_case_nothing_but_hashes(world: World) -> None:
    case, _ = two_days(world)
    told = json.dumps(written(world))
    for secret in (case.id, case.receipt, "Szkło", "1465", "8b1f"):
        assert secret not in told


def test_a_later_night_makes_good_those_that_were_missed(world: World) -> None:
    case = held(world)
    next_night(world)
    world.clock.pass_by(hours=30)
    world.step(case.id, "verifying", "taken_up")
    next_night(world, days=3)
    pages = written(world)
    assert [pages[name]["events"] for name in sorted(pages) if name != "latest.json"] == [1, 0, 1, 0, 0]
    assert pages["latest.json"]["day"] == str(today(world) - timedelta(days=1))
    assert proof(world)["holds"]


def test_a_night_run_again_changes_nothing(world: World) -> None:
    two_days(world)
    before = written(world)
    book(world).close(today(world), world.clock.now)
    assert written(world) == before


def test_a_night_that_dies_before_the_pointer_moves_is_repeated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    day = today(world)
    case = held(world)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Objects, "flip_pointer", dies)
        with pytest.raises(KeyboardInterrupt):
            next_night(world)
    assert set(written(world)) == {f"{day}.json"}
    book(world).close(today(world), world.clock.now)
    assert written(world)["latest.json"]["day"] == str(day)
    assert written(world)[f"{day}.json"]["leaves"] == hashes(case)


def test_of_two_nights_at_once_one_writes_the_pointer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    held(world)
    real = Objects.flip_pointer

    def overtaken(site: Objects, *given: Any) -> None:
        monkeypatch.setattr(Objects, "flip_pointer", real)
        book(world).close(today(world), world.clock.now)
        site.flip_pointer(*given)

    monkeypatch.setattr(Objects, "flip_pointer", overtaken)
    with pytest.raises(PointerMoved):
        next_night(world)
    assert proof(world)["holds"]


@pytest.mark.parametrize(("minutes", "closed"), [(4, False), (5, True)])
def test_a_day_is_closed_five_minutes_after_its_end(world: World, minutes: int, closed: bool) -> None:  # noqa: FBT001
    day = today(world)
    held(world)
    next_night(world, minutes=minutes)
    assert (f"{day}.json" in written(world)) is closed


def test_a_night_ahead_of_its_time_closes_no_day_that_goes_on(world: World) -> None:
    held(world)
    book(world).close(today(world) + timedelta(days=2), world.clock.now)
    assert today(world).isoformat() not in written(world)["latest.json"]["day"]


def imported(world: World, finished: date | None, rows: int = 1) -> EventItem:
    """An event of an import that was begun today."""
    day = today(world).isoformat()
    report = ReportItem("R#imported1", "R", id="imported1")
    event = EventItem("R#imported1", "E#000001", g1pk=f"I#{day}#b1", g1sk="x#imported1#1", id="imported1", seq=1)
    event.type, event.at, event.status = "imported", "x", "new"
    event.chain = link(
        genesis(report.id), {"id": "imported1", "seq": 1, "type": "imported", "at": "x", "status": "new"}
    )
    event.save()
    ended = None if finished is None else finished.isoformat()
    ImportItem(f"IMPORT#{day}", "b1", day=day, batch="b1", rows=rows, finished=ended).save()
    return event


def test_an_import_counts_on_the_day_on_which_it_was_complete(world: World) -> None:
    event = imported(world, today(world) + timedelta(days=1))
    first = next_night(world) - timedelta(days=1)
    next_night(world)
    pages = written(world)
    assert pages[f"{first}.json"]["leaves"] == []
    assert pages[f"{first + timedelta(days=1)}.json"]["leaves"] == [event.chain]
    assert proof(world)["holds"]


def test_an_import_that_the_feeds_do_not_show_whole_keeps_its_day_open(world: World) -> None:
    imported(world, None, rows=2)
    day = today(world)
    next_night(world, days=2)
    assert f"{day}.json" not in written(world)
    assert proof(world, day)["breaks"] == [{"what": "lagging", "day": str(day)}]
    ImportItem(f"IMPORT#{day}", "b1").update([ImportItem.rows.set(1)])
    book(world).close(today(world), world.clock.now)
    assert written(world)[f"{day}.json"]["events"] == 1

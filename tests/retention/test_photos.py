"""Photos through the whole of their time: from the form into the clean bucket, and out of it by the nightly code."""

from collections.abc import Mapping
from typing import Any

from chalicelib.events import nightly
from tests.http.world import World
from tests.photos import files
from tests.photos.arriving import kept, message, run, upload
from tests.photos.test_permits import ask, filed, photos, quarantined, send
from tests.retention.nights import night_after

PICTURES = [files.written(files.scene(width, 200)) for width in (300, 400)]


def illustrated(world: World) -> Mapping[str, Any]:
    """A case with two clean photos, and a third that lies in quarantine because nobody has dealt with it."""
    case = filed(world)
    keys = [upload(world, case["receipt"], picture) for picture in PICTURES]
    assert run(world, message(*keys)) == []
    assert send(ask(world, case["receipt"]), PICTURES[0]).status == 204
    assert held(world, case) == (4, 3, 1)
    return case


def held(world: World, case: Mapping[str, Any]) -> tuple[int, int, int]:
    """Clean objects, places and files in quarantine that are there of a case."""
    places = [item for item in world.items("main", f"R#{case['id']}") if item["SK"]["S"].startswith("U#")]
    waiting = [key for key in quarantined(world) if case["id"] in key]
    return len(kept(world, case["id"])), len(places), len(waiting)


def night(world: World, days: int) -> dict[str, int]:
    """Let so many midnights pass and run the deployed function's code; return what its retention erased."""
    night_after(world, days)
    told = nightly.handle({}, world.box)
    assert (told["state"], told["retention_left"]) in {("published", 0), ("unchanged", 0)}
    erased: dict[str, int] = told["retention"]
    return erased


def test_N01_P12_photos_go_with_their_case_by_the_nightly_function_and_those_of_open_cases_stay(world: World) -> None:
    still_open, taken_up, joke, withdrawn = (illustrated(world) for _ in range(4))
    world.step(taken_up["id"], "verifying", "taken_up")
    world.step(joke["id"], "joke", "joke")
    world.step(withdrawn["id"], "withdrawn", "taken_back", "reporter")
    # What was taken back goes in the next night.
    assert night(world, 1)["photos"] == 3
    assert [held(world, case) for case in (withdrawn, joke)] == [(0, 0, 0), (4, 3, 1)]
    # The 30th day is kept whole.
    assert night(world, 29)["photos"] == 0
    assert held(world, joke) == (4, 3, 1)
    assert night(world, 1)["photos"] == 3
    assert held(world, joke) == (0, 0, 0)
    (report,) = (item for item in world.items("main", f"R#{joke['id']}") if item["SK"]["S"] == "R")
    assert not {"photos", "erasing"} & set(report)
    assert photos(world, joke["receipt"]) == []
    # Nothing else in either bucket went with it.
    assert [held(world, case) for case in (still_open, taken_up)] == [(4, 3, 1)] * 2
    left = world.box.vault.clean.list_keys("")
    assert {key.split("/")[1] for key in left} == {still_open["id"], taken_up["id"]}


def test_N01_a_file_that_comes_after_the_night_is_not_kept(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], PICTURES[0])
    world.step(case["id"], "withdrawn", "taken_back", "reporter")
    night_after(world, 1)
    nightly.handle({}, world.box)
    world.box.vault.quarantine.put(key, PICTURES[0], "image/jpeg")
    assert run(world, message(key)) == []
    assert held(world, case) == (0, 0, 0)

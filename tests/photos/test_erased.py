"""Photos of cases that were taken back or erased, before, while and after they arrive."""

from functools import partial
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.services import photos as service
from chalicelib.services import picture
from chalicelib.services.photos import Outcome, receive
from chalicelib.store.photos import delete_all
from tests.http.world import World
from tests.photos import files
from tests.photos.arriving import count, kept, message, put, run, upload
from tests.photos.test_arrivals import erase_report, nothing_is_left, set_status
from tests.photos.test_permits import filed, photos, quarantined
from tests.retention import nights

__all__ = ["nothing_is_left"]


def test_a_case_that_was_taken_back_keeps_no_photo(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    set_status(world, case["id"], "withdrawn")
    assert run(world, message(key)) == []
    assert (quarantined(world), kept(world, case["id"]), count(world, case["id"])) == ({}, {}, None)


def test_a_photo_that_arrives_after_its_report_was_erased_is_dropped(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    assert delete_all(case["id"], world.box.vault) == 1
    put(world, key, files.written(files.scene()))
    assert run(world, message(key)) == []
    assert (quarantined(world), kept(world, case["id"]), count(world, case["id"])) == ({}, {}, None)


@pytest.mark.parametrize("erased", ["places", "everything"])
def test_what_is_erased_while_a_photo_is_decoded_stays_erased(erased: str, world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    clean = picture.clean

    def decode_while_erased(data: bytes) -> Any:
        delete_all(case["id"], world.box.vault)
        if erased == "everything":
            erase_report(world, case["id"])
        return clean(data)

    with patch.object(service, "clean", decode_while_erased):
        assert receive(key, world.box.vault, world.clock()) is Outcome.DROPPED
    assert (quarantined(world), kept(world, case["id"])) == ({}, {})
    assert [item for item in world.items("main", f"R#{case['id']}") if item["t"]["S"] == "upload"] == []


def test_erasing_leaves_nothing_of_one_report_and_everything_of_another(world: World) -> None:
    case, other = filed(world), filed(world)
    for each in (case, other):
        run(world, message(upload(world, each["receipt"], files.written(files.scene()))))
    waiting = upload(world, case["receipt"], files.written(files.scene()))
    assert delete_all(case["id"], world.box.vault) == 3
    assert delete_all(case["id"], world.box.vault) == 0
    assert waiting not in quarantined(world)
    assert (photos(world, case["receipt"]), kept(world, case["id"])) == ([], {})
    assert (photos(world, other["receipt"]), len(kept(world, other["id"]))) == ([{"slot": 1, "state": "stored"}], 2)


def test_the_night_erases_photos_with_the_words_of_a_closed_case(world: World) -> None:
    case = filed(world)
    run(world, message(upload(world, case["receipt"], files.written(files.scene()))))
    world.step(case["id"], "joke", "joke")
    erase = partial(nights.erase, world, lambda report: delete_all(report, world.box.vault))
    nights.night_after(world, 30)
    erase()
    assert len(kept(world, case["id"])) == 2
    nights.night_after(world, 1)
    erased = erase()
    assert (erased.things["photos"], erased.left) == (1, 0)
    assert (kept(world, case["id"]), count(world, case["id"])) == ({}, None)
    assert photos(world, case["receipt"]) == []

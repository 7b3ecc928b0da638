"""The places for photos under a store that refuses, is busy, or lets another be faster."""

import threading
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.photo import MediaType, Rejection
from chalicelib.services import photos as service
from chalicelib.services import picture
from chalicelib.services.photos import Outcome, receive
from chalicelib.store import uploads
from chalicelib.store.accept import RETRIES
from chalicelib.store.failures import STORE_FAILURES, code
from chalicelib.store.objects import Objects
from chalicelib.store.photos import Vault
from tests.http.world import World
from tests.photos import files
from tests.photos.arriving import count, kept, message, run, upload
from tests.photos.test_permits import ask, filed, photos, quarantined
from tests.store.faults import conflict, faults, forbidden

MARK = "0" * 16


def test_a_copy_is_recorded_once_nobody_else_writes_the_report(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    with faults(*[conflict] * RETRIES) as left:
        assert run(world, message(key)) == []
    assert left == []
    assert (photos(world, case["receipt"]), count(world, case["id"])) == ([{"slot": 1, "state": "stored"}], 1)


def test_a_copy_that_cannot_be_recorded_for_long_comes_again(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    with faults(*[conflict] * (RETRIES + 1)) as left:
        assert run(world, message(key)) == ["m1"]
    assert left == []
    assert list(quarantined(world)) == [key]
    assert run(world, message(key)) == []
    assert (count(world, case["id"]), len(kept(world, case["id"]))) == (1, 2)


def test_two_functions_on_one_bad_file_reject_it_once(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], b"just words")
    barrier, done = threading.Barrier(2, timeout=60), []
    clean = picture.clean

    def decode(data: bytes) -> Any:
        barrier.wait()
        return clean(data)

    def one() -> None:
        done.append(receive(key, world.box.vault, world.clock()))

    with patch.object(service, "clean", decode):
        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(done) == [Outcome.DROPPED, Outcome.REJECTED]
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "rejected", "reason": "not_an_image"}]


@pytest.mark.parametrize(
    ("operation", "act"),
    [
        ("PutItem", lambda case, now: uploads.claim(case.report, MediaType.JPEG, 1, MARK, now)),
        ("UpdateItem", lambda case, _: uploads.begin(case.report, case.slot, case.key)),
        ("TransactWriteItems", lambda case, now: uploads.store(case, "digest", now)),
        ("UpdateItem", lambda case, now: uploads.reject(case, Rejection.UNREADABLE, now)),
    ],
    ids=["claim", "begin", "store", "reject"],
)
def test_a_store_that_fails_is_not_mistaken_for_a_lost_race(
    world: World, operation: str, act: Callable[[uploads.Waiting, Any], object]
) -> None:
    case = filed(world)
    key = ask(world, case["receipt"]).body["fields"]["key"]
    waiting = uploads.begin(case["id"], 1, key)
    assert waiting is not None
    with faults(forbidden, operation=operation), pytest.raises(STORE_FAILURES) as failed:
        act(waiting, world.clock())
    assert code(failed.value) == "AccessDeniedException"
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "issued"}]


def test_a_bucket_that_fails_is_not_mistaken_for_a_file_that_is_gone(world: World) -> None:
    missing = Objects(world.box.s3, "no-such-bucket")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        Vault(missing, missing).arrived("incoming/x")

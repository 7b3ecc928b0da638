"""What becomes of a file in quarantine: kept, rejected or dropped, once, whatever comes in which order."""

import json
import threading
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.photo import LIMIT_BYTES, MAX_PIXELS, MAX_TRIES
from chalicelib.services import photos as service
from chalicelib.services import picture
from chalicelib.services.photos import Outcome, receive
from chalicelib.store import keys
from tests.http.world import World
from tests.photos import files
from tests.photos.arriving import count, kept, message, put, run, upload
from tests.photos.test_permits import ask, filed, photos, quarantined
from tests.support.thorough import tries

CANARY = b"KANAREK-0815-4711"


def test_P05_P12_a_photo_is_kept_clean_under_a_name_of_its_content(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.phone_photo(400, 300, orientation=6, canary=CANARY))
    assert run(world, message(key)) == []
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "stored"}]
    assert quarantined(world) == {}
    found = kept(world, case["id"])
    assert len(found) == 2
    assert not [body for body in found.values() if CANARY in body or b"Exif" in body]
    (place,) = (item for item in world.items("main", f"R#{case['id']}") if item["t"]["S"] == "upload")
    digest = place["clean"]["S"]
    assert set(found) == {f"reports/{case['id']}/{digest}.jpg", f"reports/{case['id']}/{digest}.small.jpg"}
    assert count(world, case["id"]) == 1


def test_a_stored_photo_is_typed_and_never_to_be_cached(world: World) -> None:
    case = filed(world)
    run(world, message(upload(world, case["receipt"], files.written(files.scene()))))
    vault = world.box.vault
    for key in kept(world, case["id"]):
        head = vault.clean.s3.head_object(Bucket=vault.clean.bucket, Key=key)
        assert (head["ContentType"], head["CacheControl"]) == ("image/jpeg", "private, no-store")


def test_P08_neither_the_public_nor_the_reporter_gets_a_link(world: World) -> None:
    case = filed(world)
    run(world, message(upload(world, case["receipt"], files.written(files.scene()))))
    for path in (f"/v1/reports/{case['id']}/photos", f"/v1/reports/{case['id']}/photos/1", "/v1/receipt/uploads/1"):
        assert world.stranger().call("GET", path, Receipt=case["receipt"]).status == 404
    for text in (
        world.stranger().call("GET", "/v1/receipt", Receipt=case["receipt"]).text,
        world.stranger().call("GET", f"/v1/reports/{case['id']}").text,
    ):
        assert "reports/" + case["id"] + "/" not in text
        assert ".jpg" not in text


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html><script>alert(1)</script>", "not_an_image"),
        (b"just words", "not_an_image"),
        (files.written(files.scene())[:300], "unreadable"),
        (files.bomb(10_000, MAX_PIXELS // 10_000 + 1), "too_many_pixels"),
    ],
)
def test_P01_P03_what_is_no_sound_picture_is_rejected_and_deleted(body: bytes, reason: str, world: World) -> None:
    case = filed(world)
    assert run(world, message(upload(world, case["receipt"], body))) == []
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "rejected", "reason": reason}]
    assert (quarantined(world), kept(world, case["id"])) == ({}, {})
    assert world.stranger().call("GET", f"/v1/reports/{case['id']}").status == 200


def test_P04_a_file_above_the_limit_that_came_past_the_store_is_rejected_unread(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], b"x")
    put(world, key, b"\xff" * (LIMIT_BYTES + 1))
    run(world, message(key))
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "rejected", "reason": "too_large"}]
    assert quarantined(world) == {}


def test_P01_a_picture_that_was_announced_as_another_type_is_kept(world: World) -> None:
    case = filed(world)
    run(world, message(upload(world, case["receipt"], files.written(files.scene(), "WEBP"))))
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "stored"}]


def test_the_place_of_a_rejected_photo_is_free(world: World) -> None:
    case = filed(world)
    bad = upload(world, case["receipt"], b"bad")
    good = upload(world, case["receipt"], files.written(files.scene()))
    run(world, message(bad))
    run(world, message(good))
    assert [ask(world, case["receipt"]).body["slot"] for _ in range(2)] == [1, 3]
    assert ask(world, case["receipt"]).status == 409


def test_a_message_that_comes_again_changes_nothing(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    assert run(world, message(key), message(key, name="m2")) == []
    before = kept(world, case["id"])
    put(world, key, files.phone_photo(40, 30))
    assert run(world, message(key)) == []
    assert (kept(world, case["id"]), quarantined(world), count(world, case["id"])) == (before, {}, 1)


def test_two_functions_on_one_file_count_it_once(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    barrier, done = threading.Barrier(2, timeout=60), []
    clean = picture.clean

    def decode(data: bytes) -> Any:
        made = clean(data)
        barrier.wait()
        return made

    def one() -> None:
        done.append(receive(key, world.box.vault, world.clock()))

    with patch.object(service, "clean", decode):
        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(done) == [Outcome.DROPPED, Outcome.STORED]
    assert count(world, case["id"]) == 1
    assert len(kept(world, case["id"])) == 2


@pytest.mark.parametrize(
    "key",
    ["junk.jpg", "incoming/x", "incoming/0123456789abcdefghjkm/1-00", f"incoming/{'0' * 21}/4-00", "reports/a/b.jpg"],
)
def test_P12_an_object_without_a_place_is_deleted(key: str, world: World) -> None:
    put(world, key, files.written(files.scene()))
    assert run(world, message(key)) == []
    assert quarantined(world) == {}
    assert not list(world.box.vault.clean.list_keys(""))


def test_a_file_whose_place_was_given_to_another_is_dropped(world: World) -> None:
    case = filed(world)
    late = [upload(world, case["receipt"], files.written(files.scene())) for _ in range(3)]
    world.clock.pass_by(hours=1)
    new = upload(world, case["receipt"], files.phone_photo(40, 30))
    assert run(world, message(late[0]), message(new, name="m2")) == []
    assert count(world, case["id"]) == 1
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "stored"}]
    assert late[0] not in quarantined(world)


def test_a_name_with_strange_characters_is_read_as_s3_writes_it(world: World) -> None:
    put(world, "a b+ć.jpg", b"x")
    assert run(world, message("a+b%2B%C4%87.jpg")) == []
    assert quarantined(world) == {}


def test_a_file_that_is_gone_already_is_no_fault(world: World) -> None:
    case = filed(world)
    key = ask(world, case["receipt"]).body["fields"]["key"]
    assert run(world, message(key)) == []
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "issued"}]


def test_the_notice_that_s3_sends_first_is_no_fault(world: World) -> None:
    assert run(world, {"messageId": "m1", "body": json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent"})}) == []


@pytest.mark.parametrize("body", ["", "no JSON", "[]", '{"Records": [{}]}', '{"Records": [{"s3": {"object": {}}}]}'])
def test_a_message_that_cannot_be_read_comes_again_alone(body: str, world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    assert run(world, {"messageId": "poison", "body": body}, message(key)) == ["poison"]
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "stored"}]


def test_a_store_that_fails_hands_the_message_back_and_the_next_try_succeeds(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))
    vault = world.box.vault
    for step in ("keep", "arrived"):
        with patch.object(type(vault), step, side_effect=OSError("lost")):
            assert run(world, message(key)) == ["m1"]
    with patch.object(type(vault.quarantine), "delete_many", side_effect=OSError("lost")):
        assert run(world, message(key)) == ["m1"]
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "stored"}]
    assert run(world, message(key)) == []
    assert (quarantined(world), count(world, case["id"])) == ({}, 1)


def test_a_file_that_brings_the_function_down_again_and_again_is_rejected_undecoded(world: World) -> None:
    case = filed(world)
    key = upload(world, case["receipt"], files.written(files.scene()))

    class Killed(BaseException):
        """What a process that ends catches nothing of."""

    with patch.object(service, "clean", side_effect=Killed) as decoder:
        for _ in range(MAX_TRIES):
            with pytest.raises(Killed):
                run(world, message(key))
        assert run(world, message(key)) == []
    assert decoder.call_count == MAX_TRIES
    assert photos(world, case["receipt"]) == [{"slot": 1, "state": "rejected", "reason": "unreadable"}]
    assert quarantined(world) == {}


def test_the_counts_of_a_run_are_told(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    case = filed(world)
    good, bad = (upload(world, case["receipt"], body) for body in (files.written(files.scene()), b"bad"))
    capsys.readouterr()
    run(world, message(good), message(bad, name="m2"), message("junk", name="m3"), {"messageId": "m4", "body": "{"})
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (told,) = (line for line in lines if "_aws" in line)
    names = ("photos_stored", "photos_rejected", "photos_dropped", "photos_failed")
    assert [told[name] for name in names] == [1, 1, 1, 1]
    assert case["id"] not in json.dumps(lines)


def test_whatever_arrives_is_dealt_with_and_deleted(world: World) -> None:
    case = filed(world)
    tried: list[str] = []

    @settings(max_examples=tries(40), database=None, suppress_health_check=list(HealthCheck))
    @given(body=garbage())
    def attack(body: bytes) -> None:
        key = upload(world, case["receipt"], body)
        assert run(world, message(key)) == []
        assert quarantined(world) == {}
        (place,) = photos(world, case["receipt"])
        assert place["state"] == "rejected"
        tried.append(place["reason"])

    attack()
    assert {"not_an_image", "unreadable"} <= set(tried)


def garbage() -> st.SearchStrategy[bytes]:
    """Bytes that are no picture, with and without the beginning of one."""
    heads = st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"RIFF\0\1\0\0WEBPVP8X"])
    return st.builds(lambda head, rest: head + rest, heads, st.binary(min_size=1, max_size=300))


def set_status(world: World, report: str, status: str) -> None:
    world.stack.client("dynamodb").update_item(
        TableName=world.stack.names["MAIN_TABLE"],
        Key={"PK": {"S": keys.report(report)}, "SK": {"S": keys.REPORT}},
        UpdateExpression="SET #status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": {"S": status}},
    )


def erase_report(world: World, report: str) -> None:
    world.stack.client("dynamodb").delete_item(
        TableName=world.stack.names["MAIN_TABLE"],
        Key={"PK": {"S": keys.report(report)}, "SK": {"S": keys.REPORT}},
    )


@pytest.fixture(autouse=True)
def nothing_is_left(world: World) -> Iterator[None]:
    """Begin and end with empty buckets of photos."""
    yield
    for bucket in (world.box.vault.quarantine, world.box.vault.clean):
        bucket.delete_many(list(bucket.list_keys("")))

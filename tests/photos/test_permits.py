"""Asking for an upload: who may, how many, how long, and what the store itself then lets through."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.domain.photo import GRACE, LIFETIME, LIMIT_BYTES
from chalicelib.domain.report import Status
from tests.http.gateway import Answer
from tests.http.world import World, errors
from tests.photos.sending import post
from tests.support.whole import Answer as Sent

JPEG = {"content_type": "image/jpeg", "size": 1000}


def filed(world: World) -> Mapping[str, Any]:
    answer = world.citizen().file()
    assert answer.status == 201, answer.text
    body: Mapping[str, Any] = answer.body
    return body


def ask(world: World, receipt: str, **changes: Any) -> Answer:
    body = {name: value for name, value in {**JPEG, **changes}.items() if value is not None}
    return world.stranger().call("POST", "/v1/receipt/uploads", body, Receipt=receipt)


def photos(world: World, receipt: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = world.stranger().call("GET", "/v1/receipt", Receipt=receipt).body["photos"]
    return listed


def send(answer: Answer, body: bytes, **changes: str) -> Sent:
    return post(answer.body["url"], {**answer.body["fields"], **changes}, body)


def quarantined(world: World) -> dict[str, bytes]:
    quarantine = world.box.vault.quarantine
    return {key: quarantine.get(key) or b"" for key in quarantine.list_keys("")}


def test_a_reporter_gets_a_form_for_one_file(world: World) -> None:
    receipt = filed(world)["receipt"]
    answer = ask(world, receipt)
    assert answer.status == 201, answer.text
    assert answer.body["slot"] == 1
    assert answer.body["expires"] == "2026-06-10T10:15:00.123Z"
    assert answer.body["fields"]["Content-Type"] == "image/jpeg"
    assert photos(world, receipt) == [{"slot": 1, "state": "issued"}]
    assert send(answer, b"x").status == 204
    assert list(quarantined(world).values()) == [b"x"]


def test_a_report_without_photos_says_so(world: World) -> None:
    assert photos(world, filed(world)["receipt"]) == []


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
def test_three_types_are_taken(kind: str, world: World) -> None:
    answer = ask(world, filed(world)["receipt"], content_type=kind)
    assert answer.body["fields"]["Content-Type"] == kind
    assert send(answer, b"x").status == 204


@pytest.mark.parametrize("kind", ["application/pdf", "image/gif", "image/svg+xml", "text/html", "IMAGE/JPEG", ""])
def test_P01_another_type_is_refused_by_the_names_of_those_taken(kind: str, world: World) -> None:
    answer = ask(world, filed(world)["receipt"], content_type=kind)
    assert (answer.status, answer.body["code"]) == (422, "invalid")
    assert errors(answer) == {("content_type", "unknown_value")}
    assert "image/jpeg, image/png, image/webp" in answer.body["errors"][0]["message"]


def test_P04_a_file_above_the_limit_is_refused_by_naming_it(world: World) -> None:
    receipt = filed(world)["receipt"]
    answer = ask(world, receipt, size=LIMIT_BYTES + 1)
    assert (answer.status, errors(answer)) == (422, {("size", "out_of_range")})
    assert "5242880" in answer.body["errors"][0]["message"]
    assert ask(world, receipt, size=LIMIT_BYTES).status == 201


@pytest.mark.parametrize("size", [0, -1, 1.5, "5", None, True])
def test_a_size_is_a_number_of_bytes(size: Any, world: World) -> None:
    assert ask(world, filed(world)["receipt"], size=size).status == 422


def test_every_fault_is_named_at_once(world: World) -> None:
    answer = ask(world, filed(world)["receipt"], content_type="text/html", size=0, name="kot.jpg")
    assert errors(answer) == {("content_type", "unknown_value"), ("size", "out_of_range"), ("name", "unknown_field")}


def test_P04_the_store_takes_a_file_of_exactly_the_limit_and_none_above(world: World) -> None:
    receipt = filed(world)["receipt"]
    at_limit, above, empty = (ask(world, receipt) for _ in range(3))
    assert send(at_limit, b"x" * LIMIT_BYTES).status == 204
    refused = send(above, b"x" * (LIMIT_BYTES + 1))
    assert (refused.status, b"EntityTooLarge" in refused.body) == (400, True)
    assert send(empty, b"").status == 400
    assert len(quarantined(world)) == 1


@pytest.mark.parametrize(
    "changes",
    [{"Content-Type": "text/html"}, {"key": "incoming/elsewhere"}, {"policy": "e30="}, {"acl": "public-read"}],
)
def test_the_store_holds_the_sender_to_what_was_permitted(changes: dict[str, str], world: World) -> None:
    answer = ask(world, filed(world)["receipt"])
    assert send(answer, b"x", **changes).status in {400, 403}
    assert quarantined(world) == {}


def test_P09_a_fourth_photo_is_refused(world: World) -> None:
    receipt = filed(world)["receipt"]
    assert [ask(world, receipt).body["slot"] for _ in range(3)] == [1, 2, 3]
    answer = ask(world, receipt)
    assert (answer.status, answer.body["code"], answer.body["limit"]) == (409, "photos_full", 3)


def test_P09_photos_are_taken_for_24_hours(world: World) -> None:
    receipt = filed(world)["receipt"]
    world.clock.pass_by(hours=24)
    assert ask(world, receipt).status == 201
    world.clock.pass_by(milliseconds=1)
    answer = ask(world, receipt)
    assert (answer.status, answer.body["code"]) == (409, "photos_closed")
    assert answer.body["until"] == "2026-06-11T10:00:00.123Z"


@pytest.mark.parametrize("status", Status)
def test_P09_photos_are_taken_while_the_case_is_open(status: Status, world: World) -> None:
    case = filed(world)
    world.stack.client("dynamodb").update_item(
        TableName=world.stack.names["MAIN_TABLE"],
        Key={"PK": {"S": f"R#{case['id']}"}, "SK": {"S": "R"}},
        UpdateExpression="SET #status = :status",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={":status": {"S": status}},
    )
    expected = 201 if status in {"new", "verifying", "confirmed", "passed_on"} else 409
    assert ask(world, case["receipt"]).status == expected


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_P09_photos_cannot_be_listed(method: str, world: World) -> None:
    answer = world.stranger().call(method, "/v1/receipt/uploads", Receipt=filed(world)["receipt"])
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_only_the_receipt_opens_an_upload(world: World) -> None:
    case = filed(world)
    assert errors(world.stranger().call("POST", "/v1/receipt/uploads", JPEG)) == {("Receipt", "missing")}
    assert errors(ask(world, "1234")) == {("Receipt", "mistyped")}
    assert ask(world, case["id"]).status == 422


def test_a_place_that_nothing_came_for_is_free_again(world: World) -> None:
    receipt = filed(world)["receipt"]
    keys = [ask(world, receipt).body["fields"]["key"] for _ in range(3)]
    world.clock.now += LIFETIME + GRACE
    assert ask(world, receipt).status == 409
    world.clock.pass_by(milliseconds=1)
    assert photos(world, receipt) == []
    again = ask(world, receipt)
    assert (again.status, again.body["slot"]) == (201, 1)
    assert again.body["fields"]["key"] not in keys


def test_a_place_that_nobody_holds_goes_before_an_abandoned_one(world: World) -> None:
    receipt = filed(world)["receipt"]
    ask(world, receipt)
    world.clock.pass_by(hours=1)
    assert ask(world, receipt).body["slot"] == 2


def test_of_many_who_ask_at_once_three_get_a_place_each(world: World) -> None:
    receipt = filed(world)["receipt"]
    barrier, answers = threading.Barrier(8), []

    def one() -> None:
        barrier.wait()
        answers.append(ask(world, receipt))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 5
    assert sorted(answer.body["slot"] for answer in answers if answer.status == 201) == [1, 2, 3]

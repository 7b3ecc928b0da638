"""Files that arrive in quarantine, the function that takes them, and what is kept of them."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.events import photos as function
from tests.http.world import World
from tests.photos.test_permits import ask, send


def upload(world: World, receipt: str, body: bytes) -> str:
    """Ask and send as a reporter does; return the key."""
    answer = ask(world, receipt)
    assert answer.status == 201, answer.text
    assert send(answer, body).status == 204
    return str(answer.body["fields"]["key"])


def put(world: World, key: str, body: bytes) -> None:
    """Lay a file into quarantine past every permission."""
    world.box.vault.quarantine.put(key, body, "image/jpeg")


def message(*arrived: str, name: str = "m1") -> dict[str, Any]:
    """A message of the queue, as S3 writes it."""
    records = [{"eventName": "ObjectCreated:Post", "s3": {"object": {"key": key}}} for key in arrived]
    return {"messageId": name, "body": json.dumps({"Records": records})}


def run(world: World, *messages: Mapping[str, Any]) -> list[str]:
    """Run the function on messages; return the names of those that come again."""
    answer = function.handle({"Records": list(messages)}, world.box)
    return [failed["itemIdentifier"] for failed in answer["batchItemFailures"]]


def kept(world: World, report: str) -> dict[str, bytes]:
    clean = world.box.vault.clean
    return {key: clean.get(key) or b"" for key in clean.list_keys(f"reports/{report}/")}


def count(world: World, report: str) -> int | None:
    """How many photos the report says it has."""
    (item,) = (item for item in world.items("main", f"R#{report}") if item["SK"]["S"] == "R")
    return int(item["photos"]["N"]) if "photos" in item else None

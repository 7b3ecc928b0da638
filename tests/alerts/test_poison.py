"""What this release cannot read in the outbox holds nothing up, is seen, and waits for a release that can."""

from typing import Any

import pytest

from chalicelib.events import relay
from chalicelib.store import keys, outbox
from chalicelib.store.models import OutboxItem
from tests.alerts.world import World, record

SHARD = 1
BROKEN: dict[str, dict[str, Any]] = {
    "renamed": {"t": {"S": "outbox"}, "report": {"S": "R"}, "seq": {"N": "1"}, "priority": {"N": "1"}},
    "without its numbers": {"t": {"S": "outbox"}, "id": {"S": "R"}},
    "of another type": {"t": {"S": "outbox"}, "id": {"S": "R"}, "seq": {"S": "first"}},
    "of another kind": {"t": {"S": "telegram"}, "id": {"S": "R"}},
}
SEEN = [name for name in BROKEN if name != "of another kind"]
"""What calls itself an alert counts as one that waits."""


def poison(world: World, partition: str, attributes: dict[str, Any]) -> OutboxItem:
    """Put what this release does not write where it looks for what waits, entering now; the answer names it."""
    item = OutboxItem(partition, keys.at_id_sequence(keys.instant(world.now), "R", 1))
    place = {"PK": {"S": item.pk}, "SK": {"S": item.sk}}
    world.post.dynamodb.put_item(TableName=world.post.stack.names["MAIN_TABLE"], Item=place | attributes)
    return item


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("partition", [keys.outbox(SHARD), keys.letters(SHARD)])
def test_Q09_a_poison_record_is_passed_over_and_its_batch_delivered(world: World, partition: str, name: str) -> None:
    bad, good = poison(world, partition, BROKEN[name]), world.report()
    answer = relay.handle({"Records": [record(bad), record(good)]}, world.container)
    assert answer == {"batchItemFailures": []}
    assert [message["report"] for message in world.messages()] == [good.id]
    assert len(world.mails()) == 1


@pytest.mark.parametrize("name", BROKEN)
def test_Q09_the_round_delivers_what_waits_behind_a_poison_item(
    world: World, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    for shard in range(keys.SHARDS):
        poison(world, keys.outbox(shard), BROKEN[name])
        poison(world, keys.parked(shard), BROKEN[name])
        poison(world, keys.letters(shard), BROKEN[name] | {"t": {"S": "letter"}, "attempts": {"S": "many"}})
    world.wait(seconds=1)
    filed = [world.report().id for _ in range(3)]
    world.wait(minutes=10)
    done = world.sweep()
    assert (done["alerts_delivered"], done["parked"]) == (3, 0)
    assert {message["report"] for message in world.messages()} == set(filed)
    # It waits, and so the alarm on the age of the oldest rings.
    assert done["outbox_oldest_s"] == (601.0 if name in SEEN else 0.0)
    assert "unreadable: partition=M#" in caplog.text


def test_Q05_a_poison_alert_does_not_hold_up_the_report_s_later_ones(world: World) -> None:
    first = world.report()
    bad = BROKEN["of another type"] | {"id": {"S": first.id}}
    poison(world, keys.outbox(keys.shard(first.id)), bad)
    world.wait(seconds=1)
    later = world.alert(first.id, 2)
    assert world.relay(later) == {"batchItemFailures": []}
    assert [message["seq"] for message in world.messages()] == [1, 2]


def test_an_item_that_can_be_read_again_is_delivered(world: World) -> None:
    item = world.report()
    table, key = world.post.stack.names["MAIN_TABLE"], {"PK": {"S": item.pk}, "SK": {"S": item.sk}}
    kept = world.post.dynamodb.get_item(TableName=table, Key=key)["Item"]
    world.post.dynamodb.put_item(TableName=table, Item={**kept, "seq": {"S": "first"}})
    world.wait(minutes=5)
    assert world.sweep()["alerts_delivered"] == 0
    world.post.dynamodb.put_item(TableName=table, Item=kept)
    assert world.sweep()["alerts_delivered"] == 1
    assert (world.waiting(), outbox.oldest(world.now)) == ([], None)


def test_replay_passes_over_what_it_cannot_read(world: World) -> None:
    poison(world, keys.parked(SHARD), BROKEN["of another type"])
    assert list(outbox.parked()) == []

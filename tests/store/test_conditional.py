"""Writes under a condition, and partitions that come in several pages."""

from typing import Any

import pytest
from pynamodb.exceptions import PutError

from chalicelib.store import keys, wire
from chalicelib.store.case_items import TombstoneItem
from chalicelib.store.conditional import held
from chalicelib.store.failures import code
from chalicelib.store.models import MainItem, connection
from tests.http.world import World
from tests.store.faults import faults, forbidden


def item(number: int) -> TombstoneItem:
    return TombstoneItem(keys.report("many"), f"T#{number:02d}", id="many", day="2026-06-10")


@pytest.mark.usefixtures("world")
def test_a_condition_holds_or_does_not() -> None:
    is_new = TombstoneItem.pk.does_not_exist()
    assert held(item(1).save, condition=is_new)
    assert not held(item(1).save, condition=is_new)


@pytest.mark.usefixtures("world")
def test_a_store_that_fails_is_not_mistaken_for_a_condition_that_does_not_hold() -> None:
    with faults(forbidden, operation="PutItem"), pytest.raises(PutError) as failed:
        held(item(1).save, condition=TombstoneItem.pk.does_not_exist())
    assert code(failed.value) == "AccessDeniedException"


def test_a_partition_of_several_pages_is_read_to_its_end(world: World) -> None:
    with MainItem.batch_write() as batch:
        for number in range(5):
            batch.save(item(number))
    asked = list[dict[str, Any]]()

    def two(params: dict[str, Any], **_: Any) -> None:
        asked.append(params)
        params["Limit"] = 2

    events: Any = connection().client.meta.events
    events.register("provide-client-params.dynamodb.Query", two)
    try:
        found = [each["SK"]["S"] for each in wire.items(keys.report("many"))]
    finally:
        events.unregister("provide-client-params.dynamodb.Query", two)
    assert found == [each["SK"]["S"] for each in world.items("main", "R#many")]
    assert (len(found), len(asked)) == (5, 3)

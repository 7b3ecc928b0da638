"""What one delivery costs in capacity, as the store itself counts it."""

from typing import Any

import pytest

from chalicelib.store.models import OutboxItem
from tests.alerts.world import World, hooked

WRITES = {"UpdateItem", "DeleteItem", "PutItem", "TransactWriteItems"}


@pytest.mark.parametrize(("priority", "writes", "reads"), [(1, 4.0, 3.5), (3, 7.0, 2.5)], ids=["at once", "a line"])
def test_an_undisturbed_delivery_costs(world: World, priority: int, writes: float, reads: float) -> None:
    item = world.report(priority=priority)
    used: dict[str, list[float]] = {}

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        counted = parsed["ConsumedCapacity"]
        units = counted if isinstance(counted, list) else [counted]
        used.setdefault(model.name, []).extend(each["CapacityUnits"] for each in units)

    client = OutboxItem._get_connection().connection.client
    with hooked(client, "provide-client-params.dynamodb", ask), hooked(client, "after-call.dynamodb", note):
        world.relay(item)
    assert sum(sum(units) for name, units in used.items() if name in WRITES) == writes
    assert sum(sum(units) for name, units in used.items() if name not in WRITES) == reads

"""What one delivery costs in capacity, as the store itself counts it."""

from typing import Any

from chalicelib.store.models import OutboxItem
from tests.alerts.world import World, hooked

WRITES = {"UpdateItem", "DeleteItem", "PutItem", "TransactWriteItems"}


def test_an_undisturbed_delivery_costs_three_write_and_two_and_a_half_read_units(world: World) -> None:
    item = world.report()
    used: dict[str, list[float]] = {}

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        used.setdefault(model.name, []).append(parsed["ConsumedCapacity"]["CapacityUnits"])

    client = OutboxItem._get_connection().connection.client
    with hooked(client, "provide-client-params.dynamodb", ask), hooked(client, "after-call.dynamodb", note):
        world.relay(item)
    assert sum(sum(units) for name, units in used.items() if name in WRITES) == 3.0
    assert sum(sum(units) for name, units in used.items() if name not in WRITES) == 2.5

"""What a subscription and a mail cost in capacity, as the store itself counts it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.store.models import connection
from tests.subscriptions.town import Town, hooked

WRITES = {"UpdateItem", "DeleteItem", "PutItem", "TransactWriteItems"}


@contextmanager
def metered() -> Iterator[dict[str, float]]:
    """Count the write units and read units of the models' client."""
    used = {"write": 0.0, "read": 0.0}

    def ask(params: dict[str, Any], **_: Any) -> None:
        params["ReturnConsumedCapacity"] = "TOTAL"

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        counted = parsed.get("ConsumedCapacity", [])
        rows = counted if isinstance(counted, list) else [counted]
        used["write" if model.name in WRITES else "read"] += sum(row["CapacityUnits"] for row in rows)

    client = connection().client
    with hooked(client, "provide-client-params.dynamodb", ask), hooked(client, "after-call.dynamodb", note):
        yield used


def test_a_subscription_costs_nine_write_units_from_asking_to_confirming(town: Town) -> None:
    with metered() as asking:
        town.ask()
    with metered() as writing:
        town.deliver()
    with metered() as confirming:
        answer = town.confirm(town.mails()[-1]["BodyText"].partition("token=")[2][:51])
    assert answer.status == 200
    # Two items, each paid twice in a transaction; the network's budget and the day's salt; claim and deletion; update.
    assert (asking["write"], writing["write"], confirming["write"]) == (6.0, 2.0, 1.0)


def test_a_morning_without_news_writes_nothing_for_anybody(town: Town) -> None:
    town.subscriber()
    with metered() as quiet:
        town.next_morning()
    town.report()
    with metered() as told:
        town.next_morning()
    # What each run notes of itself is one unit; a mail is one more.
    assert (quiet["write"], told["write"]) == (1.0, 2.0)

"""A bulletin that breaks off: nothing is lost, and nothing is repeated that could be known."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.store import bulletins
from chalicelib.store.models import OutboxItem
from tests.alerts.world import UNIT, World, hooked


class Killed(BaseException):
    """Not an error that anybody handles: whatever ran is gone, without any clean-up."""


# The calls from an alert to its line, and how often the topic hears of it in the end.
ENTRIES = [
    ("UpdateItem", 3, "before-call", 1),  # before the box is touched
    ("UpdateItem", 3, "after-call", 1),
    ("TransactWriteItems", 1, "before-call", 1),
    ("TransactWriteItems", 1, "after-call", 1),  # the line is in, the alert is out
]

# The calls of one bulletin in their order, and how often its mail comes in the end. Two lines say 2: those where the
# mail is accepted and our note of it is not written.
DEATHS = [
    ("dynamodb.UpdateItem", 1, "before-call", 1),  # before the claim
    ("dynamodb.UpdateItem", 1, "after-call", 1),
    ("dynamodb.UpdateItem", 2, "before-call", 1),  # before its lines are fixed
    ("dynamodb.UpdateItem", 2, "after-call", 1),
    ("dynamodb.PutItem", 1, "before-call", 1),  # before its turn is taken
    ("dynamodb.PutItem", 1, "after-call", 1),
    ("sesv2.SendEmail", 1, "before-call", 1),
    ("sesv2.SendEmail", 1, "after-call", 2),  # the mail is out, we have not noted it
    ("dynamodb.UpdateItem", 3, "before-call", 2),
    ("dynamodb.UpdateItem", 3, "after-call", 1),  # noted
    ("dynamodb.BatchWriteItem", 1, "before-call", 1),
    ("dynamodb.BatchWriteItem", 1, "after-call", 1),  # the lines are gone
    ("dynamodb.UpdateItem", 4, "before-call", 1),
    ("dynamodb.UpdateItem", 4, "after-call", 1),  # closed
]


def dying(world: World, operation: str, number: int, moment: str, run: Any) -> None:
    """Run, and die at a call."""
    clients = {"dynamodb": OutboxItem._get_connection().connection.client, "sesv2": world.container.ses}
    calls = 0

    def die(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            raise Killed

    with hooked(clients[operation.partition(".")[0]], f"{moment}.{operation}", die), pytest.raises(Killed):
        run()


@pytest.mark.parametrize(("operation", "number", "moment", "messages"), ENTRIES)
def test_Q09_killed_on_the_way_into_a_bulletin_an_alert_is_a_line_once(
    world: World, operation: str, number: int, moment: str, messages: int
) -> None:
    item = world.report(priority=3)
    dying(world, f"dynamodb.{operation}", number, moment, lambda: world.relay(item))
    world.wait(minutes=5)
    world.sweep()
    assert world.bulletins()["bulletin_lines"] == 1
    assert (len(world.messages()), len(world.mails())) == (messages, 1)
    assert (world.waiting(), world.lines()) == ([], [])


@pytest.mark.parametrize(("operation", "number", "moment", "mails"), DEATHS)
def test_Q09_killed_anywhere_a_bulletin_tells_every_line(
    world: World, operation: str, number: int, moment: str, mails: int
) -> None:
    filed = [world.report(priority=3) for _ in range(2)]
    world.relay(*filed)
    ids: list[str] = []
    with hooked(world.container.ses, "provide-client-params.sesv2.SendEmail", noting(ids)):
        dying(world, operation, number, moment, world.bulletins)
        # What comes meanwhile is for the next bulletin.
        world.wait(minutes=15)
        later = world.report(priority=3)
        world.relay(later)
        for _ in range(2):
            world.bulletins()
            world.wait(minutes=15)
    told = [mail["BodyText"] for mail in world.mails()]
    assert [sum(item.id in text for text in told) for item in filed] == [mails, mails]
    assert sum(later.id in text for text in told) == 1
    assert world.lines() == []
    assert ids[:mails] == ids[:1] * mails, "a repeat bears the id of the first"


def noting(ids: list[str]) -> Callable[..., None]:
    """A hook that notes the ids of the bulletins that SES is handed."""

    def look(params: dict[str, Any], **_: Any) -> None:
        held = params["Content"]["Simple"]["Headers"]
        ids.extend(header["Value"] for header in held if header["Name"] == "X-Czujka-Bulletin")

    return look


def test_a_box_that_was_sent_is_only_cleared(world: World) -> None:
    world.relay(world.report(priority=3))
    dying(world, "dynamodb.UpdateItem", 3, "after-call", world.bulletins)
    (box,) = bulletins.boxes()
    assert (box.name, box.sent, len(box.lines)) == (UNIT, True, 1)
    world.wait(minutes=15)
    assert world.bulletins()["bulletins_sent"] == 0
    assert (len(world.mails()), world.lines()) == (1, [])

"""Letters: sent once where it can be known, given back when SES fails, parked after eight tries, never of a ghost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.errors import LinkExpired
from chalicelib.events import sweeper
from chalicelib.services.subscriptions import Subscribing
from chalicelib.store import keys, letters, subscriptions
from chalicelib.store.models import connection
from tests.subscriptions.town import EMAIL, Town, hooked

SEND = "provide-client-params.sesv2.SendEmail"


def failing(**_: Any) -> None:
    raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": EMAIL}}, "SendEmail")


def waiting(town: Town) -> list[letters.Letter]:
    return list(letters.waiting(town.world.clock.now + timedelta(days=30)))


def test_Q09_a_record_that_comes_twice_sends_one_letter(town: Town) -> None:
    town.ask()
    items = town.world.items("main", "M#")
    town.deliver()
    town.world.items = lambda *_: items  # type: ignore[method-assign]  # the records come again
    town.deliver()
    assert len(town.mails()) == 1


def test_Q01_a_letter_that_fails_is_given_back_and_sent_by_the_sweeper(town: Town) -> None:
    town.ask()
    with hooked(town.box.ses, SEND, failing):
        answer = town.deliver()
    assert answer["batchItemFailures"] == [{"itemIdentifier": "0"}]
    (letter,) = waiting(town)
    assert (letter.attempts, letter.last_error, letter.lease_until) == (1, "SendEmail:TooManyRequestsException", None)
    town.world.clock.pass_by(minutes=3)
    assert town.sweep()["letters_delivered"] == 1
    assert (len(town.mails()), waiting(town)) == (1, [])


def test_Q01_the_sweeper_leaves_young_letters_to_the_relay(town: Town) -> None:
    town.ask()
    town.world.clock.pass_by(minutes=1)
    assert town.sweep()["letters_delivered"] == 0


def test_Q01_a_letter_is_parked_after_eight_tries_and_goes_with_its_request(town: Town) -> None:
    town.ask()
    parked = 0
    with hooked(town.box.ses, SEND, failing):
        for _ in range(12):
            town.world.clock.pass_by(minutes=70)
            parked += town.sweep()["letters_parked"]
    assert (parked, waiting(town)) == (1, [])
    (item,) = town.world.items("main", "Y#")
    assert item["attempts"]["N"] == "8"
    assert "email" not in item
    town.next_morning(days=8)
    assert (town.world.items("main", "Y#"), town.held()) == ([], [])


def test_a_letter_held_by_another_is_left_alone(town: Town) -> None:
    town.ask()
    (letter,) = waiting(town)
    assert letters.claim(letter, town.world.clock.now, town.world.clock.now + timedelta(seconds=150))
    assert town.deliver() == {"batchItemFailures": []}
    town.world.clock.pass_by(seconds=149)
    assert town.sweep()["letters_delivered"] == 0
    assert town.mails() == []
    town.world.clock.pass_by(minutes=2)
    assert town.sweep()["letters_delivered"] == 1


def test_a_holder_that_lost_its_lease_changes_nothing(town: Town) -> None:
    town.ask()
    now = town.world.clock.now
    (letter,) = waiting(town)
    slow = letters.claim(letter, now, now)
    assert slow is not None
    quick = letters.claim(slow, now + timedelta(seconds=1), now + timedelta(minutes=5))
    assert quick is not None
    assert not letters.finish(slow)
    assert not letters.release(slow, "slow", None)
    assert letters.finish(quick)


@pytest.mark.parametrize("meanwhile", ["left", "replaced", "too late"])
def test_nobody_is_written_to_whose_request_is_over(town: Town, meanwhile: str) -> None:
    town.ask()
    (seen,) = [known for digit in "0123456789abcdef" for known in subscriptions.all_of(f"SUB#{digit}")]
    if meanwhile == "left":
        subscriptions.leave(seen.id)
    elif meanwhile == "replaced":
        town.world.clock.pass_by(days=1)
        town.ask(area={"unit": "KSP"})
    else:
        town.world.clock.pass_by(days=7, seconds=1)
    town.deliver()
    assert len(town.mails()) == int(meanwhile == "replaced")
    assert waiting(town) == []


def subscribing(town: Town) -> Subscribing:
    return Subscribing(town.box.instance, town.box.secrets.keyring.subscriptions, town.world.clock.now)


def test_race_two_clicks_confirm_once(town: Town) -> None:
    token = town.asked()
    barrier = Barrier(4)

    def click(_: int) -> Any:
        barrier.wait()
        return subscribing(town).agree(token)

    with ThreadPoolExecutor(4) as pool:
        choices = list(pool.map(click, range(4)))
    assert len(set(choices)) == 1
    (item,) = town.held()
    assert "wanted" not in item


def test_race_of_two_that_read_the_same_request_one_confirms(town: Town) -> None:
    town.asked()
    (seen,) = [known for digit in "0123456789abcdef" for known in subscriptions.all_of(f"SUB#{digit}")]
    day = town.world.clock.now.date()
    assert [subscriptions.agree(seen, day), subscriptions.agree(seen, day)] == [True, False]


def test_race_whoever_leaves_while_confirming_has_left(town: Town) -> None:
    """Deleted between reading and writing: the confirmation must not make the address anew."""
    token = town.asked()

    def leave(params: dict[str, Any], **_: Any) -> None:
        if params["Key"]["PK"]["S"].startswith("SUB#"):
            subscriptions.leave(params["Key"]["SK"]["S"])

    client = connection().client
    with hooked(client, "provide-client-params.dynamodb.UpdateItem", leave), pytest.raises(LinkExpired):
        subscribing(town).agree(token)
    assert town.held() == []


def test_race_confirming_against_leaving_ends_in_one_of_the_two(town: Town) -> None:
    for number in range(6):
        token = town.asked(email=f"r{number}@example.org")
        barrier = Barrier(2)

        def confirm(token: str = token, barrier: Barrier = barrier) -> None:
            barrier.wait()
            try:
                subscribing(town).agree(token)
            except LinkExpired:
                return

        def leave(token: str = token, barrier: Barrier = barrier) -> None:
            barrier.wait()
            subscribing(town).leave(token)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(confirm), pool.submit(leave)]:
                done.result()
    assert town.held() == []


def test_race_two_requests_for_one_address_send_one_letter(town: Town) -> None:
    barrier = Barrier(3)

    def ask(_: int) -> None:
        barrier.wait()
        subscriptions.ask("0" * 21, EMAIL, "[]", town.world.clock.now.date(), town.world.clock.now)

    with ThreadPoolExecutor(3) as pool:
        # A transaction that collides with another is refused as a conflict, and the caller asks again.
        results = [pool.submit(ask, number) for number in range(3)]
        errors = [result.exception() for result in results]
    assert len(town.world.items("main", "M#")) == 1
    assert all(error is None or "TransactionConflict" in str(error) for error in errors)


def test_race_a_confirmation_of_the_last_minute_is_not_forgotten(town: Town) -> None:
    token = town.asked()
    (seen,) = [known for digit in "0123456789abcdef" for known in subscriptions.all_of(f"SUB#{digit}")]
    town.confirm(token)
    assert not subscriptions.forget_request(seen)
    assert len(town.held()) == 1
    assert "wanted" not in town.held()[0]


def test_the_address_is_in_one_item_and_nowhere_else(
    town: Town, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    caplog.set_level("DEBUG", "chalicelib")
    token = town.asked()
    assert town.confirm(token).status == 200
    town.report()
    with hooked(town.box.ses, SEND, failing):
        town.next_morning()
        town.ask(email="b@example.org")
        town.deliver()
    town.digest()
    said = capsys.readouterr()
    written = (
        said.out
        + said.err
        + "".join(record.getMessage() for record in caplog.records if record.name.startswith("chalicelib"))
    )
    assert "SendEmail:TooManyRequestsException" in written
    assert "example.org" not in written
    assert token not in written
    assert town.held()[0]["id"]["S"] not in written
    holding = [item["PK"]["S"] for item in town.world.items("main") if "example.org" in str(item)]
    assert {partition.partition("#")[0] for partition in holding} == {"SUB"}
    assert "example.org" not in str(town.world.items("quota"))


def test_the_letter_s_partitions_are_spread(town: Town) -> None:
    for number in range(12):
        town.ask(email=f"s{number}@example.org")
    partitions = {item["PK"]["S"] for item in town.world.items("main", "M#")}
    assert partitions <= {keys.letters(shard) for shard in range(4)}
    assert len(partitions) > 1


def test_the_sweeper_sends_so_many_letters_a_run_and_the_rest_in_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "MOST_LETTERS", 2)
    for number in range(3):
        town.ask(email=f"a{number}@example.org")
    town.world.clock.pass_by(minutes=3)
    assert [town.sweep()["letters_delivered"] for _ in range(3)] == [2, 1, 0]


def test_what_is_no_letter_stops_no_other(town: Town) -> None:
    place = {"PK": {"S": keys.letters(0)}, "SK": {"S": keys.instant(town.world.clock.now)}}
    item = place | {"t": {"S": "letter"}, "attempts": {"N": "0"}}
    town.world.stack.client("dynamodb").put_item(TableName=town.world.stack.names["MAIN_TABLE"], Item=item)
    town.ask()
    town.world.clock.pass_by(minutes=3)
    assert town.sweep()["letters_delivered"] == 1

"""Sending the digest: refused addresses, mails that may be out, and two runs at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.store import subscriptions
from tests.subscriptions.town import EMAIL, Town, hooked


def refusing(code: str, only: str | None = None) -> Any:
    def refuse(params: dict[str, Any], **_: Any) -> None:
        if only is None or params["Destination"]["ToAddresses"] == [only]:
            raise ClientError({"Error": {"Code": code, "Message": EMAIL}}, "SendEmail")

    return refuse


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_an_address_that_is_refused_is_flagged_and_the_others_get_their_mail(told: Town, code: str) -> None:
    told.subscriber(email="b@example.org")
    told._mails_before = len(told._all_mails())
    told.report()
    with hooked(told.box.ses, "provide-client-params.sesv2.SendEmail", refusing(code, EMAIL)):
        summary = told.next_morning()
    assert (summary["refused"], summary["sent"], summary["state"]) == (1, 1, "finished")
    told.report()
    assert told.next_morning()["sent"] == 1
    assert {mail["To"][0] for mail in told.mails()} == {"b@example.org"}


def test_who_was_flagged_gets_mails_again_after_a_new_confirmation(told: Town) -> None:
    told.report()
    with hooked(told.box.ses, "provide-client-params.sesv2.SendEmail", refusing("MessageRejected")):
        told.next_morning()
    told.subscriber()
    told.report()
    assert told.next_morning()["sent"] == 1


def test_A03_a_mail_that_was_certainly_not_sent_goes_out_with_the_next_run(told: Town) -> None:
    told.report()
    with hooked(told.box.ses, "provide-client-params.sesv2.SendEmail", refusing("TooManyRequestsException")):
        summary = told.next_morning()
    assert (summary["state"], summary["failed"]) == ("unfinished", 1)
    assert told.digest()["sent"] == 1
    assert len(told.mails()) == 1


def test_A03_a_mail_that_may_be_out_is_not_sent_again(told: Town) -> None:
    def answer_lost(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="ses")

    told.report()
    with hooked(told.box.ses, "after-call.sesv2.SendEmail", answer_lost):
        assert told.next_morning()["lost"] == 1
    told.digest()
    told.next_morning()
    assert len(told.mails()) == 1


def test_A03_two_digests_at_once_tell_each_once(told: Town) -> None:
    for number in range(12):
        told.subscriber(email=f"x{number}@example.org")
    told._mails_before = len(told._all_mails())
    told.report()
    told.world.clock.pass_by(hours=19)
    barrier = Barrier(2)

    def run(_: int) -> dict[str, Any]:
        barrier.wait()
        return told.digest()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    addresses = [mail["To"][0] for mail in told.mails()]
    assert len(addresses) == len(set(addresses)) == 13


def test_A03_of_two_that_read_the_same_subscriber_one_may_tell(told: Town) -> None:
    (seen,) = [known for digit in "0123456789abcdef" for known in subscriptions.all_of(f"SUB#{digit}")]
    today = told.world.clock.now.date()
    assert [subscriptions.claim(seen, today), subscriptions.claim(seen, today)] == [True, False]


def test_who_leaves_between_reading_and_sending_gets_nothing(told: Town) -> None:
    (seen,) = [known for digit in "0123456789abcdef" for known in subscriptions.all_of(f"SUB#{digit}")]
    subscriptions.leave(seen.id)
    assert not subscriptions.claim(seen, told.world.clock.now.date() + timedelta(days=1))
    assert told.held() == []


def test_a_claim_is_given_back_only_by_its_holder(told: Town) -> None:
    (seen,) = [known for digit in "0123456789abcdef" for known in subscriptions.all_of(f"SUB#{digit}")]
    today = told.world.clock.now.date()
    subscriptions.claim(seen, today)
    subscriptions.give_back(seen, today + timedelta(days=1))
    assert told.held()[0]["told"]["S"] == today.isoformat()
    subscriptions.give_back(seen, today)
    assert told.held()[0]["told"]["S"] == seen.told

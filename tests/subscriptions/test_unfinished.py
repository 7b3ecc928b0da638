"""A digest that ends before everybody was told: the next one tells the rest, and nobody twice."""

from collections import Counter
from collections.abc import Iterator

import pytest

from chalicelib.events import digest as function
from chalicelib.services import digest
from tests.subscriptions.test_sending import refusing
from tests.subscriptions.town import Town, hooked

BATCH = 4
PEOPLE = BATCH + 2


@pytest.fixture
def people(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """More people than are told in one batch, and something to tell them."""
    monkeypatch.setattr(digest, "SENDERS", 1)
    for person in range(PEOPLE):
        town.subscriber(email=f"p{person}@example.org")
    town.report()
    town._mails_before = len(town._all_mails())
    yield town
    assert Counter(mail["To"][0] for mail in town.mails()) == {f"p{person}@example.org": 1 for person in range(PEOPLE)}


def test_a_run_without_time_begins_no_further_batch(people: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as hurry:
        hurry.setattr(function, "BUDGET_S", 0.0)
        summary = people.next_morning()
    assert (summary["state"], summary["sent"]) == ("unfinished", BATCH)
    summary = people.digest()
    assert (summary["state"], summary["sent"]) == ("finished", PEOPLE - BATCH)


def test_a_run_gives_up_when_the_service_sends_nothing_to_anybody(
    people: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "GIVE_UP", BATCH)
    with hooked(people.box.ses, "provide-client-params.sesv2.SendEmail", refusing("SendingPausedException")):
        summary = people.next_morning()
    assert (summary["state"], summary["failed"], summary["sent"]) == ("unfinished", BATCH, 0)
    assert people.digest()["sent"] == PEOPLE

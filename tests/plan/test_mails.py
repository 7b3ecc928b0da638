"""The Monday mail: who gets it, what it says, and that nobody gets it twice, whatever breaks."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.events import plans
from chalicelib.store import keys, plan_mails, turns
from chalicelib.store.unit_items import UnitItem
from infra.commands.mail import sent_mails
from tests.http.world import World
from tests.plan.half_year import FIELD, HalfYear
from tests.plan.test_night import SATURDAY

MORNING = datetime(2026, 6, 8, 4, tzinfo=UTC)
MAILBOX = "ksp@ksp.example"


@pytest.fixture(autouse=True)
def planned(half_year: HalfYear, world: World) -> None:
    """Plans for two units, of which one has an address; six o'clock on Monday."""
    half_year.live(random.Random(13), 80)
    for _ in range(3):
        half_year.file(SATURDAY, FIELD, "KMP-LOMZA", area="2062")
    half_year.night()
    address("KSP", MAILBOX)
    world.clock.now = MORNING


def address(unit: str, *addresses: str) -> None:
    UnitItem(keys.unit(unit), keys.META, code=unit, addresses=list(addresses)).save()


@pytest.fixture
def mails(world: World) -> Callable[[], list[dict[str, Any]]]:
    """What has been mailed in this test."""
    before = len(sent_mails(world.stack.access.endpoint))
    return lambda: sent_mails(world.stack.access.endpoint)[before:]


Mails = Callable[[], list[dict[str, Any]]]


def run(world: World) -> dict[str, Any]:
    return plans.handle({}, world.box)


@pytest.fixture
def breaking(world: World) -> Iterator[Callable[[Exception], None]]:
    """Lets the mail service fail from now on."""
    events = world.box.ses.meta.events

    def break_with(error: Exception) -> None:
        def fail(**_: object) -> None:
            raise error

        events.register("before-call.sesv2.SendEmail", fail, unique_id="broken")

    yield break_with
    events.unregister("before-call.sesv2.SendEmail", unique_id="broken")


REFUSED = ClientError({"Error": {"Code": "Throttling"}, "ResponseMetadata": {"HTTPStatusCode": 429}}, "SendEmail")  # type: ignore[typeddict-item]
UNKNOWN = ReadTimeoutError(endpoint_url="https://ses.example")


def test_each_unit_with_an_address_gets_its_plan_once(world: World, mails: Mails) -> None:
    assert run(world)["plans_sent"] == 1
    assert run(world)["plans_sent"] == 0
    (mail,) = mails()
    assert mail["to"] == [MAILBOX]
    assert mail["subject"] == "[KSP] Plan patroli, tydzień od pon. 8 czerwca"
    assert "sob., w nocy (22–6)" in mail["text"]
    assert "Spodziewane zgłoszenia: " in mail["text"]
    assert "/policja/#/plan/2026-W24" in mail["text"]
    assert "Zgłoszenia w 182 dni: " in mail["html"]
    assert mail["text"].count("/#/map?at=17/") == 10
    assert "W planie jest jeszcze 20 pozycji." in mail["text"]


def test_next_week_has_a_mail_of_its_own(world: World, half_year: HalfYear, mails: Mails) -> None:
    run(world)
    half_year.night((MORNING + timedelta(days=7)).date())
    world.clock.now = MORNING + timedelta(days=7)
    assert run(world)["plans_sent"] == 1
    assert len(mails()) == 2


def test_a_garrison_with_an_address_gets_one_of_all_below_that_says_whose_each_row_is(
    world: World, mails: Mails
) -> None:
    address("KWP-BIALYSTOK", "kwp@kwp.example")
    run(world)
    (mail,) = [mail for mail in mails() if mail["to"] == ["kwp@kwp.example"]]
    assert " · KMP Łomża" in mail["text"]


def test_a_unit_with_an_address_and_no_rows_gets_nothing(world: World, mails: Mails) -> None:
    address("KMP-RADOM", "radom@police.example")
    run(world)
    assert {tuple(mail["to"]) for mail in mails()} == {(MAILBOX,)}


def test_in_a_week_without_plans_nobody_is_mailed(world: World, mails: Mails) -> None:
    world.clock.now = MORNING + timedelta(days=7)
    assert run(world)["plans_no_plan"] == 1
    assert mails() == []


def test_a_mail_that_was_refused_goes_out_with_the_next_run(
    world: World, mails: Mails, breaking: Callable[[Exception], None]
) -> None:
    breaking(REFUSED)
    assert run(world)["plans_failed"] == 1
    world.box.ses.meta.events.unregister("before-call.sesv2.SendEmail", unique_id="broken")
    assert run(world)["plans_sent"] == 1
    assert len(mails()) == 1


def test_a_mail_that_may_be_out_is_not_sent_again(
    world: World, mails: Mails, breaking: Callable[[Exception], None]
) -> None:
    breaking(UNKNOWN)
    assert run(world)["plans_lost"] == 1
    world.box.ses.meta.events.unregister("before-call.sesv2.SendEmail", unique_id="broken")
    assert run(world)["plans_sent"] == 0
    assert mails() == []


def test_it_counts_among_the_mails_of_the_hour_and_waits_where_they_are_used_up(world: World, mails: Mails) -> None:
    taken = [turns.take("KSP", world.clock(), 20, bulletin=True) for _ in range(20)]
    assert None not in taken
    assert run(world)["plans_full"] == 1
    world.clock.pass_by(minutes=64)
    assert run(world)["plans_sent"] == 1
    assert len(mails()) == 1


def test_a_run_without_time_leaves_the_rest_to_the_next(
    world: World, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "BUDGET_S", -1.0)
    assert run(world)["plans_left"] > 300
    assert mails() == []


def test_a_claim_is_given_back_only_while_it_is_the_newest(world: World) -> None:
    del world
    assert plan_mails.claim("KSP", "2026-W24")
    assert plan_mails.claim("KSP", "2026-W25")
    plan_mails.give_back("KSP", "2026-W24")
    assert not plan_mails.claim("KSP", "2026-W25")

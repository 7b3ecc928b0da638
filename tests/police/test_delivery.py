"""The operator's test of delivery to all units: each address one mail, paced, resumable, and what came of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from pynamodb.exceptions import PutError

from chalicelib.clock import Clock
from chalicelib.services.mailing import Mailing
from chalicelib.services.trials import Trials
from chalicelib.store import flags, trials, turns
from infra.commands import delivery, instance
from infra.commands.delivery import NotNow, Run, allowance
from infra.commands.mail import sent_mails
from tests.alerts.world import hooked
from tests.http.world import World
from tests.police.officers import Staff
from tests.police.unit_settings import settings
from tests.store.faults import faults, throttled

Hire = Callable[..., Staff]
CODES = ("KSP", "KPP-WOLOMIN", "KRP-WARSZAWA-1")
GARRISON, FIRST, SECOND, CHIEF = (
    "ksp@police.example",
    "wolomin@police.example",
    "wolomin2@police.example",
    "naczelnik@police.example",
)


class Desk:
    """An operator over three units: the garrison's address, two and a chief's below it, and a unit without one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.slept: list[float] = []
        self.endpoint = world.stack.access.endpoint
        self.before = len(sent_mails(self.endpoint))

    def run(self, rate: float = 2) -> Run:
        """A new run."""
        box, clock = self.world.box, self.clock
        asking = Trials(Mailing(box.ses, box.settings.mail_sender), box.instance, "https://map.example", clock)
        return Run(asking, [box.units[code] for code in CODES], clock, rate, self.slept.append)

    @property
    def clock(self) -> Clock:
        """The test's clock."""
        return self.world.clock

    def told(self) -> list[list[str]]:
        """Who has had a mail in this test."""
        return [mail["to"] for mail in sent_mails(self.endpoint)[self.before :]]


@pytest.fixture
def desk(world: World, staff: Hire) -> Desk:
    """The operator, after the coordinators have written their settings."""
    staff("KSP", "coordinator").call("PUT", "/v1/police/unit", settings(GARRISON))
    staff("KPP-WOLOMIN", "coordinator").call("PUT", "/v1/police/unit", settings(FIRST, SECOND, chief=(CHIEF, FIRST)))
    return Desk(world)


def trouble(report: dict[str, Any]) -> set[tuple[str, str | None, str]]:
    return {(each["unit"], each.get("address"), each["what"]) for each in report["trouble"]}


def test_a_plan_counts_and_sends_nothing(world: World, desk: Desk) -> None:
    before = world.items("main")
    assert desk.run().plan() == {
        "units": 3,
        "without_address": 1,
        "addresses": 4,
        "flagged": 0,
        "tried_before": 0,
        "to_send": 4,
        "seconds": 2,
    }
    assert world.items("main") == before
    assert desk.told() == []


def test_every_address_gets_one_mail_by_itself_at_the_rate(desk: Desk) -> None:
    assert desk.run(rate=4).send()["sent"] == 4
    assert sorted(desk.told()) == sorted([[GARRISON], [FIRST], [SECOND], [CHIEF]])
    assert desk.slept == [0.25] * 4
    assert "operatora mapy" in sent_mails(desk.endpoint)[-1]["text"]


def test_a_run_that_is_begun_again_sends_nothing_twice_until_the_next_day(world: World, desk: Desk) -> None:
    desk.run().send()
    again = desk.run().send()
    assert (again["to_send"], again["tried_before"], "sent" in again) == (0, 4, False)
    world.clock.pass_by(hours=20)
    assert desk.run().send()["sent"] == 4
    assert len(desk.told()) == 8


def test_flagged_addresses_get_none(world: World, desk: Desk) -> None:
    flags.flag("KPP-WOLOMIN", SECOND, world.clock(), "bounce")
    assert desk.run().send()["flagged"] == 1
    assert [SECOND] not in desk.told()


def test_a_unit_whose_hour_is_full_waits_for_the_next_run(world: World, desk: Desk) -> None:
    while turns.take("KPP-WOLOMIN", world.clock(), 20):
        pass
    first = desk.run().send()
    assert (first["sent"], first["waiting"]) == (1, 3)
    world.clock.pass_by(minutes=63)
    assert desk.run().send()["sent"] == 3
    assert len(desk.told()) == 4


def fails(world: World, error: Exception, event: str = "before-call", times: int = 99) -> Any:
    """Let SES fail so many times."""
    failed: list[bool] = []

    def fail(**_: Any) -> None:
        if len(failed) < times:
            failed.append(True)
            raise error

    return hooked(world.box.ses, f"{event}.sesv2.SendEmail", fail)


def answered(status: int, code: str) -> ClientError:
    metadata = {"HTTPStatusCode": status, "RequestId": "", "HostId": "", "HTTPHeaders": {}, "RetryAttempts": 0}
    answer: Any = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": metadata}
    return ClientError(answer, "SendEmail")


def test_an_address_that_ses_refuses_is_noted_and_tried_again_by_the_next_run(world: World, desk: Desk) -> None:
    with fails(world, answered(400, "MessageRejected"), times=1):
        first = desk.run().send()
    assert (first["refused"], first["sent"]) == (1, 3)
    assert trouble(desk.run().report()) == {
        ("KSP", GARRISON, "refused"),
        ("KRP-WARSZAWA-1", None, "no_address"),
    }
    assert desk.run().send()["sent"] == 1
    assert trouble(desk.run().report()) == {("KRP-WARSZAWA-1", None, "no_address")}


def test_where_ses_is_out_of_breath_the_pace_slows_and_nobody_is_left_out(world: World, desk: Desk) -> None:
    with fails(world, answered(429, "TooManyRequestsException"), times=2):
        assert desk.run().send()["sent"] == 4
    assert desk.slept[:3] == [0.5, 1.0, 1.5]
    assert len(desk.told()) == 4


@pytest.mark.parametrize(
    "error",
    [answered(429, "TooManyRequestsException"), ConnectTimeoutError(endpoint_url="x")],
    ids=["too fast", "not reached"],
)
def test_a_run_that_cannot_go_on_stops_and_the_next_one_reaches_everybody(
    world: World, desk: Desk, error: Exception
) -> None:
    with fails(world, error), pytest.raises(NotNow):
        desk.run().send()
    assert desk.told() == []
    assert desk.run().send()["sent"] == 4


@pytest.mark.parametrize(
    "error",
    [answered(500, "InternalFailure"), ReadTimeoutError(endpoint_url="x")],
    ids=["failed", "late"],
)
def test_a_mail_that_may_be_out_is_not_sent_again(world: World, desk: Desk, error: Exception) -> None:
    with fails(world, error, event="after-call"), pytest.raises(NotNow):
        desk.run().send()
    assert desk.run().send()["sent"] == 3
    assert ("KSP", GARRISON, "unknown") in trouble(desk.run().report())
    assert len(desk.told()) == 4


def test_of_two_runs_at_once_one_has_the_address(world: World, desk: Desk) -> None:
    run = desk.run()
    now = world.clock()
    assert trials.claim("KSP", GARRISON, now, now - delivery.FRESH)
    run._send(world.box.units["KSP"], GARRISON)
    assert desk.told() == []


def test_where_the_store_does_not_answer_no_mail_leaves(desk: Desk) -> None:
    with faults(*[throttled] * 9, operation="PutItem"), pytest.raises(PutError):
        desk.run().send()
    assert desk.told() == []


def test_the_report_tells_who_took_it_and_who_sent_it_back(world: World, desk: Desk, staff: Hire) -> None:
    flags.flag("KPP-WOLOMIN", CHIEF, world.clock(), "complaint")
    world.clock.pass_by(minutes=1)
    desk.run().send()
    world.clock.pass_by(minutes=1)
    flags.flag("KPP-WOLOMIN", FIRST, world.clock(), "bounce")
    staff("KSP", "coordinator").call("PUT", "/v1/police/unit", settings("new@police.example", version=2))
    report = desk.run().report()
    assert trouble(report) == {
        ("KSP", "new@police.example", "not_tried"),
        ("KPP-WOLOMIN", FIRST, "came_back"),
        ("KPP-WOLOMIN", CHIEF, "flagged_before"),
        ("KRP-WARSZAWA-1", None, "no_address"),
    }
    assert (report["units"], report["took_it"], report["came_back"]) == (3, 1, 1)
    (back,) = [each for each in report["trouble"] if each["what"] == "came_back"]
    assert back["reason"] == "bounce"


def test_an_address_that_its_unit_has_no_more_is_forgotten(desk: Desk, staff: Hire) -> None:
    desk.run().send()
    staff("KSP", "coordinator").call("PUT", "/v1/police/unit", settings("new@police.example", version=2))
    desk.run().send()
    assert list(trials.of_unit("KSP")) == ["new@police.example"]


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command itself, in the environment that an operator on AWS gives it."""
    for name, value in world.stack.environment().items():
        monkeypatch.setenv(name, value)
    return lambda *arguments: delivery.main(list(arguments))


def test_the_command_counts_sends_and_reports(
    desk: Desk, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        assert command(*arguments, "--unit", "KPP-WOLOMIN") == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    assert said()["to_send"] == 3
    assert desk.told() == []
    assert said("--send")["sent"] == 3
    assert len(desk.told()) == 3
    assert said("--report")["took_it"] == 3


def test_without_a_choice_it_is_all_units(
    world: World, command: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command() == 0
    counted = json.loads(capsys.readouterr().out)
    assert counted["units"] == counted["without_address"] == len(list(world.box.units))


def test_more_than_ses_takes_today_is_not_begun(
    desk: Desk, command: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(delivery, "allowance", lambda _: (14.0, 2.0))
    assert command("--unit", "KPP-WOLOMIN", "--send") == 1
    assert "2 more mails today, and 3" in capsys.readouterr().err
    assert desk.told() == []


def test_an_unknown_unit_is_named(command: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--unit", "NOWHERE") == 1
    assert "NOWHERE" in capsys.readouterr().err


def test_without_an_instance_the_advice_is_how_to_start_one(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MAIN_TABLE", raising=False)
    monkeypatch.setattr(instance, "LOCAL", tmp_path)
    assert delivery.main([]) == 1
    assert "make run" in capsys.readouterr().err


class Account:
    """SES with an allowance."""

    def __init__(self, most: float) -> None:
        self.most = most

    def get_account(self) -> dict[str, Any]:
        """What SES says of the account."""
        return {"SendQuota": {"Max24HourSend": self.most, "MaxSendRate": 14.0, "SentLast24Hours": 30.0}}


@pytest.mark.parametrize(("most", "left"), [(200.0, 170.0), (-1.0, float("inf"))])
def test_an_account_without_a_limit_is_known(most: float, left: float) -> None:
    assert allowance(Account(most)) == (14.0, left)


def test_the_emulator_tells_its_allowance(world: World) -> None:
    rate, left = allowance(world.stack.client("sesv2"))
    assert rate > 0
    assert left > 0

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain import retention
from chalicelib.domain.answers import RULES, Asks, Deed, Standing, asks, expires, may, until
from chalicelib.domain.report import Status
from chalicelib.domain.retention import Kept
from chalicelib.domain.steps import OPEN, Actor, Reason, check

WARSAW = ZoneInfo("Europe/Warsaw")
CHANGED = datetime.fromisoformat("2026-06-10T23:30:00+02:00")


def on(day: str) -> datetime:
    return datetime.fromisoformat(day)


@pytest.mark.parametrize(
    ("status", "now", "deeds"),
    [
        ("new", "2026-06-10T23:31:00+02:00", "withdraw"),
        ("verifying", "2026-06-10T23:31:00+02:00", ""),
        ("unconfirmed", "2026-06-10T23:31:00+02:00", "still_there"),
        ("unconfirmed", "2026-06-17T23:59:59+02:00", "still_there"),
        ("unconfirmed", "2026-06-18T00:00:00+02:00", ""),
        ("eliminated", "2026-06-10T23:31:00+02:00", "still_there"),
        ("eliminated", "2026-07-07T23:59:59+02:00", "still_there"),
        ("eliminated", "2026-07-08T00:00:00+02:00", "gone still_there"),
        ("eliminated", "2026-08-05T23:59:59+02:00", "gone still_there"),
        ("eliminated", "2026-08-06T00:00:00+02:00", ""),
        ("joke", "2026-06-10T23:31:00+02:00", ""),
        ("withdrawn", "2026-06-10T23:31:00+02:00", ""),
        ("merged", "2026-06-10T23:31:00+02:00", ""),
    ],
)
def test_what_a_reporter_may_do_depends_on_status_and_day(status: str, now: str, deeds: str) -> None:
    assert " ".join(may(Standing(Status(status), CHANGED), on(now), WARSAW)) == deeds


@pytest.mark.parametrize(
    ("asked", "answered", "open_question"), [(False, False, False), (True, False, True), (True, True, False)]
)
@pytest.mark.parametrize("status", Status)
def test_words_answer_a_question_that_is_open_in_an_open_case(
    status: Status, *, asked: bool, answered: bool, open_question: bool
) -> None:
    case = Standing(status, CHANGED, asked=asked, answered=answered)
    wanted = open_question and status in OPEN
    assert (Deed.ANSWER in may(case, CHANGED, WARSAW)) is wanted
    assert asks(case, CHANGED, WARSAW) is (Asks.POLICE if wanted else None)


def test_who_has_said_that_it_is_gone_is_not_asked_again_and_may_still_think_better_of_it() -> None:
    later = CHANGED + timedelta(days=30)
    assert asks(Standing(Status.ELIMINATED, CHANGED), later, WARSAW) is Asks.GONE
    said = Standing(Status.ELIMINATED, CHANGED, gone=True)
    assert (asks(said, later, WARSAW), may(said, later, WARSAW)) == (None, (Deed.STILL_THERE,))


def test_a_deed_ends_at_a_local_midnight_or_not_by_time() -> None:
    case = Standing(Status.ELIMINATED, CHANGED)
    assert until(Deed.GONE, case, WARSAW) == datetime(2026, 8, 5, 22, tzinfo=UTC)
    assert until(Deed.WITHDRAW, Standing(Status.NEW, CHANGED), WARSAW) is None
    assert until(Deed.WITHDRAW, case, WARSAW) is None


@pytest.mark.parametrize(
    ("accepted", "end"),
    [
        ("2026-06-10T12:00:00+02:00", "2027-06-11T00:00:00+02:00"),
        ("2027-12-31T23:30:00+01:00", "2029-01-01T00:00:00+01:00"),
        ("2028-02-29T12:00:00+01:00", "2029-03-01T00:00:00+01:00"),
        ("2026-10-31T12:00:00+01:00", "2027-11-01T00:00:00+01:00"),
    ],
)
def test_a_receipt_opens_its_case_for_twelve_months_to_the_end_of_the_day(accepted: str, end: str) -> None:
    assert expires(on(accepted), WARSAW) == on(end)


def test_a_receipt_opens_as_long_as_the_table_of_retention_says(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [replace(row, length=2) if row.kept is Kept.RECEIPT else row for row in retention.RETENTION]
    monkeypatch.setattr(retention, "RETENTION", tuple(rows))
    assert expires(on("2026-06-10T12:00:00+02:00"), WARSAW) == on("2026-08-11T00:00:00+02:00")


def test_every_deed_that_is_a_step_is_a_step_of_the_reporter() -> None:
    steps = {
        Deed.WITHDRAW: (Status.WITHDRAWN, Reason.TAKEN_BACK),
        Deed.STILL_THERE: (Status.VERIFYING, Reason.STILL_THERE),
    }
    for rule in RULES:
        if rule.deed in steps:
            check(rule.status, *steps[rule.deed], Actor.REPORTER)


def test_no_rule_stands_twice() -> None:
    assert len({(rule.deed, rule.status) for rule in RULES}) == len(RULES)
    assert {rule.status for rule in RULES} == {Status.UNCONFIRMED, Status.ELIMINATED, *OPEN}

"""Asking for figures: before any night, over days that are not over, with faults, and after a later night."""

from datetime import UTC, date, datetime

import pytest

from chalicelib.http.openapi import document
from tests.figures.test_stats import Hire, agrees, ask
from tests.figures.town import UNITS, Account, Town
from tests.http.gateway import Answer
from tests.http.world import errors


def test_a_later_night_follows_verdicts_transfers_and_mergers(town: Town, staff: Hire) -> None:
    for number in range(6):
        town.file(datetime(2026, 5, 28 + number % 3, 8 + number, tzinfo=UTC))
    town.run(date(2026, 6, 15))
    waiting = [case for case in town.accounts.values() if case.status == "new"]
    assert len(waiting) >= 4
    town.world.clock.now = datetime(2026, 6, 15, 9, tzinfo=UTC)
    joke, moved, merged, judged = waiting[:4]
    town.step(joke, "joke", "mistake")
    town.transfer(moved, UNITS[2] if moved.unit != UNITS[2] else UNITS[0])
    version = town.world.current(merged.id).version
    into = waiting[4]
    town.world.casework.merge(merged.id, into.id, version)
    merged.status = "merged"
    town.world.step(judged.id, "verifying", "taken_up")
    judged.status, judged.late_take_up = "verifying", True
    judged.take_up = _minutes_since_filing(town, judged)
    town.run(date(2026, 6, 16))
    reader = staff(None, "national")
    body = ask(reader, "?from=2026-04-20&to=2026-06-14&by=unit")
    assert body["total"]["reports"] == len(town.accounts) - 2
    for row in body["rows"]:
        agrees(row, [case for case in town.accounts.values() if case.unit == row["key"]])


def _minutes_since_filing(town: Town, case: Account) -> int:
    created = datetime.fromisoformat(town.world.current(case.id).created)
    return int((town.world.clock.now - created).total_seconds() // 60)


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html", "text/csv, application/json"])
def test_whoever_does_not_ask_for_a_sheet_alone_gets_json(town: Town, staff: Hire, accept: str) -> None:
    del town
    assert ask(staff(), Accept=accept)["rows"] == []


def test_before_the_first_night_there_are_no_figures(town: Town, staff: Hire) -> None:
    del town
    body = ask(staff("KSP"))
    assert (body["updated"], body["counted"], body["rows"]) == (None, None, [])
    assert (body["from"], body["to"], body["unit"]["code"]) == ("2026-05-13", "2026-06-09", "KSP")
    assert (body["total"]["reports"], body["total"]["trend"]) == (0, None)
    assert [month["reports"] for month in body["months"]] == [0, 0]
    assert ask(staff("KSP"), "/reports") == {"reports": [], "cursor": None}


def test_a_trend_compares_days_that_are_over_with_as_many_before(town: Town, staff: Hire) -> None:
    for day in [1] + [8] * 3 + [9] * 12:
        town.file(datetime(2026, 6, day, 10, tzinfo=UTC))
    town.run(date(2026, 6, 10))
    reader = staff("KSP", "voivodeship")
    # The days from the 10th on are not over: two days are compared with two.
    body = ask(reader, "?from=2026-06-08&to=2026-06-10")
    assert body["counted"] == {
        "first": "2026-06-08",
        "last": "2026-06-09",
        "previous_first": "2026-06-06",
        "previous_last": "2026-06-07",
    }
    assert (body["total"]["reports"], body["previous"]["reports"]) == (15, 0)
    assert (body["total"]["trend"]["class"], body["total"]["trend"]["change"]) == ("up", None)
    # Before the first report of all nobody could report: that is no trend.
    assert ask(reader, "?from=2026-06-04&to=2026-06-09")["total"]["trend"] is None
    assert ask(reader, "?from=2026-06-09&to=2026-06-09")["total"]["trend"] == {
        "change": 3.0,
        "low": pytest.approx(0.2, abs=0.4),
        "high": pytest.approx(12, abs=3),
        "class": "up",
    }
    assert ask(reader, "?from=2026-06-10&to=2026-06-10")["counted"] is None


BAD = {
    "from=2026-06-10&to=2026-06-09": {("to", "earlier")},
    "from=2025-05-06&to=2026-06-10": {("from", "period_too_long")},
    "from=yesterday&to=2026-02-30": {("from", "wrong_type"), ("to", "wrong_type")},
    "to=2026-06-11": {("to", "out_of_range")},
    "from=0001-01-01&to=0001-01-09": {("from", "out_of_range"), ("to", "out_of_range")},
    "unit=KMP-LOMZA&by=street": {("unit", "unknown_value"), ("by", "unknown_value")},
    "unit=NOWHERE&from=2026-06-01&from=2026-06-02": {("unit", "unknown_value"), ("from", "repeated")},
    "till=now": {("till", "unknown_field")},
}


@pytest.mark.parametrize(("query", "faults"), BAD.items())
@pytest.mark.parametrize("path", ["/v1/police/stats", "/v1/police/stats/reports"])
def test_every_fault_of_a_question_is_named(
    town: Town, staff: Hire, path: str, query: str, faults: set[tuple[str, str]]
) -> None:
    del town
    answer: Answer = staff("KSP", "voivodeship").call("GET", f"{path}?{query}")
    assert (answer.status, errors(answer)) == (422, faults)


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        *(
            (f"cursor={cursor}", ("cursor", "mistyped"))
            for cursor in ("x", "%C5%82", "MjAyNi0wNi0xMA", "OTk5OS05OS05OSNh")
        ),
        ("status=joke", ("status", "unknown_value")),
        ("figure=overdue_now", ("figure", "unknown_value")),
        ("limit=501", ("limit", "out_of_range")),
    ],
)
def test_a_question_for_reports_is_held_to_its_form(
    town: Town, staff: Hire, query: str, fault: tuple[str, str]
) -> None:
    del town
    answer = staff("KSP").call("GET", f"/v1/police/stats/reports?{query}")
    assert (answer.status, errors(answer)) == (422, {fault})


def test_the_longest_time_of_all_may_be_asked_for(town: Town, staff: Hire) -> None:
    del town
    assert ask(staff("KSP"), "?from=2025-05-07&to=2026-06-10")["total"]["reports"] == 0


def test_the_description_names_the_sheet() -> None:
    answer = document("1", "https://x")["paths"]["/v1/police/stats"]["get"]["responses"]["200"]
    assert set(answer["content"]) == {"application/json", "text/csv; charset=utf-8"}

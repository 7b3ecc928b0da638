"""The plans' step of the night: what counts, where and when, once a week, whatever dies or comes in any order."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import h3
import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.calendar import part_of
from chalicelib.domain.location import cell_at
from chalicelib.services import plan_night
from chalicelib.services.plan_files import Made, Week, made
from chalicelib.services.plan_night import MOST_ROWS
from tests.plan.half_year import CORNER, FIELD, MONDAY, PARK, WEEK, HalfYear

WARSAW = ZoneInfo("Europe/Warsaw")
SATURDAY = datetime(2026, 6, 6, 20, 30, tzinfo=UTC)
"""22:30 in Warsaw: a night."""


def cell(place: tuple[float, float]) -> str:
    return str(h3.cell_to_parent(cell_at(*place), 9))


def test_the_first_row_is_where_and_when_most_has_happened(half_year: HalfYear) -> None:
    half_year.live(random.Random(1), 120)
    half_year.night()
    plan = half_year.plan()
    first = plan["rows"][0]
    assert (first["cell"], first["day"], first["part"], first["area"]) == (cell(CORNER), 6, "night", "1465")
    assert first["low"] <= first["expected"] <= first["high"]
    assert [row["expected"] for row in plan["rows"]] == sorted((row["expected"] for row in plan["rows"]), reverse=True)
    assert sum(row["expected"] for row in plan["rows"]) <= plan["expected"]
    assert len(plan["rows"]) == MOST_ROWS


def test_every_figure_can_be_recounted_from_its_reports(half_year: HalfYear) -> None:
    half_year.live(random.Random(2), 150)
    half_year.night()
    for row in half_year.plan()["rows"]:
        here = [r for r in half_year.rows.values() if cell_of(r) == row["cell"]]
        newest = sorted(here, key=lambda r: (-r["day"].toordinal(), r["id"]))
        assert row["counted"] == len(here)
        assert row["reports"] == [r["id"] for r in newest][:50]
        reasons = {reason["code"]: reason for reason in row["reasons"]}
        assert reasons["reports"] == {"code": "reports", "count": len(here), "days": 182}
        recent = sum(r["day"] >= MONDAY - timedelta(days=28) for r in here)
        assert reasons.get("recent", {"count": 0})["count"] == recent
        times = Counter(slot(r) for r in here)
        assert reasons.get("slot", {"count": 0})["count"] == times[row["day"], row["part"]]
        same = sum(number for (_, part), number in times.items() if part == row["part"])
        assert reasons.get("part", {"count": 0})["count"] == same
        assert reasons["open"]["count"] == len(here)


def cell_of(row: dict[str, Any]) -> str:
    return str(h3.cell_to_parent(f"{row['cell']:x}", 9))


def slot(row: dict[str, Any]) -> tuple[int, str]:
    day, part = part_of(row["created"].replace(tzinfo=UTC), WARSAW)
    return day.isoweekday(), part.value


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "joke"},
        {"status": "withdrawn"},
        {"status": "merged"},
        {"status": "unconfirmed", "reason": "not_a_threat"},
        {"tier": 2},
        {"unit": None},
        {"cell": None},
    ],
)
def test_what_does_not_count_is_in_no_plan(half_year: HalfYear, changes: dict[str, Any]) -> None:
    for _ in range(3):
        half_year.file(SATURDAY)
    for _ in range(5):
        half_year.file(SATURDAY, **changes)
    half_year.night()
    plan = half_year.plan()
    assert (plan["reports"], plan["rows"][0]["counted"]) == (3, 3)


@pytest.mark.parametrize("changes", [{"category": "drug_use"}, {"tier": 2, "status": "confirmed"}])
def test_hidden_categories_and_what_officers_have_confirmed_count(half_year: HalfYear, changes: dict[str, Any]) -> None:
    for _ in range(3):
        half_year.file(SATURDAY, **changes)
    half_year.night()
    assert half_year.plan()["rows"][0]["counted"] == 3


@pytest.mark.parametrize(
    "at", [datetime(2026, 6, 8, 8, tzinfo=UTC), datetime(2025, 12, 7, 8, tzinfo=UTC)], ids=["this week", "long ago"]
)
def test_only_the_half_year_before_the_week_counts(half_year: HalfYear, at: datetime) -> None:
    for _ in range(3):
        half_year.file(SATURDAY)
        half_year.file(at)
    half_year.night()
    assert half_year.plan()["reports"] == 3


def test_a_place_with_two_reports_is_not_told_and_a_unit_without_rows_has_no_file(half_year: HalfYear) -> None:
    for _ in range(2):
        half_year.file(SATURDAY, FIELD, "KMP-LOMZA")
    for _ in range(3):
        half_year.file(SATURDAY)
    half_year.night()
    assert not any("KMP-LOMZA" in key or "KWP-BIALYSTOK" in key for key in half_year.files())
    assert [row["unit"] for row in half_year.plan(None)["rows"]] == ["KSP"] * len(half_year.plan()["rows"])


def test_those_above_see_the_largest_rows_of_all_below(half_year: HalfYear) -> None:
    for number in range(9):
        half_year.file(SATURDAY - timedelta(days=number), FIELD, "KMP-LOMZA", area="2062")
        half_year.file(SATURDAY - timedelta(days=number), PARK, "KPP-SUWALKI" if number < 6 else "KMP-LOMZA")
    half_year.night()
    garrison = half_year.plan("KWP-BIALYSTOK")["rows"]
    assert [row["expected"] for row in garrison] == sorted((row["expected"] for row in garrison), reverse=True)
    assert len(garrison) == MOST_ROWS
    assert {row["unit"] for row in garrison} <= {"KMP-LOMZA", "KPP-SUWALKI"}


def test_what_was_said_of_the_time_goes_before_the_hour_of_filing(half_year: HalfYear) -> None:
    for _ in range(4):
        half_year.file(SATURDAY, occurred_day=date(2026, 6, 3), part="morning")
    half_year.night()
    first = half_year.plan()["rows"][0]
    assert (first["day"], first["part"]) == (3, "morning")


def test_an_import_without_an_hour_is_of_no_time_of_day(half_year: HalfYear) -> None:
    for _ in range(4):
        half_year.file(datetime(2026, 6, 5, 22, tzinfo=UTC), origin="import")
    half_year.night()
    assert not {"slot", "part"} & {reason["code"] for row in half_year.plan()["rows"] for reason in row["reasons"]}


def test_a_place_that_grows_says_so(half_year: HalfYear) -> None:
    for age in (*range(2, 10), 40, 41):
        half_year.file(SATURDAY - timedelta(days=age))
    half_year.night()
    (rising,) = [each for each in half_year.plan()["rows"][0]["reasons"] if each["code"] == "rising"]
    assert rising == {"code": "rising", "count": 8, "before": 2, "days": 28}


def test_the_same_reports_in_another_order_give_the_same_bytes(half_year: HalfYear) -> None:
    half_year.live(random.Random(4), 90)
    half_year.night()
    before = {key: half_year.work.get(key) for key in half_year.files()}
    half_year.work.delete_many(half_year.files())
    shuffled = list(half_year.rows)
    random.Random(5).shuffle(shuffled)
    half_year.night(rows=shuffled)
    assert {key: half_year.work.get(key) for key in half_year.files()} == before


def test_the_first_plan_of_a_week_stays(half_year: HalfYear) -> None:
    half_year.live(random.Random(6), 60)
    assert half_year.night().rows > 0
    before = {key: half_year.work.get(key) for key in half_year.files()}
    half_year.live(random.Random(7), 60)
    assert half_year.night(MONDAY + timedelta(days=3)).rows == 0
    assert {key: half_year.work.get(key) for key in half_year.files()} == before


def test_a_night_on_tuesday_makes_good_what_mondays_missed(half_year: HalfYear) -> None:
    half_year.live(random.Random(8), 60)
    half_year.file(datetime(2026, 6, 8, 9, tzinfo=UTC))
    assert half_year.night(MONDAY + timedelta(days=1)).rows > 0
    assert half_year.plan()["reports"] == 60


def test_of_two_nights_at_once_the_first_one_s_plan_stands(
    half_year: HalfYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_year.live(random.Random(9), 60)
    half_year.night(code="first")
    standing = made(half_year.work, WEEK)
    seen = iter([None, standing])
    monkeypatch.setattr(plan_night, "made", lambda *_: next(seen))
    half_year.night(code="second")
    assert made(half_year.work, WEEK) == standing


def test_a_night_that_dies_before_the_pointer_moves_has_made_no_plan(
    half_year: HalfYear, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_year.live(random.Random(10), 60)

    def died(*_: object) -> None:
        raise ClientError({"Error": {"Code": "Killed"}}, "PutObject")

    with monkeypatch.context() as patch:
        patch.setattr(half_year.work.__class__, "flip_pointer", died)
        with pytest.raises(ClientError):
            half_year.night()
    assert made(half_year.work, WEEK) is None
    written = {key: half_year.work.get(key) for key in half_year.files()}
    half_year.night()
    assert {key: half_year.work.get(key) for key in half_year.files() if key != WEEK.key} == written


def test_without_any_report_there_is_no_plan(half_year: HalfYear) -> None:
    half_year.file(datetime(2026, 6, 8, 9, tzinfo=UTC))
    half_year.rows.clear()
    half_year.file(datetime(2025, 1, 1, 9, tzinfo=UTC))
    assert half_year.night().rows == 0
    assert half_year.files() == []


def test_plans_go_after_a_year(half_year: HalfYear) -> None:
    old = [Week(MONDAY - timedelta(weeks=number)) for number in (51, 52, 54)]
    for week in old:
        half_year.work.put(week.key, Made(str(week), "v", "", "", "").dump(), "application/json")
    half_year.live(random.Random(11), 20)
    planned = half_year.night()
    standing = made(half_year.work, WEEK)
    assert standing is not None
    assert set(planned.kept) == {f"{week}-v" for week in old[:2]} | {standing.name}
    assert old[2].key not in half_year.files()


@pytest.mark.parametrize("text", ["2026-W00", "2026-W54", "2026-24", "2026-W1", "x", "", "20260-W1"])
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Week.read(text)


def test_weeks_are_those_of_iso_8601() -> None:
    assert str(Week.of(date(2027, 1, 1))) == "2026-W53"
    assert Week.read("2026-W53").last == date(2027, 1, 3)

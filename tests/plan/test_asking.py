"""Asking for a plan: as JSON, as a sheet, on paper; whose it is; and what is no question."""

import csv
import io
import random
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.http.openapi import document
from chalicelib.http.police.plan_page import STYLE
from chalicelib.languages import FOLDER, texts
from tests.http.world import World, errors
from tests.plan.half_year import FIELD, HalfYear
from tests.plan.test_night import SATURDAY
from tests.police.officers import Staff

PATH = "/v1/police/patrol-plan"
Hire = Callable[..., Staff]


@pytest.fixture(autouse=True)
def planned(half_year: HalfYear, request: pytest.FixtureRequest) -> None:
    """The plans of the week in which the clock stands, where the test does not ask for none."""
    if request.function.__name__.startswith("test_before_the_first_night"):
        return
    half_year.live(random.Random(12), 80)
    for _ in range(3):
        half_year.file(SATURDAY, FIELD, "KMP-LOMZA", area="2062", category="vandalism")
    half_year.night()


def ask(who: Staff, query: str = "", **headers: str) -> Any:
    answer = who.call("GET", f"{PATH}{query}", **headers)
    assert answer.status == 200, answer.text
    return answer.body


def test_a_unit_s_plan_names_places_times_and_reasons(staff: Hire, half_year: HalfYear) -> None:
    plan = ask(staff())
    assert (plan["week"], plan["from"], plan["to"]) == ("2026-W24", "2026-06-08", "2026-06-14")
    assert (plan["unit"]["code"], plan["made_at"]) == ("KSP", "2026-06-08T00:10:00.000Z")
    assert plan["basis"] == {"from": "2025-12-08", "to": "2026-06-07", "reports": 80}
    first = plan["rows"][0]
    assert (first["rank"], first["unit"], first["day"], first["part"]) == (1, None, 6, "night")
    assert (round(first["lat"], 2), round(first["lon"], 2)) == (52.23, 21.01)
    assert set(first["reports"]) <= set(half_year.rows)
    assert plan["covered"]["rows"] == len(plan["rows"])
    assert plan["covered"]["expected"] == pytest.approx(sum(row["expected"] for row in plan["rows"]), abs=0.01)
    assert 0 < plan["covered"]["share"] <= 1


@pytest.mark.parametrize(
    ("unit", "role", "query", "units"),
    [
        ("KSP", "officer", "", {None}),
        ("KWP-BIALYSTOK", "voivodeship", "", {"KMP-LOMZA"}),
        ("KWP-BIALYSTOK", "voivodeship", "?unit=KMP-LOMZA", {None}),
        (None, "national", "", {"KSP", "KMP-LOMZA"}),
        (None, "national", "?unit=KMP-LOMZA", {None}),
    ],
)
def test_each_role_sees_the_plans_of_its_units(
    staff: Hire, unit: str | None, role: str, query: str, units: set[str | None]
) -> None:
    rows = ask(staff(unit, role), query)["rows"]
    assert {row["unit"] and row["unit"]["code"] for row in rows} == units


def test_a_unit_where_too_little_happens_has_an_empty_plan(staff: Hire) -> None:
    plan = ask(staff("KMP-RADOM"))
    assert (plan["rows"], plan["covered"]) == ([], {"rows": 0, "expected": 0, "share": 0.0})


@pytest.mark.parametrize("query", ["?week=2026-W23", "?week=2027-W01"])
def test_a_week_without_plans_is_not_found(staff: Hire, query: str) -> None:
    assert staff().call("GET", f"{PATH}{query}").status == 404


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ("?week=now&unit=KMP-LOMZA&x=1", {("week", "mistyped"), ("unit", "unknown_value"), ("x", "unknown")}),
        ("?week=2026-W54", {("week", "mistyped")}),
        ("?week=2026-W240", {("week", "mistyped")}),
    ],
)
def test_every_fault_of_a_question_is_named(staff: Hire, query: str, faults: set[tuple[str, str]]) -> None:
    answer = staff().call("GET", f"{PATH}{query}")
    assert answer.status == 422
    assert {field for field, _ in errors(answer)} == {field for field, _ in faults}


def test_the_sheet_has_a_row_for_each_of_the_plan_and_runs_no_formula(staff: Hire) -> None:
    plan = ask(staff())
    answer = staff().call("GET", PATH, Accept="text/csv", Accept_Language="en")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["cell"] for row in rows] == [row["cell"] for row in plan["rows"]]
    assert [float(row["expected"]) for row in rows] == [row["expected"] for row in plan["rows"]]
    assert rows[0]["when"] == "Sat, at night (22–6)"
    assert rows[0]["reports"].split() == plan["rows"][0]["reports"]
    assert rows[0]["reasons"].startswith("Reports in 182 days: ")
    assert not any(value.startswith(("=", "+", "@", "-")) for row in rows for value in row.values())


@pytest.mark.parametrize("language", ["pl", "en", "uk"])
def test_the_page_says_the_plan_with_a_policy_that_runs_nothing(staff: Hire, language: str) -> None:
    plan = ask(staff())
    answer = staff().call("GET", PATH, Accept="text/html", Accept_Language=language)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert f'<html lang="{language}">' in answer.text
    assert answer.text.count("<tr>") == 1 + len(plan["rows"])
    assert texts("plan", language)["title"] in answer.text
    assert STYLE in answer.text
    assert "<script" not in answer.text


def test_the_page_of_an_empty_plan_says_why(staff: Hire) -> None:
    answer = staff("KMP-RADOM").call("GET", PATH, Accept="text/html")
    assert texts("plan", "pl")["empty"] in answer.text
    assert "<table" not in answer.text


def test_the_page_of_the_nation_names_whose_a_row_is(staff: Hire) -> None:
    answer = staff(None, "national").call("GET", PATH, Accept="text/html")
    assert "KMP Łomża" in answer.text


def test_before_the_first_night_there_is_no_plan(staff: Hire) -> None:
    assert staff().call("GET", PATH).status == 404


def test_a_category_that_was_withdrawn_is_told_by_its_code(staff: Hire, half_year: HalfYear, world: World) -> None:
    half_year.work.delete_many(half_year.files())
    for _ in range(9):
        half_year.file(SATURDAY, category="gone_long_ago")
    half_year.night()
    world.clock.pass_by(minutes=1)
    assert "gone_long_ago" in staff().call("GET", PATH, Accept="text/html").text


def test_all_languages_have_the_same_words() -> None:
    names = {path.stem: texts("plan", path.stem).keys() for path in (FOLDER / "plan").glob("*.json")}
    assert names.keys() == {"pl", "en", "uk"}
    assert len({frozenset(each) for each in names.values()}) == 1


def test_the_description_has_every_member_of_the_answer(staff: Hire) -> None:
    told = document("1", "https://czujka.example")["paths"][PATH]["get"]["responses"]["200"]["content"]
    assert {"application/json", "text/csv", "text/html"} == {media.partition(";")[0] for media in told}
    assert ask(staff())["rows"]

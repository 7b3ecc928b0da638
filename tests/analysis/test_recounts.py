"""What each query of the handbook finds is what is counted anew, row by row, without SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Any

import pytest

from chalicelib.services.columns import TABLES, Kind
from tests.analysis.conftest import QUERIES, Tables

Row = dict[str, Any]
TYPES = {
    Kind.STRING: "VARCHAR",
    Kind.MONTH: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
}


@pytest.fixture(scope="module")
def reports(generated: Tables) -> list[Row]:
    return generated.rows("FROM reports")


@pytest.fixture(scope="module")
def cells(generated: Tables) -> list[Row]:
    return [row for row in generated.rows("FROM cells") if row["resolution"] == 8]


def hot(rows: Iterable[Row], window: str) -> dict[tuple[str, str], Row]:
    return {
        (row["cell"], row["category"]): row
        for row in rows
        if row["window"] == window and row["hot"] is not None and row["hot"] >= 90
    }


def late(reports: list[Row], days: int) -> list[Row]:
    newest = max(row["created_day"] for row in reports)
    return [row for row in reports if row["created_day"] > newest - timedelta(days=days)]


def test_hot_cells(generated: Tables, cells: list[Row]) -> None:
    found = generated.rows(QUERIES["hot_cells"])
    wanted = hot(cells, "28d")
    assert wanted
    assert {(row["cell"], row["category"]) for row in found} == wanted.keys()
    assert all(value == wanted[row["cell"], row["category"]][name] for row in found for name, value in row.items())
    assert [(-row["hot"], -row["z"]) for row in found] == sorted((-row["hot"], -row["z"]) for row in found)


def test_hot_in_both_windows(generated: Tables, cells: list[Row]) -> None:
    year, recent = hot(cells, "365d"), hot(cells, "28d")
    found = {(row["cell"], row["category"]): row for row in generated.rows(QUERIES["hot_in_both_windows"])}
    assert found.keys() == year.keys() & recent.keys() != set()
    for key, row in found.items():
        assert (row["reports_365d"], row["hot_365d"]) == (year[key]["reports"], year[key]["hot"])
        assert (row["reports_28d"], row["hot_28d"]) == (recent[key]["reports"], recent[key]["hot"])
        assert row["trend"] == year[key]["trend"]


def test_hot_in_two_builds(generated: Tables, cells: list[Row]) -> None:
    now = hot(cells, "28d")
    before = hot((row for row in generated.rows("FROM cells_before") if row["resolution"] == 8), "28d")
    wanted = {
        key: "in both" if key in now and key in before else "new" if key in now else "gone"
        for key in now.keys() | before.keys()
    }
    found = generated.rows(QUERIES["hot_in_two_builds"])
    assert {(row["cell"], row["category"]): row["found"] for row in found} == wanted
    assert len(set(wanted.values())) > 1
    assert all((row["hot_now"] is None) == (row["found"] == "gone") for row in found)


def test_trends(generated: Tables, cells: list[Row]) -> None:
    wanted: Counter[tuple[str, str]] = Counter()
    counted: Counter[tuple[str, str]] = Counter()
    for row in cells:
        if row["window"] == "365d" and row["trend"] not in {None, "none"}:
            wanted[row["category"], row["trend"]] += 1
            counted[row["category"], row["trend"]] += row["reports"]
    found = generated.rows(QUERIES["trends"])
    assert {(row["category"], row["trend"]): row["cells"] for row in found} == wanted != {}
    assert {(row["category"], row["trend"]): row["reports_365d"] for row in found} == counted


def test_surprises(generated: Tables, cells: list[Row]) -> None:
    wanted = {
        (row["cell"], row["category"]): row["surprise"]
        for row in cells
        if row["window"] == "28d" and row["surprise"] is not None and row["surprise"] >= 3
    }
    found = generated.rows(QUERIES["surprises"])
    assert {(row["cell"], row["category"]): row["surprise"] for row in found} == wanted != {}
    assert [-row["surprise"] for row in found] == sorted(-row["surprise"] for row in found)


def test_reports_by_month(generated: Tables, reports: list[Row]) -> None:
    wanted: dict[tuple[int, int, str], Counter[str]] = defaultdict(Counter)
    for row in reports:
        day: date = row["created_day"]
        wanted[day.year, day.month, row["category"]][row["status"]] += 1
    found = {(row["year"], row["month"], row["category"]): row for row in generated.rows(QUERIES["reports_by_month"])}
    assert found.keys() == wanted.keys()
    for key, statuses in wanted.items():
        row = found[key]
        assert row["reports"] == statuses.total()
        assert [row[name] for name in ("confirmed", "eliminated", "passed_on", "unconfirmed")] == [
            statuses[name] for name in ("confirmed", "eliminated", "passed_on", "unconfirmed")
        ]
        assert row["still_open"] == statuses["new"] + statuses["verifying"]


def test_month_over_month(generated: Tables, reports: list[Row]) -> None:
    counted: dict[str, Counter[int]] = defaultdict(Counter)
    for row in reports:
        counted[row["powiat"]][row["created_day"].year * 12 + row["created_day"].month] += 1
    last = max(max(months) for months in counted.values()) - 1
    found = generated.rows(QUERIES["month_over_month"])
    assert {row["powiat"]: (row["before"], row["after"]) for row in found} == {
        powiat: (months[last - 1], months[last]) for powiat, months in counted.items()
    }
    assert len(found) == 2
    for row in found:
        assert row["difference"] == row["after"] - row["before"]
        assert row["z"] == pytest.approx(row["difference"] / sqrt(row["after"] + row["before"]), abs=0.006)


def test_weekday_by_part(generated: Tables, reports: list[Row]) -> None:
    wanted: Counter[tuple[str, int, str]] = Counter()
    for row in late(reports, 365):
        if row["occurred_day"] is not None and row["part"] is not None:
            wanted[row["category"], row["occurred_day"].isoweekday(), row["part"]] += 1
    found = generated.rows(QUERIES["weekday_by_part"])
    assert {(row["category"], row["weekday"], row["part"]): row["reports"] for row in found} == wanted != {}
    assert {row["weekday"] for row in found} == set(range(1, 8))
    for category in {row["category"] for row in found}:
        total = sum(number for key, number in wanted.items() if key[0] == category)
        for row in found:
            if row["category"] == category:
                assert row["share"] == pytest.approx(100 * row["reports"] / total, abs=0.051)


def test_top_categories(generated: Tables, reports: list[Row]) -> None:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for row in late(reports, 365):
        counted[row["powiat"]][row["category"]] += 1
    wanted = [
        (powiat, place, category, number, numbers.total())
        for powiat, numbers in sorted(counted.items())
        for place, (category, number) in enumerate(
            sorted(numbers.items(), key=lambda item: (-item[1], item[0]))[:3], start=1
        )
    ]
    found = generated.rows(QUERIES["top_categories"])
    assert [tuple(row.values())[:5] for row in found] == wanted
    assert all(row["share"] == pytest.approx(100 * row["reports"] / row["all_reports"], abs=0.051) for row in found)


def test_response_times(generated: Tables, reports: list[Row]) -> None:
    taken: dict[str, list[int]] = defaultdict(list)
    waiting: Counter[str] = Counter()
    for row in reports:
        if row["resolved_day"] is None:
            waiting[row["category"]] += 1
        else:
            taken[row["category"]].append((row["resolved_day"] - row["created_day"]).days)
    found = {row["category"]: row for row in generated.rows(QUERIES["response_times"])}
    assert found.keys() == taken.keys()
    for category, days in taken.items():
        ordered, row = sorted(days), found[category]
        assert (row["closed"], row["still_open"]) == (len(days), waiting[category])
        assert row["days_median"] == ordered[ceil(len(days) / 2) - 1]
        assert row["days_p90"] == ordered[ceil(9 * len(days) / 10) - 1]


def test_repeated_places(generated: Tables, reports: list[Row]) -> None:
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in late(reports, 90):
        days[row["cell"], row["category"]].append(row["created_day"])
    wanted = {
        key: (len(found), len(set(found)), min(found), max(found)) for key, found in days.items() if len(set(found)) > 2
    }
    found = generated.rows(QUERIES["repeated_places"])
    assert {
        (row["cell"], row["category"]): (row["reports"], row["days"], row["first_day"], row["last_day"])
        for row in found
    } == wanted
    assert wanted


def test_still_open(generated: Tables, reports: list[Row]) -> None:
    newest = max(row["created_day"] for row in reports)
    ages: dict[str, list[int]] = defaultdict(list)
    for row in reports:
        if row["status"] in {"new", "verifying"}:
            ages[row["unit"]].append((newest - row["created_day"]).days)
    found = {row["unit"]: row for row in generated.rows(QUERIES["still_open"])}
    assert found.keys() == ages.keys() != set()
    for unit, known in ages.items():
        row = found[unit]
        assert row["still_open"] == len(known)
        assert row["oldest"] == max(known)
        assert row["days_0_7"] == sum(age <= 7 for age in known)
        assert row["days_8_30"] == sum(7 < age <= 30 for age in known)
        assert row["days_over_30"] == sum(age > 30 for age in known)


def table(generated: Tables, name: str, rows: Iterable[Row]) -> list[Row]:
    """The answer of the query over a table of the published columns that holds these rows; the rest is empty."""
    database = generated.database.cursor()
    columns = [f'"{column.name}" {TYPES[column.kind]}' for column in TABLES[name].columns]
    database.sql(f"CREATE TEMP TABLE {name} ({', '.join(columns)})")
    for row in rows:
        values = [row.get(column.name) for column in TABLES[name].columns]
        marks = ", ".join("?" for _ in values)
        database.execute(f"INSERT INTO temp.{name} VALUES ({marks})", values)  # noqa: S608 - a name of the test's own
    query = {"areas": "areas_by_rate", "responses": "units_in_time"}[name]
    found = database.sql(QUERIES[query])
    answer = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    database.close()
    return answer


def test_areas_by_rate(generated: Tables) -> None:
    def month(teryt: str, first: date, number: int, people: int | None, **more: Any) -> Row:
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        given = {"level": "powiat", "teryt": teryt, "name": teryt, "category": "all", "first_day": first}
        return given | {"last_day": last, "reports": number, "population": people} | more

    rows = [
        month("1465", date(2025, 10, 1), 5000, 1000),  # thirteen months ago
        month("1465", date(2025, 11, 1), 100, 1_860_000),
        month("1465", date(2026, 10, 1), 272, 1_860_000),
        month("1465", date(2026, 11, 1), 999, 1_860_000, last_day=date(2026, 11, 21)),  # not over
        month("1465", date(2026, 5, 1), 7000, 1_860_000, category="speeding"),
        month("14", date(2026, 5, 1), 9000, 5_000_000, level="voivodeship"),
        month("1432", date(2026, 5, 1), 30, 100_000),
        month("1401", date(2026, 5, 1), 30, None),
    ]
    assert table(generated, "areas", rows) == [
        {"teryt": "1432", "name": "1432", "reports": 30, "population": 100_000, "per_1000": 0.3, "margin": 0.11},
        {"teryt": "1465", "name": "1465", "reports": 372, "population": 1_860_000, "per_1000": 0.2, "margin": 0.02},
    ]


def test_units_in_time(generated: Tables) -> None:
    def month(unit: str, category: str, closed: int, in_time: int) -> Row:
        given = {"unit": unit, "name": unit.lower(), "category": category, "month": "2026-10"}
        return given | {"reports": closed + 1, "open": 1, "closed": closed, "within_deadline": in_time}

    rows = [
        month("KSP", "all", 60, 50),
        month("KSP", "all", 40, 40),
        month("KSP", "speeding", 60, 0),
        month("KPP", "all", 4, 4),
        month("NEW", "all", 0, 0),
    ]
    found = table(generated, "responses", rows)
    assert [tuple(row.values())[:5] for row in found] == [("KSP", "ksp", 102, 2, 90.0), ("KPP", "kpp", 5, 1, 100.0)]
    # Wilson's interval of 90 of 100, as statsmodels has it, and of 4 of 4.
    assert [(row["low"], row["high"]) for row in found] == [
        (pytest.approx(82.6, abs=0.1), pytest.approx(94.5, abs=0.1)),
        (pytest.approx(51.0, abs=0.1), pytest.approx(100.0, abs=0.1)),
    ]


def test_every_query_is_counted_anew() -> None:
    assert {name.removeprefix("test_") for name in globals() if name.startswith("test_")} >= QUERIES.keys()

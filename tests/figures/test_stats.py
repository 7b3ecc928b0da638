"""The figures as commanders get them, against an account that was kept while the cases happened."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from tests.figures.town import UNITS, Account, Town, nearest_rank
from tests.police.officers import Staff

Hire = Callable[..., Staff]
KEYS: dict[str, Callable[[Account], str]] = {
    "category": lambda case: case.category,
    "powiat": lambda case: case.powiat,
    "unit": lambda case: case.unit,
}


def ask(who: Staff, target: str = "", **headers: str) -> Any:
    answer = who.call("GET", f"/v1/police/stats{target}", **headers)
    assert answer.status == 200, answer.text
    return answer.body


def agrees(figures: dict[str, Any], cases: list[Account]) -> None:
    """Hold figures against the accounts of the cases that they are about."""
    cases = [case for case in cases if case.counts]
    assert figures["reports"] == figures["sources"] == len(cases)
    statuses = Counter(case.status for case in cases)
    assert {status: number for status, number in figures["by_status"].items() if number} == statuses
    for status, share in figures["shares"].items():
        assert share == pytest.approx(statuses[status] / len(cases) if cases else 0, abs=1e-4)
    for name in ("take_up", "verification", "elimination"):
        values = [value for case in cases if (value := getattr(case, name)) is not None]
        if not values:
            assert figures[name] is None
            continue
        assert figures[name]["n"] == len(values)
        for share, told in ((0.5, "p50_hours"), (0.9, "p90_hours")):
            assert figures[name][told] == pytest.approx(nearest_rank(values, share) / 60, abs=0.0051)
    for name in ("late_take_up", "late_verification"):
        assert figures[name] == sum(getattr(case, name) for case in cases), name
    assert figures["reopened"] == sum(case.reopened > 0 for case in cases)


def test_figures_agree_with_the_account_for_every_reader_table_and_time(lived: Town, hire: Hire) -> None:
    assert any(case.late_take_up for case in lived.accounts.values())
    assert any(case.late_verification for case in lived.accounts.values())
    readers: dict[str | None, Staff] = {
        "KSP": hire(),
        None: hire(None, "national"),
        **{unit: hire(unit, "coordinator") for unit in UNITS[:2]},
    }
    units = lived.world.box.units
    spans = [
        (date(2026, 4, 20), date(2026, 6, 14)),
        (date(2026, 5, 1), date(2026, 5, 31)),
        (date(2026, 5, 5), date(2026, 5, 20)),
        (date(2026, 4, 28), date(2026, 5, 9)),
    ]
    seen = 0
    # The garrison's figures of all times; the others' of one each.
    asked = [*product(["KSP"], KEYS, spans), *zip([None, None, None], KEYS, spans[1:], strict=True)]
    asked += [*zip(UNITS[:2], KEYS, spans[2:], strict=False)]
    for unit, by, (first, last) in asked:
        mine = [
            case
            for case in lived.accounts.values()
            if unit is None or unit in {above.code for above in units.chain(case.unit)}
        ]
        days = (last - first).days + 1
        within = [case for case in mine if first <= case.day <= last]
        before = [case for case in mine if first <= case.day + timedelta(days=days) <= last]
        body = ask(readers[unit], f"?from={first}&to={last}&by={by}")
        agrees(body["total"], within)
        agrees(body["previous"], before)
        rows = {row["key"]: row for row in body["rows"]}
        for key, row in rows.items():
            agrees(row, [case for case in within if KEYS[by](case) == key])
        assert {KEYS[by](case) for case in within if case.counts} <= rows.keys()
        for month in body["months"]:
            told = [case for case in within if case.counts and case.day.isoformat()[:7] == month["month"]]
            assert (month["reports"], month["confirmed"]) == (
                len(told),
                sum(case.status == "confirmed" for case in told),
            )
        seen += body["total"]["reports"]
    assert seen > 100


def test_each_figure_leads_to_its_reports(lived: Town, hire: Hire) -> None:
    reader = hire()
    body = ask(reader, "?from=2026-04-28&to=2026-05-31&by=powiat")
    traced = 0
    for row in [*body["rows"], body["total"]]:
        key = f"&key={row['key']}" if "key" in row else ""
        where = f"?from=2026-04-28&to=2026-05-31&by=powiat{key}"
        columns = {f"&status={status}": number for status, number in row["by_status"].items()}
        columns |= {f"&figure={name}": row[name] for name in ("late_take_up", "late_verification", "reopened")}
        for name in ("take_up", "verification", "elimination"):
            columns[f"&figure={name}"] = 0 if row[name] is None else row[name]["n"]
        for column, number in {"": row["reports"], **columns}.items():
            found = ask(reader, f"/reports{where}{column}&limit=500")
            assert len(found["reports"]) == number, column
            assert found["cursor"] is None
            for report in found["reports"]:
                case = lived.accounts[report["id"]]
                assert (report["day"], report["category"], report["powiat"], report["unit"], report["status"]) == (
                    *(case.day.isoformat(), case.category, case.powiat, case.unit, case.status),
                )
                assert (report["take_up_minutes"], report["verification_minutes"], report["elimination_minutes"]) == (
                    *(case.take_up, case.verification, case.elimination),
                )
            traced += number
    assert traced > 40


def test_pages_of_reports_follow_each_other_without_gap_or_repeat(lived: Town, hire: Hire) -> None:
    reader = hire(None, "national")
    where, found, cursor = "/reports?from=2026-04-20&to=2026-06-14&limit=7", list[str](), ""
    while True:
        page = ask(reader, where + cursor)
        found += [f"{row['day']} {row['id']}" for row in page["reports"]]
        if page["cursor"] is None:
            break
        assert len(page["reports"]) == 7
        cursor = f"&cursor={page['cursor']}"
    assert found == sorted(f"{case.day} {case.id}" for case in lived.accounts.values() if case.counts)


def test_overdue_cases_are_those_of_this_moment(hire: Hire) -> None:
    reader = hire()
    queue = reader.call("GET", "/v1/police/reports?overdue=true&limit=100")
    waiting = Counter(row["category"] for row in queue.body["reports"])
    assert waiting
    body = ask(reader, "?from=2026-06-14&to=2026-06-14")
    assert body["total"]["overdue_now"] == waiting.total()
    assert {row["key"]: row["overdue_now"] for row in body["rows"] if row["overdue_now"]} == waiting
    assert body["previous"]["overdue_now"] is None


def test_the_sheet_says_what_the_answer_says(hire: Hire) -> None:
    reader = hire()
    target = "?from=2026-05-01&to=2026-05-31&by=powiat"
    body = ask(reader, target)
    answer = reader.call("GET", f"/v1/police/stats{target}", Accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="figures-2026-05-01-2026-05-31-powiat.csv"'
    assert answer.text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [row["row"] for row in rows] == ["total", "previous", *["powiat"] * len(body["rows"])]
    for row, told in zip(rows, [body["total"], body["previous"], *body["rows"]], strict=True):
        assert int(row["reports"]) == told["reports"]
        assert {status: int(row[status]) for status in told["by_status"]} == told["by_status"]
        assert {status: float(row[f"share_{status}"]) for status in told["shares"]} == told["shares"]
        for name in ("take_up", "verification", "elimination"):
            found = told[name] or {"n": 0, "p50_hours": None, "p90_hours": None}
            assert {part: _number(row[f"{name}_{part}"]) for part in found} == found
        assert [_number(row[name]) for name in ("late_take_up", "late_verification", "overdue_now", "reopened")] == [
            *(told["late_take_up"], told["late_verification"], told["overdue_now"], told["reopened"]),
        ]
        trend = told["trend"] or {"change": None, "low": None, "high": None, "class": ""}
        assert [_number(row["change"]), _number(row["change_low"]), _number(row["change_high"]), row["trend"]] == [
            *trend.values()
        ]
    assert [row["key"] for row in rows[2:]] == [row["key"] for row in body["rows"]]


def _number(text: str) -> float | None:
    return float(text) if text else None


def test_no_cell_of_the_sheet_begins_a_formula(lived: Town, hire: Hire) -> None:
    target = "?from=2026-05-01&to=2026-05-31&by=unit"
    named = lived.world.box.units[ask(hire(), target)["rows"][0]["key"]]
    before = named.name
    object.__setattr__(named, "name", '=HYPERLINK("x"),+1')
    try:
        answer = hire().call("GET", f"/v1/police/stats{target}", Accept="text/csv")
    finally:
        object.__setattr__(named, "name", before)
    cells = [cell for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row]
    assert '\'=HYPERLINK("x"),+1' in cells
    assert [cell for cell in cells if cell and cell[0] in "=+@\t"] == []
    assert all(_number(cell) is not None for cell in cells if cell.startswith("-"))


def test_rows_have_names_in_the_readers_language(lived: Town, hire: Hire) -> None:
    box, target = lived.world.box, "?from=2026-04-20"
    for language in ("pl", "en", "uk"):
        for row in ask(hire(), target, Accept_Language=language)["rows"]:
            assert row["name"] == box.instance.catalogue.categories[row["key"]].names[language]
    assert all(row["name"] == box.units[row["key"]].name for row in ask(hire(), f"{target}&by=unit")["rows"])
    # This town has no gazetteer.
    assert {(row["key"], row["name"]) for row in ask(hire(), f"{target}&by=powiat")["rows"]} == {
        *(("1465", "1465"), ("1434", "1434")),
    }


def test_an_officer_asks_for_a_unit_below(lived: Town, hire: Hire) -> None:
    chief = ask(hire("KSP", "voivodeship"), "?from=2026-04-20&unit=KPP-WOLOMIN")
    own = ask(hire("KPP-WOLOMIN", "coordinator"), "?from=2026-04-20")
    assert chief == own
    assert chief["unit"]["code"] == "KPP-WOLOMIN"
    assert 0 < chief["total"]["reports"] < len(lived.accounts)

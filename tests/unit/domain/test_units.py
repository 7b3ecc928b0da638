from datetime import date
from typing import Any

import pytest

from chalicelib.domain.units import Units

DAY = date(2026, 11, 24)


def unit(code: str, parent: str | None = None, areas: str = "", **changes: Any) -> dict[str, Any]:
    return {"code": code, "name": f"Unit {code}", "kind": "unit", "parent": parent, "areas": areas.split()} | changes


def units(*rows: dict[str, Any], garrison: dict[str, Any] | None = None) -> Units:
    return Units.from_document({"version": "1", "garrisons": [garrison or unit("G", areas="20")], "units": list(rows)})


def test_unit_answers_for_each_of_its_areas() -> None:
    answering = units(unit("A", "G", "2062 2007"), unit("B", "G", "2014"))
    assert [answering.unit_for(area, DAY).code for area in ("2062", "2007", "2014")] == ["A", "A", "B"]


def test_area_within_an_area_is_answered_for_unless_it_has_its_own_unit() -> None:
    answering = units(unit("A", "G", "2062"), unit("B", "G", "2062108"))
    assert answering.unit_for("2062108", DAY).code == "B"
    assert answering.unit_for("2062011", DAY).code == "A"


def test_area_without_a_unit_falls_to_whoever_answers_for_what_contains_it() -> None:
    assert units(unit("A", "G", "2062")).unit_for("2099", DAY).code == "G"
    assert units(garrison=unit("G", areas="v")).unit_for("vancouver", DAY).code == "G"


def test_G01_area_nobody_answers_for_is_an_error_not_a_guess() -> None:
    with pytest.raises(LookupError, match="3099"):
        units(unit("A", "G", "2062")).unit_for("3099", DAY)


@pytest.mark.parametrize(
    ("day", "code"),
    [("2019-12-31", "OLD"), ("2020-01-01", "NEW"), ("2024-12-31", "NEW"), ("2025-01-01", "G")],
)
def test_unit_answers_only_while_it_is_valid(day: str, code: str) -> None:
    answering = units(
        unit("OLD", "G", "2062", valid_to="2019-12-31"),
        unit("NEW", "G", "2062", valid_from="2020-01-01", valid_to="2024-12-31"),
    )
    assert answering.unit_for("2062", date.fromisoformat(day)).code == code


def test_chain_runs_from_the_unit_to_its_garrison() -> None:
    answering = units(unit("A", "G"), unit("B", "A"))
    assert [above.code for above in answering.chain("B")] == ["B", "A", "G"]
    assert answering.garrison("B").code == "G"
    assert answering.garrison("G").code == "G"


def test_units_are_found_by_code_and_listed_whole() -> None:
    answering = units(unit("A", "G"))
    assert [row.code for row in answering] == ["G", "A"]
    assert answering["A"].name == "Unit A"
    assert "A" in answering
    assert "X" not in answering


def test_garrison_needs_no_more_than_code_and_name() -> None:
    garrison = units(garrison={"code": "G", "name": "Garrison"})["G"]
    assert (garrison.short, garrison.kind, garrison.parent, garrison.areas) == ("Garrison", "garrison", None, ())


def test_short_name_is_used_where_there_is_one() -> None:
    assert units(unit("A", "G", short="KMP A"))["A"].short == "KMP A"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([unit("A", "G"), unit("A", "G")], "code stands twice"),
        ([unit("A", "X")], "nobody stands above A"),
        ([unit("A", "B"), unit("B", "A")], "nobody stands above"),
        ([unit("A", "A")], "nobody stands above A"),
        ([unit("A", "G", "2062"), unit("B", "G", "2062")], "area 2062"),
        (
            [unit("A", "G", "2062", valid_to="2020-01-01"), unit("B", "G", "2062", valid_from="2020-01-01")],
            "area 2062",
        ),
        (
            [
                unit("A", "G", "2062", valid_to="2019-12-31"),
                unit("B", "G", "2062", valid_from="2020-01-01"),
                unit("C", "G", "2062", valid_from="2024-01-01"),
            ],
            "area 2062",
        ),
    ],
)
def test_G03_units_that_contradict_each_other_are_refused(rows: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        units(*rows)

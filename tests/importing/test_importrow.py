"""A row of an import file is read whole or refused with everything that is wrong with it."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import Invalid
from chalicelib.domain.importrow import Reader, imported_id
from chalicelib.domain.report import Status

ROOT = Path(__file__).resolve().parents[2]
WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CATALOGUE = Catalogue.from_document(json.loads((ROOT / "instances/pl/catalogue.json").read_text("utf-8")))
READER = Reader(CATALOGUE, WARSAW, NOW)
GOOD = {"category": "illegal_parking", "lat": "53.178", "lon": "22.059", "created_at": "2026-11-20T08:30:00+01:00"}


def faults(reader: Reader = READER, **changes: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        reader.row({**GOOD, **changes})
    return [(fault.field, fault.code.value) for fault in refused.value.faults]


def test_a_row_needs_only_category_place_and_time() -> None:
    row = READER.row(GOOD)
    assert (row.category.code, row.lat, row.lon) == ("illegal_parking", 53.178, 22.059)
    assert row.created == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert (row.status, row.resolved, row.occurred, row.description, row.source) == (Status.NEW, None, None, "", None)


def test_a_category_may_be_given_by_its_polish_name() -> None:
    assert READER.row({**GOOD, "category": " wypalanie  traw "}).category.code == "grass_burning"


def test_a_retired_category_is_read_because_old_records_name_it() -> None:
    assert READER.row({**GOOD, "category": "Utonięcia"}).category.code == "drowning"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01 12:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026-01-01 12:00:30", datetime(2026, 1, 1, 11, 0, 30, tzinfo=UTC)),
        ("2026-03-29", datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_time_without_offset_is_the_local_clocks(text: str, moment: datetime) -> None:
    assert READER.row({**GOOD, "created_at": text}).created == moment


def test_a_whole_row() -> None:
    row = READER.row(
        {
            **GOOD,
            "status": "eliminated",
            "resolved_at": "2026-11-21",
            "occurred_at": "2026-11-20T06:00:00Z",
            "description": "  Stoi na  chodniku ",
            "source": "Straż",
        }
    )
    assert row.status is Status.ELIMINATED
    assert row.resolved == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert row.occurred == datetime(2026, 11, 20, 6, tzinfo=UTC)
    assert (row.description, row.source) == ("Stoi na chodniku", "Straż")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("category", "", "missing"),
        ("category", "korki", "unknown_category"),
        ("lat", "", "missing"),
        ("lat", "53,1", "wrong_type"),
        ("lat", "nan", "wrong_type"),
        ("lat", "inf", "wrong_type"),
        ("lat", "90.1", "out_of_range"),
        ("lon", "-181", "out_of_range"),
        ("created_at", "", "missing"),
        ("created_at", "22.11.2026", "not_a_time"),
        ("created_at", "2026-11-22T12:05:01Z", "in_the_future"),
        ("created_at", "0001-01-01", "not_a_time"),
        ("status", "closed", "unknown_value"),
        ("resolved_at", "soon", "not_a_time"),
        ("resolved_at", "2026-11-19", "earlier"),
        ("occurred_at", "2027-01-01", "in_the_future"),
        ("description", "a" * 501, "too_long"),
        ("description", "x\u202ey", "control_character"),
        ("description", "bad \udcff byte", "control_character"),
        ("source", "s" * 65, "too_long"),
    ],
)
def test_a_fault_names_its_column(column: str, value: str, code: str) -> None:
    assert faults(READER, **{column: value}) == [(column, code)]


def test_R01_every_fault_of_a_row_is_named() -> None:
    found = faults(category="?", lat="x", lon="200", created_at="?", status="?", description="a" * 501)
    assert [field for field, _ in found] == ["category", "lat", "created_at", "status", "description"]


def test_a_clock_five_minutes_ahead_is_no_fault() -> None:
    assert READER.row({**GOOD, "created_at": "2026-11-22T12:05:00Z"}).created > NOW


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["category", "lat", "lon", "created_at"], []),
        (["category", "lon", "created_at"], [("lat", "missing")]),
        (["category", "lat", "lon", "created_at", "teryt"], [("teryt", "unknown_field")]),
        (["category", "lat", "lat", "lon", "created_at"], [("lat", "repeated")]),
        ([], [("category", "missing"), ("created_at", "missing"), ("lat", "missing"), ("lon", "missing")]),
    ],
)
def test_a_header_is_refused_with_every_fault(columns: list[str], expected: list[tuple[str, str]]) -> None:
    assert [(fault.field, fault.code.value) for fault in READER.header_faults(columns)] == expected


def test_projected_coordinates_are_asked_for_as_x_and_y() -> None:
    reader = Reader(CATALOGUE, WARSAW, NOW, projection=lambda x, y: (y / 10_000, x / 10_000))
    assert [fault.field for fault in reader.header_faults(["category", "created_at", "lat", "lon"])] == [
        "x",
        "y",
        "lat",
        "lon",
    ]
    row = reader.row({"category": "begging", "created_at": "2026-01-01", "x": "220590", "y": "531780"})
    assert (row.lat, row.lon) == (53.178, 22.059)


def test_a_projection_that_fails_leaves_the_row_out_of_range() -> None:
    reader = Reader(CATALOGUE, WARSAW, NOW, projection=lambda _x, _y: (float("inf"), float("inf")))
    found = faults(reader, x="1", y="2")
    assert found == [("x", "out_of_range"), ("y", "out_of_range")]


def test_G09_a_place_is_read_as_it_will_be_kept() -> None:
    row = READER.row({**GOOD, "lat": "53.17800049", "lon": "22.0589995001"})
    assert (row.lat, row.lon) == (53.178, 22.059)


def test_the_status_is_not_part_of_what_makes_a_row_the_same() -> None:
    assert READER.row(GOOD).identity == READER.row({**GOOD, "status": "confirmed"}).identity


@pytest.mark.parametrize(
    "change",
    [
        {"category": "begging"},
        {"lat": "53.178001"},
        {"lon": "22.059001"},
        {"created_at": "2026-11-20T08:30:01+01:00"},
        {"occurred_at": "2026-11-20T08:30:00+01:00"},
        {"description": "a"},
        {"source": "a"},
    ],
)
def test_whatever_else_differs_makes_another_row(change: dict[str, str]) -> None:
    assert READER.row(GOOD).identity != READER.row({**GOOD, **change}).identity


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(1, 9))
def test_an_id_tells_nothing_without_the_key_and_counts_equal_rows(key: bytes, identity: bytes, ordinal: int) -> None:
    found = imported_id(key, identity, ordinal)
    assert len(found) == 21
    assert found != imported_id(key[::-1] + b"x", identity, ordinal)
    assert found != imported_id(key, identity, ordinal + 1)


@given(st.dictionaries(st.sampled_from([*GOOD, "status", "resolved_at", "description", "source"]), st.text()))
def test_no_text_whatever_breaks_the_reader(changes: dict[str, str]) -> None:
    with suppress(Invalid):
        READER.row({**GOOD, **changes})

"""The back-test: its measures by hand, its command, and what the methods reach in two cities."""

import csv
import json
import os
import subprocess
import sys
from argparse import ArgumentTypeError
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import h3.api.basic_int as h3
import numpy as np
import pytest
from pyproj import Transformer

from infra.commands import evaluate as command
from infra.evaluation.backtest import SQUARE_MILE, Plan, chosen, evaluate
from infra.evaluation.methods import METHODS
from infra.evaluation.points import BadPoints, Points, read
from tests.support.vancouver import data_file

PORTLAND = Path(os.environ.get("CZUJKA_DATA", "")) / "nij_portland" / "crimes_veh.csv"
PORTLAND_KM2 = 147.71 * SQUARE_MILE
"""The city's area in the rules of the challenge."""

FIRST = date(2020, 1, 1)
CITY = sorted(h3.cell_to_children(h3.latlng_to_cell(49.25, -123.1, 7), 9))


def write(path: Path, rows: list[tuple[date, int, str]]) -> Path:
    """A file of points in the middle of cells: day, number of the cell, category."""
    with path.open("w", newline="", encoding="ascii") as stream:
        writer = csv.writer(stream)
        writer.writerow(["created_at", "lat", "lon", "category"])
        for day, number, category in rows:
            lat, lon = h3.cell_to_latlng(CITY[number])
            writer.writerow([f"{day}T12:00:00Z", f"{lat:.6f}", f"{lon:.6f}", category])
    return path


def steady(days: int = 393) -> list[tuple[date, int, str]]:
    """Cell 0 has a report a day, cell 24 one every other day, cell 48 one every seventh."""
    every = [
        (number, cell) for number in range(days) for cell, each in ((0, 1), (24, 2), (48, 7)) if number % each == 0
    ]
    return [(FIRST + timedelta(days=number), cell, "road" if cell else "noise") for number, cell in every]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infra.commands.evaluate", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_the_measures_of_every_method(tmp_path: Path) -> None:
    done = run(write(tmp_path / "points.csv", steady(400)), "--area", "40%", "--city", "0.3", "--days", 28)
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert (found["forecasts"], found["cells"], found["region_km2"], found["days"]) == (1, 49, 0.3, 28)
    # One cell has about 0.1 km²: of 0.12 km² one fits, the first has 28 of the 46 reports of the next 28 days.
    first = found["methods"]["counts"]
    size = h3.cell_area(CITY[0], unit="km^2")
    assert found["reports"] == 28 + 14 + 4
    assert first["hits"] == 28
    assert first["hit_rate"] == pytest.approx(28 / 46, abs=1e-4)
    assert first["pai"] == pytest.approx(28 / 46 / (size / 0.3), abs=0.01)
    assert first["pei"] == 1.0
    assert set(found["methods"]) == set(METHODS) == {"expected", "counts", "kde", "gi_star"}
    assert found["methods"]["expected"]["hits"] == found["methods"]["kde"]["hits"] == 28


def test_forecasts_know_nothing_of_what_is_to_come(tmp_path: Path) -> None:
    before = steady(365)
    ahead = [(FIRST + timedelta(days=365 + number), 24, "road") for number in (0, 27) for _ in range(900)]
    found = evaluate(read(write(tmp_path / "points.csv", before + ahead)), Plan(9, 0.12 / 0.3, False, 28, None, 0.3))
    assert {row["hits"] for row in found["methods"].values()} == {0}
    assert {row["pei"] for row in found["methods"].values()} == {0.0}


def test_a_category_and_a_first_day_are_taken_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "points.csv", steady(421))
    points = read(path, "road")
    assert int(points.asked.sum()) == 211 + 61
    assert len(points.day) == 421 + 211 + 61
    later = evaluate(points, Plan(9, 0.25, True, 28, (FIRST - date(1970, 1, 1)).days + 393))
    assert (later["forecasts"], later["reports"], later["points"]) == (1, 14 + 4, 272)
    assert later["area_km2"] == pytest.approx(0.25 * 2.59, abs=0.001)


def test_a_sample_is_the_same_in_any_order_and_about_as_large_as_asked(tmp_path: Path) -> None:
    rows = steady(800)
    chance = np.random.default_rng(1)
    mixed = [rows[number] for number in chance.permutation(len(rows)).tolist()]
    one, other = (read(write(tmp_path / f"{name}.csv", kept), percent=30) for name, kept in (("a", rows), ("b", mixed)))
    assert sorted(drawn(one)) == sorted(drawn(other))
    assert 0.25 < len(drawn(one)) / len(rows) < 0.35


def drawn(points: Points) -> list[tuple[int, float]]:
    return list(zip(points.day[points.asked].tolist(), points.lat[points.asked].tolist(), strict=True))


def test_a_parquet_file_says_the_same_as_a_csv(tmp_path: Path) -> None:
    path = write(tmp_path / "points.csv", steady())
    duckdb.sql(f"COPY (FROM read_csv('{path}')) TO '{tmp_path / 'points.parquet'}'")
    one, other = read(path), read(tmp_path / "points.parquet")
    assert drawn(one) == drawn(other)


def test_rows_without_a_place_or_a_day_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    rows = ["2020-01-01,49.2,-123.1", "2020-01-02,,-123.1", "soon,49.2,-123.1", "2020-01-03,95,10", "2020-01-04,nan,10"]
    path.write_text("created_at,lat,lon\n" + "\n".join(rows), "ascii")
    assert len(read(path).day) == 1


@pytest.mark.parametrize(
    ("text", "arguments", "complaint"),
    [
        ("created_at,lat\n2020-01-01,49.2\n", (), "no column lon"),
        ("created_at,lat,lon\n2020-01-01,49.2,-123.1\n", ("--category", "road"), "no column category"),
        ("created_at,lat,lon\nsoon,49.2,-123.1\n", (), "no row"),
        ("created_at,lat,lon\n2020-01-01,49.2,-123.1\n", (), "a year of points"),
    ],
)
def test_what_cannot_be_evaluated_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    arguments: tuple[str],
    complaint: str,
) -> None:
    path = tmp_path / "points.csv"
    path.write_text(text, "ascii")
    monkeypatch.setattr(sys, "argv", ["evaluate", str(path), *arguments])
    assert command.main() == 1
    assert complaint in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadPoints, match="cannot be read"):
        read(tmp_path / "nothing.csv")


@pytest.mark.parametrize("text", ["2", "%", "0%", "-1%", "1km2", "mi2"])
def test_an_area_is_a_share_or_square_miles(text: str) -> None:
    with pytest.raises(ArgumentTypeError):
        command.area(text)
    assert command.area("2%") == (0.02, False)
    assert command.area("0.25mi2") == (0.25, True)


def test_cells_are_named_until_the_area_is_used_up() -> None:
    scores, areas = np.array([1.0, 5.0, 5.0, 3.0]), np.array([1.0, 2.0, 2.0, 1.0])
    assert chosen(scores, areas, 5.5).tolist() == [1, 2, 3]
    assert chosen(scores, areas, 1.9).tolist() == []


def judge(found: dict[str, Any]) -> None:
    """Ours is never more than 1 % behind counting, and ahead of the kernel and of Gi*."""
    hits = {name: row["hits"] for name, row in found["methods"].items()}
    assert hits["expected"] >= 0.99 * hits["counts"]
    assert hits["expected"] > hits["kde"]
    assert hits["expected"] > hits["gi_star"]


@pytest.mark.data
@pytest.mark.skipif(data_file() is None, reason="no outside data: set CZUJKA_DATA")
def test_expected_reports_name_the_places_of_a_sample_of_vancouver_best(tmp_path: Path) -> None:
    path = tmp_path / "vancouver.csv"
    wanted = "SELECT strftime(ts, '%Y-%m-%dT%H:%M:%S') AS created_at, lat, lon, type AS category FROM read_parquet($1)"
    incidents = duckdb.execute(wanted + " WHERE lat IS NOT NULL AND ts >= '2009-01-01'", [str(data_file())])
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["created_at", "lat", "lon", "category"], *incidents.fetchall()])
    done = run(path, "--percent", 10, "--first", "2011-01-01")
    found = json.loads(done.stdout)
    assert found["forecasts"] == 84
    judge(found)
    assert found["methods"]["expected"]["pai"] >= 12.5


@pytest.mark.data
@pytest.mark.skipif(not PORTLAND.is_file(), reason="no outside data: set CZUJKA_DATA")
def test_expected_reports_would_have_named_the_stolen_cars_of_portland(tmp_path: Path) -> None:
    with PORTLAND.open(encoding="ascii") as stream:
        rows = [(row["occ_date"], float(row["x_coordina"]), float(row["y_coordina"])) for row in csv.DictReader(stream)]
    lon, lat = Transformer.from_crs(2913, 4326, always_xy=True).transform(
        [row[1] for row in rows], [row[2] for row in rows]
    )
    path = tmp_path / "portland.csv"
    with path.open("w", encoding="ascii") as stream:
        stream.write("created_at,lat,lon\n")
        stream.writelines(f"{row[0]},{y:.6f},{x:.6f}\n" for row, y, x in zip(rows, lat, lon, strict=True))
    done = run(
        path, "--res", 10, "--area", "0.25mi2", "--days", 92, "--first", "2017-03-01", "--city", round(PORTLAND_KM2, 2)
    )
    found = json.loads(done.stdout)
    assert (found["forecasts"], found["reports"]) == (1, 805)
    judge(found)
    assert found["methods"]["expected"]["pai"] >= 30

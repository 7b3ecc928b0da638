"""The published counts equal an independent recount, and tell nothing that must not be told."""

import gzip
import json
import random
import tempfile
from collections import Counter
from datetime import date, timedelta

import duckdb
import h3
import pytest
from jsonschema import Draft202012Validator

from chalicelib.hotspots.periods import closed, first_day
from chalicelib.services.stable import schemas
from tests.nightly.world import HIDDEN, VULNERABLE, WARSAW, Filed, Night, days_ago
from tests.support.published import csv_rows

DAY = date(2026, 11, 22)
RESOLUTIONS = [5, 6, 7, 8, 9]
ENDS = [
    (None, None),
    (None, None),
    ("joke", "joke"),
    ("merged", "same_case"),
    ("withdrawn", "taken_back"),
    ("confirmed", "seen_at_check"),
    ("unconfirmed", "not_a_threat"),
    ("unconfirmed", "not_present"),
]


@pytest.fixture(scope="module")
def published(shared_night: Night) -> Night:
    """One night over 600 reports of every category, status, tier and age, and enough vulnerable ones in one place."""
    night, chance = shared_night, random.Random(11)
    categories = [code for code in night.container.instance.catalogue.categories if code != VULNERABLE]

    def place() -> tuple[float, float]:
        return 52.2 + chance.random() ** 3 * 0.1, 20.95 + chance.random() ** 3 * 0.15

    made = night.file_all(
        (
            days_ago(chance.choice([0, 1, 2, 27, 28, 29, 30])),
            place(),
            chance.choice(categories),
            chance.choice([1, 1, 2]),
        )
        for _ in range(400)
    )
    old = [DAY - timedelta(days=chance.choice([200, 364, 365, 366, 367])) for _ in range(200)]
    made += night.load([(day, place(), chance.choice(categories)) for day in old], "old")
    steps = [(report, *chance.choice(ENDS)) for report in made]
    night.step_all((report, status, reason) for report, status, reason in steps if status is not None)
    # Neighbouring cells of resolution 8 with so many reports of one vulnerable category, of the last closed period,
    # of one before, and of the one that is open.
    cells = sorted(h3.cell_to_children(h3.latlng_to_cell(*WARSAW, 7), 8))
    last = closed(DAY).stop - 1
    for cell, late, before in zip(cells, (10, 7, 5, 1), (12, 1, 6, 1), strict=False):
        where = h3.cell_to_latlng(cell)
        night.file_all((days_ago(1), where, VULNERABLE, 1) for _ in range(6))
        days = [first_day(last)] * late + [first_day(last - 4)] * before
        night.load([(day, where, VULNERABLE) for day in days], f"closed-{cell}")
    night.load([(date(2026, 3, 3), WARSAW, "speeding")] * 7, source="city")
    night.load([(date(2026, 11, 3), WARSAW, "speeding")] * 2, "b2", source="railway")
    night.run()
    return night


@pytest.fixture(scope="module")
def table(published: Night) -> list[dict[str, str]]:
    """The published table of counts."""
    return published.table("cells")


@pytest.mark.parametrize("res", RESOLUTIONS)
def test_ordinary_counts_equal_the_recount_cell_by_cell(published: Night, res: int) -> None:
    cells = published.cells(res)
    for window, place in ((365, 0), (28, 1)):
        expected = {
            key: count
            for key, count in published.recount(res, DAY, window).items()
            if published.sensitivity(key[1]) == "ordinary"
        }
        shown = {
            (cell, category): counts[place]
            for cell, row in cells.items()
            for category, counts in row["by_category"].items()
            if published.sensitivity(category) == "ordinary" and counts[place]
        }
        assert len(expected) > 15
        assert shown == expected


@pytest.mark.parametrize("res", RESOLUTIONS)
def test_a_cell_is_the_sum_of_its_categories(published: Night, res: int) -> None:
    for row in published.cells(res).values():
        told = row["by_category"].values()
        assert row["n365"] == sum(year for year, _ in told) > 0
        assert row["n28"] == sum(recent or 0 for _, recent in told)
        assert row["by_category"][row["top"]][0] == max(year for year, _ in told)


@pytest.mark.parametrize("res", RESOLUTIONS)
def test_vulnerable_counts_are_true_and_never_small(published: Night, res: int) -> None:
    shown = [
        (cell, category, *counts)
        for cell, row in published.cells(res).items()
        for category, counts in row["by_category"].items()
        if published.sensitivity(category) == "vulnerable"
    ]
    assert bool(shown) == (res <= 8)
    for cell, category, year, recent in shown:
        by_period = [_in_period(published, cell, category, period) for period in closed(DAY)]
        assert 5 <= year <= sum(by_period)
        assert recent is None or recent == by_period[-1] >= 5


@pytest.mark.parametrize("place", [0, 1], ids=["365d", "28d"])
def test_no_small_vulnerable_count_follows_from_a_parent_and_its_children(published: Night, place: int) -> None:
    told: dict[int, Counter[tuple[str, str]]] = {}
    for res in RESOLUTIONS:
        told[res] = Counter(
            {
                (cell, category): counts[place] or 0
                for cell, row in published.cells(res).items()
                for category, counts in row["by_category"].items()
                if published.sensitivity(category) == "vulnerable" and counts[place]
            }
        )
    parents = 0
    for res in (5, 6, 7):
        for (cell, category), count in told[res].items():
            rest = count - sum(told[res + 1][child, category] for child in h3.cell_to_children(cell))
            assert rest == 0 or rest >= 5
            parents += 1
    assert parents >= 3


def test_hidden_categories_are_nowhere(published: Night) -> None:
    assert any(filed.category == HIDDEN for filed in published.reports.values())
    # What describes tables names all that may stand in them; areas tell fives of closed periods (test_areas).
    named = ("/areas", "/dictionary.", "/datapackage.")
    for key, body in published.objects().items():
        text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        assert HIDDEN.encode() not in text or any(part in key for part in named), key


def test_totals_count_the_whole_country(published: Night) -> None:
    periods = closed(DAY)
    for window, counted in ((365, periods), (28, periods[-1:])):
        ordinary = sum(
            count
            for (_, category), count in published.recount(5, DAY, window).items()
            if published.sensitivity(category) == "ordinary"
        )
        guarded = [
            _in_period(published, None, code, period)
            for code in published.container.instance.catalogue.categories
            if published.sensitivity(code) == "vulnerable"
            for period in counted
        ]
        told = sum(count for count in guarded if count >= 5)
        assert told
        assert published.manifest()["totals"][f"reports_{window}d"] == ordinary + told


def test_the_table_says_what_the_tiles_say(published: Night, table: list[dict[str, str]]) -> None:
    rows = {(int(row["resolution"]), row["cell"], row["category"], row["window"]): int(row["reports"]) for row in table}
    tiles: dict[tuple[int, str, str, str], int] = {}
    for res in RESOLUTIONS:
        for cell, counts in published.cells(res).items():
            tiles[res, cell, "all", "365d"], tiles[res, cell, "all", "28d"] = counts["n365"], counts["n28"]
            for category, (year, recent) in counts["by_category"].items():
                tiles[res, cell, category, "365d"], tiles[res, cell, category, "28d"] = year, recent or 0
    assert rows == {key: count for key, count in tiles.items() if count}
    assert len(rows) == len(table)


def test_sources_are_distinct_and_reports_without_one_count_by_themselves(
    published: Night, table: list[dict[str, str]]
) -> None:
    cells = {h3.latlng_to_cell(*WARSAW, 9): 9, h3.latlng_to_cell(*WARSAW, 5): 5}
    for cell, res in cells.items():
        here = [
            filed
            for filed in published.reports.values()
            if filed.category == "speeding" and h3.cell_to_parent(filed.cell, res) == cell
        ]
        for window in (365, 28):
            counted = [filed for filed in here if 1 <= (DAY - filed.day).days <= window and published.counts(filed)]
            named = {filed.source for filed in counted if filed.source}
            expected = len(named) + sum(filed.source is None for filed in counted)
            (row,) = [
                row
                for row in table
                if (row["cell"], row["category"], row["window"]) == (cell, "speeding", f"{window}d")
            ]
            assert int(row["sources"]) == expected
            assert named


def test_the_table_has_the_public_columns_in_order_and_the_same_rows_in_both_formats(
    published: Night, table: list[dict[str, str]]
) -> None:
    columns = "cell resolution category window reports sources expected z p_gi p_poisson hot z_national hot_national"
    assert list(table[0]) == [*columns.split(), "surprise", "trend"]
    body = published.objects("data/exports/latest/cells.parquet")["data/exports/latest/cells.parquet"]
    found = _parquet(body)
    assert [[("" if value is None else str(value)) for value in row] for row in found] == [
        list(row.values()) for row in table
    ]


def test_reports_have_the_public_columns_and_only_public_rows(published: Night) -> None:
    index = published.document("/data/exports/latest/reports.json")
    rows: dict[str, dict[str, str]] = {}
    for month in index["months"]:
        packed = published.objects(f"data/exports/latest/{month['csv']['path']}").popitem()[1]
        part = csv_rows(packed)
        parquet = _parquet(published.objects(f"data/exports/latest/{month['parquet']['path']}").popitem()[1])
        assert len(part) == month["rows"] == len(parquet)
        assert {row["created_day"][:7] for row in part} <= {f"{month['year']}-{month['month']:02d}"}
        rows |= {row["id"]: row for row in part}
    columns = "id category status reason created_day occurred_day part resolved_day cell lat lon unit powiat gmina"
    assert list(next(iter(rows.values()))) == columns.split()
    assert rows.keys() == {filed.id for filed in published.reports.values() if _has_row(published, filed)}
    assert len(rows) > 200
    for report, row in rows.items():
        filed = published.reports[report]
        res = 8 if published.sensitivity(filed.category) == "vulnerable" else 11
        assert row["cell"] == h3.cell_to_parent(filed.cell, res)
        assert (row["status"], row["reason"]) == (filed.status, filed.reason or "")


def test_every_published_json_file_obeys_its_schema(published: Night) -> None:
    schema = {file.key.split("/")[-1]: json.loads(file.body) for file in schemas()}
    kinds = {f"{name}.json": name for name in ("manifest", "reports", "dictionary")} | {"index.json": "feeds"}
    folders = {".categories.": "categories", "/ledger/": "ledger", "/parents/": "parents", "/cells/": "cells"}
    folders |= {"/points/": "points", "/areas/": "areas"}
    checked: Counter[str] = Counter()
    for key in published.objects():
        # The Data Package names the profile that it obeys, which is not ours.
        if not key.endswith(".json") or key.startswith("data/schema/") or key.endswith("/datapackage.json"):
            continue
        kind = (
            kinds.get(key.split("/")[-1])
            or ("categories" if key.endswith(".categories.json") else None)
            or next(name for part, name in folders.items() if part in key)
        )
        Draft202012Validator.check_schema(schema[f"{kind}.json"])
        Draft202012Validator(schema[f"{kind}.json"]).validate(published.document(key))
        checked[kind] += 1
    # Alerts are told by SNS, and published nowhere; a notice is published by whoever closes intake; nobody has said
    # here where the country is.
    assert set(checked) == {name.removesuffix(".json") for name in schema} - {"alert", "notice", "outlines"}


def test_the_schemas_are_published_as_they_are_in_the_code(published: Night) -> None:
    assert published.objects("data/schema/") == {file.key: file.body for file in schemas()}


def _in_period(night: Night, cell: str | None, category: str, period: int) -> int:
    """Count the reports of a closed period, in a cell or in the whole country."""
    return sum(
        filed.category == category
        and night.counts(filed)
        and first_day(period) <= filed.day < first_day(period + 1)
        and (cell is None or h3.cell_to_parent(filed.cell, h3.get_resolution(cell)) == cell)
        for filed in night.reports.values()
    )


def _has_row(night: Night, filed: Filed) -> bool:
    if filed.day >= DAY or night.sensitivity(filed.category) == "hidden":
        return False
    category = night.container.instance.catalogue.categories[filed.category]
    if filed.tier == 2 or category.public_after_confirmation:
        return filed.status == "confirmed"
    return filed.status not in {"joke", "merged", "withdrawn"}


def _parquet(body: bytes) -> list[tuple[object, ...]]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(body)
        file.flush()
        return duckdb.execute("FROM read_parquet($1)", [file.name]).fetchall()

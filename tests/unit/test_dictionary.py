"""The data dictionary says of every column what the code writes, what the schema allows and what the documents draw."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.instance import Instance
from chalicelib.hotspots.trends import Trend
from chalicelib.services import dictionary
from chalicelib.services.area_tables import AREA_COLUMNS, RESPONSE_COLUMNS
from chalicelib.services.cell_table import CELL_COLUMNS
from chalicelib.services.columns import TABLES, Column, TableOfData
from chalicelib.services.datapackage import package
from chalicelib.services.describing import descriptions
from chalicelib.services.exports import REPORT_COLUMNS
from chalicelib.services.files import Written
from chalicelib.services.published_tables import published

DAY = date(2026, 11, 22)
WRITTEN = {
    "reports": REPORT_COLUMNS,
    "cells": CELL_COLUMNS,
    "areas": AREA_COLUMNS,
    "responses": RESPONSE_COLUMNS,
}
TYPES = {"VARCHAR": "string", "DATE": "date", "DOUBLE": "number", "INTEGER": "integer", "BIGINT": "integer"}
DRAWN = (Path(__file__).resolve().parents[2] / "docs" / "tables.md").read_text("utf-8")
FILES = {
    "cells": ["cells.csv.gz", "cells.parquet"],
    "reports": [
        f"reports/year=2026/month={month}/reports.{kind}" for month in (10, 11) for kind in ("csv.gz", "parquet")
    ],
    "areas": ["areas.csv.gz", "areas.parquet"],
    "responses": ["responses.csv.gz"],
}


def written(*tables: str) -> list[Written]:
    return [Written(f"x/{path}", "0" * 64, 7) for table in tables for path in FILES[table]]


@pytest.fixture(scope="module")
def described(poland: Instance) -> dict[str, Any]:
    return dictionary.document(TABLES, poland)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_dictionary_has_the_columns_that_are_written_in_their_order(name: str, described: dict[str, Any]) -> None:
    (table,) = [table for table in described["tables"] if table["name"] == name]
    found = {column["name"]: column["type"] for column in table["columns"]}
    assert list(found) == list(WRITTEN[name])
    for column, kind in WRITTEN[name].items():
        # A month is text to Parquet, which knows only days.
        assert found[column] == ("yearmonth" if column == "month" else TYPES[kind])


def test_every_table_of_the_dictionary_is_one_that_is_written() -> None:
    assert WRITTEN.keys() == TABLES.keys()


@pytest.mark.parametrize("name", TABLES)
def test_the_schema_of_the_data_package_is_the_dictionary_s(
    name: str, described: dict[str, Any], poland: Instance
) -> None:
    tables = published(DAY, "x/", written(*FILES), ["2026-10", "2026-11"])
    found = package(poland, "https://map.example", DAY, tables, Written("dictionary.csv", "0" * 64, 7))
    (resource,) = [resource for resource in found["resources"] if resource["name"] == name]
    (table,) = [table for table in described["tables"] if table["name"] == name]
    assert resource["schema"]["primaryKey"] == table["key"]
    for field, column in zip(resource["schema"]["fields"], table["columns"], strict=True):
        limits = field.get("constraints", {})
        assert [field["name"], field["type"], field["description"], field.get("unit")] == [
            *(column["name"], column["type"], column["descriptions"]["en"], column.get("unit"))
        ]
        assert [str(value) for value in limits.pop("enum", [])] == [row["value"] for row in column.get("allowed", [])]
        told = {name: column[name] for name in ("minimum", "maximum", "pattern") if name in column}
        assert limits == told | ({"required": True} if column["required"] else {})


def drawn(table: TableOfData) -> list[str]:
    """The rows of a table in the documents."""
    return [
        f"| `{column.name}` | {_drawn(column)} | {dictionary.describe(table, column, 'en')} |"
        for column in table.columns
    ]


def _drawn(column: Column) -> str:
    unit = "" if column.unit is None else dictionary.words("unit", column.unit)["en"]
    return f"{column.kind}{'' if column.required else ', may be empty'} | {unit}"


@pytest.mark.parametrize("name", TABLES)
def test_the_documents_draw_the_columns_of_the_dictionary(name: str) -> None:
    section = DRAWN.split(f"## {name}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == drawn(TABLES[name])
    assert dictionary.summary(TABLES[name], "en") in section


def test_the_dictionary_as_a_table_has_the_same_columns_in_three_languages(
    described: dict[str, Any], poland: Instance
) -> None:
    rows = [dict(zip(dictionary.HEADER, row, strict=True)) for row in dictionary.rows(TABLES, poland)]
    columns = [(table["name"], column) for table in described["tables"] for column in table["columns"]]
    assert [(row["table"], row["column"], row["type"], row["unit"]) for row in rows] == [
        (table, column["name"], column["type"], column.get("unit")) for table, column in columns
    ]
    for row, (_, column) in zip(rows, columns, strict=True):
        assert {language: row[f"description_{language}"] for language in ("pl", "en", "uk")} == column["descriptions"]
        assert row["allowed"].split() == [value["value"] for value in column.get("allowed", [])]
        assert row["required"] == str(column["required"]).lower()


def test_values_are_told_in_words(described: dict[str, Any]) -> None:
    values = {
        value["value"]: value["labels"]
        for table in described["tables"]
        for column in table["columns"]
        for value in column.get("allowed", [])
    }
    assert values["speeding"]["en"] == "Speeding"
    assert values["verifying"]["uk"] == "Перевіряється"
    assert values["99"]["pl"] == "pewność 99%"
    assert {trend.name.lower() for trend in Trend} <= values.keys()
    assert all(labels.keys() == {"pl", "en", "uk"} for labels in values.values())


def test_rows_of_reports_can_have_no_status_that_the_public_never_sees(described: dict[str, Any]) -> None:
    columns = {column["name"]: column for table in described["tables"][:1] for column in table["columns"]}
    allowed = {name: [row["value"] for row in columns[name]["allowed"]] for name in ("status", "reason", "category")}
    assert allowed["status"] == ["new", "verifying", "confirmed", "passed_on", "unconfirmed", "eliminated"]
    assert {"joke", "mistake", "taken_back", "same_case", "other_unit"}.isdisjoint(allowed["reason"])
    assert "taken_up" in allowed["reason"]
    assert "begging" in allowed["category"]
    assert "drug_use" not in allowed["category"]


def test_only_tables_that_are_published_are_described(poland: Instance) -> None:
    files = descriptions(poland, "https://map.example", DAY, "x/", written("cells"), [])
    assert [file.key for file in files] == [
        f"x/{name}" for name in ("dictionary.json", "dictionary.csv", "datapackage.json", "dcat.jsonld")
    ]
    sheet = csv.DictReader(io.StringIO(files[1].body.decode(), newline=""))
    assert {row["table"] for row in sheet} == {"cells"}
    assert b"#reports" not in files[3].body

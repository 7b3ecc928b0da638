"""Glue is told of the tables that a night wrote, and Athena, as far as the emulator has it, reads them."""

import json
import re
import time
from typing import Any

import pytest

from chalicelib.services.cell_table import CELL_COLUMNS
from chalicelib.services.columns import TABLES, Kind
from chalicelib.services.exports import REPORT_COLUMNS
from infra.build import parameters, template
from infra.demo.tables import PREFIX
from tests.analysis.conftest import Tables
from tests.support.stacks import create_stack

TYPES = {"VARCHAR": "string", "DATE": "date", "DOUBLE": "double", "INTEGER": "int", "BIGINT": "bigint"}
"""Glue's name of each type that DuckDB writes into Parquet. Athena reads no column of another type."""

KINDS = {
    Kind.STRING: {"string"},
    Kind.INTEGER: {"int", "bigint"},
    Kind.NUMBER: {"double"},
    Kind.DATE: {"date"},
    Kind.MONTH: {"string"},
}


@pytest.fixture(scope="module")
def declared() -> dict[str, dict[str, Any]]:
    """What the template tells Glue of each table."""
    resources = template.load(template.ANALYSIS)["Resources"].values()
    tables = [entry["Properties"]["TableInput"] for entry in resources if entry["Type"] == "AWS::Glue::Table"]
    return {table["Name"]: table for table in tables}


def columns(table: dict[str, Any]) -> dict[str, str]:
    return {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}


@pytest.mark.parametrize("name", TABLES)
def test_glue_is_told_of_the_columns_of_the_dictionary(name: str, declared: dict[str, dict[str, Any]]) -> None:
    found = columns(declared[name])
    assert list(found) == [column.name for column in TABLES[name].columns]
    assert [column.name for column in TABLES[name].columns if found[column.name] not in KINDS[column.kind]] == []


@pytest.mark.parametrize(("name", "written"), [("reports", REPORT_COLUMNS), ("cells", CELL_COLUMNS)])
def test_glue_is_told_of_the_types_that_the_night_writes(
    name: str, written: dict[str, str], declared: dict[str, dict[str, Any]]
) -> None:
    assert columns(declared[name]) == {column: TYPES[kind] for column, kind in written.items()}


def test_every_file_in_the_folder_of_a_table_has_its_columns(
    generated: Tables, declared: dict[str, dict[str, Any]]
) -> None:
    assert {folder.name for folder in generated.folder.iterdir()} == TABLES.keys()
    for folder in generated.folder.iterdir():
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert files
        for path in files:
            described = f"DESCRIBE FROM read_parquet('{path}', hive_partitioning = false)"
            found = generated.database.execute(described).fetchall()
            assert {row[0]: TYPES[row[1]] for row in found} == columns(declared[folder.name])


@pytest.fixture(scope="module")
def deployed(generated: Tables) -> dict[str, str]:
    """The outputs of the stack on the emulator, over a bucket in which the tables lie."""
    s3 = generated.stack.client("s3")
    for path in generated.folder.rglob("*.parquet"):
        key = f"{PREFIX}{path.relative_to(generated.folder)}"
        s3.put_object(Bucket=generated.stack.names["SITE_BUCKET"], Key=key, Body=path.read_bytes())
    body = json.dumps(template.load(template.ANALYSIS))
    values = parameters.of_analysis("test") | {"Lasting": "Delete"}
    return create_stack(generated.stack.access, "czujka-test-analysis", body, values)


def test_the_catalogue_holds_what_the_template_says(
    generated: Tables, deployed: dict[str, str], declared: dict[str, dict[str, Any]]
) -> None:
    assert deployed["Database"] == "czujka_test"
    tables = generated.stack.client("glue").get_tables(DatabaseName="czujka_test")["TableList"]
    assert {table["Name"]: columns(table) for table in tables} == {
        name: columns(table) for name, table in declared.items()
    }
    where = f"s3://{generated.stack.names['SITE_BUCKET']}/data/exports/latest/tables/"
    assert {table["StorageDescriptor"]["Location"] for table in tables} == {f"{where}{name}/" for name in TABLES}


def test_the_months_are_reckoned_as_the_night_names_their_folders(generated: Tables, deployed: dict[str, str]) -> None:
    glue = generated.stack.client("glue")
    told = glue.get_table(DatabaseName=deployed["Database"], Name="reports")["Table"]["Parameters"]
    assert told["projection.enabled"] == "true"
    first, last = (int(year) for year in told["projection.year.range"].split(","))
    low, high = (int(month) for month in told["projection.month.range"].split(","))
    start = told["storage.location.template"].split("/tables/")[1]
    reckoned = {
        start.replace("${year}", str(year)).replace("${month}", f"{month:0{told['projection.month.digits']}d}")
        for year in range(first, last + 1)
        for month in range(low, high + 1)
    }
    folders = {f"{path.parent.relative_to(generated.folder)}/" for path in (generated.folder / "reports").rglob("*.*")}
    folders = {folder for folder in folders if folder.count("/") == 3}
    assert len(folders) > 10
    assert folders <= reckoned


def test_queries_are_kept_short_safe_and_for_a_while(generated: Tables, deployed: dict[str, str]) -> None:
    work = generated.stack.client("athena").get_work_group(WorkGroup=deployed["WorkGroup"])["WorkGroup"]
    told = work["Configuration"]
    assert told["EnforceWorkGroupConfiguration"] is True
    assert told["BytesScannedCutoffPerQuery"] in {10 * 2**30, str(10 * 2**30)}
    results = told["ResultConfiguration"]
    assert results["OutputLocation"] == f"s3://{deployed['Results']}/"
    assert results["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}


def test_results_are_private_encrypted_and_kept_for_a_while() -> None:
    # The emulator makes the bucket and drops the rule of its deletion, so the template itself is looked at.
    loaded = template.load(template.ANALYSIS)
    bucket = loaded["Resources"]["Results"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", {"Ref": "ResultDays"})
    assert loaded["Parameters"]["ResultDays"]["Default"] == 30


def test_no_account_region_or_name_is_written_down() -> None:
    text = template.ANALYSIS.read_text("utf-8")
    assert re.findall(r"arn:(?!\$\{AWS::Partition\})|\b\d{12}\b|\b[a-z]{2}-[a-z]+-\d\b", text) == []
    assert parameters.of_analysis("dev") == {
        "Stage": "dev",
        "Lasting": "Retain",
        "SiteBucket": "/czujka/dev/site-bucket",
    }


def test_athena_finds_the_rows_of_all_months(generated: Tables, deployed: dict[str, str]) -> None:
    asked = "SELECT year, month, count(*) AS reports FROM reports GROUP BY year, month ORDER BY year, month"
    wanted = [[str(value) for value in row.values()] for row in generated.rows(asked)]
    assert len(wanted) > 10
    assert answer(generated, deployed, asked) == wanted


def answer(generated: Tables, deployed: dict[str, str], sql: str) -> list[list[str]]:
    """The rows that Athena answers, as text."""
    athena = generated.stack.client("athena")
    started = athena.start_query_execution(
        QueryString=sql,
        QueryExecutionContext={"Database": deployed["Database"]},
        WorkGroup=deployed["WorkGroup"],
    )["QueryExecutionId"]
    deadline = time.monotonic() + 60
    status = {"State": "QUEUED"}
    while status["State"] in {"QUEUED", "RUNNING"} and time.monotonic() < deadline:
        time.sleep(0.1)
        status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
    assert status["State"] == "SUCCEEDED", status
    _, *rows = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
    return [[entry.get("VarCharValue", "") for entry in row["Data"]] for row in rows]

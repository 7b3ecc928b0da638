"""The queries of the handbook: one statement each, which Athena reads as DuckDB does."""

import importlib.util
import re

import pytest

from infra.build.packages import ROOT
from tests.analysis.conftest import QUERIES, Tables

HANDBOOK = ROOT / "docs" / "analyse.md"
FUNCTIONS = {
    *("AND", "CASE", "CAST", "COALESCE", "COUNT", "DATEDIFF", "IF", "MAX", "MIN", "OR"),
    *("ROUND", "ROW_NUMBER", "SQRT", "SUM", "TIMESTAMP_TRUNC"),
}
"""What both databases know by the same name with the same result, as sqlglot calls it; `mod` is an operator to it."""

parsed = pytest.mark.skipif(importlib.util.find_spec("sqlglot") is None, reason="`make ready` installs sqlglot")


def test_there_are_queries_and_each_says_how_sure_it_is() -> None:
    assert len(QUERIES) >= 12
    for text in QUERIES.values():
        question, sure, first, *_ = text.splitlines()
        assert re.match(r"-- [A-Z].+\?", question)
        assert sure.startswith("-- How sure: ")
        assert first.startswith(("SELECT", "WITH"))
        assert ";" not in text.split("\n", 2)[2]


def test_the_handbook_lists_each_query_with_its_question() -> None:
    listed = dict(re.findall(r"^\| `sql/(\w+)\.sql` \| (.+) \|$", HANDBOOK.read_text("utf-8"), re.MULTILINE))
    assert listed.keys() == QUERIES.keys()
    assert [name for name, asked in listed.items() if not QUERIES[name].startswith(f"-- {asked}")] == []


@parsed
@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("dialect", ["athena", "trino"])
def test_athena_reads_one_statement_of_functions_that_both_know(name: str, dialect: str) -> None:
    import sqlglot
    from sqlglot import exp

    (tree,) = sqlglot.parse(QUERIES[name], read=dialect)
    assert isinstance(tree, exp.Select)
    # What has no class of its own is a function that the dialect does not know.
    assert list(tree.find_all(exp.Anonymous)) == []
    assert {found.sql_name() for found in tree.find_all(exp.Func)} <= FUNCTIONS
    # What DuckDB has and Trino has not.
    assert not any(group.args.get("all") for group in tree.find_all(exp.Group))
    assert tree.find(exp.Qualify) is None
    assert "::" not in QUERIES[name]
    # Trino divides whole numbers to a whole number, DuckDB does not.
    doubles = {alias.alias for alias in tree.find_all(exp.Alias) if isinstance(alias.this, exp.Cast)}
    for division in tree.find_all(exp.Div):
        named = {column.name for column in division.find_all(exp.Column)}
        assert division.find(exp.Cast) or named & doubles


@parsed
@pytest.mark.parametrize("name", QUERIES)
def test_what_athena_understands_is_what_duckdb_answers(name: str, generated: Tables) -> None:
    import sqlglot

    (translated,) = sqlglot.transpile(QUERIES[name], read="athena", write="duckdb")
    assert generated.rows(translated) == generated.rows(QUERIES[name])

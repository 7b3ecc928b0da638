"""Tables that are read back as they were written, and that no spreadsheet runs."""

import csv
import gzip
import io
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.services.state import Workshop, workshop
from chalicelib.services.table_export import Export, export_table

FORMULA = "=+-@\t\r\n\0＝＋－＠"
COLUMNS = {"n": "BIGINT", "part": "DOUBLE", "text": "VARCHAR", "more": "VARCHAR"}
words = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.builds("{}{}".format, st.sampled_from(FORMULA), st.text(alphabet='A1(),";\r\n ', max_size=8)),
)
numbers = st.none() | st.integers(-(2**53), 2**53)
fractions = st.none() | st.integers(-(10**9), 10**9).map(lambda n: n / 1000)
rows_of_four = st.lists(st.tuples(numbers, fractions, words, words), max_size=12)


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    with workshop() as found:
        yield found


def export(shop: Workshop, rows: Sequence[tuple[object, ...]]) -> Export:
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    shop.database.execute(f"CREATE OR REPLACE TEMP TABLE told ({columns})")
    if rows:
        shop.database.executemany("INSERT INTO told VALUES (?, ?, ?, ?)", rows)
    return export_table(shop.database, shop.folder, "told", COLUMNS)


def test_text_survives_and_no_cell_begins_a_formula(shop: Workshop) -> None:
    seen = {"formula": 0, "quoted": 0, "rows": 0}

    @settings(max_examples=150, deadline=None)
    @given(rows_of_four)
    def check(rows: list[tuple[object, ...]]) -> None:
        header, *found = csv.reader(io.StringIO(gzip.decompress(export(shop, rows).csv).decode(), newline=""))
        assert header == list(COLUMNS)
        assert len(found) == len(rows)
        for row, read in zip(rows, found, strict=True):
            seen["rows"] += 1
            for value, cell in zip(row, read, strict=True):
                if not isinstance(value, str):
                    assert cell == "" if value is None else float(cell) == value
                    continue
                dangerous = value[:1] in FORMULA and value != ""
                seen["formula"] += dangerous
                seen["quoted"] += any(mark in value for mark in ',"\r\n')
                # Every line ends alike, one within a text too.
                text = value.replace("\n", "\r\n")
                assert cell == (f"'{text}" if dangerous else text)
                assert cell == "" or cell[0] not in FORMULA

    check()
    assert seen["formula"] > 50
    assert seen["quoted"] > 50
    assert seen["rows"] > 150


def test_parquet_holds_the_values_as_they_are(shop: Workshop) -> None:
    rows = [(1, 0.5, "=1+1", None), (None, None, "", "a\r\nb")]
    path = shop.folder / "read.parquet"
    path.write_bytes(export(shop, rows).parquet)
    assert shop.database.execute(f"FROM read_parquet('{path}')").fetchall() == rows


def test_lines_end_as_rfc_4180_says(shop: Workshop) -> None:
    found = export(shop, [(1, None, "x", 'y"z'), (None, 2.5, None, "a,b")])
    assert gzip.decompress(found.csv) == b'n,part,text,more\r\n1,,x,"y""z"\r\n,2.5,,"a,b"\r\n'
    assert found.rows == 2


def test_equal_rows_are_equal_bytes(shop: Workshop) -> None:
    assert export(shop, [(1, None, "x", None)]) == export(shop, [(1, None, "x", None)])

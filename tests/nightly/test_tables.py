"""CSV that is read back as it was written, and that no spreadsheet runs."""

import csv
import gzip
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.services.tables import csv_gz

FORMULA = "=+-@\t\r\n\0＝＋－＠"
cells = st.one_of(
    st.none(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.builds("{}{}".format, st.sampled_from(FORMULA), st.text(alphabet='A1(),";\r\n ', max_size=8)),
)
rows_of_four = st.lists(st.tuples(cells, cells, cells, cells), max_size=12)
seen = {"formula": 0, "quoted": 0, "rows": 0}


@settings(max_examples=400, deadline=None)
@given(rows_of_four)
def check_round_trip(rows: list[tuple[object, ...]]) -> None:
    text = gzip.decompress(csv_gz(["a", "b", "c", "d"], rows)).decode()
    header, *found = csv.reader(io.StringIO(text, newline=""))
    assert header == ["a", "b", "c", "d"]
    assert len(found) == len(rows)
    for row, read in zip(rows, found, strict=True):
        seen["rows"] += 1
        for value, cell in zip(row, read, strict=True):
            if not isinstance(value, str):
                assert cell == ("" if value is None else str(value))
                continue
            dangerous = value[:1] in FORMULA and value != ""
            seen["formula"] += dangerous
            seen["quoted"] += any(mark in value for mark in ',"\r\n')
            assert cell == (f"'{value}" if dangerous else value)
            assert cell == "" or cell[0] not in FORMULA


def test_text_survives_and_no_cell_begins_a_formula() -> None:
    check_round_trip()
    assert seen["formula"] > 100
    assert seen["quoted"] > 100
    assert seen["rows"] > 300


def test_lines_end_as_rfc_4180_says() -> None:
    text = gzip.decompress(csv_gz(["a", "b"], [(1, "x"), (None, 'y"z')]))
    assert text == b'a,b\r\n1,x\r\n,"y""z"\r\n'


def test_equal_rows_are_equal_bytes() -> None:
    assert csv_gz(["a"], [("x",)]) == csv_gz(["a"], [("x",)])

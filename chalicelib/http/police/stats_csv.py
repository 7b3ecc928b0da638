"""The figures as CSV for a spreadsheet: the whole, the days before, then the rows; text runs no formula."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from chalicelib.http.police import stats_shapes
from chalicelib.http.police.stats_shapes import Sums
from chalicelib.services.tables import safe

_DURATIONS = ("take_up", "verification", "elimination")
_COUNTS = ("late_take_up", "late_verification", "overdue_now", "reopened")


def sheet(stats: stats_shapes.Stats) -> str:
    """Return the sheet: RFC 4180; what has no value is empty, durations are hours, shares and changes parts of one.

    `row` is `total`, `previous` or what the rows are.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    columns = list(stats["total"]["by_status"])
    writer.writerow(_header(columns))
    unit = stats["unit"]
    whose = ("", "") if unit is None else (unit["code"], unit["name"])
    writer.writerow(safe(["total", *whose, *_values(stats["total"], columns)]))
    writer.writerow(safe(["previous", *whose, *_values(stats["previous"], columns)]))
    for row in stats["rows"]:
        writer.writerow(safe([stats["by"], row["key"], row["name"], *_values(row, columns)]))
    return target.getvalue()


def _header(columns: list[str]) -> list[str]:
    return [
        *("row", "key", "name", "reports", "sources"),
        *columns,
        *(f"share_{status}" for status in columns),
        *(f"{name}_{part}" for name in _DURATIONS for part in ("n", "p50_hours", "p90_hours")),
        *_COUNTS,
        *("change", "change_low", "change_high", "trend"),
    ]


def _values(sums: Sums, columns: list[str]) -> Iterator[Any]:
    # The members are named by the tables above, which the types cannot follow.
    told: dict[str, Any] = dict(sums)
    yield from (told["reports"], told["sources"])
    yield from (told["by_status"][status] for status in columns)
    yield from (told["shares"][status] for status in columns)
    for name in _DURATIONS:
        found = told[name]
        yield from (0, None, None) if found is None else (found["n"], found["p50_hours"], found["p90_hours"])
    yield from (told[name] for name in _COUNTS)
    trend = told["trend"]
    yield from (None,) * 4 if trend is None else (trend["change"], trend["low"], trend["high"], trend["class"])

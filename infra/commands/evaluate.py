"""`make evaluate DATA=points.csv`: which method names the places of the next reports best? For any city's points."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from infra.evaluation.backtest import Plan, evaluate
from infra.evaluation.points import BadPoints, read

RESOLUTIONS = (7, 8, 9, 10)
_EPOCH = date(1970, 1, 1)


def main() -> int:
    """Print the accuracy of every method as JSON; 1 and a word of advice where the file cannot be evaluated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="CSV with a header row, or Parquet: created_at, lat, lon[, category]")
    parser.add_argument("--res", type=int, choices=RESOLUTIONS, default=9, help="resolution of the H3 cells")
    parser.add_argument("--area", type=area, default=area("2%"), help="what a forecast may name: 2%% or 0.25mi2")
    parser.add_argument("--days", type=int, default=28, help="length of a forecast")
    parser.add_argument("--first", type=date.fromisoformat, help="first day of the first forecast")
    parser.add_argument("--percent", type=int, default=100, help="take so many rows in a hundred, by their hash")
    parser.add_argument("--category", help="only rows of this category")
    parser.add_argument("--city", type=float, help="area of the whole city in km²; else of the cells that have a point")
    given = parser.parse_args()
    size, square_miles = given.area
    first = None if given.first is None else (given.first - _EPOCH).days
    try:
        points = read(given.file, given.category, given.percent)
        found = evaluate(points, Plan(given.res, size, square_miles, given.days, first, given.city))
    except BadPoints as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(json.dumps({"resolution": given.res, "days": given.days, **found}, indent=1))
    return 0


def area(text: str) -> tuple[float, bool]:
    """Return the number of `2%` as a share or of `0.25mi2` in square miles, and whether it is the latter.

    Raises:
        argparse.ArgumentTypeError: it is neither, or not above 0.
    """
    for unit, square_miles, scale in (("%", False, 0.01), ("mi2", True, 1.0)):
        number = text.removesuffix(unit)
        if number != text and number.replace(".", "", 1).isdigit() and float(number) > 0:
            return float(number) * scale, square_miles
    raise argparse.ArgumentTypeError(f"{text} is neither like 2% nor like 0.25mi2")


if __name__ == "__main__":
    sys.exit(main())

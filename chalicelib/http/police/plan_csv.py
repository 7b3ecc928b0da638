"""The patrol plan as CSV for a spreadsheet; text runs no formula."""

import csv
import io

from chalicelib.domain.instance import Instance
from chalicelib.http.police.plan_shapes import Plan
from chalicelib.notify.plan_words import PlanWords
from chalicelib.services.tables import safe

COLUMNS = (
    *("rank", "unit", "day", "part", "when", "place", "area", "area_name", "lat", "lon", "cell"),
    *("expected", "low", "high", "share", "categories", "reasons", "counted", "reports"),
)


def sheet(plan: Plan, instance: Instance, language: str) -> str:
    """Return the sheet: RFC 4180, a row a place and time; lists are joined by spaces, reasons are sentences."""
    target, words = io.StringIO(newline=""), PlanWords.of(language, instance)
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for row in plan["rows"]:
        unit = row["unit"] or plan["unit"]
        values = [
            row["rank"],
            None if unit is None else unit["code"],
            row["day"],
            row["part"],
            words.when(row["day"], row["part"]),
            row["place"],
            row["area"],
            row["area_name"],
            row["lat"],
            row["lon"],
            row["cell"],
            row["expected"],
            row["low"],
            row["high"],
            row["share"],
            " ".join(each["category"] for each in row["categories"]),
            " ".join(words.reasons(row["reasons"])),
            row["counted"],
            " ".join(row["reports"]),
        ]
        writer.writerow(safe(values))
    return target.getvalue()

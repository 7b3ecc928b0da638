"""The answer that holds the figures: sums made into counts, shares, quantiles and trends, with names to read."""

from collections import Counter

from chalicelib.container import Container
from chalicelib.domain.tally import By, Tally, powiat_of, quantile
from chalicelib.domain.trend import trend
from chalicelib.http.police import stats_shapes
from chalicelib.http.police.lines import unit_name
from chalicelib.http.police.stats_asked import Asked, below
from chalicelib.services.figures import Figures, Period, Span, scope_of
from chalicelib.store.overdue import overdue

STATUSES = ("new", "verifying", "confirmed", "passed_on", "unconfirmed", "eliminated")
"""Statuses of reports that count, in the order of a case's way."""

_NOTHING = Period({}, {})


def stats_body(asked: Asked, figures: Figures | None, box: Container, language: str) -> stats_shapes.Stats:
    """Return the figures that are asked for; empty ones before the first night."""
    span = asked.span(figures)
    # As far as the days are counted: days that are not over are neither few nor compared.
    counted = span if figures is None else Span(span.first, min(span.last, figures.last))
    before = counted.before()
    now, then = (
        (_NOTHING, _NOTHING) if figures is None else figures.periods(scope_of(asked.unit), asked.by, [counted, before])
    )
    comparable = figures is not None and counted.days > 0 and figures.first <= before.first
    late = _overdue(asked, box)
    keys = now.table.keys() | then.table.keys() | late.keys()
    rows: list[stats_shapes.StatsRow] = []
    for key in keys:
        here, there = now.table.get(key, Tally()), then.table.get(key, Tally())
        sums = _sums(here, late[key], there if comparable else None)
        rows.append({"key": key, "name": _name(key, asked.by, box, language), **sums})
    return {
        "unit": None if asked.unit is None else unit_name(box.units[asked.unit]),
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
        "by": asked.by.value,
        "updated": None if figures is None else figures.index.updated,
        "counted": _counted(counted, before) if figures is not None and counted.days else None,
        "total": _sums(now.total, late.total(), then.total if comparable else None),
        "previous": _sums(then.total, None, None),
        "rows": sorted(rows, key=lambda row: (-row["reports"], row["key"])),
        "months": [_month(month, now.months.get(month, Tally())) for month, _ in counted.months()],
    }


def _overdue(asked: Asked, box: Container) -> Counter[str]:
    """Count the overdue cases by the rows of the table."""
    found: Counter[str] = Counter()
    for (category, area, unit), number in overdue(below(asked.unit, box), box.clock()).items():
        key = {By.CATEGORY: category, By.POWIAT: powiat_of(area), By.UNIT: unit}[asked.by]
        found[key] += number
    return found


def _sums(tally: Tally, late: int | None, before: Tally | None) -> stats_shapes.Sums:
    reports = tally.reports
    by_status = {status: tally.status.get(status, 0) for status in STATUSES}
    return {
        "reports": reports,
        "sources": tally.sources,
        "by_status": by_status,
        "shares": {status: round(number / reports, 4) if reports else 0.0 for status, number in by_status.items()},
        "take_up": _durations(tally.take_up),
        "verification": _durations(tally.verification),
        "elimination": _durations(tally.elimination),
        "late_take_up": tally.late_take_up,
        "late_verification": tally.late_verification,
        "overdue_now": late,
        "reopened": tally.reopened,
        "trend": None if before is None else _trend(reports, before.reports),
    }


def _durations(minutes: list[int]) -> stats_shapes.Durations | None:
    if not minutes:
        return None
    ordered = sorted(minutes)
    half, most = (round(quantile(ordered, percent) / 60, 2) for percent in (50, 90))
    return {"n": len(ordered), "p50_hours": half, "p90_hours": most}


def _trend(now: int, before: int) -> stats_shapes.Trend:
    found = trend(now, before)
    change, low, high = (None if bound is None else round(bound, 4) for bound in (found.change, found.low, found.high))
    return {"change": change, "low": low, "high": high, "class": found.kind.value}


def _month(month: str, tally: Tally) -> stats_shapes.StatsMonth:
    return {
        "month": month,
        "reports": tally.reports,
        "confirmed": tally.status.get("confirmed", 0),
        "eliminated": tally.status.get("eliminated", 0),
    }


def _counted(span: Span, before: Span) -> stats_shapes.Counted:
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "previous_first": before.first.isoformat(),
        "previous_last": before.last.isoformat(),
    }


def _name(key: str, by: By, box: Container, language: str) -> str:
    """Return the name of a row; its key where it has none."""
    if by is By.CATEGORY:
        category = box.instance.catalogue.categories.get(key)
        return key if category is None else category.names[language]
    if by is By.UNIT:
        return box.units[key].name if key in box.units else key
    return box.place_names.area(key) or key

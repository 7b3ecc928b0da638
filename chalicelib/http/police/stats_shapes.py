"""What answers about figures for commanders look like; types only, as in `shapes`."""

from typing import Literal

from typing_extensions import TypedDict

from chalicelib.http.police.unit_shapes import UnitName

By = Literal["category", "powiat", "unit"]


class Durations(TypedDict):
    """Of how many reports, and the hours that half of them, and nine of ten, did not exceed (nearest rank)."""

    n: int
    p50_hours: float
    p90_hours: float


Trend = TypedDict(
    "Trend",
    {
        "change": float | None,
        "low": float | None,
        "high": float | None,
        "class": Literal["up", "down", "same", "too_few"],
    },
)
"""Relative change against as many days before, with its 95 % interval; null where it has no bound."""


class Sums(TypedDict):
    """Figures of some reports, by the local day of acceptance; only reports that count are in them.

    `shares` are parts of `reports`. A duration is null where no report has it. `overdue_now` are open cases whose due
    time has passed at this moment, whenever they were filed; it and `trend` are null for the days before, `trend` also
    where the figures do not reach back far enough to compare.
    """

    reports: int
    sources: int
    by_status: dict[str, int]
    shares: dict[str, float]
    take_up: Durations | None
    verification: Durations | None
    elimination: Durations | None
    late_take_up: int
    late_verification: int
    overdue_now: int | None
    reopened: int
    trend: Trend | None


class StatsRow(Sums):
    """The figures of one category, powiat or unit."""

    key: str
    name: str


class StatsMonth(TypedDict):
    """Reports of one month, and how many of them stand confirmed and eliminated."""

    month: str
    reports: int
    confirmed: int
    eliminated: int


class Counted(TypedDict):
    """The days that are really counted, and those before that they are compared with."""

    first: str
    last: str
    previous_first: str
    previous_last: str


Stats = TypedDict(
    "Stats",
    {
        "unit": UnitName | None,
        "from": str,
        "to": str,
        "by": By,
        "updated": str | None,
        "counted": Counted | None,
        "total": Sums,
        "previous": Sums,
        "rows": list[StatsRow],
        "months": list[StatsMonth],
    },
)
"""Figures of a unit with those below it; `unit` is null for the nation, `updated` and `counted` before any night."""


class Behind(TypedDict):
    """A report behind a figure; durations are whole minutes, without paused time."""

    id: str
    day: str
    category: str
    powiat: str
    unit: str
    status: str
    take_up_minutes: int | None
    verification_minutes: int | None
    elimination_minutes: int | None
    late_take_up: bool
    late_verification: bool
    reopened: int


class ReportsBehind(TypedDict):
    """Reports behind a figure by day and id; `cursor` asks for the next ones, null after the last."""

    reports: list[Behind]
    cursor: str | None

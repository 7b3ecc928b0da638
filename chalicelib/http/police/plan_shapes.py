"""What an answer about a patrol plan looks like; types only, as in `shapes`."""

from typing import Literal

from typing_extensions import TypedDict

from chalicelib.http.police.unit_shapes import UnitName

Basis = TypedDict("Basis", {"from": str, "to": str, "reports": int})
"""The local days whose reports are counted, and how many they are."""


class ExpectedOf(TypedDict):
    """Expected reports of one category."""

    category: str
    expected: float


class Reason(TypedDict, total=False):
    """What speaks for a row, with its numbers."""

    code: Literal["reports", "recent", "rising", "slot", "part", "open"]
    count: int
    of: int
    before: int
    days: int


class PlanRow(TypedDict):
    """A place on a weekday in a part of the day.

    `expected` is the mean of next week's reports, four weeks of five lie from `low` to `high`; `share` is the part of
    all that are expected of the unit. `counted` reports are behind it, of which `reports` names the newest 50.
    """

    rank: int
    unit: UnitName | None
    cell: str
    lat: float
    lon: float
    place: str | None
    area: str
    area_name: str | None
    day: int
    part: Literal["morning", "afternoon", "evening", "night"]
    expected: float
    low: int
    high: int
    share: float
    categories: list[ExpectedOf]
    reasons: list[Reason]
    counted: int
    reports: list[str]


class Covered(TypedDict):
    """What the rows hold together of all that is expected."""

    rows: int
    expected: float
    share: float


Plan = TypedDict(
    "Plan",
    {
        "unit": UnitName | None,
        "week": str,
        "from": str,
        "to": str,
        "made_at": str,
        "basis": Basis,
        "rows": list[PlanRow],
        "covered": Covered,
    },
)
"""The plan of a unit with those below it for one ISO week, from Monday to Sunday; of the nation without a unit."""

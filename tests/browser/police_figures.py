"""Recorded answers about a unit: its settings, its figures, and its plan of patrols."""

from __future__ import annotations

from typing import Any

UNIT = {"code": "KMP-LOMZA", "name": "Komenda Miejska Policji w Łomży", "short": "KMP Łomża"}
CSV, HTML = "text/csv", "text/html"

_SHEET = "<!doctype html><html><head><style>body { color: #000 }</style></head><body><h1>Plan</h1></body></html>"
SHEETS = {"stats": {CSV: "row,key\r\n"}, "patrol-plan": {CSV: "rank,day\r\n", HTML: _SHEET}}


def settings() -> dict[str, Any]:
    """A unit one of whose addresses takes no mail."""
    return {
        "unit": UNIT,
        "addresses": ["dyzurny@police.example", "dzielnicowi@police.example"],
        "flagged": [{"address": "dyzurny@police.example", "since": "2026-11-20T10:00:00Z", "reason": "bounce"}],
        "escalation": {"chief": ["komendant@police.example"]},
        "budget": {"mails_per_hour": 20},
        "version": 4,
    }


def sums(reports: int, change: float | None, kind: str) -> dict[str, Any]:
    """Figures of so many reports."""
    shares = {"new": 0.1, "verifying": 0.2, "confirmed": 0.3, "passed_on": 0.1, "unconfirmed": 0.1, "eliminated": 0.2}
    pace = {"n": reports, "p50_hours": 5.5, "p90_hours": 71.0}
    bounds = {"low": None, "high": None} if change is None else {"low": change - 0.2, "high": change + 0.2}
    return {
        "reports": reports,
        "sources": reports * 2,
        "by_status": {status: round(share * reports) for status, share in shares.items()},
        "shares": shares,
        "take_up": pace,
        "verification": {**pace, "p50_hours": 52.0, "p90_hours": 160.0},
        "elimination": None,
        "late_take_up": 3,
        "late_verification": 1,
        "overdue_now": 2,
        "reopened": 0,
        "trend": {"change": change, **bounds, "class": kind},
    }


_ROWS = [
    {"key": "speeding", "name": "Przekraczanie prędkości", **sums(40, 0.6, "up")},
    {"key": "illegal_parking", "name": "Nieprawidłowe parkowanie", **sums(25, -0.1, "same")},
    {"key": "vandalism", "name": "Wandalizm", **sums(3, None, "too_few")},
]
_STATS = {
    "unit": UNIT,
    "from": "2026-10-26",
    "to": "2026-11-22",
    "by": "category",
    "updated": "2026-11-23T02:10:00Z",
    "counted": {
        "first": "2026-10-26",
        "last": "2026-11-22",
        "previous_first": "2026-09-28",
        "previous_last": "2026-10-25",
    },
    "total": sums(68, 0.32, "up"),
    "previous": {**sums(51, None, "too_few"), "trend": None, "overdue_now": None},
    "rows": _ROWS,
    "months": [
        {"month": "2026-10", "reports": 12, "confirmed": 4, "eliminated": 2},
        {"month": "2026-11", "reports": 56, "confirmed": 16, "eliminated": 9},
    ],
}
_BEHIND = [
    {"id": f"{n:032x}", "day": "2026-11-20", "category": "speeding", "unit": "KMP-LOMZA", "status": status}
    for n, status in enumerate(["confirmed", "verifying"])
]
_WHY: list[dict[str, Any]] = [
    {"code": "reports", "count": 63, "days": 364},
    {"code": "recent", "count": 9, "days": 28},
    {"code": "rising", "count": 9, "before": 4, "days": 28},
    {"code": "slot", "count": 22, "of": 80},
    {"code": "part", "count": 41, "of": 80},
    {"code": "open", "count": 2},
]
_PLAN = {
    "unit": UNIT,
    "week": "2026-W48",
    "from": "2026-11-23",
    "to": "2026-11-29",
    "made_at": "2026-11-23T01:30:00Z",
    "basis": {"from": "2025-11-24", "to": "2026-11-22", "reports": 214},
    "rows": [
        {
            "rank": rank,
            "cell": f"891f53{rank // 2}",
            "lat": 53.178 + rank // 2 * 0.01,
            "lon": 22.06 + rank // 2 * 0.012,
            "place": ["Łomża, Stary Rynek", "Piątnica"][rank % 2],
            "area": "2062",
            "area_name": "Łomża",
            "day": 4 + rank % 3,
            "part": ["evening", "night"][rank % 2],
            "expected": 3.4 / rank,
            "low": 0,
            "high": 8 - rank,
            "share": 0.2 / rank,
            "categories": [{"category": "speeding", "expected": 2.4 / rank}],
            "reasons": _WHY,
            "reports": [f"{n:032x}" for n in range(50)],
            "counted": 63,
            "unit": UNIT,
        }
        for rank in range(1, 5)
    ],
    "covered": {"rows": 4, "expected": 7.0, "share": 0.41},
}
ANSWERS: dict[str, Any] = {
    "stats": _STATS,
    "stats/reports": {"reports": _BEHIND, "cursor": None},
    "patrol-plan": _PLAN,
}

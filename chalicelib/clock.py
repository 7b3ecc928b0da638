"""The one place that looks at the wall clock; everything else is handed a moment or a clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the moment, aware, in UTC."""


def system_clock() -> datetime:
    """Tell the present moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the place that the rule names

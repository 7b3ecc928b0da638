"""How far the digest has come: the last local day that every subscriber has been told of."""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.store import keys
from chalicelib.store.conditional import held
from chalicelib.store.models import JobItem

JOB = "digest"
_LAST = "last"


def told_until() -> date | None:
    """Return the last day that a finished run told of; None before the first."""
    try:
        state = JobItem.get(keys.job(JOB, _LAST), keys.LEASE, consistent_read=True).state
    except JobItem.DoesNotExist:
        return None
    return None if state is None else date.fromisoformat(state)


def finish(day: date, now: datetime) -> None:
    """Note that everybody has been told of everything up to a day; an earlier run that ends later changes nothing."""
    item = JobItem(
        keys.job(JOB, _LAST), keys.LEASE, name=JOB, day=_LAST, state=day.isoformat(), finished=keys.instant(now)
    )
    # Two runs at once: the one of the later day must not be taken back by the other.
    held(item.save, condition=JobItem.state.does_not_exist() | (JobItem.state < day.isoformat()))

"""The ledger of a scheduled job: one item for each day's run, and the lease that lets one run work at a time.

    run A  take ──── checkpoint ──── checkpoint ──── finish, release
    run B       take: refused                               take …
    run A dies: its lease ends by itself, the next run takes over at A's last checkpoint

Race closed by each condition: see the named conditions below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib.store import keys
from chalicelib.store.conditional import held
from chalicelib.store.models import JobItem, connection

LEASE_FOR = timedelta(minutes=16)
"""Longer than a function may live, so that a lease only ends by itself when its holder is dead."""

_LEASE_DAY = "lease"


class BusyError(Exception):
    """Another run holds the lease."""


class LeaseLostError(Exception):
    """The lease ran out and another run took it: this one must stop."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger knows of one day: the JSON checkpoint of its run, the build, and when it was finished."""

    day: date
    checkpoint: Mapping[str, Any]
    build: str | None
    finished: str | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of the job `job` as the run `owner` sees it."""

    job: str
    owner: str

    def take(self, now: datetime) -> None:
        """Take the lease.

        Raises:
            BusyError: another run holds it.
        """
        item = JobItem(
            keys.job(self.job, _LEASE_DAY),
            keys.LEASE,
            name=self.job,
            day=_LEASE_DAY,
            owner=self.owner,
            lease_until=keys.instant(now + LEASE_FOR),
        )
        # Closes the race of two runs that start together: the second finds a lease that has not ended.
        free_or_ended = JobItem.lease_until.does_not_exist() | (JobItem.lease_until < keys.instant(now))
        if not held(item.save, condition=free_or_ended):
            raise BusyError(self.job)

    def release(self) -> None:
        """Give the lease back; one that another run has taken over stays with it."""
        held(self._lease().update, [JobItem.lease_until.remove()], condition=self._still_mine())

    def checkpoint(self, day: date, state: Mapping[str, Any], now: datetime) -> None:
        """Record how far the day's run came, and prolong the lease.

        Raises:
            LeaseLostError: another run has taken over; nothing was recorded.
        """
        self._record(self._entry(day, checkpoint=json.dumps(state)), now)

    def finish(self, day: date, build: str, now: datetime) -> None:
        """Record that the day's run is complete, and what it built.

        Raises:
            LeaseLostError: another run has taken over; nothing was recorded.
        """
        self._record(self._entry(day, build=build, finished=keys.instant(now)), now)

    def entries(self, days: list[date]) -> dict[date, Entry]:
        """Return what is recorded of each of the days, at most a hundred; days without a run are left out."""
        wanted = [(keys.job(self.job, day.isoformat()), keys.LEASE) for day in days]
        return {
            (day := date.fromisoformat(item.day)): Entry(
                day, json.loads(item.checkpoint or "{}"), item.build, item.finished
            )
            for item in JobItem.batch_get(wanted, consistent_read=True)
        }

    def _record(self, entry: JobItem, now: datetime) -> None:
        until = JobItem.lease_until.set(keys.instant(now + LEASE_FOR))
        try:
            with TransactWrite(connection=connection()) as transaction:
                transaction.update(self._lease(), [until], condition=self._still_mine())
                transaction.save(entry)
        except TransactWriteError as error:
            reasons = [reason.code for reason in error.cancellation_reasons if reason]
            if "ConditionalCheckFailed" in reasons:
                raise LeaseLostError(self.job) from error
            raise

    def _still_mine(self) -> Any:
        # Closes the race of a run that slept past its lease with the one that took it over.
        return (JobItem.owner == self.owner) & JobItem.lease_until.exists()

    def _lease(self) -> JobItem:
        return JobItem(keys.job(self.job, _LEASE_DAY), keys.LEASE)

    def _entry(self, day: date, **known: Any) -> JobItem:
        return JobItem(keys.job(self.job, day.isoformat()), keys.LEASE, name=self.job, day=day.isoformat(), **known)

"""Saying "I see it too" of a case that everybody can see.

The order of decisions: the case is public (or nothing is there), this device has reported or seen it before (answered
again, nothing is added), the device's allowance is used (refused until midnight), the network has sent many today
(kept, but not counted), added. A case that was closed and is still shown is opened again by the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pynamodb.transactions import TransactWrite

from chalicelib.domain import sighting
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.domain.instance import Instance
from chalicelib.domain.quota import quota_used
from chalicelib.domain.report import Pattern, Status, Tier
from chalicelib.domain.sighting import SIGHTINGS_PER_DAY, Seen, Sighting
from chalicelib.domain.steps import OPEN, Actor, Reason
from chalicelib.services.casework import Casework
from chalicelib.services.followup import publicly_sighted, reported_times, witnessed_report
from chalicelib.store import keys, sightings, step
from chalicelib.store.accept import RETRY_AFTER
from chalicelib.store.models import ReportItem
from chalicelib.store.reports import Stored
from chalicelib.store.sightings import Allowance, mark_of
from chalicelib.store.step import AlsoRefused
from chalicelib.store.witness import Witness

TRIES = 5
"""How often a sighting is thought out anew because the case has changed under it."""


@dataclass(frozen=True, slots=True)
class Corroborated:
    """What a witness is told: whether their sighting counts, and how often the case has been seen by now.

    `new` tells whether this request has added it.
    """

    id: str
    counted: bool
    seen: Seen
    new: bool


@dataclass(frozen=True, slots=True)
class Corroboration:
    """The use case at one moment, for one device.

    `tier` decides how far it is believed, and is asked last, because it counts. `watch` is told of what counts.
    """

    instance: Instance
    now: datetime
    allowance: Allowance
    witness: Callable[[Stored], Witness]
    tier: Callable[[], Tier]
    watch: Callable[[Stored, Witness, str], object] = lambda _case, _witness, _mark: None

    def add(self, report_id: str, pattern: Pattern | None) -> Corroborated:
        """Add the device's sighting of a case, once.

        Raises `NotFound` for a case that is not public, `QuotaUsed` where the day's allowance is used, `Unavailable`.
        """
        tier: Tier | None = None
        for _ in range(TRIES):
            stored, known = witnessed_report(report_id, self.instance, self.now)
            witness = self.witness(stored)
            mark = mark_of(witness.pseudonym, report_id)
            before = self._before(stored, known, witness, mark)
            if before is not None:
                return before
            if self.allowance.is_used:
                raise quota_used(self.now, self.instance.zone, SIGHTINGS_PER_DAY)
            tier = tier or self.tier()
            own = self._sighting(mark, pattern, tier)
            try:
                self._write(stored, own, witness)
            except (AlsoRefused, Conflict):
                continue
            if own.sources:
                self.watch(stored, witness, mark)
            seen = sighting.fold(reported_times(stored, self.instance), [*known, own])
            return Corroborated(report_id, own.sources > 0, seen, new=True)
        raise Unavailable(RETRY_AFTER)

    def _before(self, stored: Stored, known: tuple[Sighting, ...], witness: Witness, mark: str) -> Corroborated | None:
        """Return the answer to a device that has reported or seen the case before, None to any other."""
        own = next((each for each in known if each.mark == mark), None)
        if own is None and not witness.has_reported(stored.id):
            return None
        seen = publicly_sighted(stored, known, self.instance, self.now, own=mark)
        return Corroborated(stored.id, own is not None and own.sources > 0, seen, new=False)

    def _sighting(self, mark: str, pattern: Pattern | None, tier: Tier) -> Sighting:
        times = sighting.of_moment(self.now, self.instance.zone) if pattern is None else sighting.of_pattern(pattern)
        return Sighting(mark, self.now, times, sources=1 if tier is Tier.ORDINARY else 0)

    def _write(self, stored: Stored, own: Sighting, witness: Witness) -> None:
        """Add a sighting, and open the case again where it was closed and the sighting counts."""
        status = Status(stored.status)
        day = day_of(self.now, self.instance.zone)

        def join(transaction: TransactWrite) -> None:
            made = sightings.item(stored.id, own.mark, keys.instant(own.at), day, own.times, own.sources)
            transaction.save(made, sightings.SIGHTING_IS_NEW)
            if own.sources:
                witness.join_sighting(transaction, stored.id, own.mark, stored.category)
            self.allowance.join(transaction)

        def join_alone(transaction: TransactWrite) -> None:
            transaction.condition_check(ReportItem, keys.report(stored.id), keys.REPORT, sightings.stands_as(status))
            join(transaction)

        if status in OPEN or not own.sources:
            step.take([], join_alone)
            return
        before = step.current(stored.id)
        if before is None or before.status != stored.status:
            raise AlsoRefused
        Casework(self.instance, self.now).take_step(
            stored.id, Status.VERIFYING, Reason.CORROBORATED, Actor.SYSTEM, before.version, also=join
        )

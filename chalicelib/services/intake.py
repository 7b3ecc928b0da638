"""Filing a report: from a clean draft and a device to a case that waits in a unit's queue.

The order of decisions: the submission has been seen before (same answer again), intake is closed (refused), the body
has faults (refused), whoever files has used today's reports (refused until midnight), the same may have been reported
nearby (asked back), the network has sent many today (taken, but held until an officer confirms it), accepted. A refused
report leaves nothing behind and costs no quota.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from chalicelib.domain.calendar import day_of
from chalicelib.domain.deadlines import Due, due_at_acceptance
from chalicelib.domain.errors import Problem, QuotaUsed
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import PublicLocation, cell_at, public_location
from chalicelib.domain.place import Places
from chalicelib.domain.quota import quota_used, resets_at
from chalicelib.domain.receipt import Receipt, derive, report_id
from chalicelib.domain.report import NewReport, Tier
from chalicelib.domain.units import Unit
from chalicelib.services.case import NewCase
from chalicelib.store import keys
from chalicelib.store.accept import Also, SlotUsed, Writes, accept, first_event
from chalicelib.store.claims import Claim, Standing
from chalicelib.store.models import EventItem
from chalicelib.store.quota import QuotaProvider
from chalicelib.store.secrets import Keyring
from chalicelib.store.witness import Witness


@dataclass(frozen=True, slots=True)
class Filed:
    """What the reporter is told of an accepted report; the same again for the same submission.

    `location` is what the public sees, None where that is nothing.
    """

    id: str
    receipt: Receipt
    category: str
    tier: int
    unit: Unit
    created: datetime
    due: Due
    location: PublicLocation | None
    new: bool


class Filer(Protocol):
    """Whoever files: a device, an API key. `name` is known to nobody outside, `key_version` covers what it files."""

    @property
    def name(self) -> str:
        """What receipts and quota are derived from."""

    @property
    def key_version(self) -> int:
        """The version of the signing keys under which its receipts are derived."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One filer's idempotency key, and what is derived from the two."""

    filer: Filer
    key: UUID
    receipt: Receipt
    report_id: str

    @classmethod
    def of(cls, keyring: Keyring, filer: Filer, key: UUID) -> "Submission":
        """Derive receipt and id, under the key version of a filer that the same keyring has verified."""
        receipt_key = keyring.receipt[filer.key_version]
        receipt = derive(receipt_key, filer.name, key)
        return cls(filer, key, receipt, report_id(receipt_key, receipt))


@dataclass(frozen=True, slots=True)
class Intake:
    """The use case, with all that it needs at one moment; `now` is the moment that decides the day.

    `refuse_duplicate` may raise `PossibleDuplicate` for a case that would be accepted otherwise, and returns those that
    its reporter says it does not repeat; `tier` decides how far it is believed, and is asked last, because it counts:
    whatever can still refuse the case comes before it. `witness` gives a device its pseudonym around a cell on a day;
    without it nobody is counted among those who reported something there. `watch` is told of what counts. `admit` may
    raise `IntakeClosed` for whatever has not been accepted before.
    """

    instance: Instance
    places: Callable[[], Places]
    quota: QuotaProvider
    now: datetime
    refuse_duplicate: Callable[[NewCase], tuple[str, ...]] = lambda _: ()
    tier: Callable[[], Tier] = lambda: Tier.ORDINARY
    witness: Callable[[Filer, str, date], Witness] | None = None
    watch: Callable[[NewCase, Witness], object] = lambda _case, _witness: None
    admit: Callable[[], object] = lambda: None

    def may_report(self, filer: Filer, key: UUID) -> datetime | None:
        """Return None if a report under this key would be taken, or the instant from which one would be."""
        if self._claim(filer, key).look() is Standing.USED:
            return resets_at(self.now, self.instance.zone)
        return None

    def file(self, submission: Submission, draft: Callable[[], NewReport]) -> Filed:
        """Accept a report, or answer as before.

        `draft` is called to read the body; what it refuses is refused here, unless the very submission was accepted
        before: then the first answer stands, whatever the rules and the body have become since.
        Raises `IntakeClosed`, `QuotaUsed`, `PossibleDuplicate`, `OutsideCountry`, `CategoryWithdrawn`, `Invalid` and
        `Unavailable`.
        """
        try:
            self.admit()
            case = self._case(submission, draft())
            claim = self._claim(submission.filer, submission.key)
            if claim.look() is not Standing.FREE:
                raise self._used
            case = replace(case, near=self.refuse_duplicate(case))
        except Problem:
            known = first_event(submission.report_id)
            if known is None:
                raise
            return self._told(known, submission, new=False)
        case = replace(case, tier=self.tier())
        try:
            accepted = accept(Writes(claim, case.report(), case.event(), case.alert(), self._counted(submission, case)))
        except SlotUsed:
            raise self._used from None
        if accepted.new and case.tier is Tier.ORDINARY and self.witness is not None:
            self.watch(case, self._witness(submission, case, self.witness))
        return self._told(accepted.event, submission, new=accepted.new)

    def _counted(self, submission: Submission, case: NewCase) -> Also | None:
        """Return the write that counts whoever files among those who reported something around the case."""
        if self.witness is None:
            return None
        witness = self._witness(submission, case, self.witness)
        return lambda transaction: witness.join_report(transaction, case.id, case.category.code)

    def _witness(
        self, submission: Submission, case: NewCase, witness: Callable[[Filer, str, date], Witness]
    ) -> Witness:
        return witness(submission.filer, cell_at(case.draft.lat, case.draft.lon), self._day)

    @property
    def _used(self) -> QuotaUsed:
        return quota_used(self.now, self.instance.zone, self.quota.limit)

    @property
    def _day(self) -> date:
        return day_of(self.now, self.instance.zone)

    def _claim(self, filer: Filer, key: UUID) -> Claim:
        return self.quota.claim(filer.name, key, self._day, self.instance.zone)

    def _case(self, submission: Submission, draft: NewReport) -> NewCase:
        category = self.instance.catalogue.choose(draft.category, self._day)
        places = self.places()
        located = places.locate(draft.lat, draft.lon)
        unit = self.instance.units.unit_for(located.finest, self._day)
        return NewCase(
            id=submission.report_id,
            key_version=submission.filer.key_version,
            created=self.now,
            day=self._day,
            zone=self.instance.zone,
            draft=draft,
            category=category,
            area=located.area,
            boundaries=places.boundaries,
            unit=unit,
            garrison=self.instance.units.garrison(unit.code),
        )

    def _told(self, event: EventItem, submission: Submission, *, new: bool) -> Filed:
        """Tell of an acceptance as its first event records it: later events change the case, not this answer."""
        category = self.instance.catalogue.categories[str(event.category)]
        created = keys.moment(event.at)
        return Filed(
            id=event.id,
            receipt=submission.receipt,
            category=category.code,
            tier=int(event.tier or Tier.ORDINARY),
            unit=self.instance.units[str(event.unit)],
            created=created,
            due=due_at_acceptance(category, created),
            location=public_location(str(event.cell), category.sensitivity),
            new=new,
        )

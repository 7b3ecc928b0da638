"""Filing a report: from a clean draft and a device to a case that waits in a unit's queue.

The order of decisions: the submission has been seen before (same answer again), the device has reported today
(refused until midnight), accepted. A refused report leaves nothing behind and costs no quota.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chalicelib.domain.calendar import day_of
from chalicelib.domain.deadlines import Due, due_at_acceptance
from chalicelib.domain.errors import Problem
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import PublicLocation, public_location
from chalicelib.domain.place import Places
from chalicelib.domain.quota import quota_used, resets_at
from chalicelib.domain.receipt import Receipt, derive, report_id
from chalicelib.domain.report import NewReport, Tier
from chalicelib.domain.units import Unit
from chalicelib.services.case import NewCase
from chalicelib.store import keys
from chalicelib.store.accept import SlotUsed, Writes, accept, first_event
from chalicelib.store.models import EventItem
from chalicelib.store.quota import Salts, Slot
from chalicelib.store.secrets import Device, Keyring


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


@dataclass(frozen=True, slots=True)
class Submission:
    """One device's idempotency key, and what is derived from the two."""

    device: Device
    key: UUID
    receipt: Receipt
    report_id: str

    @classmethod
    def of(cls, keyring: Keyring, device: Device, key: UUID) -> "Submission":
        """Derive receipt and id, under the key version of a device that the same keyring has verified."""
        receipt_key = keyring.receipt[device.key_version]
        receipt = derive(receipt_key, device.name, key)
        return cls(device, key, receipt, report_id(receipt_key, receipt))


@dataclass(frozen=True, slots=True)
class Intake:
    """The use case, with all that it needs at one moment; `now` is the moment that decides the day."""

    instance: Instance
    places: Callable[[], Places]
    salts: Salts
    now: datetime

    def may_report(self, device: Device, key: UUID) -> datetime | None:
        """Return None if a report under this key would be taken, or the instant from which one would be."""
        slot = self._slot(device, key)
        used_by = slot.used_by
        if used_by is None or used_by == slot.submission:
            return None
        return resets_at(self.now, self.instance.zone)

    def file(self, submission: Submission, draft: Callable[[], NewReport]) -> Filed:
        """Accept a report, or answer as before.

        `draft` is called to read the body; what it refuses is refused here, unless the very submission was accepted
        before: then the first answer stands, whatever the rules and the body have become since.
        Raises `QuotaUsed`, `OutsideCountry`, `CategoryWithdrawn`, `Invalid` and `Unavailable`.
        """
        try:
            case = self._case(submission, draft())
        except Problem:
            known = first_event(submission.report_id)
            if known is None:
                raise
            return self._told(known, submission, new=False)
        slot = self._slot(submission.device, submission.key)
        if slot.used_by is not None:
            return self._again_or_refused(submission)
        try:
            accepted = accept(Writes(slot, case.report(), case.event(), case.alert()))
        except SlotUsed:
            raise quota_used(self.now, self.instance.zone) from None
        return self._told(accepted.event, submission, new=accepted.new)

    def _again_or_refused(self, submission: Submission) -> Filed:
        # The slot may have been used by this very submission, or by another while this one was taken yesterday.
        known = first_event(submission.report_id)
        if known is None:
            raise quota_used(self.now, self.instance.zone)
        return self._told(known, submission, new=False)

    @property
    def _day(self) -> date:
        return day_of(self.now, self.instance.zone)

    def _slot(self, device: Device, key: UUID) -> Slot:
        return self.salts.slot(device.name, key, self._day, self.instance.zone)

    def _case(self, submission: Submission, draft: NewReport) -> NewCase:
        category = self.instance.catalogue.choose(draft.category, self._day)
        places = self.places()
        located = places.locate(draft.lat, draft.lon)
        unit = self.instance.units.unit_for(located.finest, self._day)
        return NewCase(
            id=submission.report_id,
            key_version=submission.device.key_version,
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

"""What an imported row becomes: a report with its first event, and an alert where somebody should still go there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import expiry
from chalicelib.domain.calendar import day_of
from chalicelib.domain.importrow import ImportRow
from chalicelib.domain.location import centre
from chalicelib.domain.place import Places
from chalicelib.domain.report import NewReport, Origin
from chalicelib.domain.retention import Kept
from chalicelib.domain.steps import OPEN
from chalicelib.domain.units import Units
from chalicelib.services.case import NewCase
from chalicelib.store import chaining, keys
from chalicelib.store.accept import FIRST_EVENT
from chalicelib.store.bulk import Batch, ImportedReport
from chalicelib.store.models import EventItem, OutboxItem, ReportItem

IMPORTED = "imported"

YOUNG = timedelta(days=7)
"""Open cases younger than this raise an alert and have deadlines; older ones are history."""


@dataclass(frozen=True, slots=True)
class Recorder:
    """Turns rows into items: routed by the boundaries in force, recorded at one moment."""

    places: Places
    units: Units
    zone: ZoneInfo
    now: datetime

    @property
    def at(self) -> str:
        """The moment of recording, as the store spells it."""
        return keys.instant(self.now)

    def record(self, row: ImportRow, report_id: str) -> ImportedReport:
        """Return the row's items; raises `OutsideCountry`."""
        case = self._case(row, report_id)
        waits = row.status in OPEN and self.now - row.created < YOUNG
        return ImportedReport(
            self._report(row, case, waits=waits), self._event(row, case), self._alert(case) if waits else None
        )

    def file_under(self, row: ImportedReport, batch: Batch, key: bytes) -> None:
        """Put the row's event in the feed of its batch, and begin the chain of its case under the key of imports.

        The event is of the moment at which the batch was begun: whoever takes the batch up again, or writes it at the
        same time, writes the same event.
        """
        event = row.event
        event.at, event.g1pk = batch.at, keys.import_feed(batch.day, batch.name)
        event.g1sk = keys.at_id_sequence(batch.at, event.id, FIRST_EVENT)
        chaining.begin(row.report, event, key)

    def _case(self, row: ImportRow, report_id: str) -> NewCase:
        located = self.places.locate(row.lat, row.lon)
        unit = self.units.unit_for(located.finest, day_of(self.now, self.zone))
        draft = NewReport(
            row.category.code, row.lat, row.lon, occurred_at=row.occurred, description=row.description or None
        )
        return NewCase(
            id=report_id,
            key_version=None,
            created=row.created,
            day=day_of(row.created, self.zone),
            zone=self.zone,
            draft=draft,
            category=row.category,
            area=located.area,
            boundaries=self.places.boundaries,
            unit=unit,
            garrison=self.units.garrison(unit.code),
        )

    def _report(self, row: ImportRow, case: NewCase, *, waits: bool) -> ReportItem:
        report = case.report()
        report.status, report.origin, report.source = row.status.value, Origin.IMPORT.value, row.source
        report.resolved = keys.instant(row.resolved) if row.resolved else None
        if not waits:
            report.g2pk = report.g2sk = report.due_take_up = report.due_verify = None
        if row.status not in OPEN:
            self._close(report, row)
        return report

    def _close(self, report: ReportItem, row: ImportRow) -> None:
        """File a report under the day of its closing, without what would be erased by now."""
        ended, today = row.resolved or row.created, day_of(self.now, self.zone)
        closed = day_of(ended, self.zone)
        gone = expiry.due(row.status, closed, today)
        if Kept.TEXT in gone:
            report.text = None
        if Kept.PLACE in gone:
            report.lat6, report.lon6 = centre(report.cell)
        # The nights of a case that should be gone are over: the next one finds it among those of today.
        listed = today if Kept.ROW in gone else closed
        report.closed = closed.isoformat()
        report.g2pk, report.g2sk = keys.closed(listed.isoformat()), keys.at_id(keys.instant(ended), report.id)

    def _event(self, row: ImportRow, case: NewCase) -> EventItem:
        event = case.event()
        event.type, event.origin = IMPORTED, Origin.IMPORT.value
        event.status, event.source = row.status.value, row.source
        event.resolved_day = day_of(row.resolved, self.zone).isoformat() if row.resolved else None
        return event

    def _alert(self, case: NewCase) -> OutboxItem:
        alert = case.alert()
        alert.at, alert.sk = self.at, keys.at_id_sequence(self.at, case.id, FIRST_EVENT)
        return alert

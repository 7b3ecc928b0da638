"""Bringing a case to the unit that answers for it: handing it over, and putting it where it really is.

Either leaves the status as it is and moves the case between the queues of two units in one transaction, so that it is
in exactly one of them. The unit that gets it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.domain import acts
from chalicelib.domain.acts import Act
from chalicelib.domain.alerting import TRANSFERRED
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Invalid
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.location import cell_at, degrees, kept, micro
from chalicelib.domain.place import Places
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor, Reason
from chalicelib.services.casebook import Casebook, Words, due_of, queued, words_beside
from chalicelib.store import keys, step
from chalicelib.store.step import Change, Current


@dataclass(frozen=True, slots=True)
class Routing(Casebook):
    """The use case at one moment."""

    def transfer(
        self, report_id: str, unit: str, expected_version: int, reason: str | None = None, words: Words | None = None
    ) -> Current:
        """Hand a case over to another unit and return it as it is then.

        Raises `Invalid` for a unit that is not there today or has the case already, and for a closed case; `NotFound`,
        `Conflict` and `Unavailable`.
        """
        before = self.expected(report_id, expected_version)
        why = acts.check(Act.TRANSFER, Status(before.status), reason, "unit")
        units = self.instance.units
        if unit not in units or not units[unit].valid_on(day_of(self.now, self.instance.zone)):
            raise Invalid([FieldFault("unit", Fault.UNKNOWN_UNIT)])
        if unit == before.unit:
            raise Invalid([FieldFault("unit", Fault.SAME_UNIT)])
        event = self.event(before, Act.TRANSFER, Actor.POLICE, reason=why, unit=unit, other_unit=before.unit)
        return self._moved(before, event, {}, words)

    def correct(
        self,
        report_id: str,
        lat: float,
        lon: float,
        expected_version: int,
        places: Callable[[], Places],
        words: Words | None = None,
    ) -> Current:
        """Put a case where it really is, in WGS 84 degrees, and return it; its area and unit are found anew.

        A case that was handed over by hand stays there while its place would still be routed to the same unit.
        Raises `OutsideCountry`, `Invalid` for a closed case, `NotFound`, `Conflict` and `Unavailable`.
        """
        before = self.expected(report_id, expected_version)
        why = acts.check(Act.LOCATION, Status(before.status), None, "lat")
        lat, lon = kept(lat), kept(lon)
        located = (found := places()).locate(lat, lon)
        unit, cell = self._unit_for(located.finest), cell_at(lat, lon)
        if unit == self._routed(before, found):
            unit = before.unit
        said: dict[str, Any] = {"reason": why, "cell": cell, "area": located.area}
        if unit != before.unit:
            said |= {"unit": unit, "other_unit": before.unit}
        event = self.event(before, Act.LOCATION, Actor.POLICE, **said)
        sets = {
            "lat6": micro(lat),
            "lon6": micro(lon),
            "cell": cell,
            "area": located.area,
            "boundaries": found.boundaries,
            "g1pk": keys.cell_month(keys.place(cell), before.created[:7]),
        }
        return self._moved(before, event, sets, words)

    def reroute(self, before: Current, unit: str, cell: str, area: str, boundaries: str) -> Current:
        """Hand a case over for the map: its place, which is as it was, lies in another unit's area by new boundaries.

        Raises `Conflict` where the case has changed meanwhile, and `Unavailable`.
        """
        event = self.event(
            before,
            Act.TRANSFER,
            Actor.SYSTEM,
            reason=Reason.OTHER_AREA,
            unit=unit,
            other_unit=before.unit,
            cell=cell,
            area=area,
        )
        return self._moved(before, event, {"area": area, "boundaries": boundaries}, None)

    def _routed(self, before: Current, places: Places) -> str | None:
        """Return the unit that the place of a case leads to today; None where its exact place is erased."""
        point = step.place(before.id)
        return None if point is None else self._unit_for(places.locate(*map(degrees, point)).finest)

    def _unit_for(self, area: str) -> str:
        return self.instance.units.unit_for(area, day_of(self.now, self.instance.zone)).code

    def _moved(self, before: Current, event: Any, sets: dict[str, Any], words: Words | None) -> Current:
        """Write an event that may name another unit, with the case in that unit's queue and an alert to it."""
        said = words_beside(event, Actor.POLICE, words)
        if event.unit is None:
            return self.write([Change(before, event, sets, said)])
        due = due_of(before)
        if before.status == Status.NEW and due is not None:
            # The unit hears of it only now: a clock that has nearly run down is no clock.
            due = max(due, keys.instant(keys.moment(event.at) + timedelta(hours=acts.TRANSFER_HOURS)))
            sets = {**sets, "due_take_up": due}
        sets = {**sets, "unit": event.unit, **queued(before, event.unit, due)}
        return self.write([Change(before, event, sets, said, self.alert(before, event, TRANSFERRED, event.unit))])

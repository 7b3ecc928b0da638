"""Taking up many cases with one deed: all of them, or none and every reason why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain.errors import Invalid, Stale
from chalicelib.domain.faults import Fault, FieldFault
from chalicelib.domain.report import Status
from chalicelib.domain.steps import Actor, Reason
from chalicelib.services.casework import Casework
from chalicelib.store import step
from chalicelib.store.step import Change, Current

MOST = 25
"""Cases of one deed: the store writes a hundred items at once, and a case needs its report, its event and its audit."""


@dataclass(frozen=True, slots=True)
class TakeUp(Casework):
    """The use case at one moment."""

    def take_up(self, versions: Mapping[str, int]) -> list[Current]:
        """Take up the cases of these ids at these versions and return them, in the same order.

        Raises `Stale` where nothing but versions is wrong, `Invalid` otherwise, each with a fault for every case that
        is in the way (its field is ``ids.<id>``), and `Unavailable`.
        """
        found = step.currents(versions)
        changes, faults = list[Change](), list[FieldFault]()
        for report_id, version in versions.items():
            fault = _fault(report_id, found.get(report_id), version, self.sees)
            if fault is None:
                changes.append(self.step(found[report_id], Status.VERIFYING, Reason.TAKEN_UP, Actor.POLICE))
            else:
                faults.append(fault)
        if faults:
            raise (Stale if {fault.code for fault in faults} == {Fault.CHANGED} else Invalid)(faults)
        try:
            step.take(changes, self.also)
        except step.Stale:
            raise Stale(self._changed(versions)) from None
        after = step.currents(versions)
        return [after[report_id] for report_id in versions]

    def _changed(self, versions: Mapping[str, int]) -> list[FieldFault]:
        """Return a fault for each case that is not at its version any more."""
        now = step.currents(versions)
        return [
            FieldFault(f"ids.{report_id}", Fault.CHANGED)
            for report_id, version in versions.items()
            if report_id not in now or now[report_id].version != version
        ]


def _fault(report_id: str, case: Current | None, version: int, sees: Callable[[str], bool]) -> FieldFault | None:
    field = f"ids.{report_id}"
    if case is None or not sees(case.unit):
        return FieldFault(field, Fault.NOT_FOUND)
    if case.version != version:
        return FieldFault(field, Fault.CHANGED)
    if case.status == Status.NEW:
        return None
    return FieldFault(field, Fault.STEP_NOT_ALLOWED, {"source": case.status, "target": Status.VERIFYING})

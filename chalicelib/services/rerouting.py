"""Bringing open cases to the units that answer for their places since boundaries or areas of units have changed.

What an officer has handed over by hand stays where it is: somebody has decided that, and the map knows no better. Only
where that unit is no more is the case brought to whoever answers for its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.acts import Act
from chalicelib.domain.calendar import day_of
from chalicelib.domain.errors import Conflict, OutsideCountry
from chalicelib.domain.location import cell_at, degrees
from chalicelib.domain.place import Places
from chalicelib.domain.report import Status
from chalicelib.domain.steps import OPEN, Actor
from chalicelib.services.routing import Routing
from chalicelib.store import keys, queue, step
from chalicelib.store.models import EventItem, MainItem
from chalicelib.store.step import Current

PAGE = 200
"""Entries of a queue that are read at once."""


class Outcome(StrEnum):
    """What became of a case, or would."""

    STAYS = "stays"
    BY_HAND = "handed_over_by_hand"
    OUTSIDE = "outside_of_all_areas"
    MOVES = "moves"
    CHANGED = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Rerouted:
    """A case that was looked at; `to` is the unit that it goes to, its own where it stays."""

    id: str
    outcome: Outcome
    unit: str
    to: str


@dataclass(frozen=True, slots=True)
class Rerouting:
    """The use case at one moment, with the boundaries in force."""

    routing: Routing
    places: Places

    def run(self, *, apply: bool) -> Iterator[Rerouted]:
        """Look at every open case, and with `apply` move those that belong elsewhere: once, however often it is run."""
        for report_id in self._open():
            before, point = step.current(report_id), step.place(report_id)
            if before is not None and point is not None and Status(before.status) in OPEN:
                yield self._look(before, point, apply=apply)

    def _open(self) -> list[str]:
        """Return the open cases of all units. Read before anything moves: else one would be met in two queues."""
        partitions = [keys.open_queue(unit.code) for unit in self.routing.instance.units]
        return [entry.id for entries in queue.entries(partitions, None, None, PAGE) for entry in entries]

    def _look(self, before: Current, point: tuple[int, int], *, apply: bool) -> Rerouted:
        lat, lon = map(degrees, point)
        try:
            located = self.places.locate(lat, lon)
        except OutsideCountry:
            return Rerouted(before.id, Outcome.OUTSIDE, before.unit, before.unit)
        units, day = self.routing.instance.units, day_of(self.routing.now, self.routing.instance.zone)
        unit = units.unit_for(located.finest, day).code
        if unit == before.unit:
            return Rerouted(before.id, Outcome.STAYS, unit, unit)
        if units[before.unit].valid_on(day) and _by_hand(before.id):
            return Rerouted(before.id, Outcome.BY_HAND, before.unit, before.unit)
        outcome = Outcome.MOVES
        if apply:
            try:
                self.routing.reroute(before, unit, cell_at(lat, lon), located.area, self.places.boundaries)
            except Conflict:
                outcome = Outcome.CHANGED
        return Rerouted(before.id, outcome, before.unit, unit)


def _by_hand(report_id: str) -> bool:
    """Tell whether the last that named the unit of a case was an officer who handed it over."""
    items = MainItem.query(keys.report(report_id), MainItem.sk.startswith(keys.EVENT), consistent_read=True)
    named = [item for item in items if isinstance(item, EventItem) and item.unit is not None]
    return bool(named) and (named[-1].type, named[-1].by) == (Act.TRANSFER, Actor.POLICE)

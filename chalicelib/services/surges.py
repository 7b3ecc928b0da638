"""Looking, after every report and sighting that counts, whether it completes a surge.

Whoever reports is answered whatever comes of this: a store that fails here is noted and costs nobody their report.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import surge
from chalicelib.domain.alerting import SURGE
from chalicelib.domain.calendar import day_of
from chalicelib.domain.instance import Instance
from chalicelib.domain.location import centre, degrees
from chalicelib.store import keys, surges
from chalicelib.store.failures import STORE_FAILURES, code
from chalicelib.store.models import OutboxItem
from chalicelib.store.surges import Recent
from chalicelib.store.witness import Witness

SEQUENCE = 0
"""Stands for the event's number in the alert: a surge is no event of the case that completed it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """The case that was reported or seen. Its finest cell will do: no exact place is kept beside a pseudonym."""

    report: str
    category: str
    unit: str
    cell: str


@dataclass(frozen=True, slots=True)
class Surges:
    """The use case at one moment."""

    instance: Instance
    now: datetime

    def watch(self, place: Place, witness: Witness, mark: str) -> bool:
        """Note that a device has reported or seen a case, and tell of a surge where that completes one."""
        rule = self.instance.surge
        if rule is None:
            return False
        try:
            return self._watch(place, witness, mark, rule)
        except STORE_FAILURES as error:
            _log.warning("surge not looked for: error=%s", code(error))
            return False

    def _watch(self, place: Place, witness: Witness, mark: str, rule: surge.Rule) -> bool:
        category = self.instance.catalogue.categories[place.category]
        lat6, lon6 = centre(place.cell)
        lat, lon = degrees(lat6), degrees(lon6)
        areas = surge.areas_around(lat, lon, rule.radius_m)
        marks = {area: witness.pseudonym_in(area) for area in areas}
        name = hashlib.sha256(f"{place.report}#{mark}".encode()).hexdigest()[:16]
        recent = Recent(witness.day, category.group, lat6, lon6, name, self.now, marks)
        expires = surges.expiry(self.now, rule)
        # Noted first, and then read consistently: of several at once the last to be noted sees them all.
        surges.note(recent, expires)
        since = self.now - rule.within
        days = (witness.day, day_of(since, self.instance.zone))
        deeds = surges.around(days, category.group, areas, since)
        counted, area = surge.sources(deeds, lat, lon, rule), surge.area_of(lat, lon)
        if counted < rule.sources or surges.was_told(witness.window, category.group, area, self.now, rule):
            return False
        about = surge.About(surge.name_of(category.group, area, self.now), category.group, counted)
        alert = self._alert(place, about)
        return surges.tell(witness.window, category.group, area, self.now, rule, alert, expires)

    def _alert(self, place: Place, about: surge.About) -> OutboxItem:
        at = keys.instant(self.now)
        return OutboxItem(
            keys.outbox(keys.shard(place.report)),
            keys.at_id_sequence(at, place.report, SEQUENCE),
            id=place.report,
            seq=SEQUENCE,
            kind=SURGE,
            unit=place.unit,
            garrison=self.instance.units.garrison(place.unit).code,
            category=place.category,
            priority=self.instance.catalogue.categories[place.category].priority,
            at=at,
            attempts=0,
            about=str(about),
        )

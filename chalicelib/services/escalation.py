"""Telling those above of overdue cases: the unit's chief, then the voivodeship, then the national desk, once each.

The alert goes the way of all others, through the outbox to the topic and into a bulletin of its reader's own, so that
each reader gets one mail that lists the cases.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.alerting import OVERDUE, level_of
from chalicelib.domain.instance import Instance
from chalicelib.store import escalations, keys
from chalicelib.store.escalations import Overdue
from chalicelib.store.failures import STORE_FAILURES, code
from chalicelib.store.models import OutboxItem, connection

READERS = 4
"""Units that are looked at together."""

_KINDS = {level: kind for kind, level in OVERDUE.items()}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Escalation:
    """One run at one moment."""

    instance: Instance
    now: datetime

    def run(self, has_time: Callable[[], bool]) -> Counter[str]:
        """Look at every unit's queue; return how many cases are overdue, were told by level, and failed."""
        # The client is made here, if it is not there yet: else every thread would make one.
        connection().client.meta  # noqa: B018
        codes = [unit.code for unit in self.instance.units]
        with ThreadPoolExecutor(READERS) as pool:
            return sum(pool.map(lambda code: self._unit(code, has_time), codes), Counter[str]())

    def _unit(self, code_of_unit: str, has_time: Callable[[], bool]) -> Counter[str]:
        done = Counter[str]()
        try:
            for case in escalations.overdue(code_of_unit, self.now) if has_time() else ():
                done["overdue"] += 1
                level = level_of(case.due, self.now)
                if level > case.heard and has_time():
                    done[_KINDS[level]] += self._tell(case, level)
        # One unit's trouble must not keep the others' cases silent; the next hour finds what is left.
        except STORE_FAILURES as error:
            _log.warning("escalation failed: unit=%s error=%s", code_of_unit, code(error))
            done["failed"] += 1
        return done

    def _tell(self, case: Overdue, level: int) -> bool:
        at = keys.instant(self.now)
        alert = OutboxItem(
            keys.outbox(keys.shard(case.report)),
            keys.at_id_sequence(at, case.report, case.version),
            id=case.report,
            seq=case.version,
            kind=_KINDS[level],
            unit=case.unit,
            garrison=self.instance.units.garrison(case.unit).code,
            category=case.category,
            priority=self.instance.catalogue.categories[case.category].priority,
            at=at,
            attempts=0,
        )
        return escalations.tell(case, level, alert)
